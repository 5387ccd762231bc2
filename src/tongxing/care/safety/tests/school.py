"""How the tests of this package write notes, raise flags and look who knows of them."""

from uuid import uuid4

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.safety import actions
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.outbox.models import Message

SAD, HIT = "说觉得活着没意思", "说放学后被同学堵在厕所要钱"


def note(cast, words, role="helper", student="key", **more):
    return write_contact(
        cast.actor(role),
        student=getattr(cast.students, student),
        client_id=uuid4(),
        kind="talk",
        told=Told({"thoughts": words}, reached=["student"]),
        **more,
    )


def by_hand(cast, role="helper", student="key", categories=("bullying",), text="看到几个人推她", **more):
    return actions.raise_flag(
        cast.actor(role), student=getattr(cast.students, student), categories=categories, text=text, **more
    )


def seen_by(cast):
    return {role for role in cast.users if RiskFlag.objects.visible_to(cast.actor(role)).exists()}


def asked(cast):
    names = {user.pk: role for role, user in cast.users.items()}
    return [names[message.to_id] for message in Message.objects.order_by("pk")]
