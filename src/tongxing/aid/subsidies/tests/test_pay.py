"""From what was granted to money: one list, one entry, checked by another; what the county pays is only laid beside."""

import datetime

import pytest
from django.db import IntegrityError, transaction

from tongxing.aid.ledger.actions import entries
from tongxing.aid.ledger.models import Entry
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry

from ..actions import cards, pay, rounds
from ..models import Card, CountyPayment, PayLine, PayList, Subsidy
from ..models_pay import NUMBER
from ..queries.rounds import lists_of, paid_out, stand
from .school import TODAY, new_id

pytestmark = pytest.mark.usefixtures("english")


def how(aid, found) -> str:
    return stand(lists_of(aid.office, aid.cast.school).get(pk=found.pk))


def test_a_list_holds_everybody_granted_once(aid):
    found = aid.listed()
    assert found.total == 600_00 and found.lines.count() == 2
    with pytest.raises(Refused, match="no list yet"):
        pay.make_list(aid.office, round=found.round, client_id=new_id())
    assert pay.make_list(aid.office, round=found.round, client_id=found.client_id) == found
    one = Subsidy.objects.first()
    with pytest.raises(Refused, match="stands on a list"):
        rounds.take_back(aid.office, subsidy=one, reason="错了")
    with pytest.raises(IntegrityError), transaction.atomic():
        PayLine.objects.create(
            school=found.school, pay_list=found, subsidy=one, student=one.student, amount=1
        )


@pytest.mark.parametrize(("kind", "purpose", "code"), [
    ("school", "生活补助", "5001"), ("waiver", "减免费用", "5002"), ("in_kind", "学习与生活用品", "5005"),
])  # fmt: skip
def test_a_list_is_paid_by_one_entry_that_somebody_else_checks(aid, kind, purpose, code):
    aid.books.received(1_000_00, day=datetime.date(2026, 10, 8))
    found = aid.listed(kind=kind)
    entry = aid.pays(found, purpose)
    assert aid.pays(found, purpose) == entry and how(aid, found) == "written"
    assert (entry.source_kind, entry.source_id) == ("subsidy", str(found.pk))
    aid.cast.grant("finance_maker", "finance_checker")
    with pytest.raises(Refused, match="Somebody else"):
        entries.check(aid.cast.actor("finance_maker"), entry=entry)
    entries.check(aid.checker, entry=entry)
    assert how(aid, found) == "posted"
    assert (aid.books.balance(code), aid.books.balance("1002")) == (600_00, 400_00)
    assert "周晓禾" not in entry.narrative


def test_an_emergency_is_paid_as_such(aid):
    aid.books.received(1_000_00, day=datetime.date(2026, 10, 8))
    found = aid.round(fen=0, kind="emergency")
    rounds.agree(aid.head, subsidy=aid.decide(found, aid.cast.students.normal, 500_00, reason="家里失火"))
    entries.check(
        aid.checker,
        entry=aid.pays(pay.make_list(aid.office, round=found, client_id=new_id()), "临时困难救助"),
    )
    assert aid.books.balance("5003") == 500_00


def test_only_finance_pays_and_only_those_who_manage_make_lists(aid):
    found = aid.listed()
    told = aid.books
    said = pay.Paid(TODAY, told.accounts["1002"], told.fund, told.purposes["生活补助"])
    for role in ("coordinator", "head", "finance_checker", "class_teacher", "outsider", "county_aid_officer"):
        with pytest.raises(NotAllowed):
            pay.pay(aid.cast.actor(role), pay_list=found, paid=said, client_id=new_id())
    for role in ("finance_maker", "class_teacher", "outsider"):
        with pytest.raises(NotAllowed):
            pay.make_list(aid.cast.actor(role), round=found.round, client_id=new_id())


def test_a_list_is_taken_back_only_while_nothing_pays_it(aid):
    aid.books.received(1_000_00, day=datetime.date(2026, 10, 8))
    found = aid.listed()
    entry = aid.pays(found)
    with pytest.raises(Refused, match="stands in the books"):
        pay.take_list_back(aid.office, pay_list=found, reason="金额不对")
    entries.take_back(aid.checker, entry=entry, reason="日期不对")
    assert how(aid, found) == "open"
    pay.take_list_back(aid.office, pay_list=found, reason="金额不对")
    with pytest.raises(Refused, match="taken back"):
        aid.pays(found)
    again = pay.make_list(aid.office, round=found.round, client_id=new_id())
    assert again.total == 600_00 and how(aid, found) == "back"


def test_what_the_county_paid_is_matched_to_the_fen_and_never_paid_again(aid):
    found = aid.listed(payer="county")
    with pytest.raises(Refused, match="does not pay this"):
        aid.pays(found)
    wrong, right = aid.county_paid(599_00), aid.county_paid(600_00)
    with pytest.raises(Refused, match=r"599\.00 yuan, the list says 600\.00"):
        pay.match(aid.maker, pay_list=found, entries=[wrong])
    with pytest.raises(NotAllowed):
        pay.match(aid.office, pay_list=found, entries=[right])
    pay.match(aid.maker, pay_list=found, entries=[right])
    assert how(aid, found) == "posted" and Entry.objects.filter(source_kind="subsidy").count() == 0
    second = aid.listed(payer="county")
    with pytest.raises(Refused, match="one of the payments"):
        pay.match(aid.maker, pay_list=second, entries=[right])
    with pytest.raises(IntegrityError), transaction.atomic():
        PayList.objects.filter(pk=second.pk).update(entry=right)


def test_several_payments_of_the_county_pay_one_list_together(aid):
    found = aid.listed(payer="county")
    paid = [aid.county_paid(fen) for fen in (250_00, 200_00, 150_00)]
    with pytest.raises(Refused, match=r"450\.00 yuan, the list says 600\.00"):
        pay.match(aid.maker, pay_list=found, entries=paid[:2])
    with pytest.raises(Refused, match="one of the payments"):
        pay.match(aid.maker, pay_list=found, entries=[])
    for _twice in range(2):
        pay.match(aid.maker, pay_list=found, entries=paid)
    assert how(aid, found) == "posted" and not pay.county_entries(aid.cast.school).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        CountyPayment.objects.create(school=found.school, pay_list=found, entry=paid[0])
    found.refresh_from_db()
    assert pay.is_out(found)
    with pytest.raises(Refused, match="stands in the books"):
        pay.take_list_back(aid.office, pay_list=found, reason="错了")
    reversed_(aid, paid[1])
    assert how(aid, found) == "reversed" and not pay.is_out(found)
    assert paid_out(aid.cast.actor("guardian"), aid.cast.students.key) == []
    pay.take_list_back(aid.office, pay_list=found, reason="其中一笔冲销了")
    assert set(pay.county_entries(aid.cast.school)) == {paid[0], paid[2]}


def test_what_went_back_to_the_county_frees_its_child_and_is_no_payment(aid):
    found = aid.listed(payer="county")
    line, other = found.lines.order_by("pk")
    said = {"reason": "卡已注销"}
    paid = aid.county_paid(600_00)
    refund, wrong = aid.county_took_back(300_00), aid.county_took_back(299_00)
    assert list(pay.county_entries(aid.cast.school)) == [paid]
    with pytest.raises(Refused, match="Only what stands"):
        pay.county_took_back(aid.maker, line=line, entry=refund, **said)
    pay.match(aid.maker, pay_list=found, entries=[paid])
    with pytest.raises(Refused, match=r"299\.00 yuan went back"):
        pay.county_took_back(aid.maker, line=line, entry=wrong, **said)
    for entry in (paid, aid.books.received(300_00)):
        with pytest.raises(Refused, match="what went back"):
            pay.county_took_back(aid.maker, line=line, entry=entry, **said)
    with pytest.raises(NotAllowed):
        pay.county_took_back(aid.office, line=line, entry=refund, **said)
    for _twice in range(2):
        pay.county_took_back(aid.maker, line=line, entry=refund, **said)
    with pytest.raises(Refused, match="what went back"):
        pay.county_took_back(aid.maker, line=other, entry=refund, **said)
    again = pay.make_list(aid.office, round=found.round, client_id=new_id())
    assert [one.student for one in again.lines.all()] == [line.student]
    line.refresh_from_db()
    assert (
        line.ended_reason == "卡已注销" and lists_of(aid.office, aid.cast.school).get(pk=found.pk).back == 1
    )
    pay.match(aid.maker, pay_list=again, entries=[aid.county_paid(300_00)])


def test_what_the_school_pays_is_not_matched_with_the_county(aid):
    entry = aid.county_paid(600_00)
    with pytest.raises(Refused, match="does not pay this project"):
        pay.match(aid.maker, pay_list=aid.listed(), entries=[entry])


def test_given_things_are_handed_out_without_money(aid):
    found = aid.listed(kind="in_kind", payer="goods")
    with pytest.raises(Refused, match="not come yet"):
        pay.hand_out(aid.office, pay_list=found, day=TODAY + datetime.timedelta(days=1))
    pay.hand_out(aid.office, pay_list=found, day=TODAY)
    assert how(aid, found) == "handed" and not Entry.objects.exists()
    with pytest.raises(Refused, match="handed out already"):
        pay.take_list_back(aid.office, pay_list=found, reason="错")
    with pytest.raises(Refused, match="Only given things"):
        pay.hand_out(aid.office, pay_list=aid.listed(), day=TODAY)


def test_money_that_came_back_stands_in_the_books_and_frees_its_child(aid):
    found = aid.paid()
    line = found.lines.get(student=aid.cast.students.key)
    with pytest.raises(NotAllowed):
        pay.came_back(aid.office, line=line, day=TODAY, reason="卡号有误", client_id=new_id())
    entry = pay.came_back(aid.maker, line=line, day=TODAY, reason="卡号有误", client_id=new_id())
    assert pay.came_back(aid.maker, line=line, day=TODAY, reason="卡号有误", client_id=new_id()) == entry
    entries.check(aid.checker, entry=entry)
    assert aid.books.balance("5001") == 300_00 and aid.books.balance("1002") == 4_700_00
    again = pay.make_list(aid.office, round=found.round, client_id=new_id())
    assert [one.student for one in again.lines.all()] == [aid.cast.students.key]
    entries.check(aid.checker, entry=aid.pays(again))
    assert aid.books.balance("5001") == 600_00


def came_back(aid, line):
    return pay.came_back(aid.maker, line=line, day=TODAY, reason="卡号有误", client_id=new_id())


def reversed_(aid, entry) -> None:
    wrong = entries.reverse(aid.maker, entry=entry, day=TODAY, reason="记错", client_id=new_id())
    entries.check(aid.checker, entry=wrong)


def test_money_that_is_only_said_to_have_come_back_frees_nobody(aid):
    found = aid.paid()
    line = found.lines.get(student=aid.cast.students.key)
    claim = came_back(aid, line)
    again = {"round": found.round, "client_id": new_id()}
    with pytest.raises(Refused, match="no list yet"):
        pay.make_list(aid.office, **again)
    with pytest.raises(Refused, match="stands on a list"):
        rounds.take_back(aid.office, subsidy=line.subsidy, reason="错了")
    entries.take_back(aid.checker, entry=claim, reason="银行没有退回")
    with pytest.raises(Refused, match="no list yet"):
        pay.make_list(aid.office, **again)
    assert pay.confirm(aid.office, line=line, received=True, on_paper=True).answer == "received"
    second = came_back(aid, line)  # this time it is so
    assert second != claim
    entries.check(aid.checker, entry=second)
    with pytest.raises(Refused, match="not paid any more"):
        pay.confirm(aid.office, line=line, received=True, on_paper=True)
    assert pay.make_list(aid.office, **again).total == 300_00
    line.refresh_from_db()
    assert line.ended_reason == "卡号有误"


def test_a_claim_that_is_reversed_holds_its_child_again_and_the_second_list_is_not_paid(aid):
    found = aid.paid()
    line = found.lines.get(student=aid.cast.students.key)
    claim = came_back(aid, line)
    entries.check(aid.checker, entry=claim)
    second = pay.make_list(aid.office, round=found.round, client_id=new_id())
    reversed_(aid, claim)
    with pytest.raises(Refused, match="would be paid twice"):
        aid.pays(second)
    pay.take_list_back(aid.office, pay_list=second, reason="钱没有退回")
    assert aid.books.balance("5001") == 600_00
    assert lists_of(aid.office, aid.cast.school).get(pk=found.pk).back == 0


def test_money_comes_back_once_by_the_line_or_by_the_whole_list(aid):
    found = aid.paid()
    line, other = found.lines.order_by("pk")
    claim = came_back(aid, line)
    with pytest.raises(Refused, match="came back already"):
        reversed_(aid, found.entry)
    entries.check(aid.checker, entry=claim)
    with pytest.raises(Refused, match="came back already"):
        reversed_(aid, found.entry)
    reversed_(aid, claim)
    wrong = entries.reverse(aid.maker, entry=found.entry, day=TODAY, reason="记错", client_id=new_id())
    with pytest.raises(Refused, match="reversed already, or"):
        came_back(aid, other)
    entries.check(aid.checker, entry=wrong)
    with pytest.raises(Refused, match="not paid any more"):
        came_back(aid, other)
    assert (aid.books.balance("5001"), aid.books.balance("1002")) == (0, 5_000_00)
    pay.take_list_back(aid.office, pay_list=found, reason="整单作废")
    assert pay.make_list(aid.office, round=found.round, client_id=new_id()).total == 600_00


def test_what_is_not_paid_yet_does_not_come_back(aid):
    found = aid.listed()
    with pytest.raises(Refused, match="Only what stands"):
        pay.came_back(aid.maker, line=found.lines.first(), day=TODAY, reason="卡号有误", client_id=new_id())


def test_the_family_says_whether_it_came_and_nobody_elses_family(aid):
    found, guardian = aid.paid(), aid.cast.actor("guardian")
    mine = {line.student_id for line in found.lines.all()} & set(guardian.scopes[0].students or ())
    (student_id,) = mine
    own = found.lines.get(student=student_id)
    other = found.lines.exclude(student=student_id).get()
    assert paid_out(guardian, own.student) == [own] and paid_out(guardian, other.student) == []
    assert pay.confirm(guardian, line=own, received=False).answer == "not"
    own = pay.confirm(guardian, line=own, received=True)
    assert (own.answer, own.way) == ("received", "door")
    with pytest.raises(NotAllowed):
        pay.confirm(guardian, line=other, received=True)
    assert pay.confirm(aid.office, line=other, received=True, on_paper=True).way == "paper"
    with pytest.raises(NotAllowed):
        pay.confirm(aid.cast.actor("class_teacher"), line=other, received=True, on_paper=True)


def test_nobody_is_asked_before_it_is_paid(aid):
    found = aid.listed()
    guardian = aid.cast.actor("guardian")
    assert all(paid_out(guardian, line.student) == [] for line in found.lines.all())
    with pytest.raises(Refused, match="not been paid"):
        pay.confirm(aid.office, line=found.lines.first(), received=True, on_paper=True)


def test_a_card_number_is_sealed_and_replaced(aid):
    student = aid.cast.students.key
    with pytest.raises(Refused, match="12 to 23"):
        cards.note_card(aid.office, student=student, holder="周桂兰", number="1234")
    first = cards.note_card(aid.office, student=student, holder="周桂兰", number="6217 0000 1234 5678")
    assert b"6217000012345678" not in bytes(first.number_sealed)
    second = cards.note_card(aid.office, student=student, holder="周桂兰", number="6217000012349999")
    assert Card.objects.standing().get() == second
    student = type(student).objects.select_related("key").get(pk=student.pk)
    assert unseal(student.key, second.number_sealed, NUMBER) == "6217000012349999"
    assert not AuditEntry.objects.filter(detail__icontains="6217").exists()
    for role in ("class_teacher", "finance_maker", "outsider"):
        with pytest.raises(NotAllowed):
            cards.note_card(aid.cast.actor(role), student=student, holder="周", number="6217000012349999")
