"""The form of a record: its shape follows from the kind; what it says is judged by the actions."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.care.contacts import rules
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.kinds import Kind, Question, Reached
from tongxing.care.contacts.models import Contact, Draft, Visibility
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Guardian, Staff

#: What a phone takes at most from “save” to the school.
JUST_NOW = datetime.timedelta(minutes=1)
#: Where a refusal about a fact is shown.
FIELD_OF = {"happened_at": "day", "next_on": "next_day"}
FAMILY = (Reached.FATHER, Reached.MOTHER, Reached.AWAY_PARENT, Reached.SECOND_GUARDIAN)


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def guardian_label(guardian: Guardian) -> str:
    return f"{guardian.relation_text or guardian.get_relation_display()} {guardian.name}"


def guardian_codes(guardian: Guardian) -> frozenset[str]:
    away = bool(guardian.away_place) or guardian.lives_with is False
    return rules.guardian_reached(guardian.relation, order=guardian.order, away=away)


class Reach:
    """Whom a record can have reached: the student, the guardians this reader may see, the proxy parent by name where
    there is one, someone else."""

    def __init__(self, kind: Kind, guardians: Sequence[Guardian], proxy: str = "") -> None:
        self.codes: dict[str, frozenset[str]] = {}
        self.labels: dict[str, str] = {}
        if kind.students:
            self._add(Reached.STUDENT, {Reached.STUDENT}, Reached.STUDENT.label)
        if not kind.families:
            return
        for guardian in guardians:
            self._add(f"g{guardian.pk}", guardian_codes(guardian), guardian_label(guardian))
        for code in () if guardians else FAMILY:
            self._add(code, {code}, code.label)
        if proxy:
            code = Reached.PROXY_PARENT
            self._add(code, {code}, f"{code.label} {proxy}")
        self._add(Reached.OTHER, {Reached.OTHER}, Reached.OTHER.label)

    def _add(self, value: str, codes: Iterable[str], label: object) -> None:
        self.codes[str(value)] = frozenset(str(code) for code in codes)
        self.labels[str(value)] = str(label)

    @property
    def only_student(self) -> bool:
        return set(self.codes) <= {Reached.STUDENT}

    def told(self, chosen: Sequence[str]) -> list[str]:
        values = list(self.codes) if self.only_student else chosen
        return sorted(set().union(*(self.codes[value] for value in values)) if values else set())

    def chosen(self, codes: Iterable[str]) -> list[str]:
        """The choices that a record with these codes has reached."""
        return [value for value, own in self.codes.items() if own <= set(codes)]


class RecordForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    made = forms.ChoiceField(
        label=gettext_lazy("Did you reach them?"), required=False, widget=forms.RadioSelect
    )
    reached = forms.MultipleChoiceField(
        label=gettext_lazy("Whom you reached"), required=False, widget=forms.CheckboxSelectMultiple
    )
    channel = forms.ChoiceField(label=gettext_lazy("How"), required=False, widget=forms.RadioSelect)
    when = forms.ChoiceField(
        label=gettext_lazy("When"),
        choices=[("now", gettext_lazy("Just now")), ("earlier", gettext_lazy("Earlier"))],
        required=False,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DayInput())
    time = forms.TimeField(label=gettext_lazy("Time"), required=False, widget=TimeInput())
    minutes = forms.IntegerField(label=gettext_lazy("Minutes"), required=False)
    place = forms.CharField(label=gettext_lazy("Place"), required=False, max_length=60)
    next = forms.ChoiceField(label=gettext_lazy("Next time"), required=False, widget=forms.RadioSelect)
    next_day = forms.DateField(label=gettext_lazy("Date"), required=False, widget=DayInput())
    visibility = forms.ChoiceField(
        label=gettext_lazy("Who can see it"),
        choices=Visibility.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    staff = forms.ModelChoiceField(
        label=gettext_lazy("Done by a colleague (from paper)"), queryset=Staff.objects.none(), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected (may stay empty)"), required=False, max_length=200
    )

    def __init__(
        self, *args: Any, kind: Kind, guardians: Sequence[Guardian], proxy: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.reach = kind, Reach(kind, guardians, proxy)
        self.draft: Draft | None = None
        self.in_danger = False
        self.holidays = False
        self._shape()
        for question in kind.questions:
            self._ask(question)

    def _shape(self) -> None:
        kind = self.kind
        self._offer("made", [("1", _("Reached them")), ("0", _("Could not reach anyone"))])
        self._offer("channel", [(c.value, c.label) for c in kind.channels])
        self._offer("reached", list(self.reach.labels.items()))
        self.fields["minutes"].widget.attrs |= {
            "min": 1,
            "max": rules.LONGEST_MINUTES,
            "inputmode": "numeric",
        }
        self.fields["day"].widget.attrs["max"] = clock.today().isoformat()
        dates = [(date.on.isoformat(), date.label) for date in rules.next_dates(clock.today())]
        self._offer("next", [*dates, ("", _("Not fixed")), ("date", _("Choose a date"))])
        unused = {
            "made": kind.can_fail,
            "reached": not self.reach.only_student,
            "channel": len(kind.channels) > 1,
            "minutes": kind.timed,
            "place": kind.timed,
            "next": kind.timed,
            "next_day": kind.timed,
            "visibility": not kind.restricted,
        }
        for name in [name for name, used in unused.items() if not used]:
            del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def key_in_for(self, colleagues: QuerySet[Staff]) -> None:
        """Whose paper may be keyed in; without anybody the question is not asked."""
        field = self.fields["staff"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = colleagues
        if colleagues.query.is_empty():
            del self.fields["staff"]

    def renew(self) -> None:
        """Another id for the same text, so that it can be saved as a new record."""
        data = QueryDict(mutable=True)
        data.update(self.data)
        data["client_id"] = str(uuid4())
        self.data = data

    def _ask(self, question: Question) -> None:
        attrs = {"rows": question.rows, "maxlength": rules.LONGEST_TEXT}
        widget = forms.Textarea(attrs) if question.rows > 1 else forms.TextInput({"maxlength": 200})
        self.fields[question.code] = forms.CharField(
            label=str(question.label), help_text=str(question.hint), required=False, widget=widget
        )
        if question.starters:
            self.fields[f"start_{question.code}"] = forms.ChoiceField(
                label=_("Begin with"),
                choices=[("", _("Freely")), *((str(text), text) for text in question.starters)],
                initial="",
                required=False,
                widget=forms.RadioSelect,
            )
        if question.quick:
            self.fields[f"quick_{question.code}"] = forms.ChoiceField(
                label=str(question.label),
                choices=[(str(text), text) for text in question.quick],
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("when") == "earlier" and not data.get("day") and "day" not in self.errors:
            self.add_error("day", _("On which day was it?"))
        if data.get("next") == "date" and not data.get("next_day") and "next_day" not in self.errors:
            self.add_error("next_day", _("Which date?"))
        return data

    def first(self) -> list[forms.BoundField]:
        """How it came about, asked first where it is not plain: with families, not in a talk at school."""
        return [
            self[name] for name in ("made", "reached", "channel") if name in self.fields and self._asked_first
        ]

    def folded(self) -> list[forms.BoundField]:
        """What may stay folded away."""
        names = ["met_whom", "minutes", "place", "staff"]
        if not self._asked_first:
            names = ["channel", "made", *names]
        return [self[name] for name in names if name in self.fields]

    @property
    def _asked_first(self) -> bool:
        return self.kind.families

    def questions(self, *, folded: bool = False) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """Each question with the answers offered at a tap, if any; whom one met follows from the choice above."""
        return [
            (self[question.code], self[quick] if (quick := f"quick_{question.code}") in self.fields else None)
            for question in self.kind.questions
            if question.code != "met_whom" and question.folded is folded
        ]

    def unfolds(self) -> bool:
        """Whether the folded questions stand open: something is answered or wrong there, or it is holiday time."""
        behind = [field for pair in self.questions(folded=True) for field in pair if field is not None]
        return self.holidays or any(field.value() or field.errors for field in behind)

    def told(self) -> Told:
        data = self.cleaned_data
        return Told(
            body=self._body(),
            channel=data.get("channel") or "",
            reached=self.reach.told(data.get("reached") or []),
            made=data.get("made") != "0",
            happened_at=self._happened_at(),
            minutes=data.get("minutes"),
            place=data.get("place") or "",
            next_on=self._next_on(),
        )

    def _body(self) -> dict[str, str]:
        data = self.cleaned_data
        body = {
            question.code: "；".join(
                filter(None, [data.get(f"quick_{question.code}"), self._begun(question.code)])
            )
            for question in self.kind.questions
        }
        if "met_whom" in body and not body["met_whom"] and data.get("made") != "0":
            body["met_whom"] = "、".join(
                self.reach.labels[value] for value in data.get("reached") or [] if value.startswith("g")
            )
        return body

    def _begun(self, code: str) -> str:
        """The text with the beginning chosen for it; a beginning alone says nothing."""
        text, begin = self.cleaned_data.get(code) or "", self.cleaned_data.get(f"start_{code}")
        return f"{begin}：{text}" if begin and text else text

    def starters(self, field: forms.BoundField) -> forms.BoundField | None:
        """The beginnings offered for a question, if any."""
        name = f"start_{field.name}"
        return self[name] if name in self.fields else None

    def _happened_at(self) -> datetime.datetime | None:
        data = self.cleaned_data
        if data.get("when") != "earlier" or not {"day", "time"} & set(self.changed_data):
            return None
        return rules.local_moment(data["day"], data.get("time"))

    def _next_on(self) -> datetime.date | None:
        chosen = self.cleaned_data.get("next")
        if chosen == "date":
            return self.cleaned_data.get("next_day")
        return datetime.date.fromisoformat(chosen) if chosen else None


def initial_of(contact: Contact, body: dict[str, str], reach: Reach) -> dict[str, Any]:
    """What the form shows when a record is corrected."""
    happened = contact.happened_at.astimezone(clock.SCHOOL_TIME)
    return body | {
        "made": "1" if contact.made else "0",
        "channel": contact.channel,
        "reached": reach.chosen(contact.reached),
        "when": "earlier",
        "day": happened.date(),
        "time": happened.time().replace(second=0, microsecond=0),
        "minutes": contact.minutes,
        "place": contact.place,
        "next": "date" if contact.next_on else "",
        "next_day": contact.next_on,
    }


def typed_of(contact: Contact, initial: dict[str, Any]) -> dict[str, list[str]]:
    """The same as it was typed; what was told as “just now” was not dated by its writer."""
    typed = initial | {"visibility": contact.visibility, "staff": contact.staff_id}
    if contact.recorded_at - contact.happened_at < JUST_NOW:
        typed |= {"when": "now", "day": None, "time": None}
    if contact.staff.user_id == contact.recorded_by_id:
        typed["staff"] = None
    many = {name: value if isinstance(value, list) else [value] for name, value in typed.items()}
    return {name: [str(one) for one in values] for name, values in many.items() if values != [None]}
