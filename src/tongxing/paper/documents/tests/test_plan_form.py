"""The forms of a plan: every field is there, and each is one A4 page whatever was written."""

import datetime
import io
from dataclasses import replace
from uuid import UUID, uuid4

import docx
import pypdf
import pytest
from tests.planned import DRAFT, SEAT, in_force
from tests.promised import talk

from tongxing.care.programme import term_plan_decisions as deciding
from tongxing.care.programme.term_plan_decisions import Look
from tongxing.care.programme.term_plan_reading import whole
from tongxing.care.programme.term_plan_rules import LONGEST, MOST_MEASURES, PlanText
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Registration
from tongxing.paper.documents import plan_form
from tongxing.paper.documents.form_file import form_file
from tongxing.paper.documents.form_word import fit_of

pytestmark = pytest.mark.usefixtures("promised")
#: What the sheets must have, by form.
FIELDS = {
    "plan": (
        "分类",
        "学期目标",
        "措施",
        "责任人",
        "频次",
        "时间节点",
        "预期指标",
        "审核人",
        "制定人",
        "需要搭把手的科目",
    ),
    "tracking": (
        *("需要搭把手的科目", "诊断：知识、习惯、思维、非智力", "知识", "习惯", "思维", "动机（非智力）"),
        *("学期目标", "月目标", "措施", "阶段成果", "教师评价", "家长反馈", "结论", "期初", "现在"),
    ),
    "goals": ("学期目标", "目标", "达成情况", "证据", "定于"),
}


def text_of(file: bytes, kind: str) -> str:
    if kind == "pdf":
        (page,) = pypdf.PdfReader(io.BytesIO(file)).pages  # one page, or this fails
        return page.extract_text().replace("\n", "").replace(" ", "")
    cells = [
        tc.xpath("string(.)")
        for table in docx.Document(io.BytesIO(file)).tables
        for tc in table._tbl.iter_tcs()
    ]
    return "".join(cells).replace("\n", "").replace(" ", "")


def full(name: str) -> str:
    return "字" * LONGEST[name]


def longest(cast):
    """A plan with every text at its longest, looked at twice, with goals of every month."""
    measures = tuple(
        replace(SEAT, key=UUID(int=n + 1), what=full("what"), often=full("often"))
        for n in range(MOST_MEASURES)
    )
    text = PlanText(**{name: full(name) for name in PlanText().as_json()})
    Registration.objects.filter(student=cast.students.key).update(reason="缘" * 300)
    plan = in_force(cast, draft=replace(DRAFT, text=text, measures=measures))
    call = talk(
        cast, kind="call", body={"said": "…", "family_view": "话" * 900}, channel="phone", reached=["mother"]
    )
    for n in range(14):
        talk(cast, kind="goal", body={"goal": "标" * 400, "sign": "看" * 400})
        if n % 2:
            talk(cast, kind="goal_outcome", body={"outcome": "果" * 300, "shown_by": "凭" * 300})
    texts = {name: full(name) for name in ("helped", "next", "teacher", "family")}
    look = Look(**texts, conclusion="enough", family_record=call.pk, next_on=datetime.date(2027, 1, 15))
    for _ in range(2):
        deciding.look_again(cast.actor("helper"), plan=plan, client_id=uuid4(), look=look)
    return plan


def made(cast, plan, paper: str, kind: str, role="helper") -> bytes:
    actor = cast.actor(role)
    if paper == "goals":
        student = plan_form.whole(actor, plan).row.student
        return plan_form.goals_paper(actor, student=student, term=cast.term, kind=kind)
    return plan_form.plan_paper(actor, plan=whole(actor, plan), paper=paper, kind=kind)


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("paper", FIELDS)
def test_every_field_is_on_the_sheet_and_what_is_not_known_reads_no_records(cast, paper, kind):
    text = text_of(made(cast, in_force(cast), paper, kind), kind)
    assert [field for field in FIELDS[paper] if field.replace(" ", "") not in text] == []
    assert "周晓禾" in text and "期末数学能独立做完基础题" in text and "无记录" in text


@pytest.mark.parametrize("kind", ["pdf", "docx"])
@pytest.mark.parametrize("paper", FIELDS)
def test_it_is_one_page_with_texts_at_their_longest(cast, paper, kind, monkeypatch):
    seen = []
    monkeypatch.setattr(plan_form, "form_file", lambda form, kind: seen.append(form) or form_file(form, kind))
    plan = longest(cast)
    text = text_of(made(cast, plan, paper, kind), kind)
    assert [field for field in FIELDS[paper] if field.replace(" ", "") not in text] == []
    assert full("goal") in text
    (form,) = seen
    assert fit_of(form).most is None  # nothing has to be cut


def test_the_tracking_sheet_tells_the_beginning_beside_now(cast):
    from tongxing.care.programme import term_plan_actions as writing

    plan = in_force(cast)
    later = replace(DRAFT, text=replace(DRAFT.text, knowledge="移项不再丢负号"), reason="有进步")
    token = plan.versions.latest("number").token
    writing.write_plan(cast.actor("helper"), plan=plan, seen=token, draft=later)
    token = plan.versions.latest("number").token
    writing.hand_in(cast.actor("helper"), plan=plan, seen=token)
    deciding.approve(cast.actor("head"), plan=plan, seen=plan.versions.latest("number").token)
    text = text_of(made(cast, plan, "tracking", "pdf"), "pdf")
    assert text.index("移项常错") < text.index("移项不再丢负号")


def test_only_who_writes_the_plan_prints_it_and_printing_leaves_a_trace(cast):
    plan = in_force(cast)
    found = whole(cast.actor("helper"), plan)
    for role in ("other_class_teacher", "counsellor", "outsider"):
        with pytest.raises(NotAllowed):
            plan_form.plan_paper(cast.actor(role), plan=found, paper="plan", kind="pdf")
    made(cast, plan, "plan", "pdf")
    entry = AuditEntry.objects.get(action="plan.print")
    assert entry.detail == {"student": plan.student_id, "paper": "plan", "kind": "pdf"}
    assert clock.day_of(entry.at) == clock.today()
