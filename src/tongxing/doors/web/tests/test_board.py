"""The class board, as a browser gets it."""

import datetime
import re

import pytest
from django.urls import reverse
from tests.promised import talk

from tongxing.care.contacts.thanks import thank
from tongxing.ground.people.models import Registration, SchoolClass, Term

pytestmark = pytest.mark.usefixtures("promised")


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def board(cast, role="class_teacher", school_class=None):
    return cast.client(role).get(reverse("class-board", args=[(school_class or cast.class_one).pk]))


def test_a_class_teacher_comes_straight_to_the_own_class(cast):
    response = cast.client("class_teacher").get(reverse("board"), follow=True)
    page = text_of(response)
    assert "初一(1)班：还有两位同学等着" in page
    assert "该聊聊了" in page and "林老师陪伴" in page and "还没结对" in page
    assert reverse("record-new", args=[cast.students.key.pk]) + "?kind=talk" in response.content.decode()
    assert "苏苗苗" not in page and "初一(2)" not in page


def test_those_who_lead_choose_a_class_in_the_schools_order(cast):
    page = text_of(cast.client("coordinator").get(reverse("board")))
    assert page.index("初一(1)班") < page.index("初一(2)班")
    assert "云岭" not in page
    opened = board(cast, "coordinator")
    assert reverse("pairing-student", args=[cast.students.normal.pk]) in opened.content.decode()


def test_another_class_is_not_found(cast):
    far = SchoolClass.objects.get(school=cast.other_school)
    assert board(cast, "class_teacher", cast.class_two).status_code == 404
    assert board(cast, "head", far).status_code == 404
    for role in ("helper", "counsellor", "guardian", "county_supervisor"):
        assert board(cast, role).status_code == 403


def test_a_class_in_which_everybody_is_looked_after_reads_thanks(cast):
    Registration.objects.filter(student=cast.students.normal).delete()
    talk(cast)
    assert "都照顾到了，谢谢大家" in text_of(board(cast))


def test_an_empty_board_says_what_to_do(cast):
    assert "没有登记的同学" in text_of(board(cast, "other_class_teacher", cast.class_two))
    Term.objects.filter(school=cast.school).update(school=cast.other_school)
    assert "还没有学期" in text_of(cast.client("head").get(reverse("board")))
    assert board(cast).status_code == 404


def test_thanks_stand_with_their_words(cast):
    thank(cast.actor("class_teacher"), contact=talk(cast), words="谢谢您这么上心")
    assert "唐老师谢谢林老师 “谢谢您这么上心”" in text_of(board(cast))


def test_no_word_of_the_board_weighs_people(cast):
    page = text_of(board(cast))
    assert not any(word in page for word in ("排名", "第一名", "最少", "最多", "留守", "未做"))


def test_bright_moments_and_agreed_dates_are_told(cast):
    talk(cast, kind="highlight", channel="activity", reached=[], body={"seen": "主动举手回答"})
    talk(cast, next_on=datetime.date(2026, 11, 30))
    page = text_of(board(cast))
    assert "主动举手回答" in page and "亮点 ·" in page
    assert "11月30日 周一" in page and "谈心 ·" in page
