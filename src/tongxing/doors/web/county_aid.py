"""Aid in the schools of a county: sums alone."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path

from tongxing.aid.subsidies.models_projects import COUNTY
from tongxing.ground.kernel import clock
from tongxing.oversight.insight.county_aid import county_aid

from .page import page


@page(can=COUNTY)
def aid(request: Any) -> HttpResponse:
    sums = county_aid(request.actor, request.school, clock.today())
    return render(request, "county/aid.html", {"schools": sums, "moment": clock.now()})


urlpatterns = [path("county/aid/", aid, name="county-aid")]
