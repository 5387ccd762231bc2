"""Companions (一帮一, 多帮一): who stands by whom, what was promised and kept, letters, stopping without shame."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.companions import actions, queries
from tongxing.aid.companions.models import LETTER, MANAGE, Companion, Kept, Letter, Promise
from tongxing.aid.companions.rules import DAY, months_later
from tongxing.aid.ledger.models import Entry
from tongxing.aid.ledger.models_books import VIEW
from tongxing.ground.kernel import clock, money
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Staff

from .by_class import students_for
from .contact_forms import DayInput
from .fields import offer_rows
from .ledger_frame import SentOnce
from .page import apply_refusal, page, say


@page(can=MANAGE)
def home(request: Any) -> HttpResponse:
    """Who stands by whom and how it goes; below, everybody on the list."""
    found = queries.standings(request.actor, queries.promises_of(request.actor, request.school))
    letters = Letter.objects.visible_to(request.actor).waiting().filter(school=request.school)
    context = {
        "now": [one for one in found if one.goes_on],
        "before": [one for one in found if not one.goes_on],
        "people": queries.people_of(request.actor, request.school),
        "letters": list(letters.select_related("promise__companion", "student")),
    }
    return render(request, "companions/home.html", context)


class CompanionForm(SentOnce):
    kind = forms.ChoiceField(
        label=gettext_lazy("Who it is"), choices=Companion.Kind.choices, widget=forms.RadioSelect
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=40, required=False)
    staff = forms.ModelChoiceField(
        Staff.objects.none(),
        label=pgettext_lazy("companion", "Which colleague"),
        required=False,
        help_text=gettext_lazy("Only for a colleague: name and check are known already."),
    )
    comes_from = forms.CharField(label=gettext_lazy("From where"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)

    def __init__(self, request: Any) -> None:
        super().__init__(request.POST or None, initial={"kind": Companion.Kind.ALUMNUS})
        found = Staff.objects.visible_to(request.actor).active(clock.today()).filter(school=request.school)
        offer_rows(self, "staff", found.order_by("pinyin", "pk"))


@page(can=MANAGE, gives_back=True)
def new(request: Any) -> HttpResponse:
    form = CompanionForm(request)
    if form.is_valid():
        try:
            made = actions.add(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("%(name)s stands on the list.") % {"name": made.name})
            return redirect("companion", made.pk)
    return render(request, "companions/new.html", {"form": form}, status=422 if form.errors else 200)


class CheckForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("Day of the check"),
        widget=DayInput(),
        help_text=gettext_lazy("Only after you have seen the answer of the police or the education office."),
    )


class PurposeForm(forms.Form):
    purpose = forms.CharField(label=gettext_lazy("What do you need it for? This is logged."), max_length=200)


def _companion(request: Any, companion_id: int) -> Companion:
    mine = Companion.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("staff", "offence_check_by"), pk=companion_id)


@page(can=MANAGE)
def companion(request: Any, companion_id: int) -> HttpResponse:
    """One companion; noting the check (POST)."""
    found = _companion(request, companion_id)
    form = CheckForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_check(request.actor, companion=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The check is noted."))
            return redirect("companion", found.pk)
    return _show(request, found, form=form)


def _show(request: Any, found: Companion, **more: Any) -> HttpResponse:
    promises = Promise.objects.visible_to(request.actor).filter(companion=found)
    context: dict[str, Any] = {"form": CheckForm(), "reveal": PurposeForm(), "number": ""} | more
    context |= {"companion": found, "rows": queries.standings(request.actor, promises)}
    wrong = context["form"].errors or context["reveal"].errors
    return render(request, "companions/companion.html", context, status=422 if wrong else 200)


@require_POST
@page(can=MANAGE)
def reveal(request: Any, companion_id: int) -> HttpResponse:
    """The number, once, after saying what for."""
    found, form, number = _companion(request, companion_id), PurposeForm(request.POST), ""
    if form.is_valid():
        try:
            number = actions.reveal_phone(request.actor, companion=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
    return _show(request, found, reveal=form, number=number)


@require_POST
@page(can=MANAGE)
def leave(request: Any, companion_id: int) -> HttpResponse:
    found = _companion(request, companion_id)
    actions.leave(request.actor, companion=found)
    say(request, _("%(name)s is off the list. Please pass on the school’s thanks.") % {"name": found.name})
    return redirect("companions")


class PromiseForm(SentOnce):
    companion = forms.ModelChoiceField(
        Companion.objects.none(), label=gettext_lazy("Who stands by the student")
    )
    what = forms.CharField(
        label=gettext_lazy("What is promised"),
        max_length=200,
        help_text=gettext_lazy(
            "In a few words, as it was said: writes a letter, reads together, pays for exercise books."
        ),
    )
    every = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=Promise.Every.choices, widget=forms.RadioSelect
    )
    meets = forms.BooleanField(
        label=gettext_lazy("They meet in person"),
        required=False,
        help_text=gettext_lazy("Only after the offence-record check is noted; never alone, never overnight."),
    )
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    until = forms.DateField(
        label=gettext_lazy("Last day"), widget=DayInput(), help_text=gettext_lazy("A year at most.")
    )

    def __init__(self, request: Any) -> None:
        today = clock.today()
        initial = {"starts_on": today, "until": months_later(today, 12) - DAY, "every": Promise.Every.MONTH}
        super().__init__(request.POST if request.method == "POST" else None, initial=initial)
        people = Companion.objects.visible_to(request.actor).present().filter(school=request.school)
        offer_rows(self, "companion", people.select_related("staff"))


@page(can=MANAGE, gives_back=True)
def of_student(request: Any, student_id: int) -> HttpResponse:
    """Who stands by this student; one more who promises something (POST)."""
    student = get_object_or_404(students_for(request, MANAGE).select_related("school"), pk=student_id)
    form = PromiseForm(request)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        person, client_id = said.pop("companion"), said.pop("client_id")
        try:
            made = actions.promise(
                request.actor,
                companion=person,
                student=student,
                said=actions.Said(**said),
                client_id=client_id,
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The promise is noted. Its dates stand below."))
            return redirect("companion-promise", made.pk)
    context = {
        "student": student,
        "form": form,
        "rows": queries.of_student(request.actor, student),
        "agrees": bool(with_consent([student.pk], actions.CONSENT)),
        "has_people": bool(queries.people_of(request.actor, request.school)),
    }
    return render(request, "companions/student.html", context, status=422 if form.errors else 200)


class KeptForm(SentOnce):
    kind = forms.ChoiceField(
        label=gettext_lazy("What it was"), choices=Kept.Kind.choices, widget=forms.RadioSelect
    )
    day = forms.DateField(label=gettext_lazy("On which day"), widget=DayInput())
    words = forms.CharField(label=gettext_lazy("In a few words"), max_length=200, required=False)
    entry = forms.ModelChoiceField(
        Entry.objects.none(),
        label=gettext_lazy("The receipt in the books"),
        required=False,
        help_text=gettext_lazy("Only for money: it comes through the school’s account, never by hand."),
    )

    def __init__(self, data: Any, request: Any, found: Promise) -> None:
        super().__init__(data, initial={"day": clock.today(), "kind": Kept.Kind.CALL}, auto_id="kept-%s")
        if not request.actor.may(VIEW, school_id=request.school.pk):
            del self.fields["entry"]
            self.choose("kind", [one for one in Kept.Kind.choices if one[0] != Kept.Kind.MONEY])
            return
        receipts = queries.receipts_to_note(request.actor, request.school).filter(day__gte=found.starts_on)
        offer_rows(self, "entry", receipts.prefetch_related("lines"), _receipt)


def _receipt(entry: Entry) -> str:
    amount = sum(line.amount for line in entry.lines.all() if line.amount > 0)
    return f"{entry.day:%m-%d} {entry.narrative} {money.yuan(amount)}"


class StopForm(forms.Form):
    side = forms.ChoiceField(
        label=gettext_lazy("Who would like to stop"), choices=Promise.Side.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("A word for the office"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Nobody has to say why. The other side never sees this."),
    )


class LetterForm(SentOnce):
    text = forms.CharField(
        label=gettext_lazy("The student’s words, as they were written"),
        max_length=LETTER,
        widget=forms.Textarea({"rows": 5}),
    )
    written_on = forms.DateField(label=gettext_lazy("Written on"), widget=DayInput())
    own_will = forms.BooleanField(
        label=gettext_lazy("The student wanted to write; nobody asked for it"), required=False
    )


class DecideForm(forms.Form):
    looked = forms.BooleanField(label=gettext_lazy("These places are covered on the paper"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why it goes back, in a friendly word"), max_length=200, required=False
    )


def _promise(request: Any, companion_promise_id: int) -> Promise:
    mine = Promise.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(
        mine.select_related("companion__staff", "student", "consent"), pk=companion_promise_id
    )


@page(can=MANAGE, gives_back=True)
def promise(request: Any, companion_promise_id: int) -> HttpResponse:
    """One promise with its dates; noting what was done (POST)."""
    found = _promise(request, companion_promise_id)
    form = KeptForm(request.POST if request.method == "POST" else None, request, found)
    if request.method == "POST" and form.is_valid():
        try:
            kept = actions.note(request.actor, promise=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Noted. Thank you."), undo=reverse("companion-note-back", args=[kept.pk]))
            return redirect("companion-promise", found.pk)
    return _show_promise(request, found, form=form)


def _show_promise(request: Any, found: Promise, **more: Any) -> HttpResponse:
    mine = Promise.objects.visible_to(request.actor).filter(pk=found.pk)
    letter_form = LetterForm(initial={"written_on": clock.today()}, auto_id="letter-%s")
    context: dict[str, Any] = {
        "letter_form": letter_form,
        "stop_form": StopForm(auto_id="stop-%s"),
    } | more
    if "form" not in context:
        context["form"] = KeptForm(None, request, found)
    letters = queries.letters_of(request.actor, found)
    context |= {
        "promise": found,
        "standing": queries.standings(request.actor, mine)[0],
        "noted": queries.noted_of(request.actor, found),
        "letters": [(one, DecideForm(auto_id=f"decide-{one.letter.pk}-%s")) for one in letters],
    }
    wrong = any(context[name].errors for name in ("form", "letter_form", "stop_form"))
    return render(request, "companions/promise.html", context, status=422 if wrong else 200)


@require_POST
@page(can=MANAGE)
def note_back(request: Any, kept_id: int) -> HttpResponse:
    mine = Kept.objects.visible_to(request.actor).filter(school=request.school)
    kept = get_object_or_404(mine, pk=kept_id)
    actions.take_note_back(request.actor, kept=kept)
    say(request, _("Taken back."))
    return redirect("companion-promise", kept.promise_id)


@require_POST
@page(can=MANAGE)
def stop(request: Any, companion_promise_id: int) -> HttpResponse:
    """It ends today; with `resume` the way back."""
    found = _promise(request, companion_promise_id)
    if "resume" in request.POST:
        actions.go_on(request.actor, promise=found)
        say(request, _("It goes on."))
        return redirect("companion-promise", found.pk)
    form = StopForm(request.POST, auto_id="stop-%s")
    if form.is_valid():
        actions.stop(request.actor, promise=found, **form.cleaned_data)
        back = f"{reverse('companion-stop', args=[found.pk])}?resume=1"
        say(request, _("Ended today, with thanks to both sides."), undo=back)
        return redirect("companion-promise", found.pk)
    return _show_promise(request, found, stop_form=form)


@require_POST
@page(can=MANAGE, gives_back=True)
def letter(request: Any, companion_promise_id: int) -> HttpResponse:
    found = _promise(request, companion_promise_id)
    form = LetterForm(request.POST, auto_id="letter-%s")
    if form.is_valid():
        try:
            actions.hand_in_letter(request.actor, promise=found, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("The letter is here. Please read it before it goes on."))
            return redirect("companion-promise", found.pk)
    return _show_promise(request, found, letter_form=form)


@require_POST
@page(can=MANAGE)
def decide_letter(request: Any, thanks_letter_id: int) -> HttpResponse:
    """Passed on, or back to the student."""
    mine = Letter.objects.visible_to(request.actor).filter(school=request.school)
    found, form = get_object_or_404(mine, pk=thanks_letter_id), DecideForm(request.POST)
    form.is_valid()
    pass_on = request.POST.get("what") == "pass"
    actions.decide_letter(request.actor, letter=found, pass_on=pass_on, **form.cleaned_data)
    say(request, _("Noted as passed on.") if pass_on else _("Noted: it goes back to the student."))
    return redirect("companion-promise", found.promise_id)


urlpatterns = [
    path("companions/", home, name="companions"),
    path("companions/new/", new, name="companion-new"),
    path("companions/<int:companion_id>/", companion, name="companion"),
    path("companions/<int:companion_id>/phone/", reveal, name="companion-reveal"),
    path("companions/<int:companion_id>/leave/", leave, name="companion-leave"),
    path("companions/promises/<int:companion_promise_id>/", promise, name="companion-promise"),
    path("companions/promises/<int:companion_promise_id>/stop/", stop, name="companion-stop"),
    path("companions/promises/<int:companion_promise_id>/letter/", letter, name="companion-letter"),
    path("companions/notes/<int:kept_id>/back/", note_back, name="companion-note-back"),
    path("companions/letters/<int:thanks_letter_id>/", decide_letter, name="companion-letter-decide"),
    path("students/<int:student_id>/companions/", of_student, name="student-companions"),
]
