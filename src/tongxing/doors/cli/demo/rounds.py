"""Fifth chapter: leaders go to the classes; after the mid-term exam everyone is looked at again.

Most class teachers have gone through their class by now.
"""

import datetime

from tongxing.care.screening import actions as screening
from tongxing.care.screening.actions import Answer, Said, Visit
from tongxing.care.screening.classlist import Child, class_sheet
from tongxing.care.screening.models import Nomination, Round
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.people.models import Registration, SchoolClass
from tongxing.ground.records.models import Exam

from . import Demo, words

STILL_TO_GO = 5  # classes whose teacher has not come to it yet
UNVISITED = 2
NAMING = 9  # the class in which a child is named on the visit


def tell(demo: Demo) -> None:
    _visit_classes(demo)
    exam = Exam.objects.filter(term=demo.term, kind=Exam.Kind.MID_TERM).first()
    if exam is None or _after(exam, days=8, hour=17) > demo.until:
        return
    _ask(demo, exam)
    with clock.telling(_after(exam, days=6, hour=9)):
        coordinator = actor_for(demo.posts["coordinator"].user, clock.today())
        second = screening.open_round(coordinator, term=demo.term, number=2)
    with clock.telling(_after(exam, days=8, hour=16)):
        for school_class in demo.classes[STILL_TO_GO:]:
            _go_through(demo, second, school_class)


def _visit_classes(demo: Demo) -> None:
    """In weeks 2 to 5 two of the leading group go to a class each; two classes still wait. One child is named."""
    leaders = [demo.posts[post] for post in ("head", "deputy", "coordinator")]
    for n, school_class in enumerate(demo.classes[:-UNVISITED]):
        day = demo.term.week_one + datetime.timedelta(weeks=1 + n // 6, days=n % 4)
        moment = datetime.datetime.combine(day, datetime.time(15), SCHOOL_TIME)
        if moment > demo.until:
            return
        with clock.telling(moment):
            coordinator = actor_for(demo.posts["coordinator"].user, clock.today())
            named = {_quiet_child(demo, school_class): words.NAMED_ON_A_VISIT} if n == NAMING else {}
            visit = Visit(day, [leaders[n % 3]], ["class_teacher", "students"], words.VISITS[n % 4], named)
            screening.record_visit(coordinator, school_class=school_class, visit=visit)


def _quiet_child(demo: Demo, school_class: SchoolClass) -> int:
    held = set(Registration.objects.filter(school=demo.school).values_list("student", flat=True))
    mine = (pk for pk, one in demo.class_of.items() if one == school_class and pk not in held)
    return min(mine)


def _after(exam: Exam, days: int, hour: int) -> datetime.datetime:
    day = exam.held_on + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour), SCHOOL_TIME)


def _ask(demo: Demo, exam: Exam) -> None:
    """Before the round: two slips of paper; one is answered at once, one waits for the round."""
    held = Registration.objects.on(exam.held_on).filter(school=demo.school).values_list("student", flat=True)
    others = [one for one in demo.students if one.pk not in set(held)][40:400:300]
    with clock.telling(_after(exam, days=1, hour=12)):
        for student, (source, text) in zip(others, words.SLIPS, strict=True):
            teacher = actor_for(demo.class_teachers[demo.class_of[student.pk].pk].user, clock.today())
            said = Said(text, source=source)
            screening.nominate(teacher, student=student, said=said)
        asked = Nomination.objects.get(school=demo.school, words=text)
        coordinator = actor_for(demo.posts["coordinator"].user, clock.today())
        screening.answer(coordinator, nomination=asked, words="班主任已安排同桌一起回宿舍，下周再看")


def _go_through(demo: Demo, second: Round, school_class: SchoolClass) -> None:
    teacher = actor_for(demo.class_teachers[school_class.pk].user, clock.today())
    sheet = class_sheet(teacher, second, school_class)
    answers = {child.student.pk: _answer(demo, child) for child in sheet.waiting}
    screening.go_through(teacher, round=second, school_class=school_class, answers=answers)


def _answer(demo: Demo, child: Child) -> Answer:
    if child.candidate is None:
        return Answer("seen", "和本人聊过")
    if child.candidate.registered or child.candidate.level == "key":
        return Answer("as_proposed")
    return Answer("not_now", demo.random.choice(words.SET_ASIDE))
