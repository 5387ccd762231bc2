"""The family's door from the school's side and from outside: invited, asked, let in, shut out."""

import datetime
from uuid import UUID

import pytest

from tongxing.ground.access import coming_in, family, invitations
from tongxing.ground.access.models import Grant, Invitation
from tongxing.ground.accounts.actions import sign_in
from tongxing.ground.accounts.models import FailedSignIn, User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.encryption import blind_index, seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import GUARDIAN_PHONE
from tongxing.ground.people.models import Guardian, Student

pytestmark = pytest.mark.usefixtures("english")
HERE = "10.0.0.8"
PIN = "308517"


@pytest.fixture
def father(cast) -> Guardian:
    """周晓禾's father: phone 13700002222, works away, has no account."""
    return Guardian.objects.select_related("student__key").get(name="周建军")


def invite(cast, *guardians, by="class_teacher", batch=1, students=()):
    return invitations.invite(
        cast.actor(by), school=cast.school, guardians=guardians, students=students, batch=UUID(int=batch)
    )


def let_in(cast, guardian, pin=PIN, batch=1) -> User:
    slip = invite(cast, guardian, batch=batch)[0]
    return coming_in.come_in(coming_in.find(slip.code, address=HERE), secret=pin)


def sees(user) -> set[str]:
    from tongxing.ground.access.queries import actor_for

    return set(Student.objects.visible_to(actor_for(user)).values_list("name", flat=True))


def a_brother(cast, *, phone="13700002222", name="周建军", birth=None) -> Guardian:
    """苏苗苗 made a sister: the same father on record."""
    student = Student.objects.select_related("key").get(pk=cast.students.plain.pk)
    return Guardian.objects.create(
        school=cast.school,
        student=student,
        name=name,
        relation="father",
        phone_sealed=seal(student.key, phone, GUARDIAN_PHONE),
        phone_masked=f"{phone[:3]}****{phone[-4:]}",
    )


@pytest.mark.parametrize("role", ["helper", "class_teacher", "coordinator"])
def test_whoever_looks_after_the_child_invites(cast, father, role):
    [slip] = invite(cast, father, by=role)
    assert slip.guardian == father
    row = Invitation.objects.get()
    assert (row.school, row.made_by, row.ended_as) == (cast.school, cast.users[role], "")
    assert row.expires_at - row.made_at == datetime.timedelta(days=30)
    entry = AuditEntry.objects.get(action="door.invite")
    assert entry.detail == {"guardians": [father.pk], "students": []} and slip.code not in str(entry.detail)


@pytest.mark.parametrize(
    "role", ["other_class_teacher", "counsellor", "guardian", "student", "outsider", "finance_maker"]
)
def test_nobody_else_does(cast, father, role):
    with pytest.raises(NotAllowed):
        invite(cast, father, by=role)
    assert not Invitation.objects.exists()


def test_the_same_page_again_gives_the_same_codes_another_one_ends_them(cast, father):
    first, again = invite(cast, father), invite(cast, father)
    assert [slip.code for slip in first] == [slip.code for slip in again]
    newer = invite(cast, father, batch=2)
    with pytest.raises(Refused, match="newer slip"):
        coming_in.check(coming_in.find(first[0].code, address=HERE))
    with pytest.raises(Refused, match="used or replaced"):
        invite(cast, father)
    assert coming_in.find(newer[0].code, address=HERE).guardian == father


def test_nobody_is_invited_whom_nothing_can_be_asked(cast):
    student = cast.students.normal
    nameless = Guardian.objects.create(school=cast.school, student=student, name="孟师傅", relation="father")
    with pytest.raises(Refused, match="date of birth or a phone number"):
        invite(cast, nameless)
    student.birth_date = datetime.date(2013, 5, 6)
    student.save()
    assert invite(cast, nameless)


def test_a_guardian_answers_chooses_a_pin_and_sees_the_own_child_alone(cast, father):
    slip = invite(cast, father)[0]
    found = coming_in.find(slip.code.lower(), address=HERE)
    coming_in.answer(found, "2222", address=HERE)
    user = coming_in.come_in(found, secret=PIN)
    assert sees(user) == {"周晓禾"}
    assert sign_in("周建军", PIN, address=HERE) == user
    father.refresh_from_db()
    assert father.user == user
    entry = AuditEntry.objects.get(action="door.come-in")
    assert (entry.user_id, entry.detail["guardian"]) == (user.pk, father.pk)


def test_an_invitation_opens_once(cast, father):
    slip = invite(cast, father)[0]
    found = coming_in.find(slip.code, address=HERE)
    coming_in.come_in(found, secret=PIN)
    with pytest.raises(Refused, match="has been used"):
        coming_in.come_in(found, secret="745129")
    assert coming_in.account_of(coming_in.find(slip.code, address=HERE)).name == "周建军"


def test_after_thirty_days_it_opens_no_more(cast, father, at_school):
    found = coming_in.find(invite(cast, father)[0].code, address=HERE)
    at_school.shift(datetime.timedelta(days=29))
    coming_in.check(found)
    at_school.shift(datetime.timedelta(days=1))
    with pytest.raises(Refused, match="run out"):
        coming_in.come_in(found, secret=PIN)


def test_taken_back_it_opens_nothing_whatever_was_answered_before(cast, father):
    found = coming_in.find(invite(cast, father)[0].code, address=HERE)
    coming_in.answer(found, "2222", address=HERE)
    with pytest.raises(NotAllowed):
        invitations.take_back(cast.actor("other_class_teacher"), invitation=found)
    invitations.take_back(cast.actor("helper"), invitation=found)
    for attempt in (
        lambda: coming_in.come_in(found, secret=PIN),
        lambda: coming_in.answer(Invitation.objects.get(), "2222", address=HERE),
    ):
        with pytest.raises(Refused, match="taken this invitation back"):
            attempt()
    assert Invitation.objects.get().ended_by == cast.users["helper"]


def test_five_wrong_answers_lock_it_with_the_way_on(cast, father):
    found = coming_in.find(invite(cast, father)[0].code, address=HERE)
    for _ in range(4):
        with pytest.raises(Refused, match="does not fit"):
            coming_in.answer(found, "0000", address=HERE)
    with pytest.raises(Refused, match="ask the class teacher for a new one"):
        coming_in.answer(found, "0000", address=HERE)
    with pytest.raises(Refused, match="locked"):
        coming_in.answer(Invitation.objects.get(), "2222", address=HERE)
    assert AuditEntry.objects.filter(action="door.locked").count() == 1
    coming_in.answer(
        coming_in.find(invite(cast, father, batch=2)[0].code, address=HERE), "2222", address=HERE
    )


def test_forty_wrong_codes_from_one_address_end_the_trying_there_alone(cast, father):
    slip = invite(cast, father)[0]
    for _ in range(40):
        with pytest.raises(Refused, match="not right"):
            coming_in.find("AAAAAAAAAA", address=HERE)
    with pytest.raises(Refused, match="Too many wrong codes"):
        coming_in.find(slip.code, address=HERE)
    assert coming_in.find(slip.code, address="10.0.0.9").guardian == father


@pytest.mark.parametrize(
    ("pin", "said"), [("12345", "Six digits"), ("123456", "try this one first"), ("002222", "Others know")]
)
def test_a_pin_that_others_would_guess_is_refused(cast, father, pin, said):
    found = coming_in.find(invite(cast, father)[0].code, address=HERE)
    with pytest.raises(Refused, match=said):
        coming_in.come_in(found, secret=pin)
    assert not User.objects.filter(name="周建军").exists()


def test_brothers_and_sisters_come_along_where_name_and_phone_are_the_same(cast, father):
    a_brother(cast)
    assert sees(let_in(cast, father)) == {"周晓禾", "苏苗苗"}


@pytest.mark.parametrize("other", [{"phone": "13700992222"}, {"name": "周建国"}])
def test_but_not_where_one_of_them_differs(cast, father, other):
    a_brother(cast, **other)
    assert sees(let_in(cast, father)) == {"周晓禾"}


def test_a_later_child_joins_the_account_with_its_own_pin(cast, father):
    user = let_in(cast, father)
    later = a_brother(cast)
    slip = invite(cast, later, by="other_class_teacher", batch=3)[0]
    found = coming_in.find(slip.code, address=HERE)
    assert coming_in.known_account(found) == user
    with pytest.raises(Refused, match="PIN already"):
        coming_in.come_in(found, secret="745129")
    coming_in.join(found, user=user)
    assert sees(user) == {"周晓禾", "苏苗苗"}
    assert sign_in("周建军", PIN, address=HERE) == user


def test_a_second_invitation_joins_another_phone_too_but_no_colleagues_account(cast, father):
    later = a_brother(cast, phone="13600003333")
    found = coming_in.find(invite(cast, later, by="other_class_teacher")[0].code, address=HERE)
    with pytest.raises(Refused, match="a door of its own"):
        coming_in.join(found, user=cast.users["helper"])
    user = let_in(cast, father, batch=4)
    coming_in.join(found, user=user)
    assert sees(user) == {"周晓禾", "苏苗苗"}


def test_a_new_slip_brings_a_new_pin_and_until_then_the_old_one_holds(cast, father):
    user = let_in(cast, father)
    slip = invite(cast, father, batch=2)[0]
    assert sign_in("周建军", PIN, address=HERE) == user
    again = coming_in.come_in(coming_in.find(slip.code, address=HERE), secret="745129")
    assert again == user
    with pytest.raises(Refused):
        sign_in("周建军", PIN, address=HERE)


def test_the_same_name_twice_gets_a_number(cast, father):
    let_in(cast, father)
    other = a_brother(cast, phone="13600003333")
    slip = invite(cast, other, by="other_class_teacher", batch=2)[0]
    assert coming_in.come_in(coming_in.find(slip.code, address=HERE), secret=PIN).login == "周建军2"


def test_a_student_comes_in_to_the_own_row_alone(cast):
    student = cast.students.normal
    student.birth_date = datetime.date(2013, 5, 6)
    student.save()
    slip = invite(cast, students=[student])[0]
    found = coming_in.find(slip.code, address=HERE)
    coming_in.answer(found, "2013年5月6日", address=HERE)
    user = coming_in.come_in(found, secret=PIN)
    assert sees(user) == {"孟宇航"}
    assert Grant.objects.get(user=user).role == "student"
    student.refresh_from_db()
    assert student.user == user


def test_who_is_a_guardian_no_more_sees_nothing_from_that_moment(cast, father):
    user = let_in(cast, father)
    slip = invite(cast, father, batch=2)[0]
    found = coming_in.find(slip.code, address=HERE)
    family.end_guardian(cast.actor("helper"), guardian=father)
    assert sees(user) == set()
    with pytest.raises(Refused, match="taken this invitation back"):
        coming_in.come_in(coming_in.find(slip.code, address=HERE), secret="745129")
    with pytest.raises(Refused, match="taken this invitation back"):
        coming_in.come_in(found, secret="745129")
    father.refresh_from_db()
    with pytest.raises(Refused, match="no guardian any more"):
        invite(cast, father, batch=5)


def test_a_closed_door_ends_the_right_and_an_account_that_holds_nothing_else(cast, father):
    user = let_in(cast, father)
    with pytest.raises(NotAllowed):
        invitations.close_door(cast.actor("counsellor"), student=father.student, guardian=father)
    invitations.close_door(cast.actor("class_teacher"), student=father.student, guardian=father)
    user.refresh_from_db()
    father.refresh_from_db()
    assert (sees(user), user.is_active, father.user) == (set(), False, None)
    newcomer = let_in(cast, father, batch=6)
    assert newcomer != user and sees(newcomer) == {"周晓禾"}


def test_a_closed_door_leaves_the_other_child_open(cast, father):
    other = a_brother(cast)
    user = let_in(cast, father)
    invitations.close_door(cast.actor("class_teacher"), student=father.student, guardian=father)
    user.refresh_from_db()
    assert (sees(user), user.is_active) == ({"苏苗苗"}, True)
    assert other.pk


def test_two_hundred_wrong_pins_in_a_day_lock_the_account_for_the_day(cast, father, at_school):
    let_in(cast, father)
    account, hours = blind_index("周建军", "login"), datetime.timedelta(hours=5)
    tries = [FailedSignIn(login=account, address=str(n), at=clock.now()) for n in range(199)]
    FailedSignIn.objects.bulk_create(tries)
    at_school.shift(hours)
    with pytest.raises(Refused, match="not right"):
        sign_in("周建军", "000001", address=HERE)
    at_school.shift(datetime.timedelta(minutes=20))
    with pytest.raises(Refused, match="tomorrow"):
        sign_in("周建军", PIN, address=HERE)
    at_school.shift(datetime.timedelta(days=1))
    assert sign_in("周建军", PIN, address=HERE)
