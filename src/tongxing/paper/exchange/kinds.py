"""What can be imported and how schools head their columns: one list for recognition, templates and messages.

`synonyms` hold the headings of the statutory forms, of exports of the national student system and plain English.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tongxing.ground.people.models import Circumstance

#: Subjects that may head a column of a score sheet with one row per student.
SUBJECTS = (
    *("语文", "数学", "英语", "物理", "化学", "生物", "政治", "道德与法治", "思想政治", "思想品德", "历史"),
    *(
        "地理",
        "科学",
        "信息技术",
        "信息科技",
        "通用技术",
        "技术",
        "体育",
        "体育与健康",
        "音乐",
        "美术",
        "艺术",
    ),
    *("劳动", "综合", "文综", "理综", "心理健康", "日语", "俄语"),
)
#: Columns of the student form that say yes or no to a circumstance.
CIRCUMSTANCES = {
    "left_behind": "是否留守儿童 留守儿童 留守 是否留守 leftbehind",
    "single_parent": "是否单亲 单亲家庭 单亲 singleparent",
    "migrant": "是否随迁 随迁子女 随迁 是否随迁子女 是否进城务工人员随迁子女 migrant",
    "orphan": "是否孤儿 孤儿 orphan",
    "disabled": "是否残疾 残疾 残疾学生 是否残疾学生 disabled",
    "minimum_living": "是否低保 低保 低保家庭 minimumliving",
    "lifted_out": "是否脱贫户 脱贫户 脱贫 建档立卡 liftedout",
    "monitored": "防止返贫监测对象 监测户 是否监测户 monitored",
    "extreme_poverty": "是否特困 特困 特困供养 extremepoverty",
}


#: The field of a row that says whose entry it is, and what it says of another child.
SAME, ANOTHER = "same_as", "-"


@dataclass(frozen=True, slots=True)
class Field:
    """`label` heads the column in the template; `most` is the longest text that fits."""

    code: str
    label: Any
    synonyms: tuple[str, ...]
    example: str = ""
    most: int = 60

    def __str__(self) -> str:
        return str(self.label)


@dataclass(frozen=True, slots=True)
class Kind:
    """A sheet is of this kind if each group of `needs` has a column; `must` may not stay empty in a row."""

    code: str
    name: Any
    fields: tuple[Field, ...]
    needs: tuple[frozenset[str], ...]
    must: tuple[str, ...]
    in_template: tuple[str, ...]

    def field(self, code: str) -> Field:
        return next(field for field in self.fields if field.code == code)


def plain(heading: str) -> str:
    """A heading as it is compared: one width, lower case, no blanks, stars, colons or “(required)”."""
    text = unicodedata.normalize("NFKC", heading).lower()
    text = re.sub(r"\((必填|选填|可空|required|optional)\)", "", text)
    return re.sub(r"[\s*:_\-/'\"()]+", "", text)


@cache
def headings(field: Field) -> tuple[str, ...]:
    """What may head the field's column: its label in each of the product's languages, then the synonyms."""
    labels = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            labels.append(str(field.label))
    return tuple(dict.fromkeys(plain(word) for word in (*labels, *field.synonyms, field.code)))


def _f(code: str, label: Any, synonyms: str, example: str = "", most: int = 60) -> Field:
    return Field(code, label, tuple(synonyms.split()), example, most)


def _any(*codes: str) -> frozenset[str]:
    return frozenset(codes)


def _guardian(number: int, words: str, labels: tuple[Any, ...], examples: tuple[str, ...]) -> list[Field]:
    """The columns of the first or second guardian in a student's row."""
    tails = {
        "name": "姓名",
        "relation": "关系 与学生关系",
        "phone": "电话 联系电话 手机 手机号 手机号码",
        "away": "务工地点 务工地",
        "work": "单位 工作单位",
    }
    fields = []
    for (part, endings), label, example in zip(tails.items(), labels, examples, strict=True):
        headings = [word + ending for word in words.split() for ending in endings.split()]
        fields.append(
            Field(f"guardian{number}_{part}", label, (*headings, f"guardian{number}{part}"), example, 30)
        )
    return fields


STUDENT = _f(
    "code",
    _("Student number"),
    "学号 学生学号 学生编号 学生号 学生id 学号id studentid studentno 学籍辅号 编号",
    "20260101",
    40,
)
NAME = _f("name", _("Name"), "姓名 学生姓名 学生 studentname", "周晓禾")
CLASS = _f("class_name", _("Class"), "班级 班级名称 所在班级 行政班 现班级 classname", "初一(3)班", 40)
GRADE = _f("grade", _("Grade"), "年级 年级名称 所在年级", "", 20)
ID_NUMBER = _f(
    "id_number", _("ID number"), "身份证件号 身份证号 身份证号码 证件号码 身份证 公民身份号码 idcard", "", 30
)
TERM = _f("term", _("Term"), "学期 学年学期 semester", "", 40)
SUBJECT = _f("subject", _("Subject"), "学科 科目 任教学科 课程 课程名称", "数学", 30)
SEX = _f("sex", _("Sex"), "性别 gender", "女", 20)
WHO = (STUDENT, NAME, CLASS, GRADE, ID_NUMBER)
FIRST = (
    _("Guardian 1: name"),
    _("Guardian 1: relation"),
    _("Guardian 1: phone"),
    _("Guardian 1: works away in"),
    _("Guardian 1: employer"),
)
SECOND = (
    _("Guardian 2: name"),
    _("Guardian 2: relation"),
    _("Guardian 2: phone"),
    _("Guardian 2: works away in"),
    _("Guardian 2: employer"),
)

STUDENTS = Kind(
    "students",
    _("Students"),
    (
        *WHO,
        SEX,
        _f("birth_date", _("Date of birth"), "出生日期 出生年月日 出生年月 生日 birthdate birthday", "2013-07-04", 30),
        _f("birth_year", _("Year of birth"), "出生年份 出生年", "", 10),
        _f("ethnicity", _("Ethnic group"), "民族 nation", "汉族", 20),
        _f("national_code", _("National student number"), "学籍号 全国学籍号 nationalstudentnumber", "", 30),
        _f("class_code", _("Class code"), "班号 班级编号 班级代码 classid", "", 40),
        TERM,
        _f("enrolled_on", _("Enrolled on"), "入学年月 入学日期 入学时间 enrolledon", "2026-09-01", 30),
        _f("left", _("Left the school"), "离校 是否离校 是否离开 学生状态 学籍状态 在校状态 leftschool", "", 20),
        _f("boarding", _("Boards at school"), "就读方式 是否住校 是否寄宿生 是否住宿 住校 住宿 寄宿 boarding", "走读", 20),
        _f("dormitory", _("Dormitory"), "宿舍 寝室 寝室号 宿舍号", "", 40),
        _f("residence", _("Type of residence"), "户口性质 户籍性质 户口类型", "农村", 20),
        _f("village", _("Village"), "村 村组 所在村 村居", "柳溪村三组"),
        _f("address", _("Address"), "现住址 家庭住址 家庭地址 住址 通信地址 联系地址", "", 200),
        _f("phone", _("Phone"), "电话 联系电话 手机 手机号 手机号码 学生电话", "", 30),
        _f("id_kind", _("Kind of ID document"), "证件类型 身份证件类型", "居民身份证", 30),
        _f("seat_number", _("Number in the class"), "班内学号 班内序号", "", 10),
        _f("distance_m", _("Way to school (km)"), "上下学距离 上下学距离公里 上学距离 离校距离", "2.5", 20),
        _f("guardianship", _("Who looks after the child"), "监护类型 监护情况", "祖父母", 30),
        _f("household", _("Registered residence"), "户口所在地 户籍地 户籍所在地 户籍地址", "", 200),
        _f("health", _("State of health"), "健康状况 身体状况 身体", "健康", 100),
        _f("income", _("What the family lives on"), "经济来源 家庭经济来源", "", 100),
        _f("aid", _("Help from the government"), "政府救助 救助 救助情况", "", 100),
        _f("trait_interest", _("What the child likes"), "爱好 兴趣 兴趣爱好 喜欢什么", "看书、打篮球", 120),
        _f("trait_talent", _("What the child is good at"), "特长 才艺 擅长 兴趣特长", "剪纸", 120),
        _f("trait_health", _("Health to keep in mind at school"), "在校要留意的健康情况 健康提醒 过敏 过敏史", "", 120),
        *_guardian(1, "监护人1 监护人一 成员1 家长1 家长一 第一监护人 监护人 家长", FIRST, ("周桂兰", "奶奶", "13900001111", "", "")),
        *_guardian(2, "监护人2 监护人二 成员2 家长2 家长二 第二监护人", SECOND, ("周建军", "父亲", "13700002222", "昆山", "电子厂")),
        _f(SAME, _("Same child as (student number)"), "", "", 40),
        *(_f(code, Circumstance.Category(code).label, words, "", 20) for code, words in CIRCUMSTANCES.items()),
    ),
    (_any("name"), _any("class_name", "class_code", "sex", "id_number", "national_code", "birth_date")),
    ("name",),
    (
        *("code", "name", "sex", "class_name", "birth_date", "ethnicity", "id_number", "national_code", "enrolled_on"),
        *("boarding", "dormitory", "residence", "village", "address", "phone", "left"),
        *("id_kind", "seat_number", "distance_m", "guardianship", "household", "health", "income", "aid"),
        *("trait_interest", "trait_talent", "trait_health"),
        *(f"guardian{n}_{part}" for n in (1, 2) for part in ("name", "relation", "phone", "away", "work")),
    ),
)  # fmt: skip
GUARDIANS = Kind(
    "guardians",
    _("Guardians"),
    (
        *WHO,
        _f("guardian_name", _("Guardian's name"), "监护人姓名 家长姓名 监护人 家长", "周桂兰"),
        _f("relation", _("Relation"), "关系 与学生关系 监护人关系 家长关系", "奶奶", 20),
        _f("guardian_phone", _("Guardian's phone"), "监护人电话 家长电话 监护人联系电话 家长联系电话 联系电话 电话 手机 手机号 手机号码", "13900001111", 30),
        _f("away_place", _("Works away in"), "务工地点 务工地 外出务工地点", ""),
        _f("best_time", _("Best time to call"), "方便时间 方便联系时间 联系时间", "20:00"),
        _f("lives_with", _("Lives with the student"), "是否同住 同住 共同生活", "是", 10),
        _f("workplace", _("Employer"), "单位 工作单位 监护人单位", ""),
        _f("reads", _("Can read messages"), "能否看文字 是否识字 识字 能看消息", "是", 10),
    ),
    (_any("code", "name", "id_number"), _any("guardian_name"), _any("relation")),
    ("guardian_name", "relation"),
    ("code", "name", "class_name", "guardian_name", "relation", "guardian_phone", "away_place", "best_time", "lives_with", "workplace", "reads"),
)  # fmt: skip
STAFF_CODE = _f(
    "staff_code",
    _("Staff number"),
    "工号 教工号 教职工号 职工号 教师编号 教师工号 教师id staffno staffid",
    "T012",
    40,
)
STAFF = Kind(
    "staff",
    _("Staff"),
    (
        STAFF_CODE,
        _f("name", _("Name"), "姓名 教师姓名 教职工姓名 教师 staffname teachername", "林岚"),
        SEX,
        _f("village", _("Village"), "村 村组 所在村", ""),
    ),
    (_any("name"), _any("staff_code")),
    ("name",),
    ("staff_code", "name", "sex", "village"),
)  # fmt: skip
TEACHING = Kind(
    "teaching",
    _("Teaching"),
    (
        STAFF_CODE,
        _f("name", _("Name"), "教师姓名 任课教师 任课老师 教师 老师 姓名", "林岚"),
        CLASS,
        GRADE,
        _f("class_code", _("Class code"), "班号 班级编号 班级代码 classid", "", 40),
        SUBJECT,
        TERM,
    ),
    (_any("staff_code", "name"), _any("class_name"), _any("subject")),
    ("class_name", "subject"),
    ("staff_code", "name", "class_name", "subject", "term"),
)
ATTENDANCE = Kind(
    "attendance",
    _("Attendance"),
    (
        *WHO,
        _f(
            "at",
            _("Time"),
            "时间 考勤时间 打卡时间 刷卡时间 日期时间 日期 考勤日期 datetime",
            "2026-11-23 07:42",
            40,
        ),
        _f(
            "kind",
            _("What happened"),
            "考勤类型 类型 考勤事件 事件 考勤 考勤情况 出勤情况 情况 event",
            "迟到",
            40,
        ),
        _f("event_code", _("Event code"), "考勤代码 事件代码 任务代码", "", 40),
    ),
    (_any("code", "name", "id_number"), _any("at"), _any("kind")),
    ("at", "kind"),
    ("code", "name", "class_name", "at", "kind"),
)
_EXAM = (
    _f("exam", _("Exam"), "考试 考试名称 考试名 examname", "期中考试", 80),
    _f("exam_kind", _("Kind of exam"), "考试类型 考试类别 examtype", "", 30),
    _f("held_on", _("Held on"), "考试日期 考试时间 examdate", "2026-11-12", 40),
    TERM,
)
SCORES = Kind(
    "scores",
    _("Scores"),
    (
        *WHO,
        SUBJECT,
        _f("points", _("Score or grade"), "成绩 分数 得分 等级 分数或等级 成绩等级 score points", "85", 20),
        _f("full_marks", _("Full marks"), "满分 卷面分 总分值", "", 10),
        *_EXAM,
    ),
    (_any("code", "name", "id_number"), _any("subject"), _any("points")),
    ("subject", "points"),
    ("code", "name", "class_name", "subject", "points", "exam", "held_on"),
)
#: One row per student, one column per subject. The subjects' columns are found by SUBJECTS.
WIDE_SCORES = Kind(
    "wide_scores",
    _("Scores, one column per subject"),
    (*WHO, *_EXAM),
    (_any("code", "name", "id_number"), _any("*subjects")),
    (),
    ("code", "name", "class_name", "exam", "held_on"),
)

#: In the order in which they are written: what comes later leans on what comes before.
KINDS = {kind.code: kind for kind in (STAFF, STUDENTS, GUARDIANS, TEACHING, ATTENDANCE, SCORES, WIDE_SCORES)}
