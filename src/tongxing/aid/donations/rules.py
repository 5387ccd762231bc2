"""What giving at school may and may not be. Pure.

Sources: 慈善法 22, 26, 32, 122; 公益事业捐赠法 8; 民法典 19, 20 (under eight a guardian acts, up to seventeen what suits
the age).
"""

import datetime
import re
import unicodedata
from typing import Literal

#: Below this many people even the whole school's share could tell of single ones.
SMALLEST = 10
ALONE_FROM, GROWN = 8, 18  # years
#: An amount, a share or a place among others, in figures or Chinese numerals.
_MONEY = re.compile(
    r"[\d０-９.,，一二两三四五六七八九十百千万]+\s*(?:多|余|几)?\s*(?:元|块|角|分钱|万|yuan|rmb)"
    r"|[¥￥$]|[%％‰]|百分之|千分之|参与率|捐款额|金额|最多|第[一二三四五六七八九十\d]+名|名列|榜首|冠军"
    r"|[全本校年级班区县市][校级班区县市部组]?第[一二三四五六七八九十\d]|数第[一二三]|第一个捐"
    r"|(?:人人|个个|[全每]班|全员|全体)[^，。；！]{0,6}捐|都捐|无一例外|一个[都也]?[不没][落少]",
    re.IGNORECASE,
)
_SUM = r"[\d.,一二两三四五六七八九十百千万]+多?(?:元|块|角)"
#: “不设指标、不定任务” takes pressure away: it is read over before the rest is.
_FREELY = re.compile(
    r"(?:不设|不定|不下|不搞|不布置|不规定|不分配|不摊派|不公布|不登记|不要求|不是|没有|无)(?:任何)?"
    r"(?:(?:最低|最少|起捐|捐款|指标|任务|目标|标准|定额|数额|金额|人均|排名|名单)+[、和与或及]?)+"
)
#: A sum for each, a least, a goal, a duty, a list of who gave what.
_PRESSES = re.compile(
    rf"不得?[少低]于|起捐|人均|定额|指标|捐款任务|(?:募捐|捐款|筹款|募集)目标|目标[^，。；！]{{0,4}}{_SUM}"
    rf"|(?:至少|最少|最低|每[人生名位户班组])[^，。；！]{{0,8}}(?:{_SUM}|捐)|{_SUM}钱?(?:起|以上)"
    rf"|(?:建议|倡议|希望|请|捐|献出?|交)(?!了)[^，。；！了]{{0,4}}{_SUM}"
    r"|(?:必须|务必|一律|统一)[^，。；！]{0,8}(?:捐|交)|(?:应|须)捐|(?:人人|个个|全员|全体|各班)[^，。；！]{0,4}(?:捐|参与|参加)"
    r"|排名|\u6392\u884c|评比|光荣榜|公布[^，。；！]{0,8}(?:名单|金额|数额)"
)
#: Something to pay with by phone, or an address that leads there. Platforms of charities are none.
_CODE = re.compile(
    r"https?:|www\.|wxp|weixin|alipay|qr\.|[收付]款码|二维码|扫码|扫一扫|红包|转账|微信(?!公益|公众)|支付宝(?!公益)",
    re.IGNORECASE,
)

Missing = Literal["", "guardian", "consent"]


def share_of(people: int, roster: int) -> int | None:
    """How many of a hundred took part, rounded down; None: too few people to tell it."""
    if roster < SMALLEST:
        return None
    return min(100, people * 100 // roster)


def age(born: datetime.date, on: datetime.date) -> int:
    """Full years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def missing(
    born: datetime.date | None,
    on: datetime.date,
    amount: int,
    *,
    consent_from: int,
    by_guardian: bool,
    consent: bool,
) -> Missing:
    """What a child's gift still needs: below eight the guardian's hand, below eighteen the guardian's word from
    `consent_from` fen on. A child whose age is not known is eight or more, and not grown up."""
    years = ALONE_FROM if born is None else age(born, on)
    if years < ALONE_FROM:
        return "" if by_guardian else "guardian"
    if years < GROWN and amount >= consent_from and not (consent or by_guardian):
        return "consent"
    return ""


def tells_money(story: str) -> bool:
    """Whether a story of thanks speaks of an amount, a share or a place among others."""
    return bool(_MONEY.search(story))


def presses(words: str) -> bool:
    """Whether an appeal, a slogan or a step asks for a sum, a least or a goal, or lets people be measured by it."""
    plain = "".join(unicodedata.normalize("NFKC", words).split())
    return bool(_PRESSES.search(_FREELY.sub("", plain)))


def pays_by_code(words: str) -> bool:
    """Whether this holds a code or an address to pay with, or speaks of one."""
    return bool(_CODE.search("".join(unicodedata.normalize("NFKC", words).split())))


def in_the_bag(first: int, second: int, agreed: int | None) -> int | None:
    """What lies in the bag, in fen: what both counted, otherwise what they agree on; None: not agreed yet."""
    return first if first == second else agreed
