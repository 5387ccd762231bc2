"""What the statutory forms and the child's file ask besides, taken over from sheets and taken back."""

import pytest

from tongxing.care.profiles.actions import note_trait
from tongxing.care.profiles.models import Trait
from tongxing.care.profiles.queries import traits_of
from tongxing.care.safety.models import RiskFlag
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.kernel.encryption import unseal
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.models import Guardian, Student
from tongxing.paper.exchange import values
from tongxing.paper.exchange.actions import commit
from tongxing.paper.exchange.undo import undo

from .files import xlsx

HEADINGS = (
    *(
        "学号",
        "姓名",
        "班级",
        "证件类型",
        "班内学号",
        "上下学距离（公里）",
        "监护类型",
        "户口所在地",
        "健康状况",
    ),
    *(
        "经济来源",
        "政府救助",
        "兴趣爱好",
        "特长",
        "健康提醒",
        "监护人1姓名",
        "监护人1关系",
        "监护人1工作单位",
    ),
)
WEN = (
    *("20260301", "温小满", "初一（3）班", "居民身份证", "07", "2.5", "祖父母", "云南省某县某镇某村", "哮喘"),
    *("父亲务工", "临时救助", "看书、打球", "剪纸", "花生过敏", "温守田", "爷爷", "砖厂"),
)
KEY = ("S0001", "周晓禾", "初一(1)班", *([""] * 8), "看书;画画", "", "", "", "", "")


def taken_over(cast, hand_in, *rows):
    batch = hand_in(xlsx((HEADINGS, *rows)))
    assert batch.problems == []
    return commit(cast.actor("coordinator"), batch=batch)


def test_a_sheet_brings_the_statutory_fields_sealed_where_they_name_a_place_or_health(cast, hand_in):
    taken_over(cast, hand_in, WEN)
    wen = Student.objects.select_related("key").get(code="20260301")
    told = (wen.id_kind, wen.seat_number, wen.distance_m, wen.guardianship)
    assert told == ("id_card", "07", 2500, "grandparents")
    opened = {name: unseal(wen.key, getattr(wen, f"{name}_sealed"), SEALED[name]) for name in SEALED}
    assert (opened["household"], opened["health"]) == ("云南省某县某镇某村", "哮喘")
    assert (opened["income"], opened["aid"]) == ("父亲务工", "临时救助")
    assert (wen.household_masked, wen.health_masked) == ("云南省某县某***", "***")
    assert Guardian.objects.get(student=wen).workplace == "砖厂"


def test_a_sheet_brings_what_a_child_likes_and_the_same_sheet_twice_changes_nothing(cast, hand_in):
    note_trait(SYSTEM, student=cast.students.key, kind="interest", words="看书", client_id="0" * 32)
    taken_over(cast, hand_in, WEN, KEY)
    wen = Student.objects.select_related("key").get(code="20260301")
    known = traits_of(cast.actor("head"), wen)
    assert [[one.words for one in some] for some in known.values()] == [
        ["看书", "打球"],
        ["剪纸"],
        ["花生过敏"],
    ]
    assert Trait.objects.filter(student=cast.students.key).count() == 2  # 看书 was there
    again = hand_in(xlsx((HEADINGS, WEN, KEY)))
    assert [(one["new"], one["changed"], one["same"]) for one in again.counts] == [(0, 0, 2)]


def test_an_import_is_taken_back_with_its_traits(cast, hand_in):
    batch = taken_over(cast, hand_in, WEN, KEY)
    undo(cast.actor("coordinator"), batch=batch)
    assert not Student.objects.filter(code="20260301").exists() and not Trait.objects.exists()


def test_words_of_danger_in_a_sheet_call_for_somebody_today(cast, hand_in):
    cells = list(KEY)
    cells[HEADINGS.index("健康提醒")] = "说过不想活了"
    taken_over(cast, hand_in, tuple(cells))
    assert RiskFlag.objects.filter(student=cast.students.key).exists()


def test_guardians_bring_where_they_work_and_whether_they_can_read(cast, hand_in):
    heads = ("学号", "监护人姓名", "关系", "工作单位", "是否识字")
    batch = hand_in(xlsx((heads, ("S0001", "周桂兰", "奶奶", "务农", "否"))))
    commit(cast.actor("coordinator"), batch=batch)
    grandma = Guardian.objects.get(name="周桂兰")
    assert (grandma.workplace, grandma.reads) == ("务农", False)


def test_what_cannot_be_read_is_named_and_what_is_secret_is_not_repeated(cast, hand_in):
    cells = list(WEN)
    cells[HEADINGS.index("证件类型")], cells[HEADINGS.index("上下学距离（公里）")] = "图书证", "很远"
    cells[HEADINGS.index("健康状况")] = "病" * 101
    batch = hand_in(xlsx((HEADINGS, tuple(cells))))
    assert {(one["heading"], one["value"]) for one in batch.problems} == {
        ("证件类型", "图书证"),
        ("上下学距离（公里）", "很远"),
        ("健康状况", "***"),
    }


@pytest.mark.parametrize(
    ("text", "metres"),
    [("2.5", 2500), ("2.5公里", 2500), ("800米", 800), ("1 km", 1000), ("0", 0), ("12.345", 12345)],
)
def test_distances_are_read_as_schools_write_them(text, metres):
    assert values.distance(text) == metres


@pytest.mark.parametrize("text", ["很远", "-1", "501", "1e9", "2.5里"])
def test_what_is_no_distance_is_refused(text):
    with pytest.raises(values.NotUnderstood):
        values.distance(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [("祖父母", "grandparents"), ("外婆", "grandparents"), ("父母双方", "parents"), ("单亲", "one_parent"),
     ("在家的父亲或母亲", "one_parent"), ("亲戚", "relatives"), ("父母委托的人", "entrusted"), ("目前无人监护", "nobody")],
)  # fmt: skip
def test_kinds_of_guardianship_are_read_as_forms_and_our_own_sheets_write_them(text, code):
    assert values.guardianship(text) == code
