"""The monthly inspection: opening, thanks, findings, closing. Wednesday 2026-11-25, teaching week 12."""

import datetime
from uuid import UUID, uuid4

import pytest
from django.utils import translation
from tests.promised import talk

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Registration
from tongxing.oversight.inspection import actions, queries
from tongxing.oversight.inspection.figures import first_of, last_of
from tongxing.oversight.inspection.models import Finding, Inspection

pytestmark = pytest.mark.usefixtures("promised")
DAY = datetime.timedelta(days=1)
NOVEMBER, OCTOBER, DECEMBER = (datetime.date(2026, month, 1) for month in (11, 10, 12))


@pytest.fixture(autouse=True)
def since_september(promised):
    Registration.objects.update(recorded_at=promised.students.key.pairs.get().confirmed_at)


def at(month, day, hour=15):
    return datetime.datetime(2026, month, day, hour, 40, tzinfo=clock.SCHOOL_TIME)


def opened(cast, month=NOVEMBER, role="coordinator") -> Inspection:
    return actions.open_month(cast.actor(role), school=cast.school, month=month)


def thanked(cast) -> Inspection:
    found = opened(cast)
    actions.say_thanks(cast.actor("coordinator"), inspection=found, thanks="林老师每周都和孩子谈心。")
    found.refresh_from_db()
    return found


def asked(cast, found=None, person="helper", **told) -> Finding:
    values = {"text": "三次谈心还没记上，请补记。", "due_on": clock.today() + 7 * DAY, "client_id": uuid4()}
    return actions.ask(
        cast.actor("coordinator"),
        inspection=found or thanked(cast),
        person=cast.staff[person],
        **(values | told),
    )


def test_opening_a_month_freezes_its_figures(cast):
    talk(cast, happened_at=at(11, 10), recorded_at=at(11, 10))
    found = opened(cast)
    assert (found.month, found.as_of) == (NOVEMBER, clock.now())
    frozen = found.frozen
    assert [frozen.get(f"talk.{part}").value for part in ("asked", "done", "open", "missing")] == [5, 1, 1, 3]
    assert frozen.weeks == (8, 9, 10, 11, 12), "a week belongs to the month of its Sunday"
    assert frozen.get("registered").value == 2
    assert frozen.get("registered").records[0] == ("people.student", cast.students.key.pk)
    assert frozen.get("talk.done").definition and frozen.get("talk.done").as_of == found.as_of
    assert AuditEntry.objects.get(action="inspection.open").detail["lines"] == len(frozen.lines)


def test_the_definitions_are_kept_in_the_schools_language_whoever_opens_the_month(cast):
    with translation.override("en"):
        frozen = opened(cast).frozen
    assert frozen.get("registered").label == "登记"
    assert dict(frozen.promises)["talk"] == "谈心（重点同学）"


def test_each_class_and_week_has_its_own_figures(cast):
    talk(cast, happened_at=at(11, 10), recorded_at=at(11, 10))
    frozen = opened(cast).frozen
    one, two = cast.class_one.pk, cast.class_two.pk
    assert frozen.get("talk.done", one).value == 1 and frozen.get("talk.done", two).value == 0
    assert [frozen.get("week_talks_done", one, week).value for week in frozen.weeks] == [0, 0, 1, 0, 0]
    assert [name for _pk, name in frozen.classes] == ["初一(1)班", "初一(2)班"], "in the school's order"


def test_what_is_recorded_later_stands_beside_and_changes_nothing(cast, at_school):
    found = opened(cast)
    before = found.figures
    at_school.move_to(at(11, 27))
    talk(cast, happened_at=at(11, 10), recorded_at=at(11, 27))
    reading = queries.read(cast.actor("coordinator"), found, clock.now())
    compared = reading.get("talk.done")
    assert (compared.then.value, compared.now.value, compared.added) == (None, 1, 1), (
        "nothing was recorded, then one"
    )
    assert reading.get("talk.missing").added == -1
    found.refresh_from_db()
    assert found.figures == before and opened(cast).figures == before


def test_a_month_opened_twice_is_the_same_inspection(cast):
    assert opened(cast) == opened(cast, NOVEMBER + 14 * DAY, "head")
    assert Inspection.objects.count() == 1


def test_a_past_month_can_be_opened_and_one_to_come_cannot(cast):
    assert opened(cast, OCTOBER).frozen.weeks == (4, 5, 6, 7)
    with pytest.raises(Refused, match="还没有开始"):
        opened(cast, DECEMBER)
    with pytest.raises(Refused, match="不在学期里"):
        opened(cast, datetime.date(2026, 6, 1))
    assert queries.months(cast.school, cast.term, clock.now()) == [
        NOVEMBER, OCTOBER, datetime.date(2026, 9, 1)
    ]  # fmt: skip


@pytest.mark.parametrize(
    "role",
    ["deputy", "class_teacher", "helper", "counsellor", "system_admin", "outsider", "county_supervisor"],
)
def test_others_open_nothing_and_see_nothing(cast, role):
    opened(cast)
    with pytest.raises(NotAllowed):
        opened(cast, role=role)
    assert not Inspection.objects.visible_to(cast.actor(role)).exists()


def test_thanks_come_before_anything_is_asked(cast):
    found = opened(cast)
    with pytest.raises(Refused, match="先说声谢谢"):
        asked(cast, found)
    with pytest.raises(Refused, match="先说声谢谢"):
        actions.close(cast.actor("head"), inspection=found)
    with pytest.raises(Refused, match="谢谢什么"):
        actions.say_thanks(cast.actor("head"), inspection=found, thanks=" ")
    assert asked(cast).inspection.thanks


def test_the_colleague_gets_one_message_without_any_name(cast):
    first = asked(cast, client_id=UUID(int=7))
    again = asked(cast, first.inspection, client_id=UUID(int=7), text="同一张表再送一次")
    assert again == first and again.text != "同一张表再送一次"
    message = Message.objects.get(to=cast.users["helper"])
    assert message.subject == "月督查有一条整改建议请您看看"
    assert message.href.endswith(f"/findings/{first.pk}/")
    assert not any(name in message.subject for name in ("周晓禾", "林岚", "谈心"))


def test_a_point_needs_words_a_colleague_of_the_school_and_a_day_to_come(cast):
    for wrong, field in (
        ({"text": "  "}, "text"),
        ({"text": "字" * 301}, "text"),
        ({"person": "outsider"}, "person"),
        ({"person": "deactivated"}, "person"),
        ({"due_on": clock.today() - DAY}, "due_on"),
    ):
        with pytest.raises(Refused) as refusal:
            asked(cast, **wrong)
        assert refusal.value.field == field
    assert not Finding.objects.exists() and not Message.objects.exists()


def test_a_point_about_no_known_figure_stands_alone(cast):
    for known in ("talk", "talk.missing", "paired"):
        assert asked(cast, item=known).item == known
    assert asked(cast, item="whatever").item == ""


def test_the_colleague_tells_in_a_line_what_was_done(cast):
    found = asked(cast)
    assert list(queries.mine(cast.actor("helper"))) == [found]
    actions.tell(cast.actor("helper"), finding=found, evidence="  11月25日\n已补记三次  ")
    found.refresh_from_db()
    assert found.evidence == "11月25日 已补记三次"
    with pytest.raises(Refused, match="一句"):
        actions.tell(cast.actor("helper"), finding=found, evidence="")
    for role in ("coordinator", "other_teacher", "class_teacher"):
        with pytest.raises(NotAllowed):
            actions.tell(cast.actor(role), finding=found, evidence="…")
    assert not queries.mine(cast.actor("coordinator")).exists()


def test_whoever_inspects_looks_again_seen_to_or_visibly_not(cast):
    found = asked(cast)
    coordinator = cast.actor("coordinator")
    with pytest.raises(Refused, match="看得见的事实"):
        actions.look_again(coordinator, finding=found, outcome="done")
    actions.look_again(coordinator, finding=found, outcome="not_yet")
    found.refresh_from_db()
    assert (found.outcome, found.checked_on) == ("not_yet", clock.today())
    actions.look_again(coordinator, finding=found, outcome="done", evidence="记录已补齐")
    found.refresh_from_db()
    assert (found.outcome, found.evidence) == ("done", "记录已补齐")
    assert not queries.mine(cast.actor("helper")).exists()
    for outcome in ("", "whatever"):
        with pytest.raises(Refused, match="办得怎样"):
            actions.look_again(coordinator, finding=found, outcome=outcome)
    with pytest.raises(NotAllowed):
        actions.look_again(cast.actor("helper"), finding=found, outcome="done", evidence="…")
    with pytest.raises(Refused, match="复查过了"):
        actions.tell(cast.actor("helper"), finding=found, evidence="又做了一次")


def test_a_month_closes_when_every_point_is_decided_and_then_only_reads(cast):
    found = asked(cast)
    month, head = found.inspection, cast.actor("head")
    with pytest.raises(Refused, match="逐条"):
        actions.close(head, inspection=month)
    actions.look_again(head, finding=found, outcome="taken_back")
    actions.close(head, inspection=month)
    for change in (
        lambda: actions.say_thanks(head, inspection=month, thanks="…"),
        lambda: asked(cast, month),
        lambda: actions.look_again(head, finding=found, outcome="done", evidence="…"),
        lambda: actions.tell(cast.actor("helper"), finding=found, evidence="…"),
        lambda: actions.close(head, inspection=month),
    ):
        with pytest.raises(Refused):
            change()
    assert opened(cast) == month, "opening it again leads to it, closed as it is"


def test_a_finding_is_seen_by_its_colleague_and_those_who_inspect(cast):
    found = asked(cast)
    for role in ("helper", "coordinator", "head"):
        assert Finding.objects.visible_to(cast.actor(role)).get() == found
    for role in ("class_teacher", "deputy", "other_teacher", "outsider", "guardian", "county_supervisor"):
        assert not Finding.objects.visible_to(cast.actor(role)).exists()


def test_a_month_reaches_from_its_first_to_its_last_day():
    assert first_of(datetime.date(2028, 2, 17)) == datetime.date(2028, 2, 1)
    assert last_of(datetime.date(2028, 2, 1)) == datetime.date(2028, 2, 29)
    assert last_of(datetime.date(2026, 12, 1)) == datetime.date(2026, 12, 31)
