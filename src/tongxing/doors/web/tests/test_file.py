"""One file per child on the page: the family at a glance, what was asked and seen, forms that print."""

import io

import docx
import pypdf
import pytest
from django.urls import reverse
from tests.promised import talk

from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Guardian


def text(response):
    return response.content.decode()


def address(cast, student="key"):
    return reverse("student-file", args=[getattr(cast.students, student).pk])


def print_form(cast, by="class_teacher", code="basic", **sent):
    address = reverse("student-form", args=[cast.students.key.pk, code])
    return cast.client(by).post(address, {"make": "pdf"} | sent)


def in_word(response):
    tables = docx.Document(io.BytesIO(response.content)).tables
    return "".join(tc.xpath("string(.)") for table in tables for tc in table._tbl.iter_tcs())


def pages(response):
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages]


def test_the_family_is_told_in_words_who_is_where_and_whom_to_call_first(cast):
    Guardian.objects.filter(name="周桂兰").update(reads=False, entrusted=True)
    page = text(cast.client("class_teacher").get(address(cast)))
    home, away = page.index("在家和孩子一起住"), page.index("在昆山务工")
    assert home < page.index("奶奶 周桂兰") < away < page.index("父亲 周建军")
    assert "看不了文字消息，请打电话" in page and "受父母委托照看" in page
    calls = page[page.index("打电话的先后") :]
    assert calls.index("139****1111") < calls.index("137****2222") and "20:00" in calls
    assert "13900001111" not in page


@pytest.mark.parametrize("by", ["class_teacher", "helper", "coordinator", "counsellor"])
def test_the_file_is_one_tap_from_the_page_of_the_child(cast, by):
    page = cast.client(by).get(reverse("student", args=[cast.students.key.pk]))
    assert address(cast) in text(page)
    assert cast.client(by).get(address(cast)).status_code == 200


@pytest.mark.parametrize(
    ("by", "status"),
    [("other_class_teacher", 404), ("other_teacher", 403), ("guardian", 403), ("outsider", 404)],
)
def test_nobody_else_opens_it(cast, by, status):
    assert cast.client(by).get(address(cast)).status_code == status


def test_a_counsellor_sees_no_contact_details(cast):
    page = text(cast.client("counsellor").get(address(cast)))
    assert "周桂兰" not in page and "138****" not in page and "和家里联系的老师" in page


def test_without_a_family_on_record_the_page_says_what_to_do_next(cast):
    Guardian.objects.all().delete()
    page = text(cast.client("helper").get(address(cast)))
    assert "还没有写下家里人" in page and reverse("guardian-new", args=[cast.students.key.pk]) in page


def test_a_form_prints_masked_at_a_tap_and_in_full_for_a_purpose(cast):
    response = print_form(cast)
    assert response["Content-Type"] == "application/pdf" and "no-store" in response["Cache-Control"]
    (page,) = pages(response)
    assert "138****5678" in page and "13812345678" not in page
    (page,) = pages(print_form(cast, full="1", purpose="建立档案"))
    assert "13812345678" in page
    assert (
        AuditEntry.objects.filter(action="document.form").values_list("purpose", flat=True).last()
        == "建立档案"
    )


def test_word_is_offered_beside_the_pdf_with_the_same_rights_and_the_same_line_in_the_trail(cast):
    page = text(cast.client("class_teacher").get(address(cast)))
    assert page.count('value="docx"') == page.count('value="pdf"') == page.count('value="xlsx"') == 4
    masked = print_form(cast, make="docx")
    assert ".docx" in masked["Content-Disposition"] and "138****5678" in in_word(masked)
    full = print_form(cast, make="docx", full="1", purpose="建立档案")
    assert "13812345678" in in_word(full)
    entry = AuditEntry.objects.filter(action="document.form").latest("pk")
    assert (entry.purpose, entry.detail["kind"]) == ("建立档案", "docx")
    assert print_form(cast, make="docx", full="1", purpose="").status_code == 422
    assert print_form(cast, make="exe").status_code == 422
    assert print_form(cast, by="other_class_teacher", make="docx").status_code == 404


def test_a_full_print_without_a_purpose_says_so_beside_the_form(cast):
    response = print_form(cast, full="1", purpose=" ")
    assert response.status_code == 422 and "请写明用途" in text(response)
    assert not AuditEntry.objects.filter(action="document.form").exists()


def test_an_unknown_form_is_refused_in_words(cast):
    response = print_form(cast, code="horoscope")
    assert response.status_code == 422 and "没有这种表" in text(response)


def test_nobody_else_prints(cast):
    for by, status in (("other_class_teacher", 404), ("other_teacher", 403), ("system_admin", 403)):
        assert print_form(cast, by=by).status_code == status


def test_a_talk_prints_from_its_record_and_what_was_said_in_confidence_does_not(cast):
    contact, private = talk(cast), talk(cast)
    type(private).objects.filter(pk=private.pk).update(visibility="counsellor")
    helper = cast.client("helper")
    assert reverse("record-form", args=[contact.pk]) in text(helper.get(reverse("record", args=[contact.pk])))
    assert reverse("record-form", args=[private.pk]) not in text(
        helper.get(reverse("record", args=[private.pk]))
    )
    form, no_form = (reverse("record-form", args=[one.pk]) for one in (contact, private))
    (page,) = pages(helper.post(form, {"make": "pdf"}))
    assert "谈心谈话记录" in page and "愿意在校内托管时写完" in page
    assert "愿意在校内托管时写完" in in_word(helper.post(form, {"make": "docx"}))
    for kind in ("pdf", "docx"):
        assert helper.post(no_form, {"make": kind}).status_code == 422
        assert cast.client("other_class_teacher").post(form, {"make": kind}).status_code == 404


def test_the_statutory_fields_are_corrected_on_the_page_and_sealed_ones_never_shown(cast):
    edit, client = reverse("student-edit", args=[cast.students.key.pk]), cast.client("coordinator")
    told = {"name": "周晓禾", "code": cast.students.key.code, "id_kind": "household", "distance_m": "2.5"}
    told |= {
        "household": "云南省某县某镇",
        "health": "哮喘",
        "guardianship": "grandparents",
        "seat_number": "07",
    }
    assert client.post(edit, told).status_code == 302
    student = type(cast.students.key).objects.get(pk=cast.students.key.pk)
    assert (student.id_kind, student.distance_m, student.health_masked) == ("household", 2500, "***")
    page = text(client.get(edit))
    assert "哮喘" not in page and 'value="2.5"' in page
    file = text(client.get(address(cast)))
    assert "户口簿" in file and "2.5 公里" in file and "哮喘" not in file
    wrong = client.post(edit, told | {"distance_m": "很远"})
    assert wrong.status_code == 422 and 'value="07"' in text(wrong)
