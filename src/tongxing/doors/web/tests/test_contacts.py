"""林岚 writes down a talk with 周晓禾 on her phone; nobody else's students, nobody else's texts."""

import datetime
import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from tongxing.care.contacts.kinds import KINDS
from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Guardian

SAFETY_WORDS = str(KINDS["talk"].question("safety").label)
THOUGHTS = "数学作业 3 次未交，说晚上要照看弟弟。"


def talk(**changes):
    form = {
        "client_id": str(uuid4()),
        "kind": "talk",
        "made": "1",
        "channel": "in_person",
        "when": "now",
        "day": clock.today().isoformat(),
        "thoughts": THOUGHTS,
        "promise": "本周五前补交两次作业",
        "next": "",
        "visibility": "team",
    }
    return form | changes


def address(cast, student="key"):
    return reverse("record-new", args=[getattr(cast.students, student).pk])


def write(cast, role="helper", **changes):
    response = cast.client(role).post(address(cast), talk(**changes))
    assert response.status_code == 302
    return Contact.objects.latest("pk")


def text(response):
    return response.content.decode()


def test_a_talk_is_written_and_leads_back_to_the_week(cast):
    response = cast.client("helper").post(address(cast), talk())
    assert response["Location"] == reverse("week")
    contact = Contact.objects.get()
    assert contact.happened_at == clock.now() and contact.reached == ["student"]
    assert contact.revisions.get().body == {"thoughts": THOUGHTS, "promise": "本周五前补交两次作业"}


def test_every_kinds_form_shows_what_was_promised_last_time(cast):
    write(cast)
    helper = cast.client("helper")
    forms = {code: text(helper.get(address(cast), {"kind": code})) for code in KINDS}
    assert [code for code, form in forms.items() if "本周五前补交两次作业" not in form] == []


def test_a_second_click_makes_no_second_record(cast):
    form, helper = talk(), cast.client("helper")
    answers = {helper.post(address(cast), form)["Location"] for _ in range(2)}
    assert len(answers) == 1 and Contact.objects.count() == 1


def test_the_same_form_with_other_content_is_shown_again_and_can_be_saved_as_new(cast):
    form, helper = talk(), cast.client("helper")
    helper.post(address(cast), form)
    again = helper.post(address(cast), form | {"thoughts": "想学好英语"})
    assert again.status_code == 422 and "想学好英语" in text(again) and Contact.objects.count() == 1
    fresh = re.search(r'name="client_id" value="([^"]+)"', text(again)).group(1)
    assert fresh != form["client_id"]
    assert (
        helper.post(address(cast), form | {"thoughts": "想学好英语", "client_id": fresh}).status_code == 302
    )


@pytest.mark.parametrize(
    "mistake",
    [
        {"promise": "", "thoughts": " ", "minutes": "20"},
        {"when": "earlier", "day": "2026-11-26"},
        {"when": "earlier", "day": "2026-08-31"},
        {"when": "earlier", "day": ""},
        {"next": "date"},
        {"minutes": "700"},
        {"channel": "letter"},
    ],
)
def test_a_mistake_keeps_what_was_typed_and_says_where(cast, mistake):
    response = cast.client("helper").post(
        address(cast), talk(**{"difficulties": "", "improvement": ""} | mistake)
    )
    assert response.status_code == 422 and not Contact.objects.exists()
    assert 'class="error"' in text(response) or 'role="alert"' in text(response)
    if "thoughts" not in mistake:
        assert THOUGHTS in text(response)


def test_a_visit_with_the_grandmother_names_whom_it_met(cast):
    guardian = Guardian.objects.get(name="周桂兰")
    contact = write(
        cast,
        kind="visit",
        channel="at_home",
        companion="何静",
        reached=[f"g{guardian.pk}"],
        at_home="会帮奶奶做饭。",
    )
    assert contact.reached == ["second_guardian"]
    assert contact.revisions.get().body["met_whom"] == "奶奶 周桂兰"


def test_a_call_to_the_father_who_works_away_and_a_missed_one(cast):
    father = Guardian.objects.get(name="周建军")
    form = {"kind": "call", "channel": "phone", "reached": [f"g{father.pk}"]}
    reached = write(cast, **form, said="国庆回不来，元旦回。")
    assert reached.reached == ["away_parent", "father"]
    assert reached.revisions.get().body["met_whom"] == "父亲 周建军"
    missed = write(cast, **form, made="0")
    assert not missed.made and missed.reached == []


def test_a_bright_moment_takes_one_tap(cast):
    contact = write(cast, kind="highlight", quick_seen="帮助了同学")
    assert contact.revisions.get().body == {"seen": "帮助了同学"}


def test_a_beginning_chosen_at_a_tap_leads_into_the_text(cast):
    contact = write(cast, start_thoughts="担心的事", thoughts="数学跟不上")
    assert contact.revisions.get().body["thoughts"] == "担心的事：数学跟不上"


def test_a_beginning_alone_says_nothing(cast):
    contact = write(cast, start_improvement="每天", improvement="")
    assert "improvement" not in {code for code, said in contact.revisions.get().body.items() if said}
    assert "improvement" not in contact.topics


def test_a_beginning_that_is_not_offered_is_refused(cast):
    response = cast.client("helper").post(address(cast), talk(start_thoughts="随便写的"))
    assert response.status_code == 422 and not Contact.objects.exists()


def test_an_earlier_talk_says_when(cast):
    contact = write(cast, when="earlier", day="2026-11-20", time="15:40")
    assert contact.happened_at == datetime.datetime(2026, 11, 20, 15, 40, tzinfo=clock.SCHOOL_TIME)
    assert contact.written_days_after


def test_the_next_date_is_one_tap(cast):
    assert write(cast, next="2026-11-30").next_on == datetime.date(2026, 11, 30)
    assert write(cast, next="date", next_day="2026-12-02").next_on == datetime.date(2026, 12, 2)


def test_the_form_brings_back_the_last_promise(cast):
    write(cast)
    assert "本周五前补交两次作业" in text(cast.client("class_teacher").get(address(cast)))


def test_the_next_time_stands_on_the_form_and_the_students_page(cast):
    write(cast, next="date", next_day="2026-12-02")
    helper = cast.client("helper")
    for page in (address(cast), reverse("student", args=[cast.students.key.pk])):
        assert "12月2日 周三" in text(helper.get(page))
    assert "12月2日 周三" not in text(cast.client("outsider").get(reverse("students")))


def test_the_outcome_form_shows_the_goal_and_asks_for_one_where_there_is_none(cast):
    helper, form = cast.client("helper"), address(cast) + "?kind=goal_outcome"
    assert 'href="?kind=goal"' in text(helper.get(form))
    write(cast, kind="goal", goal="每天听写", sign="听写本")
    assert "每天听写" in text(helper.get(form)) and "听写本" in text(helper.get(form))
    outcome = write(cast, kind="goal_outcome", outcome="做到了")
    assert "每天听写" in text(helper.get(reverse("record", args=[outcome.pk])))


def test_the_usual_partner_stands_in_the_form(cast):
    write(cast, kind="partner", partner="苏苗苗", discussed="作业")
    page = text(cast.client("helper").get(address(cast) + "?kind=partner"))
    assert 'value="苏苗苗"' in page


def test_another_kind_asks_other_questions_and_keeps_what_was_typed(cast):
    helper = cast.client("helper")
    assert 'name="at_home"' in text(helper.get(address(cast) + "?kind=visit"))
    switched = text(helper.post(address(cast), talk(switch="visit")))
    assert f'name="thoughts" value="{THOUGHTS}"' in switched and 'name="at_home"' in switched
    assert 'class="error"' not in switched and not Contact.objects.exists()
    back = text(helper.post(address(cast), talk(kind="visit", switch="talk")))
    assert f"{THOUGHTS}</textarea>" in back


@pytest.mark.parametrize("student", ["normal", "plain", "far"])
def test_a_helper_finds_no_form_for_another_student(cast, student):
    helper = cast.client("helper")
    assert helper.get(address(cast, student)).status_code == 404
    assert helper.post(address(cast, student), talk()).status_code == 404
    assert not Contact.objects.exists()


def test_whose_week_it_is_not_comes_back_to_the_student(cast):
    response = cast.client("coordinator").post(address(cast), talk())
    assert response["Location"] == reverse("student", args=[cast.students.key.pk])


def test_only_the_counsellor_is_offered_counselling(cast):
    assert 'value="counselling"' in text(cast.client("counsellor").get(address(cast)))
    assert 'value="counselling"' not in text(cast.client("helper").get(address(cast)))
    assert cast.client("helper").post(address(cast), talk(kind="counselling", heard="…")).status_code == 403


def test_a_coordinator_keys_in_a_colleagues_paper_and_a_helper_cannot(cast):
    paper = {"staff": cast.staff["helper"].pk}
    assert write(cast, "coordinator", **paper).staff == cast.staff["helper"]
    assert write(cast, "helper", staff=cast.staff["head"].pk).staff == cast.staff["helper"]


def test_a_restricted_record_shows_its_text_only_after_opening(cast):
    contact = write(cast, visibility="counsellor")
    page, opening = (reverse(name, args=[contact.pk]) for name in ("record", "record-open"))
    for role, purpose in (("helper", {}), ("counsellor", {"purpose": "准备一次谈话"})):
        assert THOUGHTS not in text(cast.client(role).get(page))
        assert THOUGHTS in text(cast.client(role).post(opening, purpose))
    assert "准备一次谈话" in text(cast.client("helper").get(page)), (
        "the author sees who opened it, and what for"
    )
    assert AuditEntry.objects.filter(action="contact.open").count() == 2
    for role in ("head", "class_teacher"):
        seen = cast.client(role).get(page)
        assert seen.status_code == 200 and THOUGHTS not in text(seen)
        assert cast.client(role).post(opening).status_code == 403


def test_a_counsellor_says_what_for_before_the_text_opens(cast):
    contact = write(cast, visibility="counsellor")
    response = cast.client("counsellor").post(reverse("record-open", args=[contact.pk]))
    assert response.status_code == 422 and THOUGHTS not in text(response)
    assert not AuditEntry.objects.filter(action="contact.open").exists()


def test_the_counsellor_finds_what_was_written_for_her_and_others_find_no_such_page(cast):
    restricted, other = write(cast, visibility="counsellor"), write(cast)
    page = text(cast.client("counsellor").get(reverse("restricted")))
    assert reverse("record", args=[restricted.pk]) in page and THOUGHTS not in page
    assert reverse("record", args=[other.pk]) not in page
    for role in ("helper", "head", "outsider"):
        assert cast.client(role).get(reverse("restricted")).status_code == 403


def test_what_is_half_written_waits_on_the_week_and_in_the_form_until_it_is_sent(cast):
    helper = cast.client("helper")
    assert helper.post(address(cast), talk(later="1", minutes="15"))["Location"] == reverse("week")
    assert not Contact.objects.exists()
    assert "还有一份没写完" in text(helper.get(reverse("week")))
    assert "还有一份没写完" not in text(cast.client("class_teacher").get(reverse("week")))
    form = text(helper.get(address(cast)))
    assert f"{THOUGHTS}</textarea>" in form and 'value="15"' in form
    assert THOUGHTS not in text(cast.client("class_teacher").get(address(cast)))
    assert helper.post(address(cast), talk()).status_code == 302
    assert "还有一份没写完" not in text(helper.get(reverse("week")))


def test_what_is_seldom_asked_stays_folded_until_it_is_answered_or_the_holidays_come(cast, at_school):
    helper = cast.client("helper")
    page = text(helper.get(address(cast)))
    summary = re.search(r"<details class=\"fold\"( open)?>\s*<summary>[^<]*" + SAFETY_WORDS, page)
    assert summary and not summary.group(1)
    helper.post(address(cast), talk(later="1", safety="过马路走斑马线"))
    page = text(helper.get(address(cast)))
    assert re.search(r"<details class=\"fold\" open>\s*<summary>[^<]*" + SAFETY_WORDS, page)
    at_school.move_to(datetime.datetime(2027, 1, 26, 10, tzinfo=clock.SCHOOL_TIME))
    page = text(cast.client("class_teacher").get(address(cast)))
    assert re.search(r"<details class=\"fold\" open>\s*<summary>[^<]*" + SAFETY_WORDS, page)


def test_a_draft_can_be_thrown_away(cast):
    helper = cast.client("helper")
    helper.post(address(cast), talk(later="1"))
    gone = reverse("draft-forget", args=[cast.students.key.pk])
    assert helper.post(gone, {"kind": "talk"}).status_code == 302
    assert THOUGHTS not in text(helper.get(address(cast)))


def test_a_draft_without_a_single_word_yet_is_kept_too(cast):
    assert cast.client("helper").post(address(cast), {"kind": "visit", "later": "1"}).status_code == 302


def test_thanks_stand_on_the_record_and_on_the_writers_week(cast):
    contact = write(cast)
    page, thanks = (reverse(name, args=[contact.pk]) for name in ("record", "record-thank"))
    head, helper = cast.client("head"), cast.client("helper")
    assert thanks in text(head.get(page)) and thanks not in text(helper.get(page))
    assert head.post(thanks, {"words": "辛苦了"}).status_code == 302
    assert "辛苦了" in text(helper.get(reverse("week"))) and "辛苦了" in text(helper.get(page))
    assert helper.post(thanks).status_code == 403
    assert cast.client("other_class_teacher").post(thanks).status_code == 404


def test_a_correction_keeps_both_texts_readable(cast):
    contact, helper = write(cast, reached=["student"]), cast.client("helper")
    form_page = reverse("record-correct", args=[contact.pk])
    assert f"{THOUGHTS}</textarea>" in text(helper.get(form_page))
    form = talk(after="1", thoughts="数学作业 2 次未交。", reason="次数写错了", when="earlier", time="16:00")
    assert helper.post(form_page, form).status_code == 302
    page = text(helper.get(reverse("record", args=[contact.pk])))
    assert THOUGHTS in page and "数学作业 2 次未交。" in page and "次数写错了" in page
    contact.refresh_from_db()
    assert contact.happened_at == clock.now()
    assert helper.post(form_page, form | {"thoughts": "另一处改动"}).status_code == 422


def test_nobody_corrects_a_colleagues_record(cast):
    contact = write(cast)
    for role in ("head", "class_teacher"):
        for method in ("get", "post"):
            page = reverse("record-correct", args=[contact.pk])
            assert getattr(cast.client(role), method)(page, talk()).status_code == 403


def test_the_restricted_text_can_be_corrected_by_its_author(cast):
    contact = write(cast, visibility="counsellor")
    page = reverse("record-correct", args=[contact.pk])
    assert THOUGHTS in text(cast.client("helper").get(page))
    assert cast.client("counsellor").get(page).status_code == 403


def test_withdrawing_asks_why(cast):
    contact, helper = write(cast), cast.client("helper")
    page = reverse("record-withdraw", args=[contact.pk])
    assert helper.post(page, {"reason": ""}).status_code == 422
    assert helper.post(page, {"reason": "记到了别的同学"}).status_code == 302
    assert "记到了别的同学" in text(helper.get(reverse("record", args=[contact.pk])))
    assert helper.get(reverse("record-correct", args=[contact.pk])).status_code == 422


def test_a_record_outside_ones_rights_is_not_there(cast):
    contact = write(cast)
    for role in ("other_class_teacher", "outsider"):
        assert cast.client(role).get(reverse("record", args=[contact.pk])).status_code == 404


def test_why_a_restricted_record_was_corrected_stays_with_its_text(cast):
    contact = write(cast, visibility="counsellor")
    page = reverse("record-correct", args=[contact.pk])
    sent = talk(when="earlier", time="15:00", reason="原话记错了", thoughts="说想念妈妈", after="1")
    assert cast.client("helper").post(page, sent).status_code == 302
    record = reverse("record", args=[contact.pk])
    assert "原话记错了" not in text(cast.client("head").get(record))
    opened = cast.client("counsellor").post(reverse("record-open", args=[contact.pk]), {"purpose": "…"})
    assert "原话记错了" in text(opened)


def test_who_was_signed_out_while_writing_gets_the_words_back(cast):
    response = Client().post(address(cast), talk())
    page = text(response)
    assert response.status_code == 403 and THOUGHTS in page and "本周五前补交两次作业" in page
    assert "in_person" not in page and not Contact.objects.exists()
    assert "周晓禾" not in page, "the page knows nobody"
    assert Client().post(address(cast), {"kind": "talk"})["Location"].startswith(reverse("sign-in"))
