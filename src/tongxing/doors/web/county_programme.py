"""The county's programme: its versions, the draft and its points, and how far each school has made it its own."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from tongxing.care.programme import wording
from tongxing.oversight.county import programme as actions
from tongxing.oversight.county.comparing import newest, schools_with
from tongxing.oversight.county.models import CountyPoint, CountyVersion
from tongxing.oversight.county.scoping import MANAGE, TITLE, VIEW, WORDS

from .county_frame import done, status
from .ledger_frame import SentOnce
from .page import page, say
from .promise_forms import TermsForm


class BeginForm(SentOnce):
    name = forms.CharField(label=pgettext_lazy("programme", "Its name"), max_length=TITLE)


class PublishForm(forms.Form):
    changed = forms.CharField(label=gettext_lazy("What is new, in a line"), max_length=WORDS)

    def __init__(self, data: Any, version: CountyVersion) -> None:
        super().__init__(data)
        if version.number == 1:
            del self.fields["changed"]


class PointForm(TermsForm):
    """What the county asks at least; when it begins is each school's calendar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("starts_on", "reason"):
            del self.fields[name]


def _versions(request: Any) -> Any:
    return CountyVersion.objects.visible_to(request.actor).filter(school=request.school)


def _draft_points(request: Any) -> Any:
    mine = CountyPoint.objects.visible_to(request.actor).filter(school=request.school)
    return mine.filter(version__published_at=None).select_related("version")


@page(can=VIEW)
def programme(request: Any, begin: BeginForm | None = None) -> HttpResponse:
    """The version that holds, school by school, and the draft of the next."""
    now = newest(request.school)
    form = begin or BeginForm(initial={"name": now.name if now else ""})
    context = {
        "now": now,
        "versions": _versions(request),
        "schools": schools_with(request.actor, request.school, now) if now else [],
        "form": form,
        "writes": request.actor.may(MANAGE, school_id=request.school.pk),
    }
    return render(request, "county/programme.html", context, status=status(form))


@require_POST
@page(can=MANAGE)
def begin(request: Any) -> HttpResponse:
    form = BeginForm(request.POST)
    made = done(form, lambda **told: actions.begin(request.actor, county=request.school, **told))
    if made is None:
        return programme(request, form)
    say(request, _("The draft stands; the schools do not see it yet."))
    return redirect("county-version", made.pk)


@page(can=VIEW)
def version(request: Any, county_version_id: int, publish: PublishForm | None = None) -> HttpResponse:
    found = get_object_or_404(_versions(request), pk=county_version_id)
    is_draft = found.published_at is None
    points = list(found.points.all() if is_draft else found.points.filter(left_out=False))
    form = publish or PublishForm(None, found)
    context = {
        "version": found,
        "points": [(one, wording.sentence(one)) for one in points],
        "writes": is_draft and request.actor.may(MANAGE, school_id=request.school.pk),
        "form": form,
    }
    return render(request, "county/version.html", context, status=status(form))


@require_POST
@page(can=MANAGE)
def publish(request: Any, county_version_id: int) -> HttpResponse:
    found = get_object_or_404(_versions(request), pk=county_version_id)
    form = PublishForm(request.POST, found)
    if done(form, lambda **told: actions.publish(request.actor, version=found, **told)) is None:
        return version(request, found.pk, form)
    say(request, _("Published. Heads and offices of the schools find it among their reminders."))
    return redirect("county-programme")


@page(can=MANAGE)
def new_point(request: Any, county_version_id: int) -> HttpResponse:
    found = get_object_or_404(_versions(request).filter(published_at=None), pk=county_version_id)
    form = PointForm.asked(request)

    def added(**told: Any) -> CountyPoint:
        return actions.add_point(
            request.actor, version=found, client_id=told["client_id"], terms=form.terms()
        )

    made = done(form, added) if request.method == "POST" else None
    if made:
        return redirect("county-version", found.pk)
    return render(request, "county/point.html", {"form": form, "version": found}, status=status(form))


@page(can=MANAGE)
def point(request: Any, county_point_id: int) -> HttpResponse:
    found = get_object_or_404(_draft_points(request), pk=county_point_id)
    form = PointForm.asked(request, found)

    def changed(**_told: Any) -> CountyPoint:
        return actions.change_point(request.actor, point=found, terms=form.terms())

    kept = done(form, changed) if request.method == "POST" else None
    if kept:
        return redirect("county-version", found.version_id)
    context = {"form": form, "version": found.version, "point": found}
    return render(request, "county/point.html", context, status=status(form))


@require_POST
@page(can=MANAGE)
def leave_out(request: Any, county_point_id: int) -> HttpResponse:
    """Out of the draft; with `back` in again."""
    found = get_object_or_404(_draft_points(request), pk=county_point_id)
    out = "back" not in request.POST
    actions.leave_out(request.actor, point=found, left_out=out)
    if out:
        say(request, _("Left out."), undo=f"{reverse('county-point-out', args=[found.pk])}?back=1")
    return redirect("county-version", found.version_id)


urlpatterns = [
    path("county/programme/", programme, name="county-programme"),
    path("county/programme/begin/", begin, name="county-programme-begin"),
    path("county/programme/<int:county_version_id>/", version, name="county-version"),
    path("county/programme/<int:county_version_id>/publish/", publish, name="county-version-publish"),
    path("county/programme/<int:county_version_id>/points/new/", new_point, name="county-point-new"),
    path("county/points/<int:county_point_id>/", point, name="county-point"),
    path("county/points/<int:county_point_id>/out/", leave_out, name="county-point-out"),
]
