import datetime

import pytest

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.ground.people.models import Student
from tongxing.ground.records.models import Score
from tongxing.paper.exchange import saved_profiles
from tongxing.paper.exchange.actions import commit, opened
from tongxing.paper.exchange.by_hand import Mended, choose_columns, correct
from tongxing.paper.exchange.columns import choice, letter
from tongxing.paper.exchange.mapping import Mapping
from tongxing.paper.exchange.models import ImportBatch, ImportProfile
from tongxing.paper.exchange.rows import rows_to_mend, words_to_explain

from .files import HEADINGS, WEN, xlsx

STRANGE = (
    ("甲", "乙", "丙", "丁"),
    ("20260301", "温小满", "F", "初一(3)班"),
    ("20260302", "温大满", "M", "初一(3)班"),
)
COLUMNS = {"code": 0, "name": 1, "sex": 2, "class_name": 3}


@pytest.fixture
def strange(cast, hand_in) -> ImportBatch:
    """A sheet whose headings nobody knows, read as a roster by hand."""
    batch = hand_in(xlsx(STRANGE))
    choose(cast, batch, Mapping("students", 0, COLUMNS), "学籍导出")
    batch.refresh_from_db()
    return batch


def choose(cast, batch, mapping, name="", role="coordinator", **more) -> None:
    choose_columns(cast.actor(role), batch=batch, place=0, mapping=mapping, profile_name=name, **more)
    batch.refresh_from_db()


def mend(cast, batch, mended, role="coordinator") -> None:
    correct(cast.actor(role), batch=batch, mended={0: mended})
    batch.refresh_from_db()


def test_a_sheet_with_unknown_headings_is_read_as_a_person_says(cast, hand_in):
    batch = hand_in(xlsx(STRANGE))
    assert (batch.counts, batch.files[0]["tables"][0]["kind"]) == ([], "")
    choose(cast, batch, Mapping("students", 0, COLUMNS))
    assert [(one["kind"], one["new"]) for one in batch.counts] == [("students", 2)]
    commit(cast.actor("coordinator"), batch=batch)
    assert Student.objects.get(code="20260301").sex == "female"


def test_what_a_kind_of_sheet_still_lacks_is_said_in_words(cast, hand_in, english):
    batch = hand_in(xlsx(STRANGE))
    with pytest.raises(Refused, match="Still lacking: Class or Class code or Sex|Still lacking"):
        choose(cast, batch, Mapping("students", 0, {"name": 1}))
    with pytest.raises(Refused, match="one column per subject"):
        choose(cast, batch, Mapping("wide_scores", 0, {"name": 1}))
    assert choice(opened(batch)[1], 0, "guardians", 0).lacking


def test_a_choice_with_a_name_is_used_when_the_same_headings_come_again(cast, strange, hand_in):
    again = hand_in(xlsx((("高一名册",), *STRANGE)))
    assert [(one["kind"], one["new"]) for one in again.counts] == [("students", 2)]
    assert again.files[0]["tables"][0]["profile"] == "学籍导出"
    other = hand_in(xlsx((("甲", "乙", "丙"), *STRANGE[1:])))
    assert other.counts == []


def test_without_a_name_nothing_is_remembered(cast, hand_in):
    choose(cast, hand_in(xlsx(STRANGE)), Mapping("students", 0, COLUMNS))
    assert hand_in(xlsx(STRANGE)).counts == []


def test_a_profile_belongs_to_its_school_and_can_be_forgotten(cast, strange, hand_in):
    profile = ImportProfile.objects.get()
    assert profile.headings == list(STRANGE[0])
    assert not ImportProfile.objects.visible_to(cast.actor("outsider")).exists()
    with pytest.raises(NotAllowed):
        saved_profiles.forget(cast.actor("class_teacher"), profile=profile)
    saved_profiles.forget(cast.actor("coordinator"), profile=profile)
    assert hand_in(xlsx(STRANGE)).counts == []
    rows = AuditEntry.objects.filter(action__in=["import.profile", "import.forget-profile"])
    assert rows.count() == 2


def test_a_name_that_other_sheets_have_is_refused(cast, strange, hand_in, english):
    other = hand_in(xlsx((("天", "地"), ("温小满", "女"))))
    with pytest.raises(Refused, match="Other sheets"):
        choose(cast, other, Mapping("students", 0, {"name": 0, "sex": 1}), "学籍导出")


def test_a_sheet_without_headings_is_read_from_its_first_row(cast, hand_in, english):
    batch = hand_in(xlsx(STRANGE[1:]))
    choose(cast, batch, Mapping("students", -1, COLUMNS))
    assert [one["new"] for one in batch.counts] == [2]
    with pytest.raises(Refused, match="Without headings"):
        choose(cast, batch, Mapping("students", -1, COLUMNS), "没有表头")


def test_a_sheet_may_be_left_aside(cast, hand_in):
    batch = hand_in(xlsx((HEADINGS, WEN)))
    choose(cast, batch, Mapping("", 0))
    assert (batch.counts, batch.can_be_taken_over) == ([], False)


def test_columns_of_subjects_and_the_day_of_the_exam_are_chosen_by_hand(cast, hand_in):
    batch = hand_in(xlsx((("甲", "乙"), ("周晓禾", "91"))))
    mapping = Mapping("wide_scores", 0, {"name": 0}, {"书法": 1})
    choose(cast, batch, mapping, exam=("期中考试", datetime.date(2026, 11, 12)))
    commit(cast.actor("coordinator"), batch=batch)
    assert (Score.objects.get().subject, Score.objects.get().points) == ("书法", 91)


def test_examples_never_spell_out_phones_or_id_numbers(hand_in):
    shown = choice(opened(hand_in(xlsx((HEADINGS, WEN))))[1], 0, None, None)
    samples = {column.field: column.samples for column in shown.columns}
    assert samples["guardian1_phone"] == ("13***",)
    assert (shown.mapping.kind, letter(0), letter(27)) == ("students", "A", "AB")


WRONG = (
    HEADINGS,
    WEN,
    ("2", "温大满", "??", "初一(3)班"),
    ("3", "方晓", "??", "初一(3)班"),
    ("4", "方远", "男", "飞行班"),
)


def test_corrected_cells_are_kept_beside_the_originals_and_checked_again(cast, hand_in):
    batch = hand_in(xlsx(WRONG))
    assert batch.problem_count == 3
    mend(cast, batch, Mended({4: {"class_name": "初一(2)班"}, 2: {"sex": "男"}, 3: {"sex": "女"}}))
    assert batch.problem_count == 0
    assert opened(batch)[1].sheets[0].rows[4][3] == "飞行班"
    commit(cast.actor("coordinator"), batch=batch)
    assert Student.objects.get(code="3").sex == "female"


def test_one_word_may_be_explained_for_all_its_rows_and_is_remembered(cast, hand_in):
    rows = (("甲", "乙", "丙"), ("温小满", "M", "初一(3)班"), ("温大满", "M", "初一(3)班"))
    batch = hand_in(xlsx(rows))
    choose(cast, batch, Mapping("students", 0, {"name": 0, "sex": 1, "class_name": 2}), "名册")
    words = words_to_explain(batch.problems)
    assert [(one.code, one.written, one.rows) for one in words] == []
    assert batch.problem_count == 0  # M is understood; another word is not
    batch = hand_in(xlsx((rows[0], ("温小满", "XY", "初一(3)班"), ("温大满", "XY", "初一(3)班"))))
    assert [(one.code, one.written, one.rows) for one in words_to_explain(batch.problems)] == [
        ("sex", "XY", 2)
    ]
    mend(cast, batch, Mended(words={"sex": {"XY": "男"}, "name": {"温小满": "别人"}}))
    assert batch.problem_count == 0
    assert ImportProfile.objects.get().words == {"sex": {"XY": "男"}}
    assert hand_in(xlsx((rows[0], ("温三满", "XY", "初一(3)班")))).problem_count == 0


def test_a_row_may_be_left_out_and_taken_back_in(cast, hand_in):
    batch = hand_in(xlsx(WRONG))
    mend(cast, batch, Mended(left_out=[2, 3, 4], shown=[2, 3, 4]))
    assert [(one["new"], one["left_out"], one["wrong"]) for one in batch.counts] == [(1, 3, 0)]
    mend(cast, batch, Mended(left_out=[3], shown=[2, 3]))
    assert [(one["left_out"], one["wrong"]) for one in batch.counts] == [(2, 1)]


def test_nothing_is_taken_over_while_one_row_is_still_wrong(cast, hand_in, english):
    batch = hand_in(xlsx(WRONG))
    mend(cast, batch, Mended({2: {"sex": "男"}}))
    with pytest.raises(Refused, match="rows to correct"):
        commit(cast.actor("coordinator"), batch=batch)
    assert not Student.objects.filter(code="20260301").exists()


def test_a_field_without_a_column_can_be_filled_in(cast, hand_in):
    for name in ("孟宇航", "孟宇航"):
        cast.add_student(name, cast.class_two)
    marks = (("姓名", "班级", "数学"), ("孟宇航", "初一(2)班", "88"))
    batch = hand_in(xlsx(marks), held_on=datetime.date(2026, 11, 12))
    row = rows_to_mend(opened(batch)[1], batch.problems)[0]
    assert (row.who, [cell.code for cell in row.wrong]) == ("孟宇航", ["name"])
    mend(cast, batch, Mended({1: {"code": "S0002"}}))
    assert batch.problem_count == 0
    commit(cast.actor("coordinator"), batch=batch)
    assert Score.objects.get().student == cast.students.normal


def test_a_page_that_is_out_of_date_never_overwrites_what_a_colleague_corrected(
    cast, hand_in, monkeypatch, english
):
    from tongxing.paper.exchange import by_hand

    batch = hand_in(xlsx(WRONG))
    look_again = by_hand.look_again

    def meanwhile(*args, **kwargs):
        monkeypatch.setattr(by_hand, "look_again", look_again)
        correct(cast.actor("head"), batch=batch, mended={0: Mended({2: {"sex": "女"}})})
        look_again(*args, **kwargs)

    monkeypatch.setattr(by_hand, "look_again", meanwhile)
    with pytest.raises(Refused, match="Somebody else"):
        mend(cast, batch, Mended({2: {"sex": "男"}}))


def test_only_who_may_import_chooses_or_corrects(cast, hand_in):
    batch = hand_in(xlsx(WRONG))
    for role in ("helper", "class_teacher", "deputy", "outsider"):
        with pytest.raises(NotAllowed):
            choose(cast, batch, Mapping("", 0), role=role)
        with pytest.raises(NotAllowed):
            mend(cast, batch, Mended(), role=role)
