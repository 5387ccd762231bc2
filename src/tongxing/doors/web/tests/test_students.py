import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.care.contacts import actions
from tongxing.care.contacts.actions import Told
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Circumstance, Guardian

LIST = "/students/"


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def page_of(cast, student="key"):
    return reverse("student", args=[getattr(cast.students, student).pk])


def reveal(cast, role="helper", **form):
    return cast.client(role).post(reverse("student-reveal", args=[cast.students.key.pk]), form)


def talks(cast, count, **more):
    for number in range(count):
        actions.write_contact(
            SYSTEM,
            student=cast.students.key,
            client_id=f"00000000-0000-4000-8000-{number + len(more) * 100:012d}",
            kind="talk",
            told=Told({"thoughts": f"第 {number} 次谈心"}, reached=["student"]),
            staff=cast.staff["helper"],
            recorded_at=clock.now() - datetime.timedelta(days=7 * number + 1),
            **more,
        )


@pytest.mark.parametrize("q", ["周晓", "zhouxiaohe", "ZXH", "zx", "初一1 周"])
def test_the_search_finds_by_name_pinyin_initials_and_class(cast, q):
    found = text(cast.client("head").get(LIST, {"q": q}))
    assert "周晓禾" in found and "苏苗苗" not in found


def test_the_list_holds_ones_own_students_alone(cast):
    helper = cast.client("helper")
    others = {student.pk for student in (cast.students.normal, cast.students.plain, cast.students.far)}
    assert page_of(cast) in text(helper.get(LIST))
    for q in ("", "初一", "苏苗苗", "何一帆", "孟"):
        found = text(helper.get(LIST, {"q": q}))
        assert not [pk for pk in others if reverse("student", args=[pk]) in found]


def test_filters_narrow_the_list(cast):
    head = cast.client("head")
    key = text(head.get(LIST, {"registered": "key"}))
    assert "周晓禾" in key and "孟宇航" not in key
    second = text(head.get(LIST, {"class": cast.class_two.pk}))
    assert "苏苗苗" in second and "周晓禾" not in second
    assert "周晓禾" in text(head.get(LIST, {"class": "x", "registered": "x", "page": "x"}))


def test_nobody_found_says_what_to_try(cast):
    assert 'class="card empty' in text(cast.client("head").get(LIST, {"q": "没有这个人"}))


def test_the_list_counts_no_queries_per_row(cast):
    head = cast.client("head")
    with CaptureQueriesContext(connection) as few:
        head.get(LIST)
    for number in range(60):
        cast.add_student(f"同学{number}", cast.class_two, "normal", pinyin=f"tongxue{number}")
    with CaptureQueriesContext(connection) as many:
        assert "page=2" in text(head.get(LIST))
    assert len(many) <= len(few) + 1  # a second page is counted


def test_the_student_page_tells_the_essentials(cast):
    page = text(cast.client("helper").get(page_of(cast)))
    for fact in ("周晓禾", "初一(1)班", "奶奶 周桂兰", "昆山", "20:00", "139****1111", "138****5678"):
        assert fact in page
    assert "13900001111" not in page and "tel:" not in page


def test_the_counsellor_sees_no_phone_and_cannot_reveal(cast):
    page = text(cast.client("counsellor").get(page_of(cast)))
    assert "****" not in page and "周桂兰" not in page
    assert reveal(cast, "counsellor", what="phone", purpose="联系家长").status_code == 403


def test_hardship_is_shown_only_where_the_zone_is_open(cast):
    for category in ("left_behind", "minimum_living"):
        Circumstance.objects.create(
            school=cast.school, student=cast.students.key, category=category, source="民政"
        )
    labels = [str(Circumstance.Category(c).label) for c in ("left_behind", "minimum_living")]
    helper, head = (text(cast.client(role).get(page_of(cast))) for role in ("helper", "head"))
    assert labels[0] in helper and labels[1] not in helper
    assert labels[0] in head and labels[1] in head


def test_another_helpers_student_is_not_there(cast):
    for student in ("normal", "plain", "far"):
        assert cast.client("helper").get(page_of(cast, student)).status_code == 404


def test_the_timeline_shows_presence_of_what_is_restricted(cast):
    talks(cast, 2)
    talks(cast, 1, visibility="counsellor")
    page = text(cast.client("class_teacher").get(page_of(cast)))
    assert (
        page.count('<li class="card entry') == 3 and page.count("第 0 次谈心") == 1 and "第 1 次谈心" in page
    )


def test_the_student_page_counts_no_queries_per_record(cast):
    helper = cast.client("helper")
    talks(cast, 1)
    with CaptureQueriesContext(connection) as few:
        text(helper.get(page_of(cast)))
    talks(cast, 8, visibility="counsellor")
    Guardian.objects.create(school=cast.school, student=cast.students.key, name="周梅", relation="relative")
    with CaptureQueriesContext(connection) as many:
        text(helper.get(page_of(cast)))
    assert len(many) == len(few)


def test_a_number_is_revealed_once_with_its_purpose_and_logged(cast):
    guardian = Guardian.objects.get(name="周桂兰")
    shown = reveal(cast, what=f"g{guardian.pk}", purpose="联系家长")
    assert "13900001111" in text(shown) and 'href="tel:13900001111"' in text(shown)
    assert shown["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="student.reveal")
    assert entry.purpose == "联系家长" and entry.user_id == cast.users["helper"].pk


@pytest.mark.parametrize(("what", "value"), [("phone", "13812345678"), ("address", "和风镇柳溪村三组12号")])
def test_own_details_are_revealed_too(cast, what, value):
    assert value in text(reveal(cast, what=what, own_words="家访找路"))


def test_without_a_purpose_nothing_is_revealed(cast):
    answer = reveal(cast, what="phone")
    assert answer.status_code == 422 and "13812345678" not in answer.content.decode()
    assert not AuditEntry.objects.filter(action="student.reveal").exists()


@pytest.mark.parametrize("what", ["", "key", "g0", "gx", "id_number_sealed"])
def test_nothing_else_can_be_revealed(cast, what):
    assert reveal(cast, what=what, purpose="联系家长").status_code == 404


def test_a_guardian_of_another_student_is_not_revealed(cast):
    other = Guardian.objects.create(
        school=cast.school, student=cast.students.plain, name="苏强", relation="father", phone_masked="1"
    )
    assert reveal(cast, "head", what=f"g{other.pk}", purpose="联系家长").status_code == 404


def test_a_teacher_does_not_open_the_file_of_ones_own_child(cast):
    """As guardian one knows the name; what the school notes is for those who look after the child."""
    cast.grant("helper", "guardian", student=cast.students.plain)
    assert cast.client("helper").get(page_of(cast, "plain")).status_code == 403
    cast.grant("helper", "guardian", cast.other_school, student=cast.students.far)
    assert cast.client("helper").get(page_of(cast, "far")).status_code == 404


def test_numbers_that_are_none_are_not_found(cast):
    assert reveal(cast, what="g²", purpose="联系家长").status_code == 404
    assert cast.client("head").get(reverse("register"), {"class": "²"}).status_code == 200
