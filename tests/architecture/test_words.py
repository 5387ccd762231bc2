"""What no screen, file or message says. The one list for pages, catalogue, printed forms, demo and documentation.

Statutory terms stand where the law asks for them: as circumstances on pages of the hardship zone and on the forms.
"""

import re
from pathlib import Path

import pytest
from tools import messages

HERE = Path(__file__).resolve().parents[2]
FORBIDDEN = (
    *("学困", "差生", "后进生", "落后生", "问题学生", "问题孩子", "特困生", "困难生", "贫", "穷", "弱势"),
    *("孤僻", "正常孩子", "正常学生", "不良", "懒惰", "劣", "红名单", "黑名单", "排行"),
    *("排查", "未做", "已超", "逾期", "超期", "欠账", "督促", "劝返", "感恩教育"),
)
STATUTORY = ("脱贫", "返贫")
#: Of the English sentences: people are not weighed, and nothing is overdue.
FORBIDDEN_IN_ENGLISH = (
    "overdue",
    "poor student",
    "poor famil",
    "underachiev",
    "weak student",
    "problem child",
    "ranking",
)
SEARCHED = (".py", ".html", ".typ", ".po", ".toml", ".md", ".svg")


def unwanted(text: str) -> list[str]:
    for term in STATUTORY:
        text = text.replace(term, "")
    return [word for word in FORBIDDEN if word in text]


def sources() -> list[Path]:
    folders = [HERE / name for name in ("src", "docs", "examples")]
    files = [path for folder in folders for path in folder.rglob("*") if path.suffix in SEARCHED]
    return [*(path for path in files if "tests" not in path.parts), *HERE.glob("*.md")]


def test_nothing_that_people_read_blames_labels_or_counts_up():
    found = {
        str(path.relative_to(HERE)): words
        for path in sources()
        if (words := unwanted(path.read_text("utf-8")))
    }
    assert not found


def test_needing_a_hand_is_said_in_one_way_only():
    """需要搭把手, of a child as of a subject: two wordings for one thing read like two things."""
    catalogue = messages.catalogue_path().read_text("utf-8")
    assert "教的正是需要搭把手的科目" in catalogue
    assert not re.search("需要帮一把|需要帮一下|要帮一把", catalogue)


def test_english_sentences_keep_to_it_too():
    said = [msgid for _context, msgid in messages.entries(messages.read(messages.catalogue_path()))]
    wrong = "|".join(FORBIDDEN_IN_ENGLISH)
    assert not [one for one in said if re.search(wrong, str(one), re.IGNORECASE)]


@pytest.mark.parametrize("text", ["3 名学困生", "排查率 100 %", "已超 4 天", "贫困家庭", "性格孤僻"])
def test_the_check_finds_what_it_looks_for(text):
    assert unwanted(text)


def test_terms_of_the_law_and_plain_words_pass():
    assert not unwanted("脱贫家庭、防止返贫监测对象；学习上的困难；该聊聊了；还没记上")
