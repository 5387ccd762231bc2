"""Handing over a helper's students, and what the next helper finds: the promises that are still open."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tongxing.care.contacts.agreed import Appointment, Goal, appointments, goals_without_outcome
from tongxing.care.contacts.queries import LastTime, last_times
from tongxing.care.pairing import move_actions, words
from tongxing.care.pairing.handing import Handing, handing
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.queries import Duty, duties_of
from tongxing.care.requests.leavers import see_to_leavers, waiting_with
from tongxing.doors.web.page import apply_refusal, page, say
from tongxing.doors.web.pairing_fixed import number, staff_of
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff

REASONS = [
    (reason.value, reason.label)
    for reason in (Pair.Ended.HELPER_AWAY, Pair.Ended.HELPER_LEFT, Pair.Ended.SWAPPED, Pair.Ended.OTHER)
]


class HandOverForm(forms.Form):
    on = forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}),
        label=gettext_lazy("From which day"),
        help_text=gettext_lazy(
            "Until the day before the present helper sees the students, then the next one"
        ),
    )
    reason = forms.ChoiceField(choices=REASONS, label=gettext_lazy("Why"))
    note = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Note (only the people who manage pairing read it)"),
    )
    over_room = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("If somebody takes more than there is room for: why that is all right"),
    )

    def __init__(self, *args: Any, rows: Iterable[Handing], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            choices = [
                ("", _("stays for now")),
                *((str(s.staff.pk), words.successor(s)) for s in row.successors),
            ]
            self.fields[f"to_{row.pair.pk}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=str(row.proposed.staff.pk) if row.proposed else "",
                label=_("Who takes over %(student)s") % {"student": row.pair.student.name},
            )

    def told(self, promises: dict[int, "Promised"]) -> list[tuple[Handing, Any, "Promised"]]:
        return [(row, self[f"to_{row.pair.pk}"], promises[row.pair.student_id]) for row in self.rows]

    def moves(self, staff: dict[int, Staff]) -> list[tuple[Pair, Staff]]:
        chosen = [(row.pair, self.cleaned_data[f"to_{row.pair.pk}"]) for row in self.rows]
        return [(pair, staff[number(to)]) for pair, to in chosen if to]


@dataclass(frozen=True, slots=True)
class Promised:
    """What is still open for one student: what was promised last, the next time agreed, goals without an outcome,
    duties of the programme."""

    last: LastTime | None = None
    next_time: Appointment | None = None
    goals: tuple[Goal, ...] = ()
    duties: tuple[Duty, ...] = ()

    def __bool__(self) -> bool:
        return bool((self.last and self.last.promise) or self.next_time or self.goals or self.duties)


def promised(request: Any, student_ids: Iterable[int]) -> dict[int, Promised]:
    """The open promises of each student, as the actor may see them. The queries do not grow."""
    ids, actor, term = list(student_ids), request.actor, request.term
    if term is None:
        return {one: Promised() for one in ids}
    last, next_times = last_times(actor, ids), appointments(actor, ids)
    goals = goals_without_outcome(actor, ids, term.starts_on)
    duties = duties_of(actor, term, ids, clock.now())
    return {
        one: Promised(
            last.get(one),
            next_times.get(one),
            tuple(goals.get(one, ())),
            tuple(duty for duty in duties.get(one, ()) if duty.state in {"due", "overdue"}),
        )
        for one in ids
    }


@page(can="pairing.manage")
def hand_over(request: Any, staff_id: int) -> HttpResponse:
    """One or all students of this colleague go to others from a day, and what was promised goes with them."""
    helper = get_object_or_404(staff_of(request), pk=staff_id)
    rows = handing(request.actor, helper, request.term, clock.today())
    form = HandOverForm(request.POST or None, rows=rows, initial={"on": clock.today().isoformat()})
    if form.is_valid() and (made := _handed_over(request, form)):
        see_to_leavers()
        _say_thanks(request, helper, made)
        return redirect("pairing-helper", staff_id)
    told = form.told(promised(request, [row.pair.student_id for row in rows]))
    asked, going = waiting_with(request.actor, helper), {row.pair.student_id for row in rows}
    context = {"helper": helper, "form": form, "told": told, "asked": asked, "going": going}
    return render(request, "pairing/hand_over.html", context)


def _handed_over(request: Any, form: HandOverForm) -> list[Pair]:
    sent = {name: form.cleaned_data[name] for name in ("on", "reason", "note", "over_room")}
    staff = {one.pk: one for one in staff_of(request)}
    try:
        return move_actions.hand_over(request.actor, moves=form.moves(staff), **sent)
    except Refused as refusal:
        apply_refusal(form, refusal)
        return []


def _say_thanks(request: Any, helper: Staff, made: list[Pair]) -> None:
    said = ngettext(
        "%(n)d student is handed over: %(who)s. Thank you to %(helper)s.",
        "%(n)d students are handed over: %(who)s. Thank you to %(helper)s.",
        len(made),
    )
    who = "；".join(f"{pair.student.name} → {pair.helper.name}" for pair in made)
    say(request, said % {"n": len(made), "who": who, "helper": helper.name})


@page(can="student.view")
def taken_over(request: Any, pair_id: int) -> HttpResponse:
    """What a new helper finds: who was there before, and the promises that are still open."""
    visible = Pair.objects.visible_to(request.actor).filter(school=request.school)
    pair = get_object_or_404(visible.select_related("student", "helper"), pk=pair_id)
    earlier = visible.filter(student=pair.student, ends_on__lte=pair.starts_on).exclude(pk=pair.pk)
    context = {
        "pair": pair,
        "before": earlier.select_related("helper").order_by("-ends_on", "-pk").first(),
        "promised": promised(request, [pair.student_id])[pair.student_id],
    }
    return render(request, "pairing/taken_over.html", context)


urlpatterns = [
    path("pairing/helpers/<int:staff_id>/hand-over/", hand_over, name="pairing-hand-over"),
    path("pairing/pairs/<int:pair_id>/taken-over/", taken_over, name="pairing-taken-over"),
]
