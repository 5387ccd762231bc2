"""After the rooms are told: pictures of the choir's day, a day on which the counsellor is away, somebody whose question
stands with a colleague who is about to leave, and volunteers in a group and on the next visit."""

import datetime
import io
import random
from uuid import UUID

from PIL import Image, ImageDraw

from tongxing.care.activities import adults, event_actions, photos
from tongxing.care.activities.models import Event, Offer
from tongxing.care.counselling import actions as counselling
from tongxing.care.counselling.models import Appointment
from tongxing.care.pairing.models import Pair
from tongxing.care.pairing.proxies import ready_volunteers
from tongxing.care.requests.actions import hand_on
from tongxing.care.requests.asking import Asked, ask_for
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock

from . import SEED, Demo

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
SIZE = (960, 640)
MOST_SEEN = 6


def tell(demo: Demo) -> None:
    ids = random.Random(f"rooms {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    _photos(demo, ids)
    _away(demo, ids)
    _asked_of_whoever_leaves(demo, ids)
    _from_outside(demo, random.Random(f"volunteers {SEED}"))  # noqa: S311  # a story, not a secret


def _id(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)


def _photos(demo: Demo, ids: random.Random) -> None:
    """Two of the choir's competition: on the stage, and the hands that hold the score."""
    events = Event.objects.filter(school=demo.school, kind=Event.Kind.COMPETITION, ticked_at__isnull=False)
    event = events.select_related("leader__user", "offer__leader").first()
    if event is None:
        return
    may, _may_not = photos.may_be_seen(event)
    with clock.telling(demo.until - 3 * DAY):
        leader = actor_for(event.leader.user, clock.today())
        for content, seen in ((_stage(), may[:MOST_SEEN]), (_score(), [])):
            photos.add(leader, event=event, content=content, seen=seen, nobody=not seen, client_id=_id(ids))


def _stage() -> bytes:
    """Children in two rows, drawn from behind: nobody real."""
    image = Image.new("RGB", SIZE, "#f3d9a4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 430, 960, 640), fill="#9c5b2e")
    for row, (top, step) in enumerate(((250, 118), (330, 132))):
        for place in range(8 - row):
            x = 70 + row * 50 + place * step
            draw.rounded_rectangle((x - 42, top + 62, x + 42, top + 250), 24, fill="#2f5d8a")
            draw.polygon([(x - 26, top + 66), (x + 26, top + 66), (x, top + 112)], fill="#d8362a")
            draw.ellipse((x - 30, top, x + 30, top + 66), fill="#3a2a22")
    return _jpeg(image)


def _score() -> bytes:
    """A sheet of music held by two hands."""
    image = Image.new("RGB", SIZE, "#cfe0d8")
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((250, 90, 710, 560), 8, fill="#fffdf6", outline="#b9b09a", width=3)
    for staff in range(5):
        for line in range(5):
            y = 140 + staff * 80 + line * 9
            draw.line((290, y, 670, y), fill="#8a8577", width=2)
        for note in range(7):
            x, y = 320 + note * 50, 138 + staff * 80 + (note * 7 + staff * 3) % 36
            draw.ellipse((x, y, x + 16, y + 12), fill="#2b2b2b")
    for x in (190, 690):
        draw.rounded_rectangle((x, 330, x + 90, 480), 40, fill="#e2b48f")
    return _jpeg(image)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def _away(demo: Demo, ids: random.Random) -> None:
    """The counsellor has noted a training on a day on which somebody has a time: it waits to be moved."""
    coming = Appointment.objects.agreed().filter(school=demo.school, at__gt=demo.until + 2 * DAY)
    first = coming.order_by("at", "pk").first()
    day = clock.day_of(first.at) if first and first.at else clock.day_of(demo.until) + 7 * DAY
    with clock.telling(demo.until - 5 * HOUR):
        counselling.close_day(
            actor_for(demo.posts["counsellor"].user, clock.today()),
            school=demo.school,
            client_id=_id(ids),
            day=day,
            reason="县里心理教师培训",
        )


def _asked_of_whoever_leaves(demo: Demo, ids: random.Random) -> None:
    """A class teacher has asked for a child whose helper's last day is near: its page names who goes on with it."""
    leaving = Pair.objects.open().filter(school=demo.school, helper__ends_on__isnull=False)
    pair = leaving.select_related("student__key", "student__school", "helper__user").order_by("pk").first()
    if pair is None:
        return
    teacher = demo.class_teachers[demo.class_of[pair.student_id].pk]
    with clock.telling(demo.until - 3 * HOUR):
        asked = Asked("studying", _id(ids), "应用题读题慢，想请您带着画两次图")
        request = ask_for(actor_for(teacher.user, clock.today()), student=pair.student, asked=asked)
    if request.holder and request.holder != pair.helper.user:
        with clock.telling(demo.until - 2 * HOUR):
            first = actor_for(request.holder, clock.today())
            hand_on(first, request=request, to=pair.helper, reason="数学这一块平时是您在带")


def _from_outside(demo: Demo, ids: random.Random) -> None:
    """A retired teacher helps those who tutor; somebody of the town comes along to the old people."""
    ready = list(ready_volunteers(demo.school.pk))
    if not ready:
        return
    at, posts = demo.until - 6 * DAY, demo.posts
    with clock.telling(at):
        tutoring = Offer.objects.select_related("leader__user").get(
            school=demo.school, kind=Offer.Kind.TUTORING
        )
        adults.add_volunteer(actor_for(tutoring.leader.user), offer=tutoring, volunteer=ready[-1])
        event_actions.plan(
            actor_for(posts["coordinator"].user),
            school=demo.school,
            kind=Event.Kind.SERVICE,
            facts={
                "title": "再去看望老人",
                "on": clock.day_of(demo.until) + 9 * DAY,
                "place": "和风镇敬老院",
            },
            client_id=_id(ids),
            leader=posts["coordinator"],
            companions=[ready[0]],
        )
