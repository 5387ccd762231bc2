"""The pages of work-study: from the post to the signed list, each by whoever does it."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tongxing.aid.ledger.models import Entry
from tongxing.aid.workstudy.actions import hours
from tongxing.aid.workstudy.models import Application, Assignment, FloorRow, Month, PayList, Post, WorkedHours
from tongxing.aid.workstudy.tests.school import college, new_id
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

GROWN = datetime.date(2008, 1, 5)
OCTOBER = datetime.date(2026, 10, 1)


@pytest.fixture
def school(cast):
    return college(cast)


@pytest.fixture
def place(school):
    return school.places(school.open(), school.student("关宁", GROWN))


def text(browser, name, *args, **query):
    answer = browser.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def facts(school, **more):
    usual = {
        "client_id": new_id(), "name": "图书馆整理", "kind": "temporary", "rate": "15", "place": "图书馆",
        "work": "整理书架", "care_taken": "室内轻活", "times": "", "places": "2", "starts_on": "2026-09-07",
        "supervisor": school.supervisor_staff.pk,
    }  # fmt: skip
    return usual | more


def test_a_post_is_opened_and_its_supervisor_finds_it(cast, school):
    office = cast.client("coordinator")
    page = office.post(reverse("workstudy-new"), facts(school, rate="11.99"))
    assert (
        page.status_code == 422
        and "最低标准是 12.00 元" in page.content.decode()
        and "室内轻活" in page.content.decode()
    )
    assert office.post(reverse("workstudy-new"), facts(school, rate="十五")).status_code == 422
    post_page = office.post(reverse("workstudy-new"), facts(school))["Location"]
    supervisor = cast.client("other_teacher")
    assert "图书馆整理" in text(supervisor, "workstudy") and "设一个岗位" not in text(supervisor, "workstudy")
    message = Message.objects.get(to=cast.users["other_teacher"])
    assert reverse(message.link_name, args=message.link_args) == post_page
    assert cast.client("class_teacher").get(post_page).status_code == 404
    assert cast.client("outsider").get(post_page).status_code == 404


def test_in_the_compulsory_stage_the_form_offers_no_pay(cast):
    page = text(cast.client("coordinator"), "workstudy-new")
    assert "这里不设有酬岗位" in page and 'name="rate"' not in page and 'value="fixed"' not in page
    sent = {"client_id": new_id(), "name": "图书角", "kind": "temporary", "places": "1"}
    assert cast.client("coordinator").post(reverse("workstudy-new"), sent).status_code == 422
    assert not Post.objects.exists()
    assert 'href="/work/"' not in cast.client("helper").get(reverse("week")).content.decode()


def test_whoever_asks_is_written_down_chosen_and_begins(cast, school):
    post, student = school.open(), school.student("关宁", GROWN)
    young = school.student("许安", datetime.date(2011, 1, 1))
    office = cast.client("coordinator")
    sent = {"client_id": new_id(), "class": cast.class_one.pk, "student": young.pk, "words": "想试试"}
    page = office.post(reverse("workstudy-apply", args=[post.pk]), sent)
    assert (
        page.status_code == 422
        and "不满十六周岁" in page.content.decode()
        and "想试试" in page.content.decode()
    )
    sent |= {"client_id": new_id(), "student": student.pk}
    assert office.post(reverse("workstudy-apply", args=[post.pk]), sent).status_code == 302
    asked = Application.objects.get()
    assert "“想试试”" in text(office, "workstudy-selection", post.pk)
    address = reverse("workstudy-decide", args=[asked.pk])
    assert "还没有导入课表" in text(office, "workstudy-decide", asked.pk)
    assert office.post(address, {"starts_on": "2026-11-01", "agreed_on": ""}).status_code == 422
    assert office.post(address, {"starts_on": "2026-11-01", "agreed_on": "2026-10-30"}).status_code == 302
    assert Assignment.objects.get().student == student
    assert "已安排" in text(office, "workstudy-decide", asked.pk)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        file = office.get(reverse("workstudy-agreement", args=[asked.pk, kind]))
        assert file.content.startswith(start)
    assert AuditEntry.objects.filter(action="workstudy.print").count() == 2


def test_the_reasons_are_read_by_those_who_choose_and_by_nobody_else(cast, school):
    post, student = school.open(), school.student("关宁", GROWN)
    school.hardship(student)
    asked = school.asks(post, student)
    assert "低保" in text(cast.client("coordinator"), "workstudy-selection", post.pk)
    assert "低保" in text(cast.client("deputy"), "workstudy-decide", asked.pk)
    for name in ("other_teacher", "class_teacher", "finance_maker", "counsellor"):
        for page, args in (
            ("workstudy-selection", [post.pk]),
            ("workstudy-decide", [asked.pk]),
            ("student-work", [student.pk]),
        ):
            assert cast.client(name).get(reverse(page, args=args)).status_code == 403
    assert "低保" not in text(cast.client("other_teacher"), "workstudy-post", post.pk)


def test_a_student_who_is_not_chosen_or_would_rather_not_has_an_answer(cast, school):
    post, one, two = school.open(), school.student("关宁", GROWN), school.student("艾宁", GROWN)
    office = cast.client("coordinator")
    for student in (one, two):
        sent = {"client_id": new_id(), "post": post.pk, "words": ""}
        assert office.post(reverse("student-work", args=[student.pk]), sent).status_code == 302
    first, second = Application.objects.order_by("pk")
    assert office.post(reverse("workstudy-not-now", args=[first.pk]), {"reason": ""}).status_code == 422
    office.post(reverse("workstudy-not-now", args=[first.pk]), {"reason": "下学期先安排你"})
    office.post(reverse("workstudy-withdraw", args=[second.pk]))
    assert set(Application.objects.values_list("outcome", flat=True)) == {"not_now", "withdrawn"}
    assert "下学期先安排你" in text(office, "student-work", one.pk)


def hours_of(place, day="2026-10-08", start="16:00", end="18:00", **more):
    sent = {"client_id": new_id(), "people": [place.pk], "day": day, "starts_at": start, "ends_at": end}
    return sent | more


def test_the_supervisor_writes_hours_for_several_and_takes_one_back(cast, school, place):
    other = school.places(place.post, school.student("艾宁", GROWN))
    browser, address = cast.client("other_teacher"), reverse("workstudy-post", args=[place.post_id])
    assert browser.post(address, hours_of(place, people=[place.pk, other.pk])).status_code == 302
    page = browser.post(address, hours_of(place, start="17:00", end="18:30"))
    assert page.status_code == 422 and "这个时间段已经记过了" in page.content.decode()
    assert browser.post(address, hours_of(place, people=[])).status_code == 422
    assert WorkedHours.objects.count() == 2
    shown = text(browser, "workstudy-post", place.post_id, month="2026-10")
    assert "关宁" in shown and "4 小时" in shown and "60.00" not in shown
    assert "60.00" in text(cast.client("coordinator"), "workstudy-post", place.post_id, month="2026-10")
    row = WorkedHours.objects.filter(student=other.student).get()
    assert (
        cast.client("class_teacher").post(reverse("workstudy-hours-back", args=[row.pk])).status_code == 404
    )
    assert browser.post(reverse("workstudy-hours-back", args=[row.pk])).status_code == 302
    assert WorkedHours.objects.standing().count() == 1
    assert browser.get(address, {"month": "2026-13"}).status_code == 404


def test_one_refused_hour_writes_nobodys(cast, school, place):
    other = school.places(place.post, school.student("艾宁", GROWN))
    school.works(other, OCTOBER.replace(day=8), "16:30", "17:00")
    browser = cast.client("other_teacher")
    answer = browser.post(
        reverse("workstudy-post", args=[place.post_id]), hours_of(place, people=[place.pk, other.pk])
    )
    assert answer.status_code == 422 and WorkedHours.objects.count() == 1


def test_the_month_goes_from_the_supervisor_over_the_office_to_finance_and_the_books(cast, school, place):
    school.books.received(1_000_00, day=datetime.date(2026, 10, 8))
    supervisor, office, finance = (
        cast.client(name) for name in ("other_teacher", "coordinator", "finance_maker")
    )
    school.works(place, OCTOBER.replace(day=8), "16:00", "18:00")
    page = reverse("workstudy-post", args=[place.post_id]) + "?month=2026-10"
    assert "交这个月的考勤" in supervisor.get(page).content.decode()
    supervisor.post(reverse("workstudy-hand-in", args=[place.post_id]) + "?month=2026-10")
    month = Month.objects.get()
    assert "有 1 份月考勤等您看一看" in text(office, "workstudy")
    assert supervisor.post(reverse("workstudy-check", args=[month.pk])).status_code == 403
    assert office.post(reverse("workstudy-check", args=[month.pk])).status_code == 302
    assert "做发放表" in text(office, "workstudy-lists") and "做发放表" not in text(
        finance, "workstudy-lists"
    )
    sent = {"client_id": new_id(), "month": "2026-10"}
    assert finance.post(reverse("workstudy-list-make"), sent).status_code == 403
    list_page = office.post(reverse("workstudy-list-make"), sent)["Location"]
    assert "关宁" in office.get(list_page).content.decode()
    shown = finance.get(list_page).content.decode()
    assert "30.00" in shown and "叁拾元整" in shown and "关宁" not in shown
    told = school.books
    paid = {
        "client_id": new_id(), "day": "2026-11-10", "come_from": told.accounts["1002"].pk,
        "fund": f"{told.fund.pk}-{told.purposes['勤工助学'].pk}", "reference": "DF1",
    }  # fmt: skip
    assert finance.post(list_page, paid | {"day": "2027-01-01"}).status_code == 422
    assert (
        office.post(list_page, paid).status_code == 200 and not Entry.objects.filter(kind="payment").exists()
    )
    entry_page = finance.post(list_page, paid)["Location"]
    entry = Entry.objects.get(kind="payment")
    assert entry_page == reverse("ledger-entry", args=[entry.pk]) and entry.source_kind == "workstudy"
    cast.client("finance_checker").post(reverse("ledger-check", args=[entry.pk]))
    assert "已付，账本有记" in text(finance, "workstudy-lists")
    assert told.balance("5004") == 30_00


def test_a_month_sent_back_and_a_list_taken_back_say_why(cast, school, place):
    office = cast.client("coordinator")
    school.works(place, OCTOBER.replace(day=8))
    month = hours.hand_in(school.supervisor, post=place.post, month=OCTOBER)
    assert office.post(reverse("workstudy-send-back", args=[month.pk]), {"reason": ""}).status_code == 422
    assert (
        office.post(reverse("workstudy-send-back", args=[month.pk]), {"reason": "少一天"}).status_code == 302
    )
    month = hours.hand_in(school.supervisor, post=place.post, month=OCTOBER)
    hours.check_month(school.manager, month=month)
    made = office.post(reverse("workstudy-list-make"), {"client_id": new_id(), "month": "2026-10"})[
        "Location"
    ]
    found = PayList.objects.get()
    assert office.post(reverse("workstudy-list-back", args=[found.pk]), {"reason": "算错"}).status_code == 302
    assert "已撤回：算错" in office.get(made).content.decode()


def test_the_files_of_a_month_and_of_a_list_hold_the_names_for_those_who_may(cast, school, place):
    school.works(place, OCTOBER.replace(day=8))
    hours.check_month(school.manager, month=hours.hand_in(school.supervisor, post=place.post, month=OCTOBER))
    cast.client("coordinator").post(
        reverse("workstudy-list-make"), {"client_id": new_id(), "month": "2026-10"}
    )
    found = PayList.objects.get()
    for kind, start in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        address = reverse("workstudy-list-file", args=[found.pk, kind])
        assert cast.client("finance_maker").get(address).content.startswith(start)
        assert cast.client("other_teacher").get(address).status_code == 403
        month = reverse("workstudy-month-file", args=[place.post_id, kind]) + "?month=2026-10"
        assert cast.client("other_teacher").get(month).content.startswith(start)
        assert cast.client("class_teacher").get(month).status_code == 404
    assert (
        cast.client("coordinator").get(reverse("workstudy-list-file", args=[found.pk, "exe"])).status_code
        == 404
    )


def test_a_place_and_a_post_end_and_somebody_else_looks_after_it(cast, school, place):
    office = cast.client("coordinator")
    sent = {"supervisor": cast.staff["deputy"].pk}
    assert office.post(reverse("workstudy-hand-over", args=[place.post_id]), sent).status_code == 302
    address = reverse("workstudy-stop", args=[place.pk])
    assert office.post(address, {"last_day": "2026-11-20", "reason": ""}).status_code == 422
    assert office.post(address, {"last_day": "2026-11-20", "reason": "实习"}).status_code == 302
    assert office.post(reverse("workstudy-end", args=[place.post_id]), {"reason": " "}).status_code == 422
    assert office.post(reverse("workstudy-end", args=[place.post_id]), {"reason": "搬家"}).status_code == 302
    assert "搬家" in text(office, "workstudy")


def test_the_county_and_the_school_set_the_least_that_is_paid(cast, school):
    officer, office = cast.client("county_aid_officer"), cast.client("coordinator")
    sent = {
        "client_id": new_id(),
        "unit": "fixed",
        "amount": "1,980",
        "starts_on": "2026-09-01",
        "source": "县里通知",
    }
    assert officer.post(reverse("county-floors"), sent).status_code == 302
    assert (
        officer.post(reverse("county-floors"), sent | {"amount": "很多", "client_id": new_id()}).status_code
        == 422
    )
    assert "1,980.00" in text(office, "workstudy-floors") and "1,980.00" in text(office, "workstudy-new")
    row = FloorRow.objects.get()
    assert office.post(reverse("workstudy-floor-back", args=[row.pk]), {"reason": "x"}).status_code == 404
    assert (
        officer.post(reverse("county-floor-back", args=[row.pk]), {"reason": "数字不对"}).status_code == 302
    )
    assert cast.client("finance_maker").get(reverse("workstudy-floors")).status_code == 403
    assert reverse("county-floors") in officer.get(reverse("home"), follow=True).content.decode()


@pytest.mark.parametrize("page", ["workstudy-post", "workstudy-selection", "workstudy-lists"])
def test_more_people_cost_no_more_queries(cast, school, place, page):
    def count() -> int:
        args = [] if page == "workstudy-lists" else [place.post_id]
        with CaptureQueriesContext(connection) as asked:
            assert cast.client("coordinator").get(reverse(page, args=args)).status_code == 200
        return len(asked)

    Post.objects.update(places=50)
    school.asks(place.post, school.student("甲同学", GROWN))
    school.works(place, datetime.date(2026, 11, 2))
    few = count()
    for number in range(6):
        school.asks(place.post, school.student(f"新同学{number}", GROWN))
        one = school.places(place.post, school.student(f"老同学{number}", GROWN))
        school.works(one, datetime.date(2026, 11, 2))
    for number in range(3):
        PayList.objects.create(
            school=cast.school, client_id=new_id(), month=OCTOBER, total=1 + number, made_by=cast.users["head"],
            made_at=datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC),
        )  # fmt: skip
    assert count() <= few + 1
