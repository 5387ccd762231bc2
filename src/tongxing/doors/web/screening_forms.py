"""Forms of the screening pages: shape only, the rules stay in the actions."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _

from tongxing.care.screening.actions import Answer, Said, Visit
from tongxing.care.screening.classlist import Child, ClassSheet
from tongxing.care.screening.models import ClassVisit, Nomination
from tongxing.care.screening.wording import judging_words
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Staff, Student

from .fields import offered


class DecisionForm(forms.Form):
    """`level` values are “student:level”, from a button or from the ticked boxes of a class; or one `aside`."""

    aside = forms.IntegerField(required=False)
    reason = forms.CharField(required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pairs = [value.partition(":") for value in self.data.getlist("level")]  # type: ignore[attr-defined]  # a bound form has a QueryDict
        levels = {int(student): level for student, _colon, level in pairs if student.isdecimal()}
        cleaned["levels"] = levels
        if not levels and not cleaned.get("aside"):
            raise forms.ValidationError("")
        return cleaned


class LookForm(forms.Form):
    note = forms.CharField(
        required=False, max_length=200, label=_("What you saw, whom you asked (may stay empty)")
    )

    def __init__(self, *args: Any, students: list[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._students = students

    @property
    def chosen(self) -> list[Student]:
        wanted = set(self.data.getlist("student")) if self.is_bound else set()  # type: ignore[attr-defined]  # a bound form has a QueryDict
        return [student for student in self._students if str(student.pk) in wanted]


class RequestForm(forms.Form):
    """What someone noticed. Only those who key in for others (`keys_in`) say whose words these are."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    hinted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    words = forms.CharField(
        max_length=300,
        label=_("What have you noticed? (facts, not adjectives)"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: homework not handed in 3 times; asleep in class twice this week."),
    )
    level = forms.ChoiceField(
        choices=[("normal", _("Normal support")), ("key", _("Key support"))],
        initial="normal",
        label=_("Suggestion"),
        widget=forms.RadioSelect,
    )
    source = forms.ChoiceField(
        required=False,
        choices=[("", _("my own")), *Nomination.Source.choices],
        label=_("Whose words are these? (a slip of paper counts too)"),
    )
    by = forms.CharField(required=False, max_length=60, label=_("Name, if they wish"))
    on = forms.DateField(
        required=False, label=_("Said on"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, keys_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not keys_in:
            for name in ("level", "source", "by", "on"):
                del self.fields[name]

    @property
    def hints(self) -> tuple[str, ...]:
        """Judging words that nobody has been asked about yet."""
        return () if self.cleaned_data["hinted"] else judging_words(self.cleaned_data["words"])

    @property
    def said(self) -> Said:
        facts = {name: self.cleaned_data[name] for name in ("source", "by", "on") if name in self.fields}
        level = self.cleaned_data.get("level") or "normal"
        return Said(self.cleaned_data["words"], level, client_id=self.cleaned_data["client_id"], **facts)


class ClassForm(forms.Form):
    """For each child of the class “choice-7” and “words-7”; who has no choice stays as they were."""

    def __init__(self, *args: Any, sheet: ClassSheet, is_open: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._names = {child.student.pk: child.student.name for child in sheet.children}
        for child in sheet.children:
            if child.state != "decided" or is_open:
                self.fields[f"choice-{child.student.pk}"] = forms.ChoiceField(
                    required=False, choices=_choices(child)
                )
                self.fields[f"words-{child.student.pk}"] = forms.CharField(required=False, max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for pk, name in self._names.items():
            choice, words = cleaned.get(f"choice-{pk}", ""), cleaned.get(f"words-{pk}", "")
            is_named = f"choice-{pk}" in self.fields and "as_proposed" not in dict(
                offered(self, f"choice-{pk}")
            )
            if (choice == "not_now" or (is_named and choice in {"normal", "key"})) and len(words) < 2:
                sentence = _gettext("Please write a word about %(name)s, so that others understand it later.")
                self.add_error(f"words-{pk}", sentence % {"name": name})
        return cleaned

    @property
    def answers(self) -> dict[int, Answer]:
        given = {pk: self.cleaned_data.get(f"choice-{pk}", "") for pk in self._names}
        return {
            pk: Answer(choice, self.cleaned_data[f"words-{pk}"]) for pk, choice in given.items() if choice
        }


def _choices(child: Child) -> list[tuple[str, Any]]:
    """What can be said about a child as it stands."""
    if child.candidate is None:
        seen = [("seen", _("Seen: nothing more needed"))] if child.state == "unseen" else []
        return [*seen, ("normal", _("Normal support")), ("key", _("Key support"))]
    if child.candidate.level == "key":
        proposed, other = _("As proposed: key support"), ("normal", _("Normal support"))
    else:
        proposed, other = _("As proposed: normal support"), ("key", _("Key support"))
    return [("as_proposed", proposed), other, ("not_now", _("Not now"))]


class VisitForm(forms.Form):
    """A visit to a class; for each child that was named “words-7”."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    on = forms.DateField(
        label=_("When"), initial=clock.today, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    asked = forms.MultipleChoiceField(
        choices=ClassVisit.Asked.choices, label=_("Whom did they ask?"), widget=forms.CheckboxSelectMultiple
    )
    noticed = forms.CharField(
        required=False,
        max_length=600,
        label=_("What was noticed in the class?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, students: list[Student], visitors: list[Staff], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._students = students
        self.fields["visitors"] = forms.ModelMultipleChoiceField(
            Staff.objects.filter(pk__in=[one.pk for one in visitors]).order_by("pinyin", "code"),
            label=_("Who went?"),
            widget=forms.CheckboxSelectMultiple,
        )
        self.order_fields(["client_id", "on", "visitors", "asked", "noticed"])
        for student in students:
            self.fields[f"words-{student.pk}"] = forms.CharField(
                required=False, max_length=300, label=student.name
            )

    @property
    def visit(self) -> Visit:
        cleaned = self.cleaned_data
        named = {one.pk: cleaned[f"words-{one.pk}"] for one in self._students if cleaned[f"words-{one.pk}"]}
        return Visit(
            cleaned["on"],
            list(cleaned["visitors"]),
            cleaned["asked"],
            cleaned["noticed"],
            named,
            cleaned["client_id"],
        )


class EnterForm(forms.Form):
    level = forms.ChoiceField(
        choices=[("normal", _("Normal support")), ("key", _("Key support"))],
        initial="normal",
        label=_("Level"),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        max_length=300,
        label=_("Why this child, why now? (facts, not adjectives)"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LeaveForm(forms.Form):
    reason = forms.CharField(
        max_length=300,
        label=_("Why does the student leave the register?"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
