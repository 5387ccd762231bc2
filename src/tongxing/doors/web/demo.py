"""One click to be anyone in the demo school. Exists only where mode and every organisation say that it is a demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import helpers_only
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Registration

from .page import page


def is_demo() -> bool:
    """Never for a database that holds a real school, whatever the environment says."""
    if settings.MODE != "demo":
        return False
    kinds = set(Organisation.objects.values_list("is_demo", flat=True).distinct())
    return kinds == {True}


def people() -> list[tuple[Role, Grant]]:
    """For each role the person to try it with; nobody outside the demo."""
    if not is_demo():
        return []
    today = clock.today()
    key = Registration.objects.on(today).filter(level=Registration.Level.KEY).values("student")
    found: dict[str, Grant] = {}
    held = Grant.objects.on(today).exclude(role=Role.COUNTY_NAMED)
    grants = held.select_related("user", "school_class").order_by("pk")
    # the demo's story leaves this helper's talk of the week to the visitor
    helper = helpers_only(today).filter(student__in=key).first()
    for grant in [*([helper] if helper else []), *grants]:
        found.setdefault(grant.role, grant)
    return [(role, found[role]) for role in Role if role in found]


def people_elsewhere() -> dict[str, Grant]:
    """By the code of its button, for each role of a second school the person to try it with."""
    here = dict(people())
    if Role.HEAD not in here:
        return {}
    others = Grant.objects.on(clock.today()).filter(school__kind=Organisation.Kind.SCHOOL)
    others = others.exclude(school=here[Role.HEAD].school_id).select_related("user", "school").order_by("pk")
    found: dict[str, Grant] = {}
    for grant in others:
        found.setdefault(f"{grant.role}-{grant.school_id}", grant)
    return found


@require_POST
@page(public=True)
def become(request: Any, role: str) -> HttpResponse:
    """Sign in as the demo person of a role."""
    for offered, grant in [*people(), *people_elsewhere().items()]:
        if offered == role:
            login(request, grant.user)
            return redirect("home")
    raise Http404


urlpatterns = [path("demo/<str:role>/", become, name="demo-become")]
