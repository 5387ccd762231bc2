"""A school's own Word files: what may be kept, what is filled, and that nothing in them acts."""

import io
import zipfile
from uuid import uuid4

import docx
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.architecture.papers_examples import template_file

from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.models import AuditEntry
from tongxing.paper.documents import template_check, templates
from tongxing.paper.documents.template_check import check
from tongxing.paper.documents.template_fields import names_for
from tongxing.paper.documents.template_fill import fill, placeholders
from tongxing.paper.documents.templates import Handed

ONE = template_file("{{姓名}}同学的家长：", "{{ 学校 }}，{{班级}}，电话{{监护人1电话}}。")
CLASS = template_file("{{学校}}{{班级}}名单（{{人数}}人）", row=("{{序号}}", "{{姓名}}", "{{帮扶人}}"))
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def texts(file):
    word = docx.Document(io.BytesIO(file))
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    return [line.text for line in word.paragraphs], cells


def with_part(content, name, part, *, drop=()):
    """The file with one part more or another."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            if one != name and one not in drop:
                new.writestr(one, old.read(one))
        new.writestr(name, part)
    return target.getvalue()


def changed(content, name, before, after):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        part = packed.read(name).decode()
    assert before in part
    return with_part(content, name, part.replace(before, after))


def with_field(instruction):
    runs = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        + "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instruction)
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return changed(ONE, "word/document.xml", "</w:p>", runs + "</w:p>")


def external(target):
    rel = (
        '<Relationship Id="rId99" TargetMode="External" Target="' + target + '" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/></Relationships>'
    )
    return changed(ONE, "word/_rels/document.xml.rels", "</Relationships>", rel)


def bomb():
    return with_part(ONE, "word/media/a.png", b"\x00" * (template_check.LARGEST_INFLATED + 1))


DANGEROUS = {
    "empty": b"",
    "no zip": b"PK but not really",
    "an old doc": b"\xd0\xcf\x11\xe0" + b"\x00" * 600,
    "a spreadsheet": with_part(ONE, "xl/workbook.xml", "<a/>", drop=("word/document.xml",)),
    "a macro": with_part(ONE, "word/vbaProject.bin", b"\x00"),
    "macros by its kind": changed(
        ONE, "[Content_Types].xml", "wordprocessingml.document.main+xml", "wordprocessingml.document.macroEnabled.main+xml"
    ),
    "an embedded file": with_part(ONE, "word/embeddings/a.xlsx", b"PK"),
    "a program": with_part(ONE, "word/activeX/activeX1.bin", b"\x00"),
    "a link to outside": external("http://example.com/x.dotm"),
    "a path on a server": external("file:////10.0.0.1/share/x.dotm"),
    "a field that fetches": with_field(["INCLUDEPICTURE", ' "http://example.com/a.png"']),
    "a field that starts something": with_field(["DD", "EAUTO", " cmd"]),
    "a field in lower case": with_field([" ddeauto cmd"]),
    "entities": with_part(ONE, "word/document.xml", f'<!DOCTYPE a [<!ENTITY b "c">]><w:document {W}>&b;</w:document>'),
    "another encoding": with_part(ONE, "word/document.xml", f"<w:document {W}/>".encode("utf-16")),
    "a broken part": with_part(ONE, "word/document.xml", f"<w:document {W}>"),
    "a way out of the folder": with_part(ONE, "../../etc/a.xml", "<a/>"),
    "a zip bomb": bomb(),
    "too many parts": None,
}  # fmt: skip


@pytest.mark.parametrize("what", DANGEROUS)
def test_what_acts_or_is_no_word_file_is_refused_in_words(what):
    content = DANGEROUS[what]
    if content is None:
        target = io.BytesIO(ONE)
        with zipfile.ZipFile(target, "a") as packed:
            for number in range(template_check.MOST_PARTS):
                packed.writestr(f"customXml/more{number}.xml", "<a/>")
        content = target.getvalue()
    with pytest.raises(Refused) as refused:
        check(content)
    assert refused.value.field == "file" and len(refused.value.message) > 6


def test_a_file_over_its_size_is_refused_before_it_is_opened():
    with pytest.raises(Refused, match="3 MB"):
        check(b"x" * (template_check.LARGEST + 1))


def test_a_plain_file_with_page_numbers_passes():
    check(ONE)
    check(with_field([" PAGE "]))


@given(st.binary(max_size=400))
@settings(max_examples=40, deadline=None)
def test_no_bytes_get_past_the_check_in_any_other_way_than_refused(content):
    with pytest.raises(Refused):
        check(content)


@given(st.text(max_size=60), st.lists(st.integers(1, 5), max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_value_is_text_whatever_stands_in_it_and_however_the_placeholder_is_torn(value, cuts):
    word, whole, place = docx.Document(), "甲{{姓名}}乙", 0
    line = word.add_paragraph()
    for cut in (*cuts, len(whole)):
        line.add_run(whole[place : place + cut])
        place += cut
    target = io.BytesIO()
    word.save(target)
    assert placeholders(target.getvalue()) == ["姓名"]
    (text,), _cells = texts(fill(target.getvalue(), {"姓名": value}))
    assert text.startswith("甲") and text.endswith("乙")
    kept = "".join(one for one in " ".join(value.split()) if one.isprintable() or one == " ")
    assert set(kept) <= set(text) | {" "}


def test_headers_and_tables_are_filled_too():
    word = docx.Document()
    word.sections[0].header.paragraphs[0].text = "{{学校}}"
    word.add_table(rows=1, cols=1).cell(0, 0).text = "{{姓名}}"
    target = io.BytesIO()
    word.save(target)
    assert set(placeholders(target.getvalue())) == {"学校", "姓名"}
    filled = docx.Document(io.BytesIO(fill(target.getvalue(), {"学校": "和风镇中心初中", "姓名": "周晓禾"})))
    assert filled.sections[0].header.paragraphs[0].text == "和风镇中心初中"
    assert filled.tables[0].cell(0, 0).text == "周晓禾"


def test_a_row_is_written_once_for_each_student():
    rows = [{"序号": str(n), "姓名": name, "帮扶人": ""} for n, name in enumerate(("甲", "乙", "丙"), 1)]
    lines, cells = texts(fill(CLASS, {"学校": "和中", "班级": "初一(3)班", "人数": "3"}, rows))
    assert lines[0] == "和中初一(3)班名单（3人）"
    assert cells[1:] == [["1", "甲", ""], ["2", "乙", ""], ["3", "丙", ""]]


def hand_in(cast, who="head", name="告家长书", unit="student", content=ONE, client_id=None):
    return templates.hand_in(
        cast.actor(who),
        school=cast.school,
        client_id=client_id or uuid4(),
        handed=Handed(name, unit, content),
    )


def test_unknown_placeholders_are_named(db, cast):
    with pytest.raises(Refused) as refused:
        hand_in(cast, content=template_file("{{姓名}}{{兴趣}}{{爱好}}"))
    assert "{{兴趣}}、{{爱好}}" in refused.value.message and "姓名" not in refused.value.message


def test_a_file_without_placeholders_is_refused(db, cast):
    with pytest.raises(Refused):
        hand_in(cast, content=template_file("家长：您好"))


def test_in_a_file_for_a_class_a_students_fields_stand_in_a_row(db, cast):
    with pytest.raises(Refused, match="{{姓名}}"):
        hand_in(cast, unit="class", content=template_file("{{姓名}}"))
    assert hand_in(cast, unit="class", content=CLASS).placeholders[0] == "学校"


def test_what_belongs_to_a_class_is_unknown_in_a_file_for_one_student(db, cast):
    assert "人数" not in names_for("student")
    with pytest.raises(Refused, match="人数"):
        hand_in(cast, content=template_file("{{人数}}"))


def test_handed_in_twice_it_is_kept_once_and_a_name_stands_once(db, cast):
    client_id = uuid4()
    assert hand_in(cast, client_id=client_id) == hand_in(cast, client_id=client_id)
    with pytest.raises(Refused) as refused:
        hand_in(cast)
    assert refused.value.field == "name"


@pytest.mark.parametrize("who", ["helper", "class_teacher", "outsider"])
def test_only_whoever_makes_documents_hands_templates_in_and_ends_them(db, cast, who):
    with pytest.raises(NotAllowed):
        hand_in(cast, who)
    kept = hand_in(cast)
    with pytest.raises(NotAllowed):
        templates.end_template(cast.actor(who), template=kept, reason="旧了")


def test_the_helper_fills_it_for_the_own_child_masked(promised, cast):
    kept = hand_in(cast)
    file = templates.fill_for_student(cast.actor("helper"), template=kept, student=cast.students.key)
    (first, second), _cells = texts(file)
    assert first == "周晓禾同学的家长：" and "139****1111" in second and cast.school.name in second
    entry = AuditEntry.objects.latest("pk")
    assert entry.action == "template.fill" and "周晓禾" not in str(entry.detail)


def test_in_full_it_takes_a_purpose_and_leaves_it_in_the_trail(promised, cast):
    kept, student = hand_in(cast), cast.students.key
    with pytest.raises(Refused):
        templates.fill_for_student(cast.actor("helper"), template=kept, student=student, full=True)
    file = templates.fill_for_student(
        cast.actor("helper"), template=kept, student=student, full=True, purpose="寄信给家长"
    )
    assert "13900001111" in texts(file)[0][1]
    assert AuditEntry.objects.latest("pk").purpose == "寄信给家长"


def test_nobody_fills_it_for_a_child_they_do_not_accompany(promised, cast):
    kept = hand_in(cast)
    for who in ("other_teacher", "outsider", "finance_maker"):
        with pytest.raises(NotAllowed):
            templates.fill_for_student(cast.actor(who), template=kept, student=cast.students.key)


def test_a_class_is_filled_whole_by_whoever_sees_all_of_it(promised, cast):
    kept = hand_in(cast, unit="class", name="名单", content=CLASS)
    for who in ("head", "class_teacher"):
        file = templates.fill_for_class(
            cast.actor(who), template=kept, school_class=cast.class_one, purpose="家长会"
        )
        _lines, cells = texts(file)
        assert ["周晓禾", "林岚"] in [row[1:] for row in cells]
    with pytest.raises(NotAllowed):
        templates.fill_for_class(
            cast.actor("helper"), template=kept, school_class=cast.class_one, purpose="家长会"
        )


def test_an_ended_template_is_filled_no_more_until_it_is_taken_up_again(promised, cast):
    kept, head = hand_in(cast), cast.actor("head")
    templates.end_template(head, template=kept, reason="换了新的")
    kept.refresh_from_db()
    with pytest.raises(Refused):
        templates.fill_for_student(head, template=kept, student=cast.students.key)
    templates.take_up_again(head, template=kept)
    kept.refresh_from_db()
    assert templates.fill_for_student(head, template=kept, student=cast.students.key)


def test_a_template_of_another_school_is_never_filled(promised, cast):
    foreign = templates.hand_in(
        cast.actor("outsider"),
        school=cast.other_school,
        client_id=uuid4(),
        handed=Handed("信", "student", ONE),
    )
    with pytest.raises(NotAllowed):
        templates.fill_for_student(cast.actor("head"), template=foreign, student=cast.students.key)
