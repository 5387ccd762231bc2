import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongxing.ground.people.class_names import GRADES, means_no_class, parse, risen
from tongxing.ground.people.id_numbers import check_digit, is_id_number, is_national_code, sex
from tongxing.ground.people.pinyin import pinyin


@pytest.mark.parametrize(
    "text",
    [
        "初一(3)班",
        "初一（3）班",
        "初一（０３）班",
        "七年级3班",
        "七年级(3)",
        "703",
        "初一3班",
        "初一三班",
        " 初一 (3) 班",
    ],
)
def test_every_spelling_of_a_class_means_the_same_class(text):
    assert parse(text) == (7, 3, "|7|3|")


def test_two_sites_and_special_courses_keep_their_classes_apart():
    keys = {parse(text).key for text in ("白-高二(01)", "东-高二(01)", "高二(01)", "高二(01)IB")}
    assert len(keys) == 4
    assert parse("白-高二(01)")[:2] == (11, 1)


def test_a_class_number_alone_needs_its_grade():
    assert parse("3班") is None
    assert parse("3班", grade_hint=8) == (8, 3, "|8|3|")


@pytest.mark.parametrize("text", ["", "教导处", "退休"])
def test_what_is_no_class_is_not_guessed(text):
    assert parse(text) is None


def test_not_yet_in_a_class_is_understood():
    assert means_no_class("高一未分班")
    assert not means_no_class("高一(1)班")


@given(st.integers(1, 9), st.integers(1, 29))
def test_number_signs_and_numerals_agree(grade, number):
    signs = "一二三四五六七八九"
    assert parse(f"{signs[grade - 1]}年级({number})班")[:2] == (grade, number)


def test_an_id_number_must_fit_together():
    seventeen = "32010620130704123"
    number = seventeen + check_digit(seventeen)
    assert is_id_number(number)
    assert not is_id_number(seventeen + ("0" if number[-1] != "0" else "1"))
    assert not is_id_number("32010620131304123" + check_digit("32010620131304123"))  # a thirteenth month
    assert sex(number) == "male"


@given(st.text(alphabet="0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_never_fits(digits, place, step):
    wrong = digits[:place] + str((int(digits[place]) + step) % 10) + digits[place + 1 :]
    assert not is_id_number(wrong + check_digit(digits))


@pytest.mark.parametrize(
    ("text", "good"), [("G320106201307041236", True), ("J3201062013070412", True), ("L12", False)]
)
def test_national_student_numbers(text, good):
    assert is_national_code(text) is good


@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("欧阳晓", ("ouyangxiao", "oyx")),
        ("单雨", ("shanyu", "sy")),
        ("单于飞", ("chanyufei", "cyf")),
        ("阿依·古丽", ("ayiguli", "aygl")),
    ],
)
def test_names_sound_as_their_bearers_say_them(name, sound):
    assert pinyin(name) == sound


@pytest.mark.parametrize(
    ("name", "next_name"),
    [
        ("初一(3)班", "初二(3)班"),
        ("初一（３）班", "初二(3)班"),
        ("七年级3班", "八年级3班"),
        ("六年级2班", "七年级2班"),
        ("小五1班", "小六1班"),
        ("初三(2)班", "高一(2)班"),
        ("703", "803"),
        ("912班", "1012班"),
        ("白-高二(01)", "白-高三(01)"),
        ("2024级3班", "2024级3班"),
    ],
)
def test_a_class_is_called_after_the_next_grade_a_year_later(name, next_name):
    assert risen(name) == next_name


@given(st.sampled_from(sorted(GRADES)), st.integers(1, 20))
def test_a_risen_class_is_read_as_the_next_grade_with_the_same_number(grade, number):
    before, after = parse(f"{grade}({number})班"), parse(risen(f"{grade}({number})班"))
    if (
        before.grade < 9
        or grade.startswith("初")
        or "9" in grade
        or "九" in grade
        or grade in {"高一", "高二"}
    ):
        assert (after.grade, after.number) == (before.grade + 1, number)
