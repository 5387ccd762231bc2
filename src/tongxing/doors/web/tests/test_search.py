"""林岚 helps 周晓禾 of 初一(1); 苏苗苗 is in 初一(2), where 邵明 is the class teacher."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.contacts import actions
from tongxing.care.contacts.actions import Told


def note(cast, words, role="helper", student="key", **more):
    return actions.write_contact(
        cast.actor(role),
        student=getattr(cast.students, student),
        client_id=uuid4(),
        kind="talk",
        told=Told({"thoughts": words}, reached=["student"]),
        **more,
    )


def search(cast, role, wanted, **more):
    response = cast.client(role).get(reverse("search"), {"q": wanted, **more})
    assert response.status_code == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_the_box_on_every_page_leads_to_the_search(cast):
    assert f'action="{reverse("search")}"' in cast.client("helper").get("/week/").content.decode()


def test_students_and_notes_are_found_together_with_the_hit_marked(cast):
    contact = note(cast, "想学好英语，晓禾说每天听一段")
    page = search(cast, "helper", "英语")
    assert "<mark>英语</mark>" in page and reverse("record", args=[contact.pk]) in page
    assert "周晓禾" in page and "初一(1)班" in page and "林岚" in page
    page = search(cast, "helper", "晓禾")
    assert reverse("student", args=[cast.students.key.pk]) in page and "<mark>晓禾</mark>" in page


@pytest.mark.parametrize("wanted", ["欧阳", "oy", "ouyang", "若水", "ruoshui", "一诺 初一1"])
def test_a_student_is_found_by_any_way_of_writing_the_name(cast, wanted):
    cast.add_student("欧阳若水", cast.class_one, pinyin="ouyangruoshui", initials="oyrs")
    cast.add_student("欧阳一诺", cast.class_one, pinyin="ouyangyinuo", initials="oyyn")
    assert ("欧阳一诺" if "诺" in wanted else "欧阳若水") in search(cast, "head", wanted)


@pytest.mark.parametrize("role", ["helper", "class_teacher"])
@pytest.mark.parametrize("restricted", [False, True])
def test_a_note_of_another_class_leaves_the_page_as_if_it_did_not_exist(cast, role, restricted):
    note(cast, "想学好英语")
    before = search(cast, role, "英语")
    note(cast, "英语课上睡着了", "head", "plain", **({"visibility": "counsellor"} if restricted else {}))
    assert search(cast, role, "英语") == before


def test_a_restricted_note_leaves_the_page_as_if_it_did_not_exist(cast):
    before = search(cast, "class_teacher", "英语")
    note(cast, "英语", visibility="counsellor")
    assert search(cast, "class_teacher", "英语") == before


def test_a_student_of_another_class_is_neither_shown_nor_counted(cast):
    before = search(cast, "class_teacher", "苏苗苗")
    assert reverse("student", args=[cast.students.plain.pk]) not in before
    cast.students.plain.delete()
    assert search(cast, "class_teacher", "苏苗苗") == before


def test_many_notes_come_page_by_page(cast):
    for number in range(23):
        note(cast, f"英语第 {number} 单元")
    first, second = (search(cast, "helper", "英语", page=number) for number in (1, 2))
    assert first.count("<mark>") == 20 and second.count("<mark>") == 3


def test_one_searches_with_the_same_number_of_queries_for_one_note_and_for_many(
    cast, django_assert_max_num_queries
):
    browser = cast.client("head")
    for number in range(15):
        note(cast, f"英语第 {number} 单元")
    with django_assert_max_num_queries(14):
        browser.get(reverse("search"), {"q": "英语"})


def test_what_one_types_is_shown_as_it_is(cast):
    assert "<script>" not in search(cast, "helper", "<script>alert(1)</script>")


def test_guardians_and_finance_do_not_search(cast):
    for role in ("guardian", "student", "finance_maker", "system_admin"):
        assert cast.client(role).get(reverse("search"), {"q": "英语"}).status_code == 403
