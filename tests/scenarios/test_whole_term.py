"""A whole term of 和风镇中心初中: from the first spreadsheet to the summary, each step with a refusal beside it.

The days are those of autumn 2026; teaching week 1 begins on Monday 7 September.
"""

import datetime
from uuid import uuid4

import pytest

from tongxing.care.pairing import actions as pairing
from tongxing.care.pairing.fixed_actions import exclude
from tongxing.care.pairing.models import Pair, Proposal
from tongxing.care.programme import actions as programme
from tongxing.care.screening import actions as screening
from tongxing.care.screening import queries as rounds
from tongxing.ground.access import slips
from tongxing.ground.access.actions import grant
from tongxing.ground.access.founding import first_run_is_open, first_run_token, found_school
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.actions import find_start_code, start
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.actions import add_staff, note_offence_checks
from tongxing.ground.people.calendar_actions import TermDates
from tongxing.ground.people.models import Registration, Staff, Student

from .story import HEADINGS, TEACHERS, Story, pupils, refused

D = datetime.date
#: Whom the class teachers name in September, and the facts they saw.
NAMED = {
    "周晓禾": "开学以来五次没有交数学作业",
    "孟宇航": "上课三次说看不清黑板，座位已前调",
    "黎晓禾": "爷爷奶奶带着，周末没有人看作业",
    "周宇航": "两次说晚上睡不好，想爸爸妈妈",
    "黎宇航": "午饭常常只打一个菜",
    "周苗苗": "连续四天没有完成英语听写",
    "黎苗苗": "放学后独自在校门口等到六点",
}
FIRST = TermDates(D(2026, 9, 1), D(2027, 1, 22), D(2026, 9, 7))
SECOND = TermDates(D(2027, 2, 22), D(2027, 7, 9), D(2027, 2, 22))


@pytest.mark.django_db
def test_a_whole_term_from_the_first_import_to_the_summary(story: Story):
    the_school_is_founded(story)
    its_people_come_out_of_spreadsheets(story)
    colleagues_get_their_roles_and_their_slips(story)
    every_child_is_looked_at(story)
    each_registered_child_gets_a_helper(story)
    assert audit.verify().intact


def the_school_is_founded(story: Story) -> None:
    story.on(8, 31, 9)
    token = first_run_token()
    facts = {
        "name": "和风镇中心初中",
        "stage": "junior",
        "year": "2026-2027",
        "first": FIRST,
        "second": SECOND,
    }
    person = {"administrator": "方圆", "login": "fang", "password": "clear-water-71"}
    with refused():  # the second term would begin before the first has ended
        found_school(SYSTEM, **(facts | {"second": FIRST}), **person)
    story.admin = found_school(SYSTEM, **facts, **person)
    story.school = Organisation.objects.get(kind="school")
    with refused():  # a second time, with the same link
        found_school(SYSTEM, **facts, **(person | {"login": "other"}))
    assert not first_run_is_open(token)


def its_people_come_out_of_spreadsheets(story: Story) -> None:
    story.on(8, 31, 10)
    with refused():  # the administrator looks after accounts, not after children's data
        story.import_file("admin", "学生名册.xlsx", HEADINGS, *pupils())
    code, name = TEACHERS["head"]
    head = add_staff(story.actor("admin"), school=story.school, code=code, name=name)
    grant(story.actor("admin"), school=story.school, user=head.user, role=Role.HEAD)
    teachers = [(code, name, "女", "柳溪村") for code, name in TEACHERS.values()]
    story.import_file("head", "教职工.xlsx", ("工号", "姓名", "性别", "所在村"), *teachers)
    assert Staff.objects.count() == len(TEACHERS)
    with refused():  # a teacher without a role
        story.import_file("lin", "学生名册.xlsx", HEADINGS, *pupils())
    story.import_file("head", "学生名册.xlsx", HEADINGS, *pupils())
    story.import_file("head", "学生名册.xlsx", HEADINGS, *pupils())  # the same file again adds nobody
    assert Student.objects.enrolled().count() == 48
    lessons = [("T03", "唐雨", "初一(1)班", "语文"), ("T04", "邵明", "初一(2)班", "数学")]
    story.import_file("head", "任课表.xlsx", ("工号", "姓名", "班级", "科目"), *lessons)


def colleagues_get_their_roles_and_their_slips(story: Story) -> None:
    story.on(9, 1)
    head, school = story.actor("head"), story.school
    grant(head, school=school, user=story.user("coordinator"), role=Role.COORDINATOR)
    for who, group in (("tang", story.class_one()), ("shao", story.class_two())):
        grant(head, school=school, user=story.user(who), role=Role.CLASS_TEACHER, school_class=group)
    coordinator = story.actor("coordinator")
    with refused():  # nobody hands out a slip for an account above the own rank
        slips.make_slips(coordinator, school=school, users=[story.user("head")], batch=uuid4())
    (slip,) = slips.make_slips(coordinator, school=school, users=[story.user("lin")], batch=uuid4())
    start(find_start_code(slip.code, address="10.0.0.7"), password="quiet-river-12", login="linlan")
    with refused():  # the slip was used
        find_start_code(slip.code, address="10.0.0.7")
    with refused():
        programme.install(story.actor("tang"), school=school)
    assert programme.install(coordinator, school=school)


def every_child_is_looked_at(story: Story) -> None:
    """The rules find those whose parents are away; the class teachers name whom no record tells of."""
    story.on(9, 8)
    coordinator = story.actor("coordinator")
    with refused():
        screening.run_round(story.actor("lin"), term=story.term)
    found = screening.run_round(coordinator, term=story.term)
    unseen = rounds.unseen(coordinator, found)
    screening.look_at(coordinator, round=found, students=unseen, note="班主任逐一看过")
    with refused():  # an observable fact is asked for
        screening.add(coordinator, round=found, student=story.student("周晓禾"), reason="")
    for name, fact in NAMED.items():
        screening.add(
            coordinator,
            round=found,
            student=story.student(name),
            reason=fact,
            level="key" if "五次" in fact else "normal",
        )
    waiting = found.looked.filter(outcome="candidate")
    with refused():  # not everybody has been decided on
        screening.approve(story.actor("head"), round=found)
    screening.confirm(coordinator, round=found, levels={row.student_id: row.level for row in waiting})
    story.on(9, 11)
    with refused():
        screening.approve(coordinator, round=found)
    screening.approve(story.actor("head"), round=found)
    assert Registration.objects.on(D(2026, 9, 11)).count() == 7
    assert rounds.coverage(story.actor("head"), found).unseen == 0


def each_registered_child_gets_a_helper(story: Story) -> None:
    story.on(9, 14, 9)
    coordinator, school = story.actor("coordinator"), story.school
    with refused():  # nobody may begin before the check is noted
        pairing.choose_other(coordinator, student=story.student("孟宇航"), helper=story.staff("lin"))
    note_offence_checks(coordinator, school=school, staff=list(Staff.objects.all()), checked_on=D(2026, 9, 1))
    with refused():
        pairing.propose(story.actor("lin"), school=school, term=story.term)
    kin = story.student("周晓禾")
    exclude(coordinator, student=kin, helper=story.staff("du"), reason="两家是邻居，家长希望换一位老师")
    pairing.propose(coordinator, school=school, term=story.term)
    assert not Proposal.objects.filter(student=kin, helper=story.staff("du")).exists()
    pairing.confirm_all(coordinator, school=school)
    assert Pair.objects.open().count() == 7
    assert Pair.objects.open().filter(helper=story.staff("head")).exists()
