"""Notices of the school: read by colleagues while they stand, objected to, taken down; nothing else stands on them."""

import datetime
import io
import zipfile

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tongxing.aid.hardship.actions import applications, deciding
from tongxing.aid.hardship.content import Content, Member
from tongxing.aid.hardship.tests.school import TODAY, Story, client_id
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance
from tongxing.ground.publicity.models import Notice, Objection

ID = "34012320130915" + "772"
CANARIES = {
    "id_number": ID + check_digit(ID),
    "phone": "13987650021",
    "address": "望月坝青石里七组88号",
    "household": "望月坝老庄六组3号",
    "birth": "2013-09-15",
    "card": "6228480012345678910",
    "guardian": "13787650022",
    "factors": "金丝雀原因",
    "asks": "金丝雀申请",
    "member": "金丝雀家人",
    "review": "金丝雀评议",
    "reason": "金丝雀理由",
    "objection": "金丝雀异议",
    "by": "金丝雀邻居",
    "answer": "金丝雀答复",
    "source": "金丝雀来源",
}
#: Words that give away the same in another writing.
TOLD = ("20130915", "2013年9月15日", "9月15日", "低保", "minimum")


@pytest.fixture
def story(cast) -> Story:
    return Story(cast)


@pytest.fixture
def caged(story):
    """Everything that the school knows about one child is a canary, in every field of the way to the notice."""
    key = story.cast.students.key
    key.birth_date, key.birth_year = datetime.date(2013, 9, 15), 2013
    for field in ("id_number", "phone", "address", "household"):
        setattr(key, f"{field}_sealed", seal(key.key, CANARIES[field], SEALED[field]))
        setattr(key, f"{field}_masked", "***")
    key.save()
    key.guardians.update(phone_sealed=seal(key.key, CANARIES["guardian"], GUARDIAN_PHONE), phone_masked="***")
    Circumstance.objects.create(
        school=key.school, student=key, category="minimum_living", source=CANARIES["source"], since=TODAY
    )
    told = Content(
        members=(
            Member(
                CANARIES["member"], "父亲", "41", CANARIES["card"], CANARIES["phone"], CANARIES["id_number"]
            ),
        ),
        groups=("minimum_living",),
        factors=CANARIES["factors"] + CANARIES["card"],
        asks=CANARIES["asks"],
        signed_by=CANARIES["member"],
    )
    application = story.apply(told=told)
    level = story.levels["特别困难"]
    for role, step in (("class_teacher", "class"), ("coordinator", "school")):
        applications.review(
            story.actor(role), application=application, step=step, level=level, words=CANARIES["review"]
        )
    deciding.decide(story.actor("head"), application=application, level=level, reason=CANARIES["reason"])
    notice = story.publish(on_board=True)
    office = story.cast.client("coordinator")
    facts = {"student": key.pk, "text": CANARIES["objection"], "by": CANARIES["by"], "said_on": TODAY}
    office.post(reverse("notice-object", args=[notice.pk]), facts | {"client_id": client_id()})
    answer = {"outcome": "stands", "text": CANARIES["answer"]}
    office.post(reverse("objection-answer", args=[Objection.objects.get().pk]), answer)
    return notice


def met(words: str) -> list[str]:
    return [one for one in (*CANARIES.values(), *TOLD, "特别困难") if one in words]


PUBLIC = (
    "class_teacher",
    "other_class_teacher",
    "helper",
    "counsellor",
    "finance_maker",
    "finance_checker",
    "subject_teacher",
)


def test_no_canary_stands_on_the_notice_its_board_or_the_sheet(caged, story):
    story.cast.teach("subject_teacher", story.cast.class_two)
    for role in PUBLIC:
        browser = story.cast.client(role)
        for address in (reverse("notices"), reverse("notice", args=[caged.pk])):
            page = browser.get(address).content.decode()
            assert caged.title in page
            assert met(page) == [], (role, address)
    page = story.cast.client("helper").get(reverse("notice", args=[caged.pk])).content.decode()
    assert "周晓禾" in page and "初一(1)班" in page
    sheet = reverse("notice-sheet", args=[caged.pk])
    office = story.cast.client("coordinator")
    pdf = office.post(sheet, {"kind": "pdf"}).content
    printed = "".join(one.extract_text() for one in PdfReader(io.BytesIO(pdf)).pages)
    assert "周晓禾" in printed and met(printed) == []
    word = zipfile.ZipFile(io.BytesIO(office.post(sheet, {"kind": "docx"}).content))
    written = "".join(word.read(name).decode("utf-8", "replace") for name in word.namelist())
    assert "周晓禾" in written and met(written) == []


def test_no_canary_leaves_in_a_message_a_file_of_others_or_to_the_open_internet(caged, story):
    assert met("".join(f"{one.subject} {one.link}" for one in Message.objects.all())) == []
    assert met("".join(str(one.message()) for one in mail.outbox)) == []
    for name, args in (("notices", []), ("notice", [caged.pk]), ("hardship", [])):
        assert Client().get(reverse(name, args=args)).status_code == 302
    for role in ("guardian", "student", "county_supervisor", "county_aid_officer", "outsider"):
        answer = story.cast.client(role).get(reverse("notice", args=[caged.pk]))
        assert answer.status_code in (403, 404), role


def test_no_canary_lies_open_in_the_tables(caged, cast):
    """What families, reviewers and others wrote is sealed; a copied database tells none of it."""
    found = []
    for label in ("publicity", "hardship"):
        for model in apps.get_app_config(label).get_models():
            for row in model.objects.values():
                words = " ".join(
                    str(value) for value in row.values() if not isinstance(value, bytes | memoryview)
                )
                raw = b"".join(
                    bytes(value) for value in row.values() if isinstance(value, bytes | memoryview)
                )
                found += [
                    (model.__name__, one) for one in CANARIES.values() if one in words or one.encode() in raw
                ]
    assert found == []


@pytest.mark.parametrize("name", ["id_number", "phone", "address", "birth", "card", "guardian"])
@pytest.mark.parametrize("field", ["title", "words"])
def test_a_canary_typed_into_a_notice_is_refused(story, name, field):
    key = story.cast.students.key
    key.birth_date = datetime.date(2013, 9, 15)
    key.address_sealed = seal(key.key, CANARIES["address"], SEALED["address"])
    key.save()
    story.decide()
    usual = {
        "title": "公示",
        "words": "现公示认定结果",
        "first_day": TODAY,
        "working_days": 5,
        "client_id": client_id(),
    }
    planted = usual | {field: f"周晓禾 {CANARIES[name]}"}
    answer = story.cast.client("coordinator").post(reverse("hardship-publish"), planted)
    assert answer.status_code == 422
    assert CANARIES[name] in answer.content.decode()  # what was typed stays, to be mended
    assert not Notice.objects.exists()


def test_it_is_gone_on_its_day_from_every_page(caged, story, at_school):
    reader = story.cast.client("helper")
    last = datetime.datetime(2026, 11, 27, 15, 59, tzinfo=datetime.UTC)
    at_school.move_to(last)
    assert caged.title in reader.get(reverse("notices")).content.decode()
    at_school.move_to(last + datetime.timedelta(minutes=1))
    assert caged.title not in reader.get(reverse("notices")).content.decode()
    assert reader.get(reverse("notice", args=[caged.pk])).status_code == 404
    assert "已结束" in story.cast.client("coordinator").get(reverse("notices")).content.decode()


def test_taken_down_with_a_reason_and_back_with_one_tap(caged, story):
    office, address = story.cast.client("coordinator"), reverse("notice-down", args=[caged.pk])
    assert office.post(address, {"reason": ""}).status_code == 422
    assert story.cast.client("class_teacher").post(address, {"reason": "x"}).status_code == 403
    page = office.post(address, {"reason": "班级写错了"}, follow=True).content.decode()
    assert "已取下" in page and "班级写错了" in page
    assert story.cast.client("helper").get(reverse("notice", args=[caged.pk])).status_code == 404
    office.post(address, {"back": "1"})
    assert story.cast.client("helper").get(reverse("notice", args=[caged.pk])).status_code == 200


def test_an_objection_that_says_nothing_is_refused_beside_its_field(caged, story):
    address = reverse("notice-object", args=[caged.pk])
    facts = {"text": " ", "by": "邻居李四", "said_on": TODAY, "client_id": client_id()}
    answer = story.cast.client("coordinator").post(address, facts)
    assert answer.status_code == 422 and "邻居李四" in answer.content.decode()
    answered = reverse("objection-answer", args=[Objection.objects.get().pk])
    assert (
        story.cast.client("coordinator").post(answered, {"text": "又答", "outcome": "stands"}).status_code
        == 422
    )


def test_the_sheet_is_printed_while_the_notice_stands_or_is_still_to_come(caged, story, at_school):
    """Afterwards no list of these names leaves the product any more."""
    office, sheet = story.cast.client("coordinator"), reverse("notice-sheet", args=[caged.pk])
    page = reverse("notice", args=[caged.pk])
    assert sheet in office.get(page).content.decode()
    down = reverse("notice-down", args=[caged.pk])
    office.post(down, {"reason": "班级写错了"})
    for kind in ("pdf", "docx"):
        assert office.post(sheet, {"kind": kind}).status_code == 422
    assert sheet not in office.get(page).content.decode()
    office.post(down, {"back": "1"})
    assert office.post(sheet, {"kind": "docx"}).status_code == 200
    at_school.move_to(datetime.datetime(2026, 11, 27, 16, 0, tzinfo=datetime.UTC))
    office = story.cast.client("coordinator")
    assert office.post(sheet, {"kind": "pdf"}).status_code == 422
    assert sheet not in office.get(page).content.decode()


def test_whose_result_was_taken_back_is_on_no_page_and_no_sheet(caged, story):
    one = deciding.Recognition.objects.get()
    deciding.drop(story.actor("head"), recognition=one, reason="看错了一行")
    for role in ("helper", "coordinator"):
        page = story.cast.client(role).get(reverse("notice", args=[caged.pk])).content.decode()
        assert page.count("<td>周晓禾</td>") == 0
    answer = story.cast.client("coordinator").post(reverse("notice-sheet", args=[caged.pk]), {"kind": "docx"})
    word = zipfile.ZipFile(io.BytesIO(answer.content)).read("word/document.xml").decode()
    assert "周晓禾" not in word
