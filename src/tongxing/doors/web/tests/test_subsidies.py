"""The pages of aid projects: suggested, decided, listed, paid, received – each by whoever does it."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from pypdf import PdfReader
from tests.cast import TERM_START

from tongxing.aid.ledger.actions import entries
from tongxing.aid.ledger.models import Entry
from tongxing.aid.subsidies.actions import cards, pay, rounds
from tongxing.aid.subsidies.models import PayLine, PayList, Project, Rate, Round, Subsidy
from tongxing.aid.subsidies.tests.school import Aid, new_id, recognise
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Responsibility, Student
from tongxing.oversight.insight.county_aid import county_aid

NUMBER = "6217000012345678"


@pytest.fixture
def aid(cast) -> Aid:
    return Aid(cast)


def text(browser, name, *args):
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def send(browser, name, *args, **sent):
    return browser.post(reverse(name, args=args), sent)


def test_from_the_usual_projects_to_a_list_in_a_few_taps(cast, aid):
    office = cast.client("coordinator")
    Responsibility.objects.create(
        school=cast.school, staff=cast.staff["class_teacher"], post="class_teacher", school_class=cast.class_one,
        starts_on=TERM_START,
    )  # fmt: skip
    assert "先建项目" in text(office, "subsidies")
    assert send(office, "subsidy-usual").status_code == 302
    living = Project.objects.get(kind="living")
    sent = send(office, "subsidy-open", project=living.pk, paper="清财教〔2026〕8号", what="")
    found = Round.objects.get()
    assert sent["Location"] == reverse("subsidy-round", args=[found.pk])
    page = text(office, "subsidy-round", found.pk)
    assert "周晓禾" in page and "750.00" in page and "375.00" in page and "责任人：唐雨" in page
    assert send(office, "subsidy-grant", found.pk).status_code == 302
    assert set(Subsidy.objects.values_list("amount", flat=True)) == {750_00, 375_00}
    assert send(office, "subsidy-list-make", found.pk, client_id=new_id()).status_code == 302
    assert PayList.objects.get().total == 1125_00 and "还没发" in text(office, "subsidy-lists")


def test_a_class_is_granted_by_itself(cast, aid):
    found = aid.round()
    send(cast.client("coordinator"), "subsidy-grant", found.pk, **{"class": cast.class_two.pk})
    assert Subsidy.objects.get().student == cast.students.plain


def test_what_another_school_grants_the_same_child_is_shown_and_decided_alone(cast, aid):
    found, office, student = aid.round(), cast.client("coordinator"), cast.students.key
    there = aid.sister(found.project)
    assert "另一所学校也在发" in text(office, "subsidy-round", found.pk)
    assert send(office, "subsidy-grant", found.pk).status_code == 302
    assert Subsidy.objects.get(school=cast.school).student == cast.students.plain
    page = text(office, "subsidy-decide", found.pk, student.pk)
    assert "免得重复发放" in page and there.school.name not in page
    address = ("subsidy-decide", found.pk, student.pk)
    page = send(office, *address, granted="yes", amount="300", reason="")
    assert page.status_code == 422 and "先与对方商定" in page.content.decode()
    assert send(office, *address, granted="yes", amount="150", reason="各付一半").status_code == 302


def test_deciding_otherwise_asks_why_and_keeps_what_was_typed(cast, aid):
    found, office, student = aid.round(), cast.client("coordinator"), cast.students.key
    page = send(office, "subsidy-decide", found.pk, student.pk, granted="yes", amount="123.45", reason="")
    assert (
        page.status_code == 422
        and "请写明原因" in page.content.decode()
        and "123.45" in page.content.decode()
    )
    page = send(office, "subsidy-decide", found.pk, student.pk, granted="yes", amount="很多", reason="路远")
    assert page.status_code == 422 and "路远" in page.content.decode() and not Subsidy.objects.exists()
    send(office, "subsidy-decide", found.pk, student.pk, granted="no", amount="", reason="家长暂时不要")
    assert not Subsidy.objects.get().granted
    assert "家长暂时不要" in text(office, "subsidies-uncovered")
    assert (
        cast.client("class_teacher").get(reverse("subsidy-decide", args=[found.pk, student.pk])).status_code
        == 403
    )


def test_an_emergency_waits_for_the_second_person_on_the_first_page(cast, aid):
    found = aid.round(fen=0, kind="emergency")
    office, head, student = cast.client("coordinator"), cast.client("head"), cast.students.normal
    assert found.project.name in text(office, "student-aid", student.pk)
    send(office, "subsidy-decide", found.pk, student.pk, granted="yes", amount="500", reason="昨晚家里失火")
    one = Subsidy.objects.get()
    assert "孟宇航" in text(head, "subsidies") and "1 件突发救助等第二个人" in text(head, "subsidies")
    assert "我同意" in text(head, "subsidy-decide", found.pk, student.pk)
    assert "我同意" not in text(office, "subsidy-decide", found.pk, student.pk)
    assert send(office, "subsidy-agree", one.pk).status_code == 422
    assert (
        send(head, "subsidy-agree", one.pk).status_code == 302
        and Subsidy.objects.get().agreed_by == cast.users["head"]
    )


def test_finance_pays_and_sees_sums_and_no_names(cast, aid):
    aid.books.received(1_000_00)
    found, finance = aid.listed(), cast.client("finance_maker")
    page = text(finance, "subsidy-list", found.pk)
    assert "600.00" in page and "周晓禾" not in page
    told = aid.books
    sent = {
        "client_id": new_id(), "day": "2026-11-25", "come_from": told.accounts["1002"].pk, "reference": "",
        "fund": f"{told.fund.pk}-{told.purposes['生活补助'].pk}",
    }  # fmt: skip
    assert send(finance, "subsidy-list", found.pk, **sent).status_code == 302
    entry = Entry.objects.get(source_kind="subsidy")
    assert entry.is_waiting and "等复核" in text(cast.client("coordinator"), "subsidy-list", found.pk)
    assert "周晓禾" in text(cast.client("coordinator"), "subsidy-list", found.pk)
    assert (
        send(cast.client("coordinator"), "subsidy-list", found.pk, **sent).status_code == 200
    )  # no form: nothing is paid
    entries.check(aid.checker, entry=entry)
    returned = {"client_id": new_id(), "number": "1", "day": "2026-11-25", "reason": "卡号有误"}
    assert send(finance, "subsidy-came-back", found.pk, **returned | {"number": "9"}).status_code == 422
    assert send(finance, "subsidy-came-back", found.pk, **returned).status_code == 302
    assert PayLine.objects.get(returned__isnull=False).returned_reason == "卡号有误"


def test_what_the_county_paid_is_chosen_and_must_fit(cast, aid):
    found, finance = aid.listed(payer="county"), cast.client("finance_maker")
    assert "先在账本里导入" in text(finance, "subsidy-list", found.pk)
    wrong = aid.county_paid(599_00)
    page = send(finance, "subsidy-list", found.pk, entries=wrong.pk)
    assert page.status_code == 422 and "599.00" in page.content.decode()
    assert send(finance, "subsidy-list", found.pk, csrfmiddlewaretoken="x").status_code == 422
    send(finance, "subsidy-list", found.pk, entries=aid.county_paid(600_00).pk)
    assert PayList.objects.get().entry.kind == "memo"


def test_alike_payments_of_the_county_are_ticked_as_one_and_what_went_back_is_noted_by_its_number(cast, aid):
    found, finance = aid.listed(payer="county"), cast.client("finance_maker")
    first, *_more = [aid.county_paid(100_00) for _n in range(4)]
    other = aid.county_paid(200_00)
    page = text(finance, "subsidy-list", found.pk)
    assert "4 × 100.00 = 400.00" in page and page.count('type="checkbox"') == 2
    key = max(Entry.objects.filter(lines__amount=100_00).values_list("pk", flat=True))
    assert send(finance, "subsidy-list", found.pk, entries=[key, other.pk]).status_code == 302
    assert found.county_payments.count() == 5 and "退回县里" not in text(finance, "subsidy-list", found.pk)
    refund = aid.county_took_back(300_00)
    assert "有钱退回县里了" in text(finance, "subsidy-list", found.pk)
    sent = {"number": "2", "entry": refund.pk, "reason": "卡已注销"}
    assert send(finance, "subsidy-came-back", found.pk, **sent | {"entry": first.pk}).status_code == 422
    assert send(finance, "subsidy-came-back", found.pk, **sent).status_code == 302
    assert PayLine.objects.get(returned=refund) == found.lines.order_by("pk")[1]


def test_given_things_are_noted_as_handed_out(cast, aid):
    found, office = aid.listed(kind="in_kind", payer="goods"), cast.client("coordinator")
    assert "被褥一套" in text(office, "subsidy-list", found.pk)
    assert send(office, "subsidy-list", found.pk, day="2026-11-20").status_code == 302
    assert PayList.objects.get().handed_on.isoformat() == "2026-11-20"


def test_a_family_says_at_its_door_whether_it_has_come(cast, aid):
    guardian = cast.client("guardian")
    own = cast.students.key
    assert "目前没有要查收的" in text(guardian, "family-aid-child", own.pk)
    found = aid.paid()
    line = found.lines.get(student=own)
    page = text(guardian, "family-aid-child", own.pk)
    assert (
        "300.00" in page
        and "比较困难" not in page
        and "困难" not in page.split("<main")[1].split("</main")[0]
    )
    assert send(guardian, "family-aid-answer", line.pk, **{"not": "1"}).status_code == 302
    assert "1 家说还没收到" in text(cast.client("coordinator"), "subsidy-list", found.pk)
    send(guardian, "family-aid-answer", line.pk)
    assert PayLine.objects.get(pk=line.pk).answer == "received"
    other = found.lines.exclude(student=own).get()
    assert send(guardian, "family-aid-answer", other.pk).status_code == 404
    assert guardian.get(reverse("family-aid-child", args=[other.student_id])).status_code == 404
    send(cast.client("coordinator"), "subsidy-confirm", other.pk)
    assert PayLine.objects.get(pk=other.pk).way == "paper"


def test_the_card_number_leaves_in_the_banks_file_alone(cast, aid):
    office, student = cast.client("coordinator"), cast.students.key
    assert send(office, "student-aid", student.pk, holder="周桂兰", number="123").status_code == 422
    assert send(office, "student-aid", student.pk, holder="周桂兰", number=NUMBER).status_code == 302
    assert NUMBER not in text(office, "student-aid", student.pk)
    found = aid.listed()
    for role, kind in (("coordinator", "xlsx"), ("coordinator", "pdf"), ("finance_maker", "bank")):
        file = cast.client(role).get(reverse("subsidy-list-file", args=[found.pk, kind]))
        assert file.status_code == 200
        content = _read(file.content, kind)
        assert (NUMBER in content) == (kind == "bank") and "周" in content
    assert (
        cast.client("coordinator").get(reverse("subsidy-list-file", args=[found.pk, "bank"])).status_code
        == 403
    )
    assert (
        cast.client("finance_checker").get(reverse("subsidy-list-file", args=[found.pk, "bank"])).status_code
        == 403
    )
    assert AuditEntry.objects.filter(action="subsidy.print").count() == 3


def test_each_family_is_asked_on_a_slip_of_its_own_once_it_is_paid(cast, aid):
    found, office = aid.listed(), cast.client("coordinator")
    slips = reverse("subsidy-list-file", args=[found.pk, "slips"])
    assert office.get(slips).status_code == 404 and slips not in text(office, "subsidy-list", found.pk)
    aid.books.received(5_000_00, day=TERM_START)
    entries.check(aid.checker, entry=aid.pays(found))
    assert slips in text(office, "subsidy-list", found.pk)
    said = _read(office.get(slips).content, "slips")
    assert said.count("请看看收到了没有") == found.lines.count() == 2
    for line in found.lines.all():
        assert f"{line.student.name}的家长" in said and f"{line.amount / 100:.2f}" in said
    assert cast.client("class_teacher").get(slips).status_code == 403


def _read(content: bytes, kind: str) -> str:
    if kind in ("pdf", "slips"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    return " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


def test_the_banks_file_keeps_the_numbers_of_the_list_when_money_came_back(cast, aid):
    found = aid.paid()
    first, second = found.lines.order_by("pk").select_related("student")
    finance = cast.client("finance_maker")
    sent = {"client_id": new_id(), "number": "1", "day": "2026-11-25", "reason": "卡号有误"}
    assert send(finance, "subsidy-came-back", found.pk, **sent).status_code == 302
    assert PayLine.objects.get(returned__isnull=False) == first
    page = text(cast.client("coordinator"), "subsidy-list", found.pk)
    assert "已退回，等复核" in page and "卡号有误" in page
    entries.check(aid.checker, entry=Entry.objects.get(kind="returned"))
    file = finance.get(reverse("subsidy-list-file", args=[found.pk, "bank"]))
    content = openpyxl.load_workbook(io.BytesIO(file.content)).active
    rows = [[str(cell.value) for cell in row] for row in content.iter_rows()]
    assert [row[0] for row in rows[1:]] == ["2"]
    assert (
        send(
            finance, "subsidy-came-back", found.pk, **sent | {"client_id": new_id(), "number": "2"}
        ).status_code
        == 302
    )
    assert PayLine.objects.get(returned__posting=None, returned__isnull=False) == second


def test_the_file_of_a_project_holds_everything_in_its_order(cast, aid):
    found = aid.paid()
    answer = cast.client("coordinator").get(reverse("subsidy-volume", args=[found.round_id]))
    content = _read(answer.content, "pdf").replace("\n", "")
    parts = [
        "目录",
        "清财教〔2026〕8号",
        "评审记录",
        "公示",
        "申请表",
        "分班汇总",
        "发放登记",
        "周晓禾",
        "600.00",
    ]
    assert [part for part in parts if part not in content] == []
    for role in ("class_teacher", "finance_maker", "outsider"):
        assert cast.client(role).get(reverse("subsidy-volume", args=[found.round_id])).status_code in (
            403,
            404,
        )


def _agreed(cast):
    return {"approved_by": cast.users["coordinator"].pk, "use_until": "2026-12-20"}


def test_the_national_sheets_say_level_day_and_amount(cast, aid):
    aid.granted(name="冬季补助")
    head = cast.client("head")
    sheet = send(head, "export", "zizhu-subsidies", purpose="报送资助系统", school_class="", **_agreed(cast))
    assert sheet.status_code == 200
    content = _read(sheet.content, "xlsx")
    assert all(one in content for one in ("困难级别", "比较困难", "20260901", "冬季补助", "300.00"))
    other = send(head, "export", "bank-batch", purpose="看看", school_class="", **_agreed(cast))
    assert other.status_code == 422


def test_the_county_sees_sums_and_nothing_that_points_at_a_child(cast, aid):
    officer = cast.client("county_aid_officer")
    for n in range(10):
        recognise(cast, cast.add_student(f"学生{n}", cast.class_one, boarding=True))
    found = aid.round(name="大项目")
    rounds.grant_suggested(aid.office, round=found, students=[one.pk for one in _everybody(cast)])
    small = aid.round(name="小项目")
    aid.decide(small, cast.students.key)
    page = text(officer, "county-aid")
    assert "3,600.00" in page and "大项目" in page and ">10+<" in page and ">12<" not in page
    assert "300.00" not in page.replace("3,600.00", "") and "不足 10" in page
    assert "周晓禾" not in page and "学生1" not in page
    for role in ("county_supervisor", "head", "finance_maker", "outsider"):
        assert cast.client(role).get(reverse("county-aid")).status_code == 403
    for name in ("subsidies", "subsidy-lists", "overview"):
        assert officer.get(reverse(name)).status_code == 403


def test_subtracting_on_the_county_page_gives_no_count_and_no_hidden_amount_away(cast, aid):
    """Of 23 recognised children something reaches 21: neither figure, nor the two left over, nor a sum of amounts."""
    for n in range(21):
        recognise(cast, cast.add_student(f"学生{n}", cast.class_one, boarding=True))
    granted = _everybody(cast).exclude(name__in=["学生19", "学生20"]).values_list("pk", flat=True)
    rounds.grant_suggested(aid.office, round=aid.round(name="大项目"), students=list(granted))
    aid.decide(aid.round(name="小项目"), cast.students.key)
    row = next(
        one
        for one in county_aid(cast.actor("county_aid_officer"), cast.county, clock.today())
        if one.projects
    )
    counts = [row.recognised, row.reached, row.uncovered, *(one.children for one in row.projects)]
    assert all(one.value % 10 == 0 for one in counts)
    assert (row.recognised.value, row.uncovered.kind) == (20, "few")
    assert [one.amount is None for one in row.projects] == [
        one.children.kind == "few" for one in row.projects
    ]
    shown = sum(one.amount or 0 for one in row.projects)
    page = text(cast.client("county_aid_officer"), "county-aid")
    amounts = [float(one.replace(",", "")) * 100 for one in re.findall(r"[\d,]+\.\d\d", page)]
    assert shown and set(amounts) <= {one.amount for one in row.projects}, "no total beside its parts"


def _everybody(cast):
    return Student.objects.filter(school=cast.school)


def test_the_county_keeps_projects_for_all_its_schools(cast, aid):
    officer, office = cast.client("county_aid_officer"), cast.client("coordinator")
    assert send(officer, "county-usual").status_code == 302
    grant = Project.objects.get(kind="grant")
    sent = {"client_id": new_id(), "amount": "1250", "starts_on": "2026-09-01", "stage": "senior", "boarding": "", "level": "", "source": "省里通知"}  # fmt: skip
    assert send(officer, "county-project", grant.pk, **sent | {"amount": "0"}).status_code == 422
    assert send(officer, "county-project", grant.pk, **sent).status_code == 302
    assert "1,250.00" in text(office, "subsidy-project", grant.pk)
    assert "从那天起" not in text(
        office, "subsidy-project", grant.pk
    )  # no form of a school for the county's amounts
    rate = Rate.objects.get(amount=1250_00)
    assert send(office, "subsidy-rate-back", rate.pk, reason="不对").status_code == 404
    assert send(officer, "county-rate-back", rate.pk, reason="录错了").status_code == 302


def test_a_wrong_list_is_taken_back_and_a_round_closed_and_opened_again(cast, aid):
    found, office = aid.listed(), cast.client("coordinator")
    assert send(office, "subsidy-list-back", found.pk, reason="").status_code == 422
    send(office, "subsidy-list-back", found.pk, reason="金额不对")
    assert send(office, "subsidy-close", found.round_id).status_code == 422
    pay.make_list(aid.office, round=found.round, client_id=new_id())
    assert send(office, "subsidy-close", found.round_id).status_code == 302
    assert Round.objects.get().closed_at
    send(office, "subsidy-close", found.round_id, reopen="1")
    assert not Round.objects.get().closed_at


def test_nothing_of_it_stands_on_pages_of_others(cast, aid):
    cards.note_card(aid.office, student=cast.students.key, holder="周桂兰", number=NUMBER)
    aid.paid(name="冬季补助")
    for role in ("class_teacher", "helper"):
        page = cast.client(role).get(reverse("student", args=[cast.students.key.pk])).content.decode()
        assert "冬季补助" not in page and reverse("student-aid", args=[cast.students.key.pk]) not in page
        assert cast.client(role).get(reverse("student-aid", args=[cast.students.key.pk])).status_code == 403
