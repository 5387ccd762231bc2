"""One school's term, as the documents' tests tell it."""

import datetime

from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.oversight.insight.figures import Figures, counted, unknown
from tongxing.oversight.insight.term_facts import Promise, TermFacts

AS_OF = datetime.datetime(2026, 11, 23, 15, 42, tzinfo=SCHOOL_TIME)


def figure(code, label, count, model="people.student"):
    definition = f"{label}的定义"
    if count is None:
        return unknown(code, label, definition, AS_OF)
    return counted(code, label, definition, AS_OF, model, range(1, count + 1))


def term_facts(next_steps="", **changed):
    counts = {
        "enrolled": ("在校学生", 1184), "looked_at": ("看过的学生", 1180), "not_looked_at": ("还没看到的学生", 4),
        "registered": ("登记学生", 66), "key": ("重点学生", 27), "paired": ("有帮扶人的学生", 65),
        "unpaired": ("暂无帮扶人的学生", 1), "helpers": ("帮扶人", 52), "silent": ("14天没有联系记录", 2),
        "talk.asked": ("每周谈心应做", 280), "talk.done": ("每周谈心做到", 251),
        "talk.later": ("每周谈心补记", 12),
        "talk.open": ("每周谈心还在时间内", 8), "talk.missing": ("每周谈心还没记上", 29),
        "reached.student": ("沟通到本人", 66), "reached.away_parent": ("沟通到在外父母", 31),
        "reached.second_guardian": ("沟通到在家监护人", 40), "visits": ("上门家访", 44), "visited": ("走访家庭", 41),
        "missing": ("约定还没记上", 29), "family_calls": ("电话等沟通", 120), "not_reached": ("没有联系上", 17),
    }  # fmt: skip
    rows = tuple(
        figure(code, label, changed.get(code.replace(".", "_"), count))
        for code, (label, count) in counts.items()
    )
    return TermFacts(
        school="和风镇中心初中",
        term="2026—2027学年第一学期",
        as_of=AS_OF,
        posts=(("校长", "顾言"), ("政教处", "石磊、裴青")),
        promises=(Promise("talk", "每周谈心一次"),),
        figures=Figures(rows),
        next_steps=next_steps,
    )
