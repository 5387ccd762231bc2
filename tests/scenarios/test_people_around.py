"""A term of 周晓禾, whose parents work away, told over HTTP: a proxy parent, a call with the father, a study partner;
at each step what is still missing is said, and nothing happens before."""

import datetime
import re
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Noticed, Pair, ProxyParent, Volunteer
from tongxing.care.peers.models import ArrangedCall, Together
from tongxing.care.profiles.actions import note_trait
from tongxing.care.programme.actions import install
from tongxing.care.programme.queries import duties_of
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Circumstance, Consent, Responsibility

TODAY = "2026-11-25"


@pytest.fixture
def told(cast):
    """唐雨 is the class teacher, 林岚 the helper; 郑可心 a classmate who likes the same."""
    school, key = cast.school, cast.students.key
    install(cast.actor("head"), school=school)
    Responsibility.objects.create(
        school=school,
        staff=cast.staff["class_teacher"],
        post="class_teacher",
        school_class=cast.class_one,
        starts_on=cast.term.starts_on,
    )
    Pair.objects.create(
        school=school,
        student=key,
        helper=cast.staff["helper"],
        starts_on=cast.term.starts_on,
        confirmed_at=clock.now(),
    )
    Circumstance.objects.create(school=school, student=key, category="left_behind")
    mate = cast.add_student("郑可心", cast.class_one, pinyin="zhengkexin")
    for child in (key, mate):
        note_trait(cast.actor("head"), student=child, kind="interest", words="羽毛球", client_id=uuid4())
    return SimpleNamespace(cast=cast, key=key, mate=mate)


def get(told, role, name, *args):
    answer = told.cast.client(role).get(reverse(name, args=args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(told, role, page, *args, status=200, **sent):
    answer = told.cast.client(role).post(reverse(page, args=args), sent, follow=True)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def agree(told, child, purpose):
    post(told, "class_teacher", "consents", child.pk, purpose=purpose, given_by="妈妈", student_agreed="on")


def withdraw(told, child, purpose):
    consent = Consent.objects.standing().get(student=child, purpose=purpose)
    post(told, "class_teacher", "consent-withdraw", consent.pk)


def test_a_proxy_parent_comes_only_after_check_agreement_and_consent_and_goes_with_the_consent(told):
    key = told.key
    assert "周晓禾" in get(told, "coordinator", "proxies"), "the gap stands on the list"
    post(
        told, "coordinator", "volunteer-new", name="何春燕", comes_from="镇妇联", phone="13612345678",
        client_id=uuid4(),
    )  # fmt: skip
    volunteer = Volunteer.objects.get()
    form = {"person": f"v{volunteer.pk}", "agreed_on": TODAY, "client_id": uuid4()}
    page = post(told, "coordinator", "proxy-start", key.pk, status=422, **form)
    assert "犯罪记录查询" in page and "何春燕" in page
    page = post(told, "coordinator", "volunteer", volunteer.pk, status=422, on="2026-11-26")
    assert "这一天还没到" in page
    post(told, "coordinator", "volunteer", volunteer.pk, on=TODAY)
    assert "读完约定" in post(told, "coordinator", "proxy-start", key.pk, status=422, **form)
    form |= {"rules_read": "on"}
    page = post(told, "coordinator", "proxy-start", key.pk, status=422, **form)
    assert "家里还没有同意" in page and f'value="{TODAY}"' in page
    assert not ProxyParent.objects.exists()
    agree(told, key, "proxy")
    assert "何春燕" in post(told, "coordinator", "proxy-start", key.pk, **form)
    assert (
        told.cast.client("class_teacher").post(reverse("proxy-start", args=[key.pk]), form).status_code == 403
    )
    for role in ("class_teacher", "helper"):
        assert "何春燕" in get(told, role, "student-around", key.pk)
    assert "周晓禾" not in get(told, "coordinator", "proxies").split("谁照看着谁")[0]
    withdraw(told, key, "proxy")
    page = get(told, "class_teacher", "student-around", key.pk)
    assert "家里不再同意" in page and "照看着" not in page
    assert "周晓禾" in get(told, "coordinator", "proxies").split("何春燕")[0], "the gap stands there again"


def test_a_call_is_arranged_not_answered_arranged_again_and_done(told):
    key, when = told.key, {"day": TODAY, "time": "20:00"}
    page = get(told, "class_teacher", "call-new", key.pk)
    assert "方便通话：20:00" in page and "昆山" in page and "13700002222" not in page
    father = re.search(r'value="(\d+)"[^>]*>\s*<span>[^<]*周建军', page).group(1)
    sent = {"guardian": father, "telephone": "班主任办公室", "client_id": uuid4()}
    page = post(told, "class_teacher", "call-new", key.pk, status=422, day="2026-11-20", time="20:00", **sent)
    assert "这一天已经过了" in page and 'value="班主任办公室"' in page
    assert "班主任办公室" in post(told, "class_teacher", "call-new", key.pk, **sent, **when)
    call = ArrangedCall.objects.get()
    with time_machine.travel(clock.now() + datetime.timedelta(hours=6), tick=False):
        assert post(told, "class_teacher", "call", call.pk, status=422, reason="没人接"), (
            "the next date is asked"
        )
        assert not Contact.objects.exists()
        page = post(told, "class_teacher", "call", call.pk, reason="没人接", day="2026-11-26", time="20:00")
        assert "下一次已列在名单上" in page
    attempt = Contact.objects.get()
    assert (attempt.made, attempt.reached) == (False, [])
    with time_machine.travel(clock.now() + datetime.timedelta(hours=29), tick=False):
        again = ArrangedCall.objects.open().get()
        assert "通上话了吗" in get(told, "class_teacher", "calls")
        post(told, "class_teacher", "call-held", again.pk, channel="video", said="说了期中的事")
        done = Contact.objects.get(made=True)
        assert done.reached == ["away_parent", "father"] and done.channel == "video"
        assert "联系上了" in get(told, "class_teacher", "three-lines")
    other = told.cast.client("other_class_teacher").post(reverse("call-held", args=[again.pk]))
    assert other.status_code == 404


def _they_reach_it_and_are_thanked(told, together):
    """A goal is reached, the next one stands, thanks are said, printed and found at the child's own door."""
    goal = together.goals.get()
    post(told, "helper", "shared-goal-reached", goal.pk, status=403)
    page = post(told, "class_teacher", "shared-goal-reached", goal.pk)
    assert "做到了" in page and "撤回" in page
    post(told, "class_teacher", "together-goal", together.pk, status=422, goal=" ")
    page = post(told, "class_teacher", "together-goal", together.pk, goal="一起读完一本书")
    assert "一起读完一本书" in page and "每天一起订正三道题" in page, "what was before stays"
    post(told, "class_teacher", "together-thanks", together.pk, status=422, client_id=uuid4(), text="")
    said = {"client_id": uuid4(), "text": "谢谢你们互相等着"}
    assert "谢谢你们互相等着" in post(told, "class_teacher", "together-thanks", together.pk, **said)
    thanks = together.thanks.get()
    card = get(told, "helper", "thanks-card", thanks.pk)
    assert "谢谢你们互相等着" in card and "周晓禾" in card and "郑可心" in card
    assert (
        told.cast.client("other_class_teacher").get(reverse("thanks-card", args=[thanks.pk])).status_code
        == 404
    )
    door = get(told, "student", "mine")
    assert "和郑可心一起" in door and "一起读完一本书" in door and "谢谢你们互相等着" in door


def test_a_partner_is_proposed_agreed_to_and_a_talk_fulfils_the_promise(told):
    page = get(told, "class_teacher", "partners")
    assert "郑可心" in page and "都喜欢羽毛球" in page
    two = {"student": told.key.pk, "partner": told.mate.pk}
    assert "请选同一个班" in post(
        told, "head", "partner-accept", status=422, client_id=uuid4(),
        student=told.key.pk, partner=told.cast.students.plain.pk,
    )  # fmt: skip
    page = post(told, "class_teacher", "partner-accept", client_id=uuid4(), **two)
    assert "请和家里谈谈" in page
    together = Together.objects.get()
    begin = {"student_yes": "on", "partner_yes": "on", "goal": "每天一起订正三道题"}
    agree(told, told.key, "peer")
    page = post(told, "class_teacher", "together-begin", together.pk, status=422, **begin)
    assert "郑可心家里还没有同意" in page and "每天一起订正三道题" in page
    agree(told, told.mate, "peer")
    page = post(
        told, "class_teacher", "together-begin", together.pk, status=422, **begin | {"partner_yes": ""}
    )
    assert "请先问问郑可心本人" in page
    assert "没有结伴学习" in post(
        told, "class_teacher", "together-talk", together.pk, status=422, client_id=uuid4(), what="0"
    )
    assert "每天一起订正三道题" in post(told, "class_teacher", "together-begin", together.pk, **begin)
    assert state(told, "partner") != "done"
    page = post(told, "helper", "together-talk", together.pk, client_id=uuid4(), what="0")
    assert "记下了" in page and "撤回" in page
    assert state(told, "partner") == "done"
    _they_reach_it_and_are_thanked(told, together)
    withdraw(told, told.mate, "peer")
    assert "有一家不再同意" in get(told, "class_teacher", "together", together.pk)
    post(told, "class_teacher", "together-talk", together.pk, status=422, client_id=uuid4(), what="0")


def state(told, code):
    duties = duties_of(told.cast.actor("head"), told.cast.term, [told.key.pk], clock.now())[told.key.pk]
    return next(duty.state for duty in duties if duty.promise.code == code)


def test_the_two_who_share_the_child_tell_each_other_and_find_it_on_their_week(told):
    cast, key = told.cast, told.key
    page = post(
        told, "helper", "student-around", key.pk, to=cast.staff["class_teacher"].pk, text="这周三次没吃早饭",
        client_id=uuid4(),
    )  # fmt: skip
    assert "对方还没看" in page and "撤回" in page
    week = get(told, "class_teacher", "week")
    assert "给您留了一句话" in week and "没吃早饭" not in week
    assert "给您的一句话" in get(told, "class_teacher", "student", key.pk)
    line = Noticed.objects.get()
    assert cast.client("counsellor").post(reverse("noticed-seen", args=[line.pk])).status_code == 404
    post(told, "class_teacher", "noticed-seen", line.pk, answer="我请食堂留一份")
    assert "我请食堂留一份" in get(told, "helper", "student-around", key.pk)
    assert "没吃早饭" in get(told, "coordinator", "student-around", key.pk)
    assert "没吃早饭" not in get(told, "counsellor", "student-around", key.pk)
    assert "给您留了一句话" not in get(told, "class_teacher", "week")


def test_everything_is_three_clicks_from_the_class_teachers_home(told):
    """home → 身边的人 → the list → the child."""
    home = get(told, "class_teacher", "week")
    assert f'href="{reverse("around")}"' in home
    hub = get(told, "class_teacher", "around")
    lists = ("calls", "three-lines", "partners", "friends", "deeds", "family-slips")
    assert all(f'href="{reverse(name)}"' in hub for name in lists)
    assert reverse("proxies") not in hub and reverse("proxies") in get(told, "coordinator", "around")
    assert reverse("student-around", args=[told.key.pk]) in get(told, "class_teacher", "three-lines")
