"""Who belongs to what stands between a county and one of its schools. Every row of this room names the school or the
bureau it is of in `school`."""

from typing import Self

from django.db import models
from django.db.models import Q

from tongxing.ground.kernel.actor import Actor

#: Reading sums · publishing, setting reports, asking for a need · all about needs · opening names · a school's side.
VIEW, MANAGE, NEEDS, NAMES, ANSWER = (
    "county.view",
    "county.manage",
    "county.needs",
    "county.names",
    "county.answer",
)
TITLE, WORDS, REASON = 60, 200, 300  # characters


class OfCounty(models.QuerySet):
    """Rows of a bureau: seen there, and by those who answer for a school under it."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        below = Q(school__schools__in=actor.schools_where(ANSWER))
        return self.filter(actor.school_q(VIEW) | below).distinct()


class UnderCounty(models.QuerySet):
    """Rows of a school: seen there by those who answer for it, and in the bureau above."""

    above = VIEW

    def visible_to(self, actor: Actor) -> Self:
        if actor.is_system:
            return self
        return self.filter(actor.school_q(ANSWER) | Q(school__parent__in=actor.schools_where(self.above)))
