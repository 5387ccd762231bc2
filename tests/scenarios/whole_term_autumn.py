"""The first half of the story: from the founding to late October."""

import datetime
from uuid import uuid4

from tongxing.care.contacts.actions import Told, revise_contact
from tongxing.care.pairing import actions as pairing
from tongxing.care.pairing.fixed_actions import exclude, pin
from tongxing.care.pairing.models import Pair, Proposal
from tongxing.care.programme import actions as programme
from tongxing.care.programme import exemption_actions
from tongxing.care.screening import actions as screening
from tongxing.care.screening import queries as rounds
from tongxing.ground.access import slips
from tongxing.ground.access.actions import grant
from tongxing.ground.access.founding import first_run_is_open, first_run_token, found_school
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.actions import find_start_code, start
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
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
    "黎苗苗": "五次放学后独自在校门口等到六点",
}
FIRST = TermDates(D(2026, 9, 1), D(2027, 1, 22), D(2026, 9, 7))
SECOND = TermDates(D(2027, 2, 22), D(2027, 7, 9), D(2027, 2, 22))


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
    """Each class teacher goes through the own class in one sitting; the head approves."""
    story.on(9, 8)
    with refused():
        screening.run_round(story.actor("lin"), term=story.term)
    found = screening.run_round(story.actor("coordinator"), term=story.term)
    with refused():  # another class
        screening.go_through(story.actor("tang"), round=found, school_class=story.class_two(), answers={})
    with refused():  # a child is named with an observable fact, and one answer too little writes none
        story.go_through(found, "tang", named={"周晓禾": ""})
    assert not found.looked.filter(origin="person").exists()
    story.go_through(found, "tang", named=NAMED)
    with refused():  # nobody has looked at class two yet
        screening.approve(story.actor("head"), round=found)
    story.go_through(found, "shao", named=NAMED)
    assert rounds.coverage(story.actor("head"), found).unseen == 0
    story.on(9, 11)
    with refused():
        screening.approve(story.actor("coordinator"), round=found)
    screening.approve(story.actor("head"), round=found)
    assert Registration.objects.on(D(2026, 9, 11)).count() == len(NAMED)


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
    with refused(Refused):  # what was ruled out is not fixed
        pin(coordinator, student=kin, helper=story.staff("du"), reason="住得近")
    pin(coordinator, student=kin, helper=story.staff("lin"), reason="去年就一直聊得来")
    pairing.propose(coordinator, school=school, term=story.term)
    assert Proposal.objects.get(student=kin).helper == story.staff("lin")
    pairing.confirm_all(coordinator, school=school)
    assert Pair.objects.open().count() == len(NAMED)
    assert Pair.objects.open().filter(helper=story.staff("head")).exists()


def weeks_pass_and_talks_are_written_down(story: Story) -> None:
    """From week 2 to week 7 every helper talks with the own student on Wednesday; in week 5 one did not."""
    pairs = list(Pair.objects.open().select_related("student", "helper").order_by("pk"))
    for week in range(2, 8):
        day = story.on_day(D(2026, 9, 9) + datetime.timedelta(weeks=week - 1))
        for pair in pairs:
            if (week, pair.student.name) != (5, "周晓禾"):
                story.write(story.who(pair.helper), pair.student, happened_at=day)
    key = story.student("周晓禾")
    helper = story.helper_of(key)
    with refused(NotAllowed):  # whoever does not accompany this child writes nothing about it
        story.write(next(who for who in ("song", "ling", "du") if who != helper), key)
    with refused(Refused):  # nor is anything written down before it happened
        story.write(helper, key, happened_at=day + datetime.timedelta(days=1))
    assert story.states(key, "talk") == {2: "done", 3: "done", 4: "done", 5: "overdue", 6: "done", 7: "done"}


def a_family_would_rather_not_be_visited(story: Story) -> None:
    """An attempt is written down and fulfils nothing; then the visit rests, with its reason."""
    story.on(10, 28)
    student = story.student("孟宇航")
    helper = story.helper_of(student)
    story.write(helper, student, "visit", made=False, reached=[], channel="at_home", body={})
    (visit,) = story.duties(student, "visit")
    assert (visit.state, len(visit.attempts)) == ("due", 1)
    coordinator = story.actor("coordinator")
    with refused(Refused):  # without a reason nobody understands it later
        exemption_actions.exempt(coordinator, student=student, commitment="visit", reason=" ")
    with refused(NotAllowed):
        exemption_actions.exempt(
            story.actor("ling"), student=student, commitment="visit", reason="家里不方便"
        )
    reason = "监护人希望先电话联系，暂不上门"
    exemption_actions.exempt(
        coordinator, student=student, commitment="visit", reason=reason, until=FIRST.ends_on
    )
    assert [one.state for one in story.duties(student, "visit")] == ["exempt"]


def a_record_is_corrected(story: Story) -> None:
    """The author corrects; what stood there before stays readable."""
    student = story.student("周晓禾")
    helper = story.helper_of(student)
    contact = story.write(helper, student, body={"thoughts": "想参加剪纸小组。", "promise": "周三交英语听写"})
    told = Told({"thoughts": "想参加合唱队。", "promise": "周三交英语听写"}, "in_person", ["student"])
    with refused(NotAllowed):  # somebody else's record
        revise_contact(story.actor("coordinator"), contact=contact, after=1, told=told)
    revise_contact(story.actor(helper), contact=contact, after=1, told=told, reason="听错了，是合唱队")
    with refused(Refused):  # whoever read the first version only does not write over the second
        revise_contact(story.actor(helper), contact=contact, after=1, told=Told({"thoughts": "……"}))
    page = story.page(helper, f"/students/{student.pk}/")
    assert "想参加合唱队" in page
    assert contact.revisions.count() == 2
