"""What the school told its people this term: the county's word and the school's own plan, meetings, who answers for what."""

import datetime
import random
from typing import Any
from uuid import UUID

from tongxing.care.programme.models import Programme
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Staff
from tongxing.oversight.notices import circulars, meetings, publicity, queries, seats, suggestions
from tongxing.oversight.notices.circulars import To
from tongxing.oversight.notices.models import Circular, Meeting

from . import SEED, Demo
from .notices_words import APPEAL, CLASS_MEETING, COUNTY, DISPLAYS, KICK_OFF, PLAN, PLAN_AGAIN, RULES, SAID

DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
FEWEST_DAYS = 20  # of the term before there is something to tell


def tell(demo: Demo) -> None:
    if clock.day_of(demo.until) < demo.term.week_one + FEWEST_DAYS * DAY:
        return
    ids = random.Random(f"notices {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    _seats(demo, ids)
    source = _from_the_county(demo, ids)
    _from_the_school(demo, ids, source)
    _meetings(demo, ids)
    _publicity(demo, ids)
    _suggestions(demo, ids)


def _id(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)


def _at(demo: Demo, days: int, hour: int = 10) -> datetime.datetime:
    return clock.start_of(demo.term.week_one + days * DAY) + hour * HOUR


def _seats(demo: Demo, ids: random.Random) -> None:
    """Two members, who answers for the programmes but one, two student cadres."""
    with clock.telling(_at(demo, 0)):
        office = actor_for(demo.posts["coordinator"].user, clock.today())
        since = clock.today()

        def seat(what: seats.What, **holder: Any) -> None:
            seats.seat(office, school=demo.school, client_id=_id(ids), what=what, **holder)

        for staff, words in ((demo.staff[18], "宣传报道"), (demo.staff[19], "整理材料")):
            seat(seats.What(since, words), staff=staff)
        programmes = list(Programme.objects.filter(school=demo.school).order_by("pk"))
        for number, programme in enumerate(programmes[:-1]):
            seat(seats.What(since, "", programme), staff=demo.staff[1 + number])
        for student, words in ((demo.students[9], "广播站"), (demo.students[41], "图书角")):
            seat(seats.What(since, words), student=student)


def _from_the_county(demo: Demo, ids: random.Random) -> Circular:
    with clock.telling(_at(demo, 0, 9)):
        held = Grant.objects.filter(school=demo.county, role=Role.COUNTY_SUPERVISOR).select_related("user")
        officer = actor_for(held.earliest("pk").user, clock.today())
        title, text = COUNTY
        made = circulars.publish(
            officer, office=demo.county, client_id=_id(ids), kind=Circular.Kind.NOTICE, title=title, text=text,
            to=To(schools=True),
        )  # fmt: skip
    with clock.telling(_at(demo, 0, 15)):
        head = actor_for(demo.posts["head"].user, clock.today())
        _confirm(head, made)
    return made


def _from_the_school(demo: Demo, ids: random.Random, source: Circular) -> None:
    """The plan and who confirmed it; its change, asked anew; the rules; an appeal to families."""
    with clock.telling(_at(demo, 2)):
        head = actor_for(demo.posts["head"].user, clock.today())
        plan = _publish(demo, ids, head, Circular.Kind.PLAN, PLAN, To("all"), based_on=source)
    everybody = list(Staff.objects.filter(school=demo.school).select_related("user").order_by("pk"))
    with clock.telling(_at(demo, 3, 12)):
        for staff in everybody[:24]:
            _confirm(actor_for(staff.user, clock.today()), plan)
    with clock.telling(_at(demo, 4)):
        _publish(demo, ids, head, Circular.Kind.RULES, RULES, To("class_teachers", asks=False))
    last = clock.day_of(demo.until) - 3 * DAY
    with clock.telling(clock.start_of(last) + 10 * HOUR):
        head = actor_for(demo.posts["head"].user, clock.today())
        title, text, changed = PLAN_AGAIN
        circulars.write_anew(
            head, circular=plan, client_id=_id(ids), title=title, text=text, changed=changed, asks_anew=True
        )
        _publish(demo, ids, head, Circular.Kind.APPEAL, APPEAL, To(families=True))
    with clock.telling(clock.start_of(last + DAY) + 12 * HOUR):
        for staff in everybody[:14]:
            if not staff.responsibilities.filter(post="class_teacher").exists():
                _confirm(actor_for(staff.user, clock.today()), plan)


def _publish(
    demo: Demo, ids: random.Random, head: Actor, kind: str, words: tuple[str, str], to: To, **more: Any
) -> Circular:
    title, text = words
    return circulars.publish(
        head, office=demo.school, client_id=_id(ids), kind=kind, title=title, text=text, to=to, **more
    )


def _confirm(actor: Actor, circular: Circular) -> None:
    found = queries.circulars(actor).filter(pk=circular.pk).first()
    if found is not None:
        circulars.confirm(actor, circular=found, number=found.current.number)


def _meetings(demo: Demo, ids: random.Random) -> None:
    with clock.telling(_at(demo, 2, 16)):
        head = actor_for(demo.posts["head"].user, clock.today())
        title, agenda, minutes, decided = KICK_OFF
        facts = {"title": title, "day": clock.today(), "place": "阶梯教室", "agenda": agenda}
        kick_off = _call(demo, ids, head, Meeting.Kind.STAFF, facts | {"led_by": demo.posts["head"]})
        meetings.write_minutes(head, meeting=kick_off, minutes=minutes, staff=demo.staff[:24], students=None)
        for number, (text, days) in enumerate(decided):
            meetings.decide(
                head, meeting=kick_off, client_id=_id(ids), text=text, person=demo.staff[4 + number],
                due_on=clock.today() + days * DAY,
            )  # fmt: skip
    with clock.telling(_at(demo, 9, 16)):
        done = kick_off.decisions.earliest("pk")
        meetings.see_to(
            actor_for(done.person.user, clock.today()), decision=done, words="橱窗和展牌都贴好了。"
        )
    school_class = demo.classes[2]
    teacher = demo.class_teachers[school_class.pk]
    with clock.telling(_at(demo, 15, 15)):
        actor = actor_for(teacher.user, clock.today())
        title, agenda, minutes = CLASS_MEETING
        facts = {"title": title, "day": clock.today(), "agenda": agenda, "school_class": school_class}
        held = _call(demo, ids, actor, Meeting.Kind.THEME, facts | {"led_by": teacher, "place": "教室"})
        meetings.write_minutes(actor, meeting=held, minutes=minutes, staff=[teacher], students=48)
    coming = clock.day_of(demo.until) + (7 - clock.day_of(demo.until).weekday()) * DAY
    with clock.telling(demo.until - HOUR):
        head = actor_for(demo.posts["head"].user, clock.today())
        facts = {"title": "帮扶工作月小结", "day": coming, "place": "小会议室", "led_by": demo.posts["head"]}
        _call(demo, ids, head, Meeting.Kind.LEADERSHIP, facts)


def _call(demo: Demo, ids: random.Random, actor: Actor, kind: str, facts: dict[str, Any]) -> Meeting:
    return meetings.call(actor, school=demo.school, client_id=_id(ids), kind=kind, facts=facts)


def _publicity(demo: Demo, ids: random.Random) -> None:
    for days, channel, place, words in DISPLAYS:
        with clock.telling(_at(demo, days, 11)):
            office = actor_for(demo.posts["coordinator"].user, clock.today())
            facts = {"channel": channel, "day": clock.today(), "place": place, "words": words}
            publicity.note(office, school=demo.school, client_id=_id(ids), facts=facts)


def _suggestions(demo: Demo, ids: random.Random) -> None:
    """One answered, one under the own name, one that waits."""
    days = (demo.until - _at(demo, 0)).days
    for number, (text, signed, reply) in enumerate(SAID):
        with clock.telling(_at(demo, days - 10 + 5 * number, 17)):
            writer = actor_for(demo.staff[20 + number].user, clock.today())
            made = suggestions.say(writer, school=demo.school, client_id=_id(ids), text=text, signed=signed)
        if reply:
            with clock.telling(_at(demo, days - 8 + 5 * number, 9)):
                head = actor_for(demo.posts["head"].user, clock.today())
                suggestions.answer(head, suggestion=made, text=reply, shows_words=True)
