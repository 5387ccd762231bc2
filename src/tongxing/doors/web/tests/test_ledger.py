"""The pages of the aid money: written in plain words by one, looked at by another."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.aid.ledger.actions.entries import check
from tongxing.aid.ledger.models import Account, Books, Budget, Entry, Fund, Period, Statement
from tongxing.aid.ledger.tests.books import books, client_id
from tongxing.ground.files.tests.pictures import picture


@pytest.fixture
def told(cast):
    return books(cast.school, cast.users["finance_maker"], cast.users["finance_checker"])


def text(browser, name, *args, **query):
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def facts(told, **more):
    usual = {
        "client_id": client_id(),
        "amount": "1,250.50",
        "come_from": told.accounts["4002"].pk,
        "go_to": told.accounts["1002"].pk,
        "fund": f"{told.fund.pk}-",
        "day": "2026-11-02",
        "narrative": "本学期资助经费",
    }
    return usual | more


def test_finance_begins_on_the_page_of_the_books(cast):
    for role in ("finance_maker", "finance_checker"):
        assert cast.client(role).get(reverse("home"))["Location"] == reverse("ledger")


def test_the_books_are_opened_by_whoever_answers_for_the_money(cast):
    assert "账本还没有打开" in text(cast.client("finance_maker"), "ledger")
    assert (
        cast.client("finance_maker").post(reverse("ledger-open"), {"month": "2026-09-01"}).status_code == 403
    )
    browser = cast.client("head")
    assert browser.post(reverse("ledger-open"), {"month": "2027-09-01"}).status_code == 422
    assert browser.post(reverse("ledger-open"), {"month": "2026-09-01"}).status_code == 302
    assert Books.objects.get().school == cast.school


def test_pages_say_so_while_the_books_are_not_opened(cast):
    answer = cast.client("finance_maker").get(reverse("ledger-new", args=["receipt"]))
    assert answer.status_code == 422 and "账本还没有打开" in answer.content.decode()


def test_money_that_came_in_is_written_by_one_and_checked_by_another(cast, told):
    maker, checker = cast.client("finance_maker"), cast.client("finance_checker")
    address = reverse("ledger-new", args=["receipt"])
    assert "钱从哪里来" in text(maker, "ledger-new", "receipt")
    sent = facts(told, files=SimpleUploadedFile("收据.png", picture()))
    entry_page = maker.post(address, sent)["Location"]
    entry = Entry.objects.get()
    assert entry.files.count() == 1
    page = maker.get(entry_page).content.decode()
    assert "壹仟贰佰伍拾元零伍角整" in page and "借方" in page
    assert maker.post(reverse("ledger-check", args=[entry.pk])).status_code == 403
    assert "有 1 笔等您看一看" in text(checker, "ledger")
    assert checker.post(reverse("ledger-check", args=[entry.pk])).status_code == 302
    assert Account.objects.get(pk=told.accounts["1002"].pk).balance == 125_050
    assert "1,250.50" in text(checker, "ledger")
    paper = entry.files.get()
    assert checker.get(reverse("ledger-paper", args=[paper.pk]))["Content-Type"] == "image/jpeg"
    assert cast.client("coordinator").get(reverse("ledger-paper", args=[paper.pk])).status_code == 403


def test_what_was_typed_stays_when_something_is_wrong(cast, told):
    browser, address = cast.client("finance_maker"), reverse("ledger-new", args=["receipt"])
    answer = browser.post(address, facts(told, amount="十二块", narrative="校友寄来"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "校友寄来" in page and "十二块" in page
    assert browser.post(address, facts(told, day="2027-01-01")).status_code == 422
    assert not Entry.objects.exists()


def test_a_payment_names_what_it_is_for_and_never_more_than_there_is(cast, told):
    told.received(10_000)
    browser, address = cast.client("finance_maker"), reverse("ledger-new", args=["payment"])
    purpose = told.purposes["生活补助"]
    sent = facts(
        told, amount="100.01", come_from=told.accounts["1002"].pk, go_to=told.accounts["5001"].pk,
        fund=f"{told.fund.pk}-{purpose.pk}",
    )  # fmt: skip
    assert browser.post(address, sent).status_code == 302
    entry = Entry.objects.get(kind="payment")
    answer = cast.client("head").post(reverse("ledger-check", args=[entry.pk]))
    assert answer.status_code == 422 and "还差 0.01 元" in answer.content.decode()


@pytest.mark.parametrize("way", ["promise", "transfer", "reallocation", "refund", "returned", "opening"])
def test_each_way_of_money_has_its_form(cast, told, way):
    told.received(900_000)
    other = Fund.objects.create(
        school=told.school,
        name="图书",
        added_by_id=told.checker.user_id,
        added_at="2026-11-01T08:00:00+08:00",
    )
    bank, cash = told.accounts["1002"].pk, told.accounts["1001"].pk
    purpose = told.purposes["生活补助"].pk
    more = {
        "promise": {"come_from": told.accounts["2201"].pk, "go_to": told.accounts["5001"].pk, "fund": f"{told.fund.pk}-{purpose}"},
        "transfer": {"come_from": bank, "go_to": cash},
        "reallocation": {"come_from": bank, "go_to": f"{other.pk}-"},
        "refund": {"come_from": bank, "go_to": told.accounts["4002"].pk},
        "returned": {"come_from": told.accounts["5001"].pk, "go_to": bank, "fund": f"{told.fund.pk}-{purpose}"},
        "opening": {"come_from": told.accounts["3001"].pk, "go_to": bank},
    }[way]  # fmt: skip
    browser = cast.client("finance_maker")
    text(browser, "ledger-new", way)
    assert browser.post(reverse("ledger-new", args=[way]), facts(told, **more)).status_code == 302
    check(told.checker, entry=Entry.objects.get(kind=way))


def test_sent_back_it_is_written_anew_from_what_was_there(cast, told):
    entry = told.write("receipt", told.move("4002", "1002", 100), words="九月经费")
    browser = cast.client("finance_checker")
    assert browser.post(reverse("ledger-back", args=[entry.pk]), {"reason": ""}).status_code == 422
    browser.post(reverse("ledger-back", args=[entry.pk]), {"reason": "日期以收据为准"})
    maker = cast.client("finance_maker")
    assert "日期以收据为准" in text(maker, "ledger")
    anew = reverse("ledger-new", args=["receipt"]) + f"?about={entry.pk}"
    assert "九月经费" in maker.get(anew).content.decode()
    assert maker.post(anew, facts(told)).status_code == 302
    assert "日期以收据为准" not in text(maker, "ledger")


def test_what_stands_is_reversed_and_both_stay_readable(cast, told):
    entry = told.received(10_000, words="重复的一笔")
    maker = cast.client("finance_maker")
    address = reverse("ledger-reverse", args=[entry.pk])
    assert (
        maker.post(address, {"client_id": client_id(), "day": "2026-11-20", "reason": " "}).status_code == 422
    )
    sent = {"client_id": client_id(), "day": "2026-11-20", "reason": "重复录入"}
    assert maker.post(address, sent).status_code == 302
    cast.client("head").post(reverse("ledger-check", args=[Entry.objects.get(kind="reversal").pk]))
    page = text(maker, "ledger-entries")
    assert "重复的一笔" in page and "重复录入" in page


def test_what_was_written_is_taken_back_at_a_tap(cast, told):
    entry = told.write("receipt", told.move("4002", "1002", 100))
    assert cast.client("finance_maker").post(reverse("ledger-back", args=[entry.pk])).status_code == 302
    entry.refresh_from_db()
    assert entry.ended_at


def test_funds_purposes_and_accounts_are_added_and_a_fund_is_ended(cast, told):
    browser = cast.client("finance_checker")
    browser.post(reverse("ledger-fund-new"), {"name": "图书", "terms": "校友", "purposes": "买书"})
    fund = Fund.objects.get(name="图书")
    browser.post(reverse("ledger-purpose-new", args=[fund.pk]), {"name": "修书架"})
    browser.post(reverse("ledger-account-new"), {"kind": "expense", "name": "交通补助"})
    page = text(browser, "ledger-funds")
    assert "修书架" in page and "交通补助" in page
    assert browser.post(reverse("ledger-fund-new"), {"name": "图书"}).status_code == 422
    assert browser.post(reverse("ledger-fund-end", args=[fund.pk]), {"reason": "用完"}).status_code == 302
    assert cast.client("finance_maker").post(reverse("ledger-fund-new"), {"name": "别的"}).status_code == 403


def test_a_budget_is_set_and_another_takes_its_place(cast, told):
    browser = cast.client("head")
    sent = {
        "client_id": client_id(), "fund": f"{told.fund.pk}-", "amount": "20000", "starts_on": "2026-09-01",
        "ends_on": "2027-01-22", "note": "校长办公会",
    }  # fmt: skip
    assert "20,000" not in text(browser, "ledger-budgets")
    assert browser.post(reverse("ledger-budget-new"), sent).status_code == 302
    first = Budget.objects.get()
    again = sent | {"client_id": client_id(), "amount": "25000"}
    change = reverse("ledger-budget", args=[first.pk])
    assert browser.post(change, again).status_code == 422
    assert browser.post(change, again | {"reason": "上级追加"}).status_code == 302
    page = text(browser, "ledger-budgets")
    assert "25,000.00" in page and "上级追加" in page


def test_a_month_is_closed_once_nothing_waits(cast, told):
    browser = cast.client("finance_checker")
    assert "关账" in text(browser, "ledger-months")
    address = reverse("ledger-month-close", args=["2026-09"])
    assert cast.client("finance_maker").post(address).status_code == 403
    assert browser.post(reverse("ledger-month-close", args=["2026-10"])).status_code == 422
    assert browser.post(reverse("ledger-month-close", args=["nonsense"])).status_code == 422
    assert browser.post(address).status_code == 302
    assert Period.objects.get(starts_on=datetime.date(2026, 9, 1)).closed_at


BANK = "账号：6222021234567890123,,,,,\n交易日期,收入,支出,交易流水号,摘要,对方户名\n{rows}合计,1,2,,,\n"


def hand_in(browser, rows: str, profile: str = "bank"):
    sheet = SimpleUploadedFile("对账单.csv", BANK.format(rows=rows).encode("utf-8-sig"))
    return browser.post(reverse("ledger-statements"), {"profile": profile, "account": "", "upload": sheet})


def test_a_statement_is_laid_beside_the_books_and_its_difference_explained(cast, told):
    told.received(90_000, reference="B1")
    browser = cast.client("finance_maker")
    answer = hand_in(browser, '2026-11-02,"900.00",,B1,拨款,某某\n2026/11/21,0.37,,B9,利息,\n')
    statement = Statement.objects.get()
    assert answer["Location"] == reverse("ledger-statement", args=[statement.pk])
    page = text(browser, "ledger-statement", statement.pk)
    assert "利息" in page and "6222021234567890123" not in page and "某某" not in page
    row = statement.lines.get(amount=37)
    address = reverse("ledger-settle", args=[statement.pk])
    assert browser.post(address, {"row": row.pk, "words": ""}).status_code == 422
    assert browser.post(address, {"row": row.pk, "words": "利息，下月入账"}).status_code == 302
    assert "对得上" in text(browser, "ledger-statements")
    assert browser.post(reverse("ledger-statement-undo", args=[statement.pk])).status_code == 302


def test_rows_that_are_not_understood_are_named_and_nothing_is_taken_over(cast, told):
    answer = hand_in(
        cast.client("finance_maker"),
        "某天,1.00,,B1,拨款,\n2026-11-03,一元,,B2,拨款,\n2026-11-04,3,4,B3,,\n2026-11-05,,,B4,,\n",
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "有 4 行看不懂" in page and "某天" in page and "一元" in page
    assert not Statement.objects.exists()
    nothing = SimpleUploadedFile("x.csv", "姓名,班级\n周,一班\n".encode())
    answer = cast.client("finance_maker").post(
        reverse("ledger-statements"), {"profile": "bank", "upload": nothing}
    )
    assert answer.status_code == 422
    assert hand_in(cast.client("head"), "2026-11-02,1,,B1,,\n").status_code == 403


def test_payments_of_the_county_are_noted_and_pay_nothing(cast, told):
    browser = cast.client("finance_maker")
    sheet = SimpleUploadedFile(
        "一卡通.csv",
        "发放日期,项目名称,姓名,卡号,发放金额\n2026-11-03,生活补助,张三,6222021234567890123,625.00\n".encode(),
    )
    answer = browser.post(reverse("ledger-statements"), {"profile": "county", "upload": sheet})
    statement = Statement.objects.get()
    assert answer.status_code == 302 and "学校不用再付" in text(browser, "ledger-statement", statement.pk)
    assert browser.post(reverse("ledger-note-county", args=[statement.pk])).status_code == 302
    entry = Entry.objects.get(kind="memo")
    cast.client("head").post(reverse("ledger-check", args=[entry.pk]))
    assert Account.objects.get(pk=told.accounts["1002"].pk).balance == 0
    assert "张三" not in text(browser, "ledger-entry", entry.pk)


@pytest.mark.parametrize("code", ["funds", "balance", "1002"])
def test_reports_are_read_and_downloaded(cast, told, code):
    told.received(90_000)
    told.post("promise", told.move("2201", "5001", 30_000, "生活补助"))
    browser = cast.client("head")
    assert "900.00" in text(browser, "ledger-report", code)
    assert "900.00" not in text(browser, "ledger-report", code, first="2026-09-01", last="2026-09-30")
    text(browser, "ledger-report", code, first="2026-09-30", last="2026-09-01")
    for kind, begins in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        answer = browser.get(reverse("ledger-report-file", args=[code, kind]))
        assert answer.status_code == 200 and answer.content.startswith(begins)
    assert browser.get(reverse("ledger-report", args=["4711"])).status_code == 404
    assert cast.client("coordinator").get(reverse("ledger-report", args=[code])).status_code == 403


def test_the_books_of_another_school_are_not_there(cast, told):
    entry = told.received(100)
    for name in ("ledger-entry", "ledger-check", "ledger-back"):
        browser = cast.client("outsider")
        answer = (
            browser.get(reverse(name, args=[entry.pk]))
            if name == "ledger-entry"
            else browser.post(reverse(name, args=[entry.pk]))
        )
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "name", ["ledger", "ledger-entries", "ledger-funds", "ledger-budgets", "ledger-months"]
)
def test_more_entries_cost_no_more_queries(cast, told, name):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            text(cast.client("finance_checker"), name)
        return len(found)

    told.received(90_000)
    told.pays(100)
    few = queries()
    for _ in range(8):
        told.received(500)
        told.pays(100)
    assert queries() <= few
