import pytest

from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolClass, Student
from tongxing.ground.people.search import class_names, find_students, plain


@pytest.fixture
def school(cast):
    cast.add_student("欧阳若水", cast.class_one, pinyin="ouyangruoshui", initials="oyrs")
    cast.add_student("周洋", cast.class_two, pinyin="zhouyang", initials="zy")
    cast.add_student("艾力·买买提", cast.class_two, pinyin="ailimaimaiti", initials="almmt")
    return cast


def found(cast, text, role="head"):
    classes = SchoolClass.objects.filter(school=cast.school)
    students = Student.objects.visible_to(cast.actor(role))
    return set(
        find_students(students, text, classes=classes, on=clock.today()).values_list("name", flat=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        "欧阳",
        "若水",
        "欧阳若水",
        "欧 阳",
        "ouyang",
        "OuYang",
        "ou yang",
        "oy",
        "OYRS",
        " oyr ",
        "ｏｙ",
        "ruoshui",
    ],
)
def test_a_student_is_found_by_name_pinyin_or_initials(school, text):
    assert found(school, text) == {"欧阳若水"}


@pytest.mark.parametrize("text", ["艾力·买买提", "艾力买买提", "买买提", "艾力 买买提", "ailimai"])
def test_a_name_with_a_dot_is_found_without_it(school, text):
    assert found(school, text) == {"艾力·买买提"}


@pytest.mark.parametrize("text", ["lv", "lü", "LÜ", "lyu", "lv yi", "吕", "𬀪"])
def test_umlauts_and_rare_signs_are_found_as_people_type_them(school, text):
    cast = school
    cast.add_student("吕𬀪", cast.class_two, pinyin="lvyi", initials="ly")
    assert found(cast, text) == {"吕𬀪"}


@pytest.mark.parametrize(
    "text", ["初一(2)班", "初一（2）班", "初一2班", "初一2", "初一二班", "七年级2班", "702", "七2班"]
)
def test_a_class_is_found_however_it_is_written(school, text):
    assert found(school, text) == {"苏苗苗", "周洋", "艾力·买买提"}


def test_a_grade_finds_all_its_classes_and_words_narrow_it(school):
    assert len(found(school, "初一")) == 6
    assert found(school, "初一1班 z") == {"周晓禾"}
    assert found(school, "初一2班 oy") == set()


def test_nobody_is_found_outside_ones_rights(school):
    assert found(school, "欧阳", "helper") == set()
    assert found(school, "何一帆") == set()
    assert found(school, "初一", "helper") == {"周晓禾"}


def test_signs_of_a_search_pattern_mean_themselves(school):
    assert found(school, "%") == found(school, "_") == set()


@pytest.mark.parametrize("grade", range(1, 13))
def test_every_grade_has_its_names(grade):
    names = class_names(SchoolClass(grade=grade, number=11, name=f"{grade} (11)"))
    assert f"{grade}11" in names and all(name == plain(name) for name in names)
