"""The form of a promise, of the school or of one student's plan: for whom, by whom, how often, what counts."""

from typing import Any, Self
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.contacts.kinds import Channel, Reached
from tongxing.care.programme import wording
from tongxing.care.programme.models import Promise
from tongxing.care.programme.plan_actions import Because
from tongxing.care.programme.promises import PlanLine
from tongxing.care.programme.versions import LONGEST_LABEL, Terms
from tongxing.ground.people.models import Circumstance

from .fields import offer
from .settings import DateInput

LISTS = ("reached", "channels", "topics")


def _many(label: Any, choices: list[tuple[str, Any]], help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
    )


class TermsForm(forms.Form):
    """Shown with GET, so that looking at what it would ask for changes nothing; saved with POST."""

    label = forms.CharField(label=gettext_lazy("Short name, as on the cards"), max_length=LONGEST_LABEL)
    to = forms.ChoiceField(label=gettext_lazy("For whom"), choices=Promise.To.choices)
    needs_circumstance = forms.ChoiceField(label=gettext_lazy("Only for those with"), required=False)
    by = forms.ChoiceField(label=gettext_lazy("By whom"), choices=Promise.By.choices)
    every = forms.ChoiceField(
        label=gettext_lazy("How often"),
        choices=[one for one in Promise.Every.choices if one[0] != Promise.Every.NEVER],
    )
    n = forms.IntegerField(
        label=gettext_lazy("Number of weeks"),
        min_value=1,
        initial=1,
        help_text=gettext_lazy("For “every few weeks” and for the start of the term"),
    )
    due_from = forms.IntegerField(
        label=gettext_lazy("Asked for from its week"),
        min_value=1,
        initial=1,
        help_text=gettext_lazy("Before that week it may rest"),
    )
    reached = _many(
        gettext_lazy("Whom it must reach"),
        Reached.choices,
        gettext_lazy("One of them is enough; none: anybody"),
    )
    channels = _many(
        gettext_lazy("How"), Channel.choices, gettext_lazy("One of these ways; none: any way counts")
    )
    topics = _many(
        gettext_lazy("What it must be about"), [], gettext_lazy("All of these; none: anything counts")
    )
    starts_on = forms.DateField(
        label=gettext_lazy("From when"),
        required=False,
        widget=DateInput(),
        help_text=gettext_lazy("Empty: with the next week, month or term, whichever suits"),
    )
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=200)
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {code: str(name) for code, name in Circumstance.Category.choices}
        situations = [("", _("everyone"))] + [(code, labels[code]) for code in Circumstance.FAMILY]
        offer(self, "needs_circumstance", situations)
        offer(self, "topics", wording.topic_labels().items())

    @classmethod
    def asked(cls, request: Any, one: Promise | None = None, **more: Any) -> Self:
        """Bound to what is to be saved or shown, else as the promise stands."""
        if request.method == "POST":
            return cls(request.POST, **more)
        if "every" in request.GET:
            return cls(request.GET, **more)
        return cls(initial=initial_of(one) | more.pop("initial", {}), **more)

    def terms(self) -> Terms:
        data: dict[str, Any] = {name: self.cleaned_data[name] for name in Terms.__dataclass_fields__}
        return Terms(**data | {name: tuple(data[name]) for name in LISTS})


class PlanForm(TermsForm):
    """A promise to one student: whom it is for is plain; why, and when to look at it again, is asked."""

    how = forms.ChoiceField(
        label=gettext_lazy("For this student"),
        choices=[
            ("differently", gettext_lazy("Ask for it in another way")),
            ("never", gettext_lazy("Do not ask for it")),
        ],
        initial="differently",
        widget=forms.RadioSelect,
    )
    review_on = forms.DateField(label=gettext_lazy("Look at it again on"), widget=DateInput())
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("What happened, in a sentence: “Lives with an aunt in town until spring”"),
    )

    def __init__(self, *args: Any, line: PlanLine | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base = line.promise if line else None
        for name in ("to", "needs_circumstance", *(() if line and line.school else ("how",))):
            del self.fields[name]

    @property
    def left_out(self) -> bool:
        return self.cleaned_data.get("how") == "never"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        base = Terms.of(self.base) if self.base else None
        situation = base.needs_circumstance if base else ""
        return data | {"to": base.to if base else "registered", "needs_circumstance": situation}

    def because(self) -> Because:
        data = self.cleaned_data
        return Because(data["reason"], data["review_on"], data["starts_on"])


def initial_of(one: Promise | None) -> dict[str, Any]:
    """What the form shows before anybody typed: the promise as it stands, or a talk every two weeks."""
    if one is None:
        return {
            "client_id": uuid4(),
            "every": "weeks",
            "n": 2,
            "reached": ["student"],
            "topics": ["talk"],
            "to": "registered",
        }
    terms = Terms.of(one)
    shown = {name: getattr(terms, name) for name in Terms.__dataclass_fields__}
    return shown | {"client_id": uuid4()}
