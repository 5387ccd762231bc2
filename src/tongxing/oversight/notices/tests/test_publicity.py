"""Publicity: one line each, counted with what campaigns and class meetings noted already."""

import datetime
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.donations.models import Step
from tongxing.ground.files.tests.pictures import picture
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.oversight.notices import enclosures, meetings, publicity
from tongxing.oversight.notices.models import Display

pytestmark = pytest.mark.usefixtures("english")

DAY = datetime.timedelta(days=1)


def note(cast, who="coordinator", client_id=None, **told):
    facts = {"channel": "column", "day": clock.today(), "place": "校门口", "words": "一个都不能少"} | told
    return publicity.note(cast.actor(who), school=cast.school, client_id=client_id or uuid4(), facts=facts)


def rows(cast, who="coordinator"):
    return publicity.log(cast.actor(who), cast.school, cast.term)


def theme_held(cast):
    teacher = cast.actor("class_teacher")
    facts = {"title": "小帮手", "day": clock.today(), "led_by": cast.staff["class_teacher"]}
    made = meetings.call(
        teacher,
        school=cast.school,
        client_id=uuid4(),
        kind="theme",
        facts=facts | {"school_class": cast.class_one},
    )
    meetings.write_minutes(teacher, meeting=made, minutes="写了卡片。", staff=[], students=40)
    return made


def test_whoever_leads_or_has_a_class_notes_and_colleagues_read(cast):
    made, other = note(cast), note(cast, "class_teacher", channel="board")
    assert [row.display for row in rows(cast, "helper")] == [other, made]
    for who in ("helper", "counsellor", "guardian", "outsider"):
        with pytest.raises(NotAllowed):
            note(cast, who)
    assert rows(cast, "outsider") == rows(cast, "guardian") == []


def test_the_same_form_twice_is_one_line(cast):
    same = uuid4()
    assert note(cast, client_id=same) == note(cast, client_id=same)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"channel": "leaflet"}, "channel"),
        ({"words": " "}, "words"),
        ({"words": "字" * 201}, "words"),
        ({"place": "字" * 41}, "place"),
        ({"day": datetime.date(2026, 11, 26)}, "day"),
        ({"until": datetime.date(2026, 11, 24)}, "until"),
    ],
)
def test_a_line_says_where_what_and_when(cast, told, field):
    with pytest.raises(Refused) as refusal:
        note(cast, **told)
    assert refusal.value.field == field and not Display.objects.exists()


def test_counts_follow_from_the_lines_and_from_class_meetings_that_were_held(cast):
    note(cast)
    note(cast)
    note(cast, channel="radio")
    held = theme_held(cast)
    found = rows(cast)
    assert publicity.counts(found) == [("notice column", 2), ("school radio", 1), ("class meeting", 1)]
    assert [row.link for row in found if row.link] == [("meeting", held.pk)]


def test_every_way_of_a_campaign_but_its_meetings_is_a_channel():
    meetings_of_a_campaign = {"leadership", "teachers", "cadres", "other"}
    assert {one.value for one in publicity.OF_STEP} == set(Step.Kind.values) - meetings_of_a_campaign


def test_what_was_noted_by_mistake_counts_no_longer_and_comes_back_at_once_only(cast, at_school):
    made, office = note(cast, "class_teacher"), cast.actor("coordinator")
    with pytest.raises(NotAllowed):
        publicity.take_back(cast.actor("other_class_teacher"), display=made, reason="不对")
    with pytest.raises(Refused):
        publicity.take_back(office, display=made, reason=" ")
    publicity.take_back(office, display=made, reason="记错了")
    assert rows(cast) == []
    publicity.put_back(office, display=made)
    assert len(rows(cast)) == 1
    publicity.take_back(cast.actor("class_teacher"), display=made, reason="记错了")
    at_school.shift(datetime.timedelta(hours=1))
    with pytest.raises(Refused):
        publicity.put_back(office, display=made)


def test_a_photo_stands_with_its_line_for_colleagues(cast):
    made = note(cast)
    with pytest.raises(NotAllowed):
        enclosures.enclose(cast.actor("class_teacher"), owner=made, label="照片", content=picture())
    photo = enclosures.enclose(cast.actor("coordinator"), owner=made, label="照片", content=picture())
    assert enclosures.open_file(cast.actor("helper"), enclosure=photo)[1] == "image/jpeg"
    assert not type(photo).objects.visible_to(cast.actor("outsider")).exists()


def test_the_database_holds_the_days_and_one_owner_of_a_file(cast):
    made = note(cast)
    photo = enclosures.enclose(cast.actor("coordinator"), owner=made, label="照片", content=picture())
    for broken in (
        lambda: Display.objects.filter(pk=made.pk).update(until=clock.today() - DAY),
        lambda: type(photo).objects.filter(pk=photo.pk).update(display=None),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            broken()
