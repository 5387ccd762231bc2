"""Posts, and the least that is paid."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.aid.ledger.models_books import ended_with_reason
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff

MANAGE, HOURS, PAY, FLOOR = "workstudy.manage", "workstudy.hours", "workstudy.pay", "workstudy.floor"
ASK = "workstudy.ask"  # a student, for a place of the own
NAME, WORDS = 40, 200  # characters


class FloorSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those of the own school and of the bureau above it."""
        if actor.is_system:
            return self
        own = Q(school__in=actor.schools_where(FLOOR) | actor.schools_where(MANAGE))
        return self.filter(own | Q(school__schools__in=actor.schools_where(MANAGE))).distinct()

    def standing(self) -> Self:
        return self.filter(ended_at=None)


class FloorRow(models.Model):
    """`school`: the school or county bureau that set it. `amount`: fen for a unit of `rules.PAID_UNIT`."""

    class Unit(models.TextChoices):
        TEMPORARY = "temporary", _("temporary posts, an hour")
        FIXED = "fixed", _("fixed posts, 40 hours of a month")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    unit = models.CharField(pgettext_lazy("work-study", "for"), max_length=10, choices=Unit)
    amount = models.BigIntegerField()
    starts_on = models.DateField(_("holds from"))
    source = models.CharField(_("written where"), max_length=WORDS)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = FloorSet.as_manager()

    class Meta:
        ordering = ["unit", "-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="workstudy_floor_sent_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="workstudy_floor_is_something"),
            ended_with_reason("workstudy_floor_ends_with_reason"),
        ]


class PostSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Those who manage work-study see all of the school, a supervisor the own ones."""
        if actor.is_system:
            return self
        own = Q(supervisor__user_id=actor.user_id, school__in=actor.schools_where(HOURS))
        return self.filter(actor.school_q(MANAGE) | own)

    def open(self) -> Self:
        return self.filter(ended_at=None)


class Post(models.Model):
    """`rate`: fen for a unit of `rules.PAID_UNIT`, nothing for unpaid posts; it never changes: a post with other pay
    is another post. `care_taken`: in words, why the work is safe for young people."""

    class Kind(models.TextChoices):
        FIXED = "fixed", _("fixed post, paid by the month")
        TEMPORARY = "temporary", _("temporary post, paid by the hour")
        LABOUR = "labour", _("labour education, unpaid")
        VOLUNTEER = "volunteer", _("volunteering, unpaid")

    PAID = (Kind.FIXED, Kind.TEMPORARY)

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    name = models.CharField(_("name of the post"), max_length=NAME)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    place = models.CharField(pgettext_lazy("work-study", "where"), max_length=NAME)
    work = models.CharField(_("what is done"), max_length=WORDS)
    care_taken = models.CharField(_("why it is safe"), max_length=WORDS)
    times = models.CharField(_("usual times"), max_length=WORDS, blank=True)
    supervisor = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField(_("places"))
    rate = models.BigIntegerField(default=0)
    starts_on = models.DateField(_("first day"))
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.CharField(max_length=WORDS, blank=True)

    objects = PostSet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["school", "client_id"], name="workstudy_post_sent_once"),
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(ended_at=None), name="workstudy_post_once"
            ),
            models.CheckConstraint(condition=Q(places__gte=1), name="workstudy_post_has_places"),
            models.CheckConstraint(
                condition=Q(kind__in=["fixed", "temporary"], rate__gt=0)
                | Q(kind__in=["labour", "volunteer"], rate=0),
                name="workstudy_paid_posts_have_pay",
            ),
            ended_with_reason("workstudy_post_ends_with_reason"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_paid(self) -> bool:
        return self.kind in self.PAID
