"""The demo school is a school: complete, believable, the same from the same seed, and never open elsewhere."""

import datetime
from contextlib import contextmanager

import pytest
import time_machine
from django.conf import settings
from django.db import transaction
from django.db.models import Sum
from django.test import Client

from tongxing.aid.donations.models import BoxOpening, Campaign, Share
from tongxing.aid.donations.queries.campaigns import Participation, participation
from tongxing.aid.ledger.models import Line
from tongxing.aid.subsidies.queries.rounds import uncovered
from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.models import ClassVisit, Round
from tongxing.doors.cli.demo import load
from tongxing.doors.cli.demo.calendar import year_around
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.models import Registration, SchoolClass, Staff, Student
from tongxing.ground.people.queries import current_term, term_calendar
from tongxing.oversight.insight import queries
from tongxing.oversight.insight.counts import overview_figures, promise_figures, week_figures
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.insight.indicators import INDICATORS
from tongxing.oversight.insight.reckoning import Reckoning
from tongxing.oversight.insight.spans import begun
from tongxing.oversight.insight.term_facts import PARTS
from tongxing.oversight.inspection.actions import open_month
from tongxing.oversight.inspection.figures import DAY, first_of, last_of, month_figures, of_month
from tongxing.oversight.inspection.models import Check, Finding, Inspection, Sample

from . import amounts

THURSDAY = datetime.datetime(2026, 11, 26, 16, 30, tzinfo=SCHOOL_TIME)
INSTANT = datetime.timedelta(microseconds=1)


@pytest.fixture(scope="module")
def school(django_db_setup, django_db_blocker):
    """Built once for this module; removed with the test database."""
    with django_db_blocker.unblock(), time_machine.travel(THURSDAY, tick=False):
        outer = transaction.atomic()
        outer.__enter__()
        try:
            yield load()
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


@pytest.mark.django_db
def test_the_school_has_the_size_and_posts_of_such_a_school(school):
    assert Student.objects.filter(school=school).enrolled().count() == 1184
    assert Staff.objects.filter(school=school).count() == 90
    assert SchoolClass.objects.filter(school=school, year__name="2026-2027").count() == 24
    register = Registration.objects.on(THURSDAY.date())
    assert (register.count(), register.filter(level="key").count()) == (66, 27)


@pytest.mark.django_db
def test_every_registered_student_has_a_helper_whose_check_is_noted(school):
    open_pairs = Pair.objects.open()
    assert open_pairs.values("student").distinct().count() == 66
    assert not open_pairs.filter(helper__offence_check_on=None).exists()
    head = Staff.objects.get(responsibilities__post="head")
    assert open_pairs.filter(helper=head).exists()


@pytest.mark.django_db
def test_the_term_has_missed_calls_late_records_a_hand_over_and_a_refused_visit(school):
    assert Contact.objects.filter(made=False).exists()
    assert any(contact.written_days_after for contact in Contact.objects.all())
    assert Pair.objects.filter(ended_reason=Pair.Ended.SWAPPED).count() == 1
    assert not Contact.objects.filter(recorded_at__gt=THURSDAY).exists()


@pytest.mark.django_db
def test_the_audit_chain_of_the_whole_story_is_whole(school):
    verdict = audit.verify()
    assert verdict.intact
    assert verdict.entries > 900


@pytest.mark.django_db
def test_one_click_opens_every_role_and_only_in_the_demo(school, monkeypatch):
    monkeypatch.setattr(settings, "MODE", "demo")
    for role in {*Role} - {Role.COUNTY_NAMED}:  # held for hours, beside a role
        assert Client().post(f"/demo/{role.value}/").status_code == 302, role
    Organisation.objects.filter(pk=school.pk).update(is_demo=False)
    assert Client().post("/demo/head/").status_code == 404
    Organisation.objects.filter(pk=school.pk).update(is_demo=True)
    monkeypatch.setattr(settings, "MODE", "school")
    assert Client().post("/demo/head/").status_code == 404
    assert "demo/head" not in Client().get("/sign-in/").content.decode()


@pytest.mark.django_db
def test_a_visitor_comes_in_as_a_helper_whose_student_would_like_a_talk(school, monkeypatch):
    monkeypatch.setattr(settings, "MODE", "demo")
    visitor = Client()
    visitor.post("/demo/helper/")
    assert "一位同学等您聊聊" in visitor.get("/week/").content.decode()


@contextmanager
def told_at(moment):
    """What is done inside happens at `moment` and is gone afterwards."""
    with clock.telling(moment), transaction.atomic():
        for table in (Finding, Check, Sample):
            table.objects.all().delete()
        Inspection.objects.all().delete()
        yield
        transaction.set_rollback(True)


def moments(school):
    """Each teaching week that has begun, as it ended or as it stands now."""
    term = current_term(school, THURSDAY.date())
    begun = [week for week in term_calendar(term).weeks if week.monday <= THURSDAY.date()]
    return term, [(week, min(THURSDAY, clock.end_of(week.sunday) - INSTANT)) for week in begun]


def same(frozen, figures, class_id=None, week=None) -> int:
    """Every figure that the inspection froze is the one that was counted beside it; gives how many."""
    kept = [(one, frozen.get(one.code, class_id, week)) for one in figures.rows]
    assert [one.code for one, then in kept if then and then != one] == []
    return sum(then is not None for _one, then in kept)


@pytest.mark.django_db
def test_frozen_inspection_overview_and_summary_are_the_same_for_every_class_and_week(school):
    head = actor_for(Grant.objects.get(school=school, role=Role.HEAD).user)
    term, weeks = moments(school)
    compared = 0
    for week, moment in weeks:
        with told_at(moment):
            frozen = open_month(head, school=school, month=week.sunday).frozen
        facts = facts_for(head, school, term, moment)
        overview = queries.overview(head, school, term, moment)
        summary = queries.term_summary_facts(head, school, term, moment).figures
        assert all(summary[one.code] == one for one in overview.figures.rows)
        compared += same(frozen, overview.figures)
        compared += same(frozen, week_figures(facts, week), week=week.number)
        for one in facts.classes:
            of_class = facts.of_class(one.pk)
            compared += same(frozen, overview_figures(of_class), one.pk)
            compared += same(frozen, week_figures(of_class, week), one.pk, week.number)
        for row in overview.map.rows:
            cell = row.cells[week.number - 1]
            asked, done = (
                frozen.get(f"week_talks_{part}", row.class_id, week.number) for part in ("asked", "done")
            )
            assert (cell.asked, cell.done) == (asked.value, done.value or 0)
        _months_make_the_summary(facts, frozen, summary)
        compared += _indicators_say_the_same(head, school, moment, week, frozen, summary)
    assert len(weeks) == 12 and compared > 12 * 24 * 12


def _indicators_say_the_same(head, school, moment, week, frozen, summary) -> int:
    """Of the school and every class, what the inspection froze and the summary tells; gives how many were compared."""
    reckoning, compared = Reckoning(head, school, current_term(school, THURSDAY.date()), moment), 0
    for place in reckoning.places:
        class_id = place.key if place.kind == "class" else None
        for one in reckoning.of(place) if place.kind != "grade" else ():
            reading = reckoning.read(one, place)
            for figure in (reading.of, reading.out_of):
                number = week.number if figure.code.startswith("week_talks") else None
                kept = frozen.get(figure.code, class_id, number)
                told = summary.get(figure.code) if class_id is None else None
                assert kept in (None, figure) and told in (None, figure), (figure.code, place)
                compared += kept is not None
    return compared


def _months_make_the_summary(facts, frozen, summary) -> None:
    """The promises of the months together are the summary's, and the frozen month is one of them."""
    last = max(duty.ends for duty in facts.obligations) if facts.obligations else facts.day
    months = [first_of(facts.calendar.starts_on)]
    while last_of(months[-1]) < last:
        months.append(last_of(months[-1]) + DAY)
    of_months = {month: of_month(facts, month) for month in months}
    for promise in facts.promises:
        counted = {month: promise_figures(one, promise) for month, one in of_months.items()}
        for place, code in enumerate(f"{promise.code}.{part}" for part in PARTS):
            assert counted[frozen.month][place] == frozen.get(code)
            records = [record for one in counted.values() for record in one[place].records]
            assert sorted(records) == sorted(summary[code].records), code


@pytest.mark.django_db
def test_the_weeks_of_a_trend_are_what_the_overview_said_as_each_week_ended(school):
    head = actor_for(Grant.objects.get(school=school, role=Role.HEAD).user)
    term, weeks = moments(school)
    reckoning = Reckoning(head, school, term, THURSDAY)
    spans = {one.weeks[0]: one for one in begun(reckoning.calendar, THURSDAY.date(), "week")}
    for code in ("looked", "helper", "silent"):
        trend = reckoning.trend(INDICATORS[code], reckoning.place(), "week")
        assert [one.span.weeks[0] for one in trend] == [week.number for week, _moment in weeks]
    for week, moment in weeks:
        facts = facts_for(head, school, term, moment)
        for place in (one for one in reckoning.places if one.kind != "grade"):
            figures = overview_figures(facts if place.kind == "school" else facts.of_class(place.key))
            for code in ("looked", "helper", "silent"):
                reading = reckoning.read(INDICATORS[code], place, spans[week.number])
                assert (reading.of, reading.out_of) == (
                    figures[reading.of.code],
                    figures[reading.out_of.code],
                )


@pytest.mark.django_db
def test_what_the_story_froze_is_counted_the_same_today(school):
    head = actor_for(Grant.objects.get(school=school, role=Role.HEAD).user)
    found = Inspection.objects.get(school=school)
    facts = facts_for(head, school, found.term, found.as_of)
    assert month_figures(facts, found.month) == found.frozen


@pytest.mark.django_db
def test_a_class_teacher_reads_the_heads_figures_of_the_own_class(school):
    head = actor_for(Grant.objects.get(school=school, role=Role.HEAD).user)
    term, weeks = moments(school)
    posts = list(Grant.objects.filter(school=school, role=Role.CLASS_TEACHER).select_related("user"))
    facts = facts_for(head, school, term, THURSDAY)
    for post in posts:
        teacher = actor_for(post.user)
        mine = queries.overview(teacher, school, term, THURSDAY, post.school_class_id)
        assert mine.figures == overview_figures(facts.of_class(post.school_class_id))
        assert mine.map is None
    assert len(posts) == 24


@pytest.mark.parametrize(
    "day", [datetime.date(2026, 1, 1) + datetime.timedelta(days=9 * n) for n in range(60)]
)
def test_on_any_day_of_the_year_the_story_is_in_mid_term(day):
    dates = year_around(day)
    assert dates.now.starts_on <= day <= dates.now.ends_on
    assert 7 <= (day - dates.now.week_one).days // 7 <= 20
    for term in (dates.now, dates.before, dates.after):
        term.check()


@pytest.mark.django_db
def test_after_the_mid_term_a_second_round_is_under_way_and_most_classes_are_through(school):
    first, second = Round.objects.filter(school=school).order_by("number")
    assert (first.state, second.state) == ("approved", "open")
    assert second.classes_done.count() == 19
    assert second.looked.filter(decision="pending").exists()
    assert second.nominations.count() == 2
    assert ClassVisit.objects.values("school_class").distinct().count() == 22


@pytest.mark.django_db
def test_every_amount_in_every_paper_of_the_demo_year_equals_the_ledger(school):
    with time_machine.travel(THURSDAY, tick=False):
        found = [*amounts.of_lists(), *amounts.of_gifts(school), *amounts.of_signed()]
        found += [*amounts.of_volumes(), *amounts.of_boxes_and_boards()]
        for one in Organisation.objects.filter(kind="school"):
            found += amounts.of_ledger(one, datetime.date(2026, 9, 1), THURSDAY.date())
    assert [fact for fact in found if fact[1] != fact[2]] == []
    papers = {name.split(" ")[0] for name, _said, _books in found}
    assert papers >= {
        *("subsidies", "work-study", "came", "became", "balance", "funds", "cash"),
        *("to-sign", "bank", "months", "volume", "protocol", "board"),
    }
    assert len(found) > 100


@pytest.mark.django_db
def test_three_of_four_students_and_78_of_a_hundred_colleagues_take_part_and_a_box_is_opened_four_times(
    school,
):
    campaign = Campaign.objects.get(school=school)
    noted = Share.objects.standing().filter(handed__campaign=campaign)
    assert noted.exclude(school_class=None).values("school_class").distinct().count() == 24
    assert participation(campaign) == Participation(students=75, staff=78)
    assert BoxOpening.objects.filter(school=school, ended_at=None).count() == 4


@pytest.mark.django_db
def test_a_year_of_aid_is_about_twenty_thousand_yuan_and_one_child_is_left_to_look_at(school):
    spent = Line.objects.posted().filter(school=school, account__code__in=["5001", "5002"])
    assert 12_000_00 < spent.aggregate(sum=Sum("amount"))["sum"] < 20_000_00
    term = current_term(school, THURSDAY.date())
    with time_machine.travel(THURSDAY, tick=False):
        assert len(uncovered(SYSTEM, school, term)) == 1
