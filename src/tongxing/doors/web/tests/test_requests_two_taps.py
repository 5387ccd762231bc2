"""Asking in two taps: a topic on the first page or on the child's, then send; who reads it is said in between."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.requests.models import HelpRequest

from .test_requests import main_of


def tapped(client, first, topic):
    """The page behind a topic on `first`, and where its form goes, as a thumb finds them."""
    html = main_of(client.get(first, follow=True).content.decode()).replace("&amp;", "&")
    (address,) = {one for one in re.findall(r'href="([^"]+)"', html) if f"?about={topic}" in one}
    return address, client.get(address).content.decode()


@pytest.mark.parametrize("by", ["student", "guardian", "helper"])
def test_from_the_first_page_or_the_childs_two_taps_ask_without_a_word(cast, by):
    first = reverse("student", args=[cast.students.key.pk]) if by == "helper" else "/"
    address, form = tapped(cast.client(by), first, "studying")
    assert form.index("林岚") < form.index("<textarea")  # who reads it is said first
    topic, client_id = (
        re.search(rf'name="{name}" value="([^"]+)"', form)[1] for name in ("topic", "client_id")
    )
    assert not HelpRequest.objects.exists()
    cast.client(by).post(address, {"topic": topic, "client_id": client_id})
    asked = HelpRequest.objects.get()
    assert (asked.topic, asked.student, asked.holder) == ("studying", cast.students.key, cast.users["helper"])


@pytest.mark.usefixtures("named")
def test_what_hurts_has_its_own_page_from_there_too_and_goes_to_nobody_near(cast):
    address, form = tapped(cast.client("student"), "/", "hurt")
    assert "唐雨" not in main_of(form) and "班主任看不到" in main_of(form)
    cast.client("student").post(address, {"topic": "hurt", "client_id": uuid4()})
    assert HelpRequest.objects.get().in_safety


def test_whoever_may_not_ask_for_a_child_is_shown_no_topic(cast):
    client = cast.client("system_admin")
    assert client.get(reverse("request-for", args=[cast.students.key.pk])).status_code in {403, 404}
    assert "?about=" not in client.get("/", follow=True).content.decode()
