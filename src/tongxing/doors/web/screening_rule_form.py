"""The thresholds of a rule set on a page; the rest of the rule set stays as it is."""

import dataclasses
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongxing.care.screening.ruleset import RuleSet

#: Field → (rule, threshold, label, as a percentage).
THRESHOLDS = {
    "failed_at_least": ("failed_subjects", "at_least", _("Subjects below the pass mark, from"), False),
    "failed_serious": (
        "failed_subjects",
        "serious_from",
        _("Subjects below the pass mark, serious from"),
        False,
    ),
    "pass_share": ("failed_subjects", "pass_share", _("Pass mark, % of full marks"), True),
    "low_at_least": ("low_bands", "at_least", _("Low bands, from"), False),
    "absence_amber": ("absence", "amber", _("Days away, % of school days, from"), True),
    "absence_red": ("absence", "red", _("Days away, %, serious from"), True),
    "absence_days": ("absence", "min_days", _("Days away, judged from school day"), False),
    "late_at_least": ("late_early", "at_least", _("Late or left early, times, from"), False),
    "late_serious": ("late_early", "serious_from", _("Late or left early, serious from"), False),
    "conduct_at_least": ("conduct", "at_least", _("Behaviour records, from"), False),
    "conduct_serious": ("conduct", "serious_from", _("Behaviour records, serious from"), False),
}


#: Rules that can be switched off, and the bands of 等级 that count, as words with blanks between them.
SWITCHES = {
    "failed_on": ("failed_subjects", _("Subjects below the pass mark or in the lowest band")),
    "low_on": ("low_bands", _("Low bands")),
    "absence_on": ("absence", _("Days away")),
    "late_on": ("late_early", _("Late or left early")),
    "conduct_on": ("conduct", _("Behaviour")),
    "home_on": ("circumstances", _("At home")),
}
BANDS = {
    "lowest_bands": ("failed_subjects", "lowest_bands", _("Lowest bands (like failed)")),
    "low_bands": ("low_bands", "bands", _("Low bands")),
}


class RuleForm(forms.Form):
    full_marks_of = forms.CharField(
        required=False,
        max_length=300,
        label=_("Full marks other than 100"),
        help_text=_("For example: 语文 120, 数学 120"),
    )

    def __init__(self, *args: Any, rules: RuleSet, compulsory: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = rules
        for name, (rule, label) in SWITCHES.items():
            self.fields[name] = _switch(label, getattr(rules, rule).on)
        for name, (rule, threshold, label, is_share) in THRESHOLDS.items():
            value = getattr(getattr(rules, rule), threshold)
            self.fields[name] = forms.IntegerField(
                min_value=1, max_value=100, label=label, initial=round(value * 100) if is_share else value
            )
        for name, (rule, threshold, label) in BANDS.items():
            words = " ".join(getattr(getattr(rules, rule), threshold))
            self.fields[name] = forms.CharField(required=False, max_length=200, label=label, initial=words)
        marks = rules.failed_subjects.full_marks_of
        self.fields["full_marks_of"].initial = ", ".join(f"{name} {full:g}" for name, full in marks.items())
        if not compulsory:
            label = _("Compare with those who sat the same paper (z)")
            self.fields["z_on"] = _switch(label, rules.below_cohort.on)
        self.order_fields([*SWITCHES, *THRESHOLDS, *BANDS, "full_marks_of"])

    def as_sent(self) -> list[tuple[str, Any]]:
        """The rules as a browser would send them: for the button that saves what was shown."""
        values = [(name, field.initial) for name, field in self.fields.items()]
        return [(name, "on" if value is True else value) for name, value in values if value is not False]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            self.rule_set = self._edited(cleaned).checked()
        except ValueError as wrong:
            rule, _dot, threshold = str(wrong).partition(".")
            self.add_error(_field_of(rule, threshold), _("These thresholds do not fit together."))
        return cleaned

    def _edited(self, cleaned: dict[str, Any]) -> RuleSet:
        edits: dict[str, dict[str, Any]] = {
            rule: {"on": cleaned[name]} for name, (rule, _l) in SWITCHES.items()
        }
        for name, (rule, threshold, _label, is_share) in THRESHOLDS.items():
            edits[rule][threshold] = cleaned[name] / 100 if is_share else cleaned[name]
        for name, (rule, threshold, _label) in BANDS.items():
            edits[rule][threshold] = (
                tuple(re.split(r"[\s,，、;；]+", cleaned[name].strip())) if cleaned[name] else ()
            )
        edits["failed_subjects"]["full_marks_of"] = _full_marks(cleaned["full_marks_of"])
        edits["below_cohort"] = {"on": bool(cleaned.get("z_on"))}
        parts = {
            rule: dataclasses.replace(getattr(self.rules, rule), **values) for rule, values in edits.items()
        }
        return dataclasses.replace(self.rules, **parts)


def _switch(label: Any, is_on: bool) -> forms.BooleanField:
    return forms.BooleanField(required=False, initial=is_on, label=label)


def _full_marks(text: str) -> dict[str, float]:
    """“语文 120, 数学 120” → the full marks by subject; what is no pair of subject and number is left out."""
    return {name: float(full) for name, full in re.findall(r"([^\s,，、;；\d]+)\s*[:：]?\s*(\d+)", text)}


def _field_of(rule: str, threshold: str) -> str | None:
    for name, (of_rule, of_threshold, _label, _share) in THRESHOLDS.items():
        if (of_rule, of_threshold) == (rule, threshold):
            return name
    return None
