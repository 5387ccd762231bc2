"""Companions: no meeting without the check, no promise without consent, no money but through the books."""

import datetime
from uuid import uuid4 as new_id

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.actions.entries import check, reverse
from tongxing.aid.ledger.tests.books import books
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import withdraw_consent
from tongxing.ground.people.models import Consent

from .. import actions
from ..actions import Said
from ..models import Companion, Kept, Letter, Promise
from ..queries import letters_of, noted_of, of_student, promises_of, receipts_to_note, standings

FIRST, UNTIL = datetime.date(2026, 9, 10), datetime.date(2027, 7, 10)
TODAY = datetime.date(2026, 11, 25)
pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def office(cast):
    return cast.actor("coordinator")


@pytest.fixture
def alumnus(cast, office):
    return actions.add(
        office, school=cast.school, client_id=new_id(), kind="alumnus", name="韩笑", comes_from="2008 届校友",
        phone="13800001234",
    )  # fmt: skip


@pytest.fixture
def agreed(cast):
    key = cast.students.key
    return Consent.objects.create(
        school=cast.school, student=key, purpose="companion", basis="guardian", given_by="奶奶",
        student_agreed=True, given_on=FIRST,
    )  # fmt: skip


def promised(cast, office, companion, student=None, **more) -> Promise:
    usual = {"what": "每月写一封信", "every": "month", "meets": False, "starts_on": FIRST, "until": UNTIL}
    student = student or cast.students.key
    return actions.promise(
        office, companion=companion, student=student, said=Said(**usual | more), client_id=new_id()
    )


def noted(office, promise, day=datetime.date(2026, 9, 20), kind="call", **more):
    return actions.note(
        office, promise=promise, day=day, kind=kind, words="聊了半小时", client_id=new_id(), **more
    )


def test_the_family_agrees_first_and_a_promise_ends_with_its_consent(cast, office, alumnus, request):
    with pytest.raises(Refused, match="family has not agreed"):
        promised(cast, office, alumnus)
    consent = request.getfixturevalue("agreed")
    promised(cast, office, alumnus)
    assert standings(office, promises_of(office, cast.school))[0].goes_on
    withdraw_consent(cast.actor("class_teacher"), consent=consent)
    found = standings(office, promises_of(office, cast.school))[0]
    assert not found.goes_on and found.until == TODAY


def test_nobody_meets_a_child_before_the_check_is_noted(cast, office, alumnus, agreed):
    with pytest.raises(Refused, match="offence-record") as refusal:
        promised(cast, office, alumnus, meets=True)
    assert refusal.value.field == "meets"
    promise = promised(cast, office, alumnus)
    with pytest.raises(Refused, match="offence-record"):
        noted(office, promise, kind="meeting")
    actions.note_check(office, companion=alumnus, on=datetime.date(2026, 9, 15))
    with pytest.raises(Refused, match="offence-record"):
        noted(office, promise, kind="meeting", day=datetime.date(2026, 9, 14))
    assert noted(office, promise, kind="meeting", day=datetime.date(2026, 9, 16))
    with pytest.raises(Refused, match="still to come"):
        actions.note_check(office, companion=alumnus, on=datetime.date(2026, 12, 1))


def test_a_colleagues_check_stands_with_the_staff(cast, office, agreed):
    staff = cast.staff["helper"]
    colleague = actions.add(office, school=cast.school, client_id=new_id(), kind="staff", staff=staff)
    assert colleague.name == "林岚" and promised(cast, office, colleague, meets=True)
    with pytest.raises(Refused, match="already"):
        actions.add(office, school=cast.school, client_id=new_id(), kind="staff", staff=staff)
    with pytest.raises(Refused, match="choose the colleague"):
        actions.add(office, school=cast.school, client_id=new_id(), kind="staff", name="谁")


def test_several_stand_by_one_student_but_nobody_twice(cast, office, alumnus, agreed):
    neighbour = actions.add(office, school=cast.school, client_id=new_id(), kind="neighbour", name="石婶")
    promised(cast, office, alumnus)
    promised(cast, office, neighbour, every="fortnight")
    with pytest.raises(Refused, match="stands by this student already"):
        promised(cast, office, alumnus)
    assert len(of_student(office, cast.students.key)) == 2


def test_a_promise_is_for_a_year_at_most(cast, office, alumnus, agreed):
    for until in (FIRST - datetime.timedelta(days=1), FIRST + datetime.timedelta(days=367)):
        with pytest.raises(Refused, match="a year at most"):
            promised(cast, office, alumnus, until=until)
    assert promised(cast, office, alumnus, until=FIRST + datetime.timedelta(days=366))


def test_what_was_promised_shows_as_kept_or_visibly_not(cast, office, alumnus, agreed):
    promise = promised(cast, office, alumnus)
    noted(office, promise, day=datetime.date(2026, 9, 20))
    found = of_student(office, cast.students.key)[0]
    assert [one.state for one in found.dues[:4]] == ["done", "late", "due", "later"]
    assert found.missing == 1 and found.now.state == "due"
    row = noted(office, promise, day=datetime.date(2026, 10, 20))
    assert of_student(office, cast.students.key)[0].missing == 0
    actions.take_note_back(office, kept=row)
    assert of_student(office, cast.students.key)[0].missing == 1
    for day in (FIRST - datetime.timedelta(days=1), TODAY + datetime.timedelta(days=1)):
        with pytest.raises(Refused):
            noted(office, promise, day=day)


def test_money_is_a_receipt_of_the_books_and_nothing_else(cast, alumnus, agreed, office):
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    receipt = given(told, 500_00)
    promise = promised(cast, office, alumnus)
    head = cast.actor("head")
    with pytest.raises(Refused, match="school’s account"):
        noted(head, promise, kind="money")
    with pytest.raises(Refused, match="school’s account"):
        noted(head, promise, kind="call", entry=receipt)
    with pytest.raises(NotAllowed):
        noted(office, promise, kind="money", entry=receipt)  # who does not read the books
    with pytest.raises(Refused, match="receipt that stands"):
        noted(head, promise, kind="money", entry=told.pays(10_00))
    row = noted(head, promise, kind="money", entry=receipt)
    with pytest.raises(Refused, match="noted already"):
        noted(head, promise, kind="money", entry=receipt)
    with pytest.raises(IntegrityError), transaction.atomic():
        Kept.objects.filter(pk=row.pk).update(entry=None)


def given(told, fen, come_from="4005"):
    return told.post("receipt", told.move(come_from, "1002", fen))


def _reversed(told, entry):
    return reverse(told.maker, entry=entry, day=TODAY, reason="记错了", client_id=new_id())


def test_a_receipt_was_checked_stands_and_is_a_companions_gift(cast, alumnus, agreed, office):
    told = books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])
    promise, head = promised(cast, office, alumnus), cast.actor("head")
    waiting = told.write("receipt", told.move("4005", "1002", 100_00))
    reversed_ = given(told, 200_00)
    check(told.checker, entry=_reversed(told, reversed_))
    wrong = [
        waiting,
        reversed_,
        given(told, 300_00, come_from="4001"),  # of a class
        given(told, 400_00, come_from="4003"),  # of the county
        told.post("receipt", told.move("4005", "1002", 1_00), told.move("4001", "1002", 2_00)),
    ]
    for entry in wrong:
        with pytest.raises(Refused, match="receipt that stands") as refusal:
            noted(head, promise, kind="money", entry=entry)
        assert refusal.value.field == "entry"
    right = given(told, 500_00)
    assert [*receipts_to_note(head, cast.school)] == [right]
    assert not receipts_to_note(office, cast.school).exists()
    assert noted(head, promise, kind="money", entry=right)
    assert not receipts_to_note(head, cast.school).exists()


@pytest.mark.parametrize("kind", ["meeting", "study", "goods", "other"])
def test_whatever_is_done_face_to_face_waits_for_the_check(cast, office, alumnus, agreed, kind):
    promise = promised(cast, office, alumnus)
    assert noted(office, promise, kind="call")
    with pytest.raises(Refused, match="offence-record") as refusal:
        noted(office, promise, kind=kind)
    assert refusal.value.field == "kind"
    actions.note_check(office, companion=alumnus, on=datetime.date(2026, 9, 15))
    assert noted(office, promise, kind=kind)


def test_either_side_stops_without_a_reason_and_may_go_on_again_at_once(
    cast, office, alumnus, agreed, at_school
):
    promise = promised(cast, office, alumnus)
    with pytest.raises(Refused, match="who would like to stop"):
        actions.stop(office, promise=promise, side="somebody")
    stopped = actions.stop(office, promise=promise, side="companion")
    assert (stopped.last_day, bytes(stopped.reason_sealed)) == (TODAY, b"")
    actions.go_on(office, promise=promise)
    assert Promise.objects.open().count() == 1
    actions.stop(office, promise=promise, side="family", reason="孩子想自己来")
    assert "孩子想自己来".encode() not in bytes(Promise.objects.get().reason_sealed)
    at_school.shift(datetime.timedelta(minutes=11))
    with pytest.raises(Refused, match="a while ago"):
        actions.go_on(office, promise=promise)


def test_whoever_still_stands_by_a_student_does_not_leave_the_list(cast, office, alumnus, agreed):
    promise = promised(cast, office, alumnus)
    with pytest.raises(Refused, match="still stands by a student"):
        actions.leave(office, companion=alumnus)
    actions.stop(office, promise=promise, side="companion")
    actions.leave(office, companion=alumnus)
    assert not Companion.objects.visible_to(office).present().exists()
    with pytest.raises(Refused, match="not on the list"):
        promised(cast, office, alumnus)


def letter(office, promise, text="谢谢您的字典。", **more) -> Letter:
    said = {"written_on": TODAY, "own_will": True} | more
    return actions.hand_in_letter(office, promise=promise, text=text, client_id=new_id(), **said)


def test_only_letters_of_ones_own_will_are_taken_and_sealed(cast, office, alumnus, agreed):
    promise = promised(cast, office, alumnus)
    with pytest.raises(Refused, match="wanted to write"):
        letter(office, promise, own_will=False)
    with pytest.raises(Refused, match="some words"):
        letter(office, promise, text=" ")
    found = letter(office, promise)
    assert "字典".encode() not in bytes(found.text_sealed)
    assert letters_of(office, promise)[0].text == "谢谢您的字典。"


def test_a_letter_with_an_address_is_passed_on_only_after_somebody_looked(cast, office, alumnus, agreed):
    promise = promised(cast, office, alumnus)
    telling = letter(office, promise, "谢谢您，来柳溪村三组玩，电话13812345678")
    assert [one.kind for one in letters_of(office, promise)[0].telling] == ["address", "phone"]
    with pytest.raises(Refused, match="how to find the child"):
        actions.decide_letter(office, letter=telling, pass_on=True)
    assert actions.decide_letter(office, letter=telling, pass_on=True, looked=True).outcome == "passed_on"
    plain = letter(office, promise)
    with pytest.raises(Refused, match="few words"):
        actions.decide_letter(office, letter=plain, pass_on=False)
    assert actions.decide_letter(office, letter=plain, pass_on=True).outcome == "passed_on"
    assert actions.decide_letter(office, letter=plain, pass_on=False, reason="晚了").outcome == "passed_on"


def test_only_the_office_reads_and_writes_any_of_it(cast, office, alumnus, agreed):
    promise = promised(cast, office, alumnus)
    noted(office, promise)
    for name in ("class_teacher", "helper", "counsellor", "finance_maker", "outsider", "guardian"):
        actor = cast.actor(name)
        assert not Companion.objects.visible_to(actor).exists()
        assert not of_student(actor, cast.students.key) and not noted_of(actor, promise)
        with pytest.raises(NotAllowed):
            noted(actor, promise)


def test_a_number_is_shown_for_a_purpose_that_is_kept(cast, office, alumnus):
    assert alumnus.phone_masked == "138****1234"
    with pytest.raises(Refused):
        actions.reveal_phone(office, companion=alumnus, purpose=" ")
    assert actions.reveal_phone(office, companion=alumnus, purpose="约时间") == "13800001234"
    row = AuditEntry.objects.get(action="companion.reveal")
    assert row.purpose == "约时间" and "13800001234" not in str(row.detail)


def test_a_form_sent_twice_is_one_promise(cast, office, alumnus, agreed):
    one = new_id()
    said = Said("每月一次", "month", False, FIRST, UNTIL)
    both = [
        actions.promise(office, companion=alumnus, student=cast.students.key, said=said, client_id=one)
        for _n in range(2)
    ]
    assert both[0] == both[1] and Promise.objects.count() == 1
