import datetime
import io

import openpyxl
import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance, Student
from tongxing.ground.people.student_actions import edit_student
from tongxing.paper.exchange.export import change_profile, make_sheet, offered
from tongxing.paper.exchange.export_profile import built_in, read_export_profile
from tongxing.paper.exchange.models import SchoolExportProfile

ROSTER, HARDSHIP = "xueji-students", "zizhu-hardship"
ID = "32010620130704123" + check_digit("32010620130704123")
OWN = 'name = "自己的表"\ncolumns = [{ heading = "孩子", field = "name" }, { heading = "=A1" }]'


@pytest.fixture
def make(cast):
    def make(code=ROSTER, role="coordinator", purpose="核对学籍", **only) -> list[dict[str, str]]:
        file = make_sheet(cast.actor(role), school=cast.school, code=code, purpose=purpose, **only)
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True))
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    return make


def test_the_roster_leaves_in_the_columns_of_the_profile_with_numbers_as_text(cast, make):
    facts = {"id_number": ID, "national_code": "G" + ID, "boarding": True, "sex": "male"}
    edit_student(cast.actor("coordinator"), student=cast.students.normal, facts=facts)
    rows = {row["姓名"]: row for row in make()}
    meng = rows["孟宇航"]
    assert (meng["身份证件号"], meng["全国学籍号"], meng["出生日期"]) == (ID, "G" + ID, "20130704")
    assert (meng["性别"], meng["就读方式"], meng["班级"], meng["成员1姓名"]) == (
        "男",
        "住校",
        "初一(1)班",
        None,
    )
    assert rows["周晓禾"]["联系电话"] == "13812345678"
    assert (rows["周晓禾"]["成员1关系"], rows["周晓禾"]["成员1联系电话"]) == ("奶奶", "13900001111")
    assert "何一帆" not in rows


def test_what_is_not_known_is_left_open_and_never_said_no(cast, make):
    Circumstance.objects.create(school=cast.school, student=cast.students.key, category="orphan")
    rows = {row["姓名"]: row["是否孤儿"] for row in make()}
    assert rows == {"周晓禾": "是", "孟宇航": None, "苏苗苗": None}


def test_the_aid_sheet_lists_who_has_a_circumstance_of_hardship(cast, make):
    Circumstance.objects.create(school=cast.school, student=cast.students.key, category="minimum_living")
    Circumstance.objects.create(school=cast.school, student=cast.students.plain, category="left_behind")
    rows = make(HARDSHIP, "head")
    assert [(row["姓名"], row["是否低保家庭学生"]) for row in rows] == [("周晓禾", "是")]
    with pytest.raises(Refused):
        make(HARDSHIP, school_class=cast.class_two)


def test_a_sheet_names_who_made_it_and_what_for_and_no_child(make):
    with pytest.raises(Refused):
        make(purpose=" ")
    make()
    row = AuditEntry.objects.get(action="export.make")
    assert (row.purpose, row.detail) == ("核对学籍", {"profile": ROSTER, "students": 3, "class": None})


def test_no_cell_is_a_formula(cast, make):
    Student.objects.filter(pk=cast.students.plain.pk).update(name="=HYPERLINK(1)")
    change_profile(cast.actor("head"), school=cast.school, code=ROSTER, text=OWN)
    rows = make()
    assert "'=HYPERLINK(1)" in {row["孩子"] for row in rows}
    assert "'=A1" in rows[0]


def test_only_who_sees_everything_the_sheet_shows_makes_it(cast, make):
    for role in (
        "class_teacher",
        "helper",
        "deputy",
        "counsellor",
        "finance_maker",
        "system_admin",
        "outsider",
    ):
        with pytest.raises(NotAllowed):
            make(role=role)
        with pytest.raises(NotAllowed):
            change_profile(cast.actor(role), school=cast.school, code=ROSTER, text=OWN)


def test_a_school_keeps_its_own_columns_and_can_go_back(cast):
    head = cast.actor("head")
    change_profile(head, school=cast.school, code=ROSTER, text=OWN)
    assert {one.code: one.profile.name for one in offered(cast.school)}[ROSTER] == "自己的表"
    assert {one.profile.name for one in offered(cast.other_school)}.isdisjoint({"自己的表"})
    change_profile(head, school=cast.school, code=ROSTER, text="")
    assert not SchoolExportProfile.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "columns = 3",
        'name = "x"',
        'name = "x"\ncolumns = [{ field = "name" }]',
        'name = "x"\ncolumns = [{ heading = "x", field = "shoe" }]',
        'name = "x"\nwho = "nobody"\ncolumns = [{ heading = "x" }]',
        "nonsense",
    ],
)
def test_a_profile_that_cannot_be_used_is_refused_in_words(cast, text):
    with pytest.raises(Refused, match="."):
        change_profile(cast.actor("head"), school=cast.school, code=ROSTER, text=text)


def test_every_profile_that_comes_along_is_understood_and_marked_as_unverified():
    profiles = [read_export_profile(text) for text in built_in().values()]
    assert len(profiles) == 4
    assert not any(profile.verified for profile in profiles)


def test_what_leaves_for_the_roster_system_comes_back_without_a_change(cast, make, hand_in):
    day = datetime.date(2013, 7, 4)
    Student.objects.filter(pk=cast.students.plain.pk).update(birth_date=day, birth_year=2013)
    file = make_sheet(cast.actor("head"), school=cast.school, code=ROSTER, purpose="核对学籍")
    batch = hand_in(file)
    assert [(one["kind"], one["new"], one["wrong"]) for one in batch.counts] == [("students", 0, 0)]
