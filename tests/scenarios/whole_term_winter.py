"""The second half of the story: from a child who joins in November to the summary in January."""

import io
from uuid import uuid4

import docx

from tongxing.care.pairing import actions as pairing
from tongxing.care.pairing.models import Pair
from tongxing.care.pairing.move_actions import hand_over
from tongxing.care.safety import actions as safety
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.naming import name_responder
from tongxing.care.screening import actions as screening
from tongxing.care.screening import queries as rounds
from tongxing.care.screening.actions.classes import Answer
from tongxing.care.screening.comparison import compare
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.actions import leave_register
from tongxing.ground.people.models import Registration, Staff
from tongxing.ground.people.student_actions import add_student
from tongxing.oversight.insight.queries import overview
from tongxing.oversight.inspection import actions as inspection
from tongxing.paper.documents.actions import issue_summary

from .story import Story, pupils, refused
from .whole_term_autumn import NAMED, D


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
        story.go_through(second, who, named={})
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
