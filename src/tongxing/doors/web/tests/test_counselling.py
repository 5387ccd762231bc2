"""The counselling room over HTTP: one child's story from the wish to the follow-up, and who is refused on the way."""

import datetime
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.care.counselling.models import Appointment, GuardianTold, Note, OutsideReferral, Referral
from tongxing.care.safety import naming
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.outbox.models import Message

HOURS = datetime.timedelta(hours=1)
TALK = {"occasion": "自己来的", "talked": "寝室里睡得不好", "wants": "换个座位", "next": "下周再来"}
WIDE_OPEN = "妈妈不接电话以后就一直睡不着"
NOBODY_ELSE = ("head", "deputy", "coordinator", "class_teacher", "helper", "other_teacher", "outsider")


@pytest.fixture
def named(cast):
    """裴青 answers for safety, 顾言 is the head."""
    naming.name_responder(cast.actor("head"), school=cast.school, post="safety", staff=cast.staff["deputy"])
    return cast


def post(cast, by, name, /, *args, follow=True, **form):
    address = reverse(name, args=args)
    return cast.client(by).post(address, {"client_id": str(uuid4())} | form, follow=follow)


def get(cast, by, name, *args):
    return cast.client(by).get(reverse(name, args=args))


def text(response):
    return response.content.decode()


def explain(cast, student="key", understood="own_words"):
    child = getattr(cast.students, student).pk
    return post(cast, "counsellor", "counselling-explain", child, how="read_out", understood=understood)


def write(cast, by="counsellor", student="key", **more):
    form = TALK | {"happened_at": "2026-11-25T15:00"} | more
    return post(cast, by, "counselling-note-new", getattr(cast.students, student).pk, **form)


def plan(**more):
    return {"day": "2026-11-26", "at": "16:30", "minutes": "40", "place": "心理室", "every": "0"} | more


def test_the_story_of_a_child_at_risk_from_the_wish_to_the_follow_up(named, at_school):
    wish = _asks(named)
    _gets_a_time(named, wish)
    at_school.shift(25 * HOURS)
    flag = _tells_of_danger(named, wish)
    _is_looked_after_the_same_day(named, flag)
    made = _is_referred(named)
    at_school.shift(14 * 24 * HOURS)
    _is_asked_after(named, made)


def _asks(named):
    page = text(get(named, "student", "counselling-ask"))
    assert page.index("谁会知道") < page.index("约个时间") and "12356" in page
    assert "已经送到" in text(post(named, "student", "counselling-ask", words=WIDE_OPEN))
    wish = Appointment.objects.get()
    for by in NOBODY_ELSE:
        assert get(named, by, "counselling-appointment", wish.pk).status_code in (403, 404)
    return wish


def _gets_a_time(named, wish):
    room = text(get(named, "counsellor", "counselling"))
    assert "周晓禾" in room and WIDE_OPEN not in room
    assert WIDE_OPEN in text(get(named, "counsellor", "counselling-appointment", wish.pk))
    late = post(named, "counsellor", "counselling-appointment", wish.pk, **plan(day="2026-11-24"))
    assert late.status_code == 422 and "已经过去" in text(late)
    post(named, "counsellor", "counselling-appointment", wish.pk, **plan())
    assert "16:30" in text(get(named, "student", "counselling-ask"))


def _tells_of_danger(named, wish):
    assert "周晓禾正在这里" in text(get(named, "counsellor", "counselling"))
    early = write(named)
    assert early.status_code == 422 and "先告诉孩子" in text(early) and "寝室里睡得不好" in text(early)
    assert "危险除外" in text(get(named, "counsellor", "counselling-slips"))
    explain(named)
    reworded = write(named, talked="看起来有抑郁症")
    assert reworded.status_code == 422 and "抑郁症" in text(reworded) and not Note.objects.exists()
    caught = write(
        named,
        talked=f"{WIDE_OPEN}，说活着没意思",
        brief="今晚请不要让孩子一个人",
        happened_at="2026-11-26T16:40",
        appointment=str(wish.pk),
    )
    flag = RiskFlag.objects.get()
    assert caught.request["PATH_INFO"] == reverse("safety-caught", args=[flag.pk])
    assert Appointment.objects.get().state == "took_place"
    return flag


def _is_looked_after_the_same_day(named, flag):
    seen = text(get(named, "deputy", "safety-flag", flag.pk))
    assert "今晚请不要让孩子一个人" in seen and "没意思" not in seen and WIDE_OPEN not in seen
    assert post(named, "deputy", "safety-record", flag.pk).status_code == 422
    post(named, "deputy", "safety-step", flag.pk, do="take")
    state = text(get(named, "counsellor", "counselling-told", flag.pk))
    assert "裴青" in state and "跟进" in state
    for by in ("head", "helper", "student"):
        assert get(named, by, "counselling-told", flag.pk).status_code in (403, 404)
    post(named, "counsellor", "counselling-told", flag.pk, why_not="", words="奶奶 周桂兰")
    assert GuardianTold.objects.get().told_at


def _is_referred(named):
    child = named.students.key.pk
    form = {
        "to_whom": "县未成年人心理辅导中心",
        "why": "睡不着，请看看怎样帮她",
        "follow_up_on": "2026-12-10",
    }
    alone = post(named, "counsellor", "counselling-outside-new", child, **form)
    assert alone.status_code == 422 and "家里谁同意" in text(alone)
    agreed = {"agreed_by": "奶奶 周桂兰", "agreed_on": "2026-11-26"}
    post(named, "counsellor", "counselling-outside-new", child, **form, **agreed)
    return OutsideReferral.objects.get()


def _is_asked_after(named, made):
    assert "再问一问" in text(get(named, "counsellor", "counselling"))
    post(named, "counsellor", "counselling-outside", made.pk, reply="建议早睡，作业少一些")
    done = text(post(named, "counsellor", "counselling-outside", made.pk, words="睡得好些了，愿意上体育课"))
    assert "睡得好些了" in done and "已再问过" in done
    for by in NOBODY_ELSE:
        assert get(named, by, "counselling-outside", made.pk).status_code in (403, 404)


def test_the_counsellor_begins_in_the_room_and_writes_in_three_taps(named):
    home = named.client("counsellor").get(reverse("home"), follow=True)
    assert home.request["PATH_INFO"] == reverse("counselling")
    post(
        named,
        "counsellor",
        "counselling-arrange",
        named.students.key.pk,
        **plan(whom="student", day="2026-11-25", at="16:30"),
    )
    assert reverse("counselling-student", args=[named.students.key.pk]) in text(
        get(named, "counsellor", "counselling")
    )
    explain(named)
    page = text(get(named, "counsellor", "counselling-student", named.students.key.pk))
    assert reverse("counselling-note-new", args=[named.students.key.pk]) in page


@pytest.mark.parametrize("by", NOBODY_ELSE)
def test_the_room_is_closed_to_everybody_else(named, by):
    explain(named)
    write(named)
    note = Note.objects.get()
    for name, *args in (
        ("counselling",),
        ("counselling-week",),
        ("counselling-settings",),
        ("counselling-student", named.students.key.pk),
        ("counselling-note", note.pk),
        ("counselling-note-new", named.students.key.pk),
        ("counselling-hand-over", named.students.key.pk),
    ):
        assert get(named, by, name, *args).status_code in (403, 404), name


def test_a_childs_door_shows_the_own_wish_alone_and_it_can_be_called_off(named):
    post(named, "student", "counselling-ask", words="想聊聊")
    again = post(named, "student", "counselling-ask", words="再约一次")
    assert again.status_code == 422 and "已经送到" in text(again)
    post(named, "guardian", "counselling-talk", words="想知道怎样陪孩子")
    assert text(get(named, "student", "counselling-ask")).count('name="call_off"') == 1
    wish = Appointment.objects.get(whom="student")
    assert post(named, "guardian", "counselling-talk", call_off=str(wish.pk)).status_code == 404
    post(named, "student", "counselling-ask", call_off=str(wish.pk), client_id="")
    assert 'name="call_off"' not in text(get(named, "student", "counselling-ask"))
    assert get(named, "helper", "counselling-ask").status_code == 403
    assert get(named, "student", "counselling-talk").status_code == 403


def test_a_referral_goes_one_way_and_one_sentence_comes_back(named):
    child = named.students.key.pk
    way = text(get(named, "class_teacher", "student", child))
    assert reverse("counselling-refer", args=[child]) in way
    assert post(named, "class_teacher", "counselling-refer", child, reason="").status_code == 422
    post(named, "class_teacher", "counselling-refer", child, reason="这周三次趴在桌上哭")
    referral = Referral.objects.get()
    page = text(get(named, "class_teacher", "counselling-refer", child))
    assert "已收到" in page and "趴在桌上哭" not in page
    assert "趴在桌上哭" in text(get(named, "counsellor", "counselling-referral", referral.pk))
    assert "已看到" in text(get(named, "class_teacher", "counselling-refer", child))
    assert post(named, "counsellor", "counselling-referral", referral.pk).status_code == 422
    post(named, "counsellor", "counselling-referral", referral.pk, quick="0", contact="on")
    page = text(get(named, "class_teacher", "counselling-refer", child))
    assert "我们见过了，谢谢您留意。" in page and "心理老师会联系您" in page
    assert "已看到" not in text(get(named, "helper", "counselling-refer", child))
    assert get(named, "class_teacher", "counselling-referral", referral.pk).status_code == 403
    assert get(named, "other_class_teacher", "counselling-refer", child).status_code == 404
    told = Message.objects.get(to=named.users["class_teacher"])
    assert "周晓禾" not in told.subject


def test_a_teacher_learns_away_from_the_lesson_and_nothing_else(named):
    child = named.students.key.pk
    post(named, "counsellor", "counselling-arrange", child, **plan(whom="student"))
    assert "周晓禾" not in text(get(named, "class_teacher", "lessons-away"))
    Appointment.objects.update(away=True)
    page = text(get(named, "class_teacher", "lessons-away"))
    assert "周晓禾" in page and "不在课堂" in page and "心理" not in page.split("<main")[1]
    assert "周晓禾" not in text(get(named, "other_class_teacher", "away"))


def test_a_regular_talk_is_agreed_called_off_and_taken_back(named):
    child = named.students.key.pk
    post(
        named,
        "counsellor",
        "counselling-arrange",
        child,
        **plan(whom="student", every="1", until="2026-12-18"),
    )
    assert Appointment.objects.count() == 4
    one = Appointment.objects.earliest("at")
    page = text(post(named, "counsellor", "counselling-settle", one.pk, do="not", called_off_by="child"))
    assert "谁都不用说原因" in page
    post(named, "counsellor", "counselling-settle", one.pk, do="back")
    assert Appointment.objects.agreed().count() == 4
    assert post(named, "counsellor", "counselling-settle", one.pk, do="not").status_code == 422
    post(named, "counsellor", "counselling-settle", one.pk, do="end-series", called_off_by="family")
    assert not Appointment.objects.agreed().exists()
    assert post(named, "head", "counselling-settle", one.pk, do="took").status_code == 403


def test_a_slip_is_keyed_in_and_danger_on_it_is_caught(named):
    child = named.students.plain.pk
    form = {"slip": "1", "slip-client_id": str(uuid4()), "slip-words": "想聊聊", "slip-slip_on": "2026-11-24"}
    post(named, "counsellor", "counselling-arrange", child, **form)
    assert Appointment.objects.get().origin == "slip"
    form |= {"slip-client_id": str(uuid4()), "slip-words": "不想活了"}
    caught = post(named, "counsellor", "counselling-arrange", child, **form)
    assert caught.request["PATH_INFO"].endswith("/caught/")


def test_a_second_role_is_said_weighed_with_a_reason_and_then_only_mentioned(named):
    named.teach("counsellor", named.class_one)
    child = named.students.key.pk
    explain(named)
    assert "您给这个班上课" in text(get(named, "counsellor", "counselling-student", child))
    assert write(named).status_code == 422
    assert post(named, "counsellor", "counselling-roles", child, reason="").status_code == 422
    post(named, "counsellor", "counselling-roles", child, reason="学校只有一位心理老师")
    page = text(get(named, "counsellor", "counselling-student", child))
    assert "您已经想过了" in page and "学校只有一位心理老师" in page
    assert write(named).status_code == 200 and Note.objects.count() == 1


def test_a_level_needs_the_tool_the_consent_and_says_where_to_note_it(named):
    child = named.students.key.pk
    assert reverse("consents", args=[child]) in text(get(named, "counsellor", "counselling-result", child))
    tool = {"do": "tool", "name": "县心理普查", "levels": "平稳\n重点关注", "act_today": "重点关注"}
    post(named, "counsellor", "counselling-settings", **tool)
    consent = {"purpose": "screening", "given_by": "奶奶 周桂兰", "student_agreed": "on"}
    post(named, "counsellor", "consents", child, **consent)
    page = text(get(named, "counsellor", "counselling-result", child))
    key = page.split('name="level" value="')[2].split('"')[0]
    caught = post(named, "counsellor", "counselling-result", child, level=key, done_on="2026-11-25")
    assert caught.request["PATH_INFO"].endswith("/caught/") and RiskFlag.objects.count() == 1
    assert "重点关注" not in text(get(named, "deputy", "safety-flag", RiskFlag.objects.get().pk))


def test_the_room_is_kept_hours_words_and_tools_with_errors_beside_the_field(named):
    hours = {"do": "hours", "weekday": "2", "opens": "16:00", "closes": "15:00", "place": "心理室"}
    wrong = post(named, "counsellor", "counselling-settings", **hours)
    assert wrong.status_code == 422 and "关门的时间早于" in text(wrong) and 'value="心理室"' in text(wrong)
    page = text(post(named, "counsellor", "counselling-settings", **hours | {"closes": "17:30"}))
    assert "16:00–17:30" in page
    assert "16:00–17:30" in text(get(named, "student", "counselling-ask"))
    missing = post(named, "counsellor", "counselling-settings", do="words", promise="都保密", exception="")
    assert missing.status_code == 422
    assert "第 2 版" in text(
        post(named, "counsellor", "counselling-settings", do="words", promise="都保密", exception="危险除外")
    )


def test_a_note_is_corrected_and_the_first_version_stays(named):
    explain(named)
    write(named)
    note = Note.objects.get()
    form = TALK | {"wants": "想和奶奶多说话", "after": "1", "reason": ""}
    assert post(named, "counsellor", "counselling-note", note.pk, **form).status_code == 422
    page = text(post(named, "counsellor", "counselling-note", note.pk, **form | {"reason": "听错了"}))
    assert "想和奶奶多说话" in page and "换个座位" in page and "听错了" in page


def test_notes_are_handed_over_one_by_one_and_closed_again(named):
    named.add_staff("second", "尹舒")
    named.grant("second", "counsellor")
    explain(named)
    write(named)
    write(named, talked="第二次")
    second, first = Note.objects.all()[0], Note.objects.all()[1]
    child = named.students.key.pk
    assert get(named, "second", "counselling-note", first.pk).status_code == 404
    to = str(named.users["second"].pk)
    post(named, "counsellor", "counselling-hand-over", child, to=to, notes=[str(first.pk)])
    assert get(named, "second", "counselling-note", first.pk).status_code == 200
    assert get(named, "second", "counselling-note", second.pk).status_code == 404
    page = text(get(named, "counsellor", "counselling-student", child))
    given = page.split('name="back" value="')[1].split('"')[0]
    post(named, "counsellor", "counselling-hand-over", child, back=given)
    assert get(named, "second", "counselling-note", first.pk).status_code == 404


def test_the_glass_breaks_with_a_reason_for_a_day_and_somebody_else_looks_again(named, at_school):
    explain(named)
    write(named)
    child = named.students.key.pk
    assert reverse("counselling-open", args=[child]) in text(get(named, "head", "student", child))
    assert post(named, "head", "counselling-open", child, reason="着急").status_code == 422
    reason = "孩子昨晚没有回宿舍，今天联系不上，要知道她提过的地方"
    opened = post(named, "head", "counselling-open", child, reason=reason)
    assert "换个座位" in text(opened)
    address = opened.request["PATH_INFO"]
    for by in ("deputy", "class_teacher", "counsellor", "coordinator"):
        assert named.client(by).get(address).status_code in (403, 404)
    assert get(named, "head", "counselling-student", child).status_code == 403
    assert "紧急打开过" in text(get(named, "counsellor", "counselling-student", child))
    waiting = text(get(named, "deputy", "counselling-openings"))
    assert reason in waiting and "换个座位" not in waiting
    assert "由另一位来复核" in text(get(named, "head", "counselling-openings"))
    pk = address.rstrip("/").split("/")[-1]
    assert post(named, "head", "counselling-review", pk, verdict="needed").status_code == 422
    assert "确实需要" in text(post(named, "deputy", "counselling-review", pk, verdict="needed"))
    at_school.shift(24 * HOURS)
    assert named.client("head").get(address).status_code == 404
    for by in ("class_teacher", "helper", "coordinator", "counsellor", "student"):
        assert get(named, by, "counselling-open", child).status_code in (403, 404)


def test_what_a_counsellor_reads_costs_the_same_for_one_as_for_many(named):
    def slip(student, words="…"):
        form = {
            "slip": "1",
            "slip-client_id": str(uuid4()),
            "slip-words": words,
            "slip-slip_on": "2026-11-24",
        }
        post(named, "counsellor", "counselling-arrange", student.pk, **form)

    def fill(students):
        for hour, student in enumerate(students):
            slip(student)
            post(named, "head", "counselling-refer", student.pk, reason="常看窗外")
            when = plan(day="2026-11-26", at=f"{8 + hour:02}:00", whom="student")
            post(named, "counsellor", "counselling-arrange", student.pk, **when)
        explain(named)
        write(named)

    def cost():
        pages = [("counselling",), ("counselling-week",), ("counselling-student", named.students.key.pk)]
        with CaptureQueriesContext(connection) as spent:
            for name, *args in pages:
                assert get(named, "counsellor", name, *args).status_code == 200
        return len(spent)

    fill([named.students.key])
    few = cost()
    fill(
        [
            named.students.normal,
            named.students.plain,
            *(named.add_student(f"新{n}", named.class_one) for n in range(5)),
        ]
    )
    assert cost() <= few + 2
