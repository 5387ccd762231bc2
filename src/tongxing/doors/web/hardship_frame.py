"""What the pages of recognising hardship share: the open round, one application, the form a family fills in."""

import datetime
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.aid.hardship import content, rules
from tongxing.aid.hardship.actions.applications import GROUPS
from tongxing.aid.hardship.actions.rounds import levels_of
from tongxing.aid.hardship.content import MEMBER, MOST_MEMBERS, Content, Member
from tongxing.aid.hardship.models import Application, Level, Round
from tongxing.aid.hardship.queries import category_names, current_round
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Guardian, Student

from .contact_forms import DayInput
from .ledger_frame import SentOnce

LABELS = {
    "name": gettext_lazy("Name"),
    "relation": gettext_lazy("Relation to the student"),
    "age": gettext_lazy("Age"),
    "work": gettext_lazy("Work"),
    "income": gettext_lazy("Income in a year, in yuan"),
    "health": gettext_lazy("Health"),
}
LONGEST = {"name": 30, "relation": 20, "age": 3, "work": 40, "income": 20, "health": 40}
#: Rows of the household that stand open; the others are folded.
SHOWN_MEMBERS = 2


def round_of(request: Any) -> Round:
    """The open round; refused with the way on while there is none."""
    found = current_round(request.actor, request.school)
    if found is None:
        raise Refused(_("No round is open. Whoever runs the recognition opens one."))
    return found


def application_of(request: Any, application_id: int) -> Application:
    found = Application.objects.visible_to(request.actor).filter(school=request.school)
    wanted = found.select_related("student__key", "round__year", "round__term", "school", "handed_in_by")
    return get_object_or_404(wanted, pk=application_id)


def level_choices(school: Organisation, none: Any) -> list[tuple[str, Any]]:
    """The school's levels; `none`: how no level is called."""
    return [*((str(one.pk), one.name) for one in levels_of(school)), ("none", none)]


def level_of(school: Organisation, chosen: str) -> Level | None:
    return next((one for one in levels_of(school) if str(one.pk) == chosen), None)


class ApplicationForm(SentOnce):
    """困难认定申请表. `on_paper`: keyed in from a signed sheet, so the day of the signature is asked."""

    groups = forms.MultipleChoiceField(
        label=gettext_lazy("Does one of these hold for the family?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Only what an office has confirmed. Nothing has to be ticked."),
    )
    factors = forms.CharField(
        label=gettext_lazy("What makes it hard at the moment"),
        required=False,
        max_length=content.LONGEST,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Facts in a few words, as far as you want to say them."),
    )
    asks = forms.CharField(
        label=gettext_lazy("What would help"),
        required=False,
        max_length=content.LONGEST,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("For example the living subsidy, a fee, clothes."),
    )
    promise = forms.BooleanField(
        label=gettext_lazy("We promise that what stands here is true. The school may ask about it."),
        error_messages={"required": gettext_lazy("Without the promise the school cannot take it.")},
    )
    signed_by = forms.CharField(label=gettext_lazy("Who promises it"), max_length=30)
    promised_on = forms.DateField(label=gettext_lazy("Signed on"), widget=DayInput(), required=False)

    def __init__(self, data: Any, *, on_paper: bool, known: Content) -> None:
        first: dict[str, Any] = {"groups": list(known.groups), "factors": known.factors, "asks": known.asks}
        first |= {"signed_by": known.signed_by, "promised_on": clock.today()}
        super().__init__(data, initial=first)
        self.on_paper = on_paper
        names = category_names()
        self.choose("groups", [(code, names[code]) for code in GROUPS])
        if not on_paper:
            del self.fields["promised_on"]
        for number in range(1, MOST_MEMBERS + 1):
            member = known.members[number - 1] if len(known.members) >= number else None
            for part in MEMBER:
                self.fields[f"{part}_{number}"] = forms.CharField(
                    label=LABELS[part],
                    max_length=LONGEST[part],
                    required=False,
                    initial=getattr(member, part) if member else "",
                )
        for code, question in rules.ready()["questions"].items():
            options = [(option, text) for option, (text, _points) in question["options"].items()]
            self.fields[f"q_{code}"] = forms.ChoiceField(
                label=question["text"],
                choices=options,
                required=False,
                widget=forms.RadioSelect,
                initial=known.answers.get(code),
            )

    def household(self) -> list[list[Any]]:
        """The fields of each person, row by row."""
        return [[self[f"{part}_{number}"] for part in MEMBER] for number in range(1, MOST_MEMBERS + 1)]

    def questions(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("q_")]

    def told(self) -> Content:
        said = self.cleaned_data
        members = [
            Member(**{part: said[f"{part}_{number}"].strip() for part in MEMBER})
            for number in range(1, MOST_MEMBERS + 1)
        ]
        answers = {name[2:]: said[name] for name in self.fields if name.startswith("q_") and said[name]}
        return Content(
            members=tuple(one for one in members if any(getattr(one, part) for part in MEMBER)),
            groups=tuple(said["groups"]),
            factors=said["factors"].strip(),
            asks=said["asks"].strip(),
            answers=answers,
            signed_by=said["signed_by"].strip(),
        )

    @property
    def day(self) -> datetime.date:
        return self.cleaned_data.get("promised_on") or clock.today()


def known_of(student: Student, guardians: list[Guardian]) -> Content:
    """What need not be typed again: the household of the last application, else those who look after the child."""
    last = (
        Application.objects.standing()
        .filter(student=student)
        .select_related("student__key")
        .order_by("-pk")
        .first()
    )
    if last is not None:
        before = last.content
        return Content(members=before.members, groups=before.groups, signed_by=before.signed_by)
    members = tuple(
        Member(one.name, one.relation_text or str(one.get_relation_display()), work=one.workplace)
        for one in guardians[:MOST_MEMBERS]
    )
    return Content(members=members)
