"""What is known about a child, in words."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Student

from .models import WORDS, Asking, Impression, Survey, SurveyAnswers, Topic, Trait
from .models_asking import ANSWERED, ASKED
from .models_surveys import ANSWERS


@dataclass(frozen=True, slots=True)
class Known:
    trait: Trait
    words: str


def traits_of(actor: Actor, student: Student) -> dict[str, list[Known]]:
    """What holds today, by the label of its kind, in the order of Trait.Kind. One query.

    student: with its key.
    """
    found = Trait.objects.visible_to(actor).current().filter(student=student).order_by("pk")
    known = [Known(trait, unseal(student.key, trait.words_sealed, WORDS)) for trait in found]
    by_kind = {str(kind.label): [one for one in known if one.trait.kind == kind] for kind in Trait.Kind}
    return {label: of_kind for label, of_kind in by_kind.items() if of_kind}


def likes_of(actor: Actor, student_ids: Collection[int]) -> dict[int, list[str]]:
    """The words about each student that may be taken along: all but health. One query."""
    kinds = [kind for kind in Trait.Kind if kind != Trait.Kind.HEALTH]
    found = traits_by_student(actor, student_ids, kinds)
    return {one: [words for some in by_kind.values() for words in some] for one, by_kind in found.items()}


def traits_by_student(
    actor: Actor, student_ids: Collection[int], kinds: Collection[str] = tuple(Trait.Kind)
) -> dict[int, dict[str, list[str]]]:
    """Student id → kind → its words, for a list of many. One query."""
    found = Trait.objects.visible_to(actor).current().filter(student__in=student_ids, kind__in=kinds)
    words: dict[int, dict[str, list[str]]] = {}
    for trait in found.select_related("student__key").order_by("kind", "pk"):
        told = unseal(trait.student.key, trait.words_sealed, WORDS)
        words.setdefault(trait.student_id, {}).setdefault(trait.kind, []).append(told)
    return words


@dataclass(frozen=True, slots=True)
class Told:
    """One form as it was filled in for a child: its title and (question, answer) in the form's order."""

    row: SurveyAnswers
    pairs: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        return self.row.version.title


def surveys_in_use(actor: Actor, school_id: int) -> list[Survey]:
    """The forms that can be filled in, with their versions. Two queries."""
    running = Survey.objects.visible_to(actor).running().filter(school=school_id)
    return list(running.prefetch_related("versions"))


def told_of(actor: Actor, student: Student) -> list[Told]:
    """What was answered for this child and still stands, the newest first. One query.

    student: with its key.
    """
    rows = SurveyAnswers.objects.visible_to(actor).standing().filter(student=student)
    rows = rows.select_related("version__survey", "recorded_by").order_by("-asked_on", "-pk")
    return [Told(row, _pairs(row, student, row.version.questions)) for row in rows]


def _pairs(row: SurveyAnswers, student: Student, topics: Iterable[Topic]) -> tuple[tuple[str, str], ...]:
    text = unseal(student.key, row.answers_sealed, ANSWERS)
    said: dict[str, str] = json.loads(text) if text else {}
    return tuple((topic.label, said[topic.code]) for topic in topics if said.get(topic.code))


def essentials_of(actor: Actor, student_ids: Collection[int]) -> dict[int, list[str]]:
    """For the bound volume: of each form the newest answers, and of these what is marked as essential. One query."""
    rows = SurveyAnswers.objects.visible_to(actor).standing().filter(student__in=student_ids)
    rows = rows.select_related("student__key", "version").order_by("-asked_on", "-pk")
    seen: set[tuple[int, int]] = set()
    found: defaultdict[int, list[str]] = defaultdict(list)
    for row in rows:
        of_form = (row.student_id, row.version.survey_id)
        topics = [topic for topic in row.version.questions if topic.essential]
        if topics and of_form not in seen:
            found[row.student_id] += [answer for _label, answer in _pairs(row, row.student, topics)]
        seen.add(of_form)
    return found


def filled_in(actor: Actor, survey: Survey, student_ids: Collection[int]) -> set[int]:
    """Those of these students for whom this form was filled in in any version. One query."""
    rows = SurveyAnswers.objects.visible_to(actor).standing().filter(version__survey=survey)
    return set(rows.filter(student__in=student_ids).values_list("student_id", flat=True))


@dataclass(frozen=True, slots=True)
class Seen:
    """What one colleague answered; `words` empty: not answered, or nothing special."""

    impression: Impression
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    asking: Asking
    words: str
    answers: tuple[Seen, ...]
    waiting: tuple[Impression, ...]
    is_open: bool


def askings_of(actor: Actor, student: Student) -> list[Asked]:
    """The questions to those who teach this child, the newest first, with who answered what. Two queries.

    student: with its key. Who has not answered yet is only named while the question is open.
    """
    rows = Asking.objects.visible_to(actor).filter(student=student).select_related("asked_by")
    rows = rows.prefetch_related(Prefetch("impressions", Impression.objects.select_related("staff")))
    today = clock.today()
    return [_asked(row, student, row.is_open(today)) for row in rows]


def _asked(asking: Asking, student: Student, is_open: bool) -> Asked:
    everybody = list(asking.impressions.all())
    answered = sorted(
        (one for one in everybody if one.answered_at), key=lambda one: (one.answered_at, one.pk)
    )
    return Asked(
        asking,
        unseal(student.key, asking.words_sealed, ASKED),
        tuple(Seen(one, unseal(student.key, one.words_sealed, ANSWERED)) for one in answered),
        tuple(one for one in everybody if not one.answered_at) if is_open else (),
        is_open,
    )


def question_of(impression: Impression) -> str:
    """The words of the question somebody was asked; `impression` with `asking__student__key`."""
    return unseal(impression.asking.student.key, impression.asking.words_sealed, ASKED)
