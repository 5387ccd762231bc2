"""Meetings: who calls and reads them, minutes, decisions that somebody sees to by a day, files."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.outbox.models import Message
from tongxing.oversight.notices import enclosures, meetings
from tongxing.oversight.notices.decided import mine
from tongxing.oversight.notices.models import Decision, Enclosure, Meeting

pytestmark = pytest.mark.usefixtures("english")

DAY = datetime.timedelta(days=1)


def call(cast, who="coordinator", kind="staff", client_id=None, **told):
    facts = {"title": "启动会", "day": clock.today(), "led_by": cast.staff["head"]} | told
    return meetings.call(
        cast.actor(who), school=cast.school, client_id=client_id or uuid4(), kind=kind, facts=facts
    )


def theme(cast, who="class_teacher", school_class=None, **told):
    told = {"led_by": cast.staff["class_teacher"], "school_class": school_class or cast.class_one} | told
    return call(cast, who, "theme", **told)


def decide(cast, meeting, who="coordinator", person="helper", days=7, **told):
    facts = {"client_id": uuid4(), "text": "把方案印好贴出来", "due_on": clock.today() + days * DAY}
    return meetings.decide(cast.actor(who), meeting=meeting, person=cast.staff[person], **facts | told)


def minute(cast, meeting, who="coordinator", minutes="定了三件事。", staff=(), students=None):
    staff = [cast.staff[name] for name in staff]
    meetings.write_minutes(cast.actor(who), meeting=meeting, minutes=minutes, staff=staff, students=students)


def read_by(cast, meeting):
    return {who for who in cast.users if meeting in Meeting.objects.visible_to(cast.actor(who))}


LEADERS = {"head", "deputy", "coordinator"}


def test_a_meeting_of_the_leadership_is_read_by_those_who_lead_and_who_were_there(cast):
    made = call(cast, kind="leadership")
    assert read_by(cast, made) == LEADERS
    minute(cast, made, staff=["head", "class_teacher"])
    assert read_by(cast, made) == LEADERS | {"class_teacher"}


def test_every_other_meeting_is_read_by_colleagues_and_by_nobody_else(cast):
    for made in (call(cast), call(cast, kind="cadres"), theme(cast)):
        readers = read_by(cast, made)
        assert LEADERS | {"helper", "other_class_teacher", "finance_maker"} <= readers
        assert not readers & {"guardian", "student", "outsider", "county_supervisor"}


def test_the_same_form_twice_is_one_meeting(cast):
    same = uuid4()
    assert call(cast, client_id=same) == call(cast, client_id=same)


@pytest.mark.parametrize("who", ["helper", "counsellor", "finance_maker", "guardian", "outsider"])
def test_who_leads_nothing_calls_no_meeting(cast, who):
    with pytest.raises(NotAllowed):
        call(cast, who)


def test_a_class_teacher_calls_the_themed_meeting_of_the_own_class_alone(cast):
    assert theme(cast).school_class == cast.class_one
    for refused in (
        lambda: theme(cast, school_class=cast.class_two),
        lambda: call(cast, "class_teacher", "staff"),
        lambda: call(cast, "class_teacher", "leadership"),
    ):
        with pytest.raises(Refused):
            refused()


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "字" * 61}, "title"),
        ({"kind": "party"}, "kind"),
        ({"kind": "theme"}, "school_class"),
    ],
)
def test_a_meeting_says_what_it_is(cast, told, field):
    with pytest.raises(Refused) as refusal:
        call(cast, **told)
    assert refusal.value.field == field


def test_somebody_of_another_school_leads_none(cast):
    with pytest.raises(Refused):
        call(cast, led_by=cast.staff["outsider"])


def test_minutes_are_written_once_it_has_been_held(cast, at_school):
    made = call(cast, day=clock.today() + DAY)
    with pytest.raises(Refused):
        minute(cast, made)
    at_school.shift(DAY)
    minute(cast, made, staff=["head", "helper"], students=3)
    minute(cast, made, minutes="改了一处。", staff=["head"], students=3)
    made.refresh_from_db()
    assert made.minutes == "改了一处。" and made.minuted_by == cast.users["coordinator"]
    assert [one.staff.name for one in made.presences.all()] == ["顾言"]


def test_minutes_stand_after_a_week(cast, at_school):
    made = call(cast)
    minute(cast, made)
    at_school.shift(datetime.timedelta(days=6))
    minute(cast, made, "head", minutes="改了一处。")
    at_school.shift(datetime.timedelta(days=2))
    with pytest.raises(Refused):
        minute(cast, made, minutes="再改一处。")
    made.refresh_from_db()
    assert made.minutes == "改了一处。" and made.minuted_by == cast.users["coordinator"]


def test_minutes_say_something_and_name_colleagues_of_the_school(cast):
    made = call(cast)
    for told in ({"minutes": " "}, {"minutes": "字" * 6_001}, {"staff": ["outsider"]}):
        with pytest.raises(Refused):
            minute(cast, made, **told)
    assert not made.presences.exists()


def test_only_who_holds_it_changes_minutes_or_decides(cast):
    own, school = theme(cast), call(cast)
    minute(cast, own, "class_teacher")
    minute(cast, own, "head")
    for who, meeting in (("class_teacher", school), ("other_class_teacher", own), ("helper", own)):
        with pytest.raises(NotAllowed):
            minute(cast, meeting, who)
        with pytest.raises(NotAllowed):
            decide(cast, meeting, who)
        with pytest.raises(NotAllowed):
            meetings.change(cast.actor(who), meeting=meeting, facts={"title": "别的"})


def test_a_decision_stands_with_the_colleague_until_it_is_done(cast):
    made = decide(cast, call(cast))
    helper = cast.actor("helper")
    assert list(mine(helper)) == [made] and Message.objects.get().to == cast.users["helper"]
    with pytest.raises(Refused):
        meetings.see_to(helper, decision=made, words=" ")
    meetings.see_to(helper, decision=made, words="已经贴在橱窗")
    assert list(mine(helper)) == []
    with pytest.raises(Refused):
        meetings.see_to(helper, decision=made, words="再说一次")


def test_a_decision_of_the_leadership_shows_its_colleague_that_line_alone(cast):
    made = decide(cast, call(cast, kind="leadership"))
    assert made in Decision.objects.visible_to(cast.actor("helper"))
    assert made.meeting not in Meeting.objects.visible_to(cast.actor("helper"))
    assert made not in Decision.objects.visible_to(cast.actor("class_teacher"))


def test_nobody_else_says_that_it_is_done(cast):
    made = decide(cast, call(cast))
    with pytest.raises(NotAllowed):
        meetings.see_to(cast.actor("class_teacher"), decision=made, words="好了")
    meetings.see_to(cast.actor("head"), decision=made, words="看到了")


def test_late_is_derived_from_the_day(cast):
    made = decide(cast, call(cast), days=1)
    assert not made.is_late(clock.today() + DAY) and made.is_late(clock.today() + 2 * DAY)


@pytest.mark.parametrize("told", [{"text": ""}, {"text": "字" * 201}, {"days": -1}, {"person": "outsider"}])
def test_a_decision_names_a_thing_a_colleague_and_a_day(cast, told):
    with pytest.raises(Refused):
        decide(cast, call(cast), **told)
    assert not Decision.objects.exists()


def test_done_is_taken_back_at_once_but_not_later(cast, at_school):
    made, helper = decide(cast, call(cast)), cast.actor("helper")
    meetings.see_to(helper, decision=made, words="好了")
    meetings.not_yet(helper, decision=made)
    assert list(mine(helper)) == [made]
    meetings.see_to(helper, decision=made, words="好了")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        meetings.not_yet(helper, decision=made)


def test_what_is_not_needed_any_more_is_asked_of_nobody(cast):
    made = decide(cast, call(cast))
    with pytest.raises(NotAllowed):
        meetings.drop(cast.actor("helper"), decision=made, reason="不想")
    with pytest.raises(Refused):
        meetings.drop(cast.actor("head"), decision=made, reason=" ")
    meetings.drop(cast.actor("head"), decision=made, reason="已经有了")
    assert list(mine(cast.actor("helper"))) == []
    with pytest.raises(Refused):
        meetings.see_to(cast.actor("helper"), decision=made, words="好了")


def test_a_cancelled_meeting_asks_nobody_and_comes_back_at_once_only(cast, at_school):
    meeting, office = call(cast), cast.actor("coordinator")
    decide(cast, meeting)
    with pytest.raises(Refused):
        meetings.cancel(office, meeting=meeting, reason="")
    meetings.cancel(office, meeting=meeting, reason="停电")
    assert list(mine(cast.actor("helper"))) == []
    meetings.hold_after_all(office, meeting=meeting)
    assert len(mine(cast.actor("helper"))) == 1
    meetings.cancel(office, meeting=meeting, reason="停电")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        meetings.hold_after_all(office, meeting=meeting)


def test_what_has_been_held_is_not_cancelled(cast):
    meeting = call(cast)
    minute(cast, meeting)
    with pytest.raises(Refused):
        meetings.cancel(cast.actor("coordinator"), meeting=meeting, reason="停电")


def test_the_pack_of_a_class_meeting_is_open_to_colleagues_and_gone_when_taken_away(cast):
    meeting, teacher = theme(cast), cast.actor("class_teacher")
    made = enclosures.enclose(teacher, owner=meeting, label="课件", content=picture())
    assert enclosures.open_file(cast.actor("other_class_teacher"), enclosure=made)[1] == "image/jpeg"
    with pytest.raises(NotAllowed):
        enclosures.take_away(cast.actor("other_class_teacher"), enclosure=made)
    enclosures.take_away(teacher, enclosure=made)
    made.refresh_from_db()
    assert made.file is None and made.key.wrapped is None and made.removed_by == cast.users["class_teacher"]
    with pytest.raises(Enclosure.DoesNotExist):
        enclosures.open_file(teacher, enclosure=made)


def test_files_are_named_harmless_and_few(cast):
    meeting, office = call(cast), cast.actor("coordinator")
    for label, content in ((" ", picture()), ("课件", b"MZ not a picture")):
        with pytest.raises(Refused):
            enclosures.enclose(office, owner=meeting, label=label, content=content)
    for number in range(enclosures.MOST):
        enclosures.enclose(office, owner=meeting, label=f"图 {number}", content=picture())
    with pytest.raises(Refused):
        enclosures.enclose(office, owner=meeting, label="再来一张", content=picture())
    with pytest.raises(NotAllowed):
        enclosures.enclose(cast.actor("helper"), owner=meeting, label="图", content=picture())


def test_the_database_holds_what_belongs_together(cast):
    meeting, decision = call(cast), decide(cast, call(cast))
    for broken in (
        lambda: Meeting.objects.filter(pk=meeting.pk).update(kind="theme"),
        lambda: Meeting.objects.filter(pk=meeting.pk).update(minutes="…"),
        lambda: Decision.objects.filter(pk=decision.pk).update(done_on=clock.today()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
