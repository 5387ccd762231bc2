"""Ids that a form carries reach no other school, whatever somebody writes into it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.screening.actions import run_round
from tongxing.care.screening.models import Looked
from tongxing.ground.access.models import Grant
from tongxing.ground.people.models import SchoolClass

REFUSED = {404, 422}


@pytest.fixture
def head(cast):
    run_round(cast.actor("head"), term=cast.term)
    return cast.client("head")


def test_a_colleague_of_another_school_becomes_no_helper(cast, head):
    address = reverse("pairing-student", args=[cast.students.key.pk])
    assert head.post(address, {"helper": cast.staff["outsider"].pk}).status_code in REFUSED
    assert not Pair.objects.exists()


@pytest.mark.parametrize(
    ("page", "sent"),
    [
        ("screening-decide", lambda far: {"level": f"{far.pk}:key"}),
        ("screening-decide", lambda far: {"aside": far.pk, "reason": "转学了"}),
        ("screening-unseen", lambda far: {"student": far.pk}),
    ],
)
def test_a_student_of_another_school_is_not_looked_at_here(cast, head, page, sent):
    assert head.post(reverse(page), sent(cast.students.far)).status_code in REFUSED
    assert not Looked.objects.filter(student=cast.students.far).exists()


def test_a_class_of_another_school_is_given_to_nobody(cast, head):
    address = reverse("settings-account", args=[cast.users["other_teacher"].pk])
    far_class = SchoolClass.objects.get(school=cast.other_school)
    assert head.post(address, {"role": "class_teacher", "school_class": far_class.pk}).status_code == 422
    assert not Grant.objects.filter(school_class=far_class).exists()


@pytest.mark.parametrize("role", ["head", "helper"])
@pytest.mark.parametrize("whose", ["outsider", "other_teacher"])
def test_nothing_is_written_in_the_name_of_somebody_one_may_not_key_in_for(cast, role, whose):
    """A coordinator or head keys in for colleagues of the own school; a helper for nobody else."""
    sent = {
        "client_id": uuid4(), "kind": "talk", "made": "1", "when": "now", "thoughts": "想学好英语",
        "reached": "student", "channel": "in_person", "visibility": "team", "staff": cast.staff[whose].pk,
    }  # fmt: skip
    cast.client(role).post(reverse("record-new", args=[cast.students.key.pk]), sent)
    keyed_in = (role, whose) == ("head", "other_teacher")
    assert Contact.objects.filter(staff=cast.staff[whose]).exists() == keyed_in


def test_one_works_only_in_ones_own_organisations(cast, head):
    assert head.post(reverse("choose-school"), {"school": cast.other_school.pk}).status_code == 404
