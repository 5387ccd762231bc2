"""Single cells in words → values. Each reading returns a value or raises NotUnderstood with a sentence. Pure."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from tongxing.ground.kernel.clock import SCHOOL_TIME

SPECIAL = {
    **dict.fromkeys(("缺考", "缺", "缺席", "未考", "absent"), "absent"),
    **dict.fromkeys(("作弊", "违纪", "取消", "cheated"), "cheated"),
    **dict.fromkeys(("免考", "免试", "免修", "exempt"), "exempt"),
}
GRADE_MARK = re.compile(
    r"[A-E][+-]?|[优良中差]|优秀|良好|中等|合格|不合格|及格|不及格|待及格|待合格|[甲乙丙丁]"
)
MOST_POINTS = 2000
ROUNDED = re.compile(r"\d\.\d+E\+\d+", re.IGNORECASE)
RELATIONS = {
    "father": ("父", "爸"),
    "mother": ("母亲", "妈", "母女", "母子", "生母", "养母", "继母", "母"),
    "grandparent": ("祖", "爷", "奶", "外公", "外婆", "姥", "公公", "婆婆"),
    "relative": ("叔", "伯", "姑", "舅", "姨", "兄", "弟", "姐", "哥", "妹", "婶", "亲戚"),
}
EVENTS = {
    "late": ("迟到", "晚到", "late"),
    "early": ("早退", "left early", "early"),
    "absent": ("旷课", "缺勤", "缺席", "缺课", "absent"),
    "leave": ("请假", "病假", "事假", "公假", "leave"),
    "uniform": ("校服", "校徽", "仪容", "uniform"),
    "exit": ("离校", "出校", "exit"),
    "entry": ("进校", "入校", "到校", "entry"),
    "other": ("其他", "其它", "other"),
}
ID_KINDS = {
    "residence": ("港", "澳", "台"),
    "id_card": ("居民身份证", "身份证", "idcard"),
    "household": ("户口",),
    "passport": ("护照", "passport"),
    "other": ("其他", "其它", "other"),
}
GUARDIANSHIPS = {
    "entrusted": ("委托", "受托"),
    "nobody": ("无人", "无监护"),
    "grandparents": ("祖", "爷", "奶", "外公", "外婆", "隔代"),
    "parents": ("父母双方", "双亲", "父母监护", "父母"),
    "one_parent": ("单亲", "父亲", "母亲", "一方"),
    "relatives": ("亲戚", "亲属", "亲友"),
}
FARTHEST = 500_000  # metres
YES = {"是", "有", "1", "y", "yes", "true", "√", "✓", "住校", "住宿", "寄宿", "住校生", "寄宿生"}
NO = {"否", "无", "不是", "没有", "0", "n", "no", "false", "×", "-", "走读", "走读生", "通学", "非", "非留守"}
LEFT = {"是", "1", "已离校", "离校", "转出", "已转出", "退学", "休学", "毕业", "结业", "yes", "left"}
STAYS = {"否", "0", "在校", "在读", "在籍", "正常", "no", "enrolled"}
SEXES = {
    **dict.fromkeys(("男", "男性", "male", "m", "1"), "male"),
    **dict.fromkeys(("女", "女性", "female", "f", "2"), "female"),
}


class NotUnderstood(ValueError):
    """The cell cannot be read; the argument is a sentence that says what to write."""


def tidy(text: str) -> str:
    """One width for signs and digits, no blanks at the ends."""
    return unicodedata.normalize("NFKC", text).replace("\u3000", " ").strip()


def name(text: str) -> str:
    """A name as it is written; blanks between Chinese signs go, every middle dot becomes “·”."""
    text = re.sub(r"[・•∙‧]", "·", re.sub(r"\s+", " ", text.replace("\u3000", " ")).strip())
    return re.sub(r"(?<=[\u2e80-\U0003ffff]) (?=[\u2e80-\U0003ffff])", "", text)


def number_text(text: str) -> str:
    """A number that is a name (id, phone, room): 99003.0 → 99003, leading zeros stay."""
    text = tidy(text).lstrip("'’")
    if ROUNDED.fullmatch(text):
        raise NotUnderstood(
            _("The spreadsheet has rounded this number. Format the column as text and enter it again.")
        )
    return re.sub(r"^(\d+)\.0+$", r"\1", text)


def phone(text: str) -> str:
    digits = re.sub(r"[\s\-()]", "", number_text(text))
    if not re.fullmatch(r"\+?\d{3,15}(?:[转,;/、]\d+)*", digits):
        raise NotUnderstood(_("This is no phone number. Write digits only."))
    return digits


def sex(text: str) -> str:
    try:
        return SEXES[number_text(text).lower()]
    except KeyError:
        raise NotUnderstood(_("Write 男 or 女.")) from None


def yes_no(text: str) -> bool:
    word = number_text(text).lower()
    if word in YES or word in NO:
        return word in YES
    raise NotUnderstood(_("Write 是 or 否."))


def left(text: str) -> bool:
    word = number_text(text).lower()
    if word in LEFT or word in STAYS:
        return word in LEFT
    raise NotUnderstood(_("Write 离校 or 在校."))


def circumstance(text: str) -> bool:
    """是, 双亲留守, 单亲留守, 2 … say yes; 否, 非留守, 0 say no."""
    word = number_text(text).lower()
    return word not in NO and not word.startswith(("非", "不", "否", "无"))


def date(text: str) -> datetime.date:
    """2018-09-01, 2018/9/1, 2018.9.1, 2018年9月1日, 20180901, 2018-09, a spreadsheet's day number."""
    plain = number_text(text)
    found = re.match(r"(\d{4})\s*[-/.年]\s*(\d{1,2})(?:\s*[-/.月]\s*(\d{1,2}))?", plain) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})?", plain
    )
    try:
        if found:
            day = datetime.date(int(found[1]), int(found[2]), int(found[3] or 1))
            if 1900 <= day.year <= 2100:
                return day
        elif re.fullmatch(r"[23456]\d{4}", plain):  # 1954–2091
            return datetime.date(1899, 12, 30) + datetime.timedelta(days=int(plain))
    except ValueError:
        pass
    raise NotUnderstood(_("This is no date. Write it like 2026-09-01."))


def moment(text: str) -> datetime.datetime:
    """A day with its time at school; without a time the day's first moment."""
    plain = tidy(text)
    day = date(plain)
    found = re.search(r"[\sT日](\d{1,2}):(\d{2})(?::(\d{2}))?", plain)
    try:
        hour, minute, second = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
        time = datetime.time(hour, minute, second)
    except ValueError:
        raise NotUnderstood(_("This is no time. Write it like 2026-09-01 07:30.")) from None
    return datetime.datetime.combine(day, time, SCHOOL_TIME)


def term(text: str) -> tuple[str, int]:
    """2018-2019-1, 2018-2019学年第一学期, 2018学年第二学期 → ("2018-2019", 1)."""
    plain = tidy(text)
    years = re.match(r"(\d{4})\s*(?:[-—–~/至]\s*(\d{4}))?", plain)
    half = re.search(r"(?:第?\s*([一二12上下])\s*(?:学期)?)$", plain[years.end() :]) if years else None
    if not years or not half:
        raise NotUnderstood(_("This is no term. Write it like 2026-2027-1."))
    first = int(years[1])
    return f"{first}-{first + 1}", 1 if half[1] in "一1上" else 2


def id_kind(text: str) -> str:
    return _known(text, ID_KINDS, _("Write 居民身份证, 户口簿, 护照, 港澳台居民居住证 or 其他."))


def guardianship(text: str) -> str:
    return _known(text, GUARDIANSHIPS, _("Write 父母, 单亲, 祖父母, 亲属, 委托 or 无人."))


def _known(text: str, signs: Mapping[str, tuple[str, ...]], otherwise: str) -> str:
    """The first code one of whose signs stands in the cell."""
    words = tidy(text).lower()
    for code, some in signs.items():
        if any(sign in words for sign in some):
            return code
    raise NotUnderstood(otherwise)


def distance(text: str) -> int:
    """2.5, 2.5公里, 2.5km → 2500; 800米, 800m → 800. Metres."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(公里|千米|km|米|m)?", tidy(text).lower())
    metres = Decimal(found[1]) * (1 if found[2] in ("米", "m") else 1000) if found else None
    if metres is None or metres > FARTHEST:
        raise NotUnderstood(_("This is no distance. Write kilometres like 2.5 or metres like 800米."))
    return int(metres)


def relation(text: str) -> tuple[str, str]:
    """(kind, words): 奶奶 → ("grandparent", "奶奶"); 祖父 is a grandparent, 父亲 the father."""
    words = tidy(text)
    for kind in ("grandparent", "relative", "father", "mother"):
        if any(sign in words for sign in RELATIONS[kind]):
            return kind, words
    return {"father": "father", "mother": "mother"}.get(words.lower(), "other"), words


def event(text: str) -> str:
    words = tidy(text).lower()
    for kind, signs in EVENTS.items():
        if any(sign in words for sign in signs):
            return kind
    raise NotUnderstood(_("This event is not known. Write 迟到, 早退, 旷课, 请假, 校服, 进校, 离校 or 其他."))


def decimal(text: str) -> Decimal:
    try:
        value = Decimal(tidy(text))
    except InvalidOperation:
        raise NotUnderstood(_("This is no number.")) from None
    if not value.is_finite():
        raise NotUnderstood(_("This is no number."))
    return value


def full_marks(text: str) -> Decimal:
    marks = decimal(text)
    if not 0 < marks < MOST_POINTS:
        raise NotUnderstood(_("Full marks are a number like 100 or 150."))
    return marks.quantize(Decimal("0.01"))


def result(text: str) -> tuple[Decimal | None, str, str]:
    """(points, grade, special mark), one of them: 85.5, 优 or B+, 缺考."""
    plain = tidy(text)
    if special := SPECIAL.get(plain.lower()):
        return None, "", special
    if GRADE_MARK.fullmatch(plain.upper().removesuffix("等")):
        return None, plain.upper(), ""
    try:
        points = decimal(plain)
    except NotUnderstood:
        raise NotUnderstood(_("Write a number, a grade like 优 or B, or 缺考, 作弊, 免考.")) from None
    if points < 0:
        raise NotUnderstood(_("A score is never negative. For special cases write 缺考, 作弊 or 免考."))
    if points >= MOST_POINTS:
        raise NotUnderstood(_("This score is too high to be true."))
    return points.quantize(Decimal("0.01")), "", ""


def exam_kind(text: str) -> str:
    if "期中" in text or text == "mid_term":
        return "mid_term"
    return "final" if "期末" in text or text == "final" else "other"
