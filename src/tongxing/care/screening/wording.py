"""Reasons told in words, built when they are read from code and figures; nothing of it is stored.

Facts only: what was recorded, how often, against which line. No adjectives, nobody compared by name.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from .models_nominations import Nomination

Figures = Mapping[str, Any]

REASON_NAMES = {
    "failed_subjects": gettext_lazy("subjects that need help"),
    "low_bands": gettext_lazy("low bands"),
    "below_cohort": gettext_lazy("far from the others of the same paper"),
    "absence": gettext_lazy("days away"),
    "late_early": gettext_lazy("late or left early"),
    "conduct": gettext_lazy("behaviour records"),
    "circumstance": gettext_lazy("situation at home"),
    "registered": gettext_lazy("on the register already"),
    "added": gettext_lazy("named by someone"),
}
EVENT_NAMES = {
    "late": gettext_lazy("late"),
    "early": gettext_lazy("left early"),
    "absent": gettext_lazy("absent"),
    "leave": gettext_lazy("on leave"),
}


def tell(code: str, figures: Figures, names: Mapping[str, str]) -> str:
    """One reason as a sentence. `names` translates stored values (circumstance categories) for the reader."""
    teller = _TELLERS.get(code)
    return teller(figures, names) if teller else str(REASON_NAMES.get(code, code))


def _list(words: Sequence[str]) -> str:
    return pgettext("between words of a list", ", ").join(words)


def _failed(figures: Figures, _names: Mapping[str, str]) -> str:
    if figures.get("by_band"):
        sentence = _("%(exam)s: %(count)s of %(of)s subjects in the lowest band: %(subjects)s")
    else:
        sentence = _("%(exam)s: %(count)s of %(of)s subjects below the pass mark: %(subjects)s")
    return sentence % {**figures, "subjects": _list(figures["subjects"])}


def _low(figures: Figures, _names: Mapping[str, str]) -> str:
    return _("%(exam)s: low bands in %(subjects)s") % {**figures, "subjects": _list(figures["subjects"])}


def _below(figures: Figures, _names: Mapping[str, str]) -> str:
    words = {**figures, "subjects": _list(figures["subjects"]), "z": abs(figures["z"])}
    return (
        _("%(exam)s: at least %(z)s standard deviations below the mean of the paper in %(subjects)s") % words
    )


def _absence(figures: Figures, _names: Mapping[str, str]) -> str:
    sentence = ngettext(
        "%(days)s day away on %(school_days)s school days (%(share)s %%)",
        "%(days)s days away on %(school_days)s school days (%(share)s %%)",
        figures["days"],
    )
    return sentence % figures


def _late(figures: Figures, _names: Mapping[str, str]) -> str:
    parts = [
        _("%(what)s %(count)s times") % {"what": EVENT_NAMES.get(kind, kind), "count": count}
        for kind, count in sorted(figures["kinds"].items(), reverse=True)
    ]
    return _("this term %(parts)s") % {"parts": _list(parts)}


def _conduct(figures: Figures, _names: Mapping[str, str]) -> str:
    return ngettext(
        "%(count)s behaviour record this term to talk about",
        "%(count)s behaviour records this term to talk about",
        figures["count"],
    ) % {"count": figures["count"]}


def _circumstance(figures: Figures, names: Mapping[str, str]) -> str:
    category = figures["category"]
    return _("at home: %(what)s") % {"what": names.get(category, category)}


def _registered(figures: Figures, _names: Mapping[str, str]) -> str:
    since = date_format(date.fromisoformat(figures["since"]), "DATE_FORMAT")
    return _("on the register since %(since)s") % {"since": since}


def _added(figures: Figures, _names: Mapping[str, str]) -> str:
    if "words" not in figures:
        return _("named by a teacher")
    who = str(Nomination.Source(figures["source"]).label)
    if figures.get("by"):
        who = _("%(who)s (%(name)s)") % {"who": who, "name": figures["by"]}
    return _("%(who)s: “%(words)s”") % {"who": who, "words": figures["words"]}


#: Words that judge a child instead of telling what was seen. A hint to whoever writes, never a block.
JUDGING = (
    *("懒", "笨", "僻", "内向", "调皮", "不听话", "胆小", "任性", "自私", "暴躁", "散漫", "粗心", "性格"),
    *("不努力", "不认真", "不上进", "态度", "太差", "很差", "较差"),
    *("lazy", "stupid", "shy", "naughty", "careless", "attitude"),
)


def judging_words(text: str) -> tuple[str, ...]:
    """The judging words in a text: facts (“3 次未交作业”) help the next reader more."""
    return tuple(word for word in JUDGING if word in text.lower())


_TELLERS: dict[str, Callable[[Figures, Mapping[str, str]], str]] = {
    "failed_subjects": _failed,
    "low_bands": _low,
    "below_cohort": _below,
    "absence": _absence,
    "late_early": _late,
    "conduct": _conduct,
    "circumstance": _circumstance,
    "registered": _registered,
    "added": _added,
}
