"""On pages: a morning until the child is back; from a suspicion to the second look; breaks."""

import datetime
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from tests.cast import NOW

from tongxing.care.attendance_watch.models import Absence, CallSwap, MissedLesson, ReturnCase
from tongxing.care.attendance_watch.watch import watch
from tongxing.care.pairing.models import Pair
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Guardian

TODAY = NOW.date()
DAY = datetime.timedelta(days=1)


def get(cast, by, name, *args, **query):
    return cast.client(by).get(reverse(name, args=args), query)


def post(cast, by, name, *args, **told):
    return cast.client(by).post(reverse(name, args=args), told, follow=True)


def roll(cast, by="class_teacher", missing=True):
    told = {"missing": [cast.students.key.pk]} if missing else {}
    return post(cast, by, "attendance-class", cast.class_one.pk, **told)


def text(response):
    return response.content.decode()


def test_a_morning_absence_not_reached_visited_in_twos_and_back_again(cast):
    page = text(roll(cast))
    absence = Absence.objects.get()
    assert "请问清这 1 个孩子在哪里" in page and "还不知道在哪里" in page
    page = text(get(cast, "class_teacher", "attendance-absence", absence.pk))
    assert "周晓禾在哪里？" in page and "139****1111" in page and "13900001111" not in page
    guardian = Guardian.objects.get(name="周桂兰")
    shown = post(
        cast,
        "class_teacher",
        "student-reveal",
        cast.students.key.pk,
        what=f"g{guardian.pk}",
        purpose="没到校：问清孩子在哪里",
    )
    assert "13900001111" in text(shown)
    assert AuditEntry.objects.get(action="student.reveal").purpose
    tried = {"client_id": uuid4(), "words": "打了两次，没人接", "next_time": "16:40"}
    assert "弄清孩子在哪里之前" in text(post(cast, "class_teacher", "attendance-tried", absence.pk, **tried))
    going = {
        "client_id": uuid4(),
        "first": cast.staff["class_teacher"].pk,
        "second": cast.staff["helper"].pk,
    }
    assert "两位老师上门" in text(post(cast, "class_teacher", "attendance-tried", absence.pk, **going))
    known = {
        "client_id": uuid4(),
        "reason": "no_leave",
        "words": "在家收白菜，明天来",
        "back_on": TODAY + DAY,
    }
    page = text(post(cast, "helper", "attendance-known", absence.pk, **known))
    assert "找到了，没请假" in page and "在家收白菜，明天来" in page
    page = text(get(cast, "head", "attendance"))
    assert "每个孩子在哪里，都有人知道" in page
    with time_machine.travel(NOW + DAY, tick=False):
        assert "其他同学都到了" in text(roll(cast, missing=False))
        assert Absence.objects.filter(day=TODAY + DAY).count() == 0


def test_alone_nobody_goes_and_the_form_keeps_what_was_typed(cast):
    roll(cast)
    absence = Absence.objects.get()
    told = {"client_id": uuid4(), "words": "打了两次", "first": cast.staff["class_teacher"].pk}
    response = post(cast, "class_teacher", "attendance-tried", absence.pk, **told)
    page = text(response)
    assert response.status_code == 422
    assert "请两人同行" in page and 'value="打了两次"' in page
    assert absence.steps.count() == 1


def test_a_word_is_needed_and_the_reason_is_one_that_exists(cast):
    roll(cast)
    absence = Absence.objects.get()
    response = post(cast, "helper", "attendance-known", absence.pk, client_id=uuid4(), reason="ill")
    assert response.status_code == 422 and "请写下是谁说的" in text(response)
    assert Absence.objects.get().is_open


def test_has_come_is_one_tap_and_taken_back_by_one(cast):
    roll(cast)
    absence = Absence.objects.get()
    page = text(post(cast, "class_teacher", "attendance-came", absence.pk))
    assert "周晓禾到了" in page and "撤回" in page
    assert Absence.objects.get().reason == "late"
    post(cast, "class_teacher", "attendance-came", absence.pk, not_there="1")
    assert Absence.objects.get().is_open


def test_a_teacher_of_a_lesson_sees_names_and_marks_and_neither_numbers_nor_words(cast):
    cast.teach("subject_teacher", cast.class_one)
    page = text(roll(cast, "subject_teacher"))
    assert "周晓禾" in page and "缺课较多" not in page
    absence = Absence.objects.get()
    assert get(cast, "subject_teacher", "attendance-absence", absence.pk).status_code == 403
    assert post(cast, "subject_teacher", "attendance-known", absence.pk).status_code == 403


def test_another_class_and_another_school_stay_closed(cast):
    roll(cast)
    absence = Absence.objects.get()
    for by in ("other_class_teacher", "outsider"):
        assert roll(cast, by).status_code == 404
        assert get(cast, by, "attendance-absence", absence.pk).status_code == 404
        assert "周晓禾" not in text(get(cast, by, "attendance"))


def test_the_class_teacher_finds_the_morning_from_the_class_board(cast):
    board = text(get(cast, "class_teacher", "class-board", cast.class_one.pk))
    assert reverse("attendance-class", args=[cast.class_one.pk]) in board
    assert reverse("attendance") in text(get(cast, "class_teacher", "week"))


def away_for_three_days(cast):
    for back in (2, 1, 0):
        with time_machine.travel(NOW - back * DAY, tick=False):
            roll(cast)
    watch(NOW)
    return ReturnCase.objects.get()


def test_from_a_suspicion_to_the_second_look_and_the_month_says_so(cast):
    case = away_for_three_days(cast)
    page = text(get(cast, "class_teacher", "return-cases"))
    assert "接孩子回校" in page and "周晓禾" in page and "连续几天没请假 · 3 天" in page
    visit = {
        "client_id": uuid4(),
        "kind": "visit",
        "on": TODAY,
        "found": "奶奶住院，他在家照看弟弟",
        "agreed": "弟弟送邻居家，明天来上课",
        "next_on": TODAY + DAY,
        "first": cast.staff["class_teacher"].pk,
        "second": cast.staff["helper"].pk,
    }
    alone = post(cast, "class_teacher", "return-step", case.pk, **visit | {"second": ""})
    assert alone.status_code == 422 and "奶奶住院，他在家照看弟弟" in text(alone)
    page = text(post(cast, "class_teacher", "return-step", case.pk, **visit))
    assert "正在接回学校" in page and "弟弟送邻居家，明天来上课" in page
    month = {"month": "2026-11"}
    assert get(cast, "class_teacher", "return-month", *month.values()).status_code == 403
    assert "?show=bringing" in text(get(cast, "head", "return-month", "2026-11"))
    closed = {"outcome": "back", "on": TODAY, "found": "第一节课在教室"}
    assert "等第二个人再看一眼" in text(post(cast, "class_teacher", "return-close", case.pk, **closed))
    assert post(cast, "class_teacher", "return-sign", case.pk).status_code == 403
    assert "第二个人看过了，已结案" in text(post(cast, "coordinator", "return-sign", case.pk))
    case.refresh_from_db()
    assert case.state == "done"
    page = text(get(cast, "head", "return-month", "2026-11", show="returned"))
    assert "周晓禾" in page


def test_whoever_closed_it_is_not_the_second_person(cast):
    case = away_for_three_days(cast)
    closed = {"outcome": "back", "on": TODAY, "found": "第一节课在教室"}
    post(cast, "coordinator", "return-close", case.pk, **closed)
    response = post(cast, "coordinator", "return-sign", case.pk)
    assert response.status_code == 422 and "请另一位同事再看一眼" in text(response)
    case.refresh_from_db()
    assert case.state == "closed"


def test_a_worry_is_written_down_in_a_sentence_or_not_at_all(cast):
    empty = post(cast, "helper", "return-new", cast.students.key.pk, client_id=uuid4(), found="")
    assert empty.status_code == 422 and not ReturnCase.objects.exists()
    told = {"client_id": uuid4(), "found": "说下周去镇上帮工"}
    assert "说下周去镇上帮工" in text(post(cast, "helper", "return-new", cast.students.key.pk, **told))
    assert get(cast, "helper", "return-new", cast.students.plain.pk).status_code == 404


def test_a_kept_month_is_the_same_in_excel_and_on_the_page(cast):
    away_for_three_days(cast)
    assert "已留存" in text(post(cast, "head", "return-month-freeze", "2026-11"))
    response = get(cast, "head", "return-month-excel", "2026-11")
    assert response.status_code == 200 and response["Content-Disposition"].startswith("attachment")
    assert get(cast, "head", "return-month", "2026-12").status_code == 404
    assert get(cast, "head", "return-month", "x").status_code == 404


def test_thresholds_are_changed_from_today_on_or_refused_beside_the_field(cast):
    page = get(cast, "coordinator", "settings-attendance")
    form = {
        "opens": "08:00",
        "closes": "17:00",
        "ask_after_hours": 1,
        "days_in_a_row": 2,
        "share_percent": 25,
        "window_days": 20,
        "amber_percent": 5,
        "red_percent": 10,
    }
    assert page.status_code == 200
    wrong = post(cast, "coordinator", "settings-attendance", **form | {"red_percent": 5})
    assert wrong.status_code == 422 and "黄色要比红色先开始" in text(wrong)
    assert "从今天起生效" in text(post(cast, "coordinator", "settings-attendance", **form))


BREAK = "2027-01-23"


def test_before_a_break_each_class_has_its_lesson_and_who_missed_it_gets_it_later(cast):
    roll(cast)
    page = text(get(cast, "class_teacher", "break-lesson", BREAK, cast.class_one.pk))
    assert f'value="{cast.students.key.pk}" id="id_missed_0" checked' in page or "checked" in page
    told = {"held_on": TODAY, "topics": ["water", "fire"], "missed": [cast.students.key.pk]}
    page = text(post(cast, "class_teacher", "break-lesson", BREAK, cast.class_one.pk, **told))
    assert "还没上到的同学" in page and "周晓禾" in page
    missed = MissedLesson.objects.get()
    assert "已给周晓禾补上" in text(post(cast, "class_teacher", "break-caught-up", missed.pk))
    assert get(cast, "other_class_teacher", "break-lesson", BREAK, cast.class_one.pk).status_code == 404
    assert get(cast, "class_teacher", "break", "2027-01-24").status_code == 404


def test_holes_have_names_and_a_caller_is_changed_by_hand(cast):
    Pair.objects.create(
        school=cast.school,
        student=cast.students.key,
        helper=cast.staff["helper"],
        starts_on=cast.term.starts_on,
        confirmed_at=NOW,
    )
    page = text(get(cast, "head", "break", BREAK))
    assert "这些孩子还没有人打电话" in page and "孟宇航" in page
    mine = text(get(cast, "helper", "break-calls", BREAK))
    assert "您来打" in mine and "周晓禾" in mine and "孟宇航" not in mine
    told = {"week": "1", "caller": cast.staff["other_teacher"].pk}
    page = text(post(cast, "coordinator", "break-swap", BREAK, cast.students.normal.pk, **told))
    assert "宋桥" in page and CallSwap.objects.count() == 1
    refused = post(cast, "coordinator", "break-swap", BREAK, cast.students.normal.pk, week="2", caller="")
    assert refused.status_code == 422
    assert post(cast, "helper", "break-swap", BREAK, cast.students.key.pk, **told).status_code == 403


def test_the_calls_of_a_break_come_a_week_at_a_time_and_a_change_leads_back_to_its_week(cast):
    for student in (cast.students.key, cast.students.normal):
        facts = {"starts_on": cast.term.starts_on, "confirmed_at": NOW}
        Pair.objects.create(school=cast.school, student=student, helper=cast.staff["helper"], **facts)
    first = text(get(cast, "coordinator", "break-calls", BREAK))
    third = text(get(cast, "coordinator", "break-calls", BREAK, week="3"))
    key = cast.students.key.pk
    assert first.count("-1#change") == 2 and "-3#change" not in first and "<select" not in first
    assert f"change={key}-3#change" in third and "-1#change" not in third
    one = text(get(cast, "coordinator", "break-calls", BREAK, week="3", change=f"{key}-3"))
    assert one.count("<select") == 1 and f'/calls/{key}/"' in one
    assert "<select" not in text(get(cast, "helper", "break-calls", BREAK, change=f"{key}-3"))
    told = {"week": "3", "caller": cast.staff["other_teacher"].pk}
    changed = post(cast, "coordinator", "break-swap", BREAK, cast.students.key.pk, **told)
    assert changed.redirect_chain[-1][0].endswith("?week=3") and "宋桥" in text(changed)


def test_the_letter_names_whom_to_read_it_to_and_only_to_those_who_know_the_family(cast):
    Guardian.objects.filter(name="周桂兰").update(reads=False)
    page = text(get(cast, "class_teacher", "break-letter", BREAK))
    assert "防溺水" in page and "周桂兰" in page
    assert "周桂兰" not in text(get(cast, "other_class_teacher", "break-letter", BREAK))


@pytest.mark.parametrize("name", ["attendance", "return-cases", "leaving", "term-end"])
def test_a_page_without_anything_says_what_to_do_next(cast, name):
    assert get(cast, "head", name).status_code == 200
