"""One file per child: what the statutory forms ask, interviews with families who agree, and what teachers have seen."""

import datetime
import random
from uuid import UUID

from tongxing.care.pairing.models import Pair
from tongxing.care.profiles import asking_actions, survey_actions
from tongxing.care.profiles.models import Impression, Survey
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.family_map import family_map
from tongxing.ground.people.models import Guardian, Student
from tongxing.ground.people.student_actions import edit_student

from . import SEED, Demo

INTO_TERM = datetime.timedelta(weeks=4)
DAY = datetime.timedelta(days=1)
HEALTH = ("健康", "健康", "健康", "近视", "哮喘", "对花生过敏")
INCOME = ("父母在外务工", "父亲在外务工，母亲种地", "种地、养猪", "打零工")
LIKES = (
    "打篮球，晚饭后和堂哥一起",
    "看漫画和科普书",
    "画画，画过一本连环画",
    "帮爷爷喂鸡，会认很多菜",
    "唱歌",
)
GOOD_AT = ("跑步，校运会跑过第三", "剪纸，窗花是自己剪的", "算术快", "照顾弟弟", "会修自行车")
CARE = ("奶奶，爷爷白天下地", "外婆", "妈妈，爸爸过年回来", "姑姑家，周末回爷爷家")
HOMEWORK = ("在堂屋写，奶奶看着，不识字", "在学校托管时写完", "和邻居家哥哥一起写", "饭后自己写")
WEEKEND = ("周六去镇上图书室，周日帮家里干活", "在家看电视，下午找同学玩", "跟爷爷下地，说好不下河")
SEEN = (
    "举手三次，两次答对",
    "应用题会列式，算错两处",
    "作业按时交，字比上月整齐",
    "小组里先听再说",
    "跑操没掉队",
)
QUESTIONS = ("这个月您在课上看到了什么？", "换了座位以后，上课有什么不一样？")


def tell(demo: Demo) -> None:
    pick = random.Random(f"{SEED} file")  # noqa: S311  # its own: the rest of the story stays as it is
    first = Pair.objects.open().filter(school=demo.school, role=Pair.Role.FIRST).order_by("pk")
    pairs = list(first.select_related("student__key", "student__school", "helper__user"))
    with clock.telling(clock.start_of(demo.dates.now.starts_on + INTO_TERM) + datetime.timedelta(hours=10)):
        for pair in pairs:
            _statutory(pick, pair.student)
        surveys = _surveys(demo)
        for number, pair in enumerate(pairs):
            _interview(pick, surveys, pair, agrees=number % 4 != 3)
    for number, pair in enumerate(pairs[:4]):
        _ask(demo, pick, pair.student, pair, ago=3 + 9 * number)


def _statutory(pick: random.Random, student: Student) -> None:
    family = family_map(list(Guardian.objects.present().filter(student=student)))
    elders = any(one.relation == Guardian.Relation.GRANDPARENT for one in family.at_home)
    facts = {
        "id_kind": "id_card",
        "seat_number": f"{pick.randint(1, 48):02d}",
        "distance_m": 100 * pick.randint(5, 120),
        "household": f"澄湖县和风镇{student.village}",
        "health": pick.choice(HEALTH),
        "income": pick.choice(INCOME),
        "guardianship": "grandparents" if elders else "one_parent" if family.away else "parents",
    }
    edit_student(SYSTEM, student=student, facts=facts)


def _surveys(demo: Demo) -> dict[str, Survey]:
    lead = actor_for(demo.posts["coordinator"].user, clock.today())
    codes = ("interests", "home", "health", "lessons")
    return {code: survey_actions.take_ready(lead, school=demo.school, code=code) for code in codes}


def _interview(pick: random.Random, surveys: dict[str, Survey], pair: Pair, *, agrees: bool) -> None:
    said = {
        "interests": {"likes": pick.choice(LIKES), "good_at": pick.choice(GOOD_AT), "group": pick.choice(("合唱", "剪纸", "体育"))},
        "home": {"care": pick.choice(CARE), "parents": pick.choice(("几乎每天", "每周一两次")), "homework": pick.choice(HOMEWORK), "weekend": pick.choice(WEEKEND)},
    }  # fmt: skip
    helper = actor_for(pair.helper.user, clock.today())
    ids = [UUID(int=pick.getrandbits(128), version=4) for _code in said]
    if not agrees or not helper.may("contact.write", school_id=pair.school_id, student_id=pair.student_id):
        return
    guardian = Guardian.objects.present().filter(student=pair.student).first()
    by = f"{guardian.relation_text} {guardian.name}" if guardian else "监护人"
    give_consent(helper, student=pair.student, purpose="survey", given_by=by, student_agreed=True)
    for (code, answers), client_id in zip(said.items(), ids, strict=True):
        survey_actions.fill_in(
            helper,
            student=pair.student,
            version=surveys[code].current,
            said=answers,
            asked_on=clock.today(),
            client_id=client_id,
        )


def _ask(demo: Demo, pick: random.Random, student: Student, pair: Pair, *, ago: int) -> None:
    """The class teacher asks; most of those who teach the child answer within days."""
    asked_at, client_id = demo.until - ago * DAY, UUID(int=pick.getrandbits(128), version=4)
    if asked_at < clock.start_of(demo.dates.now.starts_on):
        return
    with clock.telling(asked_at):
        teacher = demo.class_teachers[demo.class_of[student.pk].pk]
        if not asking_actions.who_teaches(student, clock.today(), but=teacher.user_id):
            return
        asking = asking_actions.ask_colleagues(
            actor_for(teacher.user, clock.today()),
            student=student,
            words=pick.choice(QUESTIONS),
            closes_on=clock.today() + 7 * DAY,
            client_id=client_id,
        )
    waiting = Impression.objects.filter(asking=asking).select_related("staff__user").order_by("pk")
    for number, one in enumerate(waiting):
        if number % 3 != 2:
            with clock.telling(min(asked_at + (number % 3) * DAY, demo.until)):
                words = "" if number % 4 == 1 else pick.choice(SEEN)
                actor = actor_for(one.staff.user, clock.today())
                asking_actions.answer(actor, impression=one, words=words, nothing=not words)
