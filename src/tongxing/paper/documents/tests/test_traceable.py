"""Every figure of a summary can be followed: to its definition, its moment and its records, for as long as it is kept."""

import datetime
import hashlib
import io
import re
from uuid import uuid4

import docx
import pypdf
import pytest

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.oversight.insight import queries
from tongxing.oversight.insight.behind import behind
from tongxing.oversight.insight.definitions import OF_AID
from tongxing.oversight.insight.indicators import INDICATORS
from tongxing.oversight.insight.reckoning import Reckoning
from tongxing.oversight.insight.tests.kinds import School
from tongxing.paper.documents import actions
from tongxing.paper.documents.summary import summary_document
from tongxing.paper.documents.word import word_file

pytestmark = pytest.mark.usefixtures("promised")
LATER = ("contact", "contact_written_later", "visit", "pair", "looked", "registration", "absence", "subsidy")


@pytest.fixture
def school(cast):
    return School(cast)


def issue(cast):
    return actions.issue_summary(cast.actor("head"), term=cast.term, client_id=uuid4(), next_steps="走访。")


def cells(file) -> list[tuple[str, ...]]:
    tables = docx.Document(io.BytesIO(file)).tables
    return [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows]


def pdf_text(file) -> str:
    return re.sub(
        r"\s+", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    )


def test_the_attachment_gives_every_figure_with_definition_moment_and_count_in_word_and_pdf(cast, school):
    school.subsidy()
    issued = issue(cast)
    moment = f"{issued.as_of.astimezone(SCHOOL_TIME):%Y-%m-%d %H:%M}"
    rows, text = cells(bytes(issued.file)), pdf_text(actions.summary_pdf(issued))
    assert {one.code for one in issued.told.singles} >= OF_AID
    for one in issued.told.singles:
        row = (one.label, one.definition, moment, one.text)
        assert row in rows
        assert re.sub(r"\s+", "", "".join(row)) in text
    for promise in issued.told.promises:
        assert (promise.name, *(one.text for one in issued.told.of(promise))) in rows


def test_made_again_from_its_frozen_facts_a_file_is_the_same_to_the_byte(cast, school, at_school):
    issued = issue(cast)
    word, pdf = bytes(issued.file), actions.summary_pdf(issued)
    at_school.shift(datetime.timedelta(days=2))
    for kind in LATER:
        getattr(school, kind)()
    issued.refresh_from_db()
    assert bytes(issued.file) == word
    assert word_file(summary_document(issued.told, issued.number)) == word
    assert hashlib.sha256(word).hexdigest() == issued.sha256
    assert actions.summary_pdf(issued) == pdf
    assert issue(cast).sha256 != issued.sha256, "a summary of today is another one"


def test_every_figure_of_a_summary_opens_the_records_it_counts_also_later(cast, school, at_school):
    school.subsidy()
    issued = issue(cast)
    at_school.shift(datetime.timedelta(days=1))
    school.contact()
    for one in issued.told.figures.rows:
        assert behind(cast.actor("head"), one).shown == (one.value or 0), one.code


def test_the_summary_says_what_the_indicators_say_at_the_same_moment(cast, school):
    school.subsidy()
    head, now = cast.actor("head"), clock.now()
    told = queries.term_summary_facts(head, cast.school, cast.term, now).figures
    reckoning = Reckoning(head, cast.school, cast.term, now)
    both = set()
    for code in INDICATORS:
        reading = reckoning.read(INDICATORS[code], reckoning.place())
        for one in (reading.of, reading.out_of):
            if told.get(one.code):
                assert told[one.code] == one
                both.add(one.code)
    assert both >= {
        "looked_at",
        "enrolled",
        "paired",
        "registered",
        "helpers",
        "silent",
        "covered",
        "recognised",
    }


def test_a_school_that_granted_nothing_says_nothing_of_aid(cast):
    codes = {one.code for one in issue(cast).told.figures.rows}
    assert not codes & OF_AID


def test_who_is_recognised_is_listed_for_nobody_without_the_hardship_zone(cast, school):
    school.subsidy()
    told = issue(cast).told.figures
    seen = {
        role: behind(cast.actor(role), told["recognised"]).shown
        for role in ("head", "class_teacher", "counsellor")
    }
    assert seen == {"head": 2, "class_teacher": 0, "counsellor": 0}
