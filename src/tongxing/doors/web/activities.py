"""What is offered with places: the groups of the term, one group, who would like to come and who has a place."""

import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tongxing.care.activities import actions, adults, event_actions, queries, rights
from tongxing.care.activities.models import Event, GroupVolunteer, Offer, SignUp
from tongxing.care.pairing.fixed_actions import ABILITY
from tongxing.care.pairing.models import Volunteer
from tongxing.care.pairing.proxies import ready_volunteers
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import SchoolClass, Student
from tongxing.ground.people.queries import term_calendar

from .activity_forms import REASONS, OfferForm, meets
from .page import apply_refusal, page, say

WEEK = datetime.timedelta(days=7)
DATES_SHOWN = 4


@page(can=rights.VIEW)
def activities(request: Any) -> HttpResponse:
    """One's own groups, what else is offered, and what is coming up."""
    if request.term is None:
        return render(request, "overview/no_term.html")
    found = queries.offers(request.actor, request.term)
    own = [offer for offer in found if offer.leader.user_id == request.actor.user_id]
    context = {
        "own": own,
        "offers": [offer for offer in found if offer not in own],
        "events": queries.coming_events(request.actor, request.term, clock.today()),
        "states": {offer.pk: state(offer) for offer in found},
        "meets": meets,
        "today": clock.today(),
        "manages": request.actor.may(rights.MANAGE, school_id=request.school.pk),
        "plans": request.actor.may(rights.HOLD, school_id=request.school.pk),
    }
    return render(request, "activities/activities.html", context)


def state(offer: Offer) -> tuple[str, str]:
    """How far it is, for everybody alike."""
    if offer.given_at is not None:
        return "rest", ngettext("%(n)s place", "%(n)s places", offer.places) % {"n": offer.places}
    if clock.today() > offer.wishes_until:
        return "due", _("the places can be given")
    days = (offer.wishes_until - clock.today()).days
    return "done", ngettext("wishes for %(n)s more day", "wishes for %(n)s more days", days + 1) % {
        "n": days + 1
    }


def offer_of(request: Any, offer_id: int) -> Offer:
    found = Offer.objects.visible_to(request.actor).filter(school=request.school)
    return get_object_or_404(found.select_related("leader", "term", "school"), pk=offer_id)


@page(can=rights.VIEW)
def activity(request: Any, offer_id: int) -> HttpResponse:
    offer = offer_of(request, offer_id)
    leads = rights.leads(request.actor, offer)
    events = queries.events_of(request.actor, offer)
    context = {
        "offer": offer,
        "group": queries.group(request.actor, offer),
        "meets": meets(offer),
        "state": state(offer),
        "leads": leads,
        "signs_up": request.actor.may(rights.SIGN_UP, school_id=offer.school_id),
        "manages": request.actor.may(rights.MANAGE, school_id=offer.school_id),
        "gives": leads and offer.given_at is None and clock.today() > offer.wishes_until,
        "reasons": REASONS,
        "helping": queries.volunteers_of(request.actor, offer),
        **dict.fromkeys(("ready", "why_not", "enters")),
        "events": events,
        "page_id": uuid4(),
        "today": clock.today(),
    }
    context |= _from_outside(request, offer) if leads and not offer.ended_on else {}
    return render(request, "activities/activity.html", context | _dates(offer, events, leads))


def _from_outside(request: Any, offer: Offer) -> dict[str, Any]:
    """For whoever leads: which volunteers could help too, and where they are entered."""
    helping = {row.volunteer_id for row in queries.volunteers_of(request.actor, offer)}
    return {
        "ready": [one for one in ready_volunteers(offer.school_id) if one.pk not in helping],
        "why_not": GroupVolunteer.Why.choices,
        "enters": request.actor.may(ABILITY, school_id=offer.school_id),
    }


def _dates(offer: Offer, events: list[Event], leads: bool) -> dict[str, Any]:
    """The next meetings; for whoever leads, the last one as long as nobody has ticked it."""
    calendar, today = term_calendar(offer.term), clock.today()
    last = queries.last_meeting(offer, calendar, today) if leads and offer.given_at else None
    known = {event.on for event in events if event.kind == Event.Kind.MEETING and event.ticked_at}
    return {
        "coming": queries.next_meetings(offer, calendar, today, DATES_SHOWN),
        "to_tick": last if last and last not in known else None,
    }


@page(can=rights.MANAGE)
def new(request: Any) -> HttpResponse:
    if request.term is None:
        raise Refused(_("There is no term yet: enter its dates in the settings first."))
    form = _form(request, {"wishes_until": clock.today() + WEEK, "kind": Offer.Kind.ART})
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        client_id = facts.pop("client_id")
        try:
            offer = actions.make_offer(request.actor, term=request.term, facts=facts, client_id=client_id)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Offered. Class teachers can put names down now."))
            return redirect("activity", offer.pk)
    return render(request, "activities/form.html", {"form": form}, status=422 if form.errors else 200)


@page(can=rights.MANAGE)
def change(request: Any, offer_id: int) -> HttpResponse:
    offer = offer_of(request, offer_id)
    form = _form(request, {name: getattr(offer, name) for name in actions.FACTS})
    if request.method == "POST" and form.is_valid():
        facts = {name: value for name, value in form.cleaned_data.items() if name != "client_id"}
        try:
            actions.change_offer(request.actor, offer=offer, facts=facts)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(request, _("Changed."))
            return redirect("activity", offer.pk)
    context = {"form": form, "offer": offer}
    return render(request, "activities/form.html", context, status=422 if form.errors else 200)


def _form(request: Any, initial: dict[str, Any]) -> OfferForm:
    classes = SchoolClass.objects.visible_to(request.actor).filter(school=request.school)
    if request.term:
        classes = classes.filter(year=request.term.year)
    grades = sorted(set(classes.values_list("grade", flat=True)))
    people = adults.to_choose(request.school.pk)
    return OfferForm(request.POST or None, adults=people, grades=grades, initial=initial)


@page(can=rights.SIGN_UP)
def names(request: Any, offer_id: int) -> HttpResponse:
    """Put names down for an offer: of one class at a time, whoever might like it on top."""
    offer = offer_of(request, offer_id)
    students = queries.own_students(request.actor, offer.school_id, offer.grades)
    classes, chosen, shown = one_class(request, students)
    if request.method == "POST":
        ticked = set(request.POST.getlist("student"))
        added = actions.wish(
            request.actor, offer=offer, students=[one for one in shown if str(one.pk) in ticked]
        )
        say(request, ngettext("%(n)s name noted.", "%(n)s names noted.", added) % {"n": added})
        return redirect("activity", offer.pk)
    context = {"offer": offer, "classes": classes, "chosen": chosen} | _suggested(request, offer, shown)
    return render(request, "activities/names.html", context)


def _suggested(request: Any, offer: Offer, students: list[Student]) -> dict[str, Any]:
    """The students of the page, whoever might like it on top, and whose name is down."""
    likes = queries.may_like(request.actor, offer, [student.pk for student in students])
    rows = SignUp.objects.visible_to(request.actor).open().filter(offer=offer)
    return {
        "students": sorted(students, key=lambda student: student.pk not in likes),
        "likes": likes,
        "noted": set(rows.values_list("student_id", flat=True)),
    }


def one_class(
    request: Any, students: list[Student], usual: int | None = None
) -> tuple[dict[int | None, str | None], int | None, list[Student]]:
    """The classes of these students, the one that is shown (asked for, `usual`, or the first), and who is in it."""
    classes = {student.class_id: student.class_name for student in students}
    wanted = request.POST.get("class") or request.GET.get("class") or str(usual)
    chosen = next((pk for pk in classes if str(pk) == wanted), next(iter(classes), None))
    return classes, chosen, [student for student in students if student.class_id == chosen]


@page(can=rights.VIEW)
@require_POST
def give(request: Any, offer_id: int) -> HttpResponse:
    offer = offer_of(request, offer_id)
    actions.give_places(request.actor, offer=offer)
    say(request, _("The places are given. A place that becomes free goes to the next by itself."))
    return redirect("activity", offer.pk)


@page(can=rights.VIEW)
@require_POST
def leave(request: Any, sign_up_id: int) -> HttpResponse:
    rows = SignUp.objects.visible_to(request.actor).filter(school=request.school)
    sign_up = get_object_or_404(rows.select_related("offer__leader", "student"), pk=sign_up_id)
    actions.leave(request.actor, sign_up=sign_up, why=request.POST.get("why", ""))
    say(request, _("Noted. %(name)s is welcome to wish again.") % {"name": sign_up.student.name})
    return redirect("activity", sign_up.offer_id)


@page(can=rights.VIEW)
@require_POST
def volunteer(request: Any, offer_id: int) -> HttpResponse:
    """A volunteer from outside helps to lead the group."""
    offer, wanted = offer_of(request, offer_id), request.POST.get("volunteer", "")
    rights.require_leads(request.actor, offer)
    found = Volunteer.objects.filter(school=request.school, pk=wanted if wanted.isdecimal() else None).first()
    if found is None:
        raise Refused(_("Please choose who helps."))
    adults.add_volunteer(request.actor, offer=offer, volunteer=found)
    say(
        request, _("%(name)s helps in this group now, always beside whoever leads it.") % {"name": found.name}
    )
    return redirect("activity", offer.pk)


@page(can=rights.VIEW)
@require_POST
def volunteer_end(request: Any, offer_id: int) -> HttpResponse:
    offer, wanted = offer_of(request, offer_id), request.POST.get("row", "")
    rows = offer.volunteers.visible_to(request.actor).select_related("offer__leader", "volunteer")
    row = get_object_or_404(rows, pk=wanted if wanted.isdecimal() else None)
    adults.end_volunteer(request.actor, row=row, why=request.POST.get("why", ""))
    say(request, _("Noted. Thank you to %(name)s.") % {"name": row.volunteer.name})
    return redirect("activity", offer.pk)


@page(can=rights.MANAGE)
@require_POST
def end(request: Any, offer_id: int) -> HttpResponse:
    offer = offer_of(request, offer_id)
    actions.end_offer(request.actor, offer=offer, reason=request.POST.get("reason", ""))
    say(request, _("The offer has ended. What was held stays in the files."))
    return redirect("activities")


@page(can=rights.VIEW)
@require_POST
def meet(request: Any, offer_id: int) -> HttpResponse:
    """To the page on which the group is ticked, for a day."""
    offer = offer_of(request, offer_id)
    try:
        on = datetime.date.fromisoformat(request.POST.get("on", ""))
    except ValueError:
        raise Refused(_("Please choose the day.")) from None
    event = event_actions.meet(request.actor, offer=offer, on=on, client_id=uuid4())
    return redirect("event-tick", event.pk)


urlpatterns = [
    path("activities/", activities, name="activities"),
    path("activities/new/", new, name="activity-new"),
    path("activities/<int:offer_id>/", activity, name="activity"),
    path("activities/<int:offer_id>/change/", change, name="activity-change"),
    path("activities/<int:offer_id>/names/", names, name="activity-names"),
    path("activities/<int:offer_id>/give/", give, name="activity-give"),
    path("activities/<int:offer_id>/end/", end, name="activity-end"),
    path("activities/<int:offer_id>/meet/", meet, name="activity-meet"),
    path("activities/<int:offer_id>/volunteer/", volunteer, name="activity-volunteer"),
    path("activities/<int:offer_id>/volunteer/end/", volunteer_end, name="activity-volunteer-end"),
    path("sign-ups/<int:sign_up_id>/leave/", leave, name="sign-up-leave"),
]
