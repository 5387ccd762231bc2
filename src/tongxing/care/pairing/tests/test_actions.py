import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.care.pairing import actions, fixed_actions, queries
from tongxing.care.pairing.models import Exclusion, Pair, Proposal, Weighting
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.clock import today
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Responsibility, Staff, Student, Teaching

REFUSED_ROLES = ("helper", "class_teacher", "counsellor", "county_supervisor", "guardian", "outsider")


@pytest.fixture
def school(cast):
    """林岚 teaches maths to 初一(1) and is proposed for its two registered students; the head's capacity is 0."""
    Staff.objects.filter(school=cast.school).update(pairing_capacity=0)
    for name in ("helper", "other_teacher", "class_teacher"):
        cast.staff[name].pairing_capacity = 1
        cast.staff[name].save()
    Teaching.objects.create(
        school=cast.school,
        term=cast.term,
        staff=cast.staff["helper"],
        school_class=cast.class_one,
        subject="数学",
    )
    Responsibility.objects.create(
        school=cast.school,
        staff=cast.staff["class_teacher"],
        post="class_teacher",
        school_class=cast.class_one,
        starts_on=cast.term.starts_on,
    )
    Grant.objects.filter(role="helper").delete()
    return cast


@pytest.fixture
def lead(school):
    return school.actor("coordinator")


def propose(school, lead):
    return actions.propose(lead, school=school.school, term=school.term)


def audited(action):
    return AuditEntry.objects.filter(action=action).count()


def proposal_of(student):
    return Proposal.objects.open().get(student=student)


def test_proposing_gives_every_waiting_student_one_line_and_changes_nothing_else(school, lead):
    done = propose(school, lead)
    assert (done.pairs, done.unpaired) == (2, ())
    assert {p.helper.name for p in queries.proposals(lead, school.school)} == {"林岚", "唐雨"}
    assert not Pair.objects.exists()
    assert not Grant.objects.filter(role="helper").exists()
    assert audited("pairing.propose") == 1


def test_proposing_again_replaces_the_open_proposals(school, lead):
    propose(school, lead)
    propose(school, lead)
    assert Proposal.objects.count() == 2


def test_short_of_helpers_the_student_without_one_says_why(school, lead):
    Staff.objects.filter(pk__in=[school.staff["helper"].pk, school.staff["other_teacher"].pk]).update(
        pairing_capacity=0
    )
    done = propose(school, lead)
    assert done.unpaired == ((school.students.normal.pk, "no_capacity"),)
    assert proposal_of(school.students.normal).get_why_none_display()


@pytest.mark.parametrize("role", REFUSED_ROLES)
def test_only_those_who_manage_pairing_propose_confirm_and_end(school, lead, role):
    propose(school, lead)
    actor, one = school.actor(role), proposal_of(school.students.key)
    pair = actions.confirm(lead, proposal=proposal_of(school.students.normal))
    entries = AuditEntry.objects.count()
    student, helper = school.students.key, school.staff["other_teacher"]
    for attempt in (
        lambda: propose(school, actor),
        lambda: actions.confirm(actor, proposal=one),
        lambda: actions.confirm_all(actor, school=school.school),
        lambda: actions.choose_other(actor, student=student, helper=helper),
        lambda: actions.swap(actor, pair=pair, helper=helper),
        lambda: actions.end_pair(actor, pair=pair, reason="term_end"),
        lambda: fixed_actions.exclude(actor, student=student, helper=helper, reason="…"),
        lambda: fixed_actions.set_weights(actor, school=school.school, points={}),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert AuditEntry.objects.count() == entries
    assert Pair.objects.get() == pair


def test_confirming_starts_the_pair_and_opens_the_student_to_the_helper(school, lead):
    propose(school, lead)
    one = proposal_of(school.students.key)
    name = next(name for name, staff in school.staff.items() if staff == one.helper)
    assert not school.actor(name).sees("care", school_id=school.school.pk, student_id=one.student_id) or (
        name == "class_teacher"
    )
    pair = actions.confirm(lead, proposal=one)
    one.refresh_from_db()
    assert (pair.student, pair.helper, pair.starts_on) == (one.student, one.helper, today())
    assert pair.explanation["reasons"] == one.reasons
    assert one.state == "confirmed"
    assert Grant.objects.filter(
        user=pair.helper.user, student=pair.student, role="helper", ends_on=None
    ).exists()
    assert audited("pairing.confirm") == 1


def test_confirming_twice_is_one_pair(school, lead):
    propose(school, lead)
    one = proposal_of(school.students.key)
    assert actions.confirm(lead, proposal=one) == actions.confirm(lead, proposal=one)
    assert Pair.objects.count() == Grant.objects.filter(role="helper").count() == 1
    assert audited("pairing.confirm") == 1


def test_a_missing_offence_check_blocks_confirming_not_proposing(school, lead):
    Staff.objects.filter(school=school.school).update(offence_check_on=None)
    assert propose(school, lead).pairs == 2
    one = proposal_of(school.students.key)
    with pytest.raises(Refused):
        actions.confirm(lead, proposal=one)
    assert not Pair.objects.exists()
    assert not Grant.objects.filter(role="helper").exists()
    missing = queries.missing_checks(lead, school.school)
    assert {s for s in missing if s.is_proposed} == {p.helper for p in Proposal.objects.open()}
    assert {s.name for s in missing if not s.is_proposed} == {"宋桥"}
    Staff.objects.filter(pk=one.helper_id).update(offence_check_on=today())
    assert actions.confirm(lead, proposal=one)


def test_confirming_all_leaves_those_without_a_check_open_and_says_so(school, lead):
    propose(school, lead)
    unchecked = proposal_of(school.students.normal)
    Staff.objects.filter(pk=unchecked.helper_id).update(offence_check_on=None)
    done = actions.confirm_all(lead, school=school.school)
    assert [pair.student for pair in done.pairs] == [school.students.key]
    assert [(one, unchecked.helper.name in why) for one, why in done.held_back] == [(unchecked, True)]
    assert audited("pairing.confirm") == 1


def test_a_replaced_proposal_cannot_be_confirmed(school, lead):
    propose(school, lead)
    old = proposal_of(school.students.key)
    propose(school, lead)
    with pytest.raises(Refused):
        actions.confirm(lead, proposal=old)


def test_another_helper_can_be_chosen_by_hand(school, lead):
    propose(school, lead)
    pair = actions.choose_other(lead, student=school.students.key, helper=school.staff["other_teacher"])
    assert pair.helper.name == "宋桥"
    assert not Proposal.objects.open().filter(student=school.students.key).exists()
    assert school.actor("other_teacher").sees(
        "care", school_id=school.school.pk, student_id=school.students.key.pk
    )
    assert audited("pairing.choose") == 1


def test_choosing_by_hand_keeps_the_same_rules(school, lead):
    key, normal, plain = school.students.key, school.students.normal, school.students.plain
    helper, other = school.staff["helper"], school.staff["other_teacher"]
    Staff.objects.filter(pk=school.staff["class_teacher"].pk).update(offence_check_on=None)
    actions.choose_other(lead, student=key, helper=helper)
    fixed_actions.exclude(lead, student=normal, helper=other, reason="两家有矛盾")
    Staff.objects.filter(pk=school.staff["deputy"].pk).update(
        pairing_capacity=1, ends_on=datetime.date(2026, 11, 1)
    )
    for student, refused in (
        (normal, helper),  # no more room
        (key, helper),  # a pair already
        (normal, other),  # ruled out
        (normal, school.staff["class_teacher"]),  # no check
        (plain, school.staff["head"]),  # not registered
        (normal, school.staff["outsider"]),  # another school
        (normal, school.staff["deputy"]),  # has left
        (normal, school.staff["deactivated"]),  # account closed
    ):
        with pytest.raises(Refused):
            actions.choose_other(lead, student=student, helper=refused)
    assert Pair.objects.count() == 1


def test_an_excluded_pair_is_not_proposed_again(school, lead):
    propose(school, lead)
    one = proposal_of(school.students.key)
    fixed_actions.exclude(lead, student=one.student, helper=one.helper, reason="亲戚关系")
    assert not Proposal.objects.open().filter(pk=one.pk).exists()
    propose(school, lead)
    assert proposal_of(one.student).helper != one.helper
    assert audited("pairing.exclude") == 1
    fixed_actions.allow_again(lead, exclusion=Exclusion.objects.get())
    Proposal.objects.all().delete()  # where it is as good, what is proposed meanwhile would stay
    propose(school, lead)
    assert proposal_of(one.student).helper == one.helper


def test_ruling_out_needs_a_reason_and_no_open_pair(school, lead):
    key, helper = school.students.key, school.staff["helper"]
    with pytest.raises(Refused):
        fixed_actions.exclude(lead, student=key, helper=helper, reason=" ")
    actions.choose_other(lead, student=key, helper=helper)
    with pytest.raises(Refused):
        fixed_actions.exclude(lead, student=key, helper=helper, reason="亲戚关系")
    with pytest.raises(Refused):
        fixed_actions.exclude(lead, student=key, helper=school.staff["outsider"], reason="亲戚关系")
    assert not Exclusion.objects.exists()


def test_the_reason_of_an_exclusion_stays_with_those_who_decide_about_pairs(school, lead):
    fixed_actions.exclude(
        lead, student=school.students.key, helper=school.staff["helper"], reason="两家有矛盾"
    )
    assert Exclusion.objects.visible_to(lead).count() == 1
    for name in ("class_teacher", "helper", "counsellor", "guardian", "outsider", "system_admin"):
        assert not Exclusion.objects.visible_to(school.actor(name)).exists()


def test_ending_a_pair_takes_the_right_back_at_once(school, lead):
    key, teacher = school.students.key, school.staff["other_teacher"]
    pair = actions.choose_other(lead, student=key, helper=teacher)
    assert Student.objects.visible_to(school.actor("other_teacher"), "care").exists()
    actions.end_pair(lead, pair=pair, reason="family_wish", note="奶奶希望换一位老师")
    assert not Student.objects.visible_to(school.actor("other_teacher"), "care").exists()
    pair.refresh_from_db()
    assert (pair.ended_reason, pair.ended_by, pair.ends_on) == (
        "family_wish",
        school.users["coordinator"],
        today(),
    )
    actions.end_pair(lead, pair=pair, reason="other")
    pair.refresh_from_db()
    assert pair.ended_reason == "family_wish"
    assert audited("pairing.end") == 1


def test_a_pair_ended_on_its_first_day_holds_no_more_on_that_day(school, lead):
    pair = actions.choose_other(lead, student=school.students.key, helper=school.staff["helper"])
    assert Pair.objects.on(today()).get() == pair
    after = actions.swap(lead, pair=pair, helper=school.staff["other_teacher"])
    assert Pair.objects.on(today()).get() == after


def test_ending_one_of_two_pairs_keeps_the_right_to_the_other_student(school, lead):
    teacher = school.staff["other_teacher"]
    Staff.objects.filter(pk=teacher.pk).update(pairing_capacity=2)
    first = actions.choose_other(lead, student=school.students.key, helper=teacher)
    actions.choose_other(lead, student=school.students.normal, helper=teacher)
    actions.end_pair(lead, pair=first, reason="support_ended")
    assert {s.name for s in Student.objects.visible_to(school.actor("other_teacher"), "care")} == {"孟宇航"}


def test_ending_asks_why(school, lead):
    pair = actions.choose_other(lead, student=school.students.key, helper=school.staff["helper"])
    with pytest.raises(Refused):
        actions.end_pair(lead, pair=pair, reason="just because")
    pair.refresh_from_db()
    assert pair.ends_on is None


def test_a_swap_ends_one_pair_and_starts_the_next(school, lead, at_school):
    old = actions.choose_other(lead, student=school.students.key, helper=school.staff["helper"])
    at_school.shift(datetime.timedelta(days=7))
    new = actions.swap(lead, pair=old, helper=school.staff["other_teacher"], note="林老师请长假")
    old.refresh_from_db()
    assert (old.ended_reason, old.ends_on + datetime.timedelta(days=1)) == ("swapped", new.starts_on)
    assert not Student.objects.visible_to(school.actor("helper"), "care").exists()
    assert Student.objects.visible_to(school.actor("other_teacher"), "care").exists()
    assert audited("pairing.swap") == 1


def test_a_pair_that_ended_is_neither_swapped_nor_ended_again_from_an_old_page(school, lead):
    old_page = actions.choose_other(lead, student=school.students.key, helper=school.staff["helper"])
    actions.end_pair(lead, pair=Pair.objects.get(), reason="family_wish")
    with pytest.raises(Refused):
        actions.swap(lead, pair=old_page, helper=school.staff["other_teacher"])
    actions.end_pair(lead, pair=old_page, reason="other")
    assert Pair.objects.get().ended_reason == "family_wish"
    assert audited("pairing.end") == 1


def test_a_swap_to_someone_who_may_not_start_changes_nothing(school, lead):
    old = actions.choose_other(lead, student=school.students.key, helper=school.staff["helper"])
    Staff.objects.filter(pk=school.staff["other_teacher"].pk).update(offence_check_on=None)
    with pytest.raises(Refused):
        actions.swap(lead, pair=old, helper=school.staff["other_teacher"])
    assert Pair.objects.open().get() == old
    assert Student.objects.visible_to(school.actor("helper"), "care").exists()


def test_the_same_helper_is_proposed_again_after_the_term_ended(school, lead):
    pair = actions.choose_other(lead, student=school.students.key, helper=school.staff["other_teacher"])
    actions.end_pair(lead, pair=pair, reason="term_end")
    propose(school, lead)
    assert proposal_of(school.students.key).helper.name == "宋桥"
    other = actions.confirm(lead, proposal=proposal_of(school.students.key))
    actions.end_pair(lead, pair=other, reason="family_wish")
    Pair.objects.filter(pk=pair.pk).delete()
    propose(school, lead)
    assert proposal_of(school.students.key).helper.name != "宋桥"


def test_weights_change_the_next_calculation(school, lead):
    fixed_actions.set_weights(lead, school=school.school, points={"class_teacher": 0, "teaches_class": 25})
    assert Weighting.objects.get().points == {"class_teacher": 0}
    propose(school, lead)
    assert not any(code == "class_teacher" for one in Proposal.objects.open() for code, *_rest in one.reasons)
    with pytest.raises(Refused):
        fixed_actions.set_weights(lead, school=school.school, points={"spread": -1})
    assert audited("pairing.weights") == 1


def test_one_open_pair_per_student_and_helper_is_a_fact_of_the_database(school, lead):
    pair = actions.choose_other(lead, student=school.students.key, helper=school.staff["helper"])
    pair.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        pair.save(force_insert=True)


def test_pairs_and_proposals_are_seen_with_the_care_zone_of_the_student(school, lead):
    propose(school, lead)
    actions.choose_other(lead, student=school.students.key, helper=school.staff["other_teacher"])

    def seen(name):
        return {pair.student.name for pair in queries.pairs(school.actor(name), school.school)}

    assert seen("coordinator") == seen("other_teacher") == seen("class_teacher") == {"周晓禾"}
    for name in ("helper", "guardian", "outsider", "system_admin", "county_supervisor", "deactivated"):
        assert seen(name) == set()
        assert not queries.proposals(school.actor(name), school.school).exists()


def test_the_system_pairs_too(school):
    actions.propose(SYSTEM, school=school.school, term=school.term)
    done = actions.confirm_all(SYSTEM, school=school.school, starts_on=datetime.date(2026, 9, 14))
    assert {pair.starts_on for pair in done.pairs} == {datetime.date(2026, 9, 14)}
    assert all(pair.confirmed_by is None for pair in done.pairs)
