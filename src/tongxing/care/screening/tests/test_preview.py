"""What a preview counts is what the next look writes, whatever is on record and wherever the round stands."""

import datetime
import random
from collections import Counter

import pytest

from tongxing.care.screening import actions, queries
from tongxing.care.screening.actions import Said
from tongxing.care.screening.models import Looked
from tongxing.care.screening.preview import preview
from tongxing.care.screening.ruleset import FailedSubjects, LateEarly, LowBands, RuleSet
from tongxing.ground.people.actions import leave_register
from tongxing.ground.people.models import Circumstance, Registration

from .school_life import late, score

STRICTER = RuleSet(low_bands=LowBands(at_least=1), late_early=LateEarly(at_least=2))
LOOSER = RuleSet(failed_subjects=FailedSubjects(at_least=4), late_early=LateEarly(on=False))


def school_life(cast, exam, chance):
    """Thirty children of whom little, much or nothing is known."""
    students = [
        cast.add_student(f"学生{n}", chance.choice([cast.class_one, cast.class_two])) for n in range(30)
    ]
    for student in chance.sample(students, 24):
        score(exam, student, *(chance.choice("BBCDE") for _subject in range(5)))
    for student in chance.sample(students, 8):
        late(student, *range(12, 12 + chance.randint(1, 8)))
    for student in chance.sample(students, 6):
        category = chance.choice(["left_behind", "orphan", "disabled"])
        Circumstance.objects.create(school=cast.school, student=student, category=category)
    return students


def decide(cast, round, chance, share=1.0):
    waiting = list(round.looked.filter(decision="pending"))
    for row in chance.sample(waiting, int(len(waiting) * share)):
        if chance.random() < 0.3:
            actions.set_aside(cast.actor("head"), round=round, student=row.student, reason="先看看再说")
        else:
            actions.confirm(cast.actor("head"), round=round, levels={row.student_id: row.level or "normal"})


def approve(cast, round, chance):
    decide(cast, round, chance)
    unseen = queries.unseen(cast.actor("head"), round)
    if unseen:
        actions.look_at(cast.actor("head"), round=round, students=unseen)
    actions.approve(cast.actor("head"), round=round)


def something_happens(cast, students, chance):
    """Somebody asks for a child, somebody leaves the register, new children come."""
    for student in chance.sample(students, 3):
        actions.nominate(cast.actor("coordinator"), student=student, said=Said("最近常常一个人坐着"))
    entry = Registration.objects.filter(school=cast.school, ends_on=None).order_by("pk").last()
    leave_register(cast.actor("head"), entry=entry, reason="跟得上了")
    cast.add_student("新来的", cast.class_two)
    late(chance.choice(students), 21, 22, 23, 26, 27)


def listed(round):
    """Who is on the list, with the codes of the reasons."""
    rows = Looked.objects.filter(round=round, outcome="candidate", student__status="enrolled")
    return {row.student_id: {one["code"] for one in row.reasons} for row in rows}


def pks(moved):
    return {one.student.pk for one in moved}


@pytest.mark.parametrize("then", [STRICTER, LOOSER], ids=["stricter", "looser"])
@pytest.mark.parametrize("state", ["none", "open", "approved"])
@pytest.mark.parametrize("seed", range(3))
def test_a_preview_equals_what_the_next_look_writes(cast, exam, at_school, seed, state, then):
    chance, head = random.Random(seed), cast.actor("head")
    students = school_life(cast, exam, chance)
    round = None
    if state != "none":
        round = actions.run_round(head, term=cast.term)
        (approve if state == "approved" else decide)(cast, round, chance, *[0.5] * (state == "open"))
    at_school.shift(datetime.timedelta(days=1))
    something_happens(cast, students, chance)
    found = preview(head, term=cast.term, round=round, now=RuleSet(), then=then)
    again = preview(head, term=cast.term, round=round, now=then, then=RuleSet())
    actions.save_rules(head, school=cast.school, rules=then)
    if state != "open":
        number = 2 if state == "approved" else 1
        round = actions.open_round(head, term=cast.term, number=number)
    written = listed(round)
    assert found.after == again.before == len(written)
    counts = Counter(code for codes in written.values() for code in codes)
    assert {code: will for code, _was, will in found.by_reason if will} == counts
    by_class = {one.name: one.candidates for one in queries.classes(head, round) if one.candidates}
    assert {name: will for name, _was, will in found.by_class if will} == by_class
    assert pks(found.come_in) <= written.keys()
    assert {one.student.pk for one in found.go_out if one.stays} <= written.keys()
    assert written.keys().isdisjoint(one.student.pk for one in found.go_out if not one.stays)
    assert found.after == found.before + len(found.come_in) - found.gone


def test_of_an_approved_round_everyone_on_the_register_is_counted(cast, exam):
    """The round put 苏苗苗 on the register: the next one looks at 苏苗苗 again, whatever the rules."""
    score(exam, cast.students.plain, "E", "E", "B")
    round = actions.run_round(cast.actor("head"), term=cast.term)
    approve(cast, round, random.Random(1))
    found = preview(cast.actor("head"), term=cast.term, round=round, now=RuleSet(), then=LOOSER)
    assert (found.before, found.after, found.go_out) == (3, 3, ())
    assert ("registered", 3, 3) in found.by_reason


def test_a_child_someone_asked_for_is_on_the_next_list_whatever_the_rules(cast, exam):
    round = actions.run_round(cast.actor("head"), term=cast.term)
    approve(cast, round, random.Random(1))
    actions.nominate(cast.actor("coordinator"), student=cast.students.plain, said=Said("最近常常一个人坐着"))
    found = preview(cast.actor("head"), term=cast.term, round=round, now=RuleSet(), then=STRICTER)
    assert (found.before, found.after) == (3, 3)
    assert ("added", 1, 1) in found.by_reason


def test_whom_somebody_only_looked_at_does_not_stay_when_the_rules_no_longer_find_them(cast, exam):
    round = actions.run_round(cast.actor("head"), term=cast.term)
    actions.look_at(cast.actor("head"), round=round, students=[cast.students.plain])
    score(exam, cast.students.plain, "E", "E", "B")
    actions.run_round(cast.actor("head"), term=cast.term)
    (gone,) = preview(cast.actor("head"), term=cast.term, round=round, now=RuleSet(), then=LOOSER).go_out
    assert (gone.student, gone.stays) == (cast.students.plain, False)
