"""Plans of the term: for most registered students, at every place of the way – being written, handed in, sent back, in
force, looked at again. What they ask of people begins with the next week, so the term so far stays as it was told."""

import datetime
import random
from dataclasses import replace
from uuid import UUID

from tongxing.care.contacts.models import Contact
from tongxing.care.programme import term_plan_actions as writing
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme.measure_actions import who_can_take
from tongxing.care.programme.models import TermPlan
from tongxing.care.programme.term_plan_decisions import Look
from tongxing.care.programme.term_plan_rules import Draft, Measure, PlanText
from tongxing.care.screening.why import subjects_of
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM, Actor
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.models import Registration, Staff

from . import SEED, Demo

WEEK = datetime.timedelta(weeks=1)
KNOWLEDGE = (
    "{subject}基础题对得不到一半",
    "{subject}书上例题能懂，换个数就错",
    "{subject}旧知识有断点，从上学期补起",
)
HABITS = ("两周里 3 次没交作业", "上课常忘带书和作业本", "作业写到一半就放下", "到校常迟几分钟")
THINKING = ("题目读一遍就动笔，漏条件", "会做的说不出为什么", "遇到两步以上的题先停下")
MOTIVATION = ("想考镇上的高中", "喜欢画画，愿意为大家出板报", "怕问问题，怕同学笑", "想让在外打工的妈妈放心")
GOALS = ("期末{subject}能独立做完基础题", "作业每次都交，错题当天改", "每节课敢举一次手")
SIGNS = (
    "每周作业交齐；单元测验基础题对八成",
    "错题本每周 5 题，能讲给同桌听",
    "一个月不迟到；课堂举手每周三次",
)
MEASURES = (
    "每天课后 4 道题，当面讲一遍",
    "晚自习前 10 分钟听写，当场改",
    "周五一起整理错题本",
    "调到能和学伴讨论的座位",
)
OFTEN = ("每天课后", "每天晚自习前", "每周五", "本周内")
HELPED = ("课后 4 道题坚持下来了，作业交齐", "同桌陪着改错题有用，听写进步小", "当面讲有用，晚自习时间太短")
NEXT = ("题目换成应用题", "听写改成两天一次", "周末打一次电话问问")
TEACHERS = ("上课能抬头听了", "肯问问题了", "作业字迹工整了")


def tell(demo: Demo) -> None:
    pick = random.Random(SEED + 81)  # noqa: S311  # its own: the rest of the story stays as it is
    entries = Registration.objects.filter(school=demo.school, ends_on=None).order_by("pk")
    for number, entry in enumerate(entries.select_related("student__key", "student__school")):
        if number % 6 == 5:
            continue  # nobody has come to it yet
        _one(demo, pick, number, entry)


def _one(demo: Demo, pick: random.Random, number: int, entry: Registration) -> None:
    helper = _helper_of(entry)
    if helper is None:
        return
    lately = number % 6 in {3, 4}
    with clock.telling(_at(demo, 1 if lately else 6, hour=10)):
        writer, draft = actor_for(helper.user), _draft(demo, pick, entry, asks=number % 6 == 3)
        if number % 12 == 0:
            draft = replace(draft, measures=(*draft.measures, _of_colleague(demo, number, entry, helper)))
        if not writer.may(writing.WRITE, school_id=demo.school.pk, student_id=entry.student_id):
            return
        key = UUID(int=pick.getrandbits(128), version=4)
        plan = writing.begin_plan(writer, student=entry.student, term=demo.term, client_id=key, draft=draft)
        if number % 12 == 4:
            return  # half written
        writing.hand_in(writer, plan=plan, seen=_seen(plan))
    if lately and number % 12 != 10:
        return  # waits for approval
    with clock.telling(_at(demo, 0 if lately else 6, hour=15)):
        _decide(demo, number, helper, plan)
    if not lately and number % 6 == 0:
        with clock.telling(_at(demo, 2, hour=11)):
            _look(demo, pick, helper, plan)


def _decide(demo: Demo, number: int, helper: Staff, plan: TermPlan) -> None:
    leader = demo.posts["coordinator" if helper != demo.posts["coordinator"] else "head"]
    actor = actor_for(leader.user)
    if number % 12 == 10:
        deciding.send_back(actor, plan=plan, sentence="目标再小一点：一个月里看得见的", seen=_seen(plan))
    else:
        deciding.approve(actor, plan=plan, seen=_seen(plan))


def _look(demo: Demo, pick: random.Random, helper: Staff, plan: TermPlan) -> None:
    """What the family says is taken from the newest record in which it stands."""
    writer: Actor = actor_for(helper.user)
    if not writer.may(writing.WRITE, school_id=demo.school.pk, student_id=plan.student_id):
        return
    calls = Contact.objects.of_team(SYSTEM).filter(student=plan.student_id, happened_at__lte=clock.now())
    told = calls.filter(topics__icontains="family_view").order_by("-happened_at", "-pk").first()
    look = Look(
        pick.choice(HELPED),
        pick.choice(NEXT),
        "goes_on",
        pick.choice(TEACHERS),
        family_record=told.pk if told else None,
        next_on=clock.today() + 3 * WEEK,
    )
    look = replace(look, next_on=min(look.next_on or demo.term.ends_on, demo.term.ends_on))
    deciding.look_again(writer, plan=plan, client_id=UUID(int=pick.getrandbits(128), version=4), look=look)


def _draft(demo: Demo, pick: random.Random, entry: Registration, *, asks: bool) -> Draft:
    _first, subjects = subjects_of(SYSTEM, entry.student, demo.term)
    subject, today = (subjects or ("数学",))[0], clock.today()
    text = PlanText(
        pick.choice(KNOWLEDGE).format(subject=subject),
        pick.choice(HABITS),
        pick.choice(THINKING),
        pick.choice(MOTIVATION),
        pick.choice(GOALS).format(subject=subject),
        pick.choice(SIGNS),
    )
    keys = [UUID(int=pick.getrandbits(128), version=4) for _n in range(2)]
    place = pick.randrange(len(MEASURES))
    measures = [
        Measure(keys[0], MEASURES[place], often=OFTEN[place]),
        Measure(keys[1], "和家里约好作业时间，写在本子上", by="class_teacher", often="每月看一次"),
    ]
    if asks:
        measures[0] = Measure(keys[0], MEASURES[0], every="weeks", n=2, record_as="tutoring")
    last = max(demo.term.ends_on, today)
    weeks = pick.choice((6, 7, 8, 10))
    return Draft(text, today, last, min(today + weeks * WEEK, last), tuple(measures))


def _of_colleague(demo: Demo, number: int, entry: Registration, helper: Staff) -> Measure:
    """A measure that somebody beside helper and class teacher answers for, the first of them the coordinator."""
    near = [one for one in who_can_take(entry.student, demo.term) if one != helper]
    person = near[number % len(near)] if number and near else demo.posts["coordinator"]
    key = UUID(int=(93 << 64) + number, version=4)
    return Measure(key, "课间听写 10 个词，当场改", by="colleague", person_id=person.pk, every="week")


def _at(demo: Demo, weeks_ago: int, hour: int) -> datetime.datetime:
    """That many weeks ago, never before teaching week 3 nor after now."""
    day = max(clock.day_of(demo.until) - weeks_ago * WEEK, demo.term.week_one + 2 * WEEK)
    return min(datetime.datetime.combine(day, datetime.time(hour), SCHOOL_TIME), demo.until)


def _helper_of(entry: Registration) -> Staff | None:
    pairs = entry.student.pairs.open().of_first_helpers().select_related("helper__user")
    pair = pairs.first()
    return pair.helper if pair and pair.helper.user_id else None


def _seen(plan: TermPlan) -> str:
    return plan.versions.latest("number").token
