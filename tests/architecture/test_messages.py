"""Every sentence of the product has its Chinese, and the check that says so can fail."""

from pathlib import Path

import pytest
from babel.messages.catalog import Message
from tools import messages


def test_every_sentence_of_the_product_has_its_chinese():
    gaps = messages.gaps()
    assert not gaps, "\n" + "\n".join(gaps)


def found_in(folder: Path, name: str, text: str) -> dict:
    path = folder / "doors" / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return messages.extract(folder)


def test_sentences_of_python_and_of_pages_are_found(tmp_path):
    found_in(
        tmp_path, "a.py", 'x = _("One") + ngettext("%(n)s day", "%(n)s days", n) + pgettext("menu", "Open")'
    )
    found = found_in(
        tmp_path, "b.html", '{{ _("Two") }}{% trans n=k %}a\n  b {{ n }}{% pluralize %}bs{% endtrans %}'
    )
    assert set(found) == {
        (None, "One"),
        (None, "%(n)s day"),
        ("menu", "Open"),
        (None, "Two"),
        (None, "a b %(n)s"),
    }


@pytest.mark.parametrize(
    ("translation", "problem"),
    [
        (None, "missing"),
        (Message("%(n)s of 100 %%", ""), "empty"),
        (Message("%(n)s of 100 %%", "百分之%(n)s", flags={"fuzzy"}), "fuzzy"),
        (Message("%(n)s of 100 %%", "百分之%(m)s"), "placeholders"),
        (Message("%(n)s of 100 %%", "%(n)s %"), "a percent sign"),
    ],
)
def test_a_gap_is_reported(tmp_path, translation, problem):
    found = found_in(tmp_path, "c.html", '{{ _("%(n)s of 100 %%", n=3) }}')
    known = {} if translation is None else {(None, translation.id): translation}
    (line,) = messages.problems(found, known)
    assert line.startswith(problem)


def test_a_sentence_that_extraction_does_not_see_is_reported(tmp_path):
    found_in(tmp_path, "d.py", "x = f\"{n} {_('One')}\" + _('Two') % n")
    assert messages.hidden(tmp_path) == ["in an f-string: doors/templates/d.py:1  _('One')"]


def test_a_good_translation_is_no_gap(tmp_path):
    found = found_in(tmp_path, "d.html", '{{ _("%(n)s of 100 %%", n=3) }}')
    assert (
        messages.problems(found, {(None, "%(n)s of 100 %%"): Message("%(n)s of 100 %%", "占%(n)s %%")}) == []
    )


def test_the_catalogue_survives_a_round_trip():
    known = messages.entries(messages.read(messages.catalogue_path()))
    text = messages.render(messages.TRANSLATED, known)
    assert text.count("\nmsgid ") == len(known)


def test_chinese_is_what_a_person_reads():
    from django.utils import translation

    messages.compile_all()
    with translation.override("zh-hans"):
        assert translation.gettext("English") == "英文"
    with translation.override("en"):
        assert translation.gettext("English") == "English"
