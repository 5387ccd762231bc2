"""A photo leaves its place, its device and its size behind on the phone, whichever form it is chosen in."""

import io

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import expect

from tongxing.care.activities import photos
from tongxing.care.activities.tests.school import TODAY, after_a_visit, agreed
from tongxing.care.requests.models import LetterBox
from tongxing.doors.web import event_photos, requests_asking, requests_boxes
from tongxing.ground.files.tests.pictures import from_a_phone

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "IMG_周晓禾.jpg"
    path.write_bytes(from_a_phone())
    assert b"SecretPhone" in path.read_bytes()
    return path


def arrives_small(came: list[bytes]) -> bool:
    (sent,) = came
    picture = Image.open(io.BytesIO(sent))
    return (
        b"Secret" not in sent
        and not picture.getexif()
        and picture.size == (800, 1600)
        and len(sent) < 100_000
    )


def test_a_photo_of_a_group_is_made_small_before_it_is_sent(open_as, cast, photo, monkeypatch):
    event = after_a_visit(cast)
    agreed(cast.students.key, purpose="photo")
    came, add = [], photos.add
    monkeypatch.setattr(
        event_photos.photos,
        "add",
        lambda *by, content, **told: came.append(content) or add(*by, content=content, **told),
    )
    page = open_as("coordinator")
    page.goto(reverse("event-photos", args=[event.pk]))
    page.get_by_text("周晓禾", exact=True).last.click()
    page.set_input_files("[type=file]", photo)
    page.get_by_role("button", name="传上去").click()
    expect(page.locator("figure.photo")).to_be_visible()
    assert arrives_small(came)


def test_a_child_and_whoever_keys_in_a_slip_send_small_photos_too(open_as, cast, photo, monkeypatch):
    came = []
    for module in (requests_asking, requests_boxes):
        contents = module.contents_of
        monkeypatch.setattr(
            module, "contents_of", lambda request, of=contents: came.extend(of(request)) or came[:]
        )
    box = LetterBox.objects.create(school=cast.school, place="教学楼一楼", starts_on=TODAY)
    page = open_as("coordinator")
    page.goto(reverse("box-slip", args=[box.pk]))
    page.fill("[name=text]", "想换一个座位")
    page.locator("[name=topic][value=other]").check(force=True)
    page.locator("form details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.set_input_files("#files", photo)
    page.get_by_role("button", name="交出去").click()
    expect(page.locator(".message.success")).to_be_visible()
    assert arrives_small(came)

    came.clear()
    page = open_as("student")
    page.goto(f"{reverse('request-ask')}?about=studying")
    page.locator("form details").evaluate_all("all => all.forEach((one) => (one.open = true))")
    page.set_input_files("#files", photo)
    page.locator(".save-bar .btn").last.click()
    page.wait_for_url("**" + reverse("request-mine"))
    assert arrives_small(came)


def test_without_scripts_the_photo_goes_as_it_is_and_is_cleaned_at_school(open_as, cast, photo):
    event = after_a_visit(cast)
    agreed(cast.students.key, purpose="photo")
    page = open_as("coordinator", scripts=False)
    page.goto(reverse("event-photos", args=[event.pk]))
    page.locator("label.pick").get_by_text("周晓禾", exact=True).click()
    page.set_input_files("[type=file]", photo)
    page.get_by_role("button", name="传上去").click()
    expect(page.locator("figure.photo")).to_be_visible()


def test_while_a_photo_is_prepared_the_page_says_so_and_what_is_sent_early_waits(
    open_as, cast, photo, monkeypatch
):
    event = after_a_visit(cast)
    agreed(cast.students.key, purpose="photo")
    page = open_as("coordinator")
    page.add_init_script(
        "const draw = createImageBitmap; globalThis.createImageBitmap = async (...of) => {"
        " await new Promise((done) => (globalThis.go = done)); return draw(...of); };"
    )
    page.goto(reverse("event-photos", args=[event.pk]))
    page.locator("label.pick").get_by_text("周晓禾", exact=True).click()
    page.set_input_files("[type=file]", photo)
    expect(page.get_by_text("正在把照片变小")).to_be_visible()
    page.get_by_role("button", name="传上去").click()
    expect(page.locator("figure.photo")).to_have_count(0)
    page.evaluate("globalThis.go()")
    expect(page.locator("figure.photo")).to_be_visible()
