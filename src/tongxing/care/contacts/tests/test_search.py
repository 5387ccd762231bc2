"""What a search finds in a text, without any database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.care.contacts.search import AROUND, excerpt, hits, parts, spaced, words

SIGNS = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
TEXTS = st.text(st.one_of(SIGNS, st.sampled_from("abcXYZ 0189，。！\n·é")), max_size=60)


def test_signs_are_words_and_letters_form_words():
    assert spaced("想学好英语，最喜欢 Unit 3：ＡＢＣ！") == "想 学 好 英 语 最 喜 欢 unit 3 abc"
    assert spaced("KTV和café") == "ktv 和 cafe"


def test_what_is_typed_together_stands_together():
    assert parts("英语 作业") == [["英", "语"], ["作", "业"]]
    assert parts("英语unit3") == [["英", "语", "unit3"]]
    assert parts("，。 ！") == []


@pytest.mark.parametrize(
    "wanted", ["英语", "语", "Unit", "un", "unit 3", "ＵＮＩＴ", "英语 喜欢", "喜欢Unit", "欢unit"]
)
def test_a_search_meets_the_text(wanted):
    text = "想学好英语，最喜欢 Unit 3"
    assert all(hits(text, [part]) for part in parts(wanted))


@pytest.mark.parametrize("wanted", ["语英", "nit", "英学", "英语3", "unit3"])
def test_what_does_not_stand_together_is_not_met(wanted):
    assert not hits("想学好英语，最喜欢 Unit 3", parts(wanted))


def test_rare_signs_are_words_too():
    assert hits("𠮷祥和𫖯仰", parts("𫖯")) == [(3, 4)]


def test_an_excerpt_shows_what_stands_around_and_marks_every_hit():
    text = "一" * 100 + "英语好，数学也好，英语最好" + "二" * 100
    pieces = excerpt(text, parts("英语"))
    assert [piece.text for piece in pieces if piece.hit] == ["英语", "英语"]
    assert pieces[0].text == pieces[-1].text == "…"
    assert pieces[1].text == "一" * AROUND


@given(TEXTS, st.data())
def test_every_stretch_of_chinese_signs_in_a_text_is_found(text, data):
    signs = "".join(sign for sign in text if "一" <= sign <= "龥")
    if not signs or signs not in text:
        return
    start = data.draw(st.integers(0, len(signs) - 1))
    end = data.draw(st.integers(start + 1, len(signs)))
    assert hits(text, parts(signs[start:end]))


@given(TEXTS, TEXTS)
def test_an_excerpt_is_a_stretch_of_the_text_and_marks_only_hits(text, wanted):
    pieces = excerpt(text, parts(wanted))
    shown = "".join(piece.text for piece in pieces if piece.text != "…")
    assert shown in text
    marked = [words(piece.text)[0].text for piece in pieces if piece.hit]
    firsts = {part[0] for part in parts(wanted)}
    assert all(
        any(first.startswith(one[: len(first)]) for one in firsts) or first in firsts for first in marked
    )


@given(TEXTS)
def test_words_stand_where_they_say(text):
    for word in words(text):
        assert spaced(text[word.start : word.end]) == word.text
