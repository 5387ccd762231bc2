"""Plan, sample, checks, files, what goes on and what came later. Wednesday 2026-11-25, teaching week 12."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.promised import talk

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.oversight.inspection import actions, month, plan, proofs, queries, rules, sampling
from tongxing.oversight.inspection.models import Check, Finding, Proof, Sample, Stop

from .test_actions import DAY, DECEMBER, NOVEMBER, OCTOBER, asked, at, opened, since_september, thanked

__all__ = ["since_september"]
pytestmark = pytest.mark.usefixtures("promised")
TODAY = datetime.date(2026, 11, 25)


def planned(cast, role="coordinator", **told) -> Stop:
    facts = {
        "month": NOVEMBER, "kind": "class", "topic": "赠书题词、课堂亮点", "school_class": cast.class_one,
        "person": None, "goes": cast.staff["deputy"], "planned_on": TODAY,
    }  # fmt: skip
    client_id = told.pop("client_id", None) or uuid4()
    return plan.plan(cast.actor(role), school=cast.school, client_id=client_id, facts=facts | told)


def test_a_stop_says_what_where_when_and_who_goes_and_that_colleague_is_told(cast):
    stop = planned(cast)
    assert planned(cast, client_id=stop.client_id) == stop and Stop.objects.count() == 1
    assert Message.objects.get(code="inspection.stop").to == cast.users["deputy"]
    assert list(queries.my_stops(cast.actor("deputy"))) == [stop]
    assert {who for who in cast.users if stop in Stop.objects.visible_to(cast.actor(who))} == {
        "head", "coordinator", "deputy",
    }  # fmt: skip
    assert AuditEntry.objects.get(action="inspection.plan").subject_id == stop.pk


@pytest.mark.parametrize("role", ["deputy", "class_teacher", "helper", "outsider"])
def test_only_those_who_inspect_plan(cast, role):
    with pytest.raises(NotAllowed):
        planned(cast, role)


def test_a_stop_is_refused_with_the_field_that_is_wrong(cast):
    wrong = [
        ("kind", {"kind": "raid"}),
        ("topic", {"topic": " "}),
        ("topic", {"topic": "看" * 121}),
        ("planned_on", {"planned_on": datetime.date(2026, 12, 1)}),
        ("planned_on", {"month": datetime.date(2026, 8, 1), "planned_on": datetime.date(2026, 8, 20)}),
        ("school_class", {"school_class": None}),
        ("person", {"kind": "talk"}),
        ("goes", {"kind": "talk", "person": cast.staff["deputy"]}),
        ("goes", {"goes": cast.staff["deactivated"]}),
        (None, {"goes": cast.staff["outsider"]}),
    ]
    cast.users["deactivated"].is_active = False
    cast.users["deactivated"].save()
    for field, told in wrong:
        with pytest.raises(Refused) as refusal:
            planned(cast, **told)
        assert refusal.value.field == field, told
    assert not Stop.objects.exists()


def test_whoever_went_writes_what_was_seen_as_facts(cast):
    stop = planned(cast)
    for role in ("helper", "class_teacher"):
        with pytest.raises(NotAllowed):
            plan.note_seen(cast.actor(role), stop=stop, happened_on=TODAY, seen="…")
    for field, told in (
        ("seen", {"happened_on": TODAY, "seen": " "}),
        ("happened_on", {"happened_on": TODAY + DAY, "seen": "看到"}),
        ("happened_on", {"happened_on": datetime.date(2026, 10, 30), "seen": "看到"}),
    ):
        with pytest.raises(Refused) as refusal:
            plan.note_seen(cast.actor("deputy"), stop=stop, **told)
        assert refusal.value.field == field
    plan.note_seen(cast.actor("deputy"), stop=stop, happened_on=TODAY, seen="27 本书都有题词。", asked=5)
    stop.refresh_from_db()
    assert (stop.happened_on, stop.asked, stop.noted_by) == (TODAY, 5, cast.users["deputy"])
    assert not queries.my_stops(cast.actor("deputy")).exists()


def test_what_was_seen_is_corrected_for_a_week_then_stands(cast, at_school):
    stop = planned(cast)
    plan.note_seen(cast.actor("deputy"), stop=stop, happened_on=TODAY, seen="26 本")
    plan.note_seen(cast.actor("deputy"), stop=stop, happened_on=TODAY, seen="27 本")
    at_school.move_to(at(12, 3))
    with pytest.raises(Refused):
        plan.note_seen(cast.actor("deputy"), stop=stop, happened_on=TODAY, seen="28 本")
    stop.refresh_from_db()
    assert stop.seen == "27 本"


def test_a_stop_is_let_go_with_a_reason_and_back_at_once_only(cast, at_school):
    stop, office = planned(cast), cast.actor("coordinator")
    with pytest.raises(Refused):
        plan.let_go(office, stop=stop, reason="")
    with pytest.raises(NotAllowed):
        plan.let_go(cast.actor("deputy"), stop=stop, reason="停课")
    plan.let_go(office, stop=stop, reason="停课")
    with pytest.raises(Refused):
        plan.note_seen(office, stop=stop, happened_on=TODAY, seen="…")
    plan.go_after_all(office, stop=stop)
    plan.let_go(office, stop=stop, reason="停课")
    at_school.move_to(at(11, 26))
    with pytest.raises(Refused):
        plan.go_after_all(office, stop=stop)


def test_the_database_holds_that_a_stop_says_where_and_by_whom_it_was_seen(cast):
    stop = planned(cast)
    for told in ({"school_class": None}, {"kind": "talk"}, {"seen": "…"}, {"happened_on": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Stop.objects.filter(pk=stop.pk).update(**told)


def fixed(cast, size=3, role="coordinator", found=None, client_id=None) -> Sample:
    found = found or opened(cast)
    return sampling.fix(cast.actor(role), inspection=found, client_id=client_id or uuid4(), size=size)


def drawn(cast, size=3, found=None) -> Sample:
    sample = fixed(cast, size, found=found)
    return sampling.draw(cast.actor("coordinator"), sample=sample, word="秋收起义", source="县报头版")


@pytest.fixture
def talks(cast):
    """Six in November in two classes, one in October, one only the counsellor may read."""
    rows = [talk(cast, happened_at=at(11, day)) for day in (3, 5, 10, 12)]
    rows += [talk(cast, cast.students.plain, happened_at=at(11, day)) for day in (4, 11)]
    talk(cast, happened_at=at(10, 20))
    sealed = Told(body={"thoughts": "…"}, channel="in_person", reached=["student"], happened_at=at(11, 6))
    write_contact(
        SYSTEM, student=cast.students.key, client_id=uuid4(), kind="talk", told=sealed, visibility="counsellor",
        staff=cast.staff["helper"], recorded_at=at(11, 6),
    )  # fmt: skip
    return rows


def test_the_list_holds_the_months_records_by_class_before_the_word_is_known(cast, talks):
    sample = fixed(cast)
    assert sample.records_by_class == {
        cast.class_one.pk: [one.pk for one in talks[:4]],
        cast.class_two.pk: [one.pk for one in talks[4:]],
    }
    assert sample.fingerprint == rules.fingerprint(sample.records_by_class) and sample.word == ""
    talk(cast, happened_at=at(11, 13))
    sample.refresh_from_db()
    assert sample.total == 6, "what is written later is not on it"
    assert "周晓禾" not in str(sample.population)


def test_the_word_draws_once_and_the_draw_can_be_repeated(cast, talks):
    sample = drawn(cast)
    again = rules.draw(sample.records_by_class, 3, "秋收起义")
    assert [one.contact_id for one in sample.checks.all()] == [one.record for one in again]
    assert {one.class_name for one in sample.checks.all()} == {"初一(1)班", "初一(2)班"}
    with pytest.raises(Refused):
        sampling.draw(cast.actor("coordinator"), sample=sample, word="另一个词", source="县报头版")
    assert AuditEntry.objects.get(action="inspection.draw").detail == {"drawn": 3}


def test_a_draw_needs_a_word_with_its_place_and_a_list_that_waits_for_none(cast, talks):
    sample, found = fixed(cast), opened(cast)
    for word, source, field in (
        ("", "县报", "word"),
        ("秋收起义", "", "source"),
        ("长" * 61, "县报", "word"),
    ):
        with pytest.raises(Refused) as refusal:
            sampling.draw(cast.actor("coordinator"), sample=sample, word=word, source=source)
        assert refusal.value.field == field
    with pytest.raises(Refused):
        fixed(cast, found=found)
    assert fixed(cast, found=found, client_id=sample.client_id) == sample
    with pytest.raises(NotAllowed):
        fixed(cast, role="deputy", found=found)
    for size in (0, 41):
        with pytest.raises(Refused):
            fixed(cast, size, found=found)


def test_a_month_without_records_has_nothing_to_draw(cast):
    with pytest.raises(Refused):
        fixed(cast)


def check_of(cast, sample, contact) -> Check:
    return sample.checks.get(contact=contact)


def look(cast, check, role="coordinator", **told) -> Check:
    values = {"against": "person", "outcome": "agrees", "checked_on": TODAY}
    return sampling.note_check(cast.actor(role), check=check, **(values | told))


def test_a_record_is_compared_and_what_differs_is_sealed_under_the_childs_key(cast, talks):
    check = check_of(cast, drawn(cast, 6), talks[0])
    assert (
        look(cast, check, outcome="differs", words="纸上是周二，记录是周三").words == "纸上是周二，记录是周三"
    )
    check.refresh_from_db()
    assert (
        "周二" not in bytes(check.words_sealed).decode("latin1")
        and check.checked_by == cast.users["coordinator"]
    )
    told = AuditEntry.objects.get(action="inspection.check").detail
    assert told == {"outcome": "differs", "contact": talks[0].pk}


def test_a_look_is_refused_with_the_field_that_is_wrong(cast, talks):
    check = check_of(cast, drawn(cast, 6), talks[0])
    wrong = [
        ("against", {"against": "rumour"}),
        ("outcome", {"outcome": ""}),
        ("words", {"outcome": "not_found"}),
        ("words", {"words": "长" * 301}),
        ("checked_on", {"checked_on": TODAY + DAY}),
        ("checked_on", {"checked_on": TODAY - DAY}),
    ]
    for field, told in wrong:
        with pytest.raises(Refused) as refusal:
            look(cast, check, **told)
        assert refusal.value.field == field, told
    with pytest.raises(NotAllowed):
        look(cast, check, role="class_teacher")


def test_whoever_wrote_a_record_does_not_check_it(cast):
    mine = talk(cast, happened_at=at(11, 3), helper="coordinator")
    check = check_of(cast, drawn(cast), mine)
    with pytest.raises(Refused):
        look(cast, check)
    assert look(cast, check, role="head").outcome == "agrees"


def test_words_of_danger_found_on_the_way_ask_somebody_today(cast, talks):
    check = check_of(cast, drawn(cast, 6), talks[0])
    look(cast, check, outcome="differs", words="孩子说不想活了，记录里没有")
    assert RiskFlag.objects.get().student == cast.students.key


def test_a_closed_month_is_drawn_from_and_looked_at_no_more(cast, talks):
    found = thanked(cast)
    check = check_of(cast, drawn(cast, 6, found), talks[0])
    stop = planned(cast)
    actions.close(cast.actor("coordinator"), inspection=found)
    for refused in (
        lambda: look(cast, check),
        lambda: fixed(cast, found=found),
        lambda: plan.note_seen(cast.actor("deputy"), stop=stop, happened_on=TODAY, seen="…"),
    ):
        with pytest.raises(Refused):
            refused()


def test_somebody_else_than_the_responsible_looks_again(cast):
    finding = asked(cast, person="coordinator")
    with pytest.raises(Refused):
        actions.look_again(cast.actor("coordinator"), finding=finding, outcome="done", evidence="好了")
    actions.look_again(cast.actor("head"), finding=finding, outcome="done", evidence="看过了")
    finding.refresh_from_db()
    assert finding.checked_by == cast.users["head"]


def test_what_is_not_yet_seen_to_goes_on_in_the_next_month_once(cast, at_school):
    finding = asked(cast, due_on=TODAY + 2 * DAY)
    asked(cast, found=opened(cast), text="已办好的一条")
    office = cast.actor("coordinator")
    actions.look_again(office, finding=finding, outcome="not_yet", evidence="还差两次")
    done = Finding.objects.exclude(pk=finding.pk).get()
    actions.look_again(office, finding=done, outcome="done", evidence="好了")
    at_school.move_to(at(12, 2))
    december = opened(cast, DECEMBER)
    carried = december.findings.get()
    assert (carried.carried_from, carried.text, carried.person) == (finding, finding.text, finding.person)
    assert carried.outcome == "" and carried.due_on == datetime.date(2026, 12, 16), "time to see to it"
    assert AuditEntry.objects.filter(action="inspection.open").latest("pk").detail["carried"] == 1
    assert Message.objects.filter(code="inspection.finding", to=cast.users["helper"]).count() == 3
    assert not opened(cast, OCTOBER).findings.exists(), "an earlier month takes nothing on"


def test_a_file_shows_what_was_done_and_is_taken_away_for_good(cast):
    finding = asked(cast)
    kept = proofs.add(cast.actor("helper"), finding=finding, label="照片", content=picture())
    content, kind = proofs.open_file(cast.actor("head"), proof=kept)
    assert kind == "image/jpeg" and content
    assert not Proof.objects.visible_to(cast.actor("class_teacher")).exists()
    with pytest.raises(NotAllowed):
        proofs.add(cast.actor("class_teacher"), finding=finding, label="照片", content=picture())
    with pytest.raises(Refused):
        proofs.add(cast.actor("helper"), finding=finding, label="照片", content=b"MZ")
    proofs.take_away(cast.actor("helper"), proof=kept)
    kept.refresh_from_db()
    assert kept.file is None and kept.removed_by == cast.users["helper"] and kept.key.destroyed_at
    actions.look_again(cast.actor("coordinator"), finding=finding, outcome="done", evidence="看过了")
    with pytest.raises(Refused):
        proofs.add(cast.actor("helper"), finding=finding, label="照片", content=picture())


def test_what_is_recorded_later_is_told_by_kind_and_changes_no_figure(cast, at_school, talks):
    found = opened(cast)
    frozen, office = found.figures, cast.actor("coordinator")
    assert not month.recorded_later(office, found)
    at_school.move_to(at(11, 27))
    for day in (9, 13, 16):
        talk(cast, happened_at=at(11, day), recorded_at=clock.now())
    talk(cast, happened_at=at(10, 28), recorded_at=clock.now())
    told = Told(
        body={"promise": "每周打一次电话"}, channel="phone", reached=["father"], happened_at=at(11, 20)
    )
    write_contact(
        SYSTEM, student=cast.students.key, client_id=uuid4(), kind="call", told=told,
        staff=cast.staff["helper"], recorded_at=clock.now(),
    )  # fmt: skip
    later = month.recorded_later(office, found)
    assert [many for _kind, many in later.kinds] == [3, 1] and len(later) == 4
    found.refresh_from_db()
    assert found.figures == frozen


def test_the_month_says_what_writing_it_down_has_cost(cast, monkeypatch):
    """The middle one of three colleagues; what was written in another month is not counted."""
    found = opened(cast)
    for who, times in (("helper", 3), ("class_teacher", 1), ("head", 2)):
        for day in range(times):
            told = Told(
                body={"thoughts": "想报名朗诵", "promise": "周五前"}, channel="in_person", reached=["student"],
                happened_at=at(11, 3 + day), place="办公室",
            )  # fmt: skip
            write_contact(
                cast.actor(who), student=cast.students.key, client_id=uuid4(), kind="talk", told=told,
                staff=cast.staff[who],
            )  # fmt: skip
    cost = month.burden(found)
    assert (cost.people, cost.records, cost.usual) == (3, 6, 12), "two records of six fields each"
    assert month.burden(opened(cast, OCTOBER)).usual is None
