"""One click to be anyone in the demo school. Exists only where mode and every organisation say that it is a demo."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.views.decorators.http import require_POST

from tongxing.ground.access.models import Grant
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
    grants = Grant.objects.on(today).select_related("user", "school_class").order_by("pk")
    for grant in [*grants.filter(role=Role.HELPER, student__in=key), *grants.exclude(role=Role.HELPER)]:
        found.setdefault(grant.role, grant)
    leading = {grant.user_id for role, grant in found.items() if role != Role.HELPER}
    if Role.HELPER in found and found[Role.HELPER].user_id in leading:
        others = grants.filter(role=Role.HELPER, student__in=key).exclude(user__in=_with_other_roles(today))
        found[Role.HELPER] = others.first() or found[Role.HELPER]
    return [(role, found[role]) for role in Role if role in found]


def _with_other_roles(today: Any) -> Any:
    return Grant.objects.on(today).exclude(role=Role.HELPER).values("user")


@require_POST
@page(public=True)
def become(request: Any, role: str) -> HttpResponse:
    """Sign in as the demo person of a role."""
    for offered, grant in people():
        if offered == role:
            login(request, grant.user)
            return redirect("home")
    raise Http404


urlpatterns = [path("demo/<str:role>/", become, name="demo-become")]
