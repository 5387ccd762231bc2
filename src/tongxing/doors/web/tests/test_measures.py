"""A measure in a colleague's hands and the calls of the week, over HTTP; Wednesday 2026-11-25, teaching week 12."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.attendance_watch.models import CallPutOff
from tongxing.care.contacts.models import Contact
from tongxing.care.peers.calls import arrange
from tongxing.care.peers.models import ArrangedCall
from tongxing.care.programme.models import MeasureHandover, MeasureOutcome
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import Guardian

pytestmark = pytest.mark.usefixtures("promised")


def get(cast, role, path):
    return cast.client(role).get(path).content.decode()


def post(cast, role, name, *args, **sent):
    return cast.client(role).post(reverse(name, args=args), sent, follow=True)


def test_who_has_no_week_of_the_own_finds_it_on_the_first_page_and_says_it_in_one_tap(cast, measure):
    page = get(cast, "other_teacher", "/highlights/")
    assert "您答应为孩子做的事" in page and "听写当场改" in page and "周晓禾" in page
    assert "说好的事 · 本周" in page
    assert "移项常错" not in page and "每天课后" not in page, "nothing else of the plan"
    sent = {"outcome": "well", "client_id": uuid4(), "from": "highlights"}
    page = post(cast, "other_teacher", "measure", measure.pk, **sent).content.decode()
    assert "已为周晓禾记下" in page and "说好的事 ✓" in page and "撤回" in page
    said = MeasureOutcome.objects.get()
    assert "可以重新记" in post(cast, "other_teacher", "measure-back", said.pk).content.decode()
    assert not MeasureOutcome.objects.standing().exists()


def test_the_page_of_one_measure_refuses_beside_the_field_and_keeps_what_was_typed(cast, measure):
    sent = {"outcome": "hard", "client_id": uuid4(), "words": "四题对了三题", "on": "2026-12-24"}
    answer = post(cast, "other_teacher", "measure", measure.pk, **sent)
    assert answer.status_code == 422 and "四题对了三题" in answer.content.decode()
    page = post(cast, "other_teacher", "measure", measure.pk, **sent | {"on": ""}).content.decode()
    assert "做了，还不太容易" in page and "四题对了三题" in page
    assert "四题对了三题" in get(cast, "helper", f"/plans/{measure.version.plan_id}/")


def test_it_opens_nothing_to_others_and_no_file_to_the_colleague(cast, measure):
    address = reverse("measure", args=[measure.pk])
    for role in ("helper", "class_teacher", "head", "counsellor", "outsider", "system_admin"):
        assert cast.client(role).get(address).status_code == 404
        assert cast.client(role).post(address, {"outcome": "well", "client_id": uuid4()}).status_code == 404
    colleague = cast.client("other_teacher")
    student = cast.students.key.pk
    assert colleague.get(address).status_code == 200
    for closed in (f"/students/{student}/", f"/plans/{measure.version.plan_id}/", "/plans/"):
        assert colleague.get(closed).status_code in {403, 404}
    words = {"outcome": "well", "client_id": uuid4(), "words": "听写全对"}
    assert post(cast, "other_teacher", "measure", measure.pk, **words).status_code == 200
    copy = get(cast, "guardian", reverse("family-stored", args=[student]))
    assert "做了，挺顺利" in copy and "宋桥" in copy and "听写全对" not in copy, (
        "the words stay the colleague's"
    )
    back = reverse("measure-back", args=[MeasureOutcome.objects.get().pk])
    assert cast.client("helper").post(back).status_code == 404


def test_what_speaks_of_danger_is_caught_here_too(cast, measure):
    sent = {"outcome": "not", "client_id": uuid4(), "words": "她说不想活了"}
    page = post(cast, "other_teacher", "measure", measure.pk, **sent)
    assert page.redirect_chain[-1][0].endswith("/caught/")


def test_it_is_handed_on_when_the_colleague_has_left_and_the_helper_is_told(cast, measure):
    staff = cast.staff["other_teacher"]
    assert "听写当场改" in get(cast, "head", f"/settings/staff/{staff.pk}/")
    staff.ends_on = datetime.date(2026, 11, 28)
    staff.save()
    assert "有一项措施请换人接着做" in get(cast, "helper", "/week/")
    assert "已离校" in get(cast, "helper", f"/plans/{measure.version.plan_id}/")
    assert cast.client("other_teacher").get(reverse("measure", args=[measure.pk])).status_code == 404
    sent = {"to": cast.staff["class_teacher"].pk, "reason": "调走了"}
    hand_on = reverse("measure-hand-on", args=[measure.pk])
    assert cast.client("other_class_teacher").post(hand_on, sent).status_code == 404
    assert cast.client("counsellor").post(hand_on, sent).status_code == 403
    for lacking, kept in (({"to": ""}, "调走了"), ({"reason": " "}, "唐雨")):
        answer = cast.client("helper").post(hand_on, sent | lacking)
        words = answer.content.decode()
        assert answer.status_code == 422 and kept in words and 'aria-invalid="true"' in words
    assert not MeasureHandover.objects.exists()
    page = post(cast, "helper", "measure-hand-on", measure.pk, **sent).content.decode()
    assert "已交给唐雨" in page and MeasureHandover.objects.get().to == cast.staff["class_teacher"]
    assert "听写当场改" in get(cast, "class_teacher", "/week/")


def test_a_title_says_what_was_agreed_before_it_speaks_of_the_class(cast, measure):
    assert "班上还有" in get(cast, "class_teacher", "/week/")
    sent = {"to": cast.staff["class_teacher"].pk, "reason": "课表变动"}
    post(cast, "helper", "measure-hand-on", measure.pk, **sent)
    assert "唐老师，还有一件说好的事等您" in get(cast, "class_teacher", "/week/")


@pytest.fixture
def arranged(cast) -> ArrangedCall:
    """At 17:00 周晓禾 calls the father; 林岚 arranged it."""
    return arrange(
        cast.actor("helper"),
        student=cast.students.key,
        guardian=Guardian.objects.get(name="周建军"),
        at=clock.now() + datetime.timedelta(hours=1),
        telephone="亲情通话室",
        client_id=uuid4(),
    )


def test_a_call_stands_in_the_week_of_whoever_arranged_it_and_asks_when_its_time_has_come(
    cast, arranged, at_school
):
    page = get(cast, "helper", "/week/")
    assert "本周要打的电话" in page and "亲情通话室" in page and "没人接" not in page
    assert "本周要打的电话" not in get(cast, "class_teacher", "/week/")
    at_school.shift(datetime.timedelta(hours=2))
    assert "没人接" in get(cast, "helper", "/week/")
    page = post(cast, "helper", "call-held", arranged.pk, channel="phone", **{"from": "week"})
    assert page.redirect_chain[-1][0] == "/week/" and "本周要打的电话" not in page.content.decode()
    assert Contact.objects.get().made
    # a slip: the call waits again, and held anew it is another record
    page = post(cast, "helper", "call-not-held", arranged.pk, **{"from": "week"}).content.decode()
    assert "本周要打的电话" in page and Contact.objects.get().withdrawn
    for role, status in (("other_class_teacher", 404), ("finance_maker", 403)):
        assert cast.client(role).post(reverse("call-not-held", args=[arranged.pk])).status_code == status
    post(cast, "helper", "call-held", arranged.pk, channel="phone", **{"from": "week"})
    assert [one.withdrawn for one in Contact.objects.order_by("pk")] == [True, False]
    at_school.shift(datetime.timedelta(minutes=11))
    assert post(cast, "helper", "call-not-held", arranged.pk).status_code == 422
    assert ArrangedCall.objects.get().contact == Contact.objects.latest("pk")


def test_nobody_answered_is_an_attempt_and_another_day_is_none(cast, arranged, at_school):
    at_school.shift(datetime.timedelta(hours=2))
    page = post(cast, "helper", "week-call", arranged.pk, what="no-answer").content.decode()
    again = ArrangedCall.objects.open().get()
    assert again.at == arranged.at + datetime.timedelta(days=1) and "再打" in page
    assert not Contact.objects.get().made
    post(cast, "helper", "week-call", again.pk, what="another-day")
    moved = ArrangedCall.objects.open().get()
    assert moved.at == again.at + datetime.timedelta(days=1) and Contact.objects.count() == 1
    assert post(cast, "helper", "week-call", moved.pk, what="").status_code == 422
    for role, status in (("other_class_teacher", 404), ("head", 200), ("finance_maker", 403)):
        answer = post(cast, role, "week-call", moved.pk, what="another-day")
        assert answer.status_code == status


def test_in_the_break_the_children_to_call_stand_in_the_week_until_somebody_spoke_with_them(cast, at_school):
    at_school.move_to(datetime.datetime(2027, 2, 1, 10, tzinfo=clock.SCHOOL_TIME))
    page = get(cast, "helper", "/week/")
    assert "假期通话" in page and "和孩子通上话了" in page
    child = cast.students.key.pk
    sent = {"what": "no-answer", "client_id": uuid4()}
    assert "可以再试" in post(cast, "helper", "week-holiday-call", child, **sent).content.decode()
    assert not Contact.objects.get().made
    for role in ("class_teacher", "head"):
        assert cast.client(role).post(reverse("week-holiday-call", args=[child]), sent).status_code == 404
    later = {"what": "another-day", "client_id": uuid4()}
    assert "改到明天" in post(cast, "helper", "week-holiday-call", child, **later).content.decode()
    moved = CallPutOff.objects.get()
    assert moved.to == datetime.date(2027, 2, 2) and Contact.objects.count() == 1, "nothing was tried"
    assert "定在2月2日" in get(cast, "helper", "/week/").replace(" ", "")
    back = reverse("week-put-off-back", args=[moved.pk])
    assert cast.client("head").post(back).status_code == 404
    post(cast, "helper", "week-put-off-back", moved.pk)
    assert "定在2月2日" not in get(cast, "helper", "/week/").replace(" ", "")
    post(cast, "helper", "week-holiday-call", child, **later)
    page = post(cast, "helper", "week-holiday-call", child, what="spoken", client_id=uuid4()).content.decode()
    assert "已为周晓禾" in page or "周晓禾" in page
    assert "假期通话" not in page and Contact.objects.filter(made=True).count() == 1
    again = cast.client("helper").post(reverse("week-holiday-call", args=[child]), sent)
    assert again.status_code == 404, "nobody is called twice by a second tap"
