"""Who would like to come: a child, a family, or a colleague who is worried; and what was agreed."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.safety.queries import kept_sources
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student

from .models_room import OfCounsellor

#: The places that sealed texts are bound to.
WISH = "counselling_appointment.wish"
REASON = "counselling_referral.reason"
REPLY = "counselling_referral.reply"
#: What a flag names as the place it came from.
FROM_APPOINTMENT, FROM_REFERRAL = "appointment", "counselling_referral"


class Asked(models.QuerySet):
    """What was asked of the room: open to every counsellor until one takes it on, then to that one alone.

    What tells of harm by the counsellor herself is kept from her: the flag raised from it says so.
    """

    source = ""

    def visible_to(self, actor: Actor) -> Self:
        rows = self.filter(actor.students_q("psych"))
        if actor.is_system:
            return rows
        mine = rows.filter(models.Q(counsellor=None) | models.Q(counsellor_id=actor.user_id))
        return mine.exclude(pk__in=kept_sources(actor, self.source).filter(source_id__isnull=False))


class AppointmentSet(Asked):
    source = FROM_APPOINTMENT

    def asked_by_me(self, actor: Actor, ability: str) -> Self:
        """What this child or guardian asked for, while the door is open to them."""
        if not actor.user_id:
            return self.none()
        return self.filter(actor.students_where(ability), asked_by_id=actor.user_id)

    def away_for(self, actor: Actor) -> Self:
        """Those the counsellor lets teachers know of, as an absence from the lesson and nothing else."""
        return self.filter(actor.students_where("away.view"), away=True, state=Appointment.State.AGREED)

    def agreed(self) -> Self:
        return self.filter(state=Appointment.State.AGREED)

    def wished(self) -> Self:
        return self.filter(state=Appointment.State.WISHED)


class ReferralSet(Asked):
    source = FROM_REFERRAL

    def made_by(self, actor: Actor) -> Self:
        """One's own, while one looks after the child."""
        if not actor.user_id:
            return self.none()
        return self.filter(actor.students_where("counselling.refer"), by_id=actor.user_id)

    def waiting(self) -> Self:
        return self.filter(state=Referral.State.RECEIVED)


class Series(models.Model):
    """A regular appointment: every week or every two, until a day; each meeting is an appointment of its own."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    counsellor = models.ForeignKey(User, models.PROTECT, related_name="+")
    every_weeks = models.PositiveSmallIntegerField()
    first_at = models.DateTimeField()
    until = models.DateField()
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=12, blank=True)  # one of Appointment.CalledOff

    objects = OfCounsellor.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(every_weeks__in=[1, 2]), name="counselling_series_rhythm"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_because="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(ended_because="")),
                name="counselling_series_ends_with_reason",
            ),
        ]


class Referral(models.Model):
    """A colleague asks the counsellor to look after a child. Back go its state and one sentence, chosen with care."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        SEEN = "seen", pgettext_lazy("counselling", "seen")
        CONTACT = "contact", _("the counsellor will contact you")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason_sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    counsellor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    reply_sealed = models.BinaryField(default=b"", blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_referral_once"),
            models.CheckConstraint(
                condition=models.Q(state="received", seen_at=None)
                | (~models.Q(state="received") & models.Q(seen_at__isnull=False, counsellor__isnull=False)),
                name="counselling_referral_seen_by_somebody",
            ),
        ]


class Appointment(models.Model):
    """Wished for, agreed, then it took place or somebody called it off. `at`: None while only wished for.

    `asked_at`: the day the wish was uttered (on a slip, earlier than `recorded_at`). `away`: teachers of the class may
    know that the child is away from the lesson then.
    """

    class Whom(models.TextChoices):
        STUDENT = "student", _("the child")
        GUARDIAN = "guardian", _("the family")

    class Origin(models.TextChoices):
        DOOR = "door", _("asked for it")
        SLIP = "slip", _("by a paper slip")
        REFERRAL = "referral", _("a colleague was worried")
        COUNSELLOR = "counsellor", _("agreed in person")

    class State(models.TextChoices):
        WISHED = "wished", _("wished for")
        AGREED = "agreed", _("agreed")
        TOOK_PLACE = "took_place", _("took place")
        DID_NOT = "did_not", _("did not take place")

    class CalledOff(models.TextChoices):
        CHILD = "child", _("the child")
        FAMILY = "family", _("the family")
        COUNSELLOR = "counsellor", _("the counsellor")
        SCHOOL = "school", _("something at school came between")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    whom = models.CharField(max_length=10, choices=Whom, default=Whom.STUDENT)
    origin = models.CharField(max_length=12, choices=Origin)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    wish_sealed = models.BinaryField(default=b"", blank=True)
    state = models.CharField(max_length=10, choices=State)
    counsellor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(default=40)
    place = models.CharField(_("place"), max_length=60, blank=True)
    away = models.BooleanField(default=False)
    series = models.ForeignKey(Series, models.CASCADE, null=True, blank=True, related_name="meetings")
    referral = models.ForeignKey(Referral, models.CASCADE, null=True, blank=True, related_name="+")
    called_off_by = models.CharField(max_length=12, choices=CalledOff, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = AppointmentSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="counselling_appointment_once"),
            models.UniqueConstraint(
                fields=["counsellor", "at"],
                condition=models.Q(state="agreed"),
                name="counselling_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(state="wished", at=None)
                | models.Q(state="did_not")
                | models.Q(state__in=["agreed", "took_place"], at__isnull=False, counsellor__isnull=False),
                name="counselling_agreed_with_time",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="did_not") & ~models.Q(called_off_by=""))
                | (~models.Q(state="did_not") & models.Q(called_off_by="")),
                name="counselling_called_off_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(asked_at__lte=models.F("recorded_at")), name="counselling_not_asked_ahead"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "state", "at"], name="counselling_day"),
            models.Index(fields=["student", "at"], name="counselling_of_student"),
        ]
