"""Three people who stand by two students, a letter that waits to be read, and a corner of books that students keep."""

import datetime
import random
from uuid import UUID

from tongxing.aid.companions import actions
from tongxing.aid.companions.actions import Said
from tongxing.aid.companions.models import Promise
from tongxing.aid.companions.rules import months_later
from tongxing.aid.workstudy.actions import hours, posts, selection
from tongxing.aid.workstudy.models import Assignment
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Student

from . import SEED, Demo

DAY = datetime.timedelta(days=1)
FEWEST_DAYS = 60  # of the term before there is something to tell
LETTER = "韩老师：您寄来的《昆虫记》我看完了，还给班上讲了屎壳郎那一段，大家都笑了。谢谢您每个月写信给我。放假您要是回来，到柳溪村三组来玩，奶奶说请您吃石榴。"

#: (which promise, days after the first, what it was, in words)
NOTES = (
    (0, 12, "goods", "《昆虫记》和一封信"), (0, 41, "call", "在学校通了电话，聊了期中"), (1, 10, "meeting", "和奶奶一起包饺子"),
    (1, 24, "study", "看了数学作业"), (1, 52, "meeting", "送来一捆柴，陪写作业"), (2, 20, "study", "一起读《城南旧事》"),
)  # fmt: skip


def tell(demo: Demo) -> None:
    first = demo.term.week_one
    if clock.day_of(demo.until) < first + FEWEST_DAYS * DAY:
        return
    ids = random.Random(f"companions {SEED}")  # noqa: S311  # its own: the rest of the story stays as it is
    _companions(demo, first, ids)
    _book_corner(demo, first, ids)


def _id(ids: random.Random) -> UUID:
    return UUID(int=ids.getrandbits(128), version=4)


def _companions(demo: Demo, first: datetime.date, ids: random.Random) -> None:
    one, other = demo.students[5], demo.students[30]
    with clock.telling(clock.start_of(first + 2 * DAY) + datetime.timedelta(hours=10)):
        office = actor_for(demo.posts["coordinator"].user, clock.today())
        people = [
            actions.add(office, school=demo.school, client_id=_id(ids), kind=kind, name=name, comes_from=place, phone=phone)
            for kind, name, place, phone in (
                ("alumnus", "韩知远", "2006 届校友", "13800000021"),
                ("neighbour", "石秀兰", "柳溪村", "13800000022"),
            )
        ]  # fmt: skip
        for person in people:
            actions.note_check(office, companion=person, on=clock.today())
        people.append(
            actions.add(office, school=demo.school, client_id=_id(ids), kind="staff", staff=demo.staff[40])
        )
        for student in (one, other):
            give_consent(
                office,
                student=student,
                purpose=actions.CONSENT,
                given_by=_family(student),
                student_agreed=True,
            )
        until = months_later(clock.today(), 12) - DAY
        said = [
            Said("每月写一封信，寄一本书", "month", False, clock.today(), until),
            Said("周末一起包饺子、检查作业", "fortnight", True, clock.today(), until),
            Said("每月一起读一本书", "month", True, clock.today(), until),
        ]
        promises = [
            actions.promise(office, companion=person, student=student, said=words, client_id=_id(ids))
            for person, student, words in zip(people, (one, one, other), said, strict=True)
        ]
    _notes(demo, first, office, promises, ids)


def _notes(
    demo: Demo, first: datetime.date, office: Actor, promises: list[Promise], ids: random.Random
) -> None:
    for number, days, kind, words in NOTES:
        with clock.telling(clock.start_of(first + days * DAY) + datetime.timedelta(hours=16)):
            actions.note(
                office,
                promise=promises[number],
                day=clock.today(),
                kind=kind,
                words=words,
                client_id=_id(ids),
            )
    with clock.telling(demo.until - DAY):
        actions.hand_in_letter(
            office,
            promise=promises[0],
            text=LETTER,
            written_on=clock.today() - DAY,
            own_will=True,
            client_id=_id(ids),
        )


def _family(student: Student) -> str:
    guardian = student.guardians.order_by("order").first()
    return guardian.relation_text if guardian else "家长"


def _book_corner(demo: Demo, first: datetime.date, ids: random.Random) -> None:
    """In a junior school nobody is paid: two students keep the books, a class teacher looks after them."""
    supervisor = demo.staff[41]
    with clock.telling(clock.start_of(first + 3 * DAY) + datetime.timedelta(hours=9)):
        office = actor_for(demo.posts["coordinator"].user, clock.today())
        post = posts.open_post(
            office, school=demo.school, client_id=_id(ids), name="图书角管理员", kind="volunteer", place="教学楼二层图书角",
            work="整理图书、登记借还", care_taken="室内轻活，不登高；值班老师在旁边", times="周三午休", supervisor=supervisor,
            places=3, rate=None, starts_on=first,
        )  # fmt: skip
        for student in demo.students[60:62]:
            give_consent(
                office,
                student=student,
                purpose=selection.CONSENT,
                given_by=_family(student),
                student_agreed=True,
            )
            asked = selection.apply(
                office, post=post, student=student, year=demo.year, words="喜欢看书", client_id=_id(ids)
            )
            selection.choose(
                office, application=asked, starts_on=clock.today(), agreed_on=clock.today(), reason="先报名"
            )
        selection.apply(
            office, post=post, student=demo.students[90], year=demo.year, words="中午有空", client_id=_id(ids)
        )
    places = list(
        Assignment.objects.filter(post=post).select_related("student", "post__supervisor", "consent")
    )
    for week in range(1, 8):
        day = first + (7 * week + 2) * DAY
        with clock.telling(clock.start_of(day) + datetime.timedelta(hours=14)):
            span = hours.Span(day, datetime.time(12, 40), datetime.time(13, 20))
            hours.write_hours_of(
                actor_for(supervisor.user, day), assignments=places, span=span, client_id=_id(ids)
            )
    ended = first.replace(day=1) + 31 * DAY
    with clock.telling(clock.start_of(ended.replace(day=4)) + datetime.timedelta(hours=9)):
        hours.hand_in(actor_for(supervisor.user, clock.today()), post=post, month=first)
