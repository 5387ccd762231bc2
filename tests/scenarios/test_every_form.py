"""Every form of docs/forms.md in every format it names, made for 周晓禾 or her school, opened by another program's reader."""

import datetime
import io
import re
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import docx
import openpyxl
import pypdf
import pytest
from django.utils import translation

from tongxing.aid.hardship.models import Application
from tongxing.care.attendance_watch.actions.cases import open_case
from tongxing.care.programme.term_plan_reading import whole
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Circumstance, Guardian, Student
from tongxing.ground.people.student_actions import edit_student
from tongxing.oversight.inspection.models import Inspection
from tongxing.oversight.notices import circulars, meetings
from tongxing.oversight.notices.circulars import To
from tongxing.paper.documents import actions, plan_form
from tongxing.paper.documents.attendance import month_file
from tongxing.paper.documents.form_actions import record_form, student_form
from tongxing.paper.documents.hardship import application_form
from tongxing.paper.documents.inspection import inspection_paper, inspection_sheet
from tongxing.paper.documents.school_papers import circular_file, minutes_file

from ..architecture import hardship_examples, rows
from ..planned import in_force
from ..promised import talk

pytestmark = pytest.mark.usefixtures("promised")
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "forms.md"
NAME = "周晓禾"
FACTS = {
    "id_kind": "id_card", "id_number": "320106201307041237", "household": "云南省某县某镇某村八组", "health": "哮喘",
    "income": "父亲在外务工", "aid": "临时救助一次", "distance_m": 2500, "guardianship": "grandparents",
    "seat_number": "07", "residence": "农村", "ethnicity": "汉族", "enrolled_on": datetime.date(2026, 9, 1),
    "national_code": "G320106201307041237", "boarding": True, "birth_date": datetime.date(2013, 7, 4), "sex": "female",
}  # fmt: skip
VISIT = {
    "companion": "宋桥", "met_whom": "奶奶", "at_home": "帮奶奶做饭。", "homework": "做完才玩。", "weekend": "周六去图书室。",
    "family_view": "希望多读书。", "measures": "每周三晚上电话一次。",
}  # fmt: skip
TALK = {
    "thoughts": "想学好英语",
    "difficulties": "单词记不住",
    "improvement": "每天十个",
    "promise": "周五听写",
}
#: What each form must say; `=`: the field and something recorded beside it.
FIELDS = {
    "学生基本档案": "=姓名 =性别 =出生日期 =民族 =证件类型 =证件号码 =健康状况 =户口所在地 =户口性质 =学籍号 =班内学号 =入学年月 "
    "=就读方式 =现住址 =电话 =留守情况 =随迁 =孤儿 =残疾 =上下学距离 =监护人1 =关系 =工作单位",
    "农村留守儿童登记表": "=姓名 =户籍地 =现居地 =身体状况 =是否寄宿 =祖父母/外祖父母 =父亲务工地点（省市） =父母双方是否均外出 =监护类型 "
    "=经济来源 =政府救助 填表人 复核人 负责人",
    "一生一档": "学号 监护人 约定",
    "家庭经济困难学生认定申请表": "=姓名 =班级 特殊群体 影响因素 申请 承诺 评议意见",
    "谈心谈话记录": "=时间 =教师 =思想动态 =学习不足 =改进方法 =承诺事项 下次时间",
    "家访记录": "=日期 =家访形式 =主访 =陪同 =受访人及关系 =在家表现 =作业态度 =双休计划 =家长意见 =问题与措施 家长签字",
    "帮扶计划（一生一策）": "=姓名 =班级 =学期目标 措施 责任人 频次",
    "登记/转化跟踪表": "=姓名 =班级 学期目标 结论",
    "月目标表": "=姓名 =班级 =学期目标",
    "结对帮扶登记表": "学生 班级 帮扶人 代管家长 开始 结束 原因 签",
    "统计成册": "班级 姓名",
    "月督查表": "应做 做 整改",
    "控辍保学台账": "班级 姓名",
    "学期总结": "和风镇中心初中 一对一",
    "通知、方案、倡议书": "一、总体要求",
    "会议纪要": "时间 参加",
}
#: Those that name the child.
NAMELESS = {"月督查表", "学期总结", "通知、方案、倡议书", "会议纪要"}


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.fixture
def told(cast):
    """周晓禾 with everything that the forms of a child ask for."""
    edit_student(cast.actor("coordinator"), student=cast.students.key, facts=FACTS)
    Guardian.objects.filter(student=cast.students.key).update(workplace="电子厂")
    for category in ("left_behind", "migrant", "orphan", "disabled"):
        Circumstance.objects.create(school=cast.school, student=cast.students.key, category=category)
    return cast


def _form(code: str) -> Callable:
    def make(cast, kind):
        student = Student.objects.get(pk=cast.students.key.pk)
        return student_form(
            cast.actor("head"), student=student, code=code, kind=kind, full=True, purpose="存档"
        )

    return make


def _application(cast, kind):
    found = hardship_examples.application(cast, cast.students.key)
    return application_form(cast.actor("head"), application=Application.objects.get(pk=found.pk), kind=kind)


def _record(cast, kind, which, **told):
    return record_form(cast.actor("helper"), contact=talk(cast, kind=which, **told), kind=kind)


def _plan(paper: str) -> Callable:
    def make(cast, kind):
        actor, plan = cast.actor("helper"), in_force(cast)
        return plan_form.plan_paper(actor, plan=whole(actor, plan), paper=paper, kind=kind)

    return make


def _goals(cast, kind):
    actor, plan = cast.actor("helper"), in_force(cast)
    talk(cast, kind="goal", body={"goal": "单词听写全对", "sign": "周五听写"})
    student = whole(actor, plan).row.student
    return plan_form.goals_paper(actor, student=student, term=cast.term, kind=kind)


def _inspection(cast, kind):
    found = Inspection.objects.get(pk=rows.inspection(cast.school))
    if kind == "xlsx":
        return inspection_sheet(cast.actor("head"), found)
    return inspection_paper(cast.actor("head"), found, kind)


def _returning(cast, kind):
    open_case(SYSTEM, student=cast.students.key, client_id=uuid4(), found="三天没来")
    month = clock.today().replace(day=1)
    return month_file(cast.actor("head"), school=cast.school, month=month, kind=kind)


def _summary(cast, kind):
    issued = actions.issue_summary(cast.actor("head"), term=cast.term, client_id=UUID(int=1))
    return actions.summary_pdf(issued) if kind == "pdf" else bytes(issued.file)


def _circular(cast, kind):
    made = circulars.publish(
        cast.actor("head"), office=cast.school, client_id=uuid4(), kind="plan", title="实施方案",
        text="一、总体要求\n每位老师和一名同学结对。", to=To("all"),
    )  # fmt: skip
    return circular_file(cast.actor("helper"), made, kind)


def _minutes(cast, kind):
    facts = {"title": "启动会", "day": clock.today(), "led_by": cast.staff["head"]}
    held = meetings.call(cast.actor("head"), school=cast.school, client_id=uuid4(), kind="staff", facts=facts)
    meetings.write_minutes(
        cast.actor("head"),
        meeting=held,
        minutes="说了怎么结对。",
        staff=[cast.staff["helper"]],
        students=None,
    )
    return minutes_file(cast.actor("helper"), held, kind)


MAKERS: dict[str, Callable] = {
    "学生基本档案": _form("basic"),
    "农村留守儿童登记表": _form("left-behind"),
    "一生一档": lambda cast, kind: actions.dossier(
        cast.actor("head"), student=cast.students.key, term=cast.term, purpose="开会"
    ),
    "家庭经济困难学生认定申请表": _application,
    "谈心谈话记录": lambda cast, kind: _record(cast, kind, "talk", body=TALK),
    "家访记录": lambda cast, kind: _record(
        cast, kind, "visit", channel="at_home", reached=["second_guardian"], body=VISIT
    ),
    "帮扶计划（一生一策）": _plan("plan"),
    "登记/转化跟踪表": _plan("tracking"),
    "月目标表": _goals,
    "结对帮扶登记表": lambda cast, kind: actions.pairing_table(
        cast.actor("head"), term=cast.term, purpose="存档", kind=kind
    ),
    "统计成册": lambda cast, kind: (actions.dossier_volume if kind == "pdf" else actions.register_volume)(
        cast.actor("head"), term=cast.term, purpose="存档"
    ),
    "月督查表": _inspection,
    "控辍保学台账": _returning,
    "学期总结": _summary,
    "通知、方案、倡议书": _circular,
    "会议纪要": _minutes,
}


def guide() -> dict[str, list[str]]:
    """form → files, as the page says."""
    lines = re.findall(r"^\| ([^|]+) \| [^|]+ \| [^|]+ \| ([a-z ]+) \|$", GUIDE.read_text("utf-8"), re.M)
    return {form.strip(): files.split() for form, files in lines if files != "files"}


def read(file: bytes, kind: str) -> list[str]:
    """The cells or lines in their order."""
    if kind == "pdf":
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages).splitlines()
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(file))
        return [
            str(cell.value)
            for page in book
            for row in page.iter_rows()
            for cell in row
            if cell.value is not None
        ]
    word = docx.Document(io.BytesIO(file))
    cells = [tc.xpath("string(.)") for table in word.tables for tc in table._tbl.iter_tcs()]
    return [*(line.text for line in word.paragraphs), *cells]


def test_the_page_and_the_test_know_the_same_forms():
    assert guide().keys() == MAKERS.keys() == FIELDS.keys()


@pytest.mark.parametrize(
    ("form", "kind"), [(form, kind) for form, kinds in guide().items() for kind in kinds]
)
def test_every_field_stands_in_every_file_and_what_is_recorded_beside_it(told, form, kind):
    found = read(MAKERS[form](told, kind), kind)
    text = re.sub(r"\s", "", "".join(found))
    fields = FIELDS[form].split()
    assert [field for field in fields if field.lstrip("=") not in text] == []
    assert form in NAMELESS or NAME in text
    if kind == "docx":
        places = {cell: number for number, cell in reversed(list(enumerate(found)))}
        empty = [one for one in fields if one[0] == "=" and not found[places[one[1:]] + 1].strip("无记录 ")]
        assert empty == []
