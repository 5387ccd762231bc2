"""Classmates around a child: study partners, friends who signed up, good deeds; and calls arranged with the parents.

Invariants:
- two children go together only once both families agree and both children said yes; the row keeps the very consents
  it rests on and holds no longer than they do;
- a child has one study partner at a time, and nobody is a partner to more than two (`rules.MOST`);
- a sign-up is the child's own word, open to the whole class;
- good deeds and calls are never counted; nothing is deleted, it is ended or taken back with its day;
- words about a child are sealed under that child's key.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Consent, Student
from tongxing.ground.people.scoping import AboutStudents

from .models_calls import ArrangedCall
from .models_shared import GOAL, THANKS, SharedGoal, SharedThanks

__all__ = [
    "GOAL",
    "THANKS",
    "ArrangedCall",
    "FriendSignUp",
    "GoodDeed",
    "SharedGoal",
    "SharedThanks",
    "Together",
]

#: The places that sealed words are bound to.
WISH = "peers_signup.wish"
DEED = "peers_gooddeed.words"


class TogetherSet(AboutStudents):
    zone: Zone = "care"

    def visible_to(self, actor: Actor) -> Self:
        """Whoever looks after one of the two."""
        return self.filter(actor.students_q("care") | actor.students_q("care", student="partner"))

    def open(self) -> Self:
        """Accepted and not ended, by whomever: some of these have begun, the others wait for a yes."""
        return self.filter(
            models.Q(consent_student=None) | models.Q(consent_student__withdrawn_on=None),
            models.Q(consent_partner=None) | models.Q(consent_partner__withdrawn_on=None),
            ends_on=None,
        )

    def running(self) -> Self:
        return self.open().filter(starts_on__isnull=False)

    def partners(self) -> Self:
        return self.filter(kind=Together.Kind.PARTNER)

    def friends(self) -> Self:
        return self.filter(kind=Together.Kind.FRIENDS)

    def with_both(self) -> Self:
        return self.select_related("student__key", "partner__key", "consent_student", "consent_partner")


class Together(models.Model):
    """Two classmates: `partner` learns with `student`, or they are friends who both signed up."""

    class Kind(models.TextChoices):
        PARTNER = "partner", _("study partners")
        FRIENDS = "friends", _("friends")

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", _("one of the families agrees no longer")
        GOAL = "goal", _("the goal is reached")
        TERM_END = "term_end", _("the term is over")
        CHILD_WISH = "child_wish", _("one of the two would rather stop")
        FAMILY_WISH = "family_wish", _("one of the families asked for it")
        APART = "apart", _("they are no longer in one class")
        OTHER = "other", _("another reason")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    partner = models.ForeignKey(Student, models.CASCADE, related_name="+")
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField()
    student_yes_on = models.DateField(null=True, blank=True)
    partner_yes_on = models.DateField(null=True, blank=True)
    consent_student = models.ForeignKey(Consent, models.RESTRICT, null=True, blank=True, related_name="+")
    consent_partner = models.ForeignKey(Consent, models.RESTRICT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=20, choices=Ended, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that accepted it

    objects = TogetherSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(student=models.F("partner")), name="together_are_two"),
            models.UniqueConstraint(
                fields=["student"],
                condition=models.Q(ends_on=None, kind="partner"),
                name="one_open_partner",
            ),
            models.UniqueConstraint(
                fields=["student", "partner", "kind"], condition=models.Q(ends_on=None), name="together_once"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(
                    consent_student__isnull=False,
                    consent_partner__isnull=False,
                    student_yes_on__isnull=False,
                    partner_yes_on__isnull=False,
                ),
                name="together_with_every_yes",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) ^ ~models.Q(ended_reason=""),
                name="together_ended_with_reason",
            ),
        ]

    @property
    def until(self) -> datetime.date | None:
        """The day on which it ended, by somebody's word or with one of the consents."""
        gone = [one.withdrawn_on for one in (self.consent_student, self.consent_partner) if one]
        return self.ends_on or min((day for day in gone if day), default=None)

    @property
    def why_ended(self) -> str:
        if self.until is None:
            return ""
        return str(self.Ended(self.ended_reason or self.Ended.WITHDRAWN).label)

    @property
    def state(self) -> str:
        """waiting (for a yes), running or ended."""
        if self.until:
            return "ended"
        return "running" if self.starts_on else "waiting"

    @property
    def both(self) -> tuple[Student, Student]:
        return self.student, self.partner


class FriendSignUpSet(AboutStudents):
    zone: Zone = "care"

    def open(self) -> Self:
        return self.filter(ended_at=None)


class FriendSignUp(models.Model):
    """A child would like to spend time with a classmate; `wish_sealed`: what it would like to do, in its own words."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    wish_sealed = models.BinaryField(default=b"", blank=True)
    signed_on = models.DateField(_("signed up on"))
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that keyed it in

    objects = FriendSignUpSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(ended_at=None), name="one_open_friend_sign_up"
            )
        ]


class DeedSet(AboutStudents):
    def standing(self) -> Self:
        return self.filter(taken_back_at=None)

    def to_read_out(self) -> Self:
        return self.standing().filter(read_out_on=None)


class GoodDeed(models.Model):
    """Something good that somebody saw a child do (日行一善), of the whole class. Read out once, counted never."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    words_sealed = models.BinaryField()
    happened_on = models.DateField(_("when it was"))
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    read_out_on = models.DateField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the tap that noted it

    objects = DeedSet.as_manager()
