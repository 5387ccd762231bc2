"""Honours as a browser gets them: the whole way of a colleague and of a child, with a refusal at each step."""

import datetime
import io
import re
from uuid import uuid4

import docx
import pytest
from django.urls import reverse
from tests.cast import NOW

from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.publicity.models import Notice
from tongxing.oversight.recognition.models import Asked, Commendation, Scheme
from tongxing.oversight.recognition.tests.school import (
    agreed,
    awarded,
    meeting_it,
    proposed,
    public,
    published,
    said,
)
from tongxing.oversight.recognition.whom import Whom

DAYS = datetime.timedelta(days=1)
STORY = "下雨天把没有伞的孩子一个个送上车，自己最后走。"


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address(name, row=None):
    return reverse(name, args=[row.pk] if row else [])


@pytest.fixture
def office(cast):
    return cast.client("coordinator")


def scheme_told(**more):
    told = {
        "client_id": str(uuid4()), "kind": "colleague", "name": "暖心之光", "about": "谢谢默默做事的人。",
        "starts_on": "2026-09-01", "until": "2027-01-22", "open_until": "2026-12-10",
        "criterion_1": "约好的事做到了", "weight_1": "3", "evidence_1": "promised",
        "criterion_2": "孩子愿意找这位老师", "weight_2": "2", "evidence_2": "",
        "weight_3": "2", "weight_4": "2", "weight_5": "2",
    }  # fmt: skip
    return told | more


def test_the_whole_way_of_a_colleague_from_the_scheme_to_the_certificate(cast, office, at_school):
    # a scheme: figures that are never evidence cannot even be chosen
    assert office.post(address("honour-scheme-new"), scheme_told(evidence_1="scores")).status_code == 422
    assert office.post(address("honour-scheme-new"), scheme_told(criterion_1="")).status_code == 422
    assert office.post(address("honour-scheme-new"), scheme_told()).status_code == 302
    scheme = Scheme.objects.get()
    helper, teacher, head = (cast.client(who) for who in ("helper", "class_teacher", "head"))
    assert helper.get(address("honour-scheme", scheme)).status_code == 404  # a draft
    # the committee, then published
    assert office.post(address("honour-publish", scheme)).status_code == 422
    people = [cast.staff[who].pk for who in ("head", "deputy", "counsellor")]
    assert office.post(address("honour-committee", scheme), {"staff": people[:2]}).status_code == 422
    assert office.post(address("honour-committee", scheme), {"staff": people}).status_code == 302
    assert office.post(address("honour-publish", scheme)).status_code == 302
    assert "暖心之光" in text_of(helper.get(address("honours")))
    # the own work
    page = text_of(helper.get(address("honour-check", scheme)))
    assert "按约定做到的谈心和家访" in page
    assert helper.post(address("honour-check", scheme), {"client_id": uuid4(), "words": "每周二等她放学。"}).status_code == 302  # fmt: skip
    # a proposal
    told = {"client_id": uuid4(), "whom": str(cast.staff["helper"].pk), "story": "捐了五百元"}
    refused = teacher.post(address("honour-propose", scheme), told)
    assert refused.status_code == 422 and "捐了五百元" in refused.content.decode()
    one = _proposed(teacher, scheme, told)
    assert helper.get(address("honour", one)).status_code == 404  # whoever is proposed learns nothing yet
    # the committee's word, with a refusal beside the field and what was typed kept
    word = {"meets": "yes", "words": "大家都看见了"}
    assert "大家都看见了" in head.post(address("honour-review", one), word).content.decode()
    met = [row.pk for row in scheme.criteria.all()]
    for who in ("head", "deputy"):
        assert cast.client(who).post(address("honour-review", one), word | {"met": met}).status_code == 302
    assert teacher.post(address("honour-review", one), word | {"met": met}).status_code == 403
    assert teacher.post(address("honour-conclude", one)).status_code == 403
    assert office.post(address("honour-conclude", one)).status_code == 302
    # consent before praise
    assert not office.get(address("honour-notice", scheme)).content.decode().count("林岚")
    office.post(address("honour-ask", one))
    assert Message.objects.filter(to=cast.users["helper"], code="honour").count() == 1
    question = Asked.objects.get()
    assert "愿意" in text_of(helper.get(address("honours-mine")))
    assert teacher.post(address("honour-answer", question)).status_code == 404
    assert helper.post(address("honour-answer", question)).status_code == 302
    _public_and_given(cast, office, at_school, scheme, one)


def _proposed(browser, scheme, told):
    assert browser.post(address("honour-propose", scheme), told | {"story": STORY}).status_code == 302
    return Commendation.objects.get()


def _public_and_given(cast, office, at_school, scheme, one):
    words = {
        "client_id": uuid4(),
        "title": "表彰公示",
        "words": "现公示如下。",
        "first_day": "2026-11-25",
        "working_days": 5,
    }
    assert office.post(address("honour-notice", scheme), words | {"working_days": 99}).status_code == 422
    assert office.post(address("honour-notice", scheme), words | {"on_board": "on"}).status_code == 302
    notice, head = Notice.objects.get(), cast.client("head")
    page = text_of(cast.client("other_class_teacher").get(address("notice", notice)))
    assert "林岚" in page and "暖心之光" in page and STORY not in page
    assert head.post(address("honour-award", scheme)).status_code == 422  # it still hangs
    at_school.move_to(NOW + 10 * DAYS)
    assert office.post(address("honour-award", scheme)).status_code == 403
    assert head.post(address("honour-award", scheme)).status_code == 302
    assert STORY in text_of(cast.client("finance_maker").get(address("honours")))
    assert cast.client("class_teacher").post(address("honour-certificates", scheme), {"size": "a4"}).status_code == 403  # fmt: skip
    assert office.post(address("honour-certificates", scheme), {"size": "a3"}).status_code == 422
    assert office.post(address("honour-certificates", scheme), {"size": "a4"}).content[:5] == b"%PDF-"
    word = office.post(
        address("honour-certificates", scheme), {"size": "a5", "word": "1", "number": "和中〔2026〕18号"}
    )
    lines = [line.text for line in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert (
        "荣誉证书" in lines and "林岚 老师：" in lines and any("和中〔2026〕18号" in line for line in lines)
    )
    assert office.post(address("honour-export", scheme), {"purpose": ""}).status_code == 422
    file = office.post(address("honour-export", scheme), {"purpose": "校史资料"})
    assert STORY in "".join(line.text for line in docx.Document(io.BytesIO(file.content)).paragraphs)
    assert AuditEntry.objects.get(action="honour.export").purpose == "校史资料"


def test_a_child_and_its_family_are_asked_at_their_doors_and_either_no_keeps_it_private(
    cast, office, at_school
):
    one = meeting_it(cast, proposed(cast, published(cast, "progress"), Whom(student=cast.students.key)))
    office.post(address("honour-ask", one))
    family, child = Asked.objects.order_by("pk")
    guardian, student = cast.client("guardian"), cast.client("student")
    assert STORY in text_of(guardian.get(address("family-honours")))
    assert guardian.post(address("mine-honour-answer", child)).status_code == 403
    assert guardian.post(address("family-honour-answer", child)).status_code == 404
    assert guardian.post(address("family-honour-answer", family)).status_code == 302
    assert student.post(address("mine-honour-answer", child), {"not": "1"}).status_code == 302
    assert "周晓禾" not in text_of(office.get(address("honour-notice", one.scheme)))
    assert "有人不愿公开" in text_of(office.get(address("honour", one)))
    assert student.post(address("mine-honour-answer", child)).status_code == 302
    assert "周晓禾" in text_of(office.get(address("honour-notice", one.scheme)))


def test_what_was_said_on_paper_is_noted_with_who_said_it(cast, office):
    one = meeting_it(cast, proposed(cast, published(cast, "progress"), Whom(student=cast.students.key)))
    office.post(address("honour-ask", one))
    family = Asked.objects.get(side="guardian")
    assert office.post(address("honour-note", family), {"given_by": ""}).status_code == 422
    assert (
        cast.client("counsellor").post(address("honour-note", family), {"given_by": "奶奶"}).status_code
        == 403
    )
    assert (
        cast.client("other_class_teacher")
        .post(address("honour-note", family), {"given_by": "奶奶"})
        .status_code
        == 404
    )
    office.post(address("honour-note", family), {"given_by": "奶奶，回执"})
    family.refresh_from_db()
    assert (family.answer, family.given_by) == ("yes", "奶奶，回执")


def test_a_question_to_a_colleague_waits_on_the_own_week_until_it_is_answered(cast, office):
    one = meeting_it(cast, proposed(cast, published(cast), Whom(staff=cast.staff["helper"])))
    office.post(address("honour-ask", one))
    helper, waits = cast.client("helper"), "学校可以公开谢谢您吗"
    week = text_of(helper.get(reverse("week")))
    assert waits in week or "待回答或代问" in week
    assert address("honours-mine") in helper.get(reverse("week")).content.decode()
    assert "待回答或代问" not in text_of(cast.client("other_teacher").get(reverse("week")))
    helper.post(address("honour-answer", one.asked.get()), {"not": "1"})
    week = text_of(helper.get(reverse("week")))
    assert waits not in week and "待回答或代问" not in week


def test_whoever_looks_after_a_child_asks_the_child_and_the_family_and_notes_it(cast, office):
    one = meeting_it(cast, proposed(cast, published(cast, "progress"), Whom(student=cast.students.key)))
    office.post(address("honour-ask", one))
    helper, teacher = cast.client("helper"), cast.client("class_teacher")
    assert "周晓禾" in text_of(helper.get(reverse("week")))
    assert STORY in text_of(teacher.get(address("honours-mine")))
    assert STORY not in text_of(cast.client("other_teacher").get(address("honours-mine")))
    for asked, client, who in zip(
        one.asked.order_by("pk"), (helper, teacher), ("奶奶，电话里", "本人，谈话时"), strict=True
    ):
        answer = client.post(address("honour-note", asked), {"given_by": who})
        assert (answer.status_code, answer["Location"]) == (302, address("honours-mine"))
    assert STORY not in text_of(teacher.get(address("honours-mine")))
    shown = text_of(office.get(address("honour", one)))
    assert "奶奶，电话里" in shown and f"{cast.staff['helper'].name}" in shown
    assert "周晓禾" in text_of(office.get(address("honour-notice", one.scheme)))


def test_whoever_is_near_sees_neither_figures_nor_words_and_may_stand_back(cast, office):
    one = proposed(cast, published(cast), Whom(staff=cast.staff["deputy"]))
    said(cast, one, "head", words="做得踏实。")
    near = text_of(cast.client("deputy").get(address("honour", one)))
    assert "请您回避" in near and "做得踏实。" not in near
    assert (
        cast.client("deputy").post(address("honour-review", one), {"meets": "yes", "words": "好"}).status_code
        == 422
    )
    counsellor = cast.client("counsellor")
    assert "做得踏实。" in text_of(counsellor.get(address("honour", one)))
    page = counsellor.post(address("honour-stand-back", one), follow=True)
    assert "请您回避" in text_of(page) and 'name="back"' in page.content.decode()
    counsellor.post(address("honour-stand-back", one), {"back": "1"})
    assert "做得踏实。" in text_of(counsellor.get(address("honour", one)))


def test_a_proposal_is_withdrawn_with_a_reason_and_put_back(cast, office):
    one = proposed(cast, published(cast), Whom(staff=cast.staff["helper"]))
    assert office.post(address("honour-withdraw", one), {"reason": ""}).status_code == 422
    assert cast.client("counsellor").post(address("honour-withdraw", one), {"reason": "x"}).status_code == 403
    office.post(address("honour-withdraw", one), {"reason": "点错了"})
    office.post(address("honour-withdraw", one), {"back": "1"})
    assert Commendation.objects.standing().get() == one


def test_a_scheme_ends_with_a_reason_and_goes_on(cast, office):
    scheme = published(cast)
    assert office.post(address("honour-end", scheme), {"reason": ""}).status_code == 422
    office.post(address("honour-end", scheme), {"reason": "换了办法"})
    assert "换了办法" in text_of(office.get(address("honour-scheme", scheme)))
    office.post(address("honour-end", scheme), {"back": "1"})
    assert Scheme.objects.get().stands


def numbers_beside(page: str, names: list[str]) -> list[str]:
    """Rows of a list or a table in which a figure stands with a name; days and numbers of classes are none."""
    rows = re.findall(r"<(?:li|tr)\b.*?</(?:li|tr)>", page, flags=re.S)
    found = []
    for row in rows:
        plain = re.sub(r"<[^>]+>", " ", row)
        plain = re.sub(r"\d+月\d+日|周[一二三四五六日]|初一\(\d\)班|20\d\d-20\d\d", " ", plain)
        if any(name in plain for name in names) and re.search(r"\d|第[一二三]", plain):
            found.append(re.sub(r"\s+", " ", plain))
    return found


def test_no_page_shows_a_figure_beside_a_name_or_orders_people(cast, office, at_school):
    """The committee reads what the records show on the page of one proposal, where nobody else stands."""
    scheme, names = published(cast), ["林岚", "唐雨", "宋桥"]
    people = [("helper", "class_teacher"), ("class_teacher", "head"), ("other_teacher", "class_teacher")]
    for whom, by in people:
        one = proposed(cast, scheme, Whom(staff=cast.staff[whom]), who=by)
        agreed(cast, meeting_it(cast, one, "deputy", "coordinator", "counsellor"))
    one = public(cast, one)
    at_school.move_to(NOW + 10 * DAYS)
    cast.client("head").post(address("honour-award", scheme))
    pages = ["honours", ("honour-scheme", scheme), ("notice", one.notice), ("honour-certificates", scheme)]
    for row in pages:
        name, about = (row, None) if isinstance(row, str) else row
        page = office.get(address(name, about)).content.decode()
        assert any(one in page for one in names), name
        assert numbers_beside(page, names) == [], name
    for word in ("排名", "名次", "第一名", "得分", "总分"):
        assert word not in text_of(office.get(address("honours")))


def test_a_figure_beside_a_name_is_seen():
    assert numbers_beside("<ul><li>林岚 <b>12</b></li></ul>", ["林岚"])
    assert numbers_beside("<table><tr><td>1</td><td>林岚</td></tr></table>", ["林岚"])
    assert not numbers_beside("<ul><li>林岚 11月25日 周三</li></ul>", ["林岚"])


def test_the_pages_keep_their_queries(cast, office, at_school, django_assert_max_num_queries):
    scheme = published(cast, "progress")
    for child in (cast.students.key, cast.students.normal):
        agreed(cast, meeting_it(cast, proposed(cast, scheme, Whom(student=child))))
    public(cast, Commendation.objects.first())
    at_school.move_to(NOW + 10 * DAYS)
    cast.client("head").post(address("honour-award", scheme))
    with django_assert_max_num_queries(24):
        office.get(address("honours"))
    with django_assert_max_num_queries(34):
        office.get(address("honour-scheme", scheme))


def test_the_story_of_an_awarded_child_is_gone_with_the_child_s_no(cast, at_school):
    one = awarded(
        cast, at_school, proposed(cast, published(cast, "progress"), Whom(student=cast.students.key))
    )
    reader = cast.client("finance_checker")
    assert "周晓禾" in text_of(reader.get(address("honours")))
    cast.client("guardian").post(
        address("family-honour-answer", one.asked.get(side="guardian")), {"not": "1"}
    )
    assert "周晓禾" not in text_of(reader.get(address("honours")))
    assert (
        cast.client("coordinator")
        .post(address("honour-certificates", one.scheme), {"size": "a4"})
        .status_code
        == 422
    )
