"""Two told stories at the doors: a grandmother who reads little with two grandchildren, and a student of fourteen."""

import datetime
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.models import Contact
from tongxing.care.family.models import Agreement, DataRequest, OwnGoal
from tongxing.ground.access import family
from tongxing.ground.access.models import Invitation
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.actions import GUARDIAN_PHONE
from tongxing.ground.people.consents import with_consent
from tongxing.ground.people.models import Guardian, Student

PIN = "308517"
CODE = re.compile(r'<strong class="num">([A-Z0-9-]{11})</strong>')


def grandma_of(student: Student) -> Guardian:
    """外婆 沈秀英, phone …6180, reads little."""
    student = Student.objects.select_related("key").get(pk=student.pk)
    return Guardian.objects.create(
        school=student.school,
        student=student,
        name="沈秀英",
        relation="grandparent",
        relation_text="外婆",
        reads=False,
        order=3,
        phone_sealed=seal(student.key, "13900006180", GUARDIAN_PHONE),
        phone_masked="139****6180",
    )


def slip_for(cast, student, whom, by="class_teacher") -> str:
    """The code on the slip that this person prints on the child's page."""
    kind = "g" if isinstance(whom, Guardian) else "s"
    form = {"whom": [f"{kind}{whom.pk}"], "batch": str(uuid4())}
    sheet = cast.client(by).post(reverse("door-invite", args=[student.pk]), form)
    assert sheet.status_code == 200
    return CODE.search(sheet.content.decode())[1]


def through(browser, code, answer, secret=PIN) -> Client:
    browser.get(reverse("door"), {"code": code})
    assert browser.get(reverse("door"))["Location"] == reverse("door-answer")
    assert browser.post(reverse("door-answer"), {"answer": answer})["Location"] == reverse("door-choose")
    came = browser.post(reverse("door-choose"), {"secret": secret, "again": secret})
    assert came["Location"] == reverse("home"), came.content.decode()
    return browser


def text(response) -> str:
    return response.content.decode()


@pytest.fixture
def at_home(cast):
    """外婆 沈秀英 of 周晓禾 and 苏苗苗 came in with the slip of one: her browser, the slip's code, her entry there."""
    grandma = grandma_of(cast.students.key)
    grandma_of(cast.students.plain)
    code = slip_for(cast, cast.students.key, grandma)
    return through(Client(), code, "6180"), code, grandma


def test_a_grandmother_comes_in_with_her_slip_and_chooses_between_two_grandchildren(cast):
    key, plain = cast.students.key, cast.students.plain
    grandma, there = grandma_of(key), grandma_of(plain)
    browser = Client()
    code = slip_for(cast, key, grandma)
    # the square leads to one question; a wrong answer is told kindly, the right one leads on
    browser.get(reverse("door"), {"code": code})
    assert browser.get(reverse("door"))["Location"] == reverse("door-answer")
    wrong = browser.post(reverse("door-answer"), {"answer": "0000"})
    assert wrong.status_code == 422 and "对不上" in text(wrong) and 'value="0000"' in text(wrong)
    assert browser.get(reverse("door-choose"))["Location"] == reverse("door")
    assert browser.post(reverse("door-answer"), {"answer": "6180"})["Location"] == reverse("door-choose")
    simple = browser.post(reverse("door-choose"), {"secret": "123456", "again": "123456"})
    assert simple.status_code == 422 and "太好猜" in text(simple)
    browser.post(reverse("door-choose"), {"secret": PIN, "again": PIN})
    # she is led home and, since name and phone are one, chooses between two grandchildren
    chooser = text(browser.get(reverse("home"), follow=True))
    assert "看哪个孩子" in chooser and "周晓禾" in chooser and "苏苗苗" in chooser
    assert there.pk and User.objects.get(login="沈秀英").is_active
    # pictures and few words come by themselves; she may have all the words
    page = text(browser.get(reverse("family-child", args=[key.pk])))
    assert 'class="door few-words"' in page and "苏苗苗" not in page
    browser.post(reverse("door-few-words"), {"wanted": "0"})
    assert 'class="door"' in text(browser.get(reverse("family-child", args=[key.pk])))


def test_she_answers_her_helper_with_one_tap_and_the_helper_sees_it(cast, at_home):
    key, plain = cast.students.key, cast.students.plain
    browser, _code, grandma = at_home
    helper = cast.client("helper")
    door = reverse("student-door", args=[key.pk])
    said = {"client_id": uuid4(), "guardian": grandma.pk, "text": "她今天领读了"}
    helper.post(reverse("door-message", args=[key.pk]), said)
    assert "还没读" in text(helper.get(door))
    words = reverse("family-words", args=[key.pk])
    assert "她今天领读了" in text(browser.get(words))
    assert "读过" in text(helper.get(door))
    browser.post(words, {"client_id": uuid4(), "ready": "yes", "text": ""})
    assert "已回复" in text(helper.get(door)) and "看到了，好的" in text(helper.get(door))
    assert text(browser.get(reverse("family-words", args=[plain.pk]))).count("她今天领读了") == 0
    # another day for the visit
    day = {"client_id": uuid4(), "wished_on": "2026-12-05", "text": "上午"}
    browser.post(words, day)
    assert "想改在12月5日" in text(helper.get(door))
    past = browser.post(words, day | {"client_id": uuid4(), "wished_on": "2026-11-01"})
    assert past.status_code == 422 and "已经过了" in text(past) and "上午" in text(past)


def test_what_was_agreed_is_ticked_and_taken_back(cast, at_home):
    browser, key, helper = at_home[0], cast.students.key, cast.client("helper")
    form = {"client_id": uuid4(), "text": "写作业时关电视", "by": "family", "due_on": "2026-12-01"}
    helper.post(reverse("door-agreement", args=[key.pk]), form)
    done = reverse("family-agreement-done", args=[Agreement.objects.get().pk])
    told = text(browser.post(done, follow=True))
    assert "做到了，谢谢" in told and "撤回" in told
    browser.post(done, {"not_yet": "1"})
    assert Agreement.objects.standing().exists()


def test_she_says_yes_for_one_grandchild_alone_and_no_again(cast, at_home):
    key, plain = cast.students.key, cast.students.plain
    browser = at_home[0]
    consents = reverse("family-consents", args=[plain.pk])
    plain.birth_date = datetime.date(2014, 3, 1)
    plain.save()
    browser.post(consents, {"purpose": "photo"})
    assert with_consent([key.pk, plain.pk], "photo") == {plain.pk}
    browser.post(consents, {"purpose": "photo", "stop": "1"})
    assert not with_consent([plain.pk], "photo")


def test_she_reads_what_is_stored_takes_a_copy_and_is_answered_in_writing(cast, at_home):
    browser, key = at_home[0], cast.students.key
    stored = text(browser.get(reverse("family-stored", args=[key.pk])))
    assert "138****5678" in stored and "13812345678" not in stored and "周建军" not in stored
    copy = browser.get(reverse("family-copy", args=[key.pk]))
    assert "attachment" in copy["Content-Disposition"] and "周晓禾" in text(copy)
    assert browser.get(reverse("family-copy", args=[key.pk]), {"as": "data"}).json()["parts"][0]["lines"]
    assert AuditEntry.objects.filter(action="family.copy").count() == 2
    ask = {"client_id": uuid4(), "kind": "correct", "text": "门牌换了"}
    browser.post(reverse("family-requests", args=[key.pk]), ask)
    office = cast.client("coordinator")
    assert "周晓禾" in text(office.get(reverse("data-requests")))
    asked = reverse("data-request", args=[DataRequest.objects.get().pk])
    empty = office.post(asked, {"outcome": "done", "text": ""})
    assert empty.status_code == 422
    office.post(asked, {"outcome": "done", "text": "已改为柳溪村三组15号"})
    assert "已改为柳溪村三组15号" in text(browser.get(reverse("family-requests", args=[key.pk])))


def test_next_time_device_slip_or_name_ask_for_the_pin_alone(cast, at_home):
    browser, code, _grandma = at_home
    browser.get(reverse("home"), follow=True)
    # next time the slip's square asks for the PIN alone; on her own device her name stands there
    browser.post(reverse("sign-out"))
    assert "沈秀英" in text(browser.get(reverse("door")))
    assert browser.post(reverse("door-pin"), {"secret": "111111"}).status_code == 422
    assert browser.post(reverse("door-pin"), {"secret": PIN})["Location"] == reverse("home")
    other = Client()
    other.get(reverse("door"), {"code": code})
    page = text(other.get(reverse("door"), follow=True))
    assert "沈秀英" not in page and 'name="secret"' in page
    assert other.post(reverse("door-pin"), {"secret": PIN})["Location"] == reverse("home")
    # by name and PIN, from any device
    assert Client().post(reverse("door-pin"), {"login": " 沈秀英", "secret": PIN})["Location"] == reverse(
        "home"
    )


def test_who_is_no_guardian_of_one_any_more_keeps_the_other_and_nothing_of_the_first(cast, at_home):
    key, plain = cast.students.key, cast.students.plain
    browser, _code, grandma = at_home
    words = reverse("family-words", args=[key.pk])
    family.end_guardian(cast.actor("helper"), guardian=grandma)
    assert browser.get(reverse("family-home"))["Location"] == reverse("family-child", args=[plain.pk])
    for name in (
        "family-child",
        "family-words",
        "family-consents",
        "family-stored",
        "family-copy",
        "family-requests",
    ):
        assert browser.get(reverse(name, args=[key.pk])).status_code == 404
    assert browser.post(words, {"client_id": uuid4(), "text": "还在吗"}).status_code == 404


@pytest.fixture
def me(cast) -> Student:
    """孟宇航, fourteen."""
    me = cast.students.normal
    me.birth_date = datetime.date(2012, 5, 6)
    me.save()
    return me


@pytest.fixture
def in_the_computer_room(cast, me):
    return through(Client(), slip_for(cast, me, me), "2012年5月6日")


def test_a_student_finds_what_went_well_and_nothing_that_labels(cast, me, in_the_computer_room):
    browser = in_the_computer_room
    write_contact(
        cast.actor("head"),
        student=me,
        client_id=uuid4(),
        kind="success",
        told=Told({"success": "独立完成了实验报告"}, channel="in_person", reached=["student"]),
    )
    write_contact(
        cast.actor("head"),
        student=me,
        client_id=uuid4(),
        kind="talk",
        told=Told({"thoughts": "家里有事"}, channel="in_person", reached=["student"]),
    )
    page = browser.get(reverse("home"), follow=True)
    assert page.redirect_chain[-1][0] == reverse("mine") and page["Cache-Control"] == "no-store"
    body = text(page)
    # what went well stands there, no talk, no label, nobody else; the way out is there
    assert "独立完成了实验报告" in body and "家里有事" not in body
    assert not [word for word in ("登记", "重点", "关注", "周晓禾", "key-dot", "manifest") if word in body]
    assert f'href="{reverse("away")}"' in body and "data-leave" in body and "data-user" not in body


def test_the_childs_goal_becomes_the_goal_of_the_month(cast, me, in_the_computer_room):
    browser = in_the_computer_room
    browser.post(reverse("mine"), {"client_id": uuid4(), "words": "每天跑一圈"})
    empty = browser.post(reverse("mine"), {"client_id": uuid4(), "words": " "})
    assert empty.status_code == 422
    teacher = cast.client("class_teacher")
    assert "每天跑一圈" in text(teacher.get(reverse("student-door", args=[me.pk])))
    teacher.post(reverse("own-goal-month", args=[OwnGoal.objects.get().pk]))
    assert Contact.objects.filter(kind="goal", student=me).exists()
    assert "我们一起努力" in text(browser.get(reverse("mine")))
    ended = text(browser.post(reverse("own-goal-end", args=[OwnGoal.objects.get().pk]), follow=True))
    assert "你做到了" in ended and "撤回" in ended


def test_what_the_family_agrees_to_waits_for_the_childs_own_word(cast, me, in_the_computer_room):
    browser = in_the_computer_room
    mother = Guardian.objects.create(
        school=cast.school, student=me, name="孟丽", relation="mother", user=cast.users["guardian"]
    )
    cast.grant("guardian", "guardian", student=me)
    parent, consents = cast.client("guardian"), reverse("family-consents", args=[me.pk])
    parent.post(consents, {"purpose": "photo"})
    parent.post(consents, {"purpose": "outing", "student_agreed": "on", "word": "yes"})
    assert not with_consent([me.pk], "photo") and not with_consent([me.pk], "outing") and mother.pk
    assert "想听听你的意见" in text(browser.get(reverse("mine")))
    say = reverse("mine-say")
    browser.post(say, {"purpose": "photo", "word": "yes"})
    browser.post(say, {"purpose": "outing", "word": "no"})
    assert with_consent([me.pk], "photo") and not with_consent([me.pk], "outing")
    assert "孩子说不" in text(parent.get(consents))
    browser.post(say, {"purpose": "photo", "stop": "1"})
    assert not with_consent([me.pk], "photo")


def test_a_students_session_opens_nothing_else_and_ends_with_one_tap(cast, me, in_the_computer_room):
    browser = in_the_computer_room
    # nothing of the family, of the school or of another student opens
    for name in ("family-home", "students", "week", "student-door", "family-child", "student"):
        args = [cast.students.key.pk] if name in {"student-door", "family-child", "student"} else []
        assert browser.get(reverse(name, args=args)).status_code == 403
    # leaving quickly signs out, also without scripts; a lesson is all that a session lasts
    assert browser.session.get_expiry_age() <= 45 * 60
    away = text(browser.get(reverse("away")))
    assert "同行" not in re.sub(r"<title>.*?</title>", "", away) and "孟宇航" not in away
    assert browser.get(reverse("mine"))["Location"].startswith("/sign-in/")
    assert "door" not in {name for name, cookie in browser.cookies.items() if cookie.value}


def test_a_slip_taken_back_opens_nothing_and_says_what_to_do(cast):
    grandma = grandma_of(cast.students.key)
    code, browser = slip_for(cast, cast.students.key, grandma), Client()
    browser.post(reverse("door"), {"code": code})
    browser.post(reverse("door-answer"), {"answer": "6180"})
    teacher = cast.client("class_teacher")
    teacher.post(reverse("invitation-take-back", args=[Invitation.objects.get().pk]))
    late = browser.post(reverse("door-choose"), {"secret": PIN, "again": PIN})
    assert late.status_code == 422 and "收回了这张邀请" in text(late)
    again = browser.post(reverse("door"), {"code": code})
    assert again.status_code == 422 and "请问班主任" in text(again)
    assert not User.objects.filter(name="沈秀英").exists()


def test_a_closed_door_ends_open_sessions(cast):
    grandma = grandma_of(cast.students.key)
    browser = through(Client(), slip_for(cast, cast.students.key, grandma), "6180")
    assert browser.get(reverse("family-child", args=[cast.students.key.pk])).status_code == 200
    close = reverse("door-close", args=[cast.students.key.pk])
    assert cast.client("other_class_teacher").post(close, {"guardian": grandma.pk}).status_code == 404
    cast.client("class_teacher").post(close, {"guardian": grandma.pk})
    assert browser.get(reverse("family-child", args=[cast.students.key.pk])).status_code == 302
    assert browser.post(reverse("door-pin"), {"login": "沈秀英", "secret": PIN}).status_code == 422


def test_a_second_slip_on_the_same_phone_takes_the_child_in_with_the_own_pin(cast):
    browser = through(Client(), slip_for(cast, cast.students.key, grandma_of(cast.students.key)), "6180")
    later = grandma_of(cast.students.plain)
    Guardian.objects.filter(pk=later.pk).update(name="沈 秀英")
    code = slip_for(cast, cast.students.plain, later, by="other_class_teacher")
    browser.get(reverse("door"), {"code": code})
    browser.get(reverse("door"))
    browser.post(reverse("door-answer"), {"answer": "6180"})
    assert "您已经有 PIN 码了" in text(browser.get(reverse("door-choose")))
    assert browser.post(reverse("door-choose"), {"secret": "000000"}).status_code == 422
    assert browser.post(reverse("door-choose"), {"secret": PIN})["Location"] == reverse("home")
    assert "苏苗苗" in text(browser.get(reverse("family-home")))


def test_that_is_not_me_forgets_who_came_in_on_this_device(cast):
    browser = through(Client(), slip_for(cast, cast.students.key, grandma_of(cast.students.key)), "6180")
    browser.post(reverse("sign-out"))
    browser.post(reverse("door-forget"))
    assert "沈秀英" not in text(browser.get(reverse("door")))


def test_a_class_gets_its_slips_on_one_sheet(cast):
    grandma_of(cast.students.key)
    teacher = cast.client("class_teacher")
    page = text(teacher.get(reverse("class-invitations", args=[cast.class_one.pk])))
    assert "沈秀英" in page and "缺生日或手机号" in page
    whom = re.findall(r'value="(g\d+)" checked', page)
    sheet = teacher.post(
        reverse("class-invitations", args=[cast.class_one.pk]), {"whom": whom, "batch": str(uuid4())}
    )
    assert len(CODE.findall(text(sheet))) == len(whom) == 2 and "13900006180" not in text(sheet)
    other = cast.client("other_class_teacher").get(reverse("class-invitations", args=[cast.class_one.pk]))
    assert other.status_code == 404
    assert (
        cast.client("helper").get(reverse("class-invitations", args=[cast.class_one.pk])).status_code == 404
    )
    none = teacher.post(reverse("class-invitations", args=[cast.class_one.pk]), {"batch": str(uuid4())})
    assert none.status_code == 422 and "至少选一个人" in text(none)


def test_families_are_not_among_the_staff_accounts(cast):
    through(Client(), slip_for(cast, cast.students.key, grandma_of(cast.students.key)), "6180")
    head = cast.client("head")
    for name in ("settings-accounts", "slips"):
        assert "沈秀英" not in text(head.get(reverse(name)))


@pytest.mark.parametrize(
    "name", ["family-child", "family-words", "family-consents", "family-stored", "family-requests"]
)
def test_pages_of_the_door_are_small_and_kept_by_no_cache(cast, name):
    response = cast.client("guardian").get(
        reverse(name, args=[cast.students.key.pk]), HTTP_ACCEPT_ENCODING="gzip"
    )
    assert response["Cache-Control"] == "no-store"
    assert len(response.content) < 4_000
