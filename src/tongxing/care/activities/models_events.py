"""What is held on a day: meetings, rehearsals, performances, competitions, thank-yous and service."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.pairing.models import Volunteer
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import SchoolClass, Staff, Student

from .models_offers import Offer


class EventSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """When and where something is held is no secret in the school; who takes part is told by `Part`."""
        return self.filter(actor.school_q("activity.view"))

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)


class Event(models.Model):
    """`on`: when it happens; `recorded_at`: when it was entered. `ticked_at`: who was there is known since.
    `leaves_school`: two adults and each family's consent, before `closed_at`. Of a thank-you `way` says how.
    `single_results`: each child has a result of the own (a drawing contest, on `Part`), else one is for all (a choir)."""

    class Kind(models.TextChoices):
        MEETING = "meeting", _("Meeting")
        REHEARSAL = "rehearsal", _("Rehearsal")
        PERFORMANCE = "performance", _("Performance")
        COMPETITION = "competition", _("Competition")
        THANKS = "thanks", _("Saying thanks")
        SERVICE = "service", _("Service")

    #: They belong to a group.
    OF_GROUP = (Kind.MEETING, Kind.REHEARSAL)
    WITH_RESULTS = (Kind.COMPETITION, Kind.PERFORMANCE)

    class Way(models.TextChoices):
        LETTER = "letter", _("a letter home")
        CALL = "call", _("a call home")
        PERFORMANCE = "performance", _("something performed")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, blank=True, related_name="events")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=60)
    way = models.CharField(_("how"), max_length=12, choices=Way, blank=True)
    on = models.DateField(_("day"))
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=60, blank=True)
    leader = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    leaves_school = models.BooleanField(_("leaves the school"), default=False)
    programme = models.TextField(_("programme"), blank=True)
    process = models.TextField(_("how it went"), blank=True)
    effect = models.TextField(_("what it brought"), blank=True)
    photo_note = models.CharField(_("what the photos show"), max_length=200, blank=True)
    single_results = models.BooleanField(_("each child has a result"), default=False)
    result = models.CharField(_("result"), max_length=60, blank=True)
    prize = models.CharField(_("prize"), max_length=60, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ticked_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    cancelled_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = EventSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="meeting") | models.Q(offer__isnull=False),
                name="meeting_of_an_offer",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="thanks") | models.Q(school_class__isnull=False),
                name="thanks_of_a_whole_class",
            ),
            models.CheckConstraint(
                condition=models.Q(cancelled_at=None) | ~models.Q(cancelled_because=""),
                name="event_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(single_results=False) | models.Q(result="", prize=""),
                name="results_of_all_or_of_each",
            ),
            models.UniqueConstraint(
                fields=["offer", "on"],
                condition=models.Q(kind="meeting", cancelled_at=None),
                name="one_meeting_a_day",
            ),
        ]
        indexes = [models.Index(fields=["school", "on"], name="event_of_school")]
        ordering = ["on", "starts_at", "pk"]

    def __str__(self) -> str:
        return self.title

    def is_over(self, today: datetime.date) -> bool:
        return self.on <= today

    @property
    def is_tutoring(self) -> bool:
        """A meeting of a group that tutors."""
        return bool(self.kind == self.Kind.MEETING and self.offer and self.offer.kind == Offer.Kind.TUTORING)


class PartSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of the students one signs up, and everybody in what one leads."""
        if actor.is_system:
            return self
        schools = actor.schools_where("activity.view")
        leads = models.Q(event__leader__user_id=actor.user_id) | models.Q(
            event__offer__leader__user_id=actor.user_id
        )
        return self.filter(
            actor.students_where("activity.sign_up") | (leads & models.Q(school_id__in=schools))
        )

    def standing(self) -> Self:
        return self.filter(off_at=None)


class Part(models.Model):
    """One student in one event. `minutes`: of service, whole minutes. `result` and `prize`: this child's own, where
    results are single. `off_at`: taken off the list beforehand; no
    reason is asked, nobody has to give one."""

    class State(models.TextChoices):
        LISTED = "listed", _("on the list")
        PRESENT = "present", _("was there")
        ABSENT = "absent", _("was not there")
        EXCUSED = "excused", _("was excused")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="parts")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.LISTED)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    result = models.CharField(_("result"), max_length=60, blank=True)
    prize = models.CharField(_("prize"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    off_at = models.DateTimeField(null=True, blank=True)

    objects = PartSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "student"], name="part_once"),
            models.CheckConstraint(
                condition=models.Q(minutes=None) | models.Q(state="present"), name="minutes_of_the_present"
            ),
            models.CheckConstraint(
                condition=models.Q(result="", prize="") | models.Q(state="present"),
                name="result_of_the_present",
            ),
        ]

    @property
    def honour(self) -> str:
        """What this child is congratulated on: the own prize or else the own result; where all have one, its prize."""
        if self.state in (self.State.ABSENT, self.State.EXCUSED):
            return ""
        return (self.prize or self.result) if self.event.single_results else self.event.prize

    @property
    def won(self) -> str:
        """Result and prize in one line, own or of all; empty without anything to be congratulated on."""
        of = self if self.event.single_results else self.event
        return "，".join(filter(None, (of.result, of.prize))) if self.honour else ""


class CompanionSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("activity.view"))

    def standing(self) -> Self:
        """Not a volunteer who came no longer when the day arrived."""
        gone = models.Q(volunteer__ended_at__date__lt=models.F("event__on"))
        return self.filter(ended_at=None).exclude(gone)


class Companion(models.Model):
    """An adult who comes along, besides whoever leads: a colleague or a volunteer from outside, by name alone."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="companions")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = CompanionSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "staff"], name="companion_once"),
            models.UniqueConstraint(fields=["event", "volunteer"], name="companion_volunteer_once"),
            models.CheckConstraint(
                condition=models.Q(staff=None) ^ models.Q(volunteer=None), name="companion_staff_or_volunteer"
            ),
        ]

    @property
    def person(self) -> Staff | Volunteer:
        found = self.staff or self.volunteer
        assert found is not None  # the constraint
        return found
