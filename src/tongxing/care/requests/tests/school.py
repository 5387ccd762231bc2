"""How these tests ask for help and look who sees it."""

from uuid import uuid4

from tongxing.care.requests import asking, boxes, squares
from tongxing.care.requests.asking import Asked
from tongxing.care.requests.models import HelpRequest
from tongxing.ground.outbox.models import Message


def asked(topic="studying", text="数学应用题看不懂", **more):
    return Asked(topic, uuid4(), text, **more)


def by_student(cast, topic="studying", text="数学应用题看不懂", **more):
    return asking.ask_oneself(
        cast.actor("student"), student=cast.students.key, asked=asked(topic, text, **more)
    )


def by_guardian(cast, topic="home", text="奶奶这几天腿疼", **more):
    return asking.ask_oneself(
        cast.actor("guardian"), student=cast.students.key, asked=asked(topic, text, **more)
    )


def by_teacher(cast, role="helper", topic="studying", text="作业 3 次没交", **more):
    return asking.ask_for(cast.actor(role), student=cast.students.key, asked=asked(topic, text, **more))


def a_box(cast, opener="counsellor", every=3, place="教学楼一楼楼梯口"):
    return boxes.hang_up(
        cast.actor("coordinator"), school=cast.school, place=place, every=every, opener=cast.staff[opener]
    )


def by_slip(cast, box, topic="friend", text="同桌不跟我说话了", opener="counsellor", **more):
    who = {name: more.pop(name) for name in ("student", "school_class") if name in more}
    return asking.key_in_slip(cast.actor(opener), box=box, asked=asked(topic, text, **more), **who)


def a_door(cast, school_class=None):
    return squares.open_door(cast.actor("coordinator"), school=cast.school, school_class=school_class)


def by_square(
    door, topic="studying", text="单词背不下来", name="", class_name="", address="10.0.0.9", **more
):
    return squares.leave_request(
        door, asked=asked(topic, text, **more), name=name, class_name=class_name, address=address
    )


def seen_by(cast, request):
    return {
        role
        for role in cast.users
        if HelpRequest.objects.visible_to(cast.actor(role)).filter(pk=request.pk).exists()
    }


def read_by(cast, request):
    return {
        role
        for role in cast.users
        if HelpRequest.objects.readable_by(cast.actor(role)).filter(pk=request.pk).exists()
    }


def told(cast, code=None):
    """Whom messages were sent to, the first first."""
    names = {user.pk: role for role, user in cast.users.items()}
    sent = Message.objects.order_by("pk")
    return [names[one.to_id] for one in (sent.filter(code=code) if code else sent)]
