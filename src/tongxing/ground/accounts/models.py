"""Organisations (a county above its schools) and the people who sign in.

Invariants:
- a school stands under at most one county, a county under nobody;
- a login is unique in the installation and kept in lower case, so that its case never matters;
- a person has at most one start code that can still be used; it works once and until its day.
"""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from tongxing.ground.kernel import clock


class Organisation(models.Model):
    class Kind(models.TextChoices):
        COUNTY = "county", _("County bureau")
        SCHOOL = "school", _("School")

    class Stage(models.TextChoices):
        PRIMARY = "primary", _("Primary school")
        JUNIOR = "junior", _("Junior secondary school")
        NINE_YEAR = "nine_year", _("Nine-year school")
        TEACHING_POINT = "teaching_point", _("Teaching point")
        SENIOR = "senior", _("Senior secondary school")
        VOCATIONAL = "vocational", _("Vocational school")

    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=100)
    short_name = models.CharField(max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="schools")
    stage = models.CharField(max_length=20, choices=Stage, blank=True)
    is_demo = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="school") | models.Q(parent=None, stage=""),
                name="county_stands_alone",
                violation_error_message=_("A county bureau has no bureau above it and no school type."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="county") | ~models.Q(stage=""),
                name="school_has_stage",
                violation_error_message=_("Please say what type of school it is."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_compulsory(self) -> bool:
        """Whether scores stay 等级 only and are never ranked (compulsory stage)."""
        return self.stage in {
            self.Stage.PRIMARY,
            self.Stage.JUNIOR,
            self.Stage.NINE_YEAR,
            self.Stage.TEACHING_POINT,
        }


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(login=(username or "").strip().lower())

    def create_user(self, login: str, name: str, password: str | None = None) -> "User":
        user = self.model(login=login.strip().lower(), name=name.strip())
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """One person who signs in; what they may do follows from their grants (`access`), never from flags here."""

    login = models.CharField(
        _("sign-in name"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("This sign-in name is taken.")},
    )
    name = models.CharField(_("name"), max_length=60)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)

    objects = UserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(login=Lower("login")), name="login_in_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name


class StartCodeSet(models.QuerySet):
    def open(self) -> Self:
        """Those that can still be used."""
        return self.filter(ended_at=None, expires_at__gt=clock.now())

    def end(self) -> int:
        """None of these works any longer."""
        return self.filter(ended_at=None).update(ended_at=clock.now())


class StartCode(models.Model):
    """The code on a slip with which a colleague chooses a password; `fingerprint` is all that is kept of it."""

    school = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="start_codes")
    fingerprint = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    used = models.BooleanField(default=False)

    objects = StartCodeSet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(ended_at=None), name="one_start_code_at_a_time"
            ),
        ]


class FailedSignIn(models.Model):
    """A failed try, kept for the lock-out alone and cleared after a day.

    `address` is a keyed fingerprint: a school shares one address, so the lock is on account and address together.
    """

    login = models.CharField(max_length=64, db_index=True)
    address = models.CharField(max_length=32)
    at = models.DateTimeField(db_index=True)
