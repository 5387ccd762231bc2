"""白露 keeps the counselling room; 林岚 helps 周晓禾, 唐雨 is her class teacher; 尹舒 is a second counsellor."""

import datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions import Plan, Told
from tongxing.ground.kernel import clock
from tongxing.ground.people.consents import give_consent

HOUR = datetime.timedelta(hours=1)
TOLD = Told("自己来的", "聊了寝室里的事，晚上睡得不好", "想换一个座位", "下周再来")


@pytest.fixture
def room(cast):
    """The cast with a second counsellor, and short ways to do what stories need before they begin."""
    cast.add_staff("second", "尹舒", offence_check_on=cast.term.starts_on)
    cast.grant("second", "counsellor")

    def explain(by="counsellor", student="key", understood="own_words"):
        return actions.explain(
            cast.actor(by),
            student=getattr(cast.students, student),
            client_id=uuid4(),
            how="read_out",
            understood=understood,
        )

    def write(by="counsellor", student="key", told=TOLD, **more):
        return actions.write(
            cast.actor(by), student=getattr(cast.students, student), client_id=uuid4(), told=told, **more
        )

    def ask(words="想找您聊聊", by="student"):
        return actions.ask(cast.actor(by), student=cast.students.key, client_id=uuid4(), words=words)

    def refer(reason="上课常常看着窗外，叫她时吓一跳", by="helper", student="key"):
        return actions.refer(
            cast.actor(by), student=getattr(cast.students, student), client_id=uuid4(), reason=reason
        )

    def agree(wish, hours=20, by="counsellor", **more):
        return actions.agree(cast.actor(by), appointment=wish, plan=Plan(clock.now() + hours * HOUR, **more))

    def consent(student="key"):
        return give_consent(
            cast.actor("class_teacher"),
            student=getattr(cast.students, student),
            purpose="screening",
            given_by="奶奶 周桂兰",
            student_agreed=True,
        )

    def tool(act_today=("重点关注",)):
        return actions.add_tool(
            cast.actor("counsellor"),
            school=cast.school,
            client_id=uuid4(),
            name="县心理普查",
            levels=["平稳", "一般关注", "重点关注"],
            act_today=act_today,
        )

    cast.room = SimpleNamespace(
        explain=explain, write=write, ask=ask, refer=refer, agree=agree, consent=consent, tool=tool
    )
    return cast
