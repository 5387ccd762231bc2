"""The county's page: sums per school, no child, no rank."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from tongxing.ground.kernel import clock
from tongxing.oversight.insight.county import county_sums

from .page import page


@page(can="county.view")
def county(request: Any) -> HttpResponse:
    moment = clock.now()
    sums = county_sums(request.actor, request.school, moment)
    return render(request, "county/county.html", {"schools": sums, "moment": moment})


urlpatterns = [path("county/", county, name="county")]
