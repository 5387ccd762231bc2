"""Work-study: the posts, one post with its people and hours, its months, the least that is paid."""

import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.aid.ledger.rules import month_of
from tongxing.aid.workstudy import rules
from tongxing.aid.workstudy.actions import hours, posts
from tongxing.aid.workstudy.models import Assignment, FloorRow, Month, Post, WorkedHours
from tongxing.aid.workstudy.models_posts import FLOOR, HOURS, MANAGE, PAY
from tongxing.aid.workstudy.queries import posts as queries
from tongxing.aid.workstudy.queries.people import month_of_post
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Staff

from .contact_forms import DayInput, TimeInput
from .fields import offer_rows
from .ledger_frame import AmountField, SentOnce
from .page import apply_refusal, page, say


def post_of(request: Any, post_id: int) -> Any:
    """A post of `queries.posts_of`: with the places taken and how many wait."""
    return get_object_or_404(queries.posts_of(request.actor, request.school), pk=post_id)


def manages(request: Any) -> bool:
    return request.actor.may(MANAGE, school_id=request.school.pk)


@page(can=HOURS)
def home(request: Any) -> HttpResponse:
    """For a supervisor the own posts, for those who manage all of them and what waits for a second look."""
    found = list(queries.posts_of(request.actor, request.school))
    context = {
        "posts": [one for one in found if one.ended_at is None],
        "ended": [one for one in found if one.ended_at],
        "to_check": queries.months_to_check(request.actor, request.school) if manages(request) else [],
        "to_pay": queries.months_to_pay(request.actor, request.school) if manages(request) else [],
        "may_manage": manages(request),
        "may_pay": request.actor.may(PAY, school_id=request.school.pk),
    }
    return render(request, "workstudy/home.html", context)


class PostForm(SentOnce):
    name = forms.CharField(label=gettext_lazy("Name of the post"), max_length=40)
    kind = forms.ChoiceField(
        label=pgettext_lazy("work-study", "Kind"), choices=Post.Kind.choices, widget=forms.RadioSelect
    )
    rate = forms.CharField(
        label=gettext_lazy("Pay in yuan: an hour, or for 40 hours of a month"),
        required=False,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    place = forms.CharField(label=pgettext_lazy("work-study", "Where"), max_length=40)
    work = forms.CharField(label=pgettext_lazy("work-study", "What is done"), max_length=200)
    care_taken = forms.CharField(
        label=gettext_lazy("Why it is safe"),
        max_length=200,
        help_text=gettext_lazy("For example: indoors, light, nothing to climb; who is near."),
    )
    times = forms.CharField(label=gettext_lazy("Usual times"), max_length=200, required=False)
    supervisor = forms.ModelChoiceField(Staff.objects.none(), label=gettext_lazy("Who looks after it"))
    places = forms.IntegerField(label=gettext_lazy("Places"), min_value=1, max_value=posts.MOST_PLACES)
    starts_on = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())

    def __init__(self, request: Any) -> None:
        super().__init__(request.POST or None, initial={"starts_on": clock.today(), "places": 1})
        offer_rows(self, "supervisor", colleagues(request))
        if request.school.is_compulsory:
            self.choose("kind", [one for one in Post.Kind.choices if one[0] not in Post.PAID])
            del self.fields["rate"]

    def clean_rate(self) -> int | None:
        return AmountField().clean(self.cleaned_data["rate"]) if self.cleaned_data["rate"].strip() else None


def colleagues(request: Any) -> Any:
    found = Staff.objects.visible_to(request.actor).active(clock.today()).filter(school=request.school)
    return found.filter(offence_check_on__isnull=False).select_related("user").order_by("pinyin", "pk")


@page(can=MANAGE, gives_back=True)
def new(request: Any) -> HttpResponse:
    form = PostForm(request)
    if form.is_valid():
        try:
            post = posts.open_post(request.actor, school=request.school, **{"rate": None} | form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("“%(name)s” is open. Next, who would like to work there?") % {"name": post.name})
            return redirect("workstudy-post", post.pk)
    context = {"form": form, "floors": _in_force(request)}
    return render(request, "workstudy/new.html", context, status=422 if form.errors else 200)


def _in_force(request: Any) -> dict[str, int | None]:
    floors = queries.floors_of(request.school)
    return {unit: rules.floor_on(floors, unit, clock.today()) for unit in rules.PAID_UNIT}


class HoursForm(SentOnce):
    """The same hours for everybody ticked."""

    people = forms.ModelMultipleChoiceField(
        Assignment.objects.none(), label=gettext_lazy("Who"), widget=forms.CheckboxSelectMultiple
    )
    day = forms.DateField(label=gettext_lazy("Day"), widget=DayInput())
    starts_at = forms.TimeField(label=pgettext_lazy("work-study", "From"), widget=TimeInput())
    ends_at = forms.TimeField(label=pgettext_lazy("work-study", "Until"), widget=TimeInput())

    def __init__(self, data: Any, post: Post, people: list[Assignment]) -> None:
        last = WorkedHours.objects.standing().filter(assignment__post=post).order_by("-recorded_at").first()
        times = {"starts_at": last.starts_at, "ends_at": last.ends_at} if last else {}
        super().__init__(data, initial={"day": clock.today()} | times)
        found = Assignment.objects.filter(pk__in=[one.pk for one in people])
        field = offer_rows(
            self, "people", found.select_related("student", "post__supervisor"), lambda one: one.student.name
        )
        if len(people) == 1:
            field.initial = [people[0].pk]


class ReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("work-study", "What should be different"), max_length=200)


class HandOverForm(forms.Form):
    supervisor = forms.ModelChoiceField(Staff.objects.none(), label=gettext_lazy("Who looks after it now"))


class EndForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("work-study", "Why it ends"), max_length=200)


def month_asked(request: Any) -> tuple[datetime.date, datetime.date]:
    """The month of the address (2026-10), else this one."""
    text = request.GET.get("month", "")
    try:
        return month_of(datetime.date.fromisoformat(f"{text}-01")) if text else month_of(clock.today())
    except (ValueError, OverflowError):
        raise Http404 from None


@page(can=HOURS)
def post(request: Any, post_id: int) -> HttpResponse:
    """One post: who works there, the hours of a month, writing some down (POST)."""
    found = post_of(request, post_id)
    people = _of_today(request, found)
    form = HoursForm(request.POST if request.method == "POST" else None, found, people)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        span = hours.Span(said["day"], said["starts_at"], said["ends_at"])
        try:
            rows = hours.write_hours_of(
                request.actor, assignments=said["people"], span=span, client_id=said["client_id"]
            )
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            back = reverse("workstudy-hours-back", args=[rows[0].pk]) if len(rows) == 1 else ""
            say(request, _("Written down. Thank you."), undo=back)
            return redirect(f"{reverse('workstudy-post', args=[found.pk])}?month={span.day:%Y-%m}")
    return _show(request, found, people, form)


def _of_today(request: Any, found: Post) -> list[Assignment]:
    """Whoever has a place, or had one this month."""
    first, _last = month_of(clock.today())
    mine = Assignment.objects.visible_to(request.actor).filter(post=found)
    return list(mine.exclude(last_day__lt=first - datetime.timedelta(days=31)))


def _show(request: Any, found: Post, people: list[Assignment], form: HoursForm) -> HttpResponse:
    first, last = month_asked(request)
    month = month_of_post(request.actor, found, first, last)
    own = bool(month.handed_in and month.handed_in.handed_in_by_id == request.actor.user_id)
    hand_over_form = HandOverForm(auto_id="hand-over-%s")
    offer_rows(hand_over_form, "supervisor", colleagues(request))
    context = {
        "post": found,
        "form": form,
        "people": people,
        "month": month,
        "before": first - datetime.timedelta(days=1),
        "after": last + datetime.timedelta(days=1),
        "is_over": last <= clock.today(),
        "may_manage": manages(request),
        "own": own,
        "back_form": ReasonForm(auto_id="back-%s"),
        "end_form": EndForm(auto_id="end-%s"),
        "hand_over_form": hand_over_form,
    }
    return render(request, "workstudy/post.html", context, status=422 if form.errors else 200)


@require_POST
@page(can=HOURS)
def hours_back(request: Any, hours_id: int) -> HttpResponse:
    mine = WorkedHours.objects.visible_to(request.actor).filter(school=request.school)
    row = get_object_or_404(mine.select_related("assignment__post__supervisor"), pk=hours_id)
    hours.take_hours_back(request.actor, row=row)
    say(request, _("Taken back."))
    return redirect(f"{reverse('workstudy-post', args=[row.assignment.post_id])}?month={row.day:%Y-%m}")


@require_POST
@page(can=HOURS)
def hand_in(request: Any, post_id: int) -> HttpResponse:
    found = post_of(request, post_id)
    first, _last = month_asked(request)
    hours.hand_in(request.actor, post=found, month=first)
    say(request, _("The month is handed in. A colleague looks at it now."))
    return redirect(f"{reverse('workstudy-post', args=[found.pk])}?month={first:%Y-%m}")


def _month(request: Any, work_month_id: int) -> Month:
    mine = Month.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(mine.select_related("post"), pk=work_month_id)


@require_POST
@page(can=MANAGE)
def check(request: Any, work_month_id: int) -> HttpResponse:
    month = _month(request, work_month_id)
    hours.check_month(request.actor, month=month)
    say(request, _("Checked. Thank you for looking."))
    return redirect("workstudy")


@require_POST
@page(can=MANAGE)
def send_back(request: Any, work_month_id: int) -> HttpResponse:
    month = _month(request, work_month_id)
    hours.send_back(request.actor, month=month, reason=request.POST.get("reason", ""))
    say(request, _("Sent back. The month takes hours again."))
    return redirect(f"{reverse('workstudy-post', args=[month.post_id])}?month={month.month:%Y-%m}")


@require_POST
@page(can=MANAGE)
def end(request: Any, post_id: int) -> HttpResponse:
    found = post_of(request, post_id)
    posts.end_post(request.actor, post=found, reason=request.POST.get("reason", ""))
    say(request, _("“%(name)s” has ended. Hours written down are still paid.") % {"name": found.name})
    return redirect("workstudy")


@require_POST
@page(can=MANAGE)
def hand_over(request: Any, post_id: int) -> HttpResponse:
    found = post_of(request, post_id)
    form = HandOverForm(request.POST)
    offer_rows(form, "supervisor", colleagues(request))
    if not form.is_valid():
        raise Refused(_("Please choose the colleague."))
    posts.hand_over(request.actor, post=found, supervisor=form.cleaned_data["supervisor"])
    say(request, _("%(name)s looks after it from now on.") % {"name": form.cleaned_data["supervisor"].name})
    return redirect("workstudy-post", found.pk)


class FloorForm(SentOnce):
    unit = forms.ChoiceField(
        label=pgettext_lazy("work-study", "For"), choices=FloorRow.Unit.choices, widget=forms.RadioSelect
    )
    amount = AmountField(label=gettext_lazy("At least, in yuan"))
    starts_on = forms.DateField(label=gettext_lazy("Holds from"), widget=DayInput())
    source = forms.CharField(label=gettext_lazy("Written where"), max_length=200)


def _floors(request: Any, here: str) -> HttpResponse:
    form = FloorForm(request.POST or None, initial={"starts_on": clock.today(), "client_id": uuid4()})
    if form.is_valid():
        try:
            posts.set_floor(request.actor, school=request.school, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("It holds from that day. Earlier days keep what held then."))
            return redirect(here)
    rows = queries.floor_rows(request.actor, request.school)
    context = {"form": form, "rows": list(rows), "law": rules.OF_THE_LAW, "back_form": ReasonForm()}
    return render(request, "workstudy/floors.html", context, status=422 if form.errors else 200)


@page(can=MANAGE)
def floors(request: Any) -> HttpResponse:
    return _floors(request, "workstudy-floors")


@page(can=FLOOR)
def county_floors(request: Any) -> HttpResponse:
    return _floors(request, "county-floors")


def _floor_back(request: Any, floor_id: int, here: str) -> HttpResponse:
    mine = FloorRow.objects.visible_to(request.actor).filter(school=request.school)
    row = get_object_or_404(mine.select_related("school"), pk=floor_id)
    posts.take_floor_back(request.actor, row=row, reason=request.POST.get("reason", ""))
    say(request, _("Taken back: it holds no longer."))
    return redirect(here)


@require_POST
@page(can=MANAGE)
def floor_back(request: Any, floor_id: int) -> HttpResponse:
    return _floor_back(request, floor_id, "workstudy-floors")


@require_POST
@page(can=FLOOR)
def county_floor_back(request: Any, floor_id: int) -> HttpResponse:
    return _floor_back(request, floor_id, "county-floors")


urlpatterns = [
    path("work/", home, name="workstudy"),
    path("work/new/", new, name="workstudy-new"),
    path("work/floors/", floors, name="workstudy-floors"),
    path("work/floors/<int:floor_id>/back/", floor_back, name="workstudy-floor-back"),
    path("county/work-floors/", county_floors, name="county-floors"),
    path("county/work-floors/<int:floor_id>/back/", county_floor_back, name="county-floor-back"),
    path("work/<int:post_id>/", post, name="workstudy-post"),
    path("work/<int:post_id>/hand-in/", hand_in, name="workstudy-hand-in"),
    path("work/<int:post_id>/end/", end, name="workstudy-end"),
    path("work/<int:post_id>/hand-over/", hand_over, name="workstudy-hand-over"),
    path("work/hours/<int:hours_id>/back/", hours_back, name="workstudy-hours-back"),
    path("work/months/<int:work_month_id>/check/", check, name="workstudy-check"),
    path("work/months/<int:work_month_id>/back/", send_back, name="workstudy-send-back"),
]
