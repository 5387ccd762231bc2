"""Trying rules before they are saved, saved versions, and what they do to an open and to an approved round."""

import pytest

from tongxing.care.screening import actions
from tongxing.care.screening.models import Looked, RuleVersion
from tongxing.care.screening.preview import preview
from tongxing.care.screening.ruleset import FailedSubjects, LowBands, RuleSet
from tongxing.ground.kernel.clock import start_of
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Registration

from .school_life import score

STRICTER = RuleSet(low_bands=LowBands(at_least=1))
LOOSER = RuleSet(failed_subjects=FailedSubjects(at_least=3))


@pytest.fixture
def round(cast, exam):
    """苏苗苗 (two failed) is found by the defaults; 柳星 (one D) is not."""
    Registration.objects.update(recorded_at=start_of(cast.term.starts_on))
    score(exam, cast.students.plain, "E", "E", "B")
    score(exam, cast.add_student("柳星", cast.class_two), "D", "B", "B")
    return actions.run_round(cast.actor("coordinator"), term=cast.term)


def tried(cast, round, rules, role="coordinator"):
    return preview(cast.actor(role), term=cast.term, round=round, now=RuleSet(), then=rules)


def names(children):
    return [one.student.name for one in children]


def test_a_preview_tells_who_would_come_in_and_why_and_saves_nothing(cast, round):
    before = list(round.looked.order_by("pk").values())
    found = tried(cast, round, STRICTER)
    assert (found.before, found.after) == (3, 4)
    assert (names(found.come_in), names(found.go_out)) == (["柳星"], [])
    assert found.come_in[0].reasons == ("期中考试：语文等级偏低",)
    assert ("low_bands", 0, 1) in found.by_reason
    assert ("初一(2)班", 1, 2) in found.by_class
    assert list(round.looked.order_by("pk").values()) == before
    assert not RuleVersion.objects.exists()


def test_a_preview_says_whom_no_rule_takes_off_the_list(cast, round):
    assert [one.stays for one in tried(cast, round, LOOSER).go_out] == [False]
    actions.confirm(cast.actor("head"), round=round, levels={cast.students.plain.pk: "key"})
    (gone,) = tried(cast, round, LOOSER).go_out
    assert (gone.student, gone.stays) == (cast.students.plain, True)


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor", "outsider"])
def test_only_the_leading_group_tries_and_saves_rules(cast, round, role):
    with pytest.raises(NotAllowed):
        tried(cast, round, STRICTER, role)
    with pytest.raises(NotAllowed):
        actions.save_rules(cast.actor(role), school=cast.school, rules=STRICTER)
    assert not RuleVersion.objects.visible_to(cast.actor(role)).exists()


def test_saving_keeps_a_version_with_who_and_when_and_the_open_round_looks_again(cast, round):
    one = actions.save_rules(cast.actor("coordinator"), school=cast.school, rules=STRICTER, note="期中后收紧")
    assert (one.number, one.saved_by, one.note) == (1, cast.users["coordinator"], "期中后收紧")
    assert Looked.objects.get(round=round, student__name="柳星").outcome == "candidate"
    assert AuditEntry.objects.filter(action="screening.rules").count() == 1
    two = actions.save_rules(cast.actor("head"), school=cast.school, rules=RuleSet())
    assert two.number == 2
    assert RuleVersion.objects.get(number=1).rule_set == STRICTER
    assert Looked.objects.get(round=round, student__name="柳星").outcome == "cleared"


def test_the_rules_in_force_are_not_saved_once_more(cast, round):
    with pytest.raises(Refused):
        actions.save_rules(cast.actor("head"), school=cast.school, rules=RuleSet())


def test_an_approved_round_stays_and_the_next_one_looks_with_the_new_rules(cast, round):
    levels = dict.fromkeys(
        round.looked.filter(decision="pending").values_list("student_id", flat=True), "normal"
    )
    actions.confirm(cast.actor("coordinator"), round=round, levels=levels)
    actions.approve(cast.actor("head"), round=round)
    actions.save_rules(cast.actor("head"), school=cast.school, rules=STRICTER)
    round.refresh_from_db()
    assert (round.state, round.rule_set) == ("approved", RuleSet())
    second = actions.open_round(cast.actor("head"), term=cast.term, number=2)
    assert second.rule_set == STRICTER


def test_the_queries_of_a_preview_do_not_grow(cast, exam, round, django_assert_max_num_queries):
    for n in range(30):
        score(exam, cast.add_student(f"学生{n}", cast.class_one), "D", "B")
    with django_assert_max_num_queries(14):
        assert len(tried(cast, round, STRICTER).come_in) == 31
