"""What giving at school may and may not be."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from .. import rules

DAY = datetime.date(2026, 10, 16)
days = st.dates(datetime.date(2008, 1, 1), datetime.date(2026, 10, 16))


@pytest.mark.parametrize(
    ("people", "roster", "share"), [(888, 1184, 75), (69, 88, 78), (0, 40, 0), (40, 40, 100), (39, 40, 97)]
)
def test_participation_in_whole_percent_rounded_down(people, roster, share):
    assert rules.share_of(people, roster) == share


@given(st.integers(0, 3000), st.integers(0, 2000))
def test_a_share_is_never_more_than_everybody_and_of_few_people_none_is_told(people, roster):
    share = rules.share_of(people, roster)
    if roster < rules.SMALLEST:
        assert share is None
    else:
        assert 0 <= share <= 100
        assert (share == 100) == (people >= roster)


@given(days)
def test_age_counts_full_years(born):
    years = rules.age(born, DAY)
    assert 365.2 * years - 1 <= (DAY - born).days < 365.3 * (years + 1) + 1


def needs(born, fen, **said):
    facts = {"consent_from": 5_000, "by_guardian": False, "consent": False} | said
    return rules.missing(born, DAY, fen, **facts)


def test_below_eight_a_guardian_hands_it_in():
    born = datetime.date(2018, 10, 17)
    assert needs(born, 100) == "guardian"
    assert needs(born, 100, consent=True) == "guardian"
    assert needs(born, 100, by_guardian=True) == ""
    assert needs(datetime.date(2018, 10, 16), 100) == ""


def test_below_eighteen_the_guardian_is_asked_from_the_line_on():
    born = datetime.date(2013, 5, 1)
    assert needs(born, 4_999) == ""
    assert needs(born, 5_000) == "consent"
    assert needs(born, 5_000, consent=True) == ""
    assert needs(None, 5_000) == "consent"
    assert needs(datetime.date(2008, 10, 16), 500_000) == ""


@given(days, st.integers(1, 100_000))
def test_what_a_guardian_hands_in_needs_nothing_more(born, fen):
    assert needs(born, fen, by_guardian=True) == ""


@pytest.mark.parametrize(
    "story",
    [
        "捐了 50 元",
        "捐了五十多元",
        "参与率达到 98％",
        "百分之九十的同学",
        "捐款额全校第一名",
        "捐得最多",
        "￥200",
        "成绩全校第一",
        "全班第二",
        "人人都捐了",
        "全班同学都捐了款",
        "第一个捐款的班",
        "捐款最多",
        "一个都没落下",
    ],
)
def test_a_story_with_an_amount_a_share_or_a_place_is_recognised(story):
    assert rules.tells_money(story)


@pytest.mark.parametrize(
    "story",
    [
        "三位同学每天放学一起扫雪",
        "把自己的字典修好送给学弟",
        "课间陪同学上下楼两个月",
        "第一天就来帮忙",
        "第三周还在坚持",
    ],
)
def test_a_story_of_what_somebody_did_is_not(story):
    assert not rules.tells_money(story)


@pytest.mark.parametrize(
    "words",
    [
        "每人不少于5元",
        "每人 ５ 元",
        "每位同学至少捐两元",
        "最低一元",
        "10元起",
        "五十元以上的发证书",
        "建议捐10元",
        "请献出 5 元早餐钱",
        "人均八元",
        "捐款目标一万元",
        "我们的目标是10000元",
        "人人参与，个个捐款",
        "全员参与",
        "党员必须捐款",
        "各班捐款情况排名公布",
        "张榜公布捐款名单",
        "不设上限，不得低于5元",
    ],
)
def test_what_measures_those_who_give_is_recognised(words):
    assert rules.presses(words)


@pytest.mark.parametrize(
    "words",
    [
        "一份心意，一路同行",
        "愿意的同学，献一份心意。",
        "不设最低金额，不定任务和指标，捐不捐、捐多少由自己决定。",
        "不布置数额，不公布名单",
        "一个都不能少",
        "我们的目标是让每个同学安心上学",
        "八岁以上的同学",
        "去年的善款买了三十套课桌，用了 6000 元",
        "10·17 爱心捐款",
        "班干部学习倡议书，负责登记人数",
    ],
)
def test_what_leaves_it_to_each_is_not(words):
    assert not rules.presses(words)


def test_a_code_to_pay_with_is_recognised_and_a_charity_is_not():
    for words in ("扫码捐款", "收款 二维码", "HTTPS://qr.alipay.com/fkx1", "wxp://f2f0", "班主任微信转账"):
        assert rules.pays_by_code(words)
    for words in ("县教育基金会", "支付宝公益平台", "微信公众号有全文", "县财政专户"):
        assert not rules.pays_by_code(words)


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.none() | st.integers(0, 10**7))
def test_in_the_bag_lies_what_both_counted_or_what_they_agree_on(first, second, agreed):
    assert rules.in_the_bag(first, second, agreed) == (first if first == second else agreed)
