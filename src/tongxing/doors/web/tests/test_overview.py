"""The overview, the documents and the county's page, as a browser gets them."""

import datetime
import gzip
import re
from uuid import uuid4

import pytest
from django.urls import reverse
from tests.promised import talk

from tongxing.care.contacts.models import Contact
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Registration, SchoolClass, SchoolYear, Term
from tongxing.paper.documents.models import IssuedDocument

pytestmark = pytest.mark.usefixtures("promised")


@pytest.fixture
def head(cast):
    return cast.client("head")


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def issue(client):
    return client.post(
        reverse("summary-new"), {"client_id": uuid4(), "number": "", "next_steps": "走访剩下的家庭。"}
    )


def test_the_overview_names_who_waits_and_opens_every_figure(cast, head):
    page = head.get(reverse("overview"))
    assert "一个都不能少" in text_of(page)
    assert "还有 1 位同学等着" in text_of(page)
    assert "第 12 教学周" in text_of(page)
    links = set(re.findall(r'href="(/overview/[^"]+/)"', page.content.decode()))
    assert len(links) >= 6
    for link in links:
        assert head.get(link).status_code == 200


def test_a_written_talk_shows_at_once(cast, head):
    talk(cast)
    assert "都聊过了，谢谢大家" in text_of(head.get(reverse("overview")))
    page = head.get(reverse("overview-figure", args=["week_talks_done"]))
    assert "周晓禾" in text_of(page) and "林岚" in text_of(page)
    assert "愿意在校内托管时写完" not in text_of(page), "no text of any record"


def test_the_records_behind_a_figure_come_a_page_at_a_time_light_enough_for_a_village_line(cast, head):
    """15 KB as it travels; every child is on one of the pages."""
    for number in range(140):
        cast.add_student(
            f"林小{chr(0x4E00 + number)}", cast.class_one if number % 2 else cast.class_two, "normal"
        )
    address = reverse("overview-figure", args=["enrolled"])
    pages = [head.get(address, {"page": number}, headers={"accept-encoding": "gzip"}) for number in (1, 2, 3)]
    assert all(page["Content-Encoding"] == "gzip" and len(page.content) < 15_000 for page in pages)
    texts = [gzip.decompress(page.content).decode() for page in pages]
    named = [set(re.findall(r'href="/students/(\d+)/"', text)) for text in texts]
    assert sum(len(one) for one in named) == len(set.union(*named)) == 143
    assert "1 / 3" in texts[0] and 'rel="prev"' in texts[1]


def test_the_map_says_its_states_in_words(cast, head):
    html = head.get(reverse("overview")).content.decode()
    assert re.search(
        r'<td class="late"[^>]*><a [^>]+>0/1</a><span class="visually-hidden"> 还没记上</span>', html
    )


def test_a_figure_that_does_not_exist_is_not_found(head):
    assert head.get("/overview/nothing/").status_code == 404


def test_a_school_without_a_term_is_told_what_to_do(cast, head):
    Term.objects.filter(school=cast.school).update(school=cast.other_school)
    assert "还没有学期" in text_of(head.get(reverse("overview")))


def test_the_summary_is_previewed_issued_traced_and_downloaded(cast, head):
    talk(cast)
    preview = head.get(reverse("summary-new"))
    assert "组织领导" in text_of(preview) and not IssuedDocument.objects.exists()
    issued = IssuedDocument.objects.get(pk=int(issue(head).url.split("/")[-2]))
    page = head.get(reverse("document", args=[issued.pk]))
    assert "走访剩下的家庭。" in text_of(page) and issued.sha256 in text_of(page)
    for figure in issued.told.figures.rows:
        assert reverse("document-figure", args=[issued.pk, figure.code]) in page.content.decode()
    traced = head.get(reverse("document-figure", args=[issued.pk, "talk.done"]))
    assert "周晓禾" in text_of(traced)
    word = head.get(reverse("document-word", args=[issued.pk]))
    assert word.content == bytes(issued.file)
    assert "attachment" in word["Content-Disposition"] and word["Cache-Control"] == "no-store"
    assert head.get(reverse("document-pdf", args=[issued.pk])).content.startswith(b"%PDF")
    assert str(issued.term) in text_of(head.get(reverse("documents")))


def test_next_steps_that_are_too_long_are_said_beside_the_field(head):
    response = head.post(reverse("summary-new"), {"client_id": uuid4(), "next_steps": "字" * 1001})
    assert response.status_code == 422 and not IssuedDocument.objects.exists()


def test_an_issued_summary_of_another_school_is_not_found(cast, head):
    issue(head)
    issued = IssuedDocument.objects.get()
    for name in ("document", "document-word", "document-pdf"):
        assert cast.client("outsider").get(reverse(name, args=[issued.pk])).status_code == 404


@pytest.mark.parametrize("name", ["document-register", "document-pairing"])
def test_registers_ask_for_a_purpose_and_are_audited(head, name):
    asked = head.post(reverse(name), {"purpose": ""})
    assert asked.status_code == 422 and not AuditEntry.objects.filter(action="document.make").exists()
    file = head.post(reverse(name), {"purpose": "县级检查"})
    assert file["Content-Type"].endswith("sheet") and file.content.startswith(b"PK")
    assert AuditEntry.objects.get(action="document.make").purpose == "县级检查"


def test_the_volume_asks_for_a_purpose_and_names_a_class_without_anybody_beside_the_field(cast, head):
    address = reverse("document-volume")
    assert head.post(address, {"purpose": ""}).status_code == 422
    empty = head.post(address, {"purpose": "存档", "school_class": cast.class_two.pk})
    assert empty.status_code == 422 and "volume-school_class-error" in empty.content.decode()
    assert head.post(address, {"purpose": "存档"}).content.startswith(b"%PDF")


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx"])
def test_the_pairing_table_comes_as_it_is_asked_for(head, kind):
    answer = head.post(reverse("document-pairing"), {"purpose": "存档", "make": kind})
    assert answer["Content-Disposition"].endswith(f".{kind}") or f".{kind}" in answer["Content-Disposition"]


def test_a_student_file_asks_for_a_purpose(cast, head):
    address = reverse("student-dossier", args=[cast.students.key.pk])
    assert "用途" in text_of(head.get(address))
    assert head.post(address, {"purpose": ""}).status_code == 422
    assert head.post(address, {"purpose": "家长会"}).content.startswith(b"%PDF")
    assert head.get(reverse("student-dossier", args=[cast.students.far.pk])).status_code == 404


@pytest.mark.parametrize("role", ["class_teacher", "helper", "counsellor", "coordinator"])
def test_whoever_reads_a_childs_file_prints_it_for_a_meeting(cast, role):
    address = reverse("student-dossier", args=[cast.students.key.pk])
    client = cast.client(role)
    assert address in client.get(reverse("student", args=[cast.students.key.pk])).content.decode()
    assert client.post(address, {"purpose": "班级会商"}).content.startswith(b"%PDF")
    entry = AuditEntry.objects.get(action="document.make")
    assert (entry.purpose, entry.detail["student"]) == ("班级会商", cast.students.key.pk)


@pytest.mark.parametrize("role", ["other_teacher", "safety"])
def test_who_does_not_read_the_file_prints_none(cast, role):
    cast.add_staff("safety", "卓然")
    cast.grant("safety", "safety")
    address = reverse("student-dossier", args=[cast.students.key.pk])
    assert cast.client(role).post(address, {"purpose": "看看"}).status_code in {403, 404}
    assert not AuditEntry.objects.filter(action="document.make").exists()


def test_every_figure_and_every_cell_leads_to_its_records_and_on(cast, head):
    talk(cast)
    page = head.get(reverse("overview")).content.decode()
    for link in set(re.findall(r'href="(/overview/[^"]+)"', page)):
        assert head.get(link.replace("&amp;", "&")).status_code == 200, link
    asked = head.get(reverse("overview-figure", args=["week_talks_asked"]) + "?of=11")
    assert reverse("student", args=[cast.students.key.pk]) in asked.content.decode()
    assert "第 11 教学周" in text_of(asked) and "还没记上" in text_of(asked)
    done = head.get(reverse("overview-figure", args=["week_talks_done"]))
    assert reverse("record", args=[Contact.objects.get().pk]) in done.content.decode()


def test_a_past_week_is_shown_as_it_stood_and_says_so(cast, head):
    monday = datetime.datetime(2026, 11, 16, 9, 0, tzinfo=clock.SCHOOL_TIME)
    friday = monday - datetime.timedelta(days=3)
    Registration.objects.update(recorded_at=cast.students.key.pairs.get().confirmed_at)
    talk(cast, happened_at=friday, recorded_at=monday)
    then = head.get(reverse("overview") + "?week=10")
    assert "第 10 周结束时的样子" in text_of(then) and "还有 1 位同学等着" in text_of(then)
    assert "?week=10" in then.content.decode(), "its figures open as of then"
    figure = head.get(reverse("overview-figure", args=["week_talks_done"]) + "?week=10")
    assert "11月15日" in text_of(figure) and "背后没有记录" in text_of(figure)
    assert "结束时的样子" not in text_of(head.get(reverse("overview") + "?week=12")), "not over yet"


def test_a_class_teacher_sees_the_own_class_without_the_map(cast):
    page = cast.client("class_teacher").get(reverse("overview"))
    assert "初一(1)班：一个都不能少" in text_of(page)
    assert "初一(2)班" not in text_of(page) and "各班每周谈心" not in text_of(page)
    links = set(re.findall(r'href="(/overview/[^"]+)"', page.content.decode()))
    for link in links:
        assert cast.client("class_teacher").get(link.replace("&amp;", "&")).status_code == 200
    for foreign in (cast.class_two.pk, SchoolClass.objects.get(school=cast.other_school).pk):
        for name, args in (("overview", []), ("overview-figure", ["registered"])):
            address = reverse(name, args=args) + f"?class={foreign}"
            assert cast.client("class_teacher").get(address).status_code == 404


def test_a_class_teacher_whose_class_is_gone_is_told(cast):
    before = SchoolYear.objects.create(
        school=cast.school,
        name="2025-2026",
        starts_on=datetime.date(2025, 9, 1),
        ends_on=datetime.date(2026, 7, 10),
    )
    SchoolClass.objects.filter(pk=cast.class_one.pk).update(year=before)
    assert cast.client("class_teacher").get(reverse("overview")).status_code == 422


def test_those_who_lead_choose_a_class(cast, head):
    page = head.get(reverse("overview") + f"?class={cast.class_two.pk}")
    assert "初一(2)班：一个都不能少" in text_of(page)
    assert f"?class={cast.class_two.pk}" in page.content.decode()


@pytest.mark.parametrize("role", ["helper", "counsellor", "finance_maker", "system_admin"])
def test_others_are_refused(cast, role):
    client = cast.client(role)
    for address in (reverse("overview"), reverse("documents"), reverse("summary-new"), reverse("county")):
        assert client.get(address).status_code == 403


def test_the_county_sees_sums_and_no_child(cast):
    page = text_of(cast.client("county_supervisor").get(reverse("county")))
    assert "和风镇中心初中" in page and "不足 10" in page
    for name in ("周晓禾", "孟宇航", "林岚"):
        assert name not in page
    for role in ("head", "class_teacher"):
        assert cast.client(role).get(reverse("county")).status_code == 403
    for address in (reverse("documents"), reverse("summary-new")):
        assert cast.client("class_teacher").get(address).status_code == 403
