"""Offers with places (clubs, art groups, tutoring, seats), wishes for them, and places."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.care.pairing.models import Volunteer
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.people.models import Staff, Student, Term
from tongxing.ground.people.scoping import AboutStudents


class OfferSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """What is offered is no secret in the school; who takes part is told by `SignUp`."""
        return self.filter(actor.school_q("activity.view") | actor.school_q("activity.wish"))

    def led_by(self, actor: Actor) -> Self:
        return self.filter(leader__user_id=actor.user_id, school_id__in=actor.schools_where("activity.view"))

    def running(self) -> Self:
        return self.filter(ended_on=None)


class Offer(models.Model):
    """`weekday` None: not weekly, such as a seat. `grades` empty: for everybody. `likes`: words that a child's
    interests and talents are compared with. `wishes_until`: places are given after that day, at `given_at`.
    `subject`: of tutoring, as the lessons are called. `seed` draws between those who wished on one day."""

    class Kind(models.TextChoices):
        ART = "art", _("Art group")
        CLUB = "club", _("Club")
        TUTORING = "tutoring", _("Tutoring")
        SEAT = "seat", _("Seats")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=40)
    subject = models.CharField(_("subject"), max_length=30, blank=True)
    about = models.CharField(_("what one does there"), max_length=200, blank=True)
    likes = models.CharField(_("for whoever likes"), max_length=120, blank=True)
    leader = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)
    starts_at = models.TimeField(_("time"), null=True, blank=True)
    room = models.CharField(_("room"), max_length=40, blank=True)
    places = models.PositiveSmallIntegerField(_("places"))
    grades = models.JSONField(default=list)
    wishes_until = models.DateField(_("wishes until"))
    seed = models.CharField(max_length=32, editable=False)
    given_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_on = models.DateField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_because = models.CharField(_("reason"), max_length=200, blank=True)

    objects = OfferSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(places__gte=1), name="offer_has_places"),
            models.CheckConstraint(
                condition=models.Q(weekday=None) | models.Q(weekday__lte=6), name="offer_weekday"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | ~models.Q(ended_because=""), name="offer_ends_with_reason"
            ),
            models.UniqueConstraint(
                fields=["term", "name"], condition=models.Q(ended_on=None), name="offer_name_once"
            ),
        ]
        ordering = ["kind", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class GroupVolunteerSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("activity.view"))

    def standing(self) -> Self:
        """Who helps now: neither ended here nor as a volunteer of the school."""
        return self.filter(ended_at=None, volunteer__ended_at=None)


class GroupVolunteer(models.Model):
    """A volunteer from outside who helps to lead a group, beside its leader. Opens nothing: no account, no list."""

    class Why(models.TextChoices):
        WISH = "wish", _("can no longer come")
        TIME = "time", _("the time does not fit")
        RULES = "rules", _("the rules were not kept")
        MISTAKE = "mistake", _("was entered by mistake")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="volunteers")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_because = models.CharField(_("reason"), max_length=10, choices=Why, blank=True)

    objects = GroupVolunteerSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "volunteer"],
                condition=models.Q(ended_at=None),
                name="group_volunteer_once",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) ^ ~models.Q(ended_because=""),
                name="group_volunteer_ends_with_reason",
            ),
        ]


class SignUpSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Of the students one signs up, of oneself, of one's own child, and everybody in a group that one leads: by
        name and class."""
        leads = models.Q(
            offer__leader__user_id=actor.user_id, school_id__in=actor.schools_where("activity.view")
        )
        mine = actor.students_where("activity.sign_up") | actor.students_where("activity.wish")
        mine |= actor.students_where("activity.follow")
        return self if actor.is_system else self.filter(mine | leads)

    def open(self) -> Self:
        return self.filter(ended_at=None)

    def placed(self) -> Self:
        return self.open().exclude(placed_at=None)

    def waiting(self) -> Self:
        return self.open().at_school().filter(placed_at=None)

    def at_school(self) -> Self:
        return self.filter(student__status=Student.Status.ENROLLED)

    def of_leavers(self) -> Self:
        """Of those who are not at this school any more."""
        return self.exclude(student__status=Student.Status.ENROLLED)


class SignUp(models.Model):
    """A wish since `wished_at`, a place since `placed_at`. `ended_because`: one of Why, no text about a child."""

    class Why(models.TextChoices):
        WISH = "wish", _("would rather do something else")
        TIME = "time", _("the time does not fit")
        LEFT = "left", _("left the class or the school")
        MISTAKE = "mistake", _("was entered by mistake")
        ENDED = "ended", _("the offer has ended")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="sign_ups")
    student = models.ForeignKey(Student, models.CASCADE, related_name="sign_ups")
    wished_at = models.DateTimeField()
    wished_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    placed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_because = models.CharField(_("reason"), max_length=10, choices=Why, blank=True)

    objects = SignUpSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "student"], condition=models.Q(ended_at=None), name="one_open_sign_up"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | ~models.Q(ended_because=""),
                name="sign_up_ends_with_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(placed_at=None) | models.Q(placed_at__gte=models.F("wished_at")),
                name="placed_after_wish",
            ),
        ]


class PlaceReasonSet(AboutStudents):
    zone: Zone = "care"


class PlaceReason(models.Model):
    """This child came first because registered. Written only where it made the difference."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    sign_up = models.OneToOneField(SignUp, models.CASCADE, related_name="+")
    recorded_at = models.DateTimeField()

    objects = PlaceReasonSet.as_manager()
