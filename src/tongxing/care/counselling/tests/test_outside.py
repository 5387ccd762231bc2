"""Outside questionnaires, referrals outside, what the family was told, and breaking the glass."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions import Outside
from tongxing.care.counselling.models import GlassOpening, OutsideReferral, ToolResult
from tongxing.care.counselling.queries import covered, level_of, outside_texts
from tongxing.care.safety import actions as safety
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.queries import said
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.consents import withdraw_consent

from .conftest import TOLD

REASON = "孩子昨晚没有回宿舍，今天联系不上，需要知道她提到过的地方"
DANGER = replace(TOLD, talked="说觉得活着没意思")
DAY = datetime.timedelta(days=1)


def result(cast, level="平稳", tool=None, by="counsellor", **more):
    facts = {"done_on": clock.today(), "tool": tool or cast.room.tool()} | more
    return actions.note_result(
        cast.actor(by), student=cast.students.key, client_id=uuid4(), level=level, **facts
    )


def test_a_level_is_noted_only_with_the_familys_consent(room):
    tool = room.room.tool()
    with pytest.raises(Refused):
        result(room, tool=tool)
    consent = room.room.consent()
    assert level_of(result(room, tool=tool)) == "平稳"
    assert b"\xe5\xb9\xb3" not in bytes(ToolResult.objects.get().level_sealed)
    withdraw_consent(room.actor("class_teacher"), consent=consent)
    with pytest.raises(Refused):
        result(room, tool=tool)


def test_a_level_to_act_on_asks_the_responder_today_and_does_not_say_which(room):
    room.room.consent()
    tool = room.room.tool()
    assert result(room, "一般关注", tool).flag is None
    flag = result(room, "重点关注", tool).flag
    assert flag.state == "raised" and "重点关注" not in str(said(flag))


@pytest.mark.parametrize("by", ["head", "class_teacher", "helper", "outsider"])
def test_nobody_else_notes_or_sees_a_level(room, by):
    room.room.consent()
    tool = room.room.tool()
    with pytest.raises(NotAllowed):
        result(room, tool=tool, by=by)
    result(room, tool=tool)
    assert not ToolResult.objects.visible_to(room.actor(by)).exists()
    assert not ToolResult.objects.visible_to(room.actor("second")).exists()


def test_a_level_is_one_of_the_tools_and_of_a_day_that_has_been(room):
    room.room.consent()
    tool = room.room.tool()
    with pytest.raises(Refused):
        result(room, "中等", tool)
    with pytest.raises(Refused):
        result(room, tool=tool, done_on=clock.today() + DAY)
    actions.end_tool(room.actor("counsellor"), tool=tool)
    tool.refresh_from_db()
    with pytest.raises(Refused):
        result(room, tool=tool)


def test_a_tool_has_levels_and_acts_on_one_of_them(room):
    for more in ({"levels": ["一级"]}, {"act_today": ["四级"]}, {"name": " "}):
        told = {"name": "普查", "levels": ["一级", "二级"], "act_today": []} | more
        with pytest.raises(Refused):
            actions.add_tool(room.actor("counsellor"), school=room.school, client_id=uuid4(), **told)
    room.room.tool()
    with pytest.raises(Refused):
        room.room.tool()


def refer(cast, by="counsellor", **more):
    facts = {
        "outside": Outside("县未成年人心理辅导中心", "两周来睡不着，请看看怎样帮她", "奶奶 周桂兰"),
        "agreed_on": clock.today(),
        "follow_up_on": clock.today() + 14 * DAY,
    } | more
    return actions.refer_outside(cast.actor(by), student=cast.students.key, client_id=uuid4(), **facts)


def test_a_referral_outside_names_whom_why_and_who_agreed_and_is_followed_up(room):
    made = refer(room)
    with pytest.raises(Refused):
        actions.note_reply(room.actor("counsellor"), referral=made, reply="确诊为抑郁症")
    actions.note_reply(room.actor("counsellor"), referral=made, reply="建议两周一次，学校作业减半")
    actions.follow_up(room.actor("counsellor"), referral=made, words="睡得好些了，愿意上体育课")
    found = OutsideReferral.objects.select_related("student__key").get()
    assert outside_texts(found)["reply"].startswith("建议") and found.followed_up_at
    with pytest.raises(Refused):
        actions.note_reply(room.actor("counsellor"), referral=made, reply="又一次")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"agreed_on": None}, "agreed_by"),
        ({"outside": Outside("县医院", "请看看", "")}, "agreed_by"),
        ({"outside": Outside("", "请看看", "奶奶")}, "to_whom"),
        ({"outside": Outside("县医院", "", "奶奶")}, "why"),
        ({"outside": Outside("县医院", "有抑郁症", "奶奶")}, "why"),
        ({"follow_up_on": datetime.date(2026, 11, 24)}, "follow_up_on"),
    ],
)
def test_what_is_missing_is_asked_for_beside_its_field(room, more, field):
    with pytest.raises(Refused) as refusal:
        refer(room, **more)
    assert refusal.value.field == field


def test_a_child_in_danger_is_referred_without_waiting_for_consent(room):
    assert refer(room, outside=Outside("县医院急诊", "需要马上保护"), agreed_on=None, urgent=True).urgent


def test_nobody_else_refers_outside_or_sees_it(room):
    with pytest.raises(NotAllowed):
        refer(room, by="head")
    made = refer(room)
    with pytest.raises(NotAllowed):
        actions.note_reply(room.actor("second"), referral=made, reply="…")
    assert not OutsideReferral.objects.visible_to(room.actor("class_teacher")).exists()


def tell(cast, flag, by="counsellor", **more):
    return actions.tell_guardian(cast.actor(by), flag=flag, client_id=uuid4(), words="奶奶 周桂兰", **more)


def test_the_family_is_told_of_a_danger_and_when(room):
    room.room.explain()
    room.room.write(told=DANGER)
    flag = RiskFlag.objects.get()
    assert tell(room, flag).told_at == clock.now()
    assert tell(room, flag, why_not="not_reached").told_at is None
    with pytest.raises(Refused):
        tell(room, flag, told_at=clock.now() + DAY)
    for by in ("second", "head"):
        with pytest.raises(NotAllowed):
            tell(room, flag, by=by)


def test_where_the_family_may_be_the_danger_nobody_calls_before_it_is_taken_on(room):
    room.room.explain()
    room.room.write(told=replace(TOLD, talked="说爸爸喝醉了用皮带打她"))
    flag = RiskFlag.objects.get()
    with pytest.raises(Refused):
        tell(room, flag)
    assert tell(room, flag, why_not="danger").why_not == "danger"
    safety.take_on(room.actor("head"), flag=flag)
    flag.refresh_from_db()
    assert tell(room, flag).told_at


def smash(cast, by="head", reason=REASON, client_id=None, student="key"):
    return actions.break_glass(
        cast.actor(by),
        student=getattr(cast.students, student),
        client_id=client_id or uuid4(),
        reason=reason,
    )


def alarmed(cast):
    names = {user.pk: role for role, user in cast.users.items()}
    return {names[one.to_id] for one in Message.objects.filter(code="counselling.glass")}


@pytest.fixture
def noted(room):
    room.room.explain()
    room.room.write()
    room.add_staff("responder", "卓然", offence_check_on=room.term.starts_on)
    room.grant("responder", "safety")
    return room


def test_the_head_breaks_the_glass_and_deputy_and_counsellor_learn_of_it_at_once(noted):
    opening = smash(noted)
    assert alarmed(noted) == {"deputy", "counsellor"}
    read = actions.read_through(noted.actor("head"), opening=opening)
    ((_note, text),) = covered(read).notes
    assert text.answers["wants"] == "想换一个座位"
    assert list(
        AuditEntry.objects.filter(action__startswith="counselling.glass").values_list("action", flat=True)
    ) == ["counselling.glass-open", "counselling.glass-read"]


def test_when_the_responder_opens_the_head_learns_of_it(noted):
    smash(noted, "responder")
    assert alarmed(noted) == {"head", "counsellor"}


@pytest.mark.parametrize(
    "by",
    ["deputy", "coordinator", "class_teacher", "helper", "second", "counsellor", "system_admin", "outsider"],
)
def test_nobody_else_breaks_it(noted, by):
    with pytest.raises(NotAllowed):
        smash(noted, by)
    assert not alarmed(noted)


@pytest.mark.parametrize("reason", ["", "紧急", "十九个字的理由还是太短了一点点吧差一"])
def test_a_reason_is_a_sentence(noted, reason):
    with pytest.raises(Refused) as refusal:
        smash(noted, reason=reason)
    assert refusal.value.field == "reason"


def test_one_reason_opens_once_and_a_form_sent_twice_is_one_opening(noted):
    same = uuid4()
    assert smash(noted, client_id=same) == smash(noted, client_id=same)
    with pytest.raises(Refused):
        smash(noted, reason=f"  {REASON} ")
    assert smash(noted, reason=REASON + "，天黑以前要找到") and GlassOpening.objects.count() == 2


def test_it_is_closed_again_after_a_day_and_only_whoever_broke_it_reads(noted, at_school):
    opening = smash(noted)
    with pytest.raises(NotAllowed):
        actions.read_through(noted.actor("responder"), opening=opening)
    at_school.shift(24 * 3600 - 1)
    assert actions.read_through(noted.actor("head"), opening=opening)
    at_school.shift(1)
    with pytest.raises(NotAllowed):
        actions.read_through(noted.actor("head"), opening=opening)


def test_another_childs_notes_stay_closed(noted):
    noted.room.explain(student="plain")
    noted.room.write(student="plain", told=replace(TOLD, wants="想学剪纸"))
    read = actions.read_through(noted.actor("head"), opening=smash(noted))
    assert [text.answers["wants"] for _note, text in covered(read).notes] == ["想换一个座位"]


def test_whoever_may_be_the_danger_opens_nothing_and_is_not_told(noted):
    noted.room.write(told=replace(TOLD, talked="说顾言校长打了她一巴掌"))
    with pytest.raises(NotAllowed):
        smash(noted)
    smash(noted, "responder")
    assert "head" not in alarmed(noted)


def test_somebody_else_looks_at_it_again(noted):
    opening = smash(noted)
    assert not GlassOpening.objects.to_review(noted.actor("head")).exists()
    for verdict, words in (("", ""), ("not_needed", "")):
        with pytest.raises(Refused):
            actions.review(noted.actor("deputy"), opening=opening, verdict=verdict, words=words)
    with pytest.raises(Refused):
        actions.review(noted.actor("head"), opening=opening, verdict="needed")
    for by in ("responder", "counsellor", "coordinator", "outsider"):
        with pytest.raises(NotAllowed):
            actions.review(noted.actor(by), opening=opening, verdict="needed")
    done = actions.review(noted.actor("deputy"), opening=opening, verdict="needed")
    assert done.reviewed_by == noted.users["deputy"]
    with pytest.raises(IntegrityError), transaction.atomic():
        GlassOpening.objects.update(reviewed_by=noted.users["head"])
