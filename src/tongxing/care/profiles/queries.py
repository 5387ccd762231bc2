"""What is known about a child, in words."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.models import Student

from .models import WORDS, Trait


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
    found = Trait.objects.visible_to(actor).current().exclude(kind=Trait.Kind.HEALTH).order_by("kind", "pk")
    words: defaultdict[int, list[str]] = defaultdict(list)
    for trait in found.filter(student__in=student_ids).select_related("student__key"):
        words[trait.student_id].append(unseal(trait.student.key, trait.words_sealed, WORDS))
    return words
