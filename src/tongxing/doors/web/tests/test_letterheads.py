"""Letterhead and numbers as a browser gets them."""

import io
from uuid import UUID, uuid4

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tongxing.ground.files.tests.pictures import picture
from tongxing.oversight.notices import circulars
from tongxing.oversight.notices.circulars import To
from tongxing.paper.documents.models import IssuedDocument, Letterhead, Outgoing

LOOK = {"name": "和风镇中心初级中学文件", "mark": "和中", "address": "", "colour": "red"}


@pytest.fixture
def circular(cast):
    return circulars.publish(
        cast.actor("coordinator"), office=cast.school, client_id=UUID(int=7), kind="notice", title="防溺水通知",
        text="放学结伴回家。", to=To("all"),
    )  # fmt: skip


def test_from_letterhead_to_a_numbered_notice_on_paper(cast, circular):
    head = cast.client("head")
    sheet = reverse("circular-sheet", args=[circular.pk])
    assert reverse("letterhead") in head.get(sheet).content.decode()
    logo = SimpleUploadedFile("logo.png", picture(), "image/png")
    assert head.post(reverse("letterhead"), LOOK | {"logo": logo}).status_code == 302
    assert Letterhead.objects.get().logo
    asked = {"addressed_to": "各班", "copies_to": "县教育局"}
    page = head.post(reverse("circular-number", args=[circular.pk]), asked, follow=True).content.decode()
    assert "和中〔2026〕1号" in page and LOOK["name"] in page and "抄送：县教育局" in page
    address = reverse("circular-word", args=[circular.pk])
    word = docx.Document(io.BytesIO(cast.client("helper").post(address, {"make": "docx"}).content))
    assert "和中〔2026〕1号" in [line.text for line in word.paragraphs]
    assert cast.client("helper").post(address, {"make": "pdf"}).content.startswith(b"%PDF")
    assert "防溺水通知" in head.get(reverse("outgoing")).content.decode()


def test_a_helper_reads_the_sheet_and_finds_no_way_to_number_it(cast, circular):
    helper = cast.client("helper")
    assert (
        reverse("circular-number", args=[circular.pk])
        not in helper.get(reverse("circular-sheet", args=[circular.pk])).content.decode()
    )
    assert helper.post(reverse("circular-number", args=[circular.pk]), {}).status_code == 403
    assert helper.get(reverse("letterhead")).status_code == 403


def test_a_sign_with_a_year_is_refused_beside_the_field_and_kept(cast):
    answer = cast.client("head").post(reverse("letterhead"), LOOK | {"mark": "和中〔2026〕"})
    assert answer.status_code == 422 and 'value="和中〔2026〕"' in answer.content.decode()
    assert not Letterhead.objects.exists()


def test_something_else_as_a_logo_is_refused_beside_the_field(cast):
    odd = SimpleUploadedFile("logo.png", b"MZ\x90", "image/png")
    answer = cast.client("head").post(reverse("letterhead"), LOOK | {"logo": odd})
    assert answer.status_code == 422 and "id_logo-error" in answer.content.decode()


def test_a_summary_goes_out_with_the_next_number_where_that_is_ticked(cast):
    head = cast.client("head")
    new = reverse("summary-new")
    assert "with_number" not in head.get(new).content.decode()
    head.post(reverse("letterhead"), LOOK)
    assert "with_number" in head.get(new).content.decode()
    head.post(new, {"client_id": uuid4(), "with_number": "on"})
    issued = IssuedDocument.objects.get()
    assert issued.number == "和中〔2026〕1号"
    page = head.get(reverse("document", args=[issued.pk])).content.decode()
    assert LOOK["name"] in page
    assert Outgoing.objects.get().document == issued
    assert reverse("document", args=[issued.pk]) in head.get(reverse("outgoing")).content.decode()
