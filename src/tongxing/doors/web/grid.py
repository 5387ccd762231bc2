"""Several records at once, each row saved by itself: the talks of today, or what stands on one colleague's paper; and the
empty sheet to print.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4, uuid5

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.kinds import KINDS, Channel, Kind, Reached
from tongxing.care.contacts.models import Contact
from tongxing.care.contacts.rules import local_moment
from tongxing.care.programme.queries import my_week, registered_students
from tongxing.care.safety.models import RiskFlag
from tongxing.care.safety.queries import raised_from
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff, Student
from tongxing.ground.people.queries import staff_of

from .contact_forms import DayInput
from .page import page, say

#: What fits into one row: kinds whose few words answer one question.
KINDS_IN_ROWS = (
    "talk",
    "visit",
    "call",
    "message",
    "tutoring",
    "success",
    "praise",
    "goal",
    "book",
    "letter",
)
NOBODY = "nobody"
BLANK_ROWS, PRINTED_ROWS, MOST_ROWS = 3, 14, 80
#: Where a refusal about a fact is shown.
COLUMN_OF = {"happened_at": "day", "companion": "companion", "reached": "reached", "staff": None}


def _whom() -> list[tuple[str, Any]]:
    """Whom a row can have reached; a visit often meets two. What is left open in a talk and the like is the student."""
    both = f"{Reached.STUDENT}+{Reached.SECOND_GUARDIAN}"
    two = (both, _("The student and the guardian at home"))
    first = ("", _("in a talk and the like: the student"))
    return [first, *Reached.choices, two, (NOBODY, _("Could not reach anyone"))]


class RowForm(forms.Form):
    talked = forms.BooleanField(label=gettext_lazy("We talked"), required=False)
    day = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DayInput())
    student = forms.ChoiceField(label=gettext_lazy("Student"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What it was"))
    reached = forms.ChoiceField(label=gettext_lazy("Whom you reached"), required=False)
    words = forms.CharField(
        label=gettext_lazy("A few words"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea({"rows": 2}),
    )
    companion = forms.CharField(
        label=gettext_lazy("Who came with you (home visits)"), required=False, max_length=200
    )

    def __init__(self, *args: Any, students: Sequence[Student], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.students = students
        self._offer("student", [("", "—"), *((str(one.pk), one.name) for one in students)])
        self._offer("kind", [(code, KINDS[code].label) for code in KINDS_IN_ROWS])
        self._offer("reached", _whom())
        self.fields["day"].widget.attrs["max"] = clock.today().isoformat()

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("day", "student"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("This is missing."))
        if data.get("talked") and data.get("kind") == "talk" and not data.get("words"):
            data["words"] = _("We talked; what about was not written down.")
        return data

    def told(self) -> Told:
        data = self.cleaned_data
        kind, reached = KINDS[data["kind"]], data["reached"]
        gist = next(question.code for question in kind.questions if not question.who)
        return Told(
            {gist: data["words"], "companion": data["companion"]},
            channel=Channel.AT_HOME if data["kind"] == "visit" else kind.channels[0],
            reached=_reached(kind, reached),
            made=reached != NOBODY,
            happened_at=_moment(data["day"]),
        )

    def client_id(self, page_id: UUID) -> UUID:
        """The row's own id on this page: the same row sent twice is one record."""
        return uuid5(page_id, str(self.prefix))

    @property
    def number(self) -> int:
        """The row's number on the paper: it stays, whatever is saved before it."""
        return int(str(self.prefix)[1:]) + 1

    @property
    def name(self) -> str:
        """The student chosen in this row."""
        chosen = str(self["student"].value() or "")
        return next((str(one.name) for one in self.students if str(one.pk) == chosen), "")

    def refuse(self, refusal: Refused) -> None:
        field = refusal.field or ""
        column = COLUMN_OF.get(field, "words" if field in _QUESTIONS else None)
        self.add_error(column, refusal.message)


_QUESTIONS = {question.code for kind in KINDS.values() for question in kind.questions}


def _reached(kind: Kind, said: str) -> list[str]:
    """Whom the row names; in what only students are part of, the student without being named."""
    if said == NOBODY:
        return []
    if not said:
        return [Reached.STUDENT] if kind.students and not kind.families else []
    return said.split("+")


def _moment(day: datetime.date) -> datetime.datetime | None:
    """Noon of a day that is past; of today the moment of keying in."""
    return None if day == clock.today() else local_moment(day, None)


@dataclass(frozen=True, slots=True)
class Sheet:
    """Whose records are keyed in. `on_behalf`: the colleague, when it is somebody else's paper."""

    staff: Staff
    on_behalf: Staff | None
    students: list[Student]


def sheet_of(request: Any, wanted: str) -> Sheet | None:
    """The own sheet, or that of the colleague whose number is `wanted`."""
    own = staff_of(request.actor.user_id)
    if wanted.isdecimal() and not (own and own.pk == int(wanted)):
        staff = get_object_or_404(_colleagues(request), pk=int(wanted))
        return Sheet(staff, staff, registered_students(request.actor, staff, clock.today()))
    if own is None or own.school_id != request.school.pk:
        return None
    return Sheet(own, None, registered_students(request.actor, own, clock.today()))


def talks_due(request: Any, sheet: Sheet) -> list[Student]:
    """With whom a talk is due now, who waits longest first as on my week."""
    if sheet.on_behalf or request.term is None:
        return []
    return my_week(request.actor, sheet.staff, request.term, clock.now()).to_talk_with


def _sheet(request: Any) -> Sheet | None:
    return sheet_of(request, request.POST.get("staff") or request.GET.get("staff", ""))


def _colleagues(request: Any) -> Any:
    """For whom this person may key in: nobody, without `contact.manage` for the whole school."""
    if not request.actor.may_all("contact.manage", school_id=request.school.pk):
        return Staff.objects.none()
    return Staff.objects.filter(school=request.school).active(clock.today()).order_by("pinyin", "name")


@page(can="contact.write", gives_back=True)
def grid(request: Any) -> HttpResponse:
    sheet = _sheet(request)
    rows = _rows(request, sheet) if sheet else []
    saved: dict[RowForm, Contact] = {}
    raised = None
    if sheet and request.method == "POST":
        page_id = _page_id(request)
        saved = {
            row: contact
            for row in rows
            if row.is_bound and (contact := _save(request, sheet, row, row.client_id(page_id)))
        }
        raised = _raised(request, saved.values())
        if saved and not any(row.errors for row in rows):
            say_saved(request, len(saved))
            return redirect("safety-caught", raised.pk) if raised else redirect(_back(request, sheet))
    due = [] if request.method == "POST" or sheet is None else _due(request, sheet)
    context = blank_sheet(request, sheet, due) | {
        "due": bool(due) or "due" in request.POST,
        "back": _back(request, sheet) if sheet else "",
        **({"rows": [row for row in rows if row not in saved]} if rows else {}),
        "saved": saved,
        "raised": raised,
        "wrong": any(row.errors for row in rows),
        "colleagues": _colleagues(request),
    }
    return render(request, "contacts/grid.html", context, status=422 if context["wrong"] else 200)


def _due(request: Any, sheet: Sheet) -> list[Student]:
    return [] if "all" in request.GET else talks_due(request, sheet)


def _back(request: Any, sheet: Sheet) -> str:
    """Back to the rows one was at."""
    of_today = "due" in request.POST or request.method == "GET" and "all" not in request.GET
    if sheet.on_behalf or of_today:
        return _address("record-grid", sheet)
    return f"{reverse('record-grid')}?all=1"


def blank_sheet(
    request: Any, sheet: Sheet | None, due: Sequence[Student] = (), *, back: str = ""
) -> dict[str, Any]:
    """What the page needs before anything is typed. `due`: the rows are for these alone, one each."""
    return {
        "sheet": sheet,
        "due": bool(due),
        "rows": _fresh(sheet, due) if sheet else [],
        "saved": {},
        "raised": None,
        "wrong": False,
        "page_id": UUID(request.POST["client_id"]) if "client_id" in request.POST else uuid4(),
        "colleagues": [],
        "back": back or (_address("record-grid", sheet) if sheet else ""),
        "print": _address("record-grid-print", sheet) if sheet else "",
    }


def _address(name: str, sheet: Sheet) -> str:
    return f"{reverse(name)}?staff={sheet.on_behalf.pk}" if sheet.on_behalf else reverse(name)


def say_saved(request: Any, number: int) -> None:
    words = ngettext("%(n)s record is written down.", "All %(n)s records are written down.", number)
    say(request, words % {"n": number})


def _rows(request: Any, sheet: Sheet) -> list[RowForm]:
    """The rows as sent."""
    if request.method == "POST":
        numbers = [text for text in request.POST.getlist("row")[:MOST_ROWS] if text.isdecimal()]
        return [_sent(request.POST, f"r{number}", sheet) for number in numbers]
    return []


def _fresh(sheet: Sheet, due: Sequence[Student] = ()) -> list[RowForm]:
    today = clock.today()
    chosen = list(due)[:MOST_ROWS] or sheet.students[: MOST_ROWS - BLANK_ROWS]
    first = [{"student": str(student.pk), "day": today} for student in chosen]
    blank = 0 if due else BLANK_ROWS
    starts: list[dict[str, Any]] = [*first, *({"day": today} for _number in range(blank))]
    return [
        RowForm(prefix=f"r{number}", students=sheet.students, initial=start)
        for number, start in enumerate(starts)
    ]


def _sent(data: QueryDict, prefix: str, sheet: Sheet) -> RowForm:
    """A row as it was typed; one without a word stays as it stood, with its student and day."""
    typed = {name: data.get(f"{prefix}-{name}", "") for name in RowForm.base_fields}
    if any(typed[name].strip() for name in ("talked", "words", "companion", "reached")):
        return RowForm(data, prefix=prefix, students=sheet.students)
    return RowForm(prefix=prefix, students=sheet.students, initial=typed)


def keep_row(
    request: Any,
    sheet: Sheet,
    row: RowForm,
    *,
    client_id: UUID,
    waited: datetime.timedelta = datetime.timedelta(),
) -> Contact:
    """Write down what a valid row tells: one record, one transaction."""
    student = next(one for one in sheet.students if str(one.pk) == row.cleaned_data["student"])
    return write_contact(
        request.actor,
        student=student,
        client_id=client_id,
        kind=row.cleaned_data["kind"],
        told=replace(row.told(), waited=waited),
        staff=sheet.on_behalf,
    )


def _save(request: Any, sheet: Sheet, row: RowForm, client_id: UUID) -> Contact | None:
    if not row.is_valid():
        return None
    try:
        return keep_row(request, sheet, row, client_id=client_id)
    except Refused as refusal:
        row.refuse(refusal)
        return None


def _raised(request: Any, contacts: Iterable[Contact]) -> RiskFlag | None:
    """The first of these records whose words called for those who answer for safety."""
    found = (raised_from(request.actor, ("contact", contact.pk)) for contact in contacts)
    return next(filter(None, found), None)


def _page_id(request: Any) -> UUID:
    try:
        return UUID(request.POST.get("client_id", ""))
    except ValueError:
        raise Refused(_("The page was open for too long. Please load it again.")) from None


@page(can="contact.write")
def printed(request: Any) -> HttpResponse:
    """The empty sheet: the same columns, the names of the students, lines to write on."""
    sheet = _sheet(request)
    names = [student.name for student in sheet.students] if sheet else []
    lines = [*names, *[""] * max(PRINTED_ROWS - len(names), BLANK_ROWS)]
    kinds = [KINDS[code].label for code in KINDS_IN_ROWS]
    return render(request, "contacts/grid_print.html", {"sheet": sheet, "lines": lines, "kinds": kinds})


urlpatterns = [
    path("records/grid/", grid, name="record-grid"),
    path("records/grid/print/", printed, name="record-grid-print"),
]
