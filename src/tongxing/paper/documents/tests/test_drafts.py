"""Briefs and summaries that begin with what is recorded: figures, no names, in the customary order."""

import datetime
from uuid import uuid4

import pytest
from django.utils import translation
from tests.promised import talk

from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.oversight.insight.counts import promise_figures
from tongxing.oversight.insight.facts import facts_for
from tongxing.oversight.inspection.figures import first_of, of_month
from tongxing.oversight.notices import meetings, publicity
from tongxing.paper.documents.drafts import month_brief
from tongxing.paper.documents.typed_text import told

pytestmark = pytest.mark.usefixtures("promised")


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def brief(cast, who="head"):
    month = first_of(clock.today())
    return month_brief(cast.actor(who), school=cast.school, term=cast.term, month=month)


def test_the_figures_of_a_brief_are_those_of_the_inspection(cast):
    talk(cast)
    facts = of_month(
        facts_for(cast.actor("head"), cast.school, cast.term, clock.now()), first_of(clock.today())
    )
    text = brief(cast).text
    for promise in facts.promises:
        asked, done, *_rest = promise_figures(facts, promise)
        if asked.value:
            assert f"{promise.name}：约定{asked.value}次，已记{done.value}次。" in text


def test_a_brief_tells_meetings_and_publicity_of_its_month_alone(cast):
    head = cast.actor("head")
    for day, title in (
        (clock.today(), "月末碰头会"),
        (clock.today() - datetime.timedelta(days=40), "启动会"),
    ):
        facts = {"title": title, "day": day, "led_by": cast.staff["head"]}
        meetings.call(head, school=cast.school, client_id=uuid4(), kind="staff", facts=facts)
    shown = {"channel": "column", "day": clock.today(), "words": "一个都不能少"}
    publicity.note(head, school=cast.school, client_id=uuid4(), facts=shown)
    text = brief(cast).text
    assert "月末碰头会" in text and "启动会" not in text and "一个都不能少" in text


def test_its_headings_are_numbered_and_become_headings_on_paper(cast):
    text = brief(cast).text
    assert "\n一、" in text
    headings = [one.text for one in told(text) if hasattr(one, "level")]
    assert len(headings) == sum(line[1:2] == "、" for line in text.splitlines())


def test_a_part_of_which_nothing_is_recorded_is_left_out_and_no_child_is_named(cast):
    talk(cast)
    text = brief(cast).text
    assert "会议" not in text
    for name in ("周晓禾", "孟宇航", "苏苗苗", "林岚"):
        assert name not in text


@pytest.mark.parametrize("who", ["helper", "class_teacher", "outsider"])
def test_only_whoever_leads_the_school_begins_a_brief(cast, who):
    with pytest.raises(NotAllowed):
        brief(cast, who)
