"""The year on the wall, and the rules of its days."""

import datetime

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.calendar import TermCalendar, each_day
from tongxing.ground.people.calendar_actions import TermDates, open_year_with_holidays, set_days, set_term
from tongxing.ground.people.calendar_months import months, shifts
from tongxing.ground.people.models import CalendarDay, SchoolYear

D = datetime.date
OFF = frozenset(each_day(D(2026, 10, 1), D(2026, 10, 7)))
AUTUMN = TermCalendar(D(2026, 9, 1), D(2027, 1, 22), D(2026, 9, 7), OFF, frozenset({D(2026, 10, 10)}))
SPRING = TermCalendar(D(2027, 2, 22), D(2027, 7, 2), D(2027, 2, 22))


def on_the_wall():
    return months([AUTUMN, SPRING], {D(2026, 10, 1): "国庆节"})


def test_every_day_of_the_year_hangs_once_and_says_what_the_calendar_says():
    cells = [cell for month in on_the_wall() for row in month.rows for cell in row.cells if cell]
    assert [cell.date for cell in cells] == each_day(D(2026, 9, 1), D(2027, 7, 31))
    for cell in cells:
        teaches = AUTUMN.is_school_day(cell.date) or SPRING.is_school_day(cell.date)
        assert (cell.state in {"school", "make_up"}) is teaches, cell


def test_states_and_week_numbers_are_those_a_teacher_expects():
    cells = {cell.date: cell for month in on_the_wall() for row in month.rows for cell in row.cells if cell}
    assert (cells[D(2026, 10, 1)].state, cells[D(2026, 10, 1)].name) == ("off", "国庆节")
    assert cells[D(2026, 10, 10)].state == "make_up"
    assert cells[D(2027, 2, 1)].state == cells[D(2027, 2, 6)].state == "break"
    assert cells[D(2027, 7, 20)].state == "outside"
    october = on_the_wall()[1]
    assert [row.week for row in october.rows] == [4, 5, 6, 7, 8]


def test_what_a_day_off_changes_is_told_week_by_week():
    fewer = TermCalendar(
        AUTUMN.starts_on, AUTUMN.ends_on, AUTUMN.week_one, OFF | {D(2026, 11, 12)}, AUTUMN.make_up
    )
    assert [(shift.week, shift.before, shift.after) for shift in shifts(AUTUMN, fewer)] == [(10, 5, 4)]
    assert shifts(AUTUMN, AUTUMN) == ()


def note(cast, first, last, kind, by="coordinator", name=""):
    set_days(cast.actor(by), school=cast.school, first=first, last=last, kind=kind, name=name)


def test_a_saturday_is_made_up_and_a_mid_term_break_is_called_so(cast):
    note(cast, D(2026, 10, 10), D(2026, 10, 10), "make_up")
    note(cast, D(2026, 11, 12), D(2026, 11, 13), "off", name=" 期中假 ")
    assert set(CalendarDay.objects.values_list("kind", "name")) == {("make_up", ""), ("off", "期中假")}


@pytest.mark.parametrize(
    ("first", "last", "kind", "field"),
    [
        (D(2026, 10, 12), D(2026, 10, 12), "make_up", "first"),  # a Monday
        (D(2026, 8, 1), D(2026, 8, 2), "off", "first"),  # before the year
        (D(2027, 7, 1), D(2027, 7, 30), "off", "first"),  # beyond it
        (D(2027, 2, 6), D(2027, 2, 6), "make_up", "first"),  # in the winter break
        (D(2026, 10, 5), D(2026, 10, 1), "off", "last"),
        (D(2026, 9, 1), D(2027, 5, 1), "off", "last"),
    ],
)
def test_days_that_cannot_be_so_are_refused_beside_their_field(cast, first, last, kind, field):
    with pytest.raises(Refused) as refusal:
        note(cast, first, last, kind)
    assert refusal.value.field == field
    assert not CalendarDay.objects.exists()


def test_one_day_cannot_be_both_off_and_made_up(cast):
    note(cast, D(2026, 10, 10), D(2026, 10, 10), "make_up")
    with pytest.raises(Refused, match="不能又休又补"):
        note(cast, D(2026, 10, 8), D(2026, 10, 11), "off")
    note(cast, D(2026, 10, 10), D(2026, 10, 10), "")
    note(cast, D(2026, 10, 8), D(2026, 10, 11), "off")


@pytest.mark.parametrize("by", ["class_teacher", "deputy", "outsider"])
def test_only_who_manages_settings_changes_the_calendar(cast, by):
    with pytest.raises(NotAllowed):
        note(cast, D(2026, 10, 8), D(2026, 10, 8), "off", by=by)


NEXT = {
    "first": TermDates(D(2027, 9, 1), D(2028, 1, 14), D(2027, 9, 6)),
    "second": TermDates(D(2028, 2, 14), D(2028, 7, 1), D(2028, 2, 14)),
}


def test_another_year_is_opened_and_one_that_overlaps_is_refused(cast):
    actor = cast.actor("coordinator")
    year = open_year_with_holidays(actor, school=cast.school, year="2027-2028", **NEXT)
    assert year.terms.count() == 2
    with pytest.raises(Refused) as again:
        open_year_with_holidays(actor, school=cast.school, year="2027-2028 B", **NEXT)
    assert again.value.field == "first_starts_on"


def test_moving_a_term_moves_its_year_and_terms_keep_their_order(cast):
    actor = cast.actor("coordinator")
    year = open_year_with_holidays(actor, school=cast.school, year="2027-2028", **NEXT)
    first, second = year.terms.all()
    set_term(actor, term=first, dates=TermDates(D(2027, 8, 30), D(2028, 1, 14), D(2027, 8, 30)))
    assert SchoolYear.objects.get(pk=year.pk).starts_on == D(2027, 8, 30)
    with pytest.raises(Refused):
        set_term(actor, term=first, dates=TermDates(D(2028, 8, 28), D(2029, 1, 14), D(2028, 8, 28)))
    with pytest.raises(Refused):
        set_term(actor, term=second, dates=TermDates(D(2028, 1, 3), D(2028, 7, 1), D(2028, 1, 3)))
