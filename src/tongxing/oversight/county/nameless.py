"""What a school and its county write to each other names nobody: words with a name of the school are refused."""

from itertools import chain

from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Staff, Student

#: Shorter names would be met in any sentence.
SHORTEST_NAME = 2


def one_line(words: str, field: str, longest: int, empty: str) -> str:
    """What was typed, in one line; refused when nothing was, or too much."""
    words = " ".join(words.split())
    if not words:
        raise Refused(empty, field=field)
    if len(words) > longest:
        raise Refused(_("Please keep to %(n)s characters.") % {"n": longest}, field=field)
    return words


def without_names(words: str, school: Organisation, field: str) -> str:
    """Refused where a student, a guardian or a colleague of the school is named in it, also with blanks in between."""
    read = "".join(words.split())
    of_school = (
        model.objects.filter(school=school).values_list("name", flat=True)
        for model in (Student, Guardian, Staff)
    )
    for name in chain.from_iterable(of_school):
        name = "".join(name.split())
        if len(name) >= SHORTEST_NAME and name in read:
            raise Refused(
                _("“%(name)s” is somebody at the school. Please write it without a name.") % {"name": name},
                field=field,
            )
    return words
