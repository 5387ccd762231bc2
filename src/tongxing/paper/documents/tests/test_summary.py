import re

import pytest
from django.utils import translation

from tongxing.oversight.insight.figures import Figures
from tongxing.oversight.insight.term_facts import facts_from_json
from tongxing.paper.documents.content import Heading, Paragraph, Table
from tongxing.paper.documents.summary import summary_document

from .facts import figure, term_facts


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def sentences(document):
    return "\n".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def headings(document):
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]


def test_the_sections_stand_in_the_customary_order():
    assert headings(summary_document(term_facts(next_steps="走访"))) == [
        "组织领导", "全面了解，建立登记", "结对帮扶", "“六个一”与“三沟通”", "家校沟通", "存在的不足与下一步",
    ]  # fmt: skip


def test_every_number_in_a_sentence_is_a_figure_of_the_appendix():
    facts = term_facts()
    document = summary_document(facts)
    singles, _heading, _parts, promises = document.appendix.blocks
    counts = {row[3] for row in singles.rows}
    text = sentences(document).replace("2026年11月23日 15:42", "").replace("14天", "")
    assert set(re.findall(r"\d+", text)) <= counts
    assert {row[2] for row in singles.rows} == {"2026-11-23 15:42"}
    assert len(singles.rows) + 5 * len(promises.rows) == len(facts.figures.rows)


def test_what_was_not_recorded_reads_no_records_and_never_zero():
    document = summary_document(term_facts(looked_at=None, talk_done=None))
    assert "看过的学生：无记录。" in sentences(document)
    (table,) = (block for block in document.blocks if isinstance(block, Table))
    assert table.rows == (("每周谈心一次", "280", "无记录", "12", "8", "29"),)


def test_aid_is_a_section_only_where_aid_was_recorded():
    facts = term_facts()
    with_aid = type(facts)(
        **{name: getattr(facts, name) for name in ("school", "term", "as_of", "posts", "promises")},
        figures=Figures((*facts.figures.rows, figure("aid_students", "受助学生", 34))),
    )
    assert "资助情况" in headings(summary_document(with_aid))
    assert "资助" not in sentences(summary_document(facts))


def test_shortfalls_are_counts_and_next_steps_are_the_schools_own_words():
    text = sentences(summary_document(term_facts(next_steps="十二月上旬走访剩下的家庭。")))
    assert "暂无帮扶人的登记学生1人。" in text
    assert "有29次还没记上；没记上不等于没有做" in text
    assert text.endswith("下一步：十二月上旬走访剩下的家庭。")
    assert "下一步" not in sentences(summary_document(term_facts()))


def test_nothing_missing_is_said_without_praise():
    facts = term_facts(not_looked_at=0, unpaired=0, silent=0, missing=0)
    assert "没有等待补记的事项" in sentences(summary_document(facts))


@pytest.mark.parametrize("word", ["学困生", "贫困", "正常孩子", "孤僻", "好评", "高度重视", "排查", "第一名"])
def test_no_label_praise_or_ranking(word):
    assert word not in sentences(summary_document(term_facts()))


def test_facts_survive_storage_so_that_an_issued_summary_can_be_made_again():
    facts = term_facts(looked_at=None)
    assert facts_from_json(facts.as_json()) == facts


def test_in_english_sentences_stand_apart_and_headings_are_numbered_in_figures():
    with translation.override("en"):
        document = summary_document(term_facts())
    assert "helper: 1. Registered students" in sentences(document)
    with translation.override("en"):
        assert next(document.printed())[1] == "1 Leadership and organisation"
