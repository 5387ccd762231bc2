"""A whole term of 和风镇中心初中: from the first spreadsheet to the summary, each step with a refusal beside it.

The days are those of autumn 2026; teaching week 1 begins on Monday 7 September.
"""

import datetime
import io
from uuid import uuid4

import docx
import pytest
from tongxing.oversight.inspection import actions as inspection

from tongxing.care.contacts.actions import Told, revise_contact
from tongxing.care.pairing import actions as pairing
from tongxing.care.pairing.fixed_actions import exclude
from tongxing.care.pairing.models import Pair, Proposal
from tongxing.care.pairing.move_actions import hand_over
from tongxing.care.programme import actions as programme
from tongxing.care.programme import exemption_actions
from tongxing.care.safety import actions as safety
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.naming import name_responder
from tongxing.care.screening import actions as screening
from tongxing.care.screening import queries as rounds
from tongxing.care.screening.actions.classes import Answer
from tongxing.care.screening.comparison import compare
from tongxing.care.screening.models import Round
from tongxing.ground.access import slips
from tongxing.ground.access.actions import grant
from tongxing.ground.access.founding import first_run_is_open, first_run_token, found_school
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.actions import find_start_code, start
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.actions import add_staff, leave_register, note_offence_checks
from tongxing.ground.people.calendar_actions import TermDates
from tongxing.ground.people.models import ClassMembership, Registration, Staff, Student
from tongxing.ground.people.student_actions import add_student
from tongxing.oversight.insight.queries import overview
from tongxing.paper.documents.actions import issue_summary

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
    weeks_pass_and_talks_are_written_down(story)
    a_family_would_rather_not_be_visited(story)
    a_record_is_corrected(story)
    a_child_joins_in_week_9(story)
    a_helper_leaves(story)
    a_second_round_sees_grades_alone(story)
    danger_in_a_talk_finds_somebody_the_same_day(story)
    november_is_inspected(story)
    the_term_ends_with_its_summary(story)
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
    """Each class teacher goes through the own class in one sitting; the head approves."""
    story.on(9, 8)
    with refused():
        screening.run_round(story.actor("lin"), term=story.term)
    found = screening.run_round(story.actor("coordinator"), term=story.term)
    with refused():  # another class
        screening.go_through(story.actor("tang"), round=found, school_class=story.class_two(), answers={})
    with refused():  # a child is named with an observable fact, and one answer too little writes none
        _go_through(story, found, "tang", named={"周晓禾": ""})
    assert not found.looked.filter(origin="person").exists()
    _go_through(story, found, "tang", named=NAMED)
    with refused():  # nobody has looked at class two yet
        screening.approve(story.actor("head"), round=found)
    _go_through(story, found, "shao", named=NAMED)
    assert rounds.coverage(story.actor("head"), found).unseen == 0
    story.on(9, 11)
    with refused():
        screening.approve(story.actor("coordinator"), round=found)
    screening.approve(story.actor("head"), round=found)
    assert Registration.objects.on(D(2026, 9, 11)).count() == len(NAMED)


def _go_through(story: Story, found: Round, who: str, named: dict[str, str]) -> None:
    """Everybody in the class is answered for: those named with a word, candidates as proposed, all others as seen."""
    school_class = story.class_one() if who == "tang" else story.class_two()
    waiting = set(found.looked.filter(decision="pending").values_list("student", flat=True))
    answers = {}
    for member in ClassMembership.objects.filter(school_class=school_class).select_related("student"):
        fact = named.get(member.student.name)
        if fact is not None:
            answers[member.student_id] = Answer("key" if "五次" in fact else "normal", fact)
        else:
            answers[member.student_id] = Answer("as_proposed" if member.student_id in waiting else "seen")
    screening.go_through(story.actor(who), round=found, school_class=school_class, answers=answers)


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


def a_child_joins_in_week_9(story: Story) -> None:
    """Nobody has looked at the new child until somebody does; obligations begin with the day of joining."""
    story.on(11, 3)
    coordinator, facts = story.actor("coordinator"), {"name": "欧阳一诺", "sex": "female"}
    with refused(Refused):  # is this the child that is here already?
        add_student(
            coordinator,
            school=story.school,
            facts={"name": "周晓禾"},
            client_id=uuid4(),
            school_class=story.class_one(),
        )
    with refused(NotAllowed):
        add_student(story.actor("shao"), school=story.school, facts=facts, client_id=uuid4())
    add_student(
        coordinator, school=story.school, facts=facts, client_id=uuid4(), school_class=story.class_two()
    )
    joined = story.student("欧阳一诺")
    found = rounds.current_round(story.actor("head"), story.term)
    assert rounds.unseen(story.actor("head"), found) == [joined]
    answers = {joined.pk: Answer("key", "转来两周，三次独自哭，父母在昆山")}
    with refused(NotAllowed):  # the child is in the other class
        screening.go_through(
            story.actor("tang"), round=found, school_class=story.class_two(), answers=answers
        )
    screening.go_through(story.actor("shao"), round=found, school_class=story.class_two(), answers=answers)
    with refused(Refused):  # nobody is accompanied before the register is approved
        pairing.choose_other(coordinator, student=joined, helper=story.free())
    screening.approve(story.actor("head"), round=found)
    pairing.choose_other(coordinator, student=joined, helper=story.free())
    assert story.duties(joined, "talk")[0].starts == D(2026, 11, 3)


def a_helper_leaves(story: Story) -> None:
    """With the promises that are open; the old helper's access ends the day before, the new one's begins."""
    day = story.on(11, 9)
    student = story.student("周晓禾")
    old = story.helper_of(student)
    story.write(old, student, next_on=D(2026, 11, 12), happened_at=day)
    pair, to = Pair.objects.open().get(student=student), story.free()
    moves = [(pair, to)]
    page = story.page("coordinator", f"/pairing/helpers/{pair.helper_id}/hand-over/")
    assert "11月12日" in page, "the agreed date goes along"
    with refused(NotAllowed):
        hand_over(story.actor(old), moves=moves, on=D(2026, 11, 10), reason=Pair.Ended.HELPER_LEFT)
    with refused(Refused):  # whose check is not noted
        Staff.objects.filter(pk=to.pk).update(offence_check_on=None)
        hand_over(story.actor("coordinator"), moves=moves, on=D(2026, 11, 10), reason=Pair.Ended.HELPER_LEFT)
    Staff.objects.filter(pk=to.pk).update(offence_check_on=D(2026, 9, 1))
    hand_over(
        story.actor("coordinator"),
        moves=moves,
        on=D(2026, 11, 10),
        reason=Pair.Ended.HELPER_LEFT,
        note="调往中心小学",
    )
    story.on(11, 10)
    new = story.who(to)
    assert "想参加合唱队" in story.page(new, f"/students/{student.pk}/"), "earlier notes can be read"
    assert story.status(old, f"/students/{student.pk}/") in {403, 404}
    with refused(NotAllowed):
        story.write(old, student)
    story.write(new, student)


def a_second_round_sees_grades_alone(story: Story) -> None:
    """The mid-term exam has 等级 and no numbers; what changed since September is told for each child."""
    story.on(11, 16)
    weak = ("叶小满", "秦小满")
    marks = [
        (code, name, "2026-11-12", *(("E", "E", "D") if name in weak else ("B", "A", "B")))
        for code, name, *_rest in pupils()
    ]
    story.import_file(
        "coordinator", "期中等级.xlsx", ("学号", "姓名", "考试日期", "语文", "数学", "英语"), *marks
    )
    coordinator = story.actor("coordinator")
    with refused(NotAllowed):
        screening.open_round(story.actor("tang"), term=story.term, number=2)
    with refused(Refused):  # there is no third round before the second
        screening.open_round(coordinator, term=story.term, number=3)
    second = screening.open_round(coordinator, term=story.term, number=2)
    change = compare(coordinator, second)
    assert {one.student.name for one in change.new} == set(weak)
    assert all(
        "等级" in reason or "E" in reason or "D" in reason for one in change.new for reason in one.added
    )
    for who in ("tang", "shao"):
        _go_through(story, second, who, named={})
    screening.approve(story.actor("head"), round=second)
    entry = Registration.objects.on(D(2026, 11, 16)).get(student__name="黎苗苗")
    with refused(Refused):
        leave_register(story.actor("head"), entry=entry, reason="")
    with refused(NotAllowed):
        leave_register(story.actor("coordinator"), entry=entry, reason="接送有了着落")
    leave_register(story.actor("head"), entry=entry, reason="姑姑每天来接，一个月没有再等")
    assert Registration.objects.on(D(2026, 11, 17)).count() == len(NAMED) + 1 + len(weak) - 1


def danger_in_a_talk_finds_somebody_the_same_day(story: Story) -> None:
    story.on(11, 18)
    student = story.student("周宇航")
    head = story.actor("head")
    with refused(NotAllowed):
        name_responder(
            story.actor("coordinator"), school=story.school, post="safety", staff=story.staff("du")
        )
    name_responder(head, school=story.school, post="safety", staff=story.staff("du"))
    story.write(story.helper_of(student), student, body={"thoughts": "他说活着没意思，不想活了。"})
    flag = RiskFlag.objects.get()
    assert RiskFlag.objects.visible_to(story.actor("du")).exists()
    assert not RiskFlag.objects.visible_to(story.actor("shao")).exists()
    with refused(NotAllowed):
        safety.take_on(story.actor("shao"), flag=flag)
    safety.take_on(story.actor("du"), flag=flag)


def november_is_inspected(story: Story) -> None:
    """Figures are frozen; thanks come before what is asked; a point is seen to, or visibly not."""
    story.on(12, 1)
    head, school = story.actor("head"), story.school
    with refused(NotAllowed):
        inspection.open_month(story.actor("tang"), school=school, month=D(2026, 11, 1))
    with refused(Refused):  # December's figures are not there yet
        inspection.open_month(head, school=school, month=D(2027, 1, 1))
    month = inspection.open_month(head, school=school, month=D(2026, 11, 1))
    assert inspection.open_month(head, school=school, month=D(2026, 11, 1)) == month
    point = {"text": "第10周有两次谈心还没记上", "person": story.staff("ling"), "due_on": D(2026, 12, 11)}
    with refused(Refused):  # thanks first
        inspection.ask(head, inspection=month, client_id=uuid4(), **point)
    inspection.say_thanks(head, inspection=month, thanks="转来的同学当天就有老师陪着，谢谢各位。")
    finding = inspection.ask(head, inspection=month, client_id=uuid4(), **point)
    assert "整改建议" in story.page("ling", "/reminders/") or "整改" in story.page("ling", "/week/")
    with refused(Refused):  # something is still open
        inspection.close(head, inspection=month)
    with refused(NotAllowed):  # only who was asked answers
        inspection.tell(story.actor("song"), finding=finding, evidence="已补记")
    story.on(12, 10)
    inspection.tell(story.actor("ling"), finding=finding, evidence="两次谈心都已补记")
    inspection.look_again(story.actor("head"), finding=finding, outcome="done")
    inspection.close(story.actor("head"), inspection=month)
    with refused(Refused):  # a closed month is only read
        inspection.say_thanks(story.actor("head"), inspection=month, thanks="再次感谢")


def the_term_ends_with_its_summary(story: Story) -> None:
    """Every figure of the summary is one that the overview shows; no child is named."""
    moment = story.on(1, 20)
    head, client_id = story.actor("head"), uuid4()
    with refused(NotAllowed):
        issue_summary(story.actor("tang"), term=story.term, client_id=client_id)
    issued = issue_summary(head, term=story.term, client_id=client_id, next_steps="寒假里每两周联系一次。")
    assert issue_summary(head, term=story.term, client_id=client_id).pk == issued.pk
    figures = {row["code"]: row["value"] for row in issued.facts["figures"]}
    shown = {row.code: row.value for row in overview(head, story.school, story.term, moment).figures.rows}
    same = figures.keys() & shown.keys()
    assert same and {code: figures[code] for code in same} == {code: shown[code] for code in same}
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(bytes(issued.file))).paragraphs)
    assert "和风镇中心初中" in text and "寒假里每两周联系一次" in text
    assert not any(name in text for name in (*NAMED, "欧阳一诺"))
