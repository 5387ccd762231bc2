"""Posts, selection and hours: what the rules of work-study ask, each with its refusal."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.consents import withdraw_consent
from tongxing.ground.people.models import ClassMembership, SchoolYear, Term

from ..actions import hours, posts, selection
from ..models import Application, Assignment, FloorRow, Post, WorkedHours
from ..queries.people import month_of_post
from ..queries.people import selection as asking
from ..queries.posts import posts_of
from .school import new_id

GROWN, SIXTEEN, FIFTEEN = datetime.date(2008, 1, 5), datetime.date(2010, 11, 25), datetime.date(2010, 11, 26)
MONDAY = datetime.date(2026, 11, 2)
DAY = datetime.timedelta(days=1)
NEXT = datetime.date(2027, 9, 1)  # another school year begins
pytestmark = pytest.mark.usefixtures("english")


def test_a_rate_under_the_floor_is_refused_and_the_floor_itself_is_paid(school):
    with pytest.raises(Refused, match=r"at least 12\.00 yuan") as refusal:
        school.open(rate=11_99)
    assert refusal.value.field == "rate"
    assert school.open(rate=12_00).rate == 12_00


def test_a_fixed_post_needs_the_local_minimum_first_and_reaches_it(school):
    with pytest.raises(Refused, match="minimum wage"):
        school.open(kind="fixed")
    floor(school, "fixed", 2_010_00)
    with pytest.raises(Refused, match=r"2,010\.00"):
        school.open(kind="fixed", rate=2_000_00)
    assert school.open(kind="fixed", rate=2_010_00)


def floor(school, unit, amount, day=datetime.date(2026, 1, 1), by=None, of=None):
    return posts.set_floor(
        by or school.manager, school=of or school.cast.school, client_id=new_id(), unit=unit, amount=amount,
        starts_on=day, source="县人社局公布",
    )  # fmt: skip


def test_the_county_sets_a_floor_for_its_schools_and_a_school_only_goes_higher(school):
    officer = school.cast.actor("county_aid_officer")
    row = floor(school, "temporary", 16_00, by=officer, of=school.cast.county)
    floor(school, "temporary", 13_00)
    with pytest.raises(Refused, match=r"16\.00"):
        school.open(rate=15_00)
    posts.take_floor_back(officer, row=row, reason="数字写错了")
    assert school.open(rate=15_00)
    with pytest.raises(NotAllowed):
        floor(school, "temporary", 20_00, by=officer)  # not of a school
    with pytest.raises(NotAllowed):
        floor(school, "temporary", 20_00, by=school.supervisor)
    assert FloorRow.objects.count() == 2


def test_nobody_is_paid_in_a_school_of_the_compulsory_stage(school):
    school.cast.school.stage = "junior"
    school.cast.school.save()
    with pytest.raises(Refused, match="nobody is paid"):
        school.open()
    assert school.open(kind="labour").rate == 0
    with pytest.raises(Refused, match="no pay"):
        school.open("值日", kind="volunteer", rate=100)


def test_a_supervisor_has_the_check_noted_and_a_role_and_is_told(school):
    school.open()
    assert Message.objects.filter(to=school.cast.users["other_teacher"]).count() == 1
    without = school.cast.add_staff("librarian", "宁溪")
    with pytest.raises(Refused, match="offence-record"):
        school.open("二号", supervisor=without)
    without.offence_check_on = MONDAY
    without.save()
    with pytest.raises(Refused, match="neither lessons nor a role"):
        school.open("二号", supervisor=without)


def test_a_form_sent_twice_opens_one_post(school):
    one = new_id()
    first, second = (
        posts.open_post(
            school.manager, school=school.cast.school, client_id=one, name="机房", kind="volunteer", place="机房",
            work="擦桌子", care_taken="不碰电源", times="", supervisor=school.supervisor_staff, places=1, rate=None,
            starts_on=MONDAY,
        )
        for _n in range(2)
    )  # fmt: skip
    assert first == second and Post.objects.count() == 1


def test_only_those_who_manage_open_posts(school):
    with pytest.raises(NotAllowed):
        posts.open_post(
            school.supervisor, school=school.cast.school, client_id=new_id(), name="机房", kind="volunteer",
            place="机房", work="擦桌子", care_taken="不碰电源", times="", supervisor=school.supervisor_staff, places=1,
            rate=None, starts_on=MONDAY,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        posts.end_post(SYSTEM, post=school.open(), reason="装置自己不结束")


def test_a_fifteen_year_old_asks_for_unpaid_work_only(school):
    young, unknown = school.student("许安", FIFTEEN), school.student("郝然", None)
    paid = school.open()
    with pytest.raises(Refused, match="not sixteen"):
        school.asks(paid, young)
    with pytest.raises(Refused, match="birth date"):
        school.asks(paid, unknown)
    assert school.asks(school.open("志愿", kind="volunteer"), young)
    assert school.asks(paid, school.student("关宁", SIXTEEN))


def test_a_fifteen_year_old_cannot_be_paid_for_a_day_before_the_birthday(school):
    """Sixteen today, 25 November: work of yesterday is not paid, work of today is."""
    post, student = school.open(), school.student("关宁", SIXTEEN)
    school.agrees(student)
    with pytest.raises(Refused, match="not sixteen"):
        school.places(post, student, starts_on=SIXTEEN.replace(year=2026) - DAY)
    asked = Application.objects.get()
    today = SIXTEEN.replace(year=2026)
    place = selection.choose(school.manager, application=asked, starts_on=today, agreed_on=today)
    assert school.works(place, today).minutes == 60
    student.birth_date = FIFTEEN  # corrected on the roster afterwards
    student.save()
    with pytest.raises(Refused, match="not sixteen"):
        school.works(place, today, "17:00", "18:00")


def test_under_eighteen_the_family_agrees_and_when_it_agrees_no_longer_the_hours_stop(school):
    post, student = school.open(), school.student("关宁", datetime.date(2009, 5, 1))
    asked = school.asks(post, student)
    said = {"application": asked, "starts_on": MONDAY, "agreed_on": MONDAY}
    with pytest.raises(Refused, match="family has not agreed"):
        selection.choose(school.manager, **said)
    consent = school.agrees(student)
    place = selection.choose(school.manager, **said)
    assert school.works(place, MONDAY)
    withdraw_consent(school.cast.actor("class_teacher"), consent=consent)
    assert school.works(place, MONDAY + DAY)
    with pytest.raises(Refused, match="agrees no longer"):
        school.works(place, datetime.date(2026, 11, 25))


def test_nobody_begins_without_a_signed_agreement(school):
    asked = school.asks(school.open(), school.student("关宁", GROWN))
    for day in (None, MONDAY + DAY, datetime.date(2026, 12, 1)):
        with pytest.raises(Refused, match="agreement is signed"):
            selection.choose(school.manager, application=asked, starts_on=MONDAY, agreed_on=day)


def test_hardship_students_come_first_and_passing_over_one_needs_a_reason(school):
    post = school.open()
    other, first = school.student("艾宁", GROWN), school.student("关宁", GROWN)
    school.hardship(first)
    asked, waiting = school.asks(post, other), school.asks(post, first)
    rows = asking(school.manager, post)
    assert [one.application for one in rows] == [waiting, asked]
    assert [len(one.why) for one in rows] == [1, 0] and rows[0].words == "想试一试"
    said = {"starts_on": MONDAY, "agreed_on": MONDAY}
    with pytest.raises(Refused, match="hardship student still waits"):
        selection.choose(school.manager, application=asked, **said)
    assert selection.choose(school.manager, application=asked, reason="会修电脑，这个岗位需要", **said)
    assert selection.choose(school.manager, application=waiting, **said)


def test_what_the_selection_tells_is_read_in_the_hardship_zone_alone(school):
    post = school.open()
    school.asks(post, school.student("关宁", GROWN))
    for name in ("class_teacher", "other_teacher", "finance_maker", "counsellor", "outsider"):
        assert asking(school.cast.actor(name), post) == []
    assert [one.words for one in asking(school.manager, post)] == ["想试一试"]
    assert "想试一试".encode() not in bytes(Application.objects.get().words_sealed)


def test_places_are_not_given_twice(school):
    post = school.open(places=1)
    one, two = school.student("关宁", GROWN), school.student("艾宁", GROWN)
    school.places(post, one)
    with pytest.raises(Refused, match="All places"):
        school.places(post, two)
    asked = Application.objects.get(student=two)
    with pytest.raises(Refused, match=r"A few words|few words"):
        selection.not_now(school.manager, application=asked, reason=" ")
    selection.not_now(school.manager, application=asked, reason="名额满了，下学期优先")
    with pytest.raises(Refused, match="decided already"):
        selection.withdraw(school.manager, application=asked)
    assert school.asks(post, two)


@pytest.fixture
def place(school):
    return school.places(school.open(), school.student("关宁", GROWN))


def test_the_ninth_hour_of_a_week_is_refused_in_term_over_all_posts_of_the_student(school, place):
    other = school.places(school.open("机房"), place.student)
    for n in range(4):
        school.works(place, MONDAY + n * DAY, "16:00", "18:00")
    with pytest.raises(Refused, match="8 hours in this week"):
        school.works(other, MONDAY + 5 * DAY, "09:00", "10:00")
    assert school.works(other, MONDAY + 7 * DAY, "09:00", "10:00")


def test_the_forty_first_hour_of_a_month_is_refused_in_term_and_allowed_in_a_break(school, place):
    """August 2026 touches six weeks: eight hours in each of five are forty."""
    days = [datetime.date(2026, 8, 1), *(datetime.date(2026, 8, day) for day in (3, 10, 17, 24))]
    Term.objects.filter(school=school.cast.school).update(starts_on=datetime.date(2026, 8, 1))
    Assignment.objects.update(starts_on=days[0])
    place.refresh_from_db()
    for day in days:
        school.works(place, day, "09:00", "17:00")
    with pytest.raises(Refused, match="40 hours in this month"):
        school.works(place, datetime.date(2026, 8, 31), "09:00", "10:00")
    Term.objects.filter(school=school.cast.school).update(starts_on=datetime.date(2026, 9, 1))
    assert school.works(place, datetime.date(2026, 8, 31), "09:00", "10:00")  # in the summer break


def test_the_ninth_hour_is_allowed_in_a_break(school, place):
    Term.objects.filter(school=school.cast.school).update(ends_on=MONDAY - DAY)
    for n in range(2):
        school.works(place, MONDAY + n * DAY, "09:00", "17:00")
    with pytest.raises(Refused, match="8 hours on one day"):
        school.works(place, MONDAY, "17:00", "18:00")


def test_hours_lie_in_the_day_and_do_not_meet(school, place):
    school.works(place, MONDAY, "16:00", "17:00")
    with pytest.raises(Refused, match="written down already"):
        school.works(place, MONDAY, "16:30", "17:30")
    for start, end in (("21:30", "22:30"), ("17:00", "16:00")):
        with pytest.raises(Refused, match="between 6:00 and 22:00"):
            school.works(place, MONDAY, start, end)
    with pytest.raises(Refused, match="still to come"):
        school.works(place, datetime.date(2026, 11, 26))
    with pytest.raises(Refused, match="no place here"):
        school.works(place, datetime.date(2026, 8, 30))


def test_only_the_posts_supervisor_and_those_who_manage_write_hours(school, place):
    span = hours.Span(MONDAY, datetime.time(9), datetime.time(10))
    for name in ("class_teacher", "helper", "finance_maker"):
        with pytest.raises(NotAllowed):
            hours.write_hours(school.cast.actor(name), assignment=place, span=span, client_id=new_id())
    assert hours.write_hours(school.manager, assignment=place, span=span, client_id=new_id())


def test_whoever_supervises_sees_the_own_post_and_its_names_alone(school, place):
    school.places(school.open("机房", supervisor=school.cast.staff["deputy"]), school.student("艾宁", GROWN))
    mine = Post.objects.visible_to(school.supervisor)
    assert [one.name for one in mine] == ["图书馆整理"]
    assert [one.student.name for one in Assignment.objects.visible_to(school.supervisor)] == ["关宁"]
    assert Post.objects.visible_to(school.manager).count() == 2
    assert not Post.objects.visible_to(school.cast.actor("outsider")).exists()
    posts.hand_over(school.manager, post=place.post, supervisor=school.cast.staff["deputy"])
    assert not Assignment.objects.visible_to(school.supervisor).exists()


def test_a_place_ends_with_its_reason_and_not_before_its_hours(school, place):
    school.works(place, MONDAY)
    with pytest.raises(Refused, match="after this day"):
        selection.end_assignment(school.manager, assignment=place, last_day=MONDAY - DAY, reason="实习")
    with pytest.raises(Refused, match="few words"):
        selection.end_assignment(school.manager, assignment=place, last_day=MONDAY, reason="")
    ended = selection.end_assignment(school.manager, assignment=place, last_day=MONDAY, reason="开始实习")
    assert ended.ended_reason == "开始实习"
    with pytest.raises(Refused, match="no place here"):
        school.works(place, MONDAY + DAY)


def test_a_post_ends_for_everybody_in_it(school, place):
    ended = posts.end_post(school.manager, post=place.post, reason="图书馆搬家")
    place.refresh_from_db()
    assert ended.ended_at and place.last_day == datetime.date(2026, 11, 25)
    with pytest.raises(Refused, match="has ended"):
        school.asks(ended, school.student("艾宁", GROWN))


@pytest.fixture
def next_year(school):
    return SchoolYear.objects.create(
        school=school.cast.school, name="2027-2028", starts_on=NEXT, ends_on=datetime.date(2028, 7, 10)
    )


def test_a_place_is_for_its_school_year_and_frees_its_seat(school, at_school, next_year):
    post, one, two = school.open(places=1), school.student("关宁", GROWN), school.student("艾宁", GROWN)
    place = school.places(post, one)
    at_school.move_to(datetime.datetime(2027, 9, 2, 2, tzinfo=datetime.UTC))
    assert school.works(place, NEXT - DAY)  # the break belongs to the year before it
    with pytest.raises(Refused, match="another school year") as refusal:
        school.works(place, NEXT)
    assert refusal.value.field == "day"
    assert posts_of(school.manager, school.cast.school).get().taken == 0
    assert month_of_post(school.manager, post, NEXT, NEXT + 29 * DAY).rows == []
    school.cast.year = next_year
    anew = school.places(post, two, starts_on=NEXT, agreed_on=NEXT)
    place.refresh_from_db()
    assert place.last_day == NEXT - DAY and place.ended_reason and school.works(anew, NEXT)
    assert posts_of(school.manager, school.cast.school).get().taken == 1
    with pytest.raises(Refused, match="All places"):
        school.places(post, one, starts_on=NEXT, agreed_on=NEXT)


def test_the_same_student_asks_anew_in_the_next_year(school, at_school, next_year):
    post, one = school.open(), school.student("关宁", GROWN)
    school.places(post, one)
    with pytest.raises(Refused, match="works there already"):
        school.asks(post, one)
    school.cast.year = next_year
    at_school.move_to(datetime.datetime(2027, 9, 2, 2, tzinfo=datetime.UTC))
    asked = school.asks(post, one)
    for day in (NEXT - DAY, MONDAY):
        with pytest.raises(Refused, match="outside of it"):
            selection.choose(school.manager, application=asked, starts_on=day, agreed_on=day)
    anew = selection.choose(school.manager, application=asked, starts_on=NEXT, agreed_on=NEXT)
    assert school.works(anew, NEXT)


def test_whoever_has_left_works_no_more_and_frees_the_seat(school):
    post, one = school.open(places=1), school.student("关宁", GROWN)
    place = school.places(post, one)
    ClassMembership.objects.filter(student=one).update(ends_on=MONDAY)
    one.status = "left"
    one.save()
    assert school.works(place, MONDAY)  # the last day here
    with pytest.raises(Refused, match="not at school"):
        school.works(place, MONDAY + DAY)
    assert posts_of(school.manager, school.cast.school).get().taken == 0
    assert school.places(post, school.student("艾宁", GROWN))


def test_a_floor_that_rises_within_a_month_names_the_day_and_the_way_out(school, at_school):
    place = school.places(school.open(rate=15_00), school.student("关宁", GROWN))
    for day in (MONDAY, MONDAY + 2 * DAY):
        school.works(place, day)
    floor(school, "temporary", 16_00, day=MONDAY + DAY)
    at_school.move_to(datetime.datetime(2026, 12, 1, 2, tzinfo=datetime.UTC))
    with pytest.raises(Refused, match=r"From 2026-11-04 on at least 16.00 .* a new post"):
        hours.hand_in(school.supervisor, post=place.post, month=MONDAY)
    hours.take_hours_back(school.supervisor, row=WorkedHours.objects.get(day=MONDAY + 2 * DAY))
    assert hours.hand_in(school.supervisor, post=place.post, month=MONDAY)


def test_the_database_refuses_what_must_never_be(school, place):
    row = school.works(place, MONDAY)
    for model, key, wrong in (
        (Post, place.post_id, {"rate": 0}),
        (Assignment, place.pk, {"ended_reason": "没有日子"}),
        (WorkedHours, row.pk, {"minutes": 481}),
        (WorkedHours, row.pk, {"ends_at": row.starts_at}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.filter(pk=key).update(**wrong)


def test_the_trail_holds_numbers_and_no_names(school, place):
    school.works(place, MONDAY)
    rows = AuditEntry.objects.filter(action__startswith="workstudy.")
    assert {row.action for row in rows} == {
        "workstudy.open",
        "workstudy.apply",
        "workstudy.choose",
        "workstudy.hours",
    }
    assert "关宁" not in str([row.detail for row in rows])


def test_a_month_shows_who_worked_and_what_it_comes_to(school, place):
    school.works(place, MONDAY, "16:00", "17:20")
    school.places(place.post, school.student("艾宁", GROWN))
    found = month_of_post(
        school.supervisor, place.post, datetime.date(2026, 11, 1), datetime.date(2026, 11, 30)
    )
    assert [(row.minutes, row.amount) for row in found.rows] == [(80, 20_00), (0, 0)]
    assert found.minutes == 80 and found.amount == 20_00
