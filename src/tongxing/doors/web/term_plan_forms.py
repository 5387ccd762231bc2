"""The forms of a plan of a term: what was seen and where it leads, a few measures, and looking at it again."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxing.care.programme import term_plan_words as words
from tongxing.care.programme.models import PlanMeasure, PlanReview
from tongxing.care.programme.term_plan_actions import SIX_WEEKS, default_days
from tongxing.care.programme.term_plan_decisions import Look
from tongxing.care.programme.term_plan_reading import FamilySaid, ShownVersion, WholePlan
from tongxing.care.programme.term_plan_rules import LONGEST, MOST_MEASURES, Draft, Measure, PlanText
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student, Teaching, Term

from .contact_forms import DayInput
from .fields import offer, offered

#: Where a refusal about a measure is shown.
FIELD_OF = {"every": "often", "often": "words", "by": "who"}
#: Empty lines offered at first, and after the last one that is filled in.
OFFERED, SPARE = 2, 1


def _text(name: str, label: Any, hint: Any = "", rows: int = 2, required: bool = False) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST[name],
        required=required,
        widget=forms.Textarea({"rows": rows}),
        help_text=hint,
    )


class PlanTextForm(forms.Form):
    knowledge = _text(
        "knowledge",
        words.SEEN["knowledge"],
        gettext_lazy("Facts one can see: “loses the sign when moving terms”"),
    )
    habits = _text("habits", words.SEEN["habits"], gettext_lazy("“3 times without homework in two weeks”"))
    thinking = _text("thinking", words.SEEN["thinking"], gettext_lazy("How the child goes about a task"))
    motivation = _text(
        "motivation",
        words.SEEN["motivation"],
        gettext_lazy("What it wants, what it likes, what stands in the way"),
    )
    goal = _text(
        "goal", gettext_lazy("Goal of the term"), gettext_lazy("Where it should lead, in one sentence")
    )
    signs = _text("signs", gettext_lazy("How we will see it"), gettext_lazy("Signs that anybody can see"))
    starts_on = forms.DateField(label=pgettext_lazy("plan", "From"), widget=DayInput())
    until = forms.DateField(label=pgettext_lazy("plan", "Until"), widget=DayInput())
    review_on = forms.DateField(label=gettext_lazy("Look at it again on"), widget=DayInput())
    reason = _text(
        "sentence", gettext_lazy("Why the plan changes"), gettext_lazy("The version before stays readable.")
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class MeasureForm(forms.Form):
    what = _text("what", gettext_lazy("What is done"), rows=1)
    who = forms.ChoiceField(label=gettext_lazy("Who answers for it"))
    often = forms.ChoiceField(label=gettext_lazy("How often"), required=False)
    words = forms.CharField(
        label=gettext_lazy("Or when, in words"),
        max_length=LONGEST["often"],
        required=False,
        help_text=gettext_lazy("For example: before each test"),
    )
    asks = forms.ChoiceField(label=gettext_lazy("What my week asks for"), required=False)
    starts_on = forms.DateField(label=pgettext_lazy("plan", "From"), required=False, widget=DayInput())
    until = forms.DateField(label=pgettext_lazy("plan", "Until"), required=False, widget=DayInput())
    key = forms.UUIDField(widget=forms.HiddenInput)

    @property
    def is_filled(self) -> bool:
        """Whether somebody wrote anything into it."""
        return bool(self.is_bound and any(self[name].value() for name in ("what", "words", "asks", "often")))

    def measure(self) -> Measure:
        data = self.cleaned_data
        by, _dash, person = data["who"].partition("-")
        every, _dash, n = data["often"].partition("-")
        what, _dash, code = data["asks"].partition("-")
        return Measure(
            data["key"],
            " ".join(data["what"].split()),
            by,
            int(person) if person else None,
            every,
            int(n or 1),
            " ".join(data["words"].split()),
            code if what == "promise" else "",
            code if what == "record" else "",
            data["starts_on"],
            data["until"],
        )


def initial_of(one: Measure) -> dict[str, Any]:
    return {
        "key": one.key,
        "what": one.what,
        "who": f"{one.by}-{one.person_id}" if one.person_id else one.by,
        "often": f"{one.every}-{one.n}" if one.every else "",
        "words": one.often,
        "asks": f"promise-{one.promise}"
        if one.promise
        else f"record-{one.record_as}"
        if one.record_as
        else "",
        "starts_on": one.starts_on,
        "until": one.until,
    }


class PlanForms:
    """The form of the plan and those of its measures, which are one draft together."""

    def __init__(self, request: Any, student: Student, term: Term, found: WholePlan | None) -> None:
        shown = found.shown if found else None
        data = request.POST if request.method == "POST" else None
        self.text = PlanTextForm(data, initial=_initial(term, shown))
        if found is None or not found.first_in_force:
            del self.text.fields["reason"]
        written = [initial_of(one.measure) for one in shown.measures] if shown else []
        offered = min(MOST_MEASURES, max(OFFERED, len(written) + SPARE))
        count = MOST_MEASURES if data else offered
        starts: list[dict[str, Any]] = [*written, *({"key": uuid4()} for _n in range(count - len(written)))]
        every = [MeasureForm(data, prefix=f"m{n}", initial=one) for n, one in enumerate(starts)]
        choices = {
            "who": _who(student, term),
            "often": [("", _("when it is needed: say when")), *words.rhythms()],
            "asks": words.asked_choices(request.actor, student),
        }
        for form in every:
            for name, some in choices.items():
                offer(form, name, some)
        self.filled = [form for form in every if form.is_filled]
        self.measures = every if data is None else [*self.filled, *_blank(every, self.filled)]

    def is_valid(self) -> bool:
        valid = [form.is_valid() for form in (self.text, *self.filled)]
        return all(valid)

    @property
    def has_errors(self) -> bool:
        return bool(self.text.errors or any(form.errors for form in self.filled))

    def draft(self) -> Draft:
        data = self.text.cleaned_data
        names = PlanText().as_json()
        return Draft(
            PlanText(**{name: data[name].strip() for name in names}),
            data["starts_on"],
            data["until"],
            data["review_on"],
            tuple(form.measure() for form in self.filled),
            data.get("reason", "").strip(),
        )

    def refuse(self, refusal: Refused) -> None:
        """Show a refusal beside the field of the measure or of the plan that it belongs to."""
        form: forms.Form = self.text
        field = refusal.field or ""
        if field.startswith("measure-"):
            _measure, place, field = field.split("-", 2)
            form = self.filled[int(place)]
            field = FIELD_OF.get(field, field)
        form.add_error(field if field in form.fields else None, refusal.message)


def _blank(every: list[MeasureForm], filled: list[MeasureForm]) -> list[MeasureForm]:
    """One empty line behind those that are filled in, while another measure is possible."""
    return [_fresh(form) for form in every if form not in filled][:SPARE]


def _fresh(form: MeasureForm) -> MeasureForm:
    fresh = MeasureForm(None, prefix=form.prefix, initial={"key": uuid4()})
    for name in ("who", "often", "asks"):
        offer(fresh, name, offered(form, name))
    return fresh


def _initial(term: Term, shown: ShownVersion | None) -> dict[str, Any]:
    if shown is None:
        starts_on, until, review_on = default_days(term)
        return {"client_id": uuid4(), "starts_on": starts_on, "until": until, "review_on": review_on}
    version = shown.version
    days = {name: getattr(version, name) for name in ("starts_on", "until", "review_on")}
    kept = {"reason": shown.reason} if version.is_open else {}
    return shown.text.as_json() | days | kept | {"client_id": uuid4(), "seen": version.token}


def _who(student: Student, term: Term) -> list[tuple[str, str]]:
    """The helper, the class teacher, or one of those who teach the class."""
    own = [(code, str(label)) for code, label in PlanMeasure.By.choices if code != PlanMeasure.By.COLLEAGUE]
    taught = Teaching.objects.filter(term=term, school_class=student.class_id).select_related("staff")
    named: dict[int, str] = {}
    for one in taught.order_by("subject", "pk"):
        named.setdefault(one.staff_id, f"{one.staff.name} · {one.subject}")
    return [*own, *((f"colleague-{pk}", name) for pk, name in named.items())]


class LookForm(forms.Form):
    helped = _text("helped", gettext_lazy("What helped, what did not"), required=True)
    next = _text("next", gettext_lazy("What comes next"), required=True)
    conclusion = forms.ChoiceField(
        label=gettext_lazy("How it goes on"), choices=PlanReview.Conclusion.choices, widget=forms.RadioSelect
    )
    teacher = _text(
        "teacher", gettext_lazy("What the teachers see"), gettext_lazy("In class, in the homework")
    )
    family_record = forms.ChoiceField(
        label=gettext_lazy("What the family says, from a record"), required=False
    )
    family = _text(
        "family",
        gettext_lazy("Or what the family has just told you"),
        gettext_lazy("Only what was really said"),
    )
    next_on = forms.DateField(
        label=gettext_lazy("Look at it again on"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Not needed where the plan ends today."),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any, said: list[FamilySaid], until: datetime.date) -> None:
        usual = min(clock.today() + SIX_WEEKS, until)
        next_on = usual if usual > clock.today() else None
        super().__init__(data, initial={"client_id": uuid4(), "next_on": next_on})
        offered = [(str(one.contact_id), f"{one.on:%m-%d} {one.kind}：{one.words[:40]}") for one in said]
        if offered:
            choices = [("", _("none of these")), *offered]
            offer(self, "family_record", choices)
        else:
            del self.fields["family_record"]

    def look(self) -> Look:
        data: dict[str, Any] = dict(self.cleaned_data)
        data.pop("client_id")
        record = data.pop("family_record", "")
        if data["conclusion"] == PlanReview.Conclusion.ENDS:
            data["next_on"] = None  # the day was proposed before anybody chose
        return Look(**data, family_record=int(record) if record else None)
