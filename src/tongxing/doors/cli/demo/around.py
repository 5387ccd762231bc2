"""Who is around the children: volunteers and proxy parents, a line between two, calls with parents, partners, friends,
good deeds. Told of the last three weeks, and of the first class above all."""

import datetime
import random
from collections.abc import Iterable
from uuid import UUID

from tongxing.care.pairing import noticed, proxies
from tongxing.care.pairing.gaps import without_second_carer
from tongxing.care.pairing.models import Pair
from tongxing.care.peers import actions, calls, deeds, friends, shared
from tongxing.care.peers.facts import classmates
from tongxing.care.peers.models import SharedGoal, Together
from tongxing.care.profiles.actions import note_trait
from tongxing.ground.access.queries import actor_for, helpers_only
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people import consents
from tongxing.ground.people.models import Consent, Guardian, Registration, Staff, Student

from . import Demo, words

DAY = datetime.timedelta(days=1)
FROM_OUTSIDE = [("何春燕", "镇妇联"), ("郝志远", "县职教中心青年志愿队"), ("文秀兰", "退休教师")]
LINES = [
    ("这周有三天没吃早饭就来上课", "我请食堂给他留一份，明早看看"),
    ("奶奶住院，这几天放学是邻居来接", ""),
    ("数学作业本用完了，没好意思说", "下午带两本过去"),
]
GOAL, NEXT_GOAL = "每天晚自习前一起订正三道题", "期末前一起读完一本书，互相讲给对方听"
THANKS = "两周里一天没落，互相等着、互相讲题，谢谢你们！"
WISHES = ["想有人一起打羽毛球", "", "想一起画黑板报", "想有人一起走回家", ""]
DEEDS = [
    "捡到饭卡交到了门卫室",
    "下雨天把伞借给了同学",
    "帮值日的同学把水桶抬上三楼",
    "同桌流鼻血，他陪着去了医务室",
]
TELEPHONE = "亲情电话室"


def tell(demo: Demo) -> None:
    pick = random.Random("people around")  # noqa: S311  # its own: the rest of the story stays as it is
    if _ago(demo, 21) < clock.start_of(demo.term.week_one + 21 * DAY):
        return  # before that there are neither helpers nor anything to tell
    _proxies(demo, pick)
    _lines(demo, pick)
    _calls(demo, pick)
    _classmates(demo, pick)


def _ago(demo: Demo, days: int, hour: int = 9) -> datetime.datetime:
    """So many days before the story's end, at that hour."""
    day = clock.day_of(demo.until) - days * DAY
    return datetime.datetime.combine(day, datetime.time(hour, 20), clock.SCHOOL_TIME)


def _id(pick: random.Random) -> UUID:
    return UUID(int=pick.getrandbits(128), version=4)


def _person(demo: Demo, post: str) -> Actor:
    return actor_for(demo.posts[post].user, clock.today())


def _teacher(demo: Demo, student: Student) -> Staff:
    return demo.class_teachers[demo.class_of[student.pk].pk]


def _agree(actor: Actor, students: Iterable[Student], purpose: str) -> list[Consent]:
    return [
        consents.give_consent(
            actor, student=one, purpose=purpose, given_by="监护人签字的同意书", student_agreed=True
        )
        for one in students
    ]


def _proxies(demo: Demo, pick: random.Random) -> None:
    """Some have somebody, one family agrees no longer, the others stand on the list."""
    with clock.telling(_ago(demo, 20)):
        coordinator = _person(demo, "coordinator")
        outside = [
            proxies.add_volunteer(
                coordinator,
                school=demo.school,
                name=name,
                comes_from=where,
                phone=f"138{pick.randint(10_000_000, 99_999_999)}",
                client_id=_id(pick),
            )
            for name, where in FROM_OUTSIDE
        ]
        for volunteer in outside[::2]:
            proxies.note_check(coordinator, volunteer=volunteer, on=clock.today() - 3 * DAY)
            volunteer.refresh_from_db()
        away = without_second_carer(coordinator, demo.school, clock.today())
        chosen = away[: len(away) * 2 // 3]
        given = _agree(coordinator, chosen, proxies.CONSENT)
    with clock.telling(_ago(demo, 18, 15)):
        other = _colleague_besides(demo, chosen)
        for number, student in enumerate(chosen):
            pair = Pair.objects.on(clock.today()).of_first_helpers().get(student=student)
            checked = outside[0] if number < 2 else outside[2]
            proxies.start_proxy(
                _person(demo, "coordinator"),
                student=student,
                person=checked if number < 4 else other if number == 4 else pair.helper,
                agreed_on=clock.today() - DAY,
                rules_read=True,
                client_id=_id(pick),
            )
    with clock.telling(_ago(demo, 5)):
        consents.withdraw_consent(_person(demo, "coordinator"), consent=given[-1])


def _colleague_besides(demo: Demo, students: list[Student]) -> Staff:
    """Somebody checked who accompanies none of these children and leads none of their classes."""
    near = {_teacher(demo, one).pk for one in students}
    pairs = Pair.objects.on(clock.today()).filter(student__in=students)
    found = Staff.objects.active(clock.today()).filter(
        school=demo.school, offence_check_on__lte=clock.today()
    )
    besides = found.exclude(pk__in=near).exclude(pk__in=pairs.values("helper"))
    return besides.filter(pk__in=Pair.objects.on(clock.today()).values("helper")).order_by("-pk")[0]


def _lines(demo: Demo, pick: random.Random) -> None:
    """To the helper whom a visitor tries out, and to the first class's teacher."""
    key = Registration.objects.on(clock.day_of(demo.until)).filter(level=Registration.Level.KEY)
    shown = helpers_only(clock.day_of(demo.until)).filter(student__in=key.values("student")).first()
    own = [one for one in _registered(demo) if demo.class_of[one.pk] == demo.classes[0]]
    about = [*([shown.student] if shown and shown.student else []), *own[:1]]
    for student in about:
        helper = (
            Pair.objects.open().of_first_helpers().select_related("helper__user").get(student=student).helper
        )
        two = (_teacher(demo, student), helper)
        if two[0] == two[1]:
            continue
        for number, (text, answer) in enumerate(LINES):
            by, to = two if (number % 2 == 1) == (student == about[0]) else two[::-1]
            with clock.telling(_ago(demo, 7 - 3 * number, 10)):
                line = noticed.tell(
                    actor_for(by.user, clock.today()), student=student, to=to, text=text, client_id=_id(pick)
                )
            if answer:
                with clock.telling(_ago(demo, 7 - 3 * number, 12)):
                    noticed.see(actor_for(to.user, clock.today()), noticed=line, answer=answer)


def _registered(demo: Demo) -> list[Student]:
    entries = Registration.objects.filter(school=demo.school, ends_on=None).select_related("student__key")
    return [entry.student for entry in entries.order_by("student__pinyin", "student_id")]


def _calls(demo: Demo, pick: random.Random) -> None:
    """In each class with a child whose parents are away: one call done, one unanswered, one to come."""
    away = Guardian.objects.filter(school=demo.school, student__in=_registered(demo)).exclude(away_place="")
    away = away.exclude(phone_masked="").select_related("student__key")
    for number, guardian in enumerate(away.order_by("student__pinyin", "student_id", "pk")[:18]):
        student = guardian.student
        with clock.telling(_ago(demo, 6)):
            actor = actor_for(_teacher(demo, student).user, clock.today())
            at = _ago(demo, (2, 1, -1)[number % 3], 18)
            call = calls.arrange(
                actor, student=student, guardian=guardian, at=at, telephone=TELEPHONE, client_id=_id(pick)
            )
        if number % 3 == 0:
            with clock.telling(at + datetime.timedelta(minutes=40)):
                calls.held_call(actor, call=call, channel="phone", said="")
        elif number % 6 == 1:
            with clock.telling(at + datetime.timedelta(minutes=30)):
                calls.unanswered(actor, call=call, reason="响了两次没人接", next_at=_ago(demo, -2, 18))


def _classmates(demo: Demo, pick: random.Random) -> None:
    """The first class: likes, partners, sign-ups, good deeds."""
    school_class = demo.classes[0]
    teacher = demo.class_teachers[school_class.pk]
    with clock.telling(_ago(demo, 16)):
        actor = actor_for(teacher.user, clock.today())
        mates = classmates(actor, school_class, clock.today())
        for student in mates[::2]:
            likes = pick.choice(words.INTERESTS)
            note_trait(actor, student=student, kind="interest", words=likes, client_id=_id(pick))
    with clock.telling(_ago(demo, 14)):
        _partners(demo, pick, actor, mates)
    _friends(demo, pick, actor, pick.sample(mates, 5))
    for number, text in enumerate(DEEDS):
        with clock.telling(_ago(demo, 2 - number // 2, 11)):
            deeds.note(actor, student=pick.choice(mates), words=text, client_id=_id(pick))


def _partners(demo: Demo, pick: random.Random, actor: Actor, mates: list[Student]) -> None:
    """By hand, for those of the class who are on the register: two learn together, two wait for a yes."""
    own = {one.pk for one in _registered(demo)}
    helped, others = [one for one in mates if one.pk in own], [one for one in mates if one.pk not in own]
    for number, (student, partner) in enumerate(zip(helped[:2], others, strict=False)):
        together = actions.accept(actor, student=student, partner=partner, client_id=_id(pick))
        _agree(actor, together.both[: 2 - number], actions.CONSENT)
        if number == 0:
            actions.begin(actor, together=together, yes=actions.Yes(True, True), goal=GOAL)
            with clock.telling(_ago(demo, 3, 16)):
                actions.discussed(actor, together=together, what="作业", client_id=_id(pick))
            _shared(demo, actor, together)


def _shared(demo: Demo, actor: Actor, together: Together) -> None:
    """The first goal is reached, with thanks; another one stands."""
    with clock.telling(_ago(demo, 4, 16)):
        shared.reach_goal(actor, goal=SharedGoal.objects.get(together=together))
        form = UUID(int=together.pk + 2**64)
        shared.say_thanks(actor, together=together, text=THANKS, client_id=form)
        shared.next_goal(actor, together=together, goal=NEXT_GOAL)


def _friends(demo: Demo, pick: random.Random, actor: Actor, children: list[Student]) -> None:
    with clock.telling(_ago(demo, 9, 17)):
        for student, wish in zip(children, WISHES, strict=True):
            friends.sign_up(actor, student=student, wish=wish, client_id=_id(pick))
        _agree(actor, children[:3], actions.CONSENT)
        friends.match(actor, one=children[0], other=children[1], client_id=_id(pick))
