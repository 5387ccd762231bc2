"""A term of 周晓禾, a key student, told over HTTP: the six things, the family, a plan, a colleague who asks for help, a
new helper, and the day she leaves the register. At each step what is refused stands beside it."""

import datetime
from uuid import uuid4

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair
from tongxing.care.programme.queries import duties_of
from tongxing.care.requests.models import HelpRequest
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Guardian, Registration

from .http import closed, read, send

#: Words that label a child; they stand on no helper's card and at no door. A key student has a dot, at doors not even that.
LABELS = ("学困", "贫困", "留守", "困难")
TALK = "数学作业 3 次未交，说晚上要照看弟弟。"


def test_the_term_of_a_key_student(promised, at_school):
    cast = promised
    _her_helper_finds_her_on_the_week(cast)
    _a_talk_is_written_and_keeps_its_promise(cast)
    _goal_success_partner_book_and_visit(cast)
    _the_family_reads_its_own_and_no_label(cast)
    _a_question_goes_along_to_the_new_helper(cast, at_school)
    _she_leaves_the_register_with_a_reason(cast)


def _record(cast, who, kind, status=200, **answers):
    form = {
        "client_id": uuid4(),
        "kind": kind,
        "made": "1",
        "channel": "in_person",
        "when": "now",
        "next": "",
        "visibility": "team",
    }
    return send(cast, who, "record-new", cast.students.key.pk, status=status, **form | answers)


def _state(cast, code):
    duties = duties_of(cast.actor("head"), cast.term, [cast.students.key.pk], clock.now())
    return next(duty.state for duty in duties[cast.students.key.pk] if duty.promise.code == code)


def _her_helper_finds_her_on_the_week(cast):
    week = read(cast, "helper", "week")
    assert "周晓禾" in week and "孟宇航" not in week
    assert not [word for word in LABELS if word in week]
    for who in ("other_class_teacher", "other_teacher", "outsider", "finance_maker"):
        closed(cast, who, "student", cast.students.key.pk)


def _a_talk_is_written_and_keeps_its_promise(cast):
    assert _state(cast, "talk") != "done"
    page = _record(cast, "helper", "talk", 422, thoughts=" ", promise="", minutes="20")
    assert 'value="20"' in page, "what was typed stays"
    _record(cast, "helper", "talk", thoughts=TALK, promise="周五前补交")
    assert _state(cast, "talk") == "done"
    assert TALK in read(cast, "class_teacher", "student", cast.students.key.pk)
    record = Contact.objects.get()
    closed(cast, "other_class_teacher", "record", record.pk)


def _goal_success_partner_book_and_visit(cast):
    grandma = Guardian.objects.get(student=cast.students.key, name="周桂兰")
    steps = (
        ("goal", "goal", {}, {"goal": "每天一个英语句子"}),
        ("success", "success", {}, {"success": "给全组讲清了一道应用题"}),
        ("partner", "partner", {}, {"partner": "郑可心", "discussed": "一起订正"}),
        ("book", "", {}, {"title": "《城南旧事》", "motto": "慢慢走，也会到"}),
        (
            "visit",
            "visit",
            {"channel": "at_home", "minutes": "700"},
            {
                "channel": "at_home",
                "companion": "唐雨",
                "reached": [f"g{grandma.pk}"],
                "at_home": "会帮奶奶做饭",
            },
        ),
    )
    for kind, code, wrong, right in steps:
        _record(cast, "helper", kind, 422, **wrong)
        _record(cast, "helper", kind, **right)
        assert not code or _state(cast, code) == "done", kind
    assert "每天一个英语句子" in read(cast, "class_teacher", "student-goals", cast.students.key.pk)
    closed(cast, "other_teacher", "student-goals", cast.students.key.pk)


def _the_family_reads_its_own_and_no_label(cast):
    door = read(cast, "guardian", "family-child", cast.students.key.pk)
    assert "给全组讲清了一道应用题" in door and TALK not in door
    mine = read(cast, "student", "mine")
    for page in (door, mine):
        assert not [word for word in (*LABELS, "重点") if word in page]
    closed(cast, "guardian", "family-child", cast.students.normal.pk)
    for who in ("guardian", "student"):
        closed(cast, who, "register")


def _a_question_goes_along_to_the_new_helper(cast, at_school):
    """林岚 will be away; what was promised and what was asked goes along to 宋桥."""
    key = cast.students.key
    asked = {"client_id": uuid4(), "topic": "studying", "text": "应用题读题慢"}
    send(cast, "student", "request-ask", **asked)
    request = HelpRequest.objects.get()
    assert request.holder == cast.users["helper"]
    pair = Pair.objects.open().get(student=key)
    helper, new = cast.staff["helper"], cast.staff["other_teacher"]
    closed(cast, "class_teacher", "pairing-hand-over", helper.pk)
    page = read(cast, "coordinator", "pairing-hand-over", helper.pk)
    assert "随孩子一起交给新的帮扶老师" in page and "应用题读题慢" not in page
    form = {"on": clock.today().isoformat(), "reason": "helper_away", f"to_{pair.pk}": new.pk}
    wrong = send(cast, "coordinator", "pairing-hand-over", helper.pk, **form | {"on": "2027-05-01"})
    assert "请选本学期内的一天" in wrong
    send(cast, "coordinator", "pairing-hand-over", helper.pk, **form)
    assert "每天一个英语句子" in read(
        cast, "other_teacher", "pairing-taken-over", Pair.objects.open().get(student=key).pk
    )
    request.refresh_from_db()
    assert request.holder == cast.users["other_teacher"], "it never stays with whoever is away"
    assert "应用题读题慢" in read(cast, "other_teacher", "request", request.pk)
    closed(cast, "helper", "request", request.pk)
    at_school.shift(datetime.timedelta(days=1))
    closed(cast, "helper", "student", key.pk)


def _she_leaves_the_register_with_a_reason(cast):
    key = cast.students.key
    closed(cast, "class_teacher", "register-leave", key.pk)
    send(cast, "head", "register-leave", key.pk, status=422, reason=" ")
    assert Registration.objects.filter(student=key, ends_on=None).exists()
    page = send(cast, "head", "register-leave", key.pk, reason="两次月考作业都交齐，家里也稳定了")
    assert "周晓禾" in page
    assert not Registration.objects.filter(student=key, ends_on=None).exists()
    assert TALK in read(cast, "class_teacher", "student", key.pk), "what was written stays readable"
