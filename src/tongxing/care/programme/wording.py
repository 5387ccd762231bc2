"""A promise read aloud: to whom, how often, by whom, what counts."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.contacts.kinds import KINDS, Channel, Reached
from tongxing.ground.people.models import Circumstance

from .models import Asked, PlanItem, Promise


def sentence(one: Asked) -> list[str]:
    """The parts of the sentence, in order; what is not asked for is left out, and for whom where that is plain."""
    parts = [rhythm(one)] if isinstance(one, PlanItem) else [_for(one), rhythm(one)]
    if one.reached:
        parts.append(_("reaches: %(who)s") % {"who": _joined(Reached, one.reached)})
    if one.channels:
        parts.append(_joined(Channel, one.channels))
    if one.topics:
        labels = topic_labels()
        parts.append(
            _("about: %(what)s") % {"what": _(", ").join(labels.get(topic, topic) for topic in one.topics)}
        )
    if one.by == Promise.By.CLASS_TEACHER:
        parts.append(_("by the class teacher"))
    if one.by == Promise.By.PROXY_PARENT:
        parts.append(_("by the proxy parent; where none works at the school, by the helper"))
    return parts


def topic_labels() -> dict[str, str]:
    """What a contact can be about, in the words of the forms that ask for it."""
    kinds = [kind for kind in KINDS.values() if not kind.restricted]
    found = {kind.code: str(kind.label) for kind in kinds if kind.code in kind.topics}
    for question in (one for kind in kinds for one in kind.questions if one.topic):
        found.setdefault(question.topic, str(question.label))
    return found


def rhythm(one: Asked) -> str:
    every = Promise.Every
    words = {
        every.WEEK: _("every teaching week"),
        every.WEEKS: ngettext("once every teaching week", "once every %(n)s teaching weeks", one.n)
        % {"n": one.n},
        every.MONTH: _("once a month"),
        every.TERM: _("once a term"),
        every.TERM_START: ngettext(
            "in the first week of the term or after joining",
            "in the first %(n)s weeks of the term or after joining",
            one.n,
        )
        % {"n": one.n},
        every.BREAK: _("once in the winter or summer break"),
        every.BREAK_WEEKS: ngettext("every week of the break", "once every %(n)s weeks of the break", one.n)
        % {"n": one.n},
        every.NEVER: _("not asked for"),
    }
    asked = words[every(one.every)]
    if one.due_from > 1:
        return asked + _(", asked for from its week %(n)s on") % {"n": one.due_from}
    return asked


def _for(one: Asked) -> str:
    whom = str(Promise.To(one.to).label)
    if not one.needs_circumstance:
        return whom
    if one.needs_circumstance == Circumstance.Category.LEFT_BEHIND:
        return _("%(whom)s whose parents work away") % {"whom": whom}
    return _("%(what)s (%(whom)s)") % {
        "what": whom,
        "whom": Circumstance.Category(one.needs_circumstance).label,
    }


def _joined(choices: type[Channel] | type[Reached], codes: list[str]) -> str:
    return _(", ").join(str(choices(code).label) for code in codes)
