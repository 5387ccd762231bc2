"""The pages of recognising hardship: a family asks, two reviews, a decision, a notice, filed; nobody is missed."""

import datetime
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from tongxing.aid.hardship.actions.rounds import levels_of, points_of
from tongxing.aid.hardship.models import Application, OfficialList, Recognition, Recusal, Round
from tongxing.aid.hardship.tests.school import CONTENT, TODAY, WORDS, Story, client_id
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.id_numbers import check_digit

AFTER = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def story(cast) -> Story:
    return Story(cast)


def text(browser, name, *args, **query):
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def sent(**more):
    usual = {
        "client_id": client_id(), "name_1": "周建军", "relation_1": "父亲", "income_1": "38000", "name_2": "周桂兰",
        "q_care": "one", "factors": "奶奶常年吃药", "promise": "on", "signed_by": "周桂兰",
    }  # fmt: skip
    return usual | more


def test_the_round_is_opened_on_one_page_and_families_see_it_at_their_door(cast):
    assert "Open" not in text(cast.client("class_teacher"), "hardship")
    browser = cast.client("coordinator")
    assert reverse("hardship-open") in text(browser, "hardship")
    assert "签字承诺即可" in text(browser, "hardship-open")
    told = {"kind": "yearly", "told": "有需要的家庭填一张表", "apply_until": "2026-12-09"}
    wrong = browser.post(reverse("hardship-open"), told | {"apply_until": "2026-11-01"})
    assert wrong.status_code == 422 and "有需要的家庭填一张表" in wrong.content.decode()
    assert browser.post(reverse("hardship-open"), told).status_code == 302
    page = cast.client("guardian").get(reverse("family-hardship"), follow=True).content.decode()
    assert "有需要的家庭填一张表" in page and "周建军" in page  # who looks after the child is filled in


def test_a_family_hands_in_at_the_door_and_takes_it_back(story):
    browser = story.cast.client("guardian")
    address = reverse("family-hardship-child", args=[story.cast.students.key.pk])
    assert address in cast_home(browser, story)
    wrong = browser.post(address, sent(promise="", factors="奶奶常年吃药"))
    assert wrong.status_code == 422 and "奶奶常年吃药" in wrong.content.decode()
    assert browser.post(address, sent()).status_code == 302
    page = browser.get(address).content.decode()
    assert "申请已收到" in page and "奶奶常年吃药" not in page
    made = Application.objects.get()
    assert (made.content.factors, made.content.answers, made.source) == (
        "奶奶常年吃药",
        {"care": "one"},
        "door",
    )
    browser.post(reverse("family-hardship-withdraw", args=[story.cast.students.key.pk]))
    assert Application.objects.get().state == "withdrawn"


def cast_home(browser, story) -> str:
    """Where the way on the child's page leads."""
    child = text(browser, "family-child", story.cast.students.key.pk)
    assert reverse("family-hardship") in child
    return browser.get(reverse("family-hardship"))["Location"]


def test_a_family_that_writes_of_danger_is_heard(story):
    address = reverse("family-hardship-child", args=[story.cast.students.key.pk])
    story.cast.client("guardian").post(address, sent(factors="孩子说不想活了"))
    assert RiskFlag.objects.get().student == story.cast.students.key


def test_the_door_says_so_when_no_round_is_open(cast):
    page = text(cast.client("guardian"), "family-hardship-child", cast.students.key.pk)
    assert "现在没有开放申请" in page
    assert (
        cast.client("guardian")
        .get(reverse("family-hardship-child", args=[cast.students.normal.pk]))
        .status_code
        == 404
    )


def test_paper_is_keyed_in_by_the_class_teacher_for_the_own_class(story):
    cast = story.cast
    browser = cast.client("class_teacher")
    assert "孟宇航" in text(browser, "hardship-for-whom")
    address = reverse("hardship-apply", args=[cast.students.normal.pk])
    assert browser.post(address, sent(promised_on="2026-11-26")).status_code == 422
    assert browser.post(address, sent(promised_on="2026-11-24")).status_code == 302
    assert Application.objects.get().promised_on == datetime.date(2026, 11, 24)
    assert browser.get(reverse("hardship-apply", args=[cast.students.plain.pk])).status_code == 404
    browser.post(reverse("hardship-withdraw", args=[Application.objects.get().pk]))
    assert Application.objects.get().state == "withdrawn"


def opinion(story, level="比较困难", **more):
    chosen = str(story.levels[level].pk) if level else "none"
    return {"level": chosen, "words": WORDS} | more


def test_from_the_class_to_the_filed_recognition(story, at_school):
    made = story.apply()
    cast, one = story.cast, reverse("hardship-application", args=[made.pk])
    class_teacher, office, head = (cast.client(name) for name in ("class_teacher", "coordinator", "head"))
    assert "周晓禾" in text(class_teacher, "hardship")
    page = class_teacher.get(one).content.decode()
    assert "奶奶常年吃药" in page and "根据回答的建议" in page and "唐雨、林岚" in page
    review, decide = (reverse(name, args=[made.pk]) for name in ("hardship-review", "hardship-decide"))
    wrong = class_teacher.post(review, opinion(story, words=""))
    assert wrong.status_code == 422
    assert class_teacher.post(review, opinion(story)).status_code == 302
    assert office.post(review, opinion(story)).status_code == 302
    assert office.post(decide, opinion(story)).status_code == 403
    assert head.post(decide, opinion(story, words="")).status_code == 422
    assert head.post(decide, opinion(story, words="同意评议意见")).status_code == 302
    assert (
        class_teacher.get(one).status_code == 404
    )  # the task is done, the level is not for the class teacher
    assert "写 1 人的公示" in text(office, "hardship")
    words = {
        "client_id": client_id(),
        "title": "认定公示",
        "words": "现公示认定结果",
        "first_day": TODAY,
        "working_days": 3,
    }
    told = office.post(reverse("hardship-publish"), words | {"words": "电话 13812345678", "on_board": "on"})
    assert told.status_code == 422 and "证件号、电话或卡号" in told.content.decode()
    notice = office.post(reverse("hardship-publish"), words | {"on_board": "on"})["Location"]
    seen = cast.client("other_class_teacher").get(notice)
    assert "周晓禾" in seen.content.decode() and "比较困难" not in seen.content.decode()
    assert "noindex" in seen["X-Robots-Tag"]
    assert office.post(reverse("hardship-file")).status_code == 422
    at_school.move_to(AFTER)
    assert cast.client("other_class_teacher").get(notice).status_code == 404  # gone by itself
    assert "建档 1 人" in text(office, "hardship")
    office.post(reverse("hardship-file"))
    assert "比较困难" in text(office, "hardship-recognised")
    assert "同意评议意见" in text(office, "student-hardship", cast.students.key.pk)


def test_the_family_learns_the_result_at_its_own_door_once_it_is_filed(story, at_school):
    door, child = story.cast.client("guardian"), story.cast.students.key.pk
    story.decide()
    story.publish()
    page = text(door, "family-hardship-child", child)
    assert "学校的认定结果" not in page and "比较困难" not in page  # on its way
    at_school.move_to(AFTER)
    story.file()
    page = text(door, "family-hardship-child", child)
    assert "学校的认定结果" in page and "比较困难" in page and "申请已收到" not in page
    assert reverse("family-aid-child", args=[child]) in page
    assert "两次评议意见一致" not in page  # what was said in the reviews stays there
    assert "学校的认定结果" not in text(story.cast.client("student"), "mine")
    Round.objects.update(closed_at=AFTER, closed_by=story.cast.users["head"])
    assert "比较困难" in text(door, "family-hardship-child", child)  # also when nothing is open


def test_a_family_learns_that_nothing_was_recognised_without_a_reason_of_the_reviews(story):
    story.decide(level="")
    page = text(story.cast.client("guardian"), "family-hardship-child", story.cast.students.key.pk)
    assert "目前没有认定" in page and "请马上告诉班主任" in page and "两次评议意见一致" not in page


def test_nobody_who_stood_back_writes(story):
    made = story.apply()
    browser = story.cast.client("class_teacher")
    back = {"staff": story.cast.staff["class_teacher"].pk, "reason": "孩子的姑姑"}
    other = back | {"staff": story.cast.staff["helper"].pk}
    assert browser.post(reverse("hardship-stand-back", args=[made.pk]), other).status_code == 422
    assert browser.post(reverse("hardship-stand-back", args=[made.pk]), back).status_code == 302
    assert Recusal.objects.get().staff == story.cast.staff["class_teacher"]
    answer = browser.post(reverse("hardship-review", args=[made.pk]), opinion(story))
    assert answer.status_code == 422 and WORDS in answer.content.decode()


def test_a_review_is_taken_back_with_one_tap(story):
    made = story.apply()
    browser = story.cast.client("class_teacher")
    browser.post(reverse("hardship-review", args=[made.pk]), opinion(story))
    undo = reverse("hardship-review-back", args=[made.reviews.get().pk])
    assert undo in browser.get(reverse("hardship-application", args=[made.pk])).content.decode()
    browser.post(undo)
    made.refresh_from_db()
    assert made.state == "handed_in"


def test_who_sits_together_is_named_on_one_page(story):
    cast = story.cast
    address = reverse("hardship-panel") + f"?class={cast.class_one.pk}"
    two = [cast.staff["class_teacher"].pk, cast.staff["other_teacher"].pk]
    browser = cast.client("class_teacher")
    assert browser.post(address, {"staff": two[:1]}).status_code == 422
    assert browser.post(address, {"staff": two}).status_code == 302
    assert "checked" in browser.get(address).content.decode()
    assert browser.get(reverse("hardship-panel") + f"?class={cast.class_two.pk}").status_code == 403


def test_a_decision_is_taken_back_before_it_is_filed(story):
    one = story.decide()
    head = story.cast.client("head")
    address = reverse("hardship-drop", args=[one.pk])
    assert head.post(address, {"reason": ""}).status_code == 422
    assert story.cast.client("coordinator").post(address, {"reason": "异议成立"}).status_code == 403
    assert head.post(address, {"reason": "异议成立"}).status_code == 302
    assert Application.objects.get().state == "school_seen"


def test_a_level_is_adjusted_within_the_year(story, at_school):
    story.decide()
    story.publish()
    at_school.move_to(AFTER)
    story.file()
    held = Recognition.objects.get()
    browser, address = story.cast.client("deputy"), reverse("hardship-adjust", args=[held.pk])
    assert "比较困难" in text(browser, "hardship-adjust", held.pk)
    up = {"level": story.levels["特别困难"].pk, "reason": "父亲受伤"}
    assert browser.post(address, up | {"reason": ""}).status_code == 422
    assert browser.post(address, up).status_code == 302
    page = text(browser, "student-hardship", story.cast.students.key.pk)
    assert "父亲受伤" in page and "调高" in page
    assert story.cast.client("coordinator").get(address).status_code == 403


def number(n: int) -> str:
    first = f"3401232013091{n:04}"
    return first + check_digit(first)


def list_of(*rows: str, **more):
    content = "\n".join(("身份证号,类别", *rows)).encode()
    return {"office": "civil", "as_of": TODAY, "upload": SimpleUploadedFile("名单.csv", content)} | more


def test_a_list_is_laid_beside_the_roster_and_nobody_is_missed(story):
    cast = story.cast
    cast.students.plain.id_number_index = blind_index(number(1), SEALED["id_number"])
    cast.students.plain.save()
    browser, address = cast.client("coordinator"), reverse("hardship-lists")
    wrong = browser.post(address, list_of(f"{number(1)},别的"))
    assert wrong.status_code == 422 and "不认识这个类别" in wrong.content.decode()
    assert number(1) not in wrong.content.decode()
    page = browser.post(
        address, list_of(f"{number(1)},孤儿", f"{number(2)},孤儿"), follow=True
    ).content.decode()
    assert "苏苗苗" in page and "另有 1 行" in page and number(1) not in page
    missing = text(browser, "hardship-uncovered")
    assert "苏苗苗" in missing and reverse("hardship-apply", args=[cast.students.plain.pk]) in missing
    assert cast.client("class_teacher").get(reverse("hardship-uncovered")).status_code == 403
    assert "民政部门" in text(browser, "hardship-lists")
    browser.post(reverse("hardship-list-undo", args=[OfficialList.objects.get().pk]))
    assert "苏苗苗" not in text(browser, "hardship-uncovered")


def test_levels_and_points_are_the_schools_own(cast):
    browser = cast.client("coordinator")
    Story(cast)
    text(browser, "hardship-settings")
    points = {f"p_{code}": value for code, value in points_of(cast.school).items()}
    levels = {f"level_{n}": one.name for n, one in enumerate(levels_of(cast.school), 1)}
    levels |= {f"from_{n}": one.from_points for n, one in enumerate(levels_of(cast.school), 1)}
    facts = points | levels
    assert browser.post(reverse("hardship-settings"), facts | {"p_care.one": 101}).status_code == 422
    assert (
        browser.post(reverse("hardship-settings"), facts | {"level_3": ""}).status_code == 422
    )  # a round is open
    assert browser.post(reverse("hardship-settings"), facts | {"p_care.one": 40}).status_code == 302
    assert points_of(cast.school)["care.one"] == 40
    Round.objects.update(closed_at=AFTER, closed_by=cast.users["head"])
    assert browser.post(reverse("hardship-settings"), facts | {"level_3": ""}).status_code == 302
    assert len(levels_of(cast.school)) == 2


def test_a_round_closes_with_a_way_back(story):
    browser = story.cast.client("coordinator")
    assert browser.post(reverse("hardship-close")).status_code == 302
    assert Round.objects.get().closed_at
    browser.post(reverse("hardship-close"), {"again": "1"})
    assert Round.objects.get().closed_at is None


def test_the_form_fits_on_one_page_as_pdf_and_word(story):
    made = story.apply()
    story.review(made, "class")
    address = reverse("hardship-form", args=[made.pk])
    file = story.cast.client("class_teacher").post(address, {"kind": "pdf"})
    reader = PdfReader(io.BytesIO(file.content))
    words = "".join(page.extract_text() for page in reader.pages)
    assert len(reader.pages) == 1
    assert all(
        one in words.replace("\n", "") for one in ("周建军", "奶奶常年吃药", "班级评议意见", "比较困难")
    )
    assert story.cast.client("class_teacher").post(address, {"kind": "docx"}).content[:2] == b"PK"
    assert story.cast.client("helper").post(address, {"kind": "pdf"}).status_code == 403
    assert CONTENT.signed_by in words


@pytest.mark.parametrize(
    "name",
    ["hardship", "hardship-applications", "hardship-recognised", "hardship-uncovered", "hardship-for-whom"],
)
def test_lists_ask_as_often_for_many_children_as_for_few(story, name):
    cast = story.cast
    browser = cast.client("head")

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            text(browser, name)
        return len(queries)

    def some(number: int) -> None:
        level = story.levels["一般困难"]
        for n in range(number):
            student = cast.add_student(f"同学{number}{n}", cast.class_one)
            student.circumstances.create(school=cast.school, category="orphan", since=TODAY)
            story.apply(student)
            other = cast.add_student(f"学友{number}{n}", cast.class_one)
            facts = {
                "school": cast.school,
                "round": story.round,
                "level": level,
                "change": "new",
                "reason_sealed": b"",
            }
            Recognition.objects.create(
                student=other, decided_by=cast.users["head"], decided_at=AFTER, **facts
            )

    some(2)
    few = asked()
    some(9)
    assert asked() <= few
