"""Issuing and handing out: who may, what is written down about it, what the files hold."""

import datetime
import hashlib
import io
from uuid import uuid4

import docx
import openpyxl
import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.planned import DRAFT, handed_in, token
from tests.promised import talk

from tongxing.care.pairing.actions import propose
from tongxing.care.pairing.models import Pair
from tongxing.care.pairing.proxies import start_proxy
from tongxing.care.profiles.actions import note_trait
from tongxing.care.profiles.survey_actions import fill_in, take_ready
from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.screening.actions import run_round
from tongxing.care.screening.models import Looked
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Circumstance, Teaching, Term
from tongxing.oversight.insight.queries import overview
from tongxing.paper.documents import actions
from tongxing.paper.documents.models import IssuedDocument
from tongxing.paper.documents.summary import summary_document
from tongxing.paper.documents.word import word_file

pytestmark = pytest.mark.usefixtures("promised")

OUTSIDE_THE_LEAD = ["class_teacher", "helper", "counsellor", "finance_maker", "county_supervisor", "guardian"]


def issue(cast, role="head", **facts):
    return actions.issue_summary(
        cast.actor(role),
        **{"term": cast.term, "client_id": uuid4(), "next_steps": "走访剩下的家庭。"} | facts,
    )


def rows_of(file):
    return [
        [cell.value for cell in row]
        for row in openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(min_row=3)
    ]


def text_of(file):
    (page,) = pypdf.PdfReader(io.BytesIO(file)).pages
    return page.extract_text()


def test_a_summary_keeps_its_facts_and_the_fingerprint_of_its_file(cast):
    issued = issue(cast)
    assert hashlib.sha256(bytes(issued.file)).hexdigest() == issued.sha256
    assert word_file(summary_document(issued.told, issued.number)) == bytes(issued.file)
    assert issued.made_by == cast.users["head"]


def test_a_summary_says_the_figures_of_the_overview(cast):
    talk(cast)
    issued = issue(cast)
    told = issued.told.figures
    for figure in overview(cast.actor("head"), cast.school, cast.term, issued.as_of).figures.rows:
        assert told[figure.code].value == figure.value
        assert told[figure.code].records == figure.records


def test_an_issued_summary_does_not_change_with_later_records(cast):
    issued = issue(cast)
    talk(cast)
    issued.refresh_from_db()
    assert issued.told.figures["week_talks_done"].value in (0, None)
    assert "走访剩下的家庭。" in "".join(
        line.text for line in docx.Document(io.BytesIO(bytes(issued.file))).paragraphs
    )
    assert actions.summary_pdf(issued).startswith(b"%PDF")


def test_the_same_submit_twice_issues_one_summary(cast):
    client_id = uuid4()
    assert issue(cast, client_id=client_id) == issue(cast, client_id=client_id)
    assert IssuedDocument.objects.count() == 1


def test_a_summary_holds_no_name_of_a_student(cast):
    issued = issue(cast)
    text = "".join(line.text for line in docx.Document(io.BytesIO(bytes(issued.file))).paragraphs)
    for name in ("周晓禾", "孟宇航", "苏苗苗"):
        assert name not in text and name not in str(issued.facts)


def test_characters_no_document_can_hold_are_left_out(cast):
    issued = issue(cast, next_steps="走访\x00家庭\r\n下周")
    assert issued.facts["next_steps"] == "走访家庭 下周"


def test_next_steps_have_a_length(cast):
    with pytest.raises(Refused):
        issue(cast, next_steps="字" * 1001)
    assert not IssuedDocument.objects.exists()


@pytest.mark.parametrize("role", [*OUTSIDE_THE_LEAD, "outsider"])
def test_only_those_who_lead_the_school_make_documents(cast, role):
    actor = cast.actor(role)
    for make in (
        lambda: issue(cast, role),
        lambda: actions.register_volume(actor, term=cast.term, purpose="检查"),
        lambda: actions.pairing_table(actor, term=cast.term, purpose="检查"),
    ):
        with pytest.raises(NotAllowed):
            make()
    assert not AuditEntry.objects.filter(action="document.make").exists()


def test_documents_with_names_ask_for_their_purpose_and_leave_a_trace_without_names(cast):
    head = cast.actor("head")
    with pytest.raises(Refused):
        actions.register_volume(head, term=cast.term, purpose=" ")
    actions.register_volume(head, term=cast.term, purpose="县级检查")
    actions.pairing_table(head, term=cast.term, purpose="签名存档")
    actions.dossier(head, student=cast.students.key, term=cast.term, purpose="家长会")
    traces = AuditEntry.objects.filter(action="document.make").order_by("pk")
    assert [(one.purpose, one.detail["kind"]) for one in traces] == [
        ("县级检查", "register"),
        ("签名存档", "pairing"),
        ("家长会", "dossier"),
    ]
    assert "周晓禾" not in str([one.detail for one in traces])


def test_the_register_volume_lists_everyone_masked(cast):
    Circumstance.objects.create(school=cast.school, student=cast.students.key, category="left_behind")
    heading, *rows = rows_of(actions.register_volume(cast.actor("head"), term=cast.term, purpose="检查"))
    assert {row[heading.index("姓名")] for row in rows} == {"周晓禾", "孟宇航"}
    key = dict(zip(heading, next(row for row in rows if "周晓禾" in row), strict=True))
    assert key["家庭成员"] == "周桂兰（奶奶）；周建军（父亲，在昆山）"
    assert (key["联系方式"], key["住址"]) == ("139****1111", "和风镇柳溪村***")
    assert (key["登记"], key["帮扶人"]) == ("重点", "林岚")
    assert key["家庭情况"] == "父母外出（学籍口径）" and key["先打给谁"] == "奶奶 周桂兰"


def test_the_register_volume_tells_what_a_child_likes_and_what_was_asked_and_never_hardship_or_counselling(
    cast,
):
    student, helper = cast.students.key, cast.actor("helper")
    for kind, words in (("interest", "看书"), ("talent", "剪纸"), ("health", "花生过敏")):
        note_trait(helper, student=student, kind=kind, words=words, client_id=uuid4())
    survey = take_ready(cast.actor("head"), school=cast.school, code="lessons")
    said = {"works": "作业三次按时", "stuck": "应用题"}
    facts = {"said": said, "asked_on": clock.today(), "client_id": uuid4()}
    fill_in(helper, student=student, version=survey.current, **facts)
    for category in ("minimum_living", "single_parent"):
        Circumstance.objects.create(school=cast.school, student=student, category=category)
    reason = {
        "code": "circumstance",
        "severity": "watch",
        "figures": {"category": "minimum_living"},
        "sources": [],
    }
    found = run_round(SYSTEM, term=cast.term)
    Looked.objects.filter(round=found, student=student).delete()
    looked = {"looked_at": found.ran_at, "outcome": "cleared", "reasons": [reason]}
    Looked.objects.create(school=cast.school, round=found, student=student, **looked)
    private = talk(cast, body={"thoughts": "只说给心理老师听"})
    type(private).objects.filter(pk=private.pk).update(visibility="counsellor")
    heading, *rows = rows_of(actions.register_volume(cast.actor("head"), term=cast.term, purpose="检查"))
    key = dict(zip(heading, next(row for row in rows if "周晓禾" in row), strict=True))
    told = (key["喜欢什么、擅长什么"], key["在校要留意的健康情况"], key["访谈摘要"])
    assert told == ("看书、剪纸", "花生过敏", "作业三次按时")
    everything = str(rows)
    assert "低保" not in everything and "心理老师" not in everything and "应用题" not in everything
    assert key["家庭情况"] == "单亲家庭" and not key["登记缘由"]


def test_the_register_volume_asks_the_database_as_often_for_many_as_for_few(
    cast, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as few:
        actions.register_volume(cast.actor("head"), term=cast.term, purpose="检查")
    for number in range(8):
        student = cast.add_student(f"新同学{number}", cast.class_one, "normal")
        note_trait(SYSTEM, student=student, kind="interest", words="看书", client_id=uuid4())
    with django_assert_max_num_queries(len(few)):
        actions.register_volume(cast.actor("head"), term=cast.term, purpose="检查")


def test_the_pairing_table_tells_who_also_helps_and_in_what(cast):
    facts = {"starts_on": datetime.date(2026, 10, 12), "confirmed_at": clock.now()}
    Pair.objects.create(
        school=cast.school,
        student=cast.students.key,
        helper=cast.staff["other_teacher"],
        role="also",
        subject="数学",
        **facts,
    )
    heading, *rows = rows_of(actions.pairing_table(cast.actor("coordinator"), term=cast.term, purpose="签名"))
    told = [dict(zip(heading, row, strict=True)) for row in rows]
    assert {row["帮扶人"]: "一起帮 数学" in row["职务"] for row in told} == {"林岚": False, "宋桥": True}


def test_the_pairing_table_shows_pairs_that_ended_with_their_reason(cast):
    pair = Pair.objects.get(student=cast.students.key)
    pair.ends_on, pair.ended_reason, pair.ended_at = datetime.date(2026, 11, 20), "swapped", clock.now()
    pair.save()
    heading, row = rows_of(actions.pairing_table(cast.actor("coordinator"), term=cast.term, purpose="签名"))
    told = dict(zip(heading, row, strict=True))
    assert (told["学生"], told["帮扶人"], told["结束"].date()) == (
        "周晓禾",
        "林岚",
        datetime.date(2026, 11, 20),
    )
    assert told["解除原因"] == str(Pair.Ended.SWAPPED.label)
    assert not told["签名"]


def test_a_student_file_shows_the_teams_text_and_no_private_talk(cast):
    talk(cast)
    talk(cast, kind="goal", body={"goal": "每天课后四题"}, reached=["student"])
    private = talk(cast, body={"thoughts": "只说给心理老师听"})
    type(private).objects.filter(pk=private.pk).update(visibility="counsellor")
    text = text_of(
        actions.dossier(cast.actor("head"), student=cast.students.key, term=cast.term, purpose="家长会")
    )
    assert "周晓禾" in text and "愿意在校内托管时写完" in text and "每天课后四题" in text
    assert "只说给心理老师听" not in text
    assert "138****5678" in text and "13812345678" not in text
    assert "林岚，2026-09-07起" in text


def test_a_student_file_for_a_meeting_tells_the_plan_in_force_and_who_is_around_the_child(cast):
    student, helper = cast.students.key, cast.actor("helper")
    plan = handed_in(cast)
    papers = {"student": student, "term": cast.term, "purpose": "班级会商"}
    assert "学期帮扶计划" not in text_of(actions.dossier(helper, **papers)), "not in force yet"
    deciding.approve(cast.actor("coordinator"), plan=plan, seen=token(plan))
    give_consent(cast.actor("head"), student=student, purpose="proxy", given_by="奶奶", student_agreed=True)
    said = {"agreed_on": clock.today(), "rules_read": True, "client_id": uuid4()}
    start_proxy(cast.actor("head"), student=student, person=cast.staff["other_teacher"], **said)
    text = text_of(actions.dossier(helper, **papers))
    assert "学期帮扶计划" in text and DRAFT.text.goal.replace(" ", "") in text and "代管家长" in text
    assert "宋桥，2026-11-25起" in text


def test_a_counsellors_copy_names_no_guardian(cast):
    papers = {"student": cast.students.key, "term": cast.term, "purpose": "个案会商"}
    assert "周桂兰" in text_of(actions.dossier(cast.actor("class_teacher"), **papers))
    text = text_of(actions.dossier(cast.actor("counsellor"), **papers))
    assert "周晓禾" in text and not any(word in text for word in ("周桂兰", "监护人", "138****5678"))


@pytest.mark.parametrize("role", ["other_teacher", "outsider", "safety", "system_admin"])
def test_who_does_not_read_the_childs_file_makes_none(cast, role):
    cast.add_staff("safety", "卓然")
    cast.grant("safety", "safety")
    with pytest.raises(NotAllowed):
        actions.dossier(cast.actor(role), student=cast.students.key, term=cast.term, purpose="检查")
    with pytest.raises(Refused) as refusal:
        actions.dossier(cast.actor("helper"), student=cast.students.key, term=cast.term, purpose=" ")
    assert refusal.value.field == "purpose"
    assert not AuditEntry.objects.filter(action="document.make").exists()


def test_the_register_volume_tells_why_a_student_was_named(cast):
    found = run_round(SYSTEM, term=cast.term)
    reason = {
        "code": "circumstance",
        "severity": "watch",
        "figures": {"category": "left_behind"},
        "sources": [],
    }
    Looked.objects.filter(round=found, student=cast.students.key).delete()
    Looked.objects.create(
        school=cast.school,
        round=found,
        student=cast.students.key,
        looked_at=found.ran_at,
        outcome="cleared",
        reasons=[reason],
    )
    heading, *rows = rows_of(actions.register_volume(cast.actor("head"), term=cast.term, purpose="检查"))
    key = dict(zip(heading, next(row for row in rows if "周晓禾" in row), strict=True))
    assert "父母" in key["登记缘由"]


def test_who_holds_no_post_is_named_by_the_subject(cast):
    Teaching.objects.create(
        school=cast.school,
        term=cast.term,
        staff=cast.staff["helper"],
        school_class=cast.class_one,
        subject="数学",
    )
    heading, row = rows_of(actions.pairing_table(cast.actor("head"), term=cast.term, purpose="签名"))
    assert dict(zip(heading, row, strict=True))["职务"] == "数学教师"


def test_the_table_of_proposals_tells_who_and_why(cast):
    propose(cast.actor("head"), school=cast.school, term=cast.term)
    heading, *rows = rows_of(actions.proposal_table(cast.actor("head"), term=cast.term, purpose="商量结对"))
    assert [row[heading.index("学生")] for row in rows] == ["孟宇航"]
    assert all(cell is not None for cell in rows[0][:5])


def test_the_figures_of_last_term_stand_beside_those_of_this_as_they_were_issued(cast):
    assert actions.figures_before(cast.actor("head"), cast.term) is None
    year = cast.term.year
    before = Term.objects.create(
        school=cast.school, year=year, number=2, starts_on=datetime.date(2026, 2, 23),
        ends_on=datetime.date(2026, 7, 3), week_one=datetime.date(2026, 2, 23),
    )  # fmt: skip
    earlier = issue(cast)
    IssuedDocument.objects.filter(pk=earlier.pk).update(term=before)
    found = actions.figures_before(cast.actor("head"), cast.term)
    assert found is not None and found["enrolled"].value == earlier.told.figures["enrolled"].value
    assert actions.figures_before(cast.actor("head"), before) is None
