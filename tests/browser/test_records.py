"""A talk on a phone: written without JavaScript, nothing lost on the way, readable for everyone who may."""

from uuid import UUID

import pytest
from django.urls import reverse

from tongxing.care.contacts import actions
from tongxing.care.contacts.actions import Told
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel.actor import SYSTEM

from .conftest import overflow

THOUGHTS = "数学作业 3 次未交，说晚上要照看弟弟。"


def address(cast, name="record-new"):
    return reverse(name, args=[cast.students.key.pk])


def test_a_talk_is_written_on_a_phone_without_scripts(open_as, cast):
    page = open_as("helper", scripts=False)
    page.goto(address(cast, "student"))
    page.click(".save-bar > a")
    page.fill("[name=thoughts]", THOUGHTS)
    page.click("text=下周一")
    page.click(".save-bar .btn.main")
    assert page.locator(".message.success").inner_text().strip().startswith("周晓禾")
    contact = Contact.objects.get()
    assert (
        contact.revisions.get().body == {"thoughts": THOUGHTS} and contact.next_on.isoformat() == "2026-11-30"
    )


def test_enter_saves_and_switching_the_kind_loses_no_word(open_as, cast):
    page = open_as("helper")
    page.goto(address(cast))
    page.fill("[name=thoughts]", THOUGHTS)
    page.click("button[value=visit]")
    page.fill("[name=weekend]", "周六去集市帮忙")
    page.click("button[value=talk]")
    assert page.input_value("[name=thoughts]") == THOUGHTS
    page.fill("[name=promise]", "补交作业")
    page.press("[name=promise]", "Enter")
    page.wait_for_url("**" + reverse("week"))
    assert Contact.objects.get().kind == "talk"


def test_an_earlier_day_is_asked_for_only_when_it_was_earlier(open_as, cast):
    page = open_as("helper")
    page.goto(address(cast))
    assert not page.is_visible("[name=day]") and not page.is_visible("[name=next_day]")
    page.check("[name=when][value=earlier]")
    page.check("[name=next][value=date]")
    assert page.is_visible("[name=day]") and page.is_visible("[name=next_day]")


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)], ids=["phone", "dark desktop"])
def test_every_kind_and_a_student_with_records_can_be_read_by_everyone(
    open_as, cast, check_axe, look, width, dark
):
    for number, visibility in enumerate(["team", "counsellor"]):
        actions.write_contact(
            SYSTEM,
            student=cast.students.key,
            client_id=UUID(int=number),
            kind="talk",
            told=Told(
                {"thoughts": THOUGHTS, "promise": "本周五前补交两次作业"}, reached=["student"], minutes=15
            ),
            staff=cast.staff["helper"],
            visibility=visibility,
        )
    page = open_as("helper", width=width, dark=dark)
    kinds = {kind: f"{address(cast)}?kind={kind}" for kind in ("talk", "visit", "call", "highlight")}
    for name, place in {"student-with-records": address(cast, "student"), **kinds}.items():
        page.goto(place)
        assert overflow(page) <= 0, f"{name} is too wide"
        check_axe(page)
        if not dark:
            look(page, name)
