"""From the family's words to the school's opinion: sealed, reviewed by two at least, nobody about their own."""

import dataclasses
import datetime
from uuid import UUID

import pytest

from tongxing.ground.kernel.encryption import destroy
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Guardian, Student

from ..actions import applications, rounds
from ..models import Application, Review
from ..queries import in_review, opened
from .school import CONTENT, DAY, TODAY, WORDS, client_id


def at_door(story, role="guardian", student=None, **more):
    usual = {"told": CONTENT, "promised_on": TODAY, "client_id": UUID(int=5)}
    return applications.hand_in(
        story.actor(role), round=story.round, student=student or story.cast.students.key, **usual | more
    )


def test_a_family_hands_in_at_its_door_and_the_same_form_once(story):
    made = at_door(story)
    assert at_door(story) == made
    assert (made.source, made.state) == ("door", "handed_in")
    assert Application.objects.of_family(story.actor("guardian")).get() == made


def test_what_the_family_says_is_sealed_under_the_childs_key(story):
    made = at_door(story)
    assert "奶奶".encode() not in bytes(made.content_sealed)
    assert Application.objects.select_related("student__key").get().content == CONTENT
    destroy(story.cast.students.key.key)
    with pytest.raises(Exception, match="destroyed"):
        _ = Application.objects.select_related("student__key").get().content


def test_paper_is_keyed_in_by_whoever_reviews_and_nobody_else(story):
    assert story.apply().source == "paper"
    for role in ("helper", "other_class_teacher", "finance_maker", "guardian"):
        with pytest.raises(NotAllowed):
            at_door(story, role, on_paper=True, client_id=client_id())


@pytest.mark.parametrize("role", ["student", "helper", "coordinator", "outsider"])
def test_only_the_own_family_hands_in_at_the_door(story, role):
    with pytest.raises(NotAllowed):
        at_door(story, role)


def test_a_guardian_hands_in_for_the_own_child_alone(story):
    with pytest.raises(NotAllowed):
        at_door(story, student=story.cast.students.normal)


@pytest.mark.parametrize(
    "wrong",
    [
        {"members": ()},
        {"signed_by": " "},
        {"groups": ("left_behind",)},
        {"groups": ("recognised",)},
        {"answers": {"earners": "many"}},
        {"answers": {"pets": "one"}},
        {"factors": "长" * 501},
    ],
)
def test_a_form_that_is_not_complete_is_refused(story, wrong):
    with pytest.raises(Refused):
        at_door(story, told=dataclasses.replace(CONTENT, **wrong))
    assert not Application.objects.exists()


def test_nothing_is_handed_in_after_the_last_day_or_twice(story, at_school):
    at_door(story)
    with pytest.raises(Refused, match="."):
        at_door(story, client_id=UUID(int=6))
    at_school.shift(datetime.timedelta(days=11))
    with pytest.raises(Refused):
        story.apply(story.cast.students.normal, promised_on=TODAY + 11 * DAY)
    story.apply(story.cast.students.normal, promised_on=TODAY + 9 * DAY)  # on paper, signed in time


def test_a_promise_of_tomorrow_is_no_promise(story):
    with pytest.raises(Refused):
        at_door(story, promised_on=TODAY + DAY)


def test_withdrawn_by_the_family_it_costs_nothing(story):
    made = at_door(story)
    with pytest.raises(NotAllowed):
        applications.withdraw(story.actor("helper"), application=made)
    applications.withdraw(story.actor("guardian"), application=made)
    at_door(story, client_id=UUID(int=7))
    assert Application.objects.count() == 2


def test_a_decided_one_is_not_withdrawn(story):
    one = story.decide()
    with pytest.raises(Refused):
        applications.withdraw(story.actor("guardian"), application=one.application)


def test_class_then_school_review_each_with_those_who_sat_together(story):
    made = story.apply()
    with pytest.raises(Refused):
        story.review(made, "school")
    story.review(made, "class")
    with pytest.raises(Refused):
        story.review(made, "class")
    story.review(made, "school")
    found = [(one.step, words, one.present.count()) for one, words in opened(_read(made)).reviews]
    assert found == [("class", WORDS, 2), ("school", WORDS, 2)]
    assert WORDS.encode() not in bytes(Review.objects.first().words_sealed)


def _read(made):
    return Application.objects.select_related("student__key", "round", "school").get(pk=made.pk)


def test_a_class_teacher_does_not_write_the_schools_review(story):
    made = story.apply()
    story.review(made, "class")
    with pytest.raises(NotAllowed):
        _review(story, "class_teacher", made, "school")


def _review(story, role, made, step="class", **more):
    usual = {"level": None, "words": WORDS}
    return applications.review(story.actor(role), application=made, step=step, **usual | more)


@pytest.mark.parametrize("role", ["other_class_teacher", "helper", "guardian", "outsider"])
def test_nobody_without_the_task_reviews(story, role):
    with pytest.raises(NotAllowed):
        _review(story, role, story.apply())


def test_whoever_was_not_named_for_it_does_not_write_it(story):
    with pytest.raises(Refused):
        _review(story, "head", story.apply())


def test_a_review_has_words_and_a_level_of_the_school(story):
    made = story.apply()
    level = story.levels["一般困难"]
    level.ended_on = TODAY
    level.save()
    for wrong in ({"words": " "}, {"words": "长" * 301}, {"level": level}):
        with pytest.raises(Refused):
            _review(story, "class_teacher", made, **wrong)


def test_whoever_stood_back_neither_writes_nor_counts(story):
    made, cast = story.apply(), story.cast
    rounds.stand_back(
        story.actor("class_teacher"),
        round=story.round,
        student=cast.students.key,
        staff=cast.staff["class_teacher"],
        reason="孩子的姑姑",
    )
    with pytest.raises(Refused):
        story.review(made, "class")
    out = applications.stays_out(story.round, cast.students.key)
    assert applications.panel(made, "class", out) == [cast.staff["helper"]]
    with pytest.raises(Refused):  # one alone is no review
        _review(story, "coordinator", made)


def test_nobody_reviews_the_own_child(story):
    cast = story.cast
    Guardian.objects.create(
        school=cast.school,
        student=cast.students.key,
        name="唐雨",
        relation="relative",
        user=cast.users["class_teacher"],
    )
    with pytest.raises(Refused):
        story.review(story.apply(), "class")
    cast.grant("coordinator", "guardian", student=cast.students.normal)
    other = story.apply(cast.students.normal)
    out = applications.stays_out(story.round, cast.students.normal)
    assert cast.staff["coordinator"].pk in out
    assert applications.panel(other, "school", out) == [cast.staff["deputy"]]


def test_a_review_is_taken_back_for_a_moment_while_nothing_followed(story, at_school):
    made = story.apply()
    story.review(made, "class")
    with pytest.raises(Refused):
        applications.take_back_review(story.actor("coordinator"), review=made.reviews.get())
    applications.take_back_review(story.actor("class_teacher"), review=made.reviews.get())
    made.refresh_from_db()
    assert made.state == "handed_in"
    story.review(made, "class")
    at_school.shift(datetime.timedelta(minutes=11))
    with pytest.raises(Refused):
        applications.take_back_review(story.actor("class_teacher"), review=made.reviews.standing().get())


def test_the_suggestion_has_its_reasons_and_counts_what_an_office_says(story):
    story.cast.students.key.circumstances.create(
        school=story.cast.school, category="disabled_parent", source="残联", since=TODAY
    )
    found = opened(_read(story.apply()))
    assert found.suggested == story.levels["特别困难"]
    assert "有一个" in found.reasons[0] and len(found.reasons) == 4
    assert any("残联" in one for one in found.official)


def test_the_task_opens_an_application_and_the_decision_closes_it_again(story):
    made = story.apply()
    for role, sees in (
        ("class_teacher", True), ("coordinator", True), ("head", True), ("other_class_teacher", False),
        ("helper", False), ("finance_checker", False), ("county_aid_officer", False), ("guardian", False),
    ):  # fmt: skip
        assert Application.objects.visible_to(story.actor(role)).exists() == sees, role
    story.review(made, "class")
    story.review(made, "school")
    made.refresh_from_db()
    made.state = "decided"
    made.save()
    assert not Application.objects.visible_to(story.actor("class_teacher")).exists()
    assert Application.objects.visible_to(story.actor("coordinator")).exists()


def test_lists_are_in_the_order_of_classes_and_names(story):
    cast = story.cast
    Student.objects.filter(pk=cast.students.plain.pk).update(pinyin="aaa")
    for student in (cast.students.plain, cast.students.normal, cast.students.key):
        story.apply(student)
    rows = in_review(story.actor("coordinator"), story.round)
    assert [row.student.name for row in rows] == ["孟宇航", "周晓禾", "苏苗苗"]


def test_the_trail_names_nobody(story):
    story.review(story.apply(), "class")
    rows = AuditEntry.objects.filter(action__startswith="hardship.")
    assert "周" not in "".join(str(one.detail) + one.purpose for one in rows)
    assert rows.count() >= 5
