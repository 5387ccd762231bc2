"""Fifty invented words lie in counselling texts. Every page, as every role, and every file, mail, feed and log: none
but the counsellor, and whoever broke the glass for that child, meets one of them."""

import datetime
import io
import logging
import re
import zipfile
from uuid import UUID

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tongxing.care.counselling import actions
from tongxing.care.counselling.actions import Danger, Outside, Plan, Told
from tongxing.care.counselling.models import Appointment, GlassOpening, Note, OutsideReferral, Tool
from tongxing.care.counselling.queries import wish_of
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import open_feed
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Student
from tongxing.paper.documents.subsidies import BANK
from tongxing.paper.exchange.export_profile import built_in

from . import aid_examples
from .matrix import OBJECTS, pages
from .test_permissions import ROLES, undone

CANARY = re.compile(r"金丝雀\d{2}号")
DAY = datetime.timedelta(days=1)


class Cage:
    """Hands out one canary after the other."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self) -> str:
        self.number += 1
        return f"金丝雀{self.number:02}号"


@pytest.fixture
def caged(cast):
    """Fifty canaries: in wishes, referrals, notes and their corrections, levels, referrals outside, what families were told."""
    word, ids = Cage(), iter(range(10_000, 20_000))
    counsellor, students = cast.actor("counsellor"), (cast.students.key, cast.students.plain)
    tool = actions.add_tool(
        counsellor,
        school=cast.school,
        client_id=UUID(int=next(ids)),
        name="县心理普查",
        levels=[word(), word()],
        act_today=[],
    )
    for student in students:
        _cage(cast, student, word, ids, tool)
    actions.ask(cast.actor("student"), student=students[0], client_id=UUID(int=next(ids)), words=word())
    actions.ask_to_talk(
        cast.actor("guardian"), student=students[0], client_id=UUID(int=next(ids)), words=word()
    )
    while word.number < 50:
        talked = Told(talked=word())
        actions.write(counsellor, student=students[0], client_id=UUID(int=next(ids)), told=talked)
    assert word.number == 50
    return cast


def _cage(cast, student, word, ids, tool) -> None:
    counsellor, about = cast.actor("counsellor"), {"student": student}

    def new():
        return about | {"client_id": UUID(int=next(ids))}

    referral = actions.refer(cast.actor("head"), **new(), reason=f"常看窗外，{word()}")
    actions.answer(counsellor, referral=referral, reply="我们见过了")
    actions.key_in(counsellor, **new(), words=word(), slip_on=clock.today())
    actions.arrange(counsellor, **new(), plan=Plan(clock.now() + student.pk * DAY, away=True), words=word())
    actions.explain(counsellor, **new(), how="read", understood="yes")
    told = Told(word(), f"说活着没意思，{word()}", word(), word())
    note = actions.write(counsellor, **new(), told=told, danger=Danger((), "请今天陪着孩子"))
    fixed = Told(word(), word(), word(), word())
    actions.correct(counsellor, written=note, after=1, told=fixed, reason=word())
    actions.tell_guardian(counsellor, flag=note.flag, client_id=UUID(int=next(ids)), words=word())
    teacher = cast.actor("class_teacher" if student == cast.students.key else "other_class_teacher")
    give_consent(teacher, student=student, purpose="screening", given_by="奶奶", student_agreed=True)
    actions.note_result(counsellor, **new(), tool=tool, level=tool.levels[0], done_on=clock.today())
    outside = Outside(word(), word(), word())
    soon = {"agreed_on": clock.today(), "follow_up_on": clock.today()}
    made = actions.refer_outside(counsellor, **new(), outside=outside, **soon)
    actions.note_reply(counsellor, referral=made, reply=word())
    actions.follow_up(counsellor, referral=made, words=word())


def words_of(response) -> str:
    """All that an answer says: its page, or what lies inside a spreadsheet, a document or a PDF."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.headers.get("Content-Type", "")
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            return "".join(files.read(name).decode("utf-8", "replace") for name in files.namelist())
    if "pdf" in kind:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return content.decode("utf-8", "replace")


def met(response) -> list[str]:
    return sorted(set(CANARY.findall(words_of(response))))


#: Everybody but the counsellor, a third at a time.
OTHERS = [*(role for role in ROLES if role != "counsellor"), "second", "responder"]


def own_addresses(cast) -> list[str]:
    """Every page about the child of whom most canaries tell, but the one way in for whoever broke the glass."""
    names = dict.fromkeys(name for page in pages() for name in page.parameters)
    examples = {name: OBJECTS[name](cast)["own"] for name in names}
    return [
        reverse(page.name, kwargs={name: examples[name] for name in page.parameters})
        for page in pages()
        if page.name != "counselling-opened"
    ]


@pytest.mark.parametrize("roles", [OTHERS[0::3], OTHERS[1::3], OTHERS[2::3]], ids=lambda some: some[0])
def test_no_page_and_no_search_shows_one_to_anybody_else(caged, roles, caplog):
    caged.teach("subject_teacher", caged.class_one)
    for key, name, role in (("second", "尹舒", "counsellor"), ("responder", "卓然", "safety")):
        caged.add_staff(key, name)
        caged.grant(key, role)
    addresses, found = own_addresses(caged), {}
    caplog.set_level(logging.DEBUG)
    for role in roles:
        browser = Client() if role == "nobody" else caged.client(role)
        browser.raise_request_exception = False
        open_to_both = visible_wishes(caged, role)
        for address in addresses:
            with undone():
                if seen := set(met(browser.get(address))) - open_to_both:
                    found[role, address] = seen
        for wanted in ("金丝雀", "金丝雀07号", "没意思"):
            if seen := met_by_search(browser, wanted):
                found[role, wanted] = seen
    assert not found
    assert not CANARY.search(caplog.text)


def visible_wishes(cast, role) -> set[str]:
    """A second counsellor reads the wishes that nobody has taken on, and the levels the county names; nothing else."""
    if role != "second":
        return set()
    wishes = Appointment.objects.wished().select_related("student__key")
    return {wish_of(one) for one in wishes} | set(Tool.objects.get().levels)


def met_by_search(browser, wanted) -> list[str]:
    """What a search finds: the words looked for stand in the page themselves, so anything besides them."""
    shown = CANARY.findall(words_of(browser.get(reverse("search"), {"q": wanted})))
    return [one for one in shown if one != wanted]


def test_the_counsellor_meets_them_and_a_fellow_counsellor_only_what_waits_for_both(caged):
    caged.add_staff("second", "尹舒")
    caged.grant("second", "counsellor")
    own, fellow = set(), set()
    names = ("counselling-student", "counselling-note", "counselling-appointment", "counselling-outside")
    for page in pages():
        if page.name in names:
            for one in _addresses(caged, page.name):
                own |= set(met(caged.client("counsellor").get(one)))
                fellow |= set(met(caged.client("second").get(one)))
    assert len(own) > 30
    assert len(fellow) == 4  # two slips and the two wishes of the doors, which nobody has taken on


def _addresses(cast, name) -> list[str]:
    rows = {
        "counselling-student": Student.objects.filter(school=cast.school),
        "counselling-note": Note.objects.all(),
        "counselling-appointment": Appointment.objects.all(),
        "counselling-outside": OutsideReferral.objects.all(),
    }
    return [reverse(name, args=[pk]) for pk in rows[name].values_list("pk", flat=True)]


def test_the_broken_glass_shows_those_of_one_child_for_a_day(caged, at_school):
    reason = "孩子没有到家，联系不上，需要知道她提过要去的地方"
    address = reverse("counselling-open", args=[caged.students.plain.pk])
    caged.client("head").post(address, {"client_id": str(UUID(int=5)), "reason": reason})
    opened = reverse("counselling-opened", args=[GlassOpening.objects.get().pk])
    of_plain = set(met(caged.client("head").get(opened)))
    assert of_plain
    browser = caged.client("counsellor")
    note = [one for one in _addresses(caged, "counselling-note") if set(met(browser.get(one))) & of_plain]
    assert note  # the same words, and of the one child alone:
    of_key = set(met(browser.get(reverse("counselling-student", args=[caged.students.key.pk]))))
    assert of_key.isdisjoint(of_plain)
    for role in ("deputy", "class_teacher", "coordinator"):
        assert not met(caged.client(role).get(opened))
    at_school.shift(DAY)
    assert not met(caged.client("head").get(opened))


@pytest.mark.parametrize("role", ["head", "coordinator"])
def test_no_file_that_leaves_the_house_holds_one(caged, role):
    """Sheets for other systems, the register volume, the pairing sheet, one child's file."""
    browser, found, files = caged.client(role), {}, 0
    agreed = caged.users["coordinator" if role == "head" else "head"].pk
    form = {
        "purpose": "开会时用",
        "client_id": str(UUID(int=9)),
        "approved_by": agreed,
        "use_until": clock.today(),
    }
    aid_examples.subsidy(caged, caged.students.key)  # so that the sheet of this term's aid has somebody
    papers = [reverse("export", args=[code]) for code in built_in() if code != BANK]  # made at its list alone
    papers += [reverse("document-register"), reverse("document-pairing"), reverse("document-volume")]
    papers += [reverse("student-dossier", args=[caged.students.key.pk])]
    for address in papers:
        answer = browser.post(address, form)
        files += "attachment" in answer.headers.get("Content-Disposition", "")
        if seen := met(answer):
            found[address] = seen
    assert not found
    assert files >= len(papers) - 1, files


def test_no_message_mail_feed_or_row_in_the_clear_holds_one(caged, settings):
    assert not any(CANARY.search(f"{one.subject}{one.link_args}") for one in Message.objects.all())
    assert not any(CANARY.search(f"{one.subject}{one.body}") for one in mail.outbox)
    for role in ("counsellor", "head", "class_teacher"):
        feed = caged.client(role).get(reverse("feed", args=[open_feed(caged.actor(role))]))
        assert feed.status_code == 200 and not met(feed)
    pack = caged.client("class_teacher").get(reverse("pack"))
    assert not met(pack)
    in_the_clear = [name for name in _tables() if name != "counselling_tool" and CANARY.search(_dump(name))]
    assert not in_the_clear


def _tables() -> list[str]:
    with connection.cursor() as cursor:
        return connection.introspection.table_names(cursor)


def _dump(table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # a name of our own schema
        return "\n".join(
            str(bytes(cell), "utf-8", "replace") if isinstance(cell, bytes | memoryview) else str(cell)
            for row in cursor.fetchall()
            for cell in row
        )


def test_a_page_that_breaks_tells_none(caged, caplog, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("broken")

    caplog.set_level(logging.DEBUG)
    (address, *_rest) = _addresses(caged, "counselling-note")
    monkeypatch.setattr("tongxing.doors.web.counselling_notes.show", breaks)
    browser = caged.client("counsellor")
    browser.raise_request_exception = False
    response = browser.get(address)
    assert response.status_code == 500 and not met(response)
    assert not CANARY.search(caplog.text)


def test_a_canary_is_seen_where_it_stands():
    class Answer:
        streaming, headers, content = False, {}, "……金丝雀07号……".encode()

    assert met(Answer()) == ["金丝雀07号"]
