"""Classes by hand: names that can be read, no class twice, lessons of this term."""

import pytest

from tongxing.ground.access.staff import edit_staff
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.actions import add_staff
from tongxing.ground.people.class_actions import add_classes, rename_class, stop_teaching, teach
from tongxing.ground.people.models import SchoolClass, Teaching


def add(cast, *names, by="coordinator"):
    return add_classes(cast.actor(by), year=cast.year, names=names)


def test_classes_are_added_by_their_names_and_know_grade_and_number(cast):
    made = add(cast, "初二(1)班", " 八年级2班 ", "")
    assert [(one.name, one.grade, one.number) for one in made] == [("初二(1)班", 8, 1), ("八年级2班", 8, 2)]


@pytest.mark.parametrize(
    "names", [("七年级1班",), ("初三(1)班", "初三一班"), ("火箭班",), ("初三班",), ("", " ")]
)
def test_a_class_twice_or_without_grade_and_number_is_refused_and_none_is_made(cast, names):
    with pytest.raises(Refused) as refusal:
        add(cast, "初三(9)班", *names) if any(names) and names != ("", " ") else add(cast, *names)
    assert refusal.value.field == "names"
    assert SchoolClass.objects.filter(year=cast.year).count() == 2


def test_a_class_is_renamed_within_its_grade(cast):
    rename_class(cast.actor("coordinator"), school_class=cast.class_one, name="初一(3)班")
    cast.class_one.refresh_from_db()
    assert (cast.class_one.name, cast.class_one.number) == ("初一(3)班", 3)
    for name in ("初二(3)班", "初一(2)班", "好班"):
        with pytest.raises(Refused):
            rename_class(cast.actor("coordinator"), school_class=cast.class_one, name=name)


def test_lessons_are_noted_once_and_taken_off_again(cast):
    chosen = {"term": cast.term, "school_class": cast.class_one, "subject": "数学"}
    for _time in range(2):
        lesson = teach(cast.actor("head"), staff=cast.staff["helper"], **chosen)
    assert Teaching.objects.count() == 1
    with pytest.raises(Refused):
        teach(cast.actor("head"), staff=cast.staff["outsider"], **chosen)
    stop_teaching(cast.actor("head"), teaching=lesson)
    assert not Teaching.objects.exists()


@pytest.mark.parametrize("by", ["class_teacher", "deputy", "outsider"])
def test_only_who_manages_settings_changes_classes_and_lessons(cast, by):
    with pytest.raises(NotAllowed):
        add(cast, "初二(1)班", by=by)
    with pytest.raises(NotAllowed):
        rename_class(cast.actor(by), school_class=cast.class_one, name="初一(3)班")


def test_a_colleagues_name_is_corrected_everywhere_and_a_taken_number_is_refused(cast):
    staff = cast.staff["helper"]
    edit_staff(cast.actor("coordinator"), staff=staff, name="林澜", code="T7", village="柳溪村")
    staff.user.refresh_from_db()
    assert (staff.user.name, staff.initials, staff.village) == ("林澜", "ll", "柳溪村")
    add_staff(cast.actor("head"), school=cast.school, code="T8", name="苗青")
    with pytest.raises(Refused) as refusal:
        edit_staff(cast.actor("coordinator"), staff=staff, name="林澜", code="T8")
    assert refusal.value.field == "code"
    with pytest.raises(NotAllowed):
        edit_staff(cast.actor("outsider"), staff=staff, name="林澜", code="T9")


def test_nobody_corrects_a_colleague_above_the_own_rank(cast):
    for above in ("head", "deputy", "system_admin"):
        with pytest.raises(Refused):
            edit_staff(cast.actor("coordinator"), staff=cast.staff[above], name="改了", code="T9")
    assert cast.users["head"].name == "顾言"
    edit_staff(cast.actor("head"), staff=cast.staff["deputy"], name="裴清", code="T9")
    edit_staff(cast.actor("coordinator"), staff=cast.staff["coordinator"], name="石垒", code="T10")
