"""What passes between school and family: messages, agreements, requests about stored data, a child's own goals and say.

Invariants:
- every text is sealed under the student's own key;
- a message stands between the school and one guardian: another guardian of the same child does not read it;
- nothing is deleted: an agreement is kept or let go, a goal reached or laid aside, a request answered, each with day and person;
- an answer to a request about stored data says why, in writing, whatever it is.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.contacts.models import Contact
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Guardian, Student

#: What staff, guardians and students hold to take part.
STAFF, GUARDIAN, CHILD, ANSWERS = "family.door", "door.family", "door.student", "family.answer"
#: The places that sealed words are bound to.
MESSAGE, AGREEMENT, LET_GO = "family_message.text", "family_agreement.text", "family_agreement.let_go"
ASKED, ANSWER, GOAL = "family_datarequest.asked", "family_datarequest.answer", "family_owngoal.words"


class MessageSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For whoever looks after the child all of them, for a guardian the own ones."""
        own = actor.students_where(GUARDIAN) & models.Q(guardian__user_id=actor.user_id or 0)
        return self.filter(actor.students_where(STAFF) | own)

    def unanswered(self) -> Self:
        """What families wrote that nobody has answered or spoken about yet."""
        later = FamilyMessage.objects.filter(
            guardian=models.OuterRef("guardian"),
            from_family=False,
            written_at__gte=models.OuterRef("written_at"),
        )
        return self.filter(~models.Exists(later), from_family=True, settled_at=None)


class FamilyMessage(models.Model):
    """A few words. `read_at`: when the other side first saw them. `wished_on`: the day a guardian would rather meet.

    `settled_at`: a family's words need no answer any more, without one in writing: spoken about, by `settled_by`, or
    (`settled_by` None) the family's own “read it, all right”.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    guardian = models.ForeignKey(Guardian, models.CASCADE, related_name="+")
    from_family = models.BooleanField()
    text_sealed = models.BinaryField()
    wished_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that wrote it

    objects = MessageSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(wished_on=None) | models.Q(from_family=True), name="family_wishes_the_day"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None, settled_by=None)
                | models.Q(settled_at__isnull=False, from_family=True),
                name="family_words_settled",
            ),
        ]
        indexes = [models.Index(fields=["student", "guardian", "written_at"], name="family_thread")]


class OfChild(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For whoever looks after the child, and for the child's guardians."""
        return self.filter(actor.students_where(STAFF) | actor.students_where(GUARDIAN))


class AgreementSet(OfChild):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Agreement(models.Model):
    """What school and family agreed: who does what, until when. `outcome`: how it ended."""

    class By(models.TextChoices):
        SCHOOL = "school", _("the school")
        FAMILY = "family", _("the family")
        CHILD = "child", _("the child")
        TOGETHER = "together", _("together")

    class Outcome(models.TextChoices):
        KEPT = "kept", _("done")
        LET_GO = "let_go", _("let go")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    by = models.CharField(_("who does it"), max_length=10, choices=By)
    text_sealed = models.BinaryField()
    due_on = models.DateField(_("until"), null=True, blank=True)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    let_go_sealed = models.BinaryField(default=b"", blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that made it

    objects = AgreementSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_at=None, outcome="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(outcome="")),
                name="agreement_ended_somehow",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome="let_go") | ~models.Q(let_go_sealed=b""),
                name="agreement_let_go_with_reason",
            ),
        ]


class DataRequestSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For whoever answers in this school, and for the guardian who asked."""
        own = actor.students_where(GUARDIAN) & models.Q(asked_by_id=actor.user_id or 0)
        return self.filter(actor.students_where(ANSWERS) | own)

    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class DataRequest(models.Model):
    """A guardian asks about what is stored (未成年人网络保护条例 34); the school answers in writing until `due_on`."""

    class Kind(models.TextChoices):
        SEE = "see", _("Know more about what is stored")
        CORRECT = "correct", _("Something is not right")
        DELETE = "delete", _("Delete something")

    class Outcome(models.TextChoices):
        DONE = "done", _("done")
        PARTLY = "partly", _("done in part")
        REFUSED = "refused", _("not possible")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    kind = models.CharField(_("what you ask for"), max_length=10, choices=Kind)
    asked_sealed = models.BinaryField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer_sealed = models.BinaryField(default=b"", blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that asked

    objects = DataRequestSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answered_at=None, outcome="")
                | (
                    models.Q(answered_at__isnull=False) & ~models.Q(outcome="") & ~models.Q(answer_sealed=b"")
                ),
                name="data_request_answered_in_writing",
            ),
        ]

    def waits_too_long(self, today: datetime.date) -> bool:
        return self.answered_at is None and self.due_on < today


class OwnGoalSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For the child and whoever looks after the child."""
        return self.filter(actor.students_where(STAFF) | actor.students_where(CHILD))


class OwnGoal(models.Model):
    """A goal in the child's own words. `contact`: the goal of the month that a helper made of it."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    words_sealed = models.BinaryField()
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    reached = models.BooleanField(default=False)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that set it

    objects = OwnGoalSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reached=False) | models.Q(ended_at__isnull=False),
                name="own_goal_reached_on_a_day",
            ),
        ]


class ConsentWordSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """For the child who is asked, the guardians and whoever looks after the child."""
        family = actor.students_where(CHILD) | actor.students_where(GUARDIAN)
        return self.filter(actor.students_where(STAFF) | family)

    def waiting(self) -> Self:
        return self.filter(answered_at=None)


class ConsentWord(models.Model):
    """A guardian's yes that waits for the child's own word, from fourteen on; `agreed`: what the child said.

    `purpose`: a code of `people.consents.PURPOSES`. `taken_back`: the guardian's yes ended before an answer.
    """

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    guardian = models.ForeignKey(Guardian, models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=60)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    agreed = models.BooleanField(null=True, blank=True)
    taken_back = models.BooleanField(default=False)

    objects = ConsentWordSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "purpose"], condition=models.Q(answered_at=None), name="one_consent_waits"
            ),
        ]
