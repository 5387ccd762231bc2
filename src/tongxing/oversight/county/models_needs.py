"""The children behind a need: asked for by one person, opened by another, for hours, in the school's sight.

Invariants:
- the supervisor who asks reads no name, before or after; the data officer who decides never asked for it;
- which children stand behind it is fixed when it is opened: later ones never join them;
- names are reached through the grants (`access.named`) alone, which end by themselves at `until`;
- in an emergency it opens at once, the school is told, and somebody else looks at it again by a day;
- neither reasons nor answers name anybody: the school and the supervisor read them.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Entered, entered_once
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Student

from .scoping import NEEDS, REASON, WORDS, UnderCounty


class NeedSet(UnderCounty):
    above = NEEDS

    def waiting(self) -> Self:
        return self.filter(decided_at=None).exclude(kind=Need.Kind.EMERGENCY)

    def to_review(self) -> Self:
        return self.filter(kind=Need.Kind.EMERGENCY, reviewed_at=None)


class Need(Entered):
    """`entered_by`: who asked, in an emergency who opened. `hours`: how long it was asked for. `school`: whose children."""

    class Kind(models.TextChoices):
        UNPAIRED = "unpaired", _("on the register, without a helper")
        SILENT = "silent", _("no contact in 14 days")
        UNVISITED = "unvisited", _("not visited at home this term")
        EMERGENCY = "emergency", _("danger to life")

    class Verdict(models.TextChoices):
        NONE = "", _("waits for a second look")
        NEEDED = "needed", _("it was needed")
        NOT_NEEDED = "not_needed", _("it would have gone without")

    kind = models.CharField(_("what it is about"), max_length=10, choices=Kind)
    reason = models.CharField(_("reason"), max_length=REASON)
    hours = models.PositiveSmallIntegerField(_("for how long"))
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField(_("why not"), max_length=WORDS, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    until = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict, blank=True)
    review = models.CharField(max_length=WORDS, blank=True)

    objects = NeedSet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            entered_once("county_need_once"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("entered_by")),
                name="county_need_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind="emergency", decided_at=None, opened_at__isnull=False, review_by__isnull=False
                )
                | ~Q(kind="emergency") & Q(review_by=None, verdict=""),
                name="county_need_emergency_is_reviewed",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None, opened_by=None, until=None)
                | Q(opened_at__isnull=False, opened_by__isnull=False, until__gte=F("opened_at")),
                name="county_need_opened_until",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("opened_by")),
                name="county_need_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None, verdict="")
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(verdict=""),
                name="county_need_reviewed_with_word",
            ),
        ]

    @property
    def is_emergency(self) -> bool:
        return self.kind == self.Kind.EMERGENCY

    @property
    def is_open(self) -> bool:
        """Whether names can be read now; closing brings `until` forward."""
        return self.until is not None and self.until > clock.now()

    @property
    def state(self) -> str:
        """waits · refused · open · over."""
        if self.opened_at is None:
            return "waits" if self.decided_at is None else "refused"
        return "open" if self.is_open else "over"


class NeedChild(models.Model):
    """One child behind a need; read through `Student.visible_to` while the grant holds."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    need = models.ForeignKey(Need, models.CASCADE, related_name="children")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["need", "student"], name="county_need_child_once")]


STATES = {
    "waits": pgettext_lazy("need", "waits for the data officer"),
    "refused": pgettext_lazy("need", "not opened"),
    "open": pgettext_lazy("need", "open"),
    "over": pgettext_lazy("need", "closed"),
}
