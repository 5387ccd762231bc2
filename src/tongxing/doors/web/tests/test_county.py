"""The county and its schools as browsers get them: sums, months, programme, reports, a hand, names for hours."""

import io
import re
from uuid import uuid4

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.promised import pair

from tongxing.care.programme.models import Commitment
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.outbox.models import Message
from tongxing.oversight.county.models import (
    Adaptation,
    CountyPoint,
    CountyReport,
    CountyVersion,
    Hand,
    Need,
    ReportDue,
    Sending,
    Takeover,
)
from tongxing.oversight.insight.indicators import INDICATORS


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def page(cast, who, name, /, *args, query=""):
    answer = cast.client(who).get(reverse(name, args=args) + query)
    assert answer.status_code == 200, text_of(answer)
    return text_of(answer)


def sent(cast, who, name, /, *args, **values):
    return cast.client(who).post(reverse(name, args=args), {"client_id": uuid4()} | values)


def done(cast, who, name, /, *args, **values):
    answer = sent(cast, who, name, *args, **values)
    assert answer.status_code == 302, text_of(answer)
    return answer


def published(cast):
    done(cast, "county_supervisor", "county-programme-begin", name="百千万工程")
    version = CountyVersion.objects.get(published_at=None)
    done(cast, "county_supervisor", "county-version-publish", version.pk, changed="谈心更勤一些")
    return version


def hidden(response, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]+)"', response.content.decode()).group(1)


def test_the_sums_stand_in_tens_with_a_total_and_the_schools_by_name(cast):
    for number in range(25):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    shown = page(cast, "county_supervisor", "county")
    assert "20+" in shown and "28" not in shown and "全县" in shown
    assert shown.index("和风镇中心初中") < shown.index("云岭中学")
    assert shown.index("需要搭把手的学校") < shown.index("还没有记录：") < shown.index("各校汇总情况")


def test_a_school_asks_for_a_hand_the_county_answers_and_the_school_says_it_is_done(cast):
    done(cast, "coordinator", "county-hand-new", kind="people", words="想请县里派一位音乐老师")
    hand = Hand.objects.get()
    assert "想请县里派一位音乐老师" in page(cast, "county_supervisor", "county")
    done(cast, "county_supervisor", "county-hand", hand.pk, words="下周派人来")
    assert "下周派人来" in page(cast, "head", "county-office")
    done(cast, "head", "county-hand-done", hand.pk)
    assert "音乐老师" not in page(cast, "county_supervisor", "county")
    done(cast, "head", "county-hand-done", hand.pk, back="1")
    assert "音乐老师" in page(cast, "county_supervisor", "county")


def test_a_name_in_it_is_refused_beside_the_field_and_what_was_typed_stays(cast):
    answer = sent(cast, "head", "county-hand-new", kind="people", words="想请人陪陪周晓禾")
    assert answer.status_code == 422 and "请不写姓名" in text_of(answer)
    assert "想请人陪陪周晓禾" in answer.content.decode() and not Hand.objects.exists()


def test_the_county_of_others_does_not_find_it(cast):
    done(cast, "head", "county-hand-new", kind="people", words="想请县里派一位音乐老师")
    other = Organisation.objects.create(kind="county", name="邻县教育局")
    cast.add_staff("far_supervisor", "远山", school=cast.other_school)
    cast.grant("far_supervisor", "county_supervisor", other)
    hand = Hand.objects.get()
    assert cast.client("far_supervisor").get(reverse("county-hand", args=[hand.pk])).status_code == 404
    assert "音乐老师" not in page(cast, "far_supervisor", "county")


def test_months_stand_side_by_side_and_an_unknown_figure_is_the_first(cast):
    for query in ("", "?figure=paired", "?figure=nonsense"):
        assert "2026年11月" in page(cast, "county_supervisor", "county-months", query=query)


@pytest.mark.parametrize("code", ["looked", "helper", "silent"])
def test_an_indicator_stands_school_by_school_by_name_with_what_it_does_not_say(cast, code):
    shown = page(cast, "county_supervisor", "county-months", query=f"?figure={code}")
    assert str(INDICATORS[code].says_not) in shown and "还太少" in shown
    assert shown.index("和风镇中心初中") < shown.index("云岭中学")


def test_a_share_is_shown_as_a_reach_and_never_with_an_exact_count(cast):
    for number in range(21):
        student = cast.add_student(f"同学{number}", cast.class_one, "normal")
        if number < 17:
            pair(cast, student, "helper")
    shown = page(cast, "county_supervisor", "county-months", query="?figure=helper")
    assert "34–95%" in shown and "20+ 位登记的同学里，10+ 位有帮扶人" in shown
    assert not {"17", "23"} & set(re.findall(r"\d+", shown)), (
        "neither who has a helper nor who is on the register"
    )


def test_no_sentence_is_made_of_a_count_that_is_not_shown(cast):
    students = [cast.add_student(f"同学{number}", cast.class_one, "normal") for number in range(21)]
    pair(cast, students[0], "helper")
    shown = page(cast, "county_supervisor", "county-months", query="?figure=helper")
    assert "0–45%" in shown and "不显示 位" not in shown and "位有帮扶人" not in shown
    assert str(INDICATORS["helper"].says_not) in shown


def test_a_programme_is_drafted_changed_and_published(cast):
    done(cast, "county_supervisor", "county-programme-begin", name="百千万工程")
    version = CountyVersion.objects.get()
    first = version.points.get(code="visit")
    terms = {
        "label": "家访", "to": "registered", "by": "helper", "every": "term", "n": 1, "due_from": 4,
        "channels": ["at_home"],
    }  # fmt: skip
    done(cast, "county_supervisor", "county-point", first.pk, **terms)
    done(
        cast,
        "county_supervisor",
        "county-point-new",
        version.pk,
        **terms | {"label": "读书", "topics": ["book"], "channels": []},
    )
    out = version.points.get(code="book")
    done(cast, "county_supervisor", "county-point-out", out.pk)
    shown = page(cast, "county_supervisor", "county-version", version.pk)
    assert "读书" in shown and "已去掉" in shown
    assert (CountyPoint.objects.get(pk=first.pk).due_from, first.due_from) == (4, 8)
    done(cast, "county_supervisor", "county-version-publish", version.pk)
    assert CountyPoint.objects.filter(version=version, left_out=False).count() == version.points.count() - 1
    assert cast.client("county_supervisor").get(reverse("county-point", args=[first.pk])).status_code == 404


def test_what_a_point_lacks_is_said_beside_its_field(cast):
    done(cast, "county_supervisor", "county-programme-begin", name="百千万工程")
    version = CountyVersion.objects.get()
    terms = {"label": "", "to": "key", "by": "helper", "every": "week", "n": 1, "due_from": 1}
    answer = sent(cast, "county_supervisor", "county-point-new", version.pk, **terms)
    assert answer.status_code == 422
    answer = sent(cast, "county_supervisor", "county-programme-begin", name=" ")
    assert answer.status_code == 422


def test_a_school_takes_it_over_and_says_why_one_point_is_different(cast):
    version = published(cast)
    assert "还没接" in page(cast, "county_supervisor", "county-programme")
    shown = page(cast, "head", "county-taken")
    assert "我校还没有" in shown and "接过来" in shown
    visit = version.points.get(code="visit")
    answer = sent(cast, "head", "county-adapt", visit.pk, reason="林岚家访不便")
    assert answer.status_code == 422 and not Adaptation.objects.exists()
    done(cast, "head", "county-adapt", visit.pk, reason="山路远，先改为电话")
    done(cast, "head", "county-taken")
    assert Takeover.objects.get().added == version.points.count() - 1
    assert not Commitment.objects.filter(school=cast.school, code="visit").exists()
    shown = page(cast, "county_supervisor", "county-programme")
    assert "已接下" in shown and "山路远，先改为电话" in shown and "还没接" in shown  # the other school
    reason = Adaptation.objects.get()
    done(cast, "head", "county-adapted-end", reason.pk)
    assert "山路远" not in page(cast, "county_supervisor", "county-programme")
    done(cast, "head", "county-adapted-end", reason.pk, back="1")
    assert "山路远" in page(cast, "county_supervisor", "county-programme")


def test_a_deputy_reads_the_programme_and_does_not_take_it_over(cast):
    published(cast)
    assert "点一下就成为本校的约定" not in page(cast, "deputy", "county-taken")
    assert sent(cast, "deputy", "county-taken").status_code == 403
    assert not Takeover.objects.exists()


def test_a_report_goes_from_the_county_through_the_school_s_records_and_back(cast):
    done(
        cast, "county_supervisor", "county-report-new", title="十一月情况", parts=["everyone", "register"],
        due_on="2026-11-30", schools=[cast.school.pk, cast.other_school.pk],
    )  # fmt: skip
    report = CountyReport.objects.get()
    assert "十一月情况" in page(cast, "head", "county-office")
    due = ReportDue.objects.get(school=cast.school)
    checked = cast.client("head").get(reverse("county-due", args=[due.pk]))
    assert " 3 " in text_of(checked)
    done(cast, "head", "county-due", due.pk, as_of=hidden(checked, "as_of"))
    assert Sending.objects.get().figures["enrolled"] == 3
    shown = page(cast, "county_supervisor", "county-report", report.pk)
    assert "还没报" in shown and "不足 10" in shown and "2 所学校，已报 1 所" in shown


def test_a_report_that_was_looked_at_long_ago_is_shown_again(cast):
    done(
        cast, "county_supervisor", "county-report-new", title="十一月情况", parts=["everyone"],
        due_on="2026-11-30", schools=[cast.school.pk],
    )  # fmt: skip
    due = ReportDue.objects.get()
    answer = sent(cast, "head", "county-due", due.pk, as_of="2026-11-25T08:00:00+08:00")
    assert answer.status_code == 422 and "请再看一眼" in text_of(answer) and not Sending.objects.exists()


def test_a_report_is_taken_back_with_a_reason_and_put_back(cast):
    done(
        cast, "county_supervisor", "county-report-new", title="十一月情况", parts=["everyone"],
        due_on="2026-11-30", schools=[cast.school.pk],
    )  # fmt: skip
    report = CountyReport.objects.get()
    assert sent(cast, "county_supervisor", "county-report-back", report.pk, reason="").status_code == 422
    done(cast, "county_supervisor", "county-report-back", report.pk, reason="重复了")
    assert "十一月情况" not in page(cast, "head", "county-office")
    done(cast, "county_supervisor", "county-report-back", report.pk, back="1")
    assert "十一月情况" in page(cast, "head", "county-office")


def asked(cast):
    done(
        cast, "county_supervisor", "county-need-new", school=cast.school.pk, kind="unpaired", hours=8,
        reason="师范学院的同学可以结对",
    )  # fmt: skip
    return Need.objects.get()


def test_the_supervisor_asks_the_officer_opens_and_reads_the_school_is_told_and_closes(cast):
    need = asked(cast)
    assert "请您决定" in page(cast, "county_data_officer", "county-needs")
    done(cast, "county_data_officer", "county-need-decide", need.pk)
    names = page(cast, "county_data_officer", "county-need-names", need.pk)
    assert "周晓禾" in names and "孟宇航" in names and "苏苗苗" not in names
    for who in ("county_supervisor", "county_data_officer"):
        assert "周晓禾" not in page(cast, who, "county-need", need.pk)
        assert "周晓禾" not in page(cast, who, "county-needs")
    assert (
        cast.client("county_supervisor").get(reverse("county-need-names", args=[need.pk])).status_code == 403
    )
    told = Message.objects.get(to=cast.users["head"])
    assert told.link_name == "county-office-need"
    shown = page(cast, "head", "county-office-need", need.pk)
    assert "师范学院的同学可以结对" in shown and "周晓禾" in shown and "贺川" in shown
    done(cast, "head", "county-office-need-close", need.pk)
    assert (
        cast.client("county_data_officer").get(reverse("county-need-names", args=[need.pk])).status_code
        == 403
    )


def test_not_opened_the_supervisor_reads_why(cast):
    need = asked(cast)
    assert (
        sent(cast, "county_data_officer", "county-need-decide", need.pk, refuse="1", answer="").status_code
        == 422
    )
    done(cast, "county_data_officer", "county-need-decide", need.pk, refuse="1", answer="请直接和学校联系")
    assert "请直接和学校联系" in page(cast, "county_supervisor", "county-need", need.pk)
    assert cast.client("head").get(reverse("county-office-need", args=[need.pk])).status_code == 404


def test_the_data_officer_begins_with_what_waits_and_finds_names_on_no_other_page(cast):
    need = asked(cast)
    done(cast, "county_data_officer", "county-need-decide", need.pk)
    answer = cast.client("county_data_officer").get(reverse("home"), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("county-needs") and "周晓禾" not in text_of(answer)
    for name, args in (("students", ()), ("student", (cast.students.key.pk,)), ("search", ())):
        assert cast.client("county_data_officer").get(reverse(name, args=args)).status_code in (403, 404), (
            name
        )


def test_danger_to_life_opens_at_once_and_the_supervisor_looks_at_it_again(cast):
    values = {
        "school": cast.school.pk,
        "name": "苏苗苗",
        "reason": "派出所来电说孩子可能在河边，要马上找到班主任",
    }
    answer = done(cast, "county_data_officer", "county-emergency", **values)
    need = Need.objects.get()
    assert answer["Location"] == reverse("county-need-names", args=[need.pk])
    assert "苏苗苗" in page(cast, "county_data_officer", "county-need-names", need.pk)
    shown = page(cast, "county_supervisor", "county-needs")
    assert "请再看一遍" in shown and "苏苗苗" not in shown
    assert (
        sent(cast, "county_supervisor", "county-need-review", need.pk, verdict="not_needed").status_code
        == 422
    )
    done(cast, "county_supervisor", "county-need-review", need.pk, verdict="needed")
    assert "确实需要" in page(cast, "county_supervisor", "county-need", need.pk)


@pytest.mark.parametrize("who", ["county_supervisor", "head"])
def test_only_the_data_officer_may(cast, who):
    assert (
        sent(cast, who, "county-emergency", school=cast.school.pk, name="苏苗苗", reason="危险").status_code
        == 403
    )


def test_the_report_over_all_schools_opens_in_word(cast):
    for number in range(25):
        cast.add_student(f"同学{number}", cast.class_one, "normal")
    published(cast)
    answer = cast.client("county_supervisor").post(reverse("county-document"), {"kind": "docx"})
    assert "attachment" in answer["Content-Disposition"]
    document = docx.Document(io.BytesIO(answer.content))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"和风镇中心初中", "云岭中学", "20 以上", "不足 10", "还没接"} <= cells
    paragraphs = "".join(one.text for one in document.paragraphs)
    assert "百千万工程" in paragraphs and "以十为单位" in paragraphs
    answer = cast.client("county_supervisor").post(reverse("county-document"), {"kind": "pdf"})
    assert answer.content.startswith(b"%PDF")


def test_pages_ask_no_more_of_the_database_the_more_schools_there_are(cast):
    published(cast)
    browser = cast.client("county_supervisor")
    names = ("county", "county-months", "county-programme", "county-reports", "county-needs")

    def queries():
        found = {}
        for name in names:
            with CaptureQueriesContext(connection) as made:
                browser.get(reverse(name))
            found[name] = len(made)
        return found

    before = queries()
    for number in range(5):
        Organisation.objects.create(kind="school", name=f"学校{number}", parent=cast.county, stage="primary")
    assert queries() == before


def test_an_address_alone_adds_no_point(cast):
    done(cast, "county_supervisor", "county-programme-begin", name="百千万工程")
    version = CountyVersion.objects.get()
    before = version.points.count()
    query = f"?label=x&to=key&by=helper&every=week&n=1&due_from=1&client_id={uuid4()}"
    page(cast, "county_supervisor", "county-point-new", version.pk, query=query)
    assert version.points.count() == before
