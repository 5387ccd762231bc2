"""A plan of a term over HTTP, from what was seen to looking at it again, with a refusal at each step."""

import datetime
from uuid import uuid4

import pytest
from tests.planned import handed_in, in_force, plan_of
from tests.promised import talk

from tongxing.care.programme import queries
from tongxing.care.programme.models import PlanItem, PlanReview, PlanVersion, TermPlan
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM

pytestmark = pytest.mark.usefixtures("promised")


def said(**changes) -> dict:
    """What the form of a plan sends."""
    first = {
        "m0-what": "每天课后 4 道题，当面讲",
        "m0-who": "helper",
        "m0-often": "weeks-2",
        "m0-asks": "record-tutoring",
        "m0-key": str(uuid4()),
    }
    return {
        "knowledge": "移项常错",
        "habits": "数学作业 3 次未交",
        "thinking": "",
        "motivation": "",
        "goal": "期末能独立做完基础题",
        "signs": "作业交齐",
        "starts_on": "2026-11-25",
        "until": "2027-01-22",
        "review_on": "2026-12-30",
        "client_id": str(uuid4()),
        "seen": "",
        **first,
        "m1-key": str(uuid4()),
        "m1-who": "helper",
    } | changes


def tutoring(cast) -> int:
    found = queries.obligations(SYSTEM, cast.term, clock.now(), [cast.students.key.pk])
    return sum(one.commitment.startswith("plan-") for one in found)


def seen(plan) -> dict:
    return {"seen": plan.versions.latest("number").token}


def page(cast, role, path) -> str:
    return cast.client(role).get(path).content.decode()


def test_from_what_was_seen_to_looking_at_it_again_with_a_refusal_at_each_step(cast, at_school):
    plan = _until_it_comes_back(cast)
    own = f"/plans/{plan.pk}/"
    helper, coordinator = cast.client("helper"), cast.client("coordinator")
    # approved: what was shown is asked now
    assert "1 份计划等您审核" in page(cast, "coordinator", "/week/")
    stale = {"seen": "1.1"}
    assert coordinator.post(f"{own}approve/", stale).status_code == 422
    assert coordinator.post(f"{own}approve/", seen(plan)).status_code == 302
    assert tutoring(cast) == 4 and PlanItem.objects.get().term_plan == plan
    assert "正在执行" in page(cast, "class_teacher", own)
    # its day comes: the helper is reminded and looks again
    at_school.move_to(datetime.datetime(2026, 12, 30, 9, 0, tzinfo=clock.SCHOOL_TIME))
    helper = cast.client("helper")  # signed in anew
    assert "该回顾了" in page(cast, "helper", "/week/")
    assert f"{own}look/" in page(cast, "helper", "/reminders/")
    look = {"helped": "4 道题有用", "next": "换成应用题", "conclusion": "goes_on", "client_id": uuid4()}
    answer = helper.post(f"{own}look/", look | {"helped": "", "next_on": "2027-01-15"})
    assert answer.status_code == 422 and "换成应用题" in answer.content.decode()
    answer = helper.post(f"{own}look/", look)
    assert answer.status_code == 422 and "请写下次回顾的日子" in answer.content.decode()
    answer = helper.post(f"{own}look/", look | {"conclusion": "ends"})
    assert answer.status_code == 422 and "由班主任或学校负责人来定" in answer.content.decode()
    assert helper.post(f"{own}look/", look | {"next_on": "2027-01-15"}).status_code == 302
    assert "4 道题有用" in page(cast, "class_teacher", own)
    # the last look, by the class teacher, ends it
    last = look | {"client_id": uuid4(), "next_on": "2027-01-20"}
    last |= {"conclusion": "ends"}  # the day that the page proposed may stay
    assert cast.client("class_teacher").post(f"{own}look/", last).status_code == 302
    assert PlanReview.objects.count() == 2 and not PlanItem.objects.open().exists()
    assert helper.post(f"{own}write/", said(**seen(plan))).status_code == 422


def _until_it_comes_back(cast) -> TermPlan:
    begin = f"/students/{cast.students.key.pk}/term-plan/"
    helper, coordinator = cast.client("helper"), cast.client("coordinator")
    # another class: not there at all
    assert cast.client("other_class_teacher").post(begin, said()).status_code == 404
    assert cast.client("other_teacher").post(begin, said()).status_code == 403
    # a measure without a rhythm is refused beside its field, what was typed stays
    answer = helper.post(begin, said(**{"m0-often": ""}))
    assert answer.status_code == 422 and "每天课后 4 道题" in answer.content.decode()
    assert not TermPlan.objects.exists()
    # a draft without measures is kept but not handed in
    without = {name: text for name, text in said().items() if not name.startswith("m0-")}
    assert helper.post(begin, without).status_code == 302
    plan = TermPlan.objects.get()
    own = f"/plans/{plan.pk}/"
    answer = helper.post(f"{own}hand-in/", seen(plan))
    assert answer.status_code == 422 and "至少要有一条措施" in answer.content.decode()
    assert helper.post(f"{own}write/", said(**seen(plan))).status_code == 302
    assert helper.post(f"{own}hand-in/", seen(plan)).status_code == 302
    # nobody approves the own plan, nor somebody who does not lead
    assert helper.post(f"{own}approve/", seen(plan)).status_code == 403
    assert cast.client("class_teacher").post(f"{own}approve/", seen(plan)).status_code == 403
    # it comes back with a sentence, never without
    assert "等您审核" in page(cast, "coordinator", "/plans/")
    assert "辅导" in page(cast, "coordinator", own) and tutoring(cast) == 0
    assert coordinator.post(f"{own}send-back/", seen(plan) | {"sentence": ""}).status_code == 422
    assert coordinator.post(f"{own}send-back/", seen(plan) | {"sentence": "目标再小一点"}).status_code == 302
    assert "目标再小一点" in page(cast, "helper", own) and "退回来了" in page(cast, "helper", "/week/")
    assert helper.post(f"{own}write/", said(goal="12 月作业交齐", **seen(plan))).status_code == 302
    assert helper.post(f"{own}hand-in/", seen(plan)).status_code == 302
    return plan


def test_a_plan_begun_already_opens_instead_of_a_second_form(cast):
    plan = plan_of(cast)
    address = f"/students/{cast.students.key.pk}/term-plan/"
    assert cast.client("class_teacher").get(address).url == f"/plans/{plan.pk}/"
    answer = cast.client("class_teacher").post(address, said())
    assert answer.status_code == 422 and "同事刚刚已经开始" in answer.content.decode()
    assert TermPlan.objects.count() == 1


def test_handing_in_can_be_taken_back_at_a_tap(cast):
    plan = plan_of(cast)
    client = cast.client("helper")
    answer = client.post(f"/plans/{plan.pk}/hand-in/", seen(plan), follow=True).content.decode()
    assert f"/plans/{plan.pk}/take-back/" in answer
    assert cast.client("class_teacher").post(f"/plans/{plan.pk}/take-back/").status_code == 403
    assert client.post(f"/plans/{plan.pk}/take-back/").status_code == 302
    assert PlanVersion.objects.get().state == "draft"


def test_the_way_leads_from_the_students_page_and_a_child_not_on_the_register_has_no_plan(cast):
    student = page(cast, "helper", f"/students/{cast.students.key.pk}/")
    assert f"/students/{cast.students.key.pk}/term-plan/" in student
    assert f"/students/{cast.students.key.pk}/goals/" in student
    assert "还没有登记在册" in page(cast, "head", f"/students/{cast.students.plain.pk}/term-plan/")


def test_a_plan_in_force_ends_with_a_reason_and_is_no_helpers_to_end(cast):
    plan = in_force(cast)
    assert cast.client("helper").post(f"/plans/{plan.pk}/end/", {"reason": "转学"}).status_code == 403
    client = cast.client("class_teacher")
    assert client.post(f"/plans/{plan.pk}/end/", {"reason": ""}).status_code == 422
    assert client.post(f"/plans/{plan.pk}/end/", {"reason": "转到县城读书"}).status_code == 302
    assert "转到县城读书" in page(cast, "helper", f"/plans/{plan.pk}/")


@pytest.mark.parametrize("make", ["plan.pdf", "plan.docx", "tracking.pdf", "tracking.docx"])
def test_the_forms_are_downloaded_by_those_who_write_the_plan(cast, make):
    plan = handed_in(cast)
    answer = cast.client("helper").post(f"/plans/{plan.pk}/paper/", {"make": make})
    assert (
        answer.status_code == 200
        and answer["Content-Disposition"].endswith(make[-4:] + '"')
        or "filename*" in answer["Content-Disposition"]
    )
    assert cast.client("helper").post(f"/plans/{plan.pk}/paper/", {"make": "other.pdf"}).status_code == 422
    assert (
        cast.client("other_class_teacher").post(f"/plans/{plan.pk}/paper/", {"make": make}).status_code == 404
    )


def test_the_goals_stand_month_by_month_with_what_became_of_them(cast):
    def at(month, day):
        return datetime.datetime(2026, month, day, 12, 0, tzinfo=clock.SCHOOL_TIME)

    in_force(cast)
    talk(cast, kind="goal", body={"goal": "十月作业交齐", "sign": "作业本"}, happened_at=at(10, 12))
    outcome = talk(
        cast,
        kind="goal_outcome",
        body={"outcome": "做到了一部分", "shown_by": "只缺一次"},
        happened_at=at(10, 30),
    )
    talk(cast, kind="goal", body={"goal": "十一月每天问一个问题"}, happened_at=at(11, 9))
    address = f"/students/{cast.students.key.pk}/goals/"
    found = page(cast, "helper", address)
    assert found.index("期末数学能独立做完基础题") < found.index("2026年11月") < found.index("2026年10月")
    assert found.index("2026年10月") < found.index("十月作业交齐") < found.index("只缺一次")
    assert f"/records/{outcome.pk}/" in found and "kind=goal_outcome" in found
    assert "这个月还没有写目标" in found
    assert cast.client("other_class_teacher").get(address).status_code == 404
    assert cast.client("helper").post(f"{address}paper/", {"make": "pdf"}).status_code == 200
    assert cast.client("helper").post(f"{address}paper/", {"make": "txt"}).status_code == 422
