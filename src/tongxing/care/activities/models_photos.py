"""Photos of a group. They belong to what was held, not to one child: each is sealed under a key of its own."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.files.models import StoredFile
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Consent, Student

from .models_events import Event

VIEW = "activity.view"


class GroupPhotoSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Whoever may open the activity."""
        return self.filter(actor.school_q(VIEW))

    def standing(self) -> Self:
        """Not taken down, and every consent it rests on still stands: one that is withdrawn, through whichever
        door, takes it down in that moment."""
        gone = Pictured.objects.filter(consent__withdrawn_on__isnull=False)
        return self.filter(taken_down_at=None).exclude(pk__in=gone.values("photo"))

    def without_consent(self) -> Self:
        """Kept still, though a family agrees no longer: its key is to be destroyed."""
        gone = Pictured.objects.filter(consent__withdrawn_on__isnull=False)
        return self.filter(taken_down_at=None, pk__in=gone.values("photo"))


class GroupPhoto(models.Model):
    """`key`: of this photo alone; destroyed when it is taken down. `taken_down_by` None: a consent was withdrawn."""

    class Why(models.TextChoices):
        CONSENT = "consent", _("a family agrees no longer")
        ASKED = "asked", _("a child or a family asked for it")
        WRONG = "wrong", _("somebody else can be seen in it")
        MISTAKE = "mistake", pgettext_lazy("photo", "was added by mistake")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, models.PROTECT, related_name="photos")
    client_id = models.UUIDField(editable=False)
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    taken_down_because = models.CharField(_("reason"), max_length=10, choices=Why, blank=True)

    objects = GroupPhotoSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="group_photo_once"),
            models.CheckConstraint(
                condition=models.Q(taken_down_at=None, file__isnull=False, taken_down_because="")
                | (models.Q(taken_down_at__isnull=False, file=None) & ~models.Q(taken_down_because="")),
                name="group_photo_stands_or_is_gone",
            ),
        ]
        ordering = ["added_at", "pk"]


class PicturedSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Who can be seen is said by name to whoever may know who took part: of the students one signs up, and to
        whoever leads."""
        leads = models.Q(photo__event__leader__user_id=actor.user_id) | models.Q(
            photo__event__offer__leader__user_id=actor.user_id
        )
        if actor.is_system:
            return self
        return self.filter(
            actor.students_where("activity.sign_up")
            | (leads & models.Q(school_id__in=actor.schools_where(VIEW)))
        )


class Pictured(models.Model):
    """One child that can be seen in a photo, with the very consent of its family."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    photo = models.ForeignKey(GroupPhoto, models.CASCADE, related_name="pictured")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    consent = models.ForeignKey(Consent, models.RESTRICT, related_name="+")

    objects = PicturedSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "student"], name="pictured_once")]
