"""白露 answers for children's safety, 裴青 is her deputy, 顾言 the head; 林岚 writes about 周晓禾, whose class teacher is 唐雨."""

import datetime
from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.contacts.models import Contact
from tongxing.care.safety import naming
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import Responsibility

SAD, HIT = "说觉得活着没意思", "说放学后被同学堵在厕所要钱"


@pytest.fixture
def named(cast):
    for post, who in (("safety", "counsellor"), ("safety_deputy", "deputy")):
        naming.name_responder(cast.actor("head"), school=cast.school, post=post, staff=cast.staff[who])
    return cast


def write(cast, words, role="helper", **more):
    form = {
        "client_id": str(uuid4()), "kind": "talk", "made": "1", "channel": "in_person", "reached": "student",
        "when": "now", "thoughts": words, **more,
    }  # fmt: skip
    return cast.client(role).post(reverse("record-new", args=[cast.students.key.pk]), form, follow=True)


def flag_of(cast):
    return RiskFlag.objects.get()


def step(cast, role, **form):
    return cast.client(role).post(reverse("safety-step", args=[flag_of(cast).pk]), form, follow=True)


def show(cast, role, name="safety-flag", flag=None):
    return cast.client(role).get(reverse(name, args=[(flag or flag_of(cast)).pk]))


def test_the_writer_is_thanked_and_told_who_takes_it_in_whom_to_call_and_what_the_law_asks(named):
    page = write(named, SAD).content.decode()
    for words in ("谢谢您写下来", "白露", "12356", "12355", "第十一条"):
        assert words in page
    assert "周晓禾" not in page and "危险" not in page.split("<main")[1].split("法律")[0].replace(
        "眼下就有危险", ""
    )


def test_an_ordinary_record_leads_where_it_always_led(named):
    assert write(named, "想学好英语").request["PATH_INFO"] == reverse("week")


def test_nobody_but_the_writer_opens_the_writers_page(named):
    write(named, SAD)
    assert show(named, "helper", "safety-caught").status_code == 200
    assert {
        show(named, role, "safety-caught").status_code for role in ("head", "counsellor", "class_teacher")
    } == {404}


def test_the_responder_finds_it_in_the_list_takes_it_on_and_notes_what_was_done(named):
    write(named, HIT)
    assert "周晓禾" in named.client("counsellor").get(reverse("safety")).content.decode()
    step(named, "counsellor", do="take")
    page = step(
        named, "counsellor", do="note", quick="陪在孩子身边", text="班里几个人分开谈"
    ).content.decode()
    assert "陪在孩子身边；班里几个人分开谈" in page
    step(named, "counsellor", do="close", outcome="safe", text="已制止，双方家长到校")
    step(named, "head", do="sign")
    assert flag_of(named).state == "done"


def test_the_responders_message_names_nobody_and_leads_there(named):
    write(named, HIT)
    client = named.client("counsellor")
    page = client.get(reverse("reminders")).content.decode()
    assert "请您打开看看" in page and "周晓禾" not in page
    message = Message.objects.get(to=named.users["counsellor"])
    opened = client.get(reverse("message", args=[message.pk]), follow=True)
    assert "周晓禾" in opened.content.decode()


def test_a_false_alarm_is_two_taps(named):
    write(named, HIT)
    step(named, "counsellor", do="close", outcome="false_alarm", quick="是口头禅")
    assert flag_of(named).outcome == "false_alarm"


def test_a_refusal_is_said_on_the_page(named):
    write(named, HIT)
    answer = step(named, "counsellor", do="close", outcome="safe", text="好了")
    assert answer.status_code == 422 and "请先跟进这件事" in answer.content.decode()


@pytest.mark.parametrize("role", ["class_teacher", "coordinator", "helper", "other_teacher"])
def test_others_see_no_page_no_link_and_no_number(named, role):
    client = named.client(role)
    page = reverse("student", args=[named.students.key.pk])
    before = client.get(page)
    write(named, HIT)
    flag = flag_of(named)
    assert client.get(reverse("safety")).status_code == show(named, role).status_code == 403
    after = client.get(page)
    assert before.status_code == after.status_code
    assert reverse("safety-flag", args=[flag.pk]) not in after.content.decode()
    assert f'href="{reverse("safety")}"' not in after.content.decode()


def test_who_is_named_in_it_finds_nothing_there(named):
    write(named, "说白老师打了她")
    assert show(named, "counsellor").status_code == 404
    assert "周晓禾" not in named.client("counsellor").get(reverse("safety")).content.decode()
    assert "周晓禾" in named.client("deputy").get(reverse("safety")).content.decode()


def test_the_students_page_shows_it_to_those_who_answer(named):
    write(named, HIT)
    page = named.client("head").get(reverse("student", args=[named.students.key.pk])).content.decode()
    assert reverse("safety-flag", args=[flag_of(named).pk]) in page


def test_the_record_behind_it_opens_on_request_and_is_logged(named):
    write(named, SAD, visibility="counsellor")
    flag = flag_of(named)
    assert SAD not in show(named, "deputy").content.decode()
    opened = named.client("deputy").post(reverse("safety-record", args=[flag.pk])).content.decode()
    assert SAD in opened and AuditEntry.objects.filter(action="safety.open").count() == 1
    assert SAD not in show(named, "deputy").content.decode()


def test_one_asks_by_hand_for_a_child_one_sees(named):
    form = {
        "client_id": str(uuid4()),
        "categories": ["bullying"],
        "text": "看到几个人推她",
        "named": [named.staff["counsellor"].pk],
    }
    page = named.client("helper").post(
        reverse("safety-raise", args=[named.students.key.pk]), form, follow=True
    )
    assert "裴青" in page.content.decode() and "白露" not in page.content.decode()


def test_one_asks_for_any_child_by_class_and_name(named):
    form = {"categories": ["bullying"], "text": "看到几个人推她", "name": "苏苗苗", "school_class": "初一2班"}
    client = named.client("helper")
    assert client.post(reverse("safety-raise-any"), form | {"client_id": str(uuid4())}).status_code == 302
    assert flag_of(named).student == named.students.plain
    wrong = client.post(reverse("safety-raise-any"), form | {"client_id": str(uuid4()), "name": "何一帆"})
    assert wrong.status_code == 422 and RiskFlag.objects.count() == 1


def test_only_the_head_names_and_the_page_says_plainly_when_nobody_is(cast):
    head = cast.client("head")
    page = reverse("settings-safety")
    assert "还没有指定" in head.get(page).content.decode()
    head.post(page, {"responder": cast.staff["counsellor"].pk, "deputy": cast.staff["deputy"].pk})
    assert "还没有指定" not in head.get(page).content.decode()
    head.post(page, {"responder": cast.staff["deputy"].pk, "deputy": cast.staff["counsellor"].pk})
    posts = Responsibility.objects.filter(ends_on=None).values_list("post", "staff__code")
    assert set(posts) == {("safety", "deputy"), ("safety_deputy", "counsellor")}
    assert {
        cast.client(role).get(page).status_code for role in ("deputy", "coordinator", "system_admin")
    } == {403}


def test_the_trail_tells_of_it_only_to_those_who_answer(named):
    write(named, HIT)
    trail = reverse("settings-audit") + "?all=1"
    assert "请人跟进一个孩子" in named.client("head").get(trail).content.decode()
    assert "请人跟进一个孩子" not in named.client("system_admin").get(trail).content.decode()


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_many(
    named, django_assert_max_num_queries
):
    for _number in range(6):
        write(named, HIT)
    client = named.client("head")
    with django_assert_max_num_queries(16):
        client.get(reverse("safety"))


def test_a_teacher_named_by_the_head_answers_and_sees_no_more_of_a_child_than_that_asks(cast):
    naming.name_both(
        cast.actor("head"), school=cast.school, responder=cast.staff["other_teacher"], deputy=None
    )
    contact = write(cast, HIT)
    client = cast.client("other_teacher")
    assert "周晓禾" in client.get(reverse("safety")).content.decode()
    student = client.get(reverse("student", args=[cast.students.key.pk]))
    assert "139****1111" in student.content.decode() and "放学后" not in student.content.decode()
    for closed in (reverse("register"), reverse("overview"), reverse("settings-safety")):
        assert client.get(closed).status_code == 403
    assert client.get(reverse("record", args=[flag_of(cast).source_id])).status_code in {403, 404}
    assert client.get(reverse("search"), {"q": "放学"}).content.decode().count("<mark>") == 0
    assert contact.status_code == 200


def test_many_records_keyed_in_at_once_thank_the_writer_too(promised):
    client = promised.client("helper")
    form = {
        "client_id": str(uuid4()), "row": ["0"], "r0-student": str(promised.students.key.pk), "r0-kind": "talk",
        "r0-day": "2026-11-25", "r0-words": HIT, "r0-reached": "student",
    }  # fmt: skip
    answer = client.post(reverse("record-grid"), form, follow=True)
    assert RiskFlag.objects.count() == 1 and "谢谢您写下来" in answer.content.decode()


def test_a_draft_that_speaks_of_danger_tells_its_writer_at_once_and_leads_to_help(named):
    page = write(named, SAD, later="1").content.decode()
    assert not RiskFlag.objects.exists() and "今天就请人帮忙" in page
    ask = f'href="{reverse("safety-raise", args=[named.students.key.pk])}"'
    assert page.index(ask) < page.index("您的草稿") if "您的草稿" in page else ask in page
    again = named.client("helper").get(reverse("record-new", args=[named.students.key.pk]) + "?kind=talk")
    assert ask in again.content.decode()


def test_an_ordinary_draft_says_nothing_of_it(named):
    assert write(named, "想学好英语", later="1").request["PATH_INFO"] == reverse("week")
    page = named.client("helper").get(reverse("record-new", args=[named.students.key.pk]) + "?kind=talk")
    assert "想学好英语" in page.content.decode() and "今天就请人帮忙" not in page.content.decode()


def test_no_childs_name_stands_in_the_title_of_a_tab(named):
    write(named, SAD)
    ask = named.client("helper").get(reverse("safety-raise", args=[named.students.key.pk]))
    for page in (show(named, "counsellor"), ask):
        text = page.content.decode()
        assert "周晓禾" in text and "周晓禾" not in text.split("</title>")[0]


def test_the_numbers_of_help_lines_are_dialled_at_a_tap(named):
    write(named, SAD)
    for page in (show(named, "helper", "safety-caught"), show(named, "counsellor")):
        assert '<a href="tel:12356">12356</a>' in page.content.decode()


def test_the_writer_learns_whom_to_call_next_and_finds_back_to_the_child(named):
    page = write(named, HIT).content.decode()
    said = page.split("一小时内没有回音")[1].split("</li>")[0]
    assert "裴青" in said and "顾言" in said and "白露" not in said
    assert f'href="{reverse("student", args=[named.students.key.pk])}"' in page


def test_whom_it_is_about_is_not_named_as_the_next_to_call(named):
    page = write(named, "说校长打了他一巴掌").content.decode()
    assert (
        "裴青" in page.split("一小时内没有回音")[1].split("</li>")[0] and "顾言" not in page.split("<main")[1]
    )


@pytest.mark.parametrize(("days", "told"), [(14, True), (1, False)])
def test_a_next_time_far_off_is_asked_about(named, days, told):
    far = (clock.today() + datetime.timedelta(days=days)).isoformat()
    page = write(named, SAD, next="date", next_day=far).content.decode()
    assert (reverse("record-correct", args=[Contact.objects.get().pk]) in page) is told


def test_no_danger_after_all_comes_last(named):
    write(named, HIT)
    page = show(named, "counsellor").content.decode()
    assert page.index('value="false_alarm"') > max(page.index('value="take"'), page.index('value="next"'))
    assert page.index('value="false_alarm"') > page.index('class="plain steps"')
