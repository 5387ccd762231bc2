"""Circulars (通知): what an office writes to colleagues or families, in versions, and who has confirmed it.

Invariants:
- a circular is addressed to groups, never to a list: who receives it follows from today's posts, pairs and classes;
- a version is never changed; a change is a new version, and the old ones stay readable;
- a county writes to the heads of its schools alone; what a school passes on is the school's own, linked to the county's;
- confirming counts for nothing else: there is no rate and no order of people.
"""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.entered import Ended, Entered, ends_with_reason, entered_once
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from . import rules
from .belonging import MANAGE, addressed_q
from .rules import ASKS_FOR

VIEW = "circular.view"
TITLE, TEXT, CHANGED = 60, 6_000, 200  # characters


class CircularSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The office that wrote it, the schools under a county that wrote it, and whom it is addressed to today; what
        families read every colleague may read."""
        if actor.is_system:
            return self
        to_families = actor.school_q(VIEW) & Q(to_families=True, ended_at=None)
        return self.filter(actor.school_q(MANAGE) | to_families | addressed_q(actor))

    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def asking(self) -> Self:
        """Those that stand and ask to be confirmed: what was written more than a year ago asks nobody any more."""
        lately = CircularVersion.objects.filter(written_at__gte=clock.now() - ASKS_FOR)
        return self.standing().filter(asks=True, pk__in=lately.values("circular"))


class Circular(Entered, Ended):
    """`school`: the office that writes, a school or a county. `grade` narrows colleagues and families alike."""

    class Kind(models.TextChoices):
        PLAN = "plan", pgettext_lazy("circular", "plan of the work")
        RULES = "rules", pgettext_lazy("circular", "how the work is looked at")
        APPEAL = "appeal", pgettext_lazy("circular", "appeal")
        MINUTES = "minutes", pgettext_lazy("circular", "minutes")
        NOTICE = "notice", pgettext_lazy("circular", "notice")

    class Group(models.TextChoices):
        NOBODY = "", _("no colleagues")
        ALL = rules.ALL, _("all colleagues")
        CLASS_TEACHERS = rules.CLASS_TEACHERS, _("class teachers")
        HELPERS = rules.HELPERS, _("helpers")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    group = models.CharField(_("colleagues"), max_length=16, choices=Group, blank=True)
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    to_families = models.BooleanField(_("families"), default=False)
    to_schools = models.BooleanField(_("schools"), default=False)
    asks = models.BooleanField(_("asks to be confirmed"), default=True)
    confirm_by = models.DateField(_("please by"), null=True, blank=True)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="passed_on")

    objects = CircularSet.as_manager()

    class Meta:
        ordering = ["-entered_at", "-pk"]
        constraints = [
            entered_once("circular_once"),
            ends_with_reason("circular_ends_with_reason"),
            models.CheckConstraint(
                condition=Q(to_schools=True, group="", to_families=False, grade=None)
                | Q(to_schools=False) & (~Q(group="") | Q(to_families=True)),
                name="circular_reaches_somebody",
            ),
            models.CheckConstraint(
                condition=Q(confirm_by=None) | Q(asks=True), name="circular_day_only_if_asked"
            ),
            models.CheckConstraint(
                condition=Q(based_on=None) | Q(to_schools=False), name="circular_passed_on_by_a_school"
            ),
        ]

    def __str__(self) -> str:
        return self.current.title

    @property
    def newest_first(self) -> list["CircularVersion"]:
        """Use with `with_versions`."""
        return list(self.versions.all())

    @property
    def current(self) -> "CircularVersion":
        return self.newest_first[0]

    @property
    def counts_from(self) -> int:
        return rules.asks_from((one.number, one.asks_anew) for one in self.newest_first)


class CircularVersion(models.Model):
    """`asks_anew`: what was confirmed before does not count for this one; so always for the first."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    circular = models.ForeignKey(Circular, models.PROTECT, related_name="versions")
    client_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(pgettext_lazy("circular", "title"), max_length=TITLE)
    text = models.TextField(_("text"), max_length=TEXT)
    changed = models.CharField(_("what is new"), max_length=CHANGED, blank=True)
    asks_anew = models.BooleanField(default=True)
    written_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["circular", "number"], name="circular_version_once"),
            models.UniqueConstraint(fields=["circular", "client_id"], name="circular_version_sent_once"),
            models.CheckConstraint(
                condition=Q(number=1, asks_anew=True, changed="") | Q(number__gt=1) & ~Q(changed=""),
                name="circular_version_says_what_is_new",
            ),
        ]


class Reading(models.Model):
    """What one person has opened and confirmed of a circular: the newest version of each."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    circular = models.ForeignKey(Circular, models.CASCADE, related_name="readings")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    opened = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    confirmed = models.PositiveSmallIntegerField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["circular", "user"], name="circular_reading_once"),
            models.CheckConstraint(
                condition=Q(confirmed=None, confirmed_at=None)
                | Q(confirmed__lte=F("opened"), confirmed_at__isnull=False),
                name="circular_confirmed_after_opening",
            ),
        ]
