"""One record of every kind that figures are counted from, made by the product's own actions."""

import datetime

from tests.cast import NOW, Cast
from tests.promised import pair, talk

from tongxing.aid.subsidies.tests.school import Aid
from tongxing.care.attendance_watch.actions.roll import call_roll
from tongxing.care.requests.actions import take_on
from tongxing.care.requests.tests.school import by_teacher
from tongxing.care.screening.actions import look_at, run_round
from tongxing.care.screening.models import Looked
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.models import Registration

TODAY = NOW.date()
WEEK = datetime.timedelta(days=7)


class School:
    """A school that keeps every kind of record already, so that one more of a kind is one more and nothing else."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.aid = cast, Aid(cast)
        self.round = run_round(SYSTEM, term=cast.term)
        Looked.objects.filter(student=cast.students.plain).delete()
        talk(cast, happened_at=moment(11, 3), recorded_at=moment(11, 3, 18))
        call_roll(cast.actor("head"), school_class=cast.class_two, missing=[])
        self.request = by_teacher(cast)
        self.project = self.aid.round()

    def contact(self) -> None:
        talk(self.cast)

    def contact_written_later(self) -> None:
        talk(self.cast, happened_at=moment(11, 10), recorded_at=clock.now())

    def visit(self) -> None:
        talk(self.cast, kind="visit", channel="at_home", reached=["second_guardian"], body=VISIT)

    def pair(self) -> None:
        pair(self.cast, self.cast.students.normal, "other_teacher", starts_on=TODAY, confirmed_at=NOW)

    def looked(self) -> None:
        look_at(self.cast.actor("head"), round=self.round, students=[self.cast.students.plain])

    def registration(self) -> None:
        Registration.objects.create(
            school=self.cast.school, student=self.cast.students.plain, level="normal", starts_on=TODAY,
            recorded_at=NOW,
        )  # fmt: skip

    def absence(self) -> None:
        call_roll(
            self.cast.actor("head"), school_class=self.cast.class_one, missing=[self.cast.students.key.pk]
        )

    def asked(self) -> None:
        by_teacher(self.cast, text="单词背不下来")

    def answered(self) -> None:
        take_on(self.cast.actor("helper"), request=self.request)

    def subsidy(self) -> None:
        self.aid.decide(self.project, self.cast.students.key)


VISIT = {"companion": "宋桥", "at_home": "先写作业", "weekend": "去同学家看书"}


def moment(month: int, day: int, hour: int = 15) -> datetime.datetime:
    return datetime.datetime(2026, month, day, hour, 40, tzinfo=clock.SCHOOL_TIME)
