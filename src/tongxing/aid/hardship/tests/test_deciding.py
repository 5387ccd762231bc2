"""Decided by another person, public for its days, filed, adjusted; the history stays."""

import datetime

import pytest
from django.db import transaction

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Circumstance, SchoolYear
from tongxing.ground.publicity.actions import answer, object_to, take_down
from tongxing.ground.publicity.queries import named as on_notice

from ..actions import deciding
from ..models import Recognition, Round
from ..queries import history, holding, recognised
from .school import DAY, TODAY, client_id, named, opened

AFTER = datetime.datetime(2026, 11, 30, 9, 0, tzinfo=datetime.UTC)  # the notice of three working days is over


def held(story):
    return holding(story.actor("coordinator"), story.cast.school, datetime.date(2026, 11, 30))


def ready(story):
    application = story.apply()
    story.review(application, "class")
    story.review(application, "school")
    return application


def decide(story, application, role="head", **more):
    usual = {"level": story.levels["特别困难"], "reason": "两次评议意见一致"}
    return deciding.decide(story.actor(role), application=application, **usual | more)


def test_both_reviews_come_first(story):
    application = story.apply()
    story.review(application, "class")
    with pytest.raises(Refused):
        decide(story, application)


@pytest.mark.parametrize(
    "role", ["coordinator", "class_teacher", "finance_checker", "county_aid_officer", "guardian"]
)
def test_only_head_and_deputy_decide(story, role):
    application = ready(story)
    with pytest.raises(NotAllowed):
        decide(story, application, role)


def test_whoever_wrote_the_schools_review_does_not_decide(story):
    application = ready(story)
    application.reviews.filter(step="school").update(written_by=story.cast.users["deputy"])
    with pytest.raises(Refused):
        decide(story, application, "deputy")
    decide(story, application, "head")


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"reason": "长" * 301}])
def test_a_decision_has_its_reason(story, wrong):
    application = ready(story)
    with pytest.raises(Refused):
        decide(story, application, **wrong)


def test_the_reason_is_sealed(story):
    one = decide(story, ready(story))
    assert "评议".encode() not in bytes(one.reason_sealed)
    assert one.reason == "两次评议意见一致"


def test_nothing_holds_before_it_was_public_for_its_days(story, at_school):
    story.decide()
    assert story.file().filed == 0
    story.publish()
    assert story.file() == deciding.Filed(0, 1)
    at_school.move_to(AFTER)
    assert story.file() == deciding.Filed(1, 0)
    assert [row.student.name for row in recognised(story.actor("coordinator"), story.cast.school)] == [
        "周晓禾"
    ]
    assert story.file() == deciding.Filed(0, 0)


def test_what_was_filed_stands_among_the_childs_circumstances(story, at_school):
    story.decide()
    story.publish()
    at_school.move_to(AFTER)
    story.file()
    noted = Circumstance.objects.get(category="recognised")
    assert (noted.source, noted.since, noted.valid_until) == (
        "2026-2027 比较困难",
        AFTER.date(),
        story.cast.year.ends_on,
    )
    assert Circumstance.objects.visible_to(story.actor("coordinator")).filter(pk=noted.pk).exists()
    assert not Circumstance.objects.visible_to(story.actor("class_teacher")).filter(pk=noted.pk).exists()


def test_the_notice_shows_everybody_who_was_recognised_and_nobody_else(story):
    story.decide()
    application = story.apply(story.cast.students.normal)
    story.review(application, "class")
    story.review(application, "school")
    refused = decide(story, application, level=None)
    assert (refused.change, refused.filed_at is not None) == ("no", True)
    notice = story.publish()
    assert [line.student for line in notice.lines.all()] == [story.cast.students.key]
    with pytest.raises(Refused):
        story.publish()  # nobody is left to put on one


def object_(story, notice, student):
    return object_to(
        story.actor("coordinator"), notice=notice, student=student, by="", text="情况有变化", said_on=TODAY,
        client_id=client_id(),
    )  # fmt: skip


@pytest.mark.parametrize("about_the_child", [True, False])
def test_an_open_objection_keeps_back_what_it_is_about(story, at_school, about_the_child):
    story.decide()
    notice = story.publish()
    made = object_(story, notice, story.cast.students.key if about_the_child else None)
    at_school.move_to(AFTER)
    assert story.file() == deciding.Filed(0, 1)
    answer(story.actor("deputy"), objection=made, text="看过了，没有变", outcome="stands")
    assert story.file() == deciding.Filed(1, 0)


def test_an_objection_that_was_right_leads_to_a_new_decision(story, at_school):
    one = story.decide()
    made = object_(story, story.publish(), story.cast.students.key)
    answer(story.actor("deputy"), objection=made, text="父亲已经找到工作", outcome="changes")
    at_school.move_to(AFTER)
    assert story.file().filed == 0
    with pytest.raises(NotAllowed):
        deciding.drop(story.actor("coordinator"), recognition=one, reason="异议成立")
    deciding.drop(story.actor("head"), recognition=one, reason="异议成立")
    anew = decide(story, one.application, level=story.levels["一般困难"])
    assert anew.level.name == "一般困难"
    assert Recognition.objects.count() == 2


def test_a_decision_taken_back_is_on_the_standing_notice_no_longer(story):
    one, other = story.decide(), story.decide(story.cast.students.normal)
    notice = story.publish()
    deciding.drop(story.actor("head"), recognition=one, reason="看错了一行")
    assert [row.student_id for row in on_notice(notice)] == [other.student_id]
    decide(story, one.application, level=story.levels["一般困难"])
    anew = story.publish()
    assert [row.student_id for row in on_notice(anew)] == [one.student_id]
    assert [row.student_id for row in on_notice(notice)] == [other.student_id]


def test_a_notice_taken_down_early_files_nothing_until_it_was_published_anew(story, at_school):
    story.decide()
    take_down(story.actor("head"), notice=story.publish(), reason="班级写错了")
    anew = story.publish()
    assert [line.student for line in anew.lines.all()] == [story.cast.students.key]
    assert story.file().filed == 0
    at_school.move_to(AFTER)
    assert story.file().filed == 1


def filed(story, at_school):
    story.decide()
    story.publish()
    at_school.move_to(AFTER)
    story.file()
    return Recognition.objects.get()


def adjust(story, one, level, role="deputy", **more):
    usual = {"round": story.round, "reason": "家里情况变了"}
    chosen = story.levels[level] if level else None
    return deciding.adjust(story.actor(role), recognition=one, level=chosen, **usual | more)


def test_more_and_less_within_the_year_go_through_a_notice_again(story, at_school):
    one = filed(story, at_school)
    up = adjust(story, one, "特别困难")
    assert (up.change, up.filed_at) == ("up", None)
    assert held(story).get().level.name == "比较困难"  # until the change is filed
    story.publish(first_day=AFTER.date())
    at_school.shift(datetime.timedelta(days=5))
    assert story.file().filed == 1
    one.refresh_from_db()
    assert one.ended_on == datetime.date(2026, 12, 4)
    told = [
        (was.change, was.level.name) for was in history(story.actor("coordinator"), story.cast.students.key)
    ]
    assert told == [("up", "特别困难"), ("new", "比较困难")]
    standing = Circumstance.objects.filter(category="recognised").valid_on(datetime.date(2026, 12, 5))
    assert [noted.source for noted in standing] == ["2026-2027 特别困难"]


def test_what_is_no_longer_needed_ends_at_once_without_any_notice(story, at_school):
    one = filed(story, at_school)
    at_school.shift(datetime.timedelta(days=3))
    end = adjust(story, one, None)
    assert (end.change, end.notice) == ("end", None)
    assert not holding(story.actor("coordinator"), story.cast.school, end.starts_on).exists()
    assert not Circumstance.objects.filter(category="recognised").valid_on(end.starts_on).exists()
    assert len(history(story.actor("coordinator"), story.cast.students.key)) == 2


def test_a_change_that_does_not_fit_is_refused(story, at_school):
    one = filed(story, at_school)
    with pytest.raises(Refused):
        adjust(story, one, "比较困难")  # the same level
    with pytest.raises(Refused):
        adjust(story, one, "特别困难", reason=" ")
    with pytest.raises(NotAllowed):
        adjust(story, one, "特别困难", role="coordinator")
    adjust(story, one, "特别困难")
    with pytest.raises(Refused):
        adjust(story, one, "一般困难")  # one decision at a time
    story.round.closed_at, story.round.closed_by = AFTER, story.cast.users["head"]
    story.round.save()
    with pytest.raises(Refused):
        adjust(story, one, "一般困难")


def test_what_has_lapsed_is_recognised_anew_and_not_adjusted(story, at_school):
    one = filed(story, at_school)
    at_school.move_to(datetime.datetime.combine(one.ends_on, datetime.time(8), datetime.UTC))
    with transaction.atomic():
        adjust(story, one, "特别困难")  # on its last day it holds
        transaction.set_rollback(True)
    at_school.shift(DAY)
    with pytest.raises(Refused, match="学年"):
        adjust(story, one, "特别困难")
    with pytest.raises(Refused, match="学年"):
        adjust(story, one, None)
    assert Recognition.objects.get() == one


def test_a_round_of_another_year_adjusts_nothing_of_this_one(story, at_school):
    one = filed(story, at_school)
    first = story.cast.year.ends_on + DAY
    later = SchoolYear.objects.create(
        school=story.cast.school, name="2027-2028", starts_on=first, ends_on=first + 300 * DAY
    )
    Round.objects.filter(pk=story.round.pk).update(year=later)
    story.round.refresh_from_db()
    one.round.pk, one.round.year = None, story.cast.year
    one.round.closed_at, one.round.closed_by = AFTER, story.cast.users["head"]
    one.round.save(force_insert=True)
    Recognition.objects.update(round=one.round)
    with pytest.raises(Refused, match="学年"):
        adjust(story, one, "特别困难")
    assert Recognition.objects.get() == one


def test_filed_is_not_taken_back_but_adjusted(story, at_school):
    with pytest.raises(Refused):
        deciding.drop(story.actor("head"), recognition=filed(story, at_school), reason="写错")


def test_a_level_is_seen_with_the_hardship_zone_alone(story, at_school):
    filed(story, at_school)
    for role, sees in (
        ("head", True), ("coordinator", True), ("class_teacher", False), ("helper", False), ("guardian", False),
        ("finance_checker", False), ("counsellor", False), ("county_aid_officer", False), ("outsider", False),
    ):  # fmt: skip
        assert Recognition.objects.visible_to(story.actor(role)).exists() == sees, role


def test_the_next_round_finds_the_child_as_it_was(story, at_school):
    filed(story, at_school)
    story.round.closed_at, story.round.closed_by = AFTER, story.cast.users["head"]
    story.round.save()
    story.round = opened(story.cast.school, story.cast.users["coordinator"], story.cast.term)
    assert story.round.kind == "adjustment"
    new = story.cast.students.normal
    staff = story.cast.staff
    named(
        story.round,
        story.cast.users["class_teacher"],
        story.cast.class_one,
        staff["class_teacher"],
        staff["helper"],
    )
    named(story.round, story.cast.users["coordinator"], None, staff["coordinator"], staff["deputy"])
    application = story.apply(new, promised_on=TODAY + DAY)
    story.review(application, "class")
    story.review(application, "school")
    assert decide(story, application).change == "new"
