"""What a helper can write down, as data: the form, the paper and the duties all read this one table.

Invariants:
- a kind only decides which questions are asked; whether a record fulfils a duty depends on whom it
  reached, through which channel and on which topics, never on its kind;
- topics come from the kind and from the questions that were answered, nobody ticks them;
- a code, once used, is never given another meaning: old records keep it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .starters import STARTERS


class Channel(TextChoices):
    IN_PERSON = "in_person", _("Face to face")
    AT_HOME = "at_home", _("At their home")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")
    MESSAGE = "message", _("By message")
    LETTER = "letter", _("By letter")
    ACTIVITY = "activity", _("In class or at an activity")


class Reached(TextChoices):
    STUDENT = "student", _("The student")
    FATHER = "father", _("Father")
    MOTHER = "mother", _("Mother")
    AWAY_PARENT = "away_parent", _("A parent who works away")
    SECOND_GUARDIAN = "second_guardian", _("The guardian at home")
    PROXY_PARENT = "proxy_parent", _("The proxy parent")
    OTHER = "other", _("Someone else")


@dataclass(frozen=True, slots=True)
class Question:
    """One text of a record. `topic` is what answering it shows the contact was about; `who` asks for people only;
    `usual`: the last answer stands in the next form; `folded`: asked behind a tap, so that the form stays short."""

    code: str
    label: str | Promise
    hint: str | Promise = ""
    rows: int = 2
    topic: str = ""
    needed: bool = False
    quick: tuple[str | Promise, ...] = ()
    who: bool = False
    usual: bool = False
    folded: bool = False

    @property
    def starters(self) -> tuple[str | Promise, ...]:
        """Beginnings offered at a tap, where no whole answers are; each names what follows and says nothing by itself."""
        return () if self.quick else STARTERS.get(self.code, ())


@dataclass(frozen=True, slots=True)
class Kind:
    """`students` and `families`: whom it can reach. A kind that reaches nobody notes something seen.

    `ability`: what whoever writes it must hold for the student."""

    code: str
    label: str | Promise
    icon: str
    channels: tuple[Channel, ...]
    questions: tuple[Question, ...]
    topics: frozenset[str] = frozenset()
    students: bool = True
    families: bool = False
    can_fail: bool = False
    timed: bool = False
    front: bool = False
    restricted: bool = False
    ability: str = "contact.write"

    def question(self, code: str) -> Question:
        return next(question for question in self.questions if question.code == code)

    def topics_of(self, body: Mapping[str, str]) -> frozenset[str]:
        """The topics of a record of this kind whose answers are `body`."""
        answered = {question.topic for question in self.questions if body.get(question.code)}
        return self.topics | (answered - {""})


PROMISE = Question(
    "promise", _("What was promised"), _("A fact one can see: “both exercises handed in by Friday”"), 1
)
SAFETY = Question(
    "safety",
    _("Safety words"),
    _("Water, roads, fire and electricity, being home alone; before and in the holidays above all"),
    1,
    topic="safety",
    quick=(
        _("All four: water, roads, fire, home alone"),
        _("Water: never swim without adults"),
        _("Roads"),
        _("Fire and electricity"),
        _("Home alone"),
    ),
    folded=True,
)
MET = Question("met_whom", _("Whom you met, and how they are related"), rows=1, who=True)
HOME = (Channel.AT_HOME, Channel.PHONE, Channel.VIDEO)
AWAY = (Channel.PHONE, Channel.VIDEO, Channel.MESSAGE)
SCHOOL = (Channel.IN_PERSON, Channel.ACTIVITY)
TALK = (Channel.IN_PERSON, Channel.PHONE, Channel.VIDEO)

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "talk",
            _("Talk"),
            "message-circle",
            TALK,
            (
                Question("thoughts", _("What is on their mind"), rows=3, topic="thoughts"),
                Question("difficulties", _("What is hard in learning"), topic="study"),
                Question("improvement", _("What to try"), topic="improvement"),
                Question("life", _("Food, sleep, clothes, health"), rows=1, topic="life", folded=True),
                PROMISE,
                SAFETY,
            ),
            topics=frozenset({"talk"}),
            can_fail=True,
            timed=True,
            front=True,
        ),
        Kind(
            "visit",
            _("Home visit"),
            "home",
            HOME,
            (
                Question(
                    "companion",
                    _("Who came with you"),
                    _("Visits are made in twos. If you had to go alone, say why."),
                    1,
                    who=True,
                ),
                MET,
                Question("at_home", _("How things are at home"), rows=3, topic="at_home"),
                Question("homework", _("Homework"), topic="homework"),
                Question("weekend", _("Plans for the weekend"), topic="weekend"),
                Question("family_view", _("What the family says"), topic="family_view"),
                Question("measures", _("What to solve, and how"), topic="measures"),
                SAFETY,
            ),
            topics=frozenset({"talk", "visit"}),
            families=True,
            can_fail=True,
            timed=True,
            front=True,
        ),
        Kind(
            "call",
            _("Call"),
            "phone",
            (*AWAY, Channel.IN_PERSON),  # at the school gate, too
            (
                MET,
                Question("said", _("What was said"), rows=3),
                Question("family_view", _("What the family says"), topic="family_view"),
                PROMISE,
                SAFETY,
            ),
            topics=frozenset({"talk"}),
            families=True,
            can_fail=True,
            timed=True,
            front=True,
        ),
        Kind(
            "message",
            _("Message"),
            "message-circle",
            (Channel.MESSAGE,),
            (
                Question(
                    "said",
                    _("What was said"),
                    needed=True,
                    quick=(_("Asked how they are"), _("Told how school goes"), _("They told how they are")),
                ),
                PROMISE,
            ),
            topics=frozenset({"talk"}),
            families=True,
            can_fail=True,
        ),
        Kind(
            "tutoring",
            _("Tutoring"),
            "pencil",
            (Channel.IN_PERSON, Channel.VIDEO),
            (
                Question("covered", _("What was practised"), rows=3, topic="study"),
                Question("mastered", _("What works now, what does not yet"), topic="improvement"),
            ),
            topics=frozenset({"tutoring"}),
            timed=True,
            front=True,
        ),
        Kind(
            "book",
            _("A book with a motto"),
            "book",
            (Channel.IN_PERSON,),
            (
                Question("title", _("Book"), rows=1, needed=True),
                Question("motto", _("Motto written in it"), rows=1),
            ),
            topics=frozenset({"book"}),
        ),
        Kind(
            "goal",
            _("Goal for the month"),
            "target-arrow",
            TALK,
            (
                Question(
                    "goal",
                    _("The goal"),
                    _("Small enough to be reached in a month"),
                    needed=True,
                    quick=(
                        _("All homework handed in"),
                        _("Five new words every day"),
                        _("One answer in class every day"),
                    ),
                ),
                Question("sign", _("How we will see that it is reached"), rows=1),
            ),
            topics=frozenset({"goal"}),
        ),
        Kind(
            "goal_outcome",
            _("How the goal went"),
            "checklist",
            TALK,
            (
                Question(
                    "outcome",
                    _("How it went"),
                    rows=1,
                    needed=True,
                    quick=(_("Reached"), _("Partly reached"), _("Not yet reached")),
                ),
                Question("shown_by", _("What shows it")),
            ),
            topics=frozenset({"goal_outcome"}),
        ),
        Kind(
            "success",
            _("A success lived"),
            "star",
            SCHOOL,
            (
                Question(
                    "success",
                    _("What succeeded"),
                    needed=True,
                    quick=(_("Explained a solution"), _("Read to the class"), _("Finished a task alone")),
                ),
            ),
            topics=frozenset({"success"}),
        ),
        Kind(
            "partner",
            _("Discussion with the partner"),
            "friends",
            SCHOOL,
            (
                Question("partner", _("Partner"), rows=1, needed=True, usual=True),
                Question(
                    "discussed",
                    _("What the two worked on"),
                    quick=(_("Homework"), _("Mistakes of the last test"), _("What was new this week")),
                ),
            ),
            topics=frozenset({"partner"}),
        ),
        Kind(
            "highlight",
            _("Bright moment"),
            "sun",
            (Channel.ACTIVITY,),
            (
                Question(
                    "seen",
                    _("What you saw"),
                    needed=True,
                    quick=(
                        _("Raised a hand to answer"),
                        _("Helped a classmate"),
                        _("Handed in careful homework"),
                        _("Showed a talent"),
                        _("Kept at it until it worked"),
                        _("Better than last time"),
                    ),
                ),
            ),
            topics=frozenset({"highlight"}),
            students=False,
            ability="highlight.write",
        ),
        Kind(
            "letter",
            _("Letter"),
            "notebook",
            (Channel.LETTER,),
            (Question("about", _("What it is about"), needed=True),),
            topics=frozenset({"letter"}),
            families=True,
        ),
        Kind(
            "praise",
            _("Praise"),
            "trophy",
            (Channel.IN_PERSON, Channel.PHONE, Channel.MESSAGE, Channel.ACTIVITY),
            (
                Question(
                    "praise",
                    _("Praised for"),
                    needed=True,
                    quick=(_("Better than last time"), _("Kept a promise"), _("Helped a classmate")),
                ),
            ),
            topics=frozenset({"praise"}),
            families=True,
        ),
        Kind(
            "counselling",
            _("Counselling"),
            "heart-handshake",
            TALK,
            (
                Question("heard", _("What was heard"), _("What was said and seen; no diagnosis"), 3),
                Question("agreed", _("What was agreed")),
            ),
            topics=frozenset({"talk", "counselling"}),
            timed=True,
            restricted=True,
        ),
    )
}
