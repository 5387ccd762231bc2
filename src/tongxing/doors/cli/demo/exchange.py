"""This morning: a list of newcomers lies ready, with rows to put right; its columns are remembered."""

import csv
import datetime
import io

from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.paper.exchange.actions import Upload, opened, preview
from tongxing.paper.exchange.by_hand import choose_columns
from tongxing.paper.exchange.mapping import Mapping

from . import Demo

ROWS = (
    ("转入学生名单",),
    ("编码", "孩子", "男女", "所在", "家里人", "称呼", "联系方式"),
    ("2026901", "温小满", "女", "初一(3)班", "温守田", "爷爷", "13900002222"),
    ("2026902", "方晓", "不详", "初二(1)班", "方建", "爸爸", "13900003333"),
    ("2026903", "古丽努尔·艾山", "女", "飞行班", "艾山·买买提", "父亲", "13900004444"),
)
COLUMNS = ("code", "name", "sex", "class_name", "guardian1_name", "guardian1_relation", "guardian1_phone")


def tell(demo: Demo) -> None:
    moment = demo.until - datetime.timedelta(minutes=40)
    sheet = io.StringIO()
    csv.writer(sheet).writerows(ROWS)
    with clock.telling(moment):
        actor = actor_for(demo.posts["coordinator"].user, clock.day_of(moment))
        upload = Upload("转入学生.csv", sheet.getvalue().encode())
        batch = preview(actor, school=demo.school, uploads=[upload])
        place = opened(batch)[1].sheets[0].place
        mapping = Mapping("students", 1, {code: number for number, code in enumerate(COLUMNS)})
        choose_columns(actor, batch=batch, place=place, mapping=mapping, profile_name="转入学生名单")
