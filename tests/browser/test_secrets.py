"""Fifty sentences that must not be found on a phone: planted all over, looked for in everything a browser keeps."""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.promised import pair
from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.drafts import keep
from tongxing.care.contacts.models import Contact, Visibility
from tongxing.care.contacts.thanks import thank
from tongxing.ground.people.models import Guardian

from .conftest import until
from .test_day_offline import take_along
from .test_half_written import HOW_MANY
from .test_offline import DUMP, WAITING, all_sent, ready

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]

SECRETS = 50


class Planting:
    """Gives one sentence after the other; each is found by its own few characters."""

    def __init__(self) -> None:
        self.planted: list[str] = []

    def __call__(self, length: int = 9) -> str:
        word = f"藏{len(self.planted):02}密"
        self.planted.append(word)
        return (word + "在这里的话")[:length]


def planted_school(cast, plant: Planting) -> list:
    """Names, families, records of the team and for the counsellor, drafts, thanks."""
    students = [cast.students.key]
    for _number in range(4):
        student = cast.add_student(plant(4), cast.class_one, "key")
        pair(cast, student, "helper")
        cast.grant("helper", "helper", student=student)
        students.append(student)
    for student in students:
        facts = {"relation": "mother", "away_place": plant(), "best_time": plant(), "phone_masked": plant()}
        Guardian.objects.create(school=cast.school, student=student, name=plant(4), **facts)
        for visibility in (Visibility.TEAM, Visibility.COUNSELLOR):
            told = Told({"thoughts": plant(), "promise": plant()}, channel="in_person", reached=["student"])
            contact = write_contact(
                cast.actor("helper"),
                student=student,
                client_id=uuid4(),
                kind="talk",
                told=told,
                visibility=visibility,
            )
            if visibility == Visibility.TEAM and student is students[0]:
                thank(cast.actor("class_teacher"), contact=contact, words=plant())
    keep(cast.actor("helper"), student=students[1], kind="visit", typed={"home": [plant()]})
    return students


def test_no_secret_can_be_read_on_the_phone_signed_in_or_out(promised, open_as):
    plant = Planting()
    students = planted_school(promised, plant)
    page = open_as("helper")
    take_along(page)
    for address in (
        *(reverse("student", args=[student.pk]) for student in students),
        *(reverse("record", args=[contact.pk]) for contact in Contact.objects.all()[:4]),
        f"{reverse('search')}?q={plant.planted[0]}",
        *(reverse(name) for name in ("students", "reminders", "highlights", "record-grid", "waiting")),
    ):
        page.goto(address)
    assert plant.planted[0] in page.goto(reverse("students")).text(), "what is looked for was on the screen"
    ready(page)
    page.context.set_offline(True)
    write_on_the_phone(page, students, plant)
    assert len(plant.planted) >= SECRETS
    assert found(page, plant) == [], "signed in, with items that wait and some half written"

    page.evaluate("secret => localStorage.setItem('leak', secret)", plant.planted[7])
    assert found(page, plant) == [plant.planted[7]], "a leak would be seen"
    page.evaluate("localStorage.removeItem('leak')")

    page.goto(reverse("week"))
    page.context.set_offline(False)
    expect(page.get_by_text("现在没有网络")).to_be_hidden(timeout=15_000)
    all_sent(page)
    page.evaluate("document.querySelector('[data-sign-out]').requestSubmit()")
    page.wait_for_url("**/waiting/?leaving")  # two are half written
    expect(page.locator("#half-written li")).to_have_count(2)
    page.evaluate("document.querySelector('[data-anyway]').click()")
    page.wait_for_url("**" + reverse("sign-in"))
    assert found(page, plant) == [], "signed out"


def write_on_the_phone(page, students, plant: Planting) -> None:
    """Talks and a call for help that wait, and visits that are half written."""
    for student in students[:3]:
        page.goto(f"{reverse('record-new', args=[student.pk])}?kind=talk")
        for question in ("thoughts", "difficulties", "improvement", "promise", "life"):
            page.locator("form.record details").evaluate_all("all => all.forEach((one) => (one.open = true))")
            page.fill(f"[name={question}]", plant())
        page.click(".save-bar .btn.main")
        expect(page.locator("#offline-said")).to_contain_text("已存在这台设备上")
    page.goto(f"{reverse('request-for', args=[students[0].pk])}?about=hurt")
    page.fill("[name=text]", plant())
    page.click(".save-bar .btn.main")
    expect(page.locator("#offline-said")).to_contain_text("已存在这台设备上")
    expect(page.locator(WAITING)).to_have_text("4")
    for student in students[3:]:
        page.goto(f"{reverse('record-new', args=[student.pk])}?kind=visit")
        page.locator("form.record details").evaluate_all("all => all.forEach((one) => (one.open = true))")
        for question in page.locator("form.record textarea").all():
            question.fill(plant())
        until(page, HOW_MANY, students.index(student) - 2)


def found(page, plant: Planting) -> list[str]:
    kept = page.evaluate(DUMP)
    assert "icons.svg" in kept, "the caches were looked at"
    return [secret for secret in plant.planted if secret in kept]
