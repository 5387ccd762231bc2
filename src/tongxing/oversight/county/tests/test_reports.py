"""Reports: set by the county, filled from the school's records, checked, sent, frozen, read in tens."""

import datetime
from uuid import UUID, uuid4

import pytest

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Registration
from tongxing.oversight.county import reports
from tongxing.oversight.county.models import ReportDue, Sending
from tongxing.oversight.county.reading import dues_of, reading
from tongxing.oversight.insight.tens import Tens

DUE = datetime.date(2026, 11, 30)


def asked(cast, role="county_supervisor", **facts):
    given = {
        "county": cast.county, "client_id": uuid4(), "title": "十一月情况", "parts": ["everyone", "register"],
        "due_on": DUE, "schools": [cast.school.pk, cast.other_school.pk],
    }  # fmt: skip
    return reports.set_report(cast.actor(role), **given | facts)


def due(cast, report=None):
    return ReportDue.objects.get(school=cast.school, report=report or asked(cast))


def sent(cast, one, role="head", **facts):
    given = {"due": one, "client_id": uuid4(), "as_of": clock.now()} | facts
    return reports.send_it(cast.actor(role), **given)


def test_the_school_s_records_fill_it_and_nobody_types_a_figure(cast):
    made = sent(cast, due(cast))
    assert made.figures == {"enrolled": 3, "looked_at": None, "registered": 2, "key": 1}


def test_what_was_looked_at_is_what_is_sent(cast, at_school):
    """A child who came on the register after looking is not in it."""
    one, looked = due(cast), clock.now()
    at_school.shift(datetime.timedelta(minutes=30))
    for number in range(3):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    Registration.objects.filter(student__name__startswith="同学").update(recorded_at=clock.now())
    assert sent(cast, one, as_of=looked).figures["registered"] == 2
    assert sent(cast, one).figures["registered"] == 5


def test_what_was_looked_at_long_ago_or_not_yet_is_looked_at_once_more(cast, at_school):
    one, looked = due(cast), clock.now()
    with pytest.raises(Refused):
        sent(cast, one, as_of=looked + datetime.timedelta(minutes=1))
    at_school.shift(datetime.timedelta(hours=3))
    with pytest.raises(Refused):
        sent(cast, one, as_of=looked)
    assert not Sending.objects.exists()


def test_the_county_sees_who_has_sent_and_reads_tens(cast):
    for number in range(25):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    report = asked(cast)
    sent(cast, due(cast, report))
    found = reading(cast.actor("county_supervisor"), report)
    here, there = found.rows
    assert here.sent and here.cells == (Tens("shown", 20), Tens("unknown"), Tens("shown", 20), Tens("few"))
    assert there.sent is None and {cell.kind for cell in there.cells} == {"unknown"}
    assert found.sent == 1 and found.totals[0] == Tens("shown", 20) and found.known == (1, 0, 1, 1)


def test_what_was_sent_is_frozen_and_sent_anew_it_stands_beside(cast, at_school):
    one = due(cast)
    first = sent(cast, one)
    at_school.shift(datetime.timedelta(days=1))
    cast.add_student("新同学", cast.class_one)
    second = sent(cast, one)
    first.refresh_from_db()
    assert (first.figures["enrolled"], second.figures["enrolled"]) == (3, 4)
    assert ReportDue.objects.prefetch_related("sendings").get(pk=one.pk).newest == second


def test_two_schools_find_it_waiting_until_it_is_sent(cast):
    report = asked(cast)
    for role in ("head", "coordinator", "outsider"):
        assert Message.objects.filter(to=cast.users[role], link_name="county-office").exists(), role
    assert list(dues_of(cast.actor("head"), cast.school)) == [due(cast, report)]
    assert ReportDue.objects.not_sent().count() == 2
    sent(cast, due(cast, report))
    assert ReportDue.objects.not_sent().get().school == cast.other_school


@pytest.mark.parametrize("role", ["head", "county_data_officer", "county_aid_officer", "outsider"])
def test_only_the_supervisor_sets_takes_back_and_reads_them(cast, role):
    report = asked(cast)
    with pytest.raises(NotAllowed):
        asked(cast, role=role)
    with pytest.raises(NotAllowed):
        reports.take_back(cast.actor(role), report=report, reason="不用了")
    with pytest.raises(NotAllowed):
        reading(cast.actor(role), report)


@pytest.mark.parametrize("role", ["class_teacher", "helper", "county_supervisor", "outsider", "guardian"])
def test_only_who_answers_for_the_school_sends_it(cast, role):
    with pytest.raises(NotAllowed):
        sent(cast, due(cast), role=role)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"parts": []},
        {"parts": ["names"]},
        {"due_on": datetime.date(2026, 11, 24)},
        {"schools": []},
    ],
)
def test_a_report_says_what_from_whom_and_by_when(cast, wrong):
    with pytest.raises(Refused):
        asked(cast, **wrong)


def test_a_school_of_another_county_is_not_asked(cast):
    other = Organisation.objects.create(kind="school", name="邻县中学", stage="junior")
    with pytest.raises(Refused):
        asked(cast, schools=[other.pk])


def test_taken_back_it_is_asked_no_longer_and_can_be_put_back(cast):
    report, supervisor = asked(cast), cast.actor("county_supervisor")
    with pytest.raises(Refused):
        reports.take_back(supervisor, report=report, reason="")
    reports.take_back(supervisor, report=report, reason="重复了")
    with pytest.raises(Refused):
        sent(cast, due(cast, report))
    assert not dues_of(cast.actor("head"), cast.school).exists()
    reports.put_back(supervisor, report=report)
    assert sent(cast, due(cast, report)).pk


def test_sent_twice_is_one_and_each_step_leaves_a_row_without_figures(cast):
    report = asked(cast, client_id=UUID(int=1))
    assert asked(cast, client_id=UUID(int=1)) == report
    one = due(cast, report)
    assert sent(cast, one, client_id=UUID(int=2)) == sent(cast, one, client_id=UUID(int=2))
    rows = AuditEntry.objects.filter(action__startswith="county.report")
    assert [row.action for row in rows.order_by("pk")] == ["county.report", "county.report-send"]
    assert rows.latest("pk").detail == {"report": report.pk, "figures": 4}
