import datetime
import io
import zipfile

import openpyxl
import pytest
from PIL import Image

from tongxing.ground.access.models import Grant
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.id_numbers import check_digit
from tongxing.ground.people.models import Circumstance, Student
from tongxing.ground.people.student_actions import edit_student
from tongxing.paper.exchange.export import change_profile, make_sheet, offered
from tongxing.paper.exchange.export_profile import built_in, read_export_profile
from tongxing.paper.exchange.models import SchoolExportProfile, SheetMade
from tongxing.paper.exchange.sheets_made import TILE, approvers, destroy, not_destroyed

DAY = datetime.timedelta(days=1)
ROSTER, HARDSHIP = "xueji-students", "zizhu-hardship"
ID = "32010620130704123" + check_digit("32010620130704123")
OWN = 'name = "自己的表"\ncolumns = [{ heading = "孩子", field = "name" }, { heading = "=A1" }]'


@pytest.fixture
def make(cast):
    def make(code=ROSTER, role="coordinator", purpose="核对学籍", **only) -> list[dict[str, str]]:
        agreed = {"approved_by": cast.users["head" if role != "head" else "coordinator"]}
        file = make_sheet(cast.actor(role), school=cast.school, code=code, purpose=purpose, **agreed | only)
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.iter_rows(values_only=True))
        return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]

    return make


def test_the_roster_leaves_in_the_columns_of_the_profile_with_numbers_as_text(cast, make):
    facts = {"id_number": ID, "national_code": "G" + ID, "boarding": True, "sex": "male"}
    edit_student(cast.actor("coordinator"), student=cast.students.normal, facts=facts)
    rows = {row["姓名"]: row for row in make(with_contact=True)}
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


def test_a_sheet_names_who_made_it_and_what_for_and_no_child(cast, make):
    with pytest.raises(Refused):
        make(purpose=" ")
    make()
    row = AuditEntry.objects.get(action="export.make")
    assert (row.purpose, row.detail) == ("核对学籍", {
        "profile": ROSTER, "students": 3, "class": None, "contact": False, "approved_by": cast.users["head"].pk,
    })  # fmt: skip


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
    file = make_sheet(
        cast.actor("head"), school=cast.school, code=ROSTER, purpose="核对学籍", with_contact=True,
        approved_by=cast.users["coordinator"],
    )  # fmt: skip
    batch = hand_in(file)
    assert [(one["kind"], one["new"], one["wrong"]) for one in batch.counts] == [("students", 0, 0)]


def test_phones_and_addresses_stay_open_unless_they_are_asked_for(make):
    rows = {row["姓名"]: row for row in make()}
    assert rows["周晓禾"]["联系电话"] is None and rows["周晓禾"]["成员1联系电话"] is None
    assert rows["周晓禾"]["成员1关系"] == "奶奶"


@pytest.mark.parametrize("who", ["coordinator", "helper", "outsider", None])
def test_a_sheet_needs_a_second_person_who_may_make_such_sheets(cast, make, who):
    with pytest.raises(Refused) as refused:
        make(approved_by=cast.users[who] if who else None)
    assert refused.value.field == "approved_by"
    assert not SheetMade.objects.exists()


def test_where_nobody_else_may_the_maker_agrees_alone(cast):
    Grant.objects.filter(user=cast.users["coordinator"]).update(ends_on=clock.today() - DAY)
    assert approvers(cast.actor("head"), cast.school) == [cast.users["head"]]


def test_the_second_person_is_told_and_no_child_is_named(cast, make):
    make()
    message = Message.objects.get(to=cast.users["head"], code="export")
    assert "周晓禾" not in message.subject


def test_the_sheet_is_marked_with_name_purpose_and_last_day_and_no_cell_says_so(cast):
    file = make_sheet(
        cast.actor("coordinator"), school=cast.school, code=ROSTER, purpose="核对学籍", approved_by=cast.users["head"],
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(file))
    mark = book.active.oddFooter.left.text
    last = f"{clock.today() + 30 * DAY:%Y-%m-%d}"
    assert cast.users["coordinator"].name in mark and "核对学籍" in mark and last in mark
    assert book.properties.description == mark
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        pictures = [name for name in packed.namelist() if name.endswith(".png")]
        assert Image.open(io.BytesIO(packed.read(pictures[0]))).size == TILE
    cells = [str(cell.value) for row in book.active.iter_rows() for cell in row]
    assert not any("核对学籍" in cell for cell in cells)


@pytest.mark.parametrize("days", [-1, 181])
def test_the_last_day_lies_within_half_a_year(make, days):
    with pytest.raises(Refused) as refused:
        make(use_until=clock.today() + days * DAY)
    assert refused.value.field == "use_until"


def test_a_sheet_stays_on_the_list_until_it_is_deleted_and_that_is_undone_for_a_moment(cast, make):
    make()
    made, coordinator = SheetMade.objects.get(), cast.actor("coordinator")
    for role in ("helper", "outsider"):
        with pytest.raises(NotAllowed):
            destroy(cast.actor(role), made=made)
    destroy(coordinator, made=made)
    made.refresh_from_db()
    assert made.destroyed_by == cast.users["coordinator"]
    not_destroyed(coordinator, made=made)
    made.refresh_from_db()
    assert made.destroyed_at is None
