"""The screening and register pages, without JavaScript: what they show, what they do, what they refuse."""

import datetime

import pytest
from django.urls import reverse

from tongxing.care.screening import actions
from tongxing.care.screening.models import Looked, Round
from tongxing.ground.people.models import Circumstance, Registration
from tongxing.ground.records.models import Exam, Score


def score(exam, student, *grades):
    for subject, grade in zip(["语文", "数学", "英语"], grades, strict=False):
        Score.objects.create(school=exam.school, exam=exam, student=student, subject=subject, grade=grade)


@pytest.fixture
def exam(cast):
    exam = Exam.objects.create(
        school=cast.school,
        term=cast.term,
        name="期中考试",
        kind="mid_term",
        held_on=datetime.date(2026, 11, 11),
    )
    score(exam, cast.students.plain, "待合格", "待合格", "良")
    score(exam, cast.students.key, "良", "良", "良")
    score(exam, cast.students.normal, "良", "良", "良")
    return exam


@pytest.fixture
def round(cast, exam):
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_before_the_first_look_the_page_says_what_to_do(cast, exam):
    browser = cast.client("coordinator")
    assert "看一看每个孩子，好吗？" in text(browser.get(reverse("screening")))
    response = browser.post(reverse("screening-run"), follow=True)
    assert "还有 3 位同学等您定下来" in text(response)
    assert Round.objects.count() == 1


def test_the_title_tells_how_many_nobody_has_looked_at(cast, round):
    cast.add_student("江小满", cast.class_two)
    assert "还有 1 位同学等人看一看" in text(cast.client("head").get(reverse("screening")))


def test_reasons_are_told_in_words_by_class(cast, round):
    page = text(cast.client("deputy").get(reverse("screening-candidates")))
    assert "期中考试：3 门里有 2 门在最低一档（数学、语文）" in page
    assert page.index("初一(1)班") < page.index("初一(2)班")
    only = text(cast.client("deputy").get(reverse("screening-candidates"), {"reason": "failed_subjects"}))
    assert "苏苗苗" in only
    assert "孟宇航" not in only


def test_a_filter_that_makes_no_sense_is_no_error(cast, round):
    asked = {"class": "x", "decision": "urgent", "reason": "nothing"}
    assert "按这个条件没有同学" in text(cast.client("head").get(reverse("screening-candidates"), asked))


def test_one_tap_confirms_one_student(cast, round):
    browser = cast.client("coordinator")
    data = {"level": f"{cast.students.plain.pk}:key"}
    response = browser.post(reverse("screening-decide") + "?decision=pending", data)
    assert response["Location"] == reverse("screening-candidates") + "?decision=pending"
    assert Looked.objects.get(student=cast.students.plain).decision == "confirmed_key"


def test_the_ticked_of_a_class_are_confirmed_together(cast, round):
    levels = [f"{cast.students.key.pk}:key", f"{cast.students.normal.pk}:normal"]
    cast.client("head").post(reverse("screening-decide"), {"level": levels})
    assert Looked.objects.filter(decision__startswith="confirmed").count() == 2


def test_setting_aside_without_a_reason_is_refused_in_words(cast, round):
    browser, plain = cast.client("head"), cast.students.plain
    response = browser.post(reverse("screening-decide"), {"aside": plain.pk, "reason": ""})
    assert response.status_code == 422
    assert "请写下原因" in response.content.decode()
    browser.post(reverse("screening-decide"), {"aside": plain.pk, "reason": "表姐在家辅导"})
    page = text(browser.get(reverse("screening-candidates"), {"decision": "set_aside"}))
    assert "表姐在家辅导" in page


def test_nothing_ticked_is_told_in_words(cast, round):
    assert cast.client("head").post(reverse("screening-decide"), {}).status_code == 422
    assert cast.client("head").post(reverse("screening-decide"), {"level": "x:key"}).status_code == 422


def test_looking_in_person_is_ticked_off(cast, round):
    new = cast.add_student("江小满", cast.class_two)
    browser = cast.client("coordinator")
    assert "江小满" in text(browser.get(reverse("screening-unseen")))
    response = browser.post(reverse("screening-unseen"), {"student": new.pk, "note": "问过班主任"})
    assert response.status_code == 302
    assert Looked.objects.get(student=new).outcome == "cleared"
    assert "每个孩子都看过了" in text(browser.get(reverse("screening-unseen")))


def test_only_the_head_or_a_deputy_sees_and_gives_the_approval(cast, round):
    levels = [
        f"{student.pk}:normal" for student in vars(cast.students).values() if student.school == cast.school
    ]
    cast.client("coordinator").post(reverse("screening-decide"), {"level": levels})
    assert "审定登记册" not in text(cast.client("coordinator").get(reverse("screening")))
    assert "审定登记册" in text(cast.client("head").get(reverse("screening")))
    assert cast.client("coordinator").post(reverse("screening-approve")).status_code == 403
    assert cast.client("head").post(reverse("screening-approve"), follow=True).status_code == 200
    assert Registration.objects.filter(school=cast.school, ends_on=None).count() == 3
    page = text(cast.client("head").get(reverse("screening")))
    assert "3 位同学，每个孩子都看过了" in page
    assert "11月25日 周三 顾言审定" in page


def test_an_approval_too_early_is_refused_in_words(cast, round):
    response = cast.client("head").post(reverse("screening-approve"))
    assert response.status_code == 422
    assert "还有 3 位同学没有定下来" in response.content.decode()


def test_the_register_shows_who_since_when_with_whom_and_no_category(cast):
    Circumstance.objects.create(school=cast.school, student=cast.students.key, category="orphan")
    page = text(cast.client("head").get(reverse("register")))
    assert "2 位同学，我们一路同行" in page
    assert "周晓禾" in page
    assert "还没结对" in page
    assert "孤儿" not in page
    only = text(cast.client("head").get(reverse("register"), {"level": "normal", "q": "孟"}))
    assert "孟宇航" in only
    assert "周晓禾" not in only


def test_leaving_the_register_is_a_step_with_its_reason(cast):
    entry = Registration.objects.get(student=cast.students.key)
    address = reverse("register-leave", args=[entry.student_id])
    assert cast.client("coordinator").get(address).status_code == 403
    assert cast.client("outsider").get(address).status_code == 404
    browser = cast.client("deputy")
    assert "周晓禾" in text(browser.get(address))
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "目标都达到了"}).status_code == 302
    entry.refresh_from_db()
    assert entry.ended_reason == "目标都达到了"


def test_every_reason_opens_the_records_behind_it(cast, round):
    Circumstance.objects.create(school=cast.school, student=cast.students.plain, category="orphan")
    actions.run_round(cast.actor("head"), term=cast.term)
    address = reverse("screening-why", args=[cast.students.plain.pk])
    page = text(cast.client("deputy").get(address))
    assert "数学 · 待合格" in page
    assert "11月11日" in page
    assert "家庭情况：" in page
    Score.objects.filter(student=cast.students.plain).delete()
    assert "这条记录已经不在了" in text(cast.client("deputy").get(address))


def test_only_a_candidate_of_the_own_school_has_such_a_page(cast, round):
    cleared = cast.add_student("柳星", cast.class_two)
    for student in (cleared, cast.students.far):
        address = reverse("screening-why", args=[student.pk])
        assert cast.client("head").get(address).status_code == 404
    address = reverse("screening-why", args=[cast.students.plain.pk])
    assert cast.client("outsider").get(address).status_code == 404
    assert cast.client("class_teacher").get(address).status_code == 403


PAGES = [
    "screening",
    "screening-candidates",
    "screening-unseen",
    "screening-rules",
    "register",
]


@pytest.mark.parametrize("name", PAGES)
def test_others_get_no_screening_page(cast, round, name):
    for role in (
        "helper",
        "class_teacher",
        "counsellor",
        "finance_maker",
        "system_admin",
        "county_supervisor",
    ):
        response = cast.client(role).get(reverse(name))
        if (role, name) == ("class_teacher", "screening"):
            assert response["Location"] == reverse("screening-classes")
        else:
            assert response.status_code == 403, role


def test_another_school_has_its_own_empty_round(cast, round):
    browser = cast.client("outsider")
    assert "苏苗苗" not in text(browser.get(reverse("screening")))
    assert browser.get(reverse("screening-candidates")).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_list(cast, exam, name, django_assert_max_num_queries):
    def queries_of():
        with django_assert_max_num_queries(60) as counted:
            text(browser.get(reverse(name), {"q": "学生"}))
        return len(counted)

    actions.run_round(cast.actor("head"), term=cast.term)
    browser = cast.client("head")
    cast.add_student("学生甲", cast.class_one)
    before = queries_of()
    for n in range(12):
        student = cast.add_student(f"学生{n}", cast.class_two, "normal" if n % 2 else "")
        if n % 3:
            score(exam, student, "待合格", "待合格")
    actions.run_round(cast.actor("head"), term=cast.term)
    assert queries_of() <= before


def test_a_child_enters_the_register_again_with_its_reason_and_history(cast):
    key, browser = cast.students.key, cast.client("head")
    browser.post(reverse("register-leave", args=[key.pk]), {"reason": "目标都达到了"})
    assert "本学期离开登记册的同学" in text(browser.get(reverse("register")))
    enter = reverse("register-enter", args=[key.pk])
    assert "目标都达到了" in text(browser.get(enter))
    assert browser.post(enter, {"level": "normal", "reason": ""}).status_code == 422
    page = text(browser.post(enter, {"level": "normal", "reason": "又有 3 次未交作业"}, follow=True))
    assert "为什么一路同行" in page
    assert "又有 3 次未交作业" in page


def test_only_the_head_or_a_deputy_enters_a_child_in_the_register(cast):
    enter = reverse("register-enter", args=[cast.students.plain.pk])
    sent = {"level": "normal", "reason": "3 次未交作业"}
    for role, status in (("coordinator", 403), ("class_teacher", 403), ("outsider", 404)):
        assert cast.client(role).post(enter, sent).status_code == status
    assert not Registration.objects.filter(student=cast.students.plain).exists()


def test_the_student_page_tells_why_with_the_same_words(cast, round):
    levels = dict.fromkeys(round.looked.values_list("student_id", flat=True), "normal")
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)
    page = reverse("student", args=[cast.students.plain.pk])
    assert "3 门里有 2 门在最低一档" in text(cast.client("other_class_teacher").get(page))
