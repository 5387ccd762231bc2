"""A child at risk, told over HTTP: a morning without 周晓禾, what she writes at her door past the adult she names, those
who answer the same day, the counsellor, and what nobody else ever sees."""

import datetime
import re
from uuid import uuid4

from tongxing.care.attendance_watch.models import Absence
from tongxing.care.counselling.models import Appointment, Note
from tongxing.care.requests.models import HelpRequest
from tongxing.care.safety import naming
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message

from .http import closed, read, send

HIT = "唐雨老师昨天打了我，我不敢来学校"
TALKED = "说晚上睡不着，害怕早上点名"
KEPT_FROM = ("class_teacher", "helper", "other_teacher", "other_class_teacher", "coordinator")


def test_from_a_morning_without_the_child_to_somebody_who_stays_near(cast, at_school):
    naming.name_responder(cast.actor("head"), school=cast.school, post="safety", staff=cast.staff["deputy"])
    _nobody_knows_where_she_is_and_then_somebody_does(cast)
    flag = _she_says_who_hurt_her_and_it_goes_past_that_adult(cast)
    _it_is_answered_the_same_day(cast, flag)
    _the_counsellor_listens_and_keeps_it(cast, at_school)
    _her_time_is_moved_when_the_counsellor_is_away(cast)
    _nobody_else_has_read_a_word(cast)


def _nobody_knows_where_she_is_and_then_somebody_does(cast):
    page = send(cast, "class_teacher", "attendance-class", cast.class_one.pk, missing=[cast.students.key.pk])
    assert "还不知道在哪里" in page
    absence = Absence.objects.get()
    closed(cast, "other_class_teacher", "attendance-absence", absence.pk)
    known = {"client_id": uuid4(), "reason": "no_leave", "words": "在奶奶家，明天来", "back_on": "2026-11-26"}
    send(cast, "class_teacher", "attendance-known", absence.pk, status=422, **known | {"words": ""})
    assert "在奶奶家，明天来" in send(cast, "class_teacher", "attendance-known", absence.pk, **known)


def _she_says_who_hurt_her_and_it_goes_past_that_adult(cast):
    before = {who: _main(read(cast, who, "requests")) for who in ("class_teacher", "helper", "coordinator")}
    send(cast, "student", "request-ask", client_id=uuid4(), topic="hurt", text=HIT)
    request, flag = HelpRequest.objects.get(), RiskFlag.objects.get()
    for who, was in before.items():
        assert _main(read(cast, who, "requests")) == was, "not even a count changes"
        closed(cast, who, "request", request.pk)
    for who in KEPT_FROM:
        closed(cast, who, "safety-flag", flag.pk)
    told = Message.objects.filter(to=cast.users["deputy"], urgent=True).get()
    assert "周晓禾" not in told.subject and "打了" not in told.subject
    assert "负责孩子安全的人" in read(cast, "student", "request-mine")
    return flag


def _main(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page.partition("<main")[2])


def _it_is_answered_the_same_day(cast, flag):
    request = HelpRequest.objects.get()
    assert HIT in read(cast, "deputy", "request-safety", request.pk)
    send(cast, "deputy", "safety-step", flag.pk, do="take")
    step = {"do": "report", "to": "police", "text": "电话报案，接警人已登记"}
    send(cast, "deputy", "request-safety-step", request.pk, status=422, **step | {"to": "", "text": ""})
    assert "已报告公安" in send(cast, "deputy", "request-safety-step", request.pk, **step)
    flag.refresh_from_db()
    assert flag.responder == cast.users["deputy"] and clock.day_of(flag.raised_at) == clock.today()


def _the_counsellor_listens_and_keeps_it(cast, at_school):
    key = cast.students.key
    send(cast, "student", "counselling-ask", client_id=uuid4(), words="想找个人说说")
    wish = Appointment.objects.get()
    plan = {"day": "2026-11-26", "at": "16:30", "minutes": "40", "place": "心理室", "every": "0"}
    for who in KEPT_FROM:
        closed(cast, who, "counselling-appointment", wish.pk)
    send(cast, "counsellor", "counselling-appointment", wish.pk, status=422, **plan | {"day": "2026-11-20"})
    send(cast, "counsellor", "counselling-appointment", wish.pk, **plan)
    at_school.shift(datetime.timedelta(hours=25))
    note = {"client_id": uuid4(), "happened_at": "2026-11-26T16:40", "occasion": "自己来的"}
    note |= {"talked": TALKED, "wants": "换一个人点名", "next": "下周再来", "appointment": str(wish.pk)}
    send(cast, "counsellor", "counselling-note-new", key.pk, status=422, **note)
    explained = {"client_id": uuid4(), "how": "read_out", "understood": "own_words"}
    send(cast, "counsellor", "counselling-explain", key.pk, **explained)
    send(cast, "counsellor", "counselling-note-new", key.pk, **note)
    for who in (*KEPT_FROM, "head", "deputy", "student", "guardian"):
        closed(cast, who, "counselling-note", Note.objects.get().pk)


def _her_time_is_moved_when_the_counsellor_is_away(cast):
    key = cast.students.key
    again = {"client_id": uuid4(), "whom": "student", "day": "2026-12-03", "at": "16:30", "minutes": "40"}
    send(cast, "counsellor", "counselling-arrange", key.pk, **again | {"place": "心理室", "every": "0"})
    page = send(cast, "counsellor", "counselling-days", client_id=uuid4(), day="2026-12-03", reason="")
    assert "周晓禾" in page and "请当面告诉" in page
    meeting = Appointment.objects.agreed().get()
    there = {"day": "2026-12-03", "at": "10:00", "place": "心理室"}
    send(cast, "counsellor", "counselling-move", meeting.pk, status=422, **there)
    page = send(cast, "counsellor", "counselling-move", meeting.pk, **there | {"day": "2026-12-04"})
    assert "没有人会空等" in page


def _nobody_else_has_read_a_word(cast):
    key = cast.students.key
    for who in ("class_teacher", "helper", "coordinator", "head"):
        page = read(cast, who, "student", key.pk)
        assert HIT not in page and TALKED not in page and "打了我" not in page
    trail = "".join(f"{entry.detail}{entry.purpose}" for entry in AuditEntry.objects.all())
    assert "周晓禾" not in trail and "打了" not in trail and "睡不着" not in trail
