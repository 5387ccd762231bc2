"""Leaving well on pages, and a file that travels from one school of the cast to the other."""

import re
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.cast import NOW

from tongxing.care.attendance_watch.models import ReceivedFile, TransferFile
from tongxing.care.profiles.actions import note_trait
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Student

TODAY = NOW.date()


def get(cast, by, name, *args, **query):
    return cast.client(by).get(reverse(name, args=args), query)


def post(cast, by, name, *args, **told):
    return cast.client(by).post(reverse(name, args=args), told, follow=True)


def text(response):
    return response.content.decode()


def agree(cast):
    give_consent(
        cast.actor("helper"),
        student=cast.students.key,
        purpose="transfer",
        given_by="奶奶",
        student_agreed=True,
    )


def travels(cast):
    """The sealed file and the passphrase, as the class teacher gets them from the page."""
    agree(cast)
    note_trait(SYSTEM, student=cast.students.key, kind="interest", words="剪纸", client_id=uuid4())
    page = text(post(cast, "class_teacher", "transfer-choose", cast.students.key.pk, parts=["likes"]))
    assert "带走的就是这些" in page and "剪纸" in page
    hidden = dict(re.findall(r'name="(passphrase|client_id)" value="([^"]+)"', page))
    made = post(cast, "class_teacher", "transfer-make", cast.students.key.pk, parts=["likes"], **hidden)
    assert made["Content-Type"] == "application/zip"
    return made.content, hidden["passphrase"]


def take_in(cast, content, passphrase, by="outsider"):
    file = SimpleUploadedFile("x.zip", content)
    return post(cast, by, "transfer-in", file=file, passphrase=passphrase)


def test_a_file_travels_from_one_school_to_the_other_and_stays_marked(cast):
    content, passphrase = travels(cast)
    Student.objects.filter(pk=cast.students.far.pk).update(name="周晓禾")
    page = text(take_in(cast, content, passphrase))
    assert "这是谁的资料？" in page and "剪纸" in page and "和风镇中心初中" in page
    received = ReceivedFile.objects.get()
    page = text(post(cast, "outsider", "received-attach", received.pk, student=cast.students.far.pk))
    assert "来自外校" in page and "剪纸" in page
    assert get(cast, "head", "received-file", received.pk).status_code == 404


def test_a_wrong_passphrase_a_changed_file_and_something_else_are_refused_in_words(cast):
    content, passphrase = travels(cast)
    changed = bytearray(content)
    changed[120] ^= 1
    for file, key, words in (
        (content, "1" * 24, "密码打不开"),
        (bytes(changed), passphrase, "不是转学资料，或在途中损坏了"),
        (b"something else", passphrase, "不是转学资料，或在途中损坏了"),
    ):
        response = take_in(cast, file, key)
        assert response.status_code == 422 and words in text(response)
    assert not ReceivedFile.objects.exists()
    assert take_in(cast, content, passphrase, by="class_teacher").status_code == 403


def test_without_consent_the_page_says_so_and_makes_nothing(cast):
    note_trait(SYSTEM, student=cast.students.key, kind="interest", words="剪纸", client_id=uuid4())
    page = text(post(cast, "class_teacher", "transfer-choose", cast.students.key.pk, parts=["likes"]))
    assert "家里还没有同意" in page and "passphrase" not in page
    told = {"parts": ["likes"], "passphrase": "1" * 24, "client_id": uuid4()}
    response = post(cast, "class_teacher", "transfer-make", cast.students.key.pk, **told)
    assert response.status_code == 422 and "家里还没有同意带走资料" in text(response)
    assert not TransferFile.objects.exists()


def test_the_same_words_go_on_paper(cast):
    travels(cast)
    response = post(cast, "class_teacher", "transfer-make", cast.students.key.pk, parts=["likes"], pdf="1")
    assert response["Content-Type"] == "application/pdf" and response.content.startswith(b"%PDF")


def test_let_go_of_it_is_gone_for_good(cast):
    take_in(cast, *travels(cast))
    received = ReceivedFile.objects.get()
    assert "谁也打不开了" in text(post(cast, "outsider", "received-let-go", received.pk))
    assert "剪纸" not in text(get(cast, "outsider", "received-file", received.pk))


def test_a_helper_looks_back_with_the_child_from_the_students_page(cast):
    address = reverse("student-leaving", args=[cast.students.key.pk])
    assert address in text(get(cast, "helper", "student", cast.students.key.pk))
    told = {"client_id": uuid4(), "helped": "点名问就愿意回答", "next_teachers": "坐前排"}
    response = post(cast, "helper", "leaving-review", cast.students.key.pk, **told)
    assert response.status_code == 422 and "先和孩子说过" in text(response) and "坐前排" in text(response)
    page = text(post(cast, "helper", "leaving-review", cast.students.key.pk, **told, with_child="on"))
    assert "点名问就愿意回答" in page
    assert get(cast, "other_class_teacher", "student-leaving", cast.students.key.pk).status_code == 404


def test_whoever_left_is_asked_about_until_the_next_school_has_confirmed(cast):
    student = cast.students.key.pk
    post(cast, "coordinator", "student-place", student, on=TODAY, what="leave")
    assert "周晓禾" in text(get(cast, "coordinator", "leaving"))
    assert "周晓禾" in text(get(cast, "coordinator", "return-cases"))
    told = {"client_id": uuid4(), "kind": "transfer", "to_school": ""}
    refused = post(cast, "coordinator", "leaving-where-to", student, **told)
    assert refused.status_code == 422 and "请写下接收的学校" in text(refused)
    told |= {"client_id": uuid4(), "to_school": "云岭中学", "confirmed_on": TODAY}
    assert "云岭中学" in text(post(cast, "coordinator", "leaving-where-to", student, **told))
    assert "周晓禾" not in text(get(cast, "coordinator", "leaving"))
    assert post(cast, "class_teacher", "leaving-where-to", student, **told).status_code == 403
