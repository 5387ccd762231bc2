"""What may stand on a notice, and for how long."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.people.id_numbers import check_digit

from .. import rules

DAY = datetime.timedelta(days=1)
MONDAY = datetime.date(2026, 11, 23)
USUAL = (
    "经申请、班级评议、学校评议和认定，现将2026-2027学年家庭经济困难学生认定结果在校内公示，"
    "公示期为2026年11月23日至2026年11月27日。对结果有不同意见，请在公示期内告诉学生处（教学楼二楼）。"
)


def why(text, **more):
    return rules.not_allowed(text, year=2026, **more)


def test_the_usual_words_may_stand():
    assert why(USUAL) == []
    assert why("2026-2027学年家庭经济困难学生认定公示") == []
    assert why("七(1)班 初一（12）班 八年级") == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("身份证 340123201309151234", "number"),
        ("34 0123 2013 0915 123X", "number"),
        ("３４０１２３２０１３０９１５１２３４", "number"),
        ("电话 138-1234-5678", "number"),
        ("卡号 6228 4800 1234 5678 910", "number"),
        ("座机 0555-2345678", "number"),
        ("2013年9月15日", "birth"),
        ("2013-09-15 出生", "birth"),
        ("年满 14 岁", "birth"),
        ("家住柳溪村三组12号", "address"),
        ("和风镇柳溪村三组", "address"),
        ("幸福路 18 号 2 单元", "address"),
        ("低保家庭学生", "category"),
        ("残 疾 学生", "category"),
        ("父亲因病", "reason"),
        ("母亲在外务工", "reason"),
        ("经评议拟每人资助625元", "money"),
        ("每人 1,250.50 元", "money"),
        ("资助六百二十五元整", "money"),
        ("每学期五百多块", "money"),
        ("￥625", "money"),
        ("人民币陆佰元", "money"),
        ("周晓禾爸爸住院", "reason"),
        ("周晓禾爸爸", "relative"),
        ("母亲改嫁", "reason"),
        ("常年服药", "reason"),
        ("做过手 术", "reason"),
        ("慢性病", "reason"),
        ("重残一级", "category"),
        ("父亡母走", "reason"),
        ("家遭水灾", "reason"),
    ],
)
def test_what_is_nobody_elses_business_may_not(text, code):
    assert code in why(USUAL + text)


@pytest.mark.parametrize(
    "words",
    [
        "元旦前后",
        "第一块公告栏",
        "二元一次方程组公开课",
        "依据教财〔2018〕16号文件精神",
        "请家长在一周内告诉学生处",
    ],
)
def test_figures_and_words_of_every_day_are_no_money_and_no_reason(words):
    assert why(USUAL + words) == []


def test_a_child_is_named_in_the_list_and_not_in_the_words():
    assert why("周晓 禾等三人", names={"周晓禾", "苏苗苗"}) == ["name"]
    assert why(USUAL, names={"周晓禾"}) == []


def test_a_level_stands_only_where_the_school_says_so():
    assert why("特别困难 3 人", levels={"特别困难"}) == ["level"]
    assert why("特别困难 3 人") == []


def test_what_the_school_knows_of_the_children_is_found_however_it_is_written():
    known = {"和风镇柳溪新苑", "13812345678", ""}
    assert "known" in why("住在和风镇 柳溪新苑", known=known)
    assert "known" in why("１３８ 1234 5678", known=known)
    assert why(USUAL, known=known) == []


@given(
    st.from_regex(r"[1-9]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|1\d|2[0-8])\d{3}", fullmatch=True),
    st.integers(0, 17),
)
def test_no_id_number_passes_wherever_it_is_cut(seventeen, place):
    number = seventeen + check_digit(seventeen)
    assert "number" in why(USUAL + number[:place] + " " + number[place:])


@given(st.dates(datetime.date(1940, 1, 1), datetime.date(2023, 12, 31)))
def test_no_date_of_birth_passes_in_any_writing(born):
    for words in rules.birth_words(born):
        assert why(f"{USUAL}（{words}）")


days = st.dates(datetime.date(2026, 1, 1), datetime.date(2027, 6, 30))
sets = st.sets(days, max_size=40)


@given(days, st.integers(1, 30), sets, sets)
def test_the_last_day_completes_the_working_days(first, number, off, made_up):
    last = rules.last_day(first, number, off, made_up)
    stood = [first + n * DAY for n in range((last - first).days + 1)]
    assert sum(rules.is_working_day(day, off, made_up) for day in stood) == number
    assert rules.is_working_day(last, off, made_up)


def test_five_working_days_pass_over_a_weekend_and_a_holiday():
    assert rules.last_day(MONDAY, 5) == datetime.date(2026, 11, 27)
    assert rules.last_day(MONDAY + DAY, 5) == datetime.date(2026, 11, 30)
    assert rules.last_day(MONDAY, 5, off={MONDAY + DAY}) == datetime.date(2026, 11, 30)
    assert rules.last_day(MONDAY, 5, off={MONDAY + DAY}, made_up={MONDAY + 5 * DAY}) == datetime.date(
        2026, 11, 28
    )


@pytest.mark.parametrize("number", [0, 31])
def test_a_notice_stands_for_some_working_days(number):
    with pytest.raises(ValueError):
        rules.last_day(MONDAY, number)
