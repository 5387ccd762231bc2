"""How the demo school's papers look: its letterhead, two numbers given, two Word templates of its own, a sheet that left."""

import datetime
import io
import random
from uuid import UUID

import docx

from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.oversight.notices.models import Circular
from tongxing.paper.documents import heads, templates
from tongxing.paper.documents.heads import Look
from tongxing.paper.documents.templates import Handed
from tongxing.paper.exchange.export import make_sheet

from . import SEED, Demo
from .notices import DAY, FEWEST_DAYS

LOOK = Look("和风镇中心初中文件", "和中", "澄湖县和风镇文昌路12号")
LETTER = (
    "{{姓名}}同学的家长：",
    "{{姓名}}在我校{{班级}}就读，班主任{{班主任}}老师，帮扶人{{帮扶人}}老师。学校将于近日召开家长会，请您安排时间参加；在外务工不便到校的，老师会打电话联系您（{{监护人1电话}}）。",
    "{{学校}}",
    "{{日期}}",
)
LIST = ("{{序号}}", "{{姓名}}", "{{就读方式}}", "{{帮扶人}}", "")
HEADINGS = ("序号", "姓名", "就读方式", "帮扶人", "家长签到")


def tell(demo: Demo) -> None:
    if clock.day_of(demo.until) < demo.term.week_one + FEWEST_DAYS * DAY:
        return
    ids = random.Random(f"papers {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    with clock.telling(clock.start_of(demo.term.week_one + FEWEST_DAYS * DAY) + datetime.timedelta(hours=9)):
        office = actor_for(demo.posts["coordinator"].user, clock.today())
        heads.set_letterhead(office, office=demo.school, look=LOOK)
        standing = Circular.objects.filter(school=demo.school, ended_at=None, entered_at__lte=clock.now())
        for circular in standing.order_by("entered_at", "pk")[:2]:
            heads.number_circular(
                office, circular=circular, addressed_to="各班、各教研组", copies_to="县教育局学生资助管理中心"
            )
        for name, unit, content in (
            ("家长会通知书", "student", _letter()),
            ("家长会签到表", "class", _list()),
        ):
            templates.hand_in(
                office, school=demo.school, client_id=UUID(int=ids.getrandbits(128), version=4),
                handed=Handed(name, unit, content),
            )  # fmt: skip
        make_sheet(
            office, school=demo.school, code="xueji-students", purpose="核对学籍信息",
            approved_by=demo.posts["head"].user,
        )  # fmt: skip


def _letter() -> bytes:
    word = docx.Document()
    for line in LETTER:
        word.add_paragraph(line)
    return _bytes(word)


def _list() -> bytes:
    word = docx.Document()
    word.add_paragraph("{{学校}}{{班级}}家长会签到表（{{人数}}人）")
    table = word.add_table(rows=2, cols=len(LIST), style="Table Grid")
    for row, texts in zip(table.rows, (HEADINGS, LIST), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    return _bytes(word)


def _bytes(word: object) -> bytes:
    target = io.BytesIO()
    word.save(target)  # type: ignore[attr-defined]  # a document of python-docx, which has no type
    return target.getvalue()
