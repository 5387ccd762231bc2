"""Help asked for, over HTTP: each door, the way of a request, and whom harm goes past."""

import re
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tongxing.care.contacts.models import Contact
from tongxing.care.requests import squares
from tongxing.care.requests.asking import words_of
from tongxing.care.requests.models import HelpRequest
from tongxing.care.requests.tests.school import a_box, a_door, by_slip, by_student
from tongxing.ground.files.tests.pictures import picture

HIT = "放学后被同学堵在厕所要钱"


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


def send(client, name, *args, topic="studying", text="数学应用题看不懂", follow=True, **more):
    form = {"client_id": uuid4(), "topic": topic, "text": text} | more
    return client.post(reverse(name, args=args), form, follow=follow)


def page(cast, role, name, *args):
    return cast.client(role).get(reverse(name, args=args)).content.decode()


def main_of(html):
    return html.split("<main")[1].split("</main>")[0]


def test_a_student_taps_what_it_is_about_is_told_who_reads_it_and_sends(cast):
    assert reverse("request-ask") in cast.client("student").get("/", follow=True).content.decode()
    asking = page(cast, "student", "request-ask")
    assert "?about=low" in asking and "想让人帮你什么？" in asking
    assert "想请学校帮什么忙？" in page(cast, "guardian", "request-ask")
    form = cast.client("student").get(reverse("request-ask") + "?about=studying").content.decode()
    assert form.index("林岚") < form.index("<textarea") and "唐雨" in form
    said = send(cast.client("student"), "request-ask").content.decode()
    assert "不是你一个人扛" in said and "11月30日" in said
    assert HelpRequest.objects.get().holder == cast.users["helper"]


def test_what_a_student_does_not_want_is_kept(cast):
    form = cast.client("student").get(reverse("request-ask") + "?about=home").content.decode()
    assert "不给班主任看" in form
    send(cast.client("student"), "request-ask", topic="home", text="爸妈总吵架", without=["class_teacher"])
    assert "周晓禾" not in page(cast, "class_teacher", "requests").split("<main")[1]
    assert "周晓禾" in page(cast, "helper", "requests")


def test_a_guardian_of_two_children_chooses_and_asks_for_no_other(cast):
    cast.grant("guardian", "guardian", student=cast.students.plain)
    both = page(cast, "guardian", "request-ask")
    assert f"child={cast.students.plain.pk}" in both and "孟宇航" not in both
    address = f"{reverse('request-ask')}?child={cast.students.plain.pk}"
    form = {"client_id": uuid4(), "topic": "home", "text": "奶奶腿疼"}
    cast.client("guardian").post(address, form)
    assert HelpRequest.objects.get().student == cast.students.plain
    cast.client("guardian").post(
        f"{reverse('request-ask')}?child={cast.students.normal.pk}", form | {"text": "x"}
    )
    assert not HelpRequest.objects.filter(student=cast.students.normal).exists()


def test_a_teacher_asks_from_the_students_page_and_sees_how_it_stands(cast):
    student = cast.students.key
    assert reverse("request-for", args=[student.pk]) in page(cast, "helper", "student", student.pk)
    send(cast.client("helper"), "request-for", student.pk, topic="body", text="总说肚子疼")
    assert HelpRequest.objects.get().holder == cast.users["class_teacher"]
    assert "我替孩子求助的" in page(cast, "helper", "requests")
    assert cast.client("helper").get(reverse("request-for", args=[cast.students.plain.pk])).status_code == 404


def test_a_form_that_is_too_long_keeps_what_was_typed(cast):
    answer = send(cast.client("student"), "request-ask", text="啊" * 1001)
    assert answer.status_code == 422 and "啊" * 1001 in answer.content.decode()


def test_taken_on_done_and_not_yet_it_comes_back(cast):
    request = by_student(cast)
    step, helper = reverse("request-step", args=[request.pk]), cast.client("helper")
    helper.post(step, {"do": "take", "text": "明天大课间来找你"})
    assert "明天大课间来找你" in page(cast, "student", "request-mine")
    helper.post(step, {"do": "solve", "text": "一起做了 5 道题"})
    mine = page(cast, "student", "request-mine")
    assert "一起做了 5 道题" in mine and "帮上你了吗" in mine
    said = reverse("request-said", args=[request.pk])
    cast.client("student").post(said, {"helped": "not_yet", "text": "还是不会"})
    again = page(cast, "helper", "requests")
    assert "有 1 件求助等着您" in again
    assert "还是不会" in page(cast, "helper", "request", request.pk)


def test_three_clicks_lead_from_the_first_page_to_the_request(cast):
    request = by_student(cast)
    week = cast.client("helper").get("/", follow=True).content.decode()
    assert reverse("requests") in week
    assert reverse("request", args=[request.pk]) in page(cast, "helper", "requests")


def test_done_is_taken_back_at_a_tap(cast):
    request, helper = by_student(cast), cast.client("helper")
    step = reverse("request-step", args=[request.pk])
    told = helper.post(step, {"do": "solve", "text": "讲过了"}, follow=True).content.decode()
    assert 'name="do" value="back"' in told
    helper.post(step, {"do": "back"})
    request.refresh_from_db()
    assert request.state == "taken"


def test_an_empty_step_says_so_beside_the_field_and_a_hand_over_keeps_the_reason_typed(cast):
    request, helper = by_student(cast), cast.client("helper")
    step = reverse("request-step", args=[request.pk])
    assert helper.post(step, {"do": "try", "text": ""}).status_code == 422
    answer = helper.post(step, {"do": "hand", "text": "我要出差"})
    assert answer.status_code == 422 and "我要出差</textarea>" in answer.content.decode()


def test_the_office_sees_that_it_waits_and_not_the_words_and_hands_it_on(cast):
    request = by_student(cast, text="我觉得自己很笨")
    seen = page(cast, "coordinator", "request", request.pk)
    assert "很笨" not in seen and "原话只给收信的人看" in seen
    form = {"do": "hand", "to": cast.staff["class_teacher"].pk, "text": "林老师出差"}
    cast.client("coordinator").post(reverse("request-step", args=[request.pk]), form)
    assert "很笨" in page(cast, "class_teacher", "request", request.pk)


def test_of_another_child_there_is_no_page(cast):
    request = by_student(cast)
    for role in ("other_class_teacher", "outsider"):
        assert cast.client(role).get(reverse("request", args=[request.pk])).status_code == 404


def test_one_tap_makes_a_record_of_it(cast):
    request, helper = by_student(cast), cast.client("helper")
    helper.post(reverse("request-step", args=[request.pk]), {"do": "solve", "text": "一起做了 5 道题"})
    record = helper.post(reverse("request-record", args=[request.pk]), follow=True).content.decode()
    assert "一起做了 5 道题" in record and Contact.objects.get().student == cast.students.key


def test_the_opener_notes_an_opening_and_keys_two_slips_in(cast):
    box, counsellor = a_box(cast), cast.client("counsellor")
    form = {"client_id": uuid4(), "opened_on": "2026-11-25", "slips": 2}
    assert "一张一张" in counsellor.post(reverse("box", args=[box.pk]), form, follow=True).content.decode()
    slip = reverse("box-slip", args=[box.pk])
    words = {"client_id": uuid4(), "topic": "friend", "text": "同桌不跟我说话了"}
    counsellor.post(slip, words | {"name": "周晓禾", "school_class": cast.class_one.pk})
    counsellor.post(slip, words | {"client_id": uuid4(), "school_class": cast.class_two.pk})
    holders = set(HelpRequest.objects.values_list("holder__name", flat=True))
    assert holders == {"唐雨", "邵明"}


def test_a_name_that_is_in_no_class_is_not_guessed(cast):
    form = {"client_id": uuid4(), "topic": "friend", "text": "同桌不跟我说话了", "name": "周晓禾"}
    answer = cast.client("counsellor").post(reverse("box-slip", args=[a_box(cast).pk]), form)
    assert answer.status_code == 422 and "同桌不跟我说话了" in answer.content.decode()
    assert not HelpRequest.objects.exists()


def test_who_has_no_key_finds_no_box_and_the_office_finds_all(cast):
    box = a_box(cast)
    assert cast.client("helper").get(reverse("box", args=[box.pk])).status_code == 404
    assert box.place in page(cast, "coordinator", "boxes")
    assert "现在" not in page(cast, "helper", "boxes").split("<main")[1].split("help")[0]


def test_a_box_is_hung_up_changed_and_taken_down(cast):
    office = cast.client("coordinator")
    form = {"place": "食堂门口", "every": 5, "opener": cast.staff["helper"].pk}
    assert "食堂门口" in office.post(reverse("box-new"), form, follow=True).content.decode()
    assert office.post(reverse("box-new"), form).status_code == 422
    box = cast.staff["helper"]  # whoever has the key opens it
    found = page(cast, "helper", "boxes")
    assert "食堂门口" in found and box.name in found
    pk = re.search(r"/boxes/(\d+)/", found)[1]
    office.post(reverse("box-take-down", args=[pk]), {"reason": "翻修"})
    assert "食堂门口" not in page(cast, "coordinator", "boxes")


def test_blank_slips_carry_the_schools_help_lines(cast):
    assert "12356" in page(cast, "coordinator", "box-blank-slips")


def test_the_square_leads_a_stranger_to_an_answer_behind_a_code(cast):
    address = reverse("help-door", args=[squares.token_of(a_door(cast, cast.class_one))])
    child = Client()
    first = child.get(address)
    assert "?about=studying" in first.content.decode()
    assert "noindex" in first["X-Robots-Tag"] and first["Referrer-Policy"] == "same-origin"
    assert "no-store" in first["Cache-Control"]
    form = child.get(address + "?about=studying").content.decode()
    assert "马上离开这一页" in form and "12356" in form
    sent = child.post(
        address, {"client_id": uuid4(), "topic": "studying", "text": "单词背不下来"}
    ).content.decode()
    code = re.search(r'class="revealed">([A-Z0-9-]+)<', sent)[1]
    request = HelpRequest.objects.get()
    cast.client("class_teacher").post(
        reverse("request-step", args=[request.pk]), {"do": "solve", "text": "晨读时一起背"}
    )
    answer = child.post(reverse("help-answer"), {"code": code.lower()}).content.decode()
    assert "晨读时一起背" in answer and "单词背不下来" not in answer
    child.post(reverse("help-answer"), {"code": code, "helped": "yes"})
    request.refresh_from_db()
    assert request.state == "done"


def test_a_stranger_is_told_the_same_whatever_name_was_given(cast):
    address = reverse("help-door", args=[squares.token_of(a_door(cast))])

    def told(name):
        form = {
            "client_id": uuid4(),
            "topic": "friend",
            "text": "想说说",
            "name": name,
            "class_name": "初一1班",
        }
        text = Client().post(address, form).content.decode()
        return re.sub(r'class="revealed">[A-Z0-9-]+<|value="\w{64}"', "", text)

    assert told("周晓禾") == told("没有这个人")
    assert "周晓禾" not in told("周晓禾")


def test_a_program_that_fills_everything_in_is_turned_away_and_a_person_loses_no_word(cast):
    address = reverse("help-door", args=[squares.token_of(a_door(cast))])
    form = {"client_id": uuid4(), "topic": "friend", "text": "想说说", "website": "http://x"}
    answer = Client().post(address, form)
    assert answer.status_code == 422 and "想说说" in answer.content.decode()
    assert not HelpRequest.objects.exists()


def test_what_is_too_big_is_not_taken_in(cast):
    address = reverse("help-door", args=[squares.token_of(a_door(cast))])
    form = {"client_id": uuid4(), "topic": "friend", "text": "说", "more": "啊" * 10_000}
    assert Client().post(address, form).status_code == 413
    assert not HelpRequest.objects.exists()


def test_beyond_its_bounds_the_square_says_whom_to_call(cast, monkeypatch):
    monkeypatch.setattr(squares, "PER_ADDRESS", 1)
    address = reverse("help-door", args=[squares.token_of(a_door(cast))])
    for text, status in (("一", 200), ("二", 429)):
        answer = Client().post(address, {"client_id": uuid4(), "topic": "friend", "text": text})
        assert answer.status_code == status
    assert "12356" in answer.content.decode() and "二" in answer.content.decode()


def test_wrong_codes_end_with_a_pause(cast, monkeypatch):
    monkeypatch.setattr(squares, "WRONG_CODES", 1)
    for status in (422, 429):
        assert Client().post(reverse("help-answer"), {"code": "ACD3F-HJ7KM"}).status_code == status


def test_an_old_square_is_a_page_that_is_not_there(cast):
    door = a_door(cast)
    a_door(cast)
    assert Client().get(reverse("help-door", args=[squares.token_of(door)])).status_code == 404


def test_the_office_makes_a_square_prints_it_and_closes_it(cast):
    office = cast.client("coordinator")
    poster = office.post(reverse("help-door-open"), {"class": cast.class_one.pk}, follow=True)
    assert "<svg" in poster.content.decode() and "初一(1)班" in poster.content.decode()
    assert "海报" in page(cast, "coordinator", "help-doors")
    door = cast.school and squares.OpenDoor.objects.get()
    office.post(reverse("help-door-close", args=[door.pk]))
    assert office.get(reverse("help-poster", args=[door.pk])).status_code == 404
    assert cast.client("class_teacher").get(reverse("help-doors")).status_code == 403


def test_the_office_says_who_is_asked_and_a_wrong_number_stays_typed(cast):
    form = {f"first_{code}": "class_teacher" for code in ("studying", "home", "friend", "body", "other")}
    form |= {
        "first_money": "coordinator",
        "first_low": "counsellor",
        "urgent_days": 1,
        "other_days": 2,
        "step_days": 5,
    }
    office = cast.client("coordinator")
    assert office.post(reverse("settings-requests"), form | {"other_days": 99}).status_code == 422
    assert office.post(reverse("settings-requests"), form).status_code == 302
    assert by_student(cast).holder == cast.users["class_teacher"]


def test_harm_stands_on_no_page_of_the_class_teacher_nor_of_the_named_adult(named):  # noqa: F811
    before = {role: page(named, role, "requests") for role in ("class_teacher", "helper", "coordinator")}
    send(named.client("student"), "request-ask", topic="hurt", text="林岚老师打了我一巴掌")
    request = HelpRequest.objects.get()
    for role, was in before.items():
        assert main_of(page(named, role, "requests")) == main_of(was)
        assert named.client(role).get(reverse("request", args=[request.pk])).status_code == 404
    for role in ("class_teacher", "helper"):
        shown = page(named, role, "student", named.students.key.pk)
        assert "巴掌" not in shown and reverse("safety") + f"requests/{request.pk}" not in shown
    assert "负责孩子安全的人" in page(named, "student", "request-mine")


def test_whoever_answers_reads_it_word_for_word_and_notes_the_report(named):  # noqa: F811
    form = {"client_id": uuid4(), "topic": "hurt", "text": HIT, "files": []}
    named.client("student").post(reverse("request-ask"), form)
    request = HelpRequest.objects.get()
    counsellor = named.client("counsellor")
    flags = page(named, "counsellor", "safety")
    flag = re.search(r"/safety/(\d+)/", flags)[1]
    assert reverse("request-safety", args=[request.pk]) in page(named, "counsellor", "safety-flag", flag)
    shown = page(named, "counsellor", "request-safety", request.pk)
    assert HIT in shown and "不先调解" in shown and "还没记下" in shown
    step = reverse("request-safety-step", args=[request.pk])
    counsellor.post(step, {"do": "report", "to": "police", "text": "电话报案"})
    assert "已报告公安" in page(named, "counsellor", "request-safety", request.pk)
    assert named.client("class_teacher").get(reverse("request-safety", args=[request.pk])).status_code == 403
    record = counsellor.post(reverse("safety-record", args=[flag]), follow=True)
    assert record.status_code == 200  # never the record of another number


def test_what_came_with_it_opens_for_those_who_answer_alone(named):  # noqa: F811
    from django.core.files.uploadedfile import SimpleUploadedFile

    photo = SimpleUploadedFile("x.jpg", picture(), "image/jpeg")
    send(named.client("student"), "request-ask", topic="hurt", text=HIT, files=photo)
    kept = HelpRequest.objects.get().evidence.get()
    address = reverse("request-safety-evidence", args=[kept.pk])
    assert named.client("counsellor").get(address)["Content-Type"] == "image/jpeg"
    assert named.client("head").get(address).status_code == 200
    for role in ("class_teacher", "helper", "coordinator"):
        assert named.client(role).get(address).status_code == 403
        assert named.client(role).get(reverse("request-evidence", args=[kept.pk])).status_code == 404


def test_an_unsigned_slip_of_harm_is_found_under_safety_named_and_goes_its_way(named):  # noqa: F811
    request = by_slip(named, a_box(named), "hurt", HIT, school_class=named.class_one)
    assert "没有写名字的求助" in page(named, "counsellor", "safety")
    step, counsellor = reverse("request-safety-step", args=[request.pk]), named.client("counsellor")
    counsellor.post(step, {"do": "take"})
    assert counsellor.post(step, {"do": "close", "text": "没事了"}).status_code == 422
    counsellor.post(step, {"do": "name", "name": "周晓禾", "class_name": "初一1班"})
    request.refresh_from_db()
    assert request.student == named.students.key and words_of(HelpRequest.objects.get()) == HIT
    assert "周晓禾" in page(named, "counsellor", "safety")
