"""A promise read aloud: to whom, how often, by whom, what counts."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.care.contacts.kinds import Channel, Reached

from .models import Commitment


def sentence(one: Commitment) -> list[str]:
    """The parts of the sentence, in order; what is not asked for is left out."""
    parts = [_for(one), rhythm(one)]
    if one.reached:
        parts.append(_("reaches: %(who)s") % {"who": _joined(Reached, one.reached)})
    if one.channels:
        parts.append(_joined(Channel, one.channels))
    if one.by == Commitment.By.CLASS_TEACHER:
        parts.append(_("by the class teacher"))
    return parts


def rhythm(one: Commitment) -> str:
    every = Commitment.Every
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
    }
    asked = words[every(one.every)]
    if one.due_from > 1:
        return asked + _(", asked for from its week %(n)s on") % {"n": one.due_from}
    return asked


def _for(one: Commitment) -> str:
    whom = str(Commitment.To(one.to).label)
    if one.needs_circumstance:
        return _("%(whom)s whose parents work away") % {"whom": whom}
    return whom


def _joined(choices: type[Channel] | type[Reached], codes: list[str]) -> str:
    return _(", ").join(str(choices(code).label) for code in codes)
