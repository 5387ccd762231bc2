"""What projects there are, whom they are for, and what they give from which day."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.aid.ledger.models_books import ended_with_reason
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor

MANAGE, PAY, COUNTY, CONFIRM = "subsidy.manage", "subsidy.pay", "subsidy.county", "subsidy.confirm"
NAME, WORDS = 40, 200  # characters


class OfBothSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the own school and of the bureau above it."""
        if actor.is_system:
            return self
        mine = actor.schools_where(MANAGE) | actor.schools_where(PAY)
        own = Q(school__in=actor.schools_where(COUNTY) | mine)
        return self.filter(own | Q(school__schools__in=mine)).distinct()

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class Project(models.Model):
    """`school`: the school or the county bureau it belongs to. `apart`: projects with the same word here exclude each
    other in a term; empty: it goes with every other one. `asks`: what somebody needs to be suggested."""

    class Kind(models.TextChoices):
        LIVING = "living", _("living subsidy of the compulsory stage")
        GRANT = "grant", _("state grant")
        WAIVER = "waiver", _("waiver of fees")
        SCHOOL = "school", _("subsidy of the school")
        IN_KIND = "in_kind", _("things")
        EMERGENCY = "emergency", _("help in an emergency")

    class Payer(models.TextChoices):
        COUNTY = "county", _("the county pays to the cards; the school notes it")
        SCHOOL = "school", _("the school pays out of its aid money")
        GOODS = "goods", _("given things are handed out; no money moves")

    class Asks(models.TextChoices):
        RECOGNISED = "recognised", _("a recognition that holds")
        KNOWN = "known", _("a recognition, or a group that an office confirms")
        NOTHING = "nothing", _("nothing: two people decide for one child")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    name = models.CharField(_("name"), max_length=NAME)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    payer = models.CharField(_("who pays"), max_length=6, choices=Payer)
    asks = models.CharField(_("for whom"), max_length=10, choices=Asks)
    apart = models.CharField(_("excludes"), max_length=NAME, blank=True)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = OfBothSet.as_manager()

    class Meta:
        ordering = ["kind", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="subsidies_project_sent_once"),
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_at=None), name="subsidies_project_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="emergency", asks="nothing", payer="school")
                | ~Q(kind="emergency") & ~Q(asks="nothing"),
                name="subsidies_only_an_emergency_asks_nothing",
            ),
            models.CheckConstraint(
                condition=~Q(payer="goods") | Q(kind="in_kind"), name="subsidies_goods_are_things"
            ),
            ended_with_reason("subsidies_project_ends_with_reason"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_emergency(self) -> bool:
        return self.kind == self.Kind.EMERGENCY


class Rate(models.Model):
    """`amount`: fen for one child and term. `stage`, `boarding`, `level`: for whom; empty: for everybody."""

    class Stage(models.TextChoices):
        PRIMARY = "primary", _("grades 1–6")
        JUNIOR = "junior", _("grades 7–9")
        SENIOR = "senior", _("grades 10–12")

    class Boarding(models.TextChoices):
        BOARDS = "boards", pgettext_lazy("subsidy", "boards at school")
        DAY = "day", pgettext_lazy("subsidy", "day pupil")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, models.PROTECT, related_name="rates")
    client_id = models.UUIDField()
    stage = models.CharField(_("grades"), max_length=8, choices=Stage, blank=True)
    boarding = models.CharField(_("boarding"), max_length=6, choices=Boarding, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    amount = models.BigIntegerField(_("for one term, in yuan"))
    starts_on = models.DateField(_("holds from"))
    source = models.CharField(_("written where"), max_length=WORDS)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = OfBothSet.as_manager()

    class Meta:
        ordering = ["project", "stage", "boarding", "level", "-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="subsidies_rate_sent_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="subsidies_rate_is_something"),
            ended_with_reason("subsidies_rate_ends_with_reason"),
        ]
