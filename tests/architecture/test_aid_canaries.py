"""What the aid rooms know of a child is met in these rooms alone: on no notice, public page, export or message, by nobody
who has nothing to do there. Numbers of persons, phones, addresses, birth dates and cards lie in every field."""

import datetime
from itertools import product

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tools.screens_school import EXAMPLES

from tongxing.aid.donations.actions import box, campaigns
from tongxing.aid.donations.models import Campaign
from tongxing.aid.donations.tests.school import plan
from tongxing.aid.hardship.actions.rounds import set_levels
from tongxing.aid.hardship.models import Round
from tongxing.aid.ledger.actions import books
from tongxing.aid.ledger.models import Fund
from tongxing.aid.subsidies.actions.projects import add_project
from tongxing.aid.subsidies.models import PayList
from tongxing.ground.access.roles import TABLE
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.actions import open_feed
from tongxing.ground.outbox.models import Message
from tongxing.paper.documents.subsidies import BANK
from tongxing.paper.exchange.export_profile import built_in

from . import aid_examples, donations_examples, hardship_examples, ledger_examples, work_examples
from .matrix import OBJECTS, Page, pages
from .planted import CARD, CLASS_ONE, CLASS_TWO, plant
from .test_canaries import _dump, _tables, words_of
from .test_permissions import ROLES, undone

AID_ROOMS = (aid_examples, donations_examples, hardship_examples, ledger_examples, work_examples)
FROM_ROWS = {name for module in AID_ROOMS for name in module.EXAMPLES} - {"way", "report_code", "file_kind"}
#: They have work in an aid room; everybody else meets nothing of it.
AT_WORK = {"head", "deputy", "coordinator", "class_teacher", "finance_maker", "finance_checker"}
#: So many of each kind are looked at, the newest or the fullest first.
ROWS = 3
FIGURES = (CLASS_ONE[1], CLASS_TWO[1])


@pytest.fixture
def planted(cast):
    cache.clear()
    cast.teach("subject_teacher", cast.class_one)
    return plant(cast)


def addresses_of(cast) -> list[tuple[Page, str]]:
    """Every page with what was planted, and the pages of care about the child of whom it tells."""
    values = {}
    for name in dict.fromkeys(name for page in pages() for name in page.parameters):
        values[name] = EXAMPLES[name]()[:ROWS] if name in FROM_ROWS else [OBJECTS[name](cast)["own"]]
    return [
        (page, address)
        for page in pages()
        for chosen in product(*(values[name] for name in page.parameters))
        if (address := _address(page, chosen))
    ]


def _address(page: Page, chosen: tuple[object, ...]) -> str:
    try:
        return reverse(page.name, kwargs=dict(zip(page.parameters, chosen, strict=True)))
    except NoReverseMatch:
        return ""


def may_try(role: str, page: Page) -> bool:
    """Without the ability a page stays closed, as the permission matrix shows."""
    can = page.permission.can if page.permission else ""
    return not can or role == "subject_teacher" or (role in TABLE and can in TABLE[role].can)


@pytest.mark.parametrize("roles", [ROLES[0::3], ROLES[1::3], ROLES[2::3]], ids=lambda some: some[0])
def test_on_every_page_a_card_is_seen_by_nobody_and_the_rest_in_the_aid_rooms_alone(planted, roles):
    """And what a class handed over is seen by whoever entered it and by finance."""
    addresses, found, read = addresses_of(planted.cast), {}, 0
    for role in roles:
        browser = Client() if role == "nobody" else planted.cast.client(role)
        for page, address in addresses:
            if not may_try(role, page):
                continue
            with undone():
                answer = browser.get(address)
            read += answer.status_code == 200
            if answer.status_code == 200 and (seen := _too_much(planted, role, page, words_of(answer))):
                found[role, address] = seen
    assert not found
    assert read > 100


def _too_much(planted, role: str, page: Page, words: str) -> list[str]:
    bank = page.name == "subsidy-list-file" and role == "finance_maker"
    seen = ["card"] if CARD in words and not bank else []
    if role not in AT_WORK:
        seen += planted.met(words, _own(role, page))
    if page.name.startswith("ledger-") and planted.cast.class_one.name not in words:
        return seen  # whoever checks an entry sees its sum, and nothing of whose it is
    if "donation.money" not in (TABLE[role].can if role in TABLE else ()):
        own = {CLASS_ONE[1]} if role == "class_teacher" else set()
        seen += [one for one in FIGURES if one in words and one not in own]
    return seen


NOTICES = (
    "notices",
    "notice",
    "donations",
    "donation-became",
    "donation-board",
    "donation-appeal",
    "donation-cards",
)


@pytest.mark.parametrize("role", sorted(AT_WORK))
def test_no_notice_and_no_public_page_or_sheet_holds_one(planted, role):
    browser, found, read = planted.cast.client(role), {}, 0
    for page, address in addresses_of(planted.cast):
        if page.name in NOTICES:
            answer = browser.get(address)
            read += answer.status_code == 200
            if answer.status_code == 200 and (seen := planted.met(words_of(answer), _own(role, page))):
                found[address] = seen
    for kind in ("pdf", "docx"):
        answer = browser.post(reverse("notice-sheet", args=[planted.notice.pk]), {"kind": kind})
        assert answer.status_code == (200 if "notice.publish" in TABLE[role].can else 403)
        if seen := planted.met(words_of(answer)):
            found[kind] = seen
    assert not found
    assert read > 4


def _own(role: str, page: Page) -> str:
    """What was said against a notice, and the answer, stand below it for whoever publishes; the second of the two who
    open a box confirms what was counted."""
    if page.name == "donation-opening" and role == "helper":
        return "giving.bag giving.box"
    answers = page.name == "notice" and role in TABLE and "notice.publish" in TABLE[role].can
    return "hardship.objection hardship.answer" if answers else ""


def test_the_address_of_a_giver_tells_sums_alone(planted):
    answer = Client().get(reverse("gift-became", args=[planted.token]))
    assert answer.status_code == 200 and "noindex" in answer["X-Robots-Tag"]
    words = words_of(answer)
    assert planted.met(words) == [] and not [one for one in FIGURES if one in words]


@pytest.mark.parametrize("role", ["head", "coordinator"])
def test_no_export_holds_one(planted, role):
    found, files = {}, 0
    for code in built_in():
        if code == BANK:
            continue  # made at its list, by whoever writes the books
        agreed = planted.cast.users["coordinator" if role == "head" else "head"].pk
        form = {"purpose": "报资助系统", "client_id": str(planted.id()), "approved_by": agreed}
        form |= {"use_until": clock.today().isoformat()}
        answer = planted.cast.client(role).post(reverse("export", args=[code]), form)
        files += "attachment" in answer.headers.get("Content-Disposition", "")
        if seen := planted.met(words_of(answer)):
            found[code] = seen
    assert not found
    assert files >= len(built_in()) - 2


def test_the_bank_s_file_alone_holds_the_card(planted):
    address = reverse("subsidy-list-file", args=[PayList.objects.get().pk, "bank"])
    assert CARD in words_of(planted.cast.client("finance_maker").get(address))
    for kind in ("xlsx", "pdf", "docx"):
        answer = planted.cast.client("finance_maker").get(address.replace("bank", kind))
        assert CARD not in words_of(answer)


def test_no_message_mail_feed_or_trail_holds_one_and_what_is_sealed_lies_nowhere_open(planted):
    assert planted.met("".join(f"{one.subject}{one.link_args}" for one in Message.objects.all())) == []
    assert planted.met("".join(f"{one.subject}{one.body}" for one in mail.outbox)) == []
    for role in ("head", "coordinator", "class_teacher", "finance_maker"):
        feed = planted.cast.client(role).get(reverse("feed", args=[open_feed(planted.cast.actor(role))]))
        assert feed.status_code == 200 and planted.met(words_of(feed)) == []
    assert planted.met("".join(f"{one.purpose}{one.detail}" for one in AuditEntry.objects.all())) == []
    found = {name: seen for name in _tables() if (seen := planted.met(_dump(name)))}
    open_ones = {where for seen in found.values() for where in seen}
    assert open_ones == planted.in_the_clear


def test_on_its_day_a_notice_is_gone_for_everybody_but_who_publishes(planted, at_school):
    child, last = planted.cast.students.key.name, planted.notice.last_day
    addresses = [
        address for page, address in addresses_of(planted.cast) if page.name in ("notices", "notice")
    ]
    readers = [
        role
        for role in ROLES
        if may_try(role, _page("notice")) and role not in ("head", "deputy", "coordinator")
    ]

    def shown() -> set[str]:
        answers = {(role, one): planted.cast.client(role).get(one) for role in readers for one in addresses}
        return {role for (role, _one), answer in answers.items() if child in words_of(answer)}

    assert shown() == set(readers) and len(readers) > 5
    at_school.move_to(datetime.datetime.combine(last, datetime.time(23, 59), clock.SCHOOL_TIME))
    assert shown() == set(readers)
    at_school.shift(datetime.timedelta(minutes=1))
    assert shown() == set()


def _page(name: str) -> Page:
    return next(page for page in pages() if page.name == name)


#: All that an aid officer of the county can open.
OFFICERS = {
    *("county-aid", "county-projects", "county-project", "county-project-new", "county-floors"),
}


def test_the_aid_officer_opens_sums_projects_and_floors_and_meets_no_child(planted):
    """Every page, also those without the ability: no care note, no score, no counselling, no name."""
    cast = planted.cast
    names = [one.name for one in vars(cast.students).values()]
    browser, opened, met = cast.client("county_aid_officer"), set(), {}
    for page, address in addresses_of(cast):
        for method in ("get", "post"):
            with undone():
                answer = getattr(browser, method)(address)
            if answer.status_code != 200:
                continue
            opened.add(page.name)
            words = words_of(answer)
            if seen := [*planted.met(words), *(name for name in names if name in words)]:
                met[address] = seen
    assert not met
    assert (
        opened - {page.name for page in pages() if page.permission.public or page.permission.signed_in}
        == OFFICERS
    )


NUMBERS = ("请转 6228 4800 1234 5678 917", "电话139-1234-5678", "青石里村七组8号", "2013年9月15日")


@pytest.mark.parametrize("words", NUMBERS)
def test_what_everybody_reads_takes_no_number_phone_address_or_birth_date(planted, words):
    """Names of funds, purposes, projects and levels, an appeal, the place of a box: refused beside the field."""
    cast, school = planted.cast, planted.cast.school
    head, checker = cast.actor("head"), cast.actor("finance_checker")
    fund, campaign = Fund.objects.filter(school=school, memo=False).latest("pk"), Campaign.objects.get()
    Round.objects.update(closed_at=clock.now(), closed_by=cast.users["head"])
    of = {"school": school, "client_id": planted.id()}
    tries = {
        "fund": lambda: books.add_fund(checker, school=school, name=words, terms="", purposes=""),
        "purposes": lambda: books.add_fund(
            checker, school=school, name="新基金", terms="", purposes=f"书本\n{words}"
        ),
        "purpose": lambda: books.add_purpose(checker, fund=fund, name=words),
        "account": lambda: books.add_account(checker, school=school, kind="expense", name=words),
        "level": lambda: set_levels(head, school=school, levels=[(words, 30)]),
        "project": lambda: add_project(
            head,
            organisation=school,
            client_id=planted.id(),
            name=words,
            kind="school",
            payer="school",
            asks="recognised",
        ),
        "box": lambda: box.hang_up(head, **of, place=words, fund=fund, since=campaign.starts_on),
        **{
            part: lambda part=part: campaigns.change(
                head, campaign=campaign, plan=plan(fund, **{part: words})
            )
            for part in ("name", "slogan", "appeal")
        },
    }
    accepted = []
    for name, act in tries.items():
        try:
            act()
        except Refused as refusal:
            assert "很多人会看到" in refusal.message, name
        else:
            accepted.append(name)
    assert accepted == []
