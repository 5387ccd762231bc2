"""What wants attention: messages and what is due, on the page, by e-mail and in one's own calendar."""

import datetime
from collections import Counter
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from icalendar import Calendar, Event
from icalendar.enums import CLASS

from tongxing.care.counselling.room_calendar import Booked, booked
from tongxing.care.programme.reminders import Reminder, reminders_of
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.outbox import actions, rules
from tongxing.ground.outbox.models import Feed, MailAddress, Message
from tongxing.oversight.notices import queries as notices
from tongxing.oversight.notices.decided import mine as decided

from .page import apply_refusal, page, say

#: Read messages shown below the new ones.
READ_SHOWN = 30


class MailForm(forms.Form):
    address = forms.EmailField(
        label=gettext_lazy("E-mail address"), widget=forms.EmailInput({"autocomplete": "email"})
    )
    quiet_from = forms.TimeField(
        label=gettext_lazy("Quiet from"),
        initial=rules.QUIET_FROM,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=gettext_lazy("Until"),
        initial=rules.QUIET_UNTIL,
        widget=forms.TimeInput({"type": "time"}, "%H:%M"),
    )


@page(signed_in=True)
def reminders(request: Any) -> HttpResponse:
    mine = Message.objects.visible_to(request.actor)
    context = {
        "fresh": mine.unread(),
        "read": mine.exclude(read_at=None)[:READ_SHOWN],
        "waiting": reminders_of(request.actor, clock.now()),
        "decided": decided(request.actor),
        "to_confirm": notices.waiting(request.actor),
    }
    return render(request, "reminders/list.html", context)


@page(signed_in=True)
def message(request: Any, message_id: int) -> HttpResponse:
    """Open a message: it counts as read, and its page opens."""
    found = get_object_or_404(Message.objects.visible_to(request.actor), pk=message_id)
    actions.mark_read(request.actor, found)
    return redirect(found.href)


@require_POST
@page(signed_in=True)
def read_all(request: Any) -> HttpResponse:
    actions.mark_all_read(request.actor)
    return redirect("reminders")


@page(signed_in=True)
def choose(request: Any) -> HttpResponse:
    """Where one wants reminders, and when not."""
    known = MailAddress.objects.filter(user=request.user).first()
    form = MailForm(request.POST or None, initial=_initial(known))
    if request.method == "POST" and form.is_valid():
        try:
            known = actions.set_mail(request.actor, **form.cleaned_data)
        except Refused as refusal:
            apply_refusal(form, refusal)
        else:
            say(
                request,
                _("Saved.") if known.confirmed_at else _("Please open the link in the mail we just sent."),
            )
            return redirect("reminders-settings")
    return _settings_page(request, known, form)


def _initial(known: MailAddress | None) -> dict[str, Any]:
    names = ("address", "quiet_from", "quiet_until")
    return {name: getattr(known, name) for name in names} if known else {}


def _settings_page(
    request: Any, known: MailAddress | None, form: MailForm, feed_address: str = ""
) -> HttpResponse:
    context = {
        "known": known,
        "form": form,
        "sends_mail": settings.MAIL,
        "feed": Feed.objects.filter(user=request.user).first(),
        "feed_address": feed_address,
    }
    return render(request, "reminders/settings.html", context, status=422 if form.errors else 200)


@page(signed_in=True)
def confirm_mail(request: Any, token: str) -> HttpResponse:
    actions.confirm_mail(request.actor, token)
    say(request, _("The address is confirmed. Reminders come there from now on."))
    return redirect("reminders-settings")


@require_POST
@page(signed_in=True)
def stop_mail(request: Any) -> HttpResponse:
    actions.stop_mail(request.actor)
    say(request, _("No more mail. The address is forgotten."))
    return redirect("reminders-settings")


@require_POST
@page(signed_in=True)
def open_feed(request: Any) -> HttpResponse:
    """A new address for the own calendar, shown once."""
    secret = actions.open_feed(request.actor)
    known = MailAddress.objects.filter(user=request.user).first()
    address = request.build_absolute_uri(reverse("feed", args=[secret]))
    return _settings_page(request, known, MailForm(initial=_initial(known)), address)


@require_POST
@page(signed_in=True)
def close_feed(request: Any) -> HttpResponse:
    actions.close_feed(request.actor)
    say(request, _("The calendar address opens nothing any more."))
    return redirect("reminders-settings")


@page(public=True)
def feed(request: Any, secret: str) -> HttpResponse:
    """The calendar behind a secret address: how many wait and when, never who."""
    owner = actions.feed_owner(secret)
    if owner is None:
        raise Http404
    actor = actor_for(owner)
    waiting, talks = reminders_of(actor, clock.now()), booked(actor, clock.now())
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        body = calendar_of(waiting, talks, owner.pk, request.build_absolute_uri(reverse("home")))
    return HttpResponse(
        body, content_type="text/calendar; charset=utf-8", headers={"Cache-Control": "no-store"}
    )


def calendar_of(waiting: list[Reminder], talks: list[Booked], owner: int, address: str) -> bytes:
    """RFC 5545: one all-day event per day and kind of waiting, at the same UID while the day stays; and, for whoever
    keeps the counselling room, when and in which room it is taken."""
    calendar = Calendar.new(prodid="-//Tongxing//Reminders//", name=_("Tongxing"))
    for (day, agreed), number in sorted(Counter((one.on, one.agreed) for one in waiting).items()):
        kind = "agreed" if agreed else "waiting"
        calendar.add_component(
            Event.new(
                uid=f"{kind}-{day:%Y%m%d}-{owner}@tongxing",
                start=day,
                end=day + datetime.timedelta(days=1),
                summary=_summary(number, agreed),
                url=address,
                stamp=clock.now(),
            )
        )
    for talk in talks:
        calendar.add_component(
            Event.new(
                uid=f"talk-{talk.uid}@tongxing",
                start=talk.at.astimezone(datetime.UTC),
                end=talk.until.astimezone(datetime.UTC),
                summary=_("Counselling appointment"),
                location=talk.room or None,
                classification=CLASS.PRIVATE,
                stamp=clock.now(),
            )
        )
    return calendar.to_ical()


def _summary(number: int, agreed: bool) -> str:
    if agreed:
        words = ngettext("%(n)s student: you agreed to meet", "%(n)s students: you agreed to meet", number)
    else:
        words = ngettext(
            "%(n)s student waits for you by today", "%(n)s students wait for you by today", number
        )
    return words % {"n": number}


urlpatterns = [
    path("reminders/", reminders, name="reminders"),
    path("reminders/read/", read_all, name="reminders-read"),
    path("reminders/settings/", choose, name="reminders-settings"),
    path("reminders/settings/no-mail/", stop_mail, name="mail-stop"),
    path("reminders/settings/confirm/<str:token>/", confirm_mail, name="mail-confirm"),
    path("reminders/settings/calendar/", open_feed, name="feed-open"),
    path("reminders/settings/calendar/close/", close_feed, name="feed-close"),
    path("reminders/<int:message_id>/", message, name="message"),
    path("feed/<str:secret>.ics", feed, name="feed"),
]
