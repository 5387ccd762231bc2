"""白露 keeps the counselling room; 林岚 helps 周晓禾, 唐雨 is her class teacher; 尹舒 is a second counsellor."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions import Plan, Told
from tongxing.ground.kernel import clock
from tongxing.ground.people.consents import give_consent

HOUR = datetime.timedelta(hours=1)
TOLD = Told("自己来的", "聊了寝室里的事，晚上睡得不好", "想换一个座位", "下周再来")


@dataclass
class Room:
    """Short ways to do what stories need before they begin."""

    cast: Any

    def child(self, student):
        return {"student": getattr(self.cast.students, student), "client_id": uuid4()}

    def explain(self, by="counsellor", student="key", understood="own_words"):
        made = {"how": "read_out", "understood": understood}
        return actions.explain(self.cast.actor(by), **self.child(student), **made)

    def write(self, by="counsellor", student="key", told=TOLD, **more):
        return actions.write(self.cast.actor(by), **self.child(student), told=told, **more)

    def ask(self, words="想找您聊聊", by="student"):
        return actions.ask(self.cast.actor(by), **self.child("key"), words=words)

    def refer(self, reason="上课常常看着窗外，叫她时吓一跳", by="helper", student="key"):
        return actions.refer(self.cast.actor(by), **self.child(student), reason=reason)

    def agree(self, wish, hours=20, by="counsellor", **more):
        plan = Plan(clock.now() + hours * HOUR, **more)
        return actions.agree(self.cast.actor(by), appointment=wish, plan=plan)

    def consent(self, student="key"):
        child = getattr(self.cast.students, student)
        agreed = {"purpose": "screening", "given_by": "奶奶 周桂兰", "student_agreed": True}
        return give_consent(self.cast.actor("class_teacher"), student=child, **agreed)

    def tool(self, act_today=("重点关注",)):
        return actions.add_tool(
            self.cast.actor("counsellor"),
            school=self.cast.school,
            client_id=uuid4(),
            name="县心理普查",
            levels=["平稳", "一般关注", "重点关注"],
            act_today=act_today,
        )


@pytest.fixture
def room(cast):
    """The cast with a second counsellor, and the room."""
    cast.add_staff("second", "尹舒", offence_check_on=cast.term.starts_on)
    cast.grant("second", "counsellor")
    cast.room = Room(cast)
    return cast
