"""Interview and survey forms that a school defines, and what was answered.

Invariants:
- a version of a form never changes; a changed form is a new version, answers stay with the one they were given to;
- answers are sealed under the student's own key, as one text: {topic's code: answer};
- nothing is deleted: a form is ended, answers are taken back, each with the day and the person.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Zone
from tongxing.ground.kernel.fields import RecordedAtField
from tongxing.ground.people.models import Student
from tongxing.ground.people.models_calendar import OfSchool
from tongxing.ground.people.scoping import AboutStudents

#: The place that sealed answers are bound to.
ANSWERS = "profiles_surveyanswers.answers"


@dataclass(frozen=True, slots=True)
class Topic:
    """One question. `choices` empty: an answer in words; `essential`: short enough for the bound volume."""

    code: str
    label: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    essential: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "label": self.label,
            "hint": self.hint,
            "choices": list(self.choices),
            "essential": self.essential,
        }


def topic_from_json(data: dict[str, Any]) -> Topic:
    return Topic(
        data["code"],
        data["label"],
        data.get("hint", ""),
        tuple(data.get("choices", ())),
        bool(data.get("essential", False)),
    )


class SurveySet(OfSchool):
    def running(self) -> Self:
        return self.filter(ended_on=None)


class Survey(models.Model):
    """A form of one school. `ready`: the code of the ready-made form it came from."""

    class Asked(models.TextChoices):
        STUDENT = "student", _("asks the child")
        GUARDIAN = "guardian", _("asks the family")
        TEACHER = "teacher", _("the teacher, about the child")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    asked = models.CharField(_("who answers"), max_length=10, choices=Asked)
    ready = models.CharField(max_length=20, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that made it
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = SurveySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "ready"],
                condition=models.Q(ended_on=None) & ~models.Q(ready=""),
                name="ready_survey_once",
            )
        ]
        ordering = ["pk"]

    @property
    def needs_consent(self) -> bool:
        """Whether family or child are asked; what a teacher knows from lessons is asked of nobody."""
        return self.asked != self.Asked.TEACHER

    @property
    def current(self) -> "SurveyVersion":
        """The newest version; of `prefetched` ones without a query."""
        return max(self.versions.all(), key=lambda version: version.number)


class SurveyVersion(models.Model):
    """The wording of a form from `at` on. `topics`: see Topic."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(_("title"), max_length=60)
    topics = models.JSONField(default=list)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "number"], name="survey_version_once")]
        ordering = ["number"]

    @property
    def questions(self) -> tuple[Topic, ...]:
        return tuple(topic_from_json(one) for one in self.topics)


class SurveyAnswersSet(AboutStudents):
    zone: Zone = "care"

    def standing(self) -> Self:
        return self.filter(taken_back_at=None)


class SurveyAnswers(models.Model):
    """One form filled in for one child. `asked_on`: the day it was answered, not the day it was keyed in."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="survey_answers")
    version = models.ForeignKey(SurveyVersion, models.PROTECT, related_name="answers")
    asked_on = models.DateField(_("answered on"))
    from_paper = models.BooleanField(_("keyed in from paper"), default=False)
    answers_sealed = models.BinaryField()
    recorded_at = RecordedAtField()
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_back_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = SurveyAnswersSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(taken_back_at=None, taken_back_because="")
                | (models.Q(taken_back_at__isnull=False) & ~models.Q(taken_back_because="")),
                name="answers_taken_back_with_reason",
            )
        ]
        indexes = [models.Index(fields=["student", "-asked_on"], name="survey_answers_of_student")]
