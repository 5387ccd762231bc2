"""林岚 writes about 周晓禾 of 初一(1), 顾言 about 苏苗苗 of 初一(2); who searches finds what is theirs, and nothing else."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import connection, transaction

from tongxing.care.contacts import actions, note_index
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.models import Contact, NoteText
from tongxing.care.contacts.queries import search_notes, shown_notes

TALK = Told(
    {"thoughts": "想学好英语，常听 English songs。", "promise": "周五前背 3 个单词"}, reached=["student"]
)


def write(cast, role="helper", student="key", told=TALK, **more):
    return actions.write_contact(
        cast.actor(role),
        student=getattr(cast.students, student),
        client_id=uuid4(),
        kind="talk",
        told=told,
        **more,
    )


def found(cast, wanted, role="head"):
    return list(search_notes(cast.actor(role), wanted))


@pytest.mark.parametrize(
    "wanted",
    [
        "英语",
        "语",
        "学好英语",
        "English",
        "engl",
        "english songs",
        "英语 单词",
        "单词英语".replace("单词", "背 "),
        "3",
    ],
)
def test_a_note_is_found_by_its_words(cast, wanted):
    contact = write(cast)
    assert found(cast, wanted) == [contact]


@pytest.mark.parametrize(
    "wanted", ["语文", "英文", "nglish", "英语 数学", "", "。", '"', '英"语 OR', "%", "' | '"]
)
def test_other_words_find_nothing_and_signs_of_a_query_mean_nothing(cast, wanted):
    write(cast)
    assert found(cast, wanted) == []


def test_rare_signs_are_found(cast):
    contact = write(cast, told=replace(TALK, body={"thoughts": "和𠮷𫖯、㛃㛃一起打球"}))
    assert found(cast, "𠮷𫖯") == found(cast, "㛃") == [contact]


def test_the_excerpt_marks_the_hit(cast):
    write(cast)
    notes = search_notes(cast.actor("head"), "英语")
    (shown,) = shown_notes(notes, "英语")
    assert [piece.text for piece in shown.pieces if piece.hit] == ["英语"]


@pytest.mark.parametrize(
    ("role", "finds"),
    [
        *(("head", 2), ("deputy", 2), ("coordinator", 2), ("counsellor", 2)),
        *(("class_teacher", 1), ("helper", 1), ("other_class_teacher", 1)),
        *(("other_teacher", 0), ("finance_maker", 0), ("system_admin", 0), ("county_supervisor", 0)),
        *(("guardian", 0), ("student", 0), ("outsider", 0)),
    ],
)
def test_everybody_finds_only_what_they_may_read(cast, role, finds):
    write(cast)
    write(cast, "head", "plain")
    assert search_notes(cast.actor(role), "英语").count() == finds


def test_a_restricted_text_is_never_in_the_index_not_even_for_its_author(cast):
    write(cast, "helper", visibility="counsellor")
    assert not NoteText.objects.exists()
    assert found(cast, "英语", "helper") == found(cast, "英语", "counsellor") == []


def test_a_correction_is_found_by_its_new_words_alone(cast):
    contact = write(cast)
    told = replace(TALK, body={"thoughts": "想学好数学"})
    actions.revise_contact(cast.actor("helper"), contact=contact, after=1, told=told)
    assert found(cast, "数学") == [contact] and found(cast, "英语") == []


def test_a_withdrawn_note_is_found_no_more(cast):
    contact = write(cast)
    actions.withdraw_contact(cast.actor("helper"), contact=contact, reason="写错了人")
    assert found(cast, "英语") == [] and not NoteText.objects.exists()


def test_what_was_written_before_there_was_an_index_is_taken_in(cast):
    contact, restricted = write(cast), write(cast, visibility="counsellor")
    gone = write(cast)
    actions.withdraw_contact(cast.actor("helper"), contact=gone, reason="写错了人")
    NoteText.objects.all().delete()
    assert note_index.fill() == 1 and note_index.fill() == 0
    assert found(cast, "英语") == [contact]
    assert NoteText.objects.get().contact_id == contact.pk != restricted.pk


def test_a_student_who_is_deleted_leaves_nothing_in_the_index(cast):
    write(cast)
    assert _words_left() == 1
    with transaction.atomic():
        cast.students.key.delete()
    assert not Contact.objects.exists() and not NoteText.objects.exists()
    assert _words_left() == 0


def _words_left() -> int:
    """How often a word of the note still lies in the index's own tables."""
    if connection.vendor != "sqlite":
        return NoteText.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM contacts_noteindex_data WHERE instr(block, %s)", [b"english"])
        return cursor.fetchone()[0]


def test_searching_asks_the_same_number_of_questions_for_one_note_and_for_many(
    cast, django_assert_num_queries
):
    actor = cast.actor("head")
    for _number in range(8):
        write(cast)
    with django_assert_num_queries(2):
        assert len(shown_notes(search_notes(actor, "英语"), "英语")) == 8
