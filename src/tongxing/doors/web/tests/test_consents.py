"""The page on which a family's consents are noted and withdrawn."""

from django.urls import reverse

from tongxing.ground.people.models import Consent

FORM = {"purpose": "photo", "given_by": "奶奶 周桂兰", "student_agreed": "on"}


def post(cast, by="helper", **more):
    address = reverse("consents", args=[cast.students.key.pk])
    return cast.client(by).post(address, FORM | more, follow=True)


def test_a_helper_notes_a_consent_and_finds_the_way_from_the_students_page(cast):
    address = reverse("consents", args=[cast.students.key.pk])
    assert address in cast.client("helper").get(f"/students/{cast.students.key.pk}/").content.decode()
    page = post(cast).content.decode()
    assert "活动照片" in page and "奶奶 周桂兰" in page and "随时可以改变主意" in page


def test_without_the_childs_own_word_the_page_says_why_and_keeps_what_was_typed(cast):
    response = post(cast, student_agreed="")
    page = response.content.decode()
    assert response.status_code == 422
    assert "也要孩子本人同意" in page and 'value="奶奶 周桂兰"' in page
    assert not Consent.objects.exists()


def test_withdrawing_is_one_tap_and_says_that_help_goes_on(cast):
    post(cast)
    withdraw = reverse("consent-withdraw", args=[Consent.objects.get().pk])
    page = cast.client("helper").post(withdraw, follow=True).content.decode()
    assert "帮助和上课照常" in page
    assert Consent.objects.get().withdrawn_on


def test_of_a_child_one_does_not_help_there_is_no_page(cast):
    post(cast)
    consent = Consent.objects.get()
    assert cast.client("helper").get(reverse("consents", args=[cast.students.plain.pk])).status_code == 404
    other = cast.client("other_class_teacher").post(reverse("consent-withdraw", args=[consent.pk]))
    assert other.status_code == 404
