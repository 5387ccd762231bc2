"""What is explained first, notes for the counsellor alone, a second role, danger, and handing over."""

import datetime
from dataclasses import replace
from uuid import uuid4

import pytest

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions.notes import Danger
from tongxing.care.counselling.models import Appointment, Handover, Note, NoteVersion
from tongxing.care.counselling.queries import second_roles, text_of
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.queries import said
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from .conftest import TOLD

DANGER = replace(TOLD, talked="说觉得活着没意思，想一了百了")


def readers(cast):
    return {role for role in cast.users if Note.objects.visible_to(cast.actor(role)).exists()}


def test_without_the_explanation_there_is_no_note(room):
    with pytest.raises(Refused) as refusal:
        room.room.write()
    assert refusal.value.field == "explain"
    room.room.explain(understood="not_yet")
    with pytest.raises(Refused):
        room.room.write()
    room.room.explain(understood="yes")
    assert room.room.write()


def test_each_child_hears_the_words_of_the_day_with_their_number(room):
    assert room.room.explain().version == 0
    words = actions.set_words(
        room.actor("counsellor"), school=room.school, promise="只有我们俩知道", exception="危险除外"
    )
    assert words.number == 1 and room.room.explain(student="plain").version == 1
    same = actions.set_words(
        room.actor("counsellor"), school=room.school, promise="只有我们俩知道", exception="危险除外"
    )
    assert same == words
    with pytest.raises(Refused) as refusal:
        actions.set_words(room.actor("counsellor"), school=room.school, promise="都保密", exception=" ")
    assert refusal.value.field == "exception"


def test_a_note_is_read_by_its_writer_alone(room):
    room.room.explain()
    note = room.room.write()
    assert readers(room) == {"counsellor"}
    assert text_of(note).answers["wants"] == "想换一个座位"
    assert "换一个座位".encode() not in bytes(NoteVersion.objects.get().text_sealed)
    for by in ("second", "head", "class_teacher", "helper", "outsider"):
        with pytest.raises(NotAllowed):
            actions.read(room.actor(by), written=note)


def test_reading_leaves_a_row_also_the_own_and_names_no_child(room):
    room.room.explain()
    note = room.room.write()
    actions.read(room.actor("counsellor"), written=note)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.subject, entry.subject_id) == (
        "counselling.read",
        "counselling-note",
        note.pk,
    )


@pytest.mark.parametrize("by", ["head", "class_teacher", "helper", "student", "outsider"])
def test_nobody_else_writes(room, by):
    room.room.explain()
    with pytest.raises(NotAllowed):
        room.room.write(by)


@pytest.mark.parametrize("field", ["occasion", "talked", "wants", "next"])
def test_a_word_that_belongs_to_a_doctor_is_reworded_first(room, field):
    room.room.explain()
    with pytest.raises(Refused) as refusal:
        room.room.write(told=replace(TOLD, **{field: "看起来有抑郁症"}))
    assert refusal.value.field == field and "抑郁症" in refusal.value.message
    assert not Note.objects.exists()


def test_a_note_says_something_and_about_a_moment_that_has_been(room):
    room.room.explain()
    with pytest.raises(Refused):
        room.room.write(told=replace(TOLD, talked=" "))
    with pytest.raises(Refused):
        room.room.write(happened_at=clock.now() + datetime.timedelta(minutes=1))


def test_sent_twice_it_is_one_note(room):
    room.room.explain()
    same = uuid4()
    both = [
        actions.write(room.actor("counsellor"), student=room.students.key, client_id=same, told=TOLD)
        for _twice in (1, 2)
    ]
    assert both[0] == both[1] and Note.objects.count() == 1


def test_a_note_after_an_appointment_says_that_it_took_place(room, at_school):
    room.room.explain()
    one = room.room.agree(room.room.ask())
    at_school.shift(datetime.timedelta(hours=21))
    note = room.room.write(appointment=Appointment.objects.get(pk=one.pk))
    assert Appointment.objects.get().state == "took_place" and note.happened_at == one.at


def test_a_correction_keeps_what_stood_there(room):
    room.room.explain()
    note = room.room.write()
    fixed = replace(TOLD, wants="想和奶奶多说话")
    with pytest.raises(Refused) as refusal:
        actions.correct(room.actor("counsellor"), written=note, after=1, told=fixed, reason="")
    assert refusal.value.field == "reason"
    actions.correct(room.actor("counsellor"), written=note, after=1, told=fixed, reason="听错了")
    first, second = note.versions.all()
    assert text_of(note, first).answers["wants"] == "想换一个座位"
    assert (text_of(note, second).answers["wants"], text_of(note, second).reason) == (
        "想和奶奶多说话",
        "听错了",
    )
    with pytest.raises(Refused):
        actions.correct(room.actor("counsellor"), written=note, after=1, told=TOLD, reason="又一次")


def test_words_of_danger_ask_the_responder_today_without_the_notes_text(room):
    room.room.explain()
    note = room.room.write(told=DANGER, danger=Danger((), "请今天不要让孩子一个人"))
    flag = RiskFlag.objects.get()
    assert note.flag == flag and flag.categories == ["self_harm"]
    assert said(flag) == {"words": "", "note": "请今天不要让孩子一个人"}


def test_without_a_sentence_of_its_own_the_flag_sends_to_the_counsellor(room):
    room.room.explain()
    room.room.write(told=DANGER)
    told = said(RiskFlag.objects.get())["note"]
    assert "心理老师" in told and "一了百了" not in told


def test_harm_by_a_grown_up_named_in_the_note_passes_that_grown_up_by(room):
    room.room.explain()
    room.room.write(told=replace(TOLD, talked="说石磊主任打了她一巴掌"))
    kept = set(RiskFlag.objects.get().kept_from.values_list("login", flat=True))
    assert {"coordinator", "class_teacher"} <= kept and "counsellor" not in kept


def test_an_ordinary_note_raises_nothing_and_a_sentence_needs_its_subject(room):
    room.room.explain()
    room.room.write()
    assert not RiskFlag.objects.exists()
    with pytest.raises(Refused) as refusal:
        room.room.write(danger=Danger((), "请留意"))
    assert refusal.value.field == "categories"
    room.room.write(danger=Danger(["running_away"], "放学后请有人送到车上"))
    assert RiskFlag.objects.get().categories == ["running_away"]


def test_a_correction_that_speaks_of_danger_counts_all_the_same(room):
    room.room.explain()
    note = room.room.write()
    actions.correct(room.actor("counsellor"), written=note, after=1, told=DANGER, reason="补上")
    assert RiskFlag.objects.get().source_id == note.pk


def test_a_second_role_is_weighed_before_the_first_note(room):
    room.teach("counsellor", room.class_one)
    room.grant("counsellor", "helper", student=room.students.key)
    room.room.explain()
    assert second_roles(room.users["counsellor"].pk, room.students.key) == ["teaches", "helper"]
    with pytest.raises(Refused) as refusal:
        room.room.write()
    assert refusal.value.field == "roles"
    with pytest.raises(Refused) as refusal:
        actions.weigh_roles(room.actor("counsellor"), student=room.students.key, reason="  ")
    assert refusal.value.field == "reason"
    weighed = actions.weigh_roles(
        room.actor("counsellor"), student=room.students.key, reason="学校只有一位心理老师"
    )
    assert AuditEntry.objects.latest("pk").action == "counselling.dual-role" and weighed.roles
    assert room.room.write()


def test_a_role_that_came_later_is_weighed_again(room):
    room.teach("counsellor", room.class_one)
    actions.weigh_roles(room.actor("counsellor"), student=room.students.key, reason="只有一位心理老师")
    assert actions.weigh_roles(room.actor("counsellor"), student=room.students.key, reason="…") is None
    room.grant("counsellor", "class_teacher", school_class=room.class_one)
    room.room.explain()
    with pytest.raises(Refused):
        room.room.write()


def hand_over(cast, *notes, to="second", by="counsellor", **more):
    return actions.hand_over(
        cast.actor(by),
        student=cast.students.key,
        client_id=uuid4(),
        to=cast.users[to],
        notes=notes,
        **more,
    )


def test_another_counsellor_sees_what_was_handed_over_and_nothing_else(room):
    room.room.explain()
    first, second = room.room.write(), room.room.write()
    coming = room.room.agree(room.room.ask())
    handed = hand_over(room, first)
    seen = Note.objects.visible_to(room.actor("second"))
    assert list(seen) == [first] and actions.read(room.actor("second"), written=first)
    with pytest.raises(NotAllowed):
        actions.read(room.actor("second"), written=second)
    coming.refresh_from_db()
    assert coming.counsellor == room.users["second"]
    with pytest.raises(NotAllowed):
        actions.take_handover_back(room.actor("second"), handover=handed)
    actions.take_handover_back(room.actor("counsellor"), handover=handed)
    assert not Note.objects.visible_to(room.actor("second")).exists() and Handover.objects.count() == 1


def test_only_own_notes_go_only_to_a_counsellor_of_the_school(room):
    room.room.explain()
    note = room.room.write()
    for to in ("head", "counsellor", "outsider"):
        with pytest.raises(Refused):
            hand_over(room, note, to=to)
    with pytest.raises(Refused):
        hand_over(room, note, by="second", to="counsellor")
    with pytest.raises(NotAllowed):
        hand_over(room, note, by="head")


def test_a_destroyed_key_takes_the_words_along(room):
    room.room.explain()
    note = room.room.write()
    key = note.student.key
    key.wrapped = None
    key.save()
    from tongxing.ground.kernel.encryption import Unreadable

    with pytest.raises(Unreadable):
        text_of(Note.objects.select_related("student__key").get())
