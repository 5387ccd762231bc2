"""A school's own Word templates as a browser gets them: handed in, filled for a child and a class, ended."""

import io
from uuid import uuid4

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.architecture.papers_examples import template_file

from tongxing.paper.documents.models import WordTemplate

pytestmark = pytest.mark.usefixtures("promised")


def upload(content):
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return SimpleUploadedFile("表.docx", content, kind)


def hand_in(browser, content, unit="student", name="告家长书"):
    told = {"client_id": uuid4(), "name": name, "unit": unit, "file": upload(content)}
    return browser.post(reverse("word-template-new"), told)


def lines(answer):
    return [line.text for line in docx.Document(io.BytesIO(answer.content)).paragraphs]


def test_from_the_upload_to_the_letter_in_the_childs_file(cast):
    head, helper, student = cast.client("head"), cast.client("helper"), cast.students.key
    assert reverse("word-template-new") in head.get(reverse("word-templates")).content.decode()
    assert "{{姓名}}" in head.get(reverse("word-template-new")).content.decode()
    assert hand_in(head, template_file("{{姓名}}的家长，{{监护人1电话}}")).status_code == 302
    made = WordTemplate.objects.get()
    address = reverse("student-template", args=[student.pk, made.pk])
    assert address in helper.get(reverse("student-file", args=[student.pk])).content.decode()
    assert lines(helper.post(address)) == ["周晓禾的家长，139****1111"]
    full = helper.post(address, {"full": "1", "purpose": "寄信"})
    assert lines(full) == ["周晓禾的家长，13900001111"]


def test_an_unknown_field_is_named_beside_the_file_and_the_name_is_kept(cast):
    answer = hand_in(cast.client("head"), template_file("{{姓名}}{{星座}}"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "{{星座}}" in page and 'value="告家长书"' in page
    assert not WordTemplate.objects.exists()


def test_a_class_is_filled_with_a_purpose(cast):
    head = cast.client("head")
    hand_in(head, template_file("{{班级}}", row=("{{序号}}", "{{姓名}}")), "class", "名单")
    made = WordTemplate.objects.get()
    address = reverse("word-template-fill", args=[made.pk])
    assert address in head.get(reverse("word-template", args=[made.pk])).content.decode()
    assert head.post(address, {"school_class": cast.class_one.pk, "purpose": ""}).status_code == 422
    filled = head.post(address, {"school_class": cast.class_one.pk, "purpose": "家长会"})
    assert lines(filled) == [cast.class_one.name]
    assert (
        cast.client("helper").post(address, {"school_class": cast.class_one.pk, "purpose": "x会"}).status_code
        == 403
    )


def test_ending_is_undone_at_once(cast):
    head = cast.client("head")
    hand_in(head, template_file("{{姓名}}"))
    made = WordTemplate.objects.get()
    end = reverse("word-template-end", args=[made.pk])
    assert head.post(end, {"reason": ""}).status_code == 422
    assert f'action="{end}"' in head.post(end, {"reason": "换新的"}, follow=True).content.decode()
    head.post(end, {"back": "1"})
    made.refresh_from_db()
    assert made.ended_at is None
    assert head.get(reverse("word-template-file", args=[made.pk])).content == bytes(made.file)


def test_a_template_of_another_school_is_not_found(cast):
    hand_in(cast.client("outsider"), template_file("{{姓名}}"))
    made = WordTemplate.objects.get()
    assert cast.client("head").get(reverse("word-template", args=[made.pk])).status_code == 404
