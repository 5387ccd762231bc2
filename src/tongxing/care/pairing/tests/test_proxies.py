"""Proxy parents and volunteers: nothing starts before check, agreement, rules and consent; a consent that is withdrawn
ends it in that moment."""

import datetime
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import IntegrityError

from tongxing.care.pairing import actions as pairing
from tongxing.care.pairing import noticed, proxies
from tongxing.care.pairing.gaps import without_second_carer
from tongxing.care.pairing.models import Pair, ProxyParent, Volunteer
from tongxing.ground.access.models import Grant
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent, withdraw_consent
from tongxing.ground.people.models import Circumstance, Consent, Registration, Staff

TODAY = datetime.date(2026, 11, 25)


def agree(cast, student=None):
    return give_consent(
        cast.actor("helper" if student is None else "head"),
        student=student or cast.students.key,
        purpose="proxy",
        given_by="奶奶 周桂兰",
        student_agreed=True,
    )


def volunteer(cast, checked=True, by="coordinator"):
    found = proxies.add_volunteer(
        cast.actor(by),
        school=cast.school,
        name="何春燕",
        comes_from="镇妇联",
        phone="13612345678",
        client_id=uuid4(),
    )
    if checked:
        proxies.note_check(cast.actor(by), volunteer=found, on=TODAY)
        found.refresh_from_db()
    return found


def start(cast, person, by="coordinator", **said):
    said = {"agreed_on": TODAY, "rules_read": True, "client_id": uuid4()} | said
    return proxies.start_proxy(cast.actor(by), student=cast.students.key, person=person, **said)


def test_with_check_agreement_rules_and_consent_somebody_from_outside_starts(cast):
    consent = agree(cast)
    proxy = start(cast, volunteer(cast))
    assert (proxy.name, proxy.starts_on, proxy.consent) == ("何春燕", TODAY, consent)
    assert ProxyParent.objects.visible_to(cast.actor("class_teacher")).open().get() == proxy
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "proxy.start" and "何春燕" not in str(entry.detail)


def reaches(cast, by="other_teacher", student=None):
    student = student or cast.students.key
    return cast.actor(by).sees("care", school_id=cast.school.pk, student_id=student.pk)


def test_a_colleague_reaches_this_one_child_as_long_as_being_its_proxy_parent(cast):
    agree(cast)
    assert not reaches(cast)
    proxy = start(cast, cast.staff["other_teacher"])
    assert reaches(cast) and not reaches(cast, student=cast.students.normal)
    assert not cast.actor("other_teacher").may("pairing.manage", school_id=cast.school.pk)
    proxies.end_proxy(cast.actor("coordinator"), proxy=proxy, reason="parents_back")
    assert not reaches(cast)
    proxies.resume_proxy(cast.actor("coordinator"), proxy=proxy)
    assert reaches(cast)


def test_a_withdrawn_consent_closes_the_file_in_that_moment_and_for_good(cast):
    consent = agree(cast)
    start(cast, cast.staff["other_teacher"])
    withdraw_consent(cast.actor("class_teacher"), consent=consent)
    assert not reaches(cast)
    agree(cast)
    assert not reaches(cast), "a new consent opens nothing by itself"


def test_who_is_helper_and_proxy_parent_keeps_the_one_when_the_other_ends(cast):
    agree(cast)
    head, helper = cast.actor("head"), cast.staff["other_teacher"]
    Registration.objects.get_or_create(
        school=cast.school, student=cast.students.key, ends_on=None,
        defaults={"starts_on": TODAY, "recorded_at": clock.now(), "level": "key"},
    )  # fmt: skip
    proxy = start(cast, helper)
    pair = pairing.choose_other(head, student=cast.students.key, helper=helper)
    proxies.end_proxy(head, proxy=proxy, reason="other")
    assert reaches(cast), "still the helper"
    start(cast, helper)
    pairing.end_pair(head, pair=pair, reason=Pair.Ended.OTHER)
    assert reaches(cast), "still the proxy parent"


def test_a_volunteer_opens_no_file_and_a_note_on_paper_is_logged_without_its_words(cast):
    agree(cast)
    before = Grant.objects.count()
    proxy = start(cast, volunteer(cast))
    assert Grant.objects.count() == before
    words = noticed.print_note(cast.actor("class_teacher"), proxy=proxy, text=" 晚饭在姑姑家吃 ")
    assert words == "晚饭在姑姑家吃"
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "proxy.note" and "姑姑" not in str(entry.detail)
    with pytest.raises(NotAllowed):
        noticed.print_note(cast.actor("other_teacher"), proxy=proxy, text="晚饭")
    with pytest.raises(Refused) as refusal:
        noticed.print_note(cast.actor("class_teacher"), proxy=proxy, text=" ")
    assert refusal.value.field == "text"
    proxies.end_proxy(cast.actor("coordinator"), proxy=proxy, reason="other")
    with pytest.raises(Refused):
        noticed.print_note(cast.actor("class_teacher"), proxy=ProxyParent.objects.get(), text="晚饭")


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"agreed_on": None}, "agreed_on"),
        ({"agreed_on": TODAY + datetime.timedelta(days=1)}, "agreed_on"),
        ({"rules_read": False}, "rules_read"),
    ],
    ids=["no agreement", "signed tomorrow", "rules not read"],
)
def test_nothing_starts_while_something_is_missing(cast, missing, field):
    agree(cast)
    with pytest.raises(Refused) as refusal:
        start(cast, volunteer(cast), **missing)
    assert refusal.value.field == field and not ProxyParent.objects.exists()


def test_nobody_starts_without_the_offence_record_check(cast):
    agree(cast)
    unchecked = volunteer(cast, checked=False)
    Staff.objects.filter(code="other_teacher").update(offence_check_on=None)
    for person in (unchecked, Staff.objects.get(code="other_teacher")):
        with pytest.raises(Refused) as refusal:
            start(cast, person)
        assert refusal.value.field == "person"


def test_nobody_starts_without_the_familys_consent(cast):
    with pytest.raises(Refused) as refusal:
        start(cast, volunteer(cast))
    assert refusal.value.field == "consent"


def test_a_child_has_one_proxy_parent_at_a_time(cast):
    agree(cast)
    form = uuid4()
    first = start(cast, volunteer(cast), client_id=form)
    assert start(cast, first.volunteer, client_id=form) == first, "sent twice"
    with pytest.raises(Refused):
        start(cast, cast.staff["other_teacher"])
    assert ProxyParent.objects.count() == 1


@pytest.mark.parametrize("by", ["class_teacher", "helper", "other_teacher", "outsider", "system_admin"])
def test_only_those_who_manage_pairing_start_end_and_see_volunteers(cast, by):
    agree(cast)
    person = volunteer(cast)
    with pytest.raises(NotAllowed):
        start(cast, person, by=by)
    proxy = start(cast, person)
    for refused in (
        lambda: proxies.end_proxy(cast.actor(by), proxy=proxy, reason="other"),
        lambda: proxies.note_check(cast.actor(by), volunteer=person, on=TODAY),
        lambda: proxies.reveal_phone(cast.actor(by), volunteer=person, purpose="打电话"),
        lambda: proxies.end_volunteer(cast.actor(by), volunteer=person),
    ):
        with pytest.raises(NotAllowed):
            refused()
    assert not Volunteer.objects.visible_to(cast.actor(by)).exists()


def test_a_withdrawn_consent_ends_it_in_that_moment_and_a_new_one_does_not_bring_it_back(cast):
    consent = agree(cast)
    proxy = start(cast, volunteer(cast))
    withdraw_consent(cast.actor("class_teacher"), consent=consent)
    assert not ProxyParent.objects.open().exists()
    proxy = ProxyParent.objects.with_names().get()
    assert (proxy.until, proxy.ends_on, proxy.why_ended) == (
        TODAY,
        None,
        str(ProxyParent.Ended.WITHDRAWN.label),
    )
    agree(cast)
    assert not ProxyParent.objects.open().exists()
    start(cast, cast.staff["other_teacher"])
    proxy.refresh_from_db()
    assert (proxy.ends_on, proxy.ended_reason) == (TODAY, "withdrawn")


def test_ending_needs_a_reason_and_can_be_taken_back_for_a_moment(cast):
    consent = agree(cast)
    proxy = start(cast, volunteer(cast))
    with pytest.raises(Refused):
        proxies.end_proxy(cast.actor("coordinator"), proxy=proxy, reason="")
    proxies.end_proxy(cast.actor("coordinator"), proxy=proxy, reason="parents_back")
    proxies.resume_proxy(cast.actor("coordinator"), proxy=proxy)
    assert ProxyParent.objects.open().exists()
    proxies.end_proxy(cast.actor("coordinator"), proxy=proxy, reason="own_wish")
    withdraw_consent(cast.actor("head"), consent=consent)
    with pytest.raises(Refused):
        proxies.resume_proxy(cast.actor("coordinator"), proxy=proxy)


def test_a_volunteer_who_comes_no_longer_looks_after_nobody(cast):
    agree(cast)
    person = volunteer(cast)
    start(cast, person)
    proxies.end_volunteer(cast.actor("coordinator"), volunteer=person)
    assert not ProxyParent.objects.open().exists()
    person.refresh_from_db()
    with pytest.raises(Refused):
        start(cast, person)


def test_the_number_is_sealed_and_shown_with_its_purpose_alone(cast):
    person = volunteer(cast)
    assert person.phone_masked == "136****5678" and b"13612345678" not in bytes(person.phone_sealed)
    with pytest.raises(Refused):
        proxies.reveal_phone(cast.actor("coordinator"), volunteer=person, purpose=" ")
    assert (
        proxies.reveal_phone(cast.actor("coordinator"), volunteer=person, purpose="约时间") == "13612345678"
    )
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.purpose) == ("volunteer.reveal", "约时间")


def test_a_check_of_tomorrow_is_refused(cast):
    person = volunteer(cast, checked=False)
    with pytest.raises(Refused):
        proxies.note_check(cast.actor("head"), volunteer=person, on=TODAY + datetime.timedelta(days=1))


def test_the_database_knows_no_proxy_parent_who_is_both_or_neither(cast):
    facts = {
        "school": cast.school, "student": cast.students.key, "consent": agree(cast), "agreed_on": TODAY,
        "starts_on": TODAY, "recorded_at": clock.now(), "client_id": UUID(int=1),
    }  # fmt: skip
    with pytest.raises(IntegrityError):
        ProxyParent.objects.create(**facts)


def test_registered_children_whose_parents_are_away_stand_there_until_somebody_looks_after_them(cast):
    for student in (cast.students.key, cast.students.plain, cast.students.far):
        Circumstance.objects.create(school=student.school, student=student, category="left_behind")
    Pair.objects.create(
        school=cast.school, student=cast.students.key, helper=cast.staff["helper"], starts_on=TODAY,
        confirmed_at=clock.now(),
    )  # fmt: skip
    head = cast.actor("head")
    (gap,) = without_second_carer(head, cast.school, TODAY)
    assert (gap, gap.helper_name, gap.agreed) == (cast.students.key, "林岚", False)
    consent = agree(cast)
    assert without_second_carer(head, cast.school, TODAY)[0].agreed
    start(cast, volunteer(cast))
    assert without_second_carer(head, cast.school, TODAY) == []
    withdraw_consent(head, consent=consent)
    assert [one.pk for one in without_second_carer(head, cast.school, TODAY)] == [cast.students.key.pk]
    assert not Consent.objects.standing().exists()


def test_the_way_back_is_open_for_ten_minutes(cast):
    agree(cast)
    proxy = start(cast, volunteer(cast))
    proxies.end_proxy(cast.actor("coordinator"), proxy=proxy, reason="other")
    with time_machine.travel(clock.now() + datetime.timedelta(minutes=11)), pytest.raises(Refused):
        proxies.resume_proxy(cast.actor("coordinator"), proxy=proxy)
