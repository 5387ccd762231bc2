"""What a form may ask and what counts as an answer. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from tongxing.ground.kernel.errors import Refused

from .models_surveys import Topic

MOST_TOPICS = 12
LONGEST_TITLE = 60  # characters
LONGEST_LABEL = 80
LONGEST_HINT = 160
MOST_CHOICES = 10
LONGEST_CHOICE = 30
LONGEST_ANSWER = 500


def choices_in(text: str) -> tuple[str, ...]:
    """The choices of a topic as they are typed: one a line, or parted by 、 or ; – each once, in their order."""
    for sign in ("、", "；", ";"):
        text = text.replace(sign, "\n")
    found = (" ".join(line.split()) for line in text.splitlines())
    return tuple(dict.fromkeys(one for one in found if one))


def coded(topics: Iterable[Topic]) -> tuple[Topic, ...]:
    """Every topic with a code of its own: one that has a code keeps it, a new one gets the next that was never used."""
    topics = [topic for topic in topics if topic.label.strip()]
    used = {topic.code for topic in topics if topic.code}
    free = (code for number in range(1, 10_000) if (code := f"t{number}") not in used)
    return tuple(topic if topic.code else replace(topic, code=next(free)) for topic in topics)


def check_form(title: str, topics: Sequence[Topic]) -> None:
    """Refused with the sentence that says what is missing or too long."""
    if not title.strip() or len(title) > LONGEST_TITLE:
        raise Refused(
            _("A title is needed, at most %(most)s characters.") % {"most": LONGEST_TITLE}, field="title"
        )
    if not topics:
        raise Refused(_("A form asks at least one thing."))
    if len(topics) > MOST_TOPICS:
        raise Refused(_("At most %(most)s topics: a short form is answered.") % {"most": MOST_TOPICS})
    if len({topic.code for topic in topics}) != len(topics):
        raise Refused(_("The same topic stands there twice."))
    for topic in topics:
        _check_topic(topic)


def _check_topic(topic: Topic) -> None:
    if len(topic.label) > LONGEST_LABEL or len(topic.hint) > LONGEST_HINT:
        raise Refused(_("“%(topic)s” is too long.") % {"topic": topic.label[:LONGEST_LABEL]})
    if len(topic.choices) == 1:
        raise Refused(_("“%(topic)s”: one choice alone is none.") % {"topic": topic.label})
    if len(topic.choices) > MOST_CHOICES or any(len(one) > LONGEST_CHOICE for one in topic.choices):
        raise Refused(
            _("“%(topic)s”: at most %(n)s choices of %(most)s characters each.")
            % {"topic": topic.label, "n": MOST_CHOICES, "most": LONGEST_CHOICE}
        )


def check_answers(topics: Sequence[Topic], said: Mapping[str, str]) -> dict[str, str]:
    """The answered topics by code, tidied; what was left open is not in it. Codes the form does not ask are ignored."""
    found = {}
    for topic in topics:
        text = said.get(topic.code, "").strip()
        if len(text) > LONGEST_ANSWER:
            raise Refused(
                _("This text is longer than %(n)d characters.") % {"n": LONGEST_ANSWER}, field=topic.code
            )
        if topic.choices and text and text not in topic.choices:
            raise Refused(_("Please choose one of the answers."), field=topic.code)
        if text:
            found[topic.code] = text
    if not found:
        raise Refused(_("Nothing is answered yet."))
    return found
