"""The names of a school's people, to keep them out of what is shown to others."""

from tongxing.care.safety.rules import TWO_SIGN_SURNAMES
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.people.models import Guardian, Staff, Student

from .rules import SHORTEST_NAME, covered


def without_names(school: Organisation, texts: list[str]) -> list[str]:
    """Each text with the names of children, families and colleagues covered. Three queries, however many texts."""
    staff = list(Staff.objects.filter(school=school).values_list("name", flat=True))
    families = _of_families(school)
    surnames = {name[:2] if name[:2] in TWO_SIGN_SURNAMES else name[:1] for name in staff}
    return [covered(text, [*staff, *families], surnames) for text in texts]


def names_family(school: Organisation, text: str) -> bool:
    """Whether a child or a guardian of the school is named in full."""
    return any(name in text for name in _of_families(school))


def _of_families(school: Organisation) -> list[str]:
    children = Student.objects.filter(school=school).values_list("name", flat=True)
    guardians = Guardian.objects.filter(student__school=school).values_list("name", flat=True)
    return [name for name in (*children, *guardians) if len(name) >= SHORTEST_NAME]
