"""How names sound, for the search: full pinyin and initials. Surnames read otherwise than the word come from a table."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

#: Surnames whose reading differs from the sign's usual one; two-sign surnames are found first.
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "任": "ren",
    "华": "hua",
    "盖": "ge",
    "朴": "piao",
    "翟": "zhai",
    "尉": "wei",
    "黑": "he",
    "乐": "yue",
    "召": "shao",
    "缪": "miao",
    "种": "chong",
    "秘": "bi",
    "折": "she",
    "繁": "po",
    "员": "yun",
    "祭": "zhai",
    "隗": "wei",
    "尹": "yin",
    "覃": "qin",
    "宁": "ning",
    "冼": "xian",
    "逄": "pang",
    "谌": "chen",
    "燕": "yan",
    "邵": "shao",
    "纪": "ji",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "澹台": "tan tai",
    "长孙": "zhang sun",
    "单于": "chan yu",
    "令狐": "ling hu",
}


@lru_cache(maxsize=20_000)
def pinyin(name: str) -> tuple[str, str]:
    """(full pinyin, initials) in lower case without blanks: 欧阳晓 → ("ouyangxiao", "oyx")."""
    plain = "".join(sign for sign in name if sign.isalnum())
    surname = next((sign for sign in (plain[:2], plain[:1]) if sign in SURNAMES), "")
    syllables = SURNAMES[surname].split() if surname else []
    syllables += lazy_pinyin(plain[len(surname) :], style=Style.NORMAL)
    return "".join(syllables).lower(), "".join(syllable[:1] for syllable in syllables).lower()
