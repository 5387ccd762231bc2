"""Who accompanies whom, what is proposed, what is fixed beforehand (pins, vetoes, wishes), and the weights.

Invariants:
- a student has at most one open first helper; others also help, perhaps in one subject;
- a student and a helper have at most one open pair; a pair ends by a date and is never deleted;
- a student is pinned to one helper at most, and never to one who is ruled out for this student;
- a student has at most one open proposal; a proposal without a helper says why;
- `ends_on` is the last day a pair holds, as everywhere in the product.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Staff, Student, Term
from tongxing.ground.people.scoping import AboutStudents, Lasting, LastingAboutStudents, ends_after_start

from .models_proxies import Noticed, ProxyParent, Volunteer

__all__ = [
    "Exclusion",
    "Noticed",
    "Pair",
    "Pin",
    "Proposal",
    "ProxyParent",
    "VisitWish",
    "Volunteer",
    "Weighting",
]

#: A pair ended on its first day was a slip and holds on no day.
SLIP = models.Q(ends_on=models.F("starts_on"))


class PairSet(LastingAboutStudents):
    zone: Zone = "care"

    def open(self) -> Self:
        return self.filter(ends_on=None)

    def of_first_helpers(self) -> Self:
        """The pairs of those whom the promises are asked of."""
        return self.filter(role=Pair.Role.FIRST)

    def on(self, day: datetime.date) -> Self:
        return super().on(day).exclude(SLIP)


class Pair(models.Model):
    class Ended(models.TextChoices):
        TERM_END = "term_end", _("the term is over")
        SUPPORT_ENDED = "support_ended", _("support is no longer needed")
        STUDENT_LEFT = "student_left", _("the student left the school")
        HELPER_AWAY = "helper_away", _("the helper is away for some time")
        HELPER_LEFT = "helper_left", _("the helper has left the school or has another post")
        SWAPPED = "swapped", _("another helper took over")
        NEW_ROLE = "new_role", _("goes on in another role")
        FAMILY_WISH = "family_wish", _("the family or the student asked for it")
        OTHER = "other", _("another reason")

    class Role(models.TextChoices):
        FIRST = "first", _("first helper")
        ALSO = "also", _("also helps")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="pairs")
    helper = models.ForeignKey(Staff, models.PROTECT, related_name="pairs")
    role = models.CharField(_("role"), max_length=5, choices=Role, default=Role.FIRST)
    subject = models.CharField(_("subject"), max_length=30, blank=True)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=20, choices=Ended, blank=True)
    ended_note = models.CharField(_("note"), max_length=200, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField()
    explanation = models.JSONField(default=dict, blank=True)

    objects = PairSet.as_manager()

    class Meta:
        constraints = [
            ends_after_start("pair_dates"),
            models.UniqueConstraint(
                fields=["student", "helper"], condition=models.Q(ends_on=None), name="one_open_pair"
            ),
            models.UniqueConstraint(
                fields=["student"],
                condition=models.Q(ends_on=None, role="first"),
                name="one_open_first_helper",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None, ended_reason="") | models.Q(ends_on__isnull=False),
                name="open_pair_has_no_end_reason",
            ),
        ]
        indexes = [models.Index(fields=["school", "ends_on"], name="pair_school_ends")]


class ProposalSet(AboutStudents):
    zone: Zone = "care"

    def open(self) -> Self:
        return self.filter(state=Proposal.State.OPEN)


class Proposal(models.Model):
    """One student's line of the latest calculation. `reasons` and `runner_up` as `explain` writes them."""

    class State(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
        CONFIRMED = "confirmed", _("confirmed")
        DROPPED = "dropped", _("decided otherwise")

    class Why(models.TextChoices):
        HAS_HELPER = "", ""
        NO_HELPERS = "no_helpers", _("nobody has been named as a possible helper yet")
        NO_CAPACITY = "no_capacity", _("all who could help already have as many students as they can")
        ALL_EXCLUDED = "all_excluded", _("everyone with room has been ruled out for this student")
        PINNED = "pinned", _("the helper fixed for this student cannot take a student at present")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.CASCADE, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="proposals")
    helper = models.ForeignKey(Staff, models.CASCADE, null=True, blank=True, related_name="proposals")
    runner_up = models.ForeignKey(Staff, models.CASCADE, null=True, blank=True, related_name="+")
    why_none = models.CharField(max_length=20, choices=Why, blank=True)
    cost = models.IntegerField(default=0)
    reasons = models.JSONField(default=list, blank=True)
    runner_up_detail = models.JSONField(default=dict, blank=True)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)

    objects = ProposalSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(state="open"), name="one_open_proposal"
            ),
            models.CheckConstraint(
                condition=models.Q(helper=None) ^ models.Q(why_none=""), name="proposal_names_helper_or_why"
            ),
        ]
        indexes = [models.Index(fields=["school", "state"], name="proposal_school_state")]


class FixedSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The reason may touch a family's affairs: only those who decide about pairs read it."""
        return self.filter(actor.students_q("care"), actor.school_q("pairing.manage"))


class Fixed(models.Model):
    """Something decided beforehand about a student and a helper, by whom and why."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    helper = models.ForeignKey(Staff, models.CASCADE, related_name="+")
    reason = models.CharField(_("reason"), max_length=200)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    objects = FixedSet.as_manager()

    class Meta:
        abstract = True


class Exclusion(Fixed):
    """These two are not to be paired."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "helper"], name="exclusion_once")]


class Pin(Fixed):
    """This student goes with this helper, whatever the weights say."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student"], name="pin_once")]


class WishSet(FixedSet, Lasting):
    def open(self) -> Self:
        return self.filter(ends_on=None)


class VisitWish(models.Model):
    """Home visits by somebody of the same sex, because the family or the student asked for it."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    reason = models.CharField(_("who asked, and why"), max_length=200)
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()

    objects = WishSet.as_manager()

    class Meta:
        constraints = [
            ends_after_start("visit_wish_dates"),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(ends_on=None), name="one_open_visit_wish"
            ),
        ]


class Weighting(models.Model):
    """The school's own weights where they differ from the defaults of `rules.Weights`."""

    school = models.OneToOneField(Organisation, models.PROTECT, related_name="+")
    points = models.JSONField(default=dict)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField()
