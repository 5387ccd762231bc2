"""What goes along to the next school, and what never does."""

from uuid import uuid4

import pytest
from tests.cast import NOW

from tongxing.care.attendance_watch.actions.leaving import review
from tongxing.care.attendance_watch.models import TransferFile
from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.models import Visibility
from tongxing.care.profiles.actions import note_trait
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent, withdraw_consent
from tongxing.ground.people.models import Circumstance, Student
from tongxing.paper.exchange import transfer_format

from .. import transfer

PASSPHRASE = "0734 2916 9873 2379 5952 9235"
ALL = tuple(transfer.PARTS)


def told_of(cast):
    """Much is written down about 周晓禾; some of it must stay."""
    student = cast.students.key
    note_trait(SYSTEM, student=student, kind="interest", words="剪纸", client_id=uuid4())
    note_trait(SYSTEM, student=student, kind="health", words="花生过敏", client_id=uuid4())
    Circumstance.objects.create(school=cast.school, student=student, category="minimum_living")
    for kind, answers, more in (
        ("highlight", {"seen": "主动讲题"}, {}),
        ("talk", {"thoughts": "谈心里说的话"}, {}),
        ("success", {"success": "只写给心理老师"}, {"visibility": Visibility.COUNSELLOR}),
        ("counselling", {"heard": "辅导室里的话"}, {}),
        ("success", {"success": "说不想活了之后读完一本书"}, {}),
    ):
        reached = [] if kind == "highlight" else ["student"]
        write_contact(
            SYSTEM,
            student=student,
            client_id=uuid4(),
            kind=kind,
            told=Told(answers, reached=reached),
            staff=cast.staff["counsellor"],
            **more,
        )
    review(
        cast.actor("helper"),
        student=student,
        client_id=uuid4(),
        helped="点名问就愿意回答",
        next_teachers="坐前排听得清",
        with_child=True,
        with_family=True,
    )


def agree(cast):
    return give_consent(
        cast.actor("helper"),
        student=cast.students.key,
        purpose="transfer",
        given_by="奶奶",
        student_agreed=True,
    )


def with_class(cast):
    return Student.objects.with_class(NOW.date()).select_related("key", "school").get(pk=cast.students.key.pk)


def make(cast, by="class_teacher", parts=ALL, **more):
    more = {"passphrase": PASSPHRASE, "client_id": uuid4()} | more
    return transfer.make_transfer_file(
        cast.actor(by), student=with_class(cast), term=cast.term, parts=parts, **more
    )


def test_what_was_chosen_goes_along_and_opens_at_the_next_school(cast):
    told_of(cast)
    agree(cast)
    found = transfer_format.read(make(cast, parts=["likes", "review", "bright"]), PASSPHRASE)
    assert [part.code for part in found.parts] == ["review", "likes", "bright"]
    said = "".join(line for part in found.parts for line in part.lines)
    assert "坐前排听得清" in said and "剪纸" in said and "主动讲题" in said
    kept = TransferFile.objects.get()
    assert (kept.parts, kept.version) == (["review", "likes", "bright"], 1)
    assert "剪纸" not in str(AuditEntry.objects.latest("pk").detail)


def test_counselling_hardship_safety_and_talks_never_go_along_whatever_is_chosen(cast):
    told_of(cast)
    agree(cast)
    said = transfer_format.as_json(transfer_format.read(make(cast), PASSPHRASE))
    for word in (
        "辅导室里的话",
        "只写给心理老师",
        "谈心里说的话",
        "不想活",
        "低保",
        "13900001111",
        "139****1111",
    ):
        assert word not in said
    assert "花生过敏" in said  # chosen, so it goes along
    usual = transfer_format.as_json(transfer_format.read(make(cast, parts=transfer.USUAL), PASSPHRASE))
    assert "花生过敏" not in usual


def test_without_the_familys_consent_nothing_is_made_neither_sealed_nor_on_paper(cast):
    told_of(cast)
    with pytest.raises(Refused):
        make(cast)
    consent = agree(cast)
    make(cast)
    withdraw_consent(cast.actor("helper"), consent=consent)
    with pytest.raises(Refused):
        make(cast)
    with pytest.raises(Refused):
        transfer.transfer_pdf(
            cast.actor("class_teacher"), student=with_class(cast), term=cast.term, parts=ALL
        )
    assert TransferFile.objects.count() == 1


@pytest.mark.parametrize("by", ["helper", "other_class_teacher", "counsellor", "outsider"])
def test_only_the_class_teacher_and_those_who_lead_make_it(cast, by):
    told_of(cast)
    agree(cast)
    with pytest.raises(NotAllowed):
        make(cast, by)


def test_sent_twice_it_is_one_file_of_the_list(cast):
    told_of(cast)
    agree(cast)
    same = uuid4()
    first, second = (make(cast, client_id=same) for _ in range(2))
    assert first != second and TransferFile.objects.count() == 1


def test_nothing_to_say_is_no_file(cast):
    agree(cast)
    with pytest.raises(Refused) as refusal:
        make(cast, parts=["goals"])
    assert refusal.value.field == "parts"


def test_a_review_that_was_not_said_with_the_child_stays(cast):
    review(
        cast.actor("helper"),
        student=cast.students.key,
        client_id=uuid4(),
        helped="私下的看法",
        next_teachers="",
        with_child=False,
        with_family=False,
    )
    found = transfer.transfer_of(cast.actor("class_teacher"), with_class(cast), cast.term, ALL)
    assert "私下的看法" not in transfer_format.as_json(found)
