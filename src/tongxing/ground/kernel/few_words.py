"""A line that somebody writes: blanks put in order, neither empty nor longer than it should be."""

from django.utils.translation import gettext as _

from .errors import Refused


def few_words(text: str, *, most: int, field: str) -> str:
    """The words in one line; refused beside `field` where there are none or more than `most` characters."""
    words = " ".join(text.split())
    if not words or len(words) > most:
        raise Refused(_("A few words are needed, at most %(most)s characters.") % {"most": most}, field=field)
    return words
