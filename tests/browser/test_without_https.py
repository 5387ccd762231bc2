"""Where the school's address is not protected, nothing can be kept on a device: each page to write on says so once."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("promised")]
SAID = "没有 HTTPS"


def places(cast) -> list[str]:
    key = cast.students.key.pk
    return [
        reverse("week"),
        reverse("highlights"),
        reverse("deeds"),
        reverse("record-grid"),
        reverse("attendance-class", args=[cast.class_one.pk]),
        f"{reverse('record-new', args=[key])}?kind=talk",
        f"{reverse('request-for', args=[key])}?about=studying",
    ]


def test_pages_to_write_on_say_that_nothing_is_kept_and_only_where_it_is_so(open_as, cast):
    cast.grant("class_teacher", "helper", student=cast.students.key)
    protected, bare = open_as("class_teacher"), open_as("class_teacher")
    bare.add_init_script("Object.defineProperty(globalThis, 'isSecureContext', { get: () => false })")
    for address in places(cast):
        bare.goto(address)
        expect(bare.get_by_text(SAID)).to_have_count(1)
        expect(bare.get_by_text(SAID)).to_be_visible()
        protected.goto(address)
        protected.wait_for_load_state()
        expect(protected.get_by_text(SAID)).to_be_hidden()
