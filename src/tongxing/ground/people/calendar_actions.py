"""Setting up and correcting the school's calendar."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from .calendar import SATURDAY, each_day, suggest_special_days
from .models import CalendarDay, SchoolYear, Term


@dataclass(frozen=True, slots=True)
class TermDates:
    """First and last day of a term and the Monday of its teaching week 1."""

    starts_on: datetime.date
    ends_on: datetime.date
    week_one: datetime.date

    def check(self) -> None:
        if self.ends_on <= self.starts_on:
            raise Refused(_("The term ends before it begins."), field="ends_on")
        if (self.ends_on - self.starts_on).days > 300:
            raise Refused(_("A term is shorter than ten months. Please check the dates."), field="ends_on")
        if self.week_one.weekday() != 0:
            raise Refused(_("Teaching week 1 begins on a Monday."), field="week_one")
        if not -7 < (self.week_one - self.starts_on).days < 28:
            raise Refused(_("Teaching week 1 lies near the first day of term."), field="week_one")


@transaction.atomic
def open_year(
    actor: Actor, *, school: Organisation, name: str, first: TermDates, second: TermDates
) -> SchoolYear:
    """A new school year with its two terms."""
    actor.require("settings.manage", school_id=school.pk)
    for term, dates in (("first", first), ("second", second)):
        _check(term, dates)
    if second.starts_on <= first.ends_on:
        raise Refused(_("The second term begins after the first has ended."), field="second_starts_on")
    others = Term.objects.filter(school=school)
    if others.filter(starts_on__lte=second.ends_on, ends_on__gte=first.starts_on).exists():
        raise Refused(_("These days overlap with another term."), field="first_starts_on")
    if SchoolYear.objects.filter(school=school, name=name).exists():
        raise Refused(_("This school year is there already."), field="year")
    year = SchoolYear.objects.create(
        school=school, name=name, starts_on=first.starts_on, ends_on=max(second.ends_on, first.ends_on)
    )
    for number, dates in ((1, first), (2, second)):
        Term.objects.create(
            school=school,
            year=year,
            number=number,
            starts_on=dates.starts_on,
            ends_on=dates.ends_on,
            week_one=dates.week_one,
        )
    audit.record(actor, "calendar.open-year", school_id=school.pk, subject=("school_year", year.pk))
    return year


def _check(term: str, dates: TermDates) -> None:
    """The term's own rules, with the field named by its term: `first_ends_on`."""
    try:
        dates.check()
    except Refused as refusal:
        raise Refused(refusal.message, field=f"{term}_{refusal.field}") from refusal


@transaction.atomic
def open_year_with_holidays(
    actor: Actor, *, school: Organisation, year: str, first: TermDates, second: TermDates
) -> SchoolYear:
    """A new school year, with the official holidays and make-up days that are known."""
    opened = open_year(actor, school=school, name=year, first=first, second=second)
    take_official_days(actor, school=school, first=opened.starts_on, last=opened.ends_on)
    return opened


@transaction.atomic
def set_term(actor: Actor, *, term: Term, dates: TermDates) -> None:
    """Correct a term's days, and with them the year's; obligations follow at once, since they are computed."""
    actor.require("settings.manage", school_id=term.school_id)
    dates.check()
    others = Term.objects.filter(school_id=term.school_id).exclude(pk=term.pk)
    if others.filter(starts_on__lte=dates.ends_on, ends_on__gte=dates.starts_on).exists():
        raise Refused(_("These days overlap with another term."), field="starts_on")
    siblings = others.filter(year=term.year_id)
    if siblings.filter(number__lt=term.number, starts_on__gt=dates.starts_on).exists():
        raise Refused(_("The second term begins after the first has ended."), field="starts_on")
    if siblings.filter(number__gt=term.number, starts_on__lt=dates.starts_on).exists():
        raise Refused(_("The first term ends before the second begins."), field="starts_on")
    term.starts_on, term.ends_on, term.week_one = dates.starts_on, dates.ends_on, dates.week_one
    term.save(update_fields=["starts_on", "ends_on", "week_one"])
    bounds = Term.objects.filter(year=term.year_id).aggregate(first=Min("starts_on"), last=Max("ends_on"))
    SchoolYear.objects.filter(pk=term.year_id).update(starts_on=bounds["first"], ends_on=bounds["last"])
    audit.record(actor, "calendar.set-term", school_id=term.school_id, subject=("term", term.pk))


@transaction.atomic
def take_official_days(
    actor: Actor, *, school: Organisation, first: datetime.date, last: datetime.date
) -> int:
    """Note the official holidays and make-up days that are known; days the school noted itself stay as they are."""
    actor.require("settings.manage", school_id=school.pk)
    days = suggest_special_days(first, last)
    CalendarDay.objects.bulk_create(
        [CalendarDay(school=school, date=day.date, kind=day.kind, name=day.name) for day in days],
        ignore_conflicts=True,
    )
    audit.record(actor, "calendar.official-days", school_id=school.pk, detail={"days": len(days)})
    return len(days)


@transaction.atomic
def set_days(
    actor: Actor,
    *,
    school: Organisation,
    first: datetime.date,
    last: datetime.date,
    kind: str,
    name: str = "",
) -> None:
    """Make every day from `first` to `last` a day off or a make-up school day; kind "" makes it ordinary again."""
    actor.require("settings.manage", school_id=school.pk)
    if last < first:
        raise Refused(_("The last day lies before the first."), field="last")
    if (last - first).days > 100:
        raise Refused(_("That is more than a hundred days. Please check the dates."), field="last")
    if kind:
        check_days(school, first, last, kind)
    CalendarDay.objects.filter(school=school, date__range=(first, last)).delete()
    if kind:
        CalendarDay.objects.bulk_create(
            CalendarDay(school=school, date=day, kind=kind, name=name.strip())
            for day in each_day(first, last)
        )
    audit.record(
        actor,
        "calendar.set-days",
        school_id=school.pk,
        detail={"first": first.isoformat(), "last": last.isoformat(), "kind": kind},
    )


def check_days(school: Organisation, first: datetime.date, last: datetime.date, kind: str) -> None:
    """Refused for days outside every school year, days that are noted as the opposite, and make-up days that
    would change nothing."""
    years = SchoolYear.objects.filter(school=school)
    if not years.filter(starts_on__lte=first, ends_on__gte=last).exists():
        raise Refused(_("These days lie outside the school year. Please check the dates."), field="first")
    noted = CalendarDay.objects.filter(school=school, date__range=(first, last)).exclude(kind=kind).first()
    if noted:
        raise Refused(
            _("%(day)s is noted as “%(kind)s” already; one day cannot be both. Make it ordinary first.")
            % {"day": noted.date.isoformat(), "kind": noted.get_kind_display()},
            field="kind",
        )
    if kind != CalendarDay.Kind.MAKE_UP:
        return
    for day in each_day(first, last):
        if day.weekday() < SATURDAY:
            raise Refused(
                _("%(day)s is a school day anyway; make-up days are Saturdays and Sundays.")
                % {"day": day.isoformat()},
                field="first",
            )
    if not Term.objects.filter(school=school, starts_on__lte=first, ends_on__gte=last).exists():
        raise Refused(_("Make-up days lie within a term."), field="first")
