"""Photos of a group: seen by whoever may open the activity, added by whoever holds it, taken down for good."""

from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.activities import photos, rights
from tongxing.care.activities.models import Event, GroupPhoto
from tongxing.ground.files.rules import LARGEST_PICTURE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import Unreadable
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.models import Student

from .events import event_of
from .files import handed_out
from .page import apply_refusal, page, say

#: Why somebody takes a photo down; a withdrawn consent does it by itself.
WHY = [(why.value, why.label) for why in (GroupPhoto.Why.ASKED, GroupPhoto.Why.WRONG, GroupPhoto.Why.MISTAKE)]


class PhotoForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    files = forms.FileField(  # type: ignore[assignment]  # the name under which files are examined
        label=gettext_lazy("The photo"),
        error_messages={
            "required": gettext_lazy("Please choose a photo."),
            "empty": gettext_lazy("This file is empty."),
        },
        widget=forms.ClearableFileInput(
            {
                "accept": "image/jpeg,image/png,image/webp",
                "data-preparing": gettext_lazy("Making the photos smaller …"),
            }
        ),
    )
    seen = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Who can be seen?"), queryset=Student.objects.none(), required=False
    )
    nobody = forms.BooleanField(
        label=gettext_lazy("Nobody can be recognised: hands, work, from behind"), required=False
    )

    def __init__(self, *args: Any, there: QuerySet[Student], **kwargs: Any) -> None:
        super().__init__(*args, initial={"client_id": uuid4()}, **kwargs)
        field: Any = self.fields["seen"]
        field.queryset = there


@page(can=rights.VIEW)
def of_event(request: Any, event_id: int) -> HttpResponse:
    """The photos; for whoever holds the event one more (POST), after reading who is not in the picture."""
    event = event_of(request, event_id)
    holds = rights.holds(request.actor, event)
    form = _form(request, event) if holds else None
    if form is not None and form.is_valid() and _added(request, event, form):
        say(
            request, _("Added. Every family that agreed can change its mind; then the photo is gone at once.")
        )
        return redirect("event-photos", event.pk)
    may, may_not = photos.may_be_seen(event) if holds else ([], [])
    context = {
        "event": event,
        "photos": photos.photos_of(request.actor, event),
        "form": form if holds and event.on <= clock.today() and not event.cancelled_at else None,
        "may": may,
        "may_not": may_not,
        "ticked": set(request.POST.getlist("seen")),
        "holds": holds,
        "why": WHY,
    }
    wrong = form is not None and bool(form.errors)
    return render(request, "activities/photos.html", context, status=422 if wrong else 200)


def _form(request: Any, event: Event) -> PhotoForm:
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    return PhotoForm(*sent, there=Student.objects.filter(pk__in=photos.there(event)))


def _added(request: Any, event: Event, form: PhotoForm) -> bool:
    told = form.cleaned_data
    try:
        photos.add(
            request.actor,
            event=event,
            content=told["files"].read(LARGEST_PICTURE + 1),
            seen=list(told["seen"]),
            nobody=told["nobody"],
            client_id=told["client_id"],
        )
    except Refused as refusal:
        apply_refusal(form, refusal)
        return False
    return True


def _photo(request: Any, photo_id: int) -> GroupPhoto:
    found = GroupPhoto.objects.visible_to(request.actor).standing().filter(school=request.school)
    return get_object_or_404(found.select_related("event__leader", "event__offer__leader"), pk=photo_id)


@page(can=rights.VIEW)
def picture(request: Any, photo_id: int) -> HttpResponse:
    photo = _photo(request, photo_id)
    try:
        content = photos.open_photo(request.actor, photo=photo)
    except Unreadable:
        raise Http404 from None
    return handed_out(content, "image/jpeg", str(photo.pk))


@page(can=rights.VIEW)
@require_POST
def down(request: Any, photo_id: int) -> HttpResponse:
    photo = _photo(request, photo_id)
    photos.take_down(request.actor, photo=photo, why=request.POST.get("why", ""))
    say(request, _("Taken down. The photo is gone for good."))
    return redirect("event-photos", photo.event_id)


urlpatterns = [
    path("activities/events/<int:event_id>/photos/", of_event, name="event-photos"),
    path("activities/photos/<int:photo_id>/", picture, name="group-photo"),
    path("activities/photos/<int:photo_id>/down/", down, name="group-photo-down"),
]
