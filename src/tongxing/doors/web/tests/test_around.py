"""Slips to carry home, friends and good deeds over HTTP; and the columns of the registers."""

from uuid import uuid4

import pytest
from django.urls import reverse

from tongxing.care.contacts.models import Contact
from tongxing.care.pairing.models import Pair, ProxyParent
from tongxing.care.pairing.proxies import add_volunteer
from tongxing.care.peers.models import FriendSignUp, GoodDeed, Together
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.consents import give_consent, withdraw_consent
from tongxing.ground.people.models import Guardian
from tongxing.paper.documents.friends_sheet import LINES, sheet
from tongxing.paper.documents.records import pair_rows, register_rows

SLIP = {"what": "周五下午开家长会", "when": "周五 14:30", "ask": "唐老师", "whom": "unreached"}


def post(cast, name, *args, by="class_teacher", **sent):
    return cast.client(by).post(reverse(name, args=args), sent, follow=True)


def get(cast, name, *args, by="class_teacher"):
    return cast.client(by).get(reverse(name, args=args)).content.decode()


def test_a_family_that_a_message_does_not_reach_stands_on_the_list_with_why(cast):
    assert "周晓禾" not in get(cast, "family-slips")
    Guardian.objects.filter(student=cast.students.key).update(reads=False)
    page = get(cast, "family-slips")
    assert "周晓禾" in page and "看不了文字消息" in page and "周桂兰" in page
    Guardian.objects.filter(name="周建军").update(reads=None)
    assert "周晓禾" not in get(cast, "family-slips"), "the father reads"


def test_slips_are_printed_for_those_or_for_the_whole_class_and_are_no_contact(cast):
    Guardian.objects.filter(student=cast.students.key).update(reads=False)
    page = post(cast, "family-slips", **SLIP).content.decode()
    assert "致周晓禾家里" in page and "周五下午开家长会" in page and "周五 14:30" in page
    page = post(cast, "family-slips", **SLIP | {"whom": "class"}).content.decode()
    assert "致孟宇航家里" in page and "苏苗苗" not in page
    assert not Contact.objects.exists()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.detail) == ("family.slips", {"slips": 2})


def test_a_slip_that_asks_nothing_is_refused_beside_its_field_and_keeps_what_was_typed(cast):
    answer = post(cast, "family-slips", **SLIP | {"what": ""})
    assert answer.status_code == 422 and 'value="周五 14:30"' in answer.content.decode()
    assert post(cast, "family-slips", by="counsellor", **SLIP).status_code == 403


def test_classmates_sign_up_and_are_brought_together_once_both_families_agree(cast):
    children = [cast.students.key, cast.students.normal]
    for child in children:
        page = post(cast, "friends", student=child.pk, wish="一起打球", client_id=uuid4()).content.decode()
        assert child.name in page and "撤回" in page
    again = post(cast, "friends", student=children[0].pk, client_id=uuid4())
    assert again.status_code == 422 and "已经报过名" in again.content.decode()
    two = {"one": children[0].pk, "partner": children[1].pk, "client_id": uuid4()}
    refused = post(cast, "friends-match", **two)
    assert refused.status_code == 422 and "家里还没有同意" in refused.content.decode()
    for child in children:
        facts = {"purpose": "peer", "given_by": "妈妈", "student_agreed": True}
        give_consent(cast.actor("class_teacher"), student=child, **facts)
    assert "做知心朋友" in post(cast, "friends-match", **two).content.decode()
    assert Together.objects.running().get().kind == "friends"
    page = get(cast, "friends").split("<main")[1].split("</main")[0]
    assert not any(word in page for word in ("登记学生", "重点", "困难", "搭把手"))


def test_a_sign_up_taken_off_has_its_way_back(cast):
    post(cast, "friends", student=cast.students.key.pk, client_id=uuid4())
    signed = FriendSignUp.objects.get()
    assert post(cast, "friend-end", signed.pk, by="other_class_teacher").status_code == 404
    assert 'name="again"' in post(cast, "friend-end", signed.pk).content.decode()
    assert not FriendSignUp.objects.open().exists()
    post(cast, "friend-end", signed.pk, again="1")
    assert FriendSignUp.objects.open().exists()


def test_a_good_deed_is_one_tap_is_read_out_and_then_leaves_the_list(cast):
    cast.teach("other_teacher", cast.class_one)
    page = post(
        cast, "deed-note", cast.students.normal.pk, by="other_teacher", phrase="0", client_id=uuid4()
    ).content.decode()
    assert "给孟宇航记下了" in page and "帮助了同学" in page
    page = get(cast, "deeds")
    deed = GoodDeed.objects.get()
    assert "孟宇航" in page and reverse("deed-undo", args=[deed.pk]) not in page, "noted by somebody else"
    page = post(cast, "deeds-read", deed=str(deed.pk)).content.decode()
    assert 'name="back"' in page and reverse("deed-undo", args=[deed.pk]) not in page
    deed.refresh_from_db()
    assert deed.read_out_on == clock.today()
    post(cast, "deeds-read", back=str(deed.pk))
    deed.refresh_from_db()
    assert deed.read_out_on is None


def test_a_good_deed_without_words_or_of_another_class_is_refused(cast):
    student = cast.students.normal
    assert post(cast, "deed-note", student.pk, client_id=uuid4()).status_code == 422
    assert post(cast, "deed-note", student.pk, words="让座", client_id="x").status_code == 404
    far = post(cast, "deed-note", student.pk, by="other_class_teacher", words="让座", client_id=uuid4())
    assert far.status_code == 404 and not GoodDeed.objects.exists()


@pytest.fixture
def proxied(cast):
    """宋桥 looks after 周晓禾 besides 林岚, who helps."""
    student, today = cast.students.key, clock.today()
    Pair.objects.create(
        school=cast.school,
        student=student,
        helper=cast.staff["helper"],
        starts_on=cast.term.starts_on,
        confirmed_at=clock.now(),
    )
    told = {"purpose": "proxy", "given_by": "奶奶", "student_agreed": True}
    consent = give_consent(cast.actor("head"), student=student, **told)
    ProxyParent.objects.create(
        school=cast.school,
        student=student,
        staff=cast.staff["other_teacher"],
        consent=consent,
        agreed_on=today,
        starts_on=today,
        recorded_at=clock.now(),
        client_id=uuid4(),
    )
    return consent


def test_the_registers_name_the_proxy_parent_and_one_who_no_longer_is_with_the_days(cast, proxied):
    head = cast.actor("head")
    register = {row.name: row.proxy for row in register_rows(head, cast.term, clock.now())}
    assert register == {"周晓禾": "宋桥", "孟宇航": ""}
    assert [row.proxy for row in pair_rows(head, cast.term, clock.now())] == ["宋桥"]
    withdraw_consent(head, consent=proxied)
    register = {row.name: row.proxy for row in register_rows(head, cast.term, clock.now())}
    assert register["周晓禾"] == ""
    assert [row.proxy for row in pair_rows(head, cast.term, clock.now())] == ["宋桥 2026-11-25–2026-11-25"]


def test_a_sheet_with_empty_lines_is_printed_and_names_nobody(cast):
    answer = post(cast, "friends-sheet", **{"class": cast.class_one.pk})
    assert answer["Content-Type"] == "application/pdf" and b"".join([answer.content])[:4] == b"%PDF"
    paper = sheet(cast.class_one.name)
    assert len(paper.parts) == LINES and not any(cell.text for cell in paper.cells)
    assert not any(word in paper.title + paper.over + paper.foot for word in ("困难", "重点", "帮扶", "留守"))
    assert post(cast, "friends-sheet", by="helper").status_code == 403


def test_the_sheet_is_keyed_in_at_once_and_who_did_not_sign_leaves_no_trace(cast):
    page = get(cast, "friends-grid")
    assert "周晓禾" in page and "孟宇航" in page and "苏苗苗" not in page
    one = cast.students.normal
    sent = {"client_id": uuid4(), f"tick-{one.pk}": "on", f"wish-{one.pk}": "一起打羽毛球"}
    for _ in range(2):
        assert post(cast, "friends-grid", **sent).status_code in {200, 422}
    assert [signed.student for signed in FriendSignUp.objects.all()] == [one]
    assert "孟宇航" not in get(cast, "friends-grid"), "on the list already"
    assert "一起打羽毛球" in get(cast, "friends")
    audited = AuditEntry.objects.filter(subject="student", subject_id=cast.students.key.pk)
    assert not audited.filter(action="signup.key-in").exists()


def test_a_sheet_without_a_name_or_of_another_class_is_refused_and_keeps_what_was_typed(cast):
    one = cast.students.key
    nothing = post(cast, "friends-grid", client_id=uuid4())
    assert nothing.status_code == 422 and "还没有勾选" in nothing.content.decode()
    sent = {"client_id": uuid4(), "on": "2027-01-01", f"wish-{one.pk}": "一起看书"}
    late = post(cast, "friends-grid", **sent)
    assert late.status_code == 422 and 'value="一起看书"' in late.content.decode()
    other = {"client_id": uuid4(), f"tick-{one.pk}": "on"}
    assert post(cast, "friends-grid", by="other_class_teacher", **other).status_code == 422
    assert post(cast, "friends-grid", by="helper", **other).status_code == 403
    assert not FriendSignUp.objects.exists()


def test_the_note_for_somebody_from_outside_is_printed_and_what_was_said_is_written_down(cast, proxied):
    student = cast.students.key
    assert get_status(cast, "proxy-note", student.pk) == 404, "a colleague reads it on the own week"
    outside = add_volunteer(
        cast.actor("head"),
        school=cast.school,
        name="何春燕",
        comes_from="镇妇联",
        phone="",
        client_id=uuid4(),
    )
    ProxyParent.objects.update(staff=None, volunteer=outside)
    assert "带给" in get(cast, "student-around", student.pk)
    assert post(cast, "proxy-note", student.pk, text="").status_code == 422
    page = post(cast, "proxy-note", student.pk, text="周三周四晚饭在姑姑家").content.decode()
    assert "何春燕" in page and "周三周四晚饭在姑姑家" in page and "不单独开车" in page
    assert get_status(cast, "proxy-note", student.pk, by="other_teacher") == 403
    form = cast.client("helper").get(
        reverse("record-new", args=[student.pk]), {"kind": "call", "reached": "proxy_parent"}
    )
    assert "代管家长 何春燕" in form.content.decode()
    sent = {
        "kind": "call", "client_id": uuid4(), "made": "1", "reached": "proxy_parent", "channel": "in_person",
        "when": "now", "visibility": "team", "said": "晚饭都按时吃",
    }  # fmt: skip
    post(cast, "record-new", student.pk, by="helper", **sent)
    assert Contact.objects.get().reached == ["proxy_parent"]


def get_status(cast, name, *args, by="class_teacher"):
    return cast.client(by).get(reverse(name, args=args)).status_code
