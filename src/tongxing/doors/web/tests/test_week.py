"""My week: whom to turn to now, in kind words; Wednesday 2026-11-25, teaching week 12."""

import datetime

import pytest
from django.utils import translation
from tests.promised import pair, talk, works_away

from tongxing.care.programme import exemption_actions
from tongxing.doors.web.courtesy import address, count
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("promised")


def week(cast, role="helper") -> str:
    response = cast.client(role).get("/week/")
    assert response.status_code == 200
    return response.content.decode()


def moment(month: int, day: int) -> datetime.datetime:
    return datetime.datetime(2026, month, day, 15, 40, tzinfo=clock.SCHOOL_TIME)


def test_a_helper_reads_at_once_who_waits_and_what_to_do(cast):
    talk(cast, happened_at=moment(11, 18))
    page = week(cast)
    assert "林老师，还有一位同学等您聊聊" in page
    assert "第 12 教学周 · 11月23–27日" in page
    assert "上次谈心 11月18日 周三 · “周五前补交”" in page
    assert "该聊聊了" in page and "初一(1)班" in page
    assert f"/students/{cast.students.key.pk}/record/?kind=talk" in page and "记一次谈心" in page
    assert "爸爸在昆山" in page or "父亲在昆山" in page
    assert "孟宇航" not in page


def test_once_written_down_the_page_says_thanks(cast):
    talk(cast)
    page = week(cast)
    assert "这周都做到了，谢谢您" in page and "谈心 ✓" in page
    assert "该聊聊了" not in page


def test_a_next_time_is_shown_and_waits_once_its_day_has_come(cast):
    talk(cast, next_on=datetime.date(2026, 11, 25), happened_at=moment(11, 18))
    assert "约好今天" in week(cast)
    talk(cast, next_on=datetime.date(2026, 12, 2))
    page = week(cast)
    assert "12月2日 周三" in page and "约好今天" not in page and "这周都做到了" in page


def test_a_week_that_went_by_without_a_record_says_so_kindly(cast):
    page = week(cast)
    assert "第 11 周谈心 · 还没记上" in page
    assert not any(word in page for word in ("未做", "已超", "逾期", "overdue"))


def test_a_call_in_vain_is_shown(cast):
    talk(cast, made=False, reached=[], channel="phone", body={})
    assert "试过 1 次" in week(cast)


def test_a_card_names_no_category(cast):
    works_away(cast, cast.students.key)
    page = week(cast)
    assert not any(word in page for word in ("留守", "低保", "单亲"))
    assert "重点" in page, "the dot says what it means to those who cannot see it"


def test_a_class_teacher_sees_the_class_and_who_goes_along(cast):
    page = week(cast, "class_teacher")
    assert "周晓禾" in page and "孟宇航" in page
    assert "林老师陪伴" in page and "还没有帮扶人" in page
    assert "班上还有" in page and "苏苗苗" not in page


def test_a_class_teacher_who_is_done_reads_that_a_child_of_the_class_waits_and_can_write_from_there(cast):
    key, normal = cast.students.key, cast.students.normal
    pair(cast, normal, "class_teacher")
    cast.grant("class_teacher", "helper", student=normal)
    own_first = week(cast, "class_teacher")
    assert "还有一位同学等您聊聊" in own_first and "班上还有 1 位同学在等" in own_first
    talk(cast, normal, helper="class_teacher")
    page = week(cast, "class_teacher")
    assert "班上还有一位同学等着聊聊" in page and "这周都做到了" not in page
    assert f"/students/{key.pk}/record/?kind=talk" in page and "记一笔" in page
    talk(cast, key)
    assert "这周都做到了，谢谢您" in week(cast, "class_teacher")


@pytest.mark.parametrize(("role", "has_overview"), [("head", True), ("other_class_teacher", False)])
def test_without_a_student_it_says_what_comes_next(cast, role, has_overview):
    page = week(cast, role)
    assert "还没有和您结对的同学" in page


@pytest.mark.parametrize("role", ["counsellor", "finance_maker", "county_supervisor", "guardian", "student"])
def test_others_have_no_week(cast, role):
    assert cast.client(role).get("/week/").status_code == 403


def test_in_the_holidays_it_says_which_week_of_the_break_it_is_and_what_is_due(cast, at_school):
    at_school.move_to(moment(2, 3).replace(year=2027))
    page = week(cast)
    assert "寒假第 2 周 · 2月1–7日" in page and "林老师，还有一位同学等您聊聊" in page
    assert "假期联系 · " in page and "假期安全叮嘱" in page and "防溺水" in page
    assert f"/students/{cast.students.key.pk}/record/?kind=call" in page
    assert "谈心 ✓" not in page and "该聊聊了" not in page


def test_a_call_with_safety_words_does_what_the_holidays_ask_for(cast, at_school):
    at_school.move_to(moment(2, 3).replace(year=2027))
    body = {"said": "在家帮奶奶做饭", "safety": "防溺水"}
    talk(cast, kind="call", channel="phone", body=body, happened_at=moment(2, 2).replace(year=2027))
    page = week(cast)
    assert "假期联系 ✓" in page and "假期安全叮嘱 ✓" in page
    assert "这周都做到了，谢谢您" in page
    at_school.move_to(moment(2, 9).replace(year=2027))
    assert "寒假第 3 周" in week(cast)
    assert "还有一位同学等您聊聊" in week(cast)


def test_the_plan_of_the_break_says_nothing_before_it_begins(cast):
    assert "假期联系" not in week(cast)


def test_a_book_given_late_counts_and_says_when(cast):
    client, path = cast.client("helper"), f"/students/{cast.students.key.pk}/"
    assert "赠书 · 还没记上" in client.get(path).content.decode()
    talk(cast, kind="book", body={"title": "草房子"}, happened_at=moment(11, 24))
    page = client.get(path).content.decode()
    assert "赠书 · 还没记上" not in page and "赠书 ✓ 11月24日补上" in page


def test_it_speaks_english_too(cast):
    client = cast.client("helper")
    client.post("/language/", {"language": "en", "next": "/week/"})
    page = client.get("/week/").content.decode()
    assert "林岚, 1 student would like a talk" in page and "Time for a talk" in page


def test_its_queries_do_not_grow_with_students(cast, django_assert_max_num_queries):
    def queries(most):
        client = cast.client("helper")
        client.get("/week/")
        with django_assert_max_num_queries(most) as seen:
            client.get("/week/")
        return len(seen)

    talk(cast)
    before = queries(60)
    for number in range(8):
        student = cast.add_student(f"学生{number}", cast.class_one, "key")
        pair(cast, student, "helper")
        cast.grant("helper", "helper", student=student)
        talk(cast, student, moment(11, 24))
    assert queries(60) == before


def test_colleagues_are_addressed_as_one_does():
    with translation.override("zh-hans"):
        assert [address(name) for name in ("林岚", "欧阳敏", "阿依古丽·买买提")] == [
            "林老师",
            "欧阳老师",
            "阿依古丽·买买提老师",
        ]
        assert (count(2), count(12)) == ("两", " 12 ")
    with translation.override("en"):
        assert (address("林岚"), count(2)) == ("林岚", "2")


def test_an_account_without_staff_or_term_gets_a_calm_page(cast):
    cast.term.delete()
    assert "还没有和您结对的同学" in week(cast)


def test_exempt_promises_say_that_they_rest(cast):
    exemption_actions.exempt(SYSTEM, student=cast.students.key, reason="住院")
    assert "暂时不用" in week(cast)


def test_the_students_page_shows_the_same_duties_and_who_may_let_them_rest(cast):
    path = f"/students/{cast.students.key.pk}/"
    mine = cast.client("helper").get(path).content.decode()
    assert "该聊聊了" in mine and "/exempt/" not in mine
    assert f"{path}exempt/" in cast.client("class_teacher").get(path).content.decode()


def test_writing_down_a_talk_turns_the_duty_done(cast):
    client, path = cast.client("helper"), f"/students/{cast.students.key.pk}/record/?kind=talk"
    assert client.get(path).status_code == 200
    talk(cast)
    assert "该聊聊了" not in client.get(f"/students/{cast.students.key.pk}/").content.decode()


def test_every_main_page_goes_on_in_the_holidays(cast, at_school):
    at_school.move_to(moment(2, 3).replace(year=2027))
    paths = ["/week/", "/overview/", "/board/", "/students/", "/register/", "/documents/summary/"]
    paths += ["/settings/commitments/", "/settings/calendar/", "/exemptions/"]
    paths += [f"/students/{cast.students.key.pk}/{rest}" for rest in ("", "plan/", "record/?kind=call")]
    client = cast.client("head")
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
