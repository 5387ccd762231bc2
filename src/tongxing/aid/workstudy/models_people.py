"""Who asks for a post, who has it, and the hours."""

import datetime
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Consent, SchoolYear, Student
from tongxing.ground.people.scoping import AboutStudents

from . import rules
from .models_posts import HOURS, MANAGE, WORDS, Post, ended_with_reason

#: The places that sealed texts are bound to.
ASKED, DECIDED = "workstudy_application.words", "workstudy_application.reason"


class ApplicationSet(AboutStudents):
    zone: Zone = "hardship"

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor).filter(actor.school_q(MANAGE))

    def waiting(self) -> Self:
        return self.filter(outcome="")


class Application(models.Model):
    """A student asks for a post, for one school year. Texts are sealed under the student's key."""

    class Outcome(models.TextChoices):
        CHOSEN = "chosen", _("chosen")
        NOT_NOW = "not_now", _("not this time")
        WITHDRAWN = "withdrawn", _("taken back by the student")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    post = models.ForeignKey(Post, models.PROTECT, related_name="applications")
    year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    asked_on = models.DateField(_("asked on"))
    words_sealed = models.BinaryField(default=b"", blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason_sealed = models.BinaryField(default=b"", blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationSet.as_manager()

    class Meta:
        ordering = ["student__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="workstudy_application_sent_once"),
            models.UniqueConstraint(
                fields=["post", "year", "student"], condition=Q(outcome=""), name="workstudy_application_once"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at=None, decided_by=None)
                | ~Q(outcome="") & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="workstudy_application_decided_by_somebody",
            ),
        ]


class OfPostSet(models.QuerySet):
    """Rows of a post: read by those who manage work-study and by its supervisor. `post`: the lookup path."""

    post = "post"

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        own = Q(
            **{
                f"{self.post}__supervisor__user_id": actor.user_id,
                "school__in": actor.schools_where(HOURS),
            }
        )
        return self.filter(actor.school_q(MANAGE) | own)

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class AssignmentSet(OfPostSet):
    @staticmethod
    def _over(day: datetime.date) -> Exists:
        """Another school year has begun by that day. The break after a year still belongs to it."""
        later = SchoolYear.objects.filter(
            school=OuterRef("school"),
            starts_on__gt=OuterRef("application__year__starts_on"),
            starts_on__lte=day,
        )
        return Exists(later)

    def of_past_years(self, day: datetime.date) -> Self:
        return self.filter(self._over(day))

    def within_year(self, day: datetime.date) -> Self:
        return self.filter(~self._over(day))

    def taking_a_seat(self, day: datetime.date) -> Self:
        """Of that day's school year, not ended, of a student who is still here."""
        return self.standing().within_year(day).filter(student__status=Student.Status.ENROLLED)

    def on(self, day: datetime.date) -> Self:
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), starts_on__lte=day)


class Assignment(models.Model):
    """A student has a place of a post. `agreed_on`: the day the agreement was signed; `consent`: the guardian's, of
    whoever is not yet eighteen. `last_day`: the last day of work."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    application = models.OneToOneField(Application, models.PROTECT, related_name="assignment")
    post = models.ForeignKey(Post, models.PROTECT, related_name="assignments")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, models.RESTRICT, null=True, blank=True, related_name="+")
    starts_on = models.DateField(_("first day"))
    agreed_on = models.DateField(_("agreement signed on"), null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    last_day = models.DateField(_("last day"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(_("why it ends"), max_length=WORDS, blank=True)

    objects = AssignmentSet.as_manager()

    class Meta:
        ordering = ["student__pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["post", "student"], condition=Q(ended_at=None), name="workstudy_one_place_of_a_post"
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("starts_on")),
                name="workstudy_assignment_dates",
            ),
            ended_with_reason("workstudy_assignment_ends_with_reason"),
        ]


class HoursSet(OfPostSet):
    post = "assignment__post"


class WorkedHours(models.Model):
    """One stretch of work on one day; `minutes` follow from the times."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="hours")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    day = models.DateField(_("day"))
    starts_at = models.TimeField(_("from"))
    ends_at = models.TimeField(_("until"))
    minutes = models.PositiveSmallIntegerField()
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = HoursSet.as_manager()

    class Meta:
        ordering = ["day", "starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="workstudy_hours_sent_once"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="workstudy_hours_end_later"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=rules.DAY_MOST), name="workstudy_hours_of_a_day"
            ),
            ended_with_reason("workstudy_hours_end_with_reason"),
        ]
        indexes = [models.Index(fields=["student", "day"], name="workstudy_hours_of_student")]
