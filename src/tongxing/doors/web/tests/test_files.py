"""A photo comes with a talk and goes out only as a photo, only to those who may read the talk."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongxing.care.contacts.attachments import take_away
from tongxing.care.contacts.models import Attachment, Contact
from tongxing.ground.files.tests.pictures import from_a_phone, pdf
from tongxing.ground.kernel.models import AuditEntry, SubjectKey


def upload(content=None, name="周晓禾家.jpg", declared="image/jpeg"):
    return SimpleUploadedFile(name, from_a_phone() if content is None else content, declared)


def write(cast, *files, **changes):
    form = {
        "client_id": str(uuid4()),
        "kind": "talk",
        "made": "1",
        "channel": "in_person",
        "when": "now",
        "thoughts": "想学好英语",
        "visibility": "team",
        "files": list(files),
    }
    address = reverse("record-new", args=[cast.students.key.pk])
    return cast.client("helper").post(address, form | changes)


@pytest.fixture
def photo(cast):
    assert write(cast, upload()).status_code == 302
    return Attachment.objects.get()


def download(cast, photo, role="helper"):
    return cast.client(role).get(reverse("record-file", args=[photo.pk]))


def test_a_photo_sent_with_a_talk_is_shown_as_a_photo_and_nothing_else(cast, photo):
    response = download(cast, photo)
    assert response.status_code == 200 and response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == f'inline; filename="{photo.pk}.jpg"'
    assert "no-store" in response["Cache-Control"]
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert AuditEntry.objects.filter(action="contact.file").count() == 1


def test_the_timeline_says_that_there_is_a_photo(cast, photo):
    page = reverse("student", args=[cast.students.key.pk])
    assert "有照片或 PDF" in cast.client("helper").get(page).content.decode()
    take_away(cast.actor("helper"), attachment=photo, reason="拍到了别的同学")
    assert "有照片或 PDF" not in cast.client("helper").get(page).content.decode()


def test_a_pdf_is_a_download(cast):
    write(cast, upload(pdf(), "a.pdf", "application/pdf"))
    response = download(cast, Attachment.objects.get())
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("role", "status"),
    [("head", 200), ("other_class_teacher", 404), ("outsider", 404), ("finance_maker", 403)],
)
def test_it_opens_for_the_readers_of_the_record(cast, photo, role, status):
    assert download(cast, photo, role).status_code == status


def test_the_page_of_a_restricted_record_gives_no_way_to_its_photo(cast):
    write(cast, upload(), visibility="counsellor")
    photo = Attachment.objects.get()
    page = cast.client("head").get(reverse("record", args=[photo.contact_id])).content.decode()
    assert reverse("record-file", args=[photo.pk]) not in page
    assert download(cast, photo, "head").status_code == 403


@pytest.mark.parametrize("content", [b"<html><script>alert(1)</script>", b"", b"PK\x03\x04" + b"\0" * 50])
def test_a_page_named_jpg_is_refused_and_the_words_of_the_talk_stay(cast, content):
    response = write(cast, upload(content))
    assert response.status_code == 422 and "想学好英语" in response.content.decode()
    assert not Contact.objects.exists() and not Attachment.objects.exists()


def test_the_same_form_sent_twice_keeps_one_photo(cast):
    same = str(uuid4())
    for _ in range(2):
        assert write(cast, upload(), client_id=same).status_code == 302
    assert Contact.objects.count() == Attachment.objects.count() == 1


def test_a_photo_is_added_later_and_deleted_with_a_reason(cast):
    write(cast)
    contact, helper = Contact.objects.get(), cast.client("helper")
    add = reverse("record-file-add", args=[contact.pk])
    assert helper.post(add, {"files": [upload()]}).status_code == 302
    assert helper.post(add, {"files": [upload(b"<svg/>")]}).status_code == 422
    assert cast.client("head").post(add, {"files": [upload()]}).status_code == 403
    gone = reverse("file-take-away", args=[Attachment.objects.get().pk])
    assert helper.post(gone, {"reason": ""}).status_code == 422
    assert helper.post(gone, {"reason": "拍到了别的同学"}).status_code == 302
    page = helper.get(reverse("record", args=[contact.pk])).content.decode()
    assert "拍到了别的同学" in page
    assert download(cast, Attachment.objects.get()).status_code == 404


def test_after_erasure_there_is_nothing_to_download(cast, photo):
    SubjectKey.objects.filter(pk=photo.file.key_id).update(wrapped=None)
    assert download(cast, photo).status_code == 404


def test_no_name_of_a_file_is_kept(cast, photo):
    page = cast.client("helper").get(reverse("record", args=[photo.contact_id])).content.decode()
    assert "周晓禾家" not in page
