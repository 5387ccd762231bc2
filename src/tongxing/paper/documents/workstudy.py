"""What work-study is printed on: the agreement to sign, attendance and pay of a month, the list to pay by and to sign.

The names on these files are for whoever pays and whoever receives; every file that is made leaves a row in the trail.
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.aid.workstudy.models import Application, PayLine, PayList, Post
from tongxing.aid.workstudy.models_posts import HOURS, MANAGE, PAY
from tongxing.aid.workstudy.queries.people import MonthOfPost, Row
from tongxing.ground.kernel import audit, clock, money
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.ground.people.models import Student

from .content import dated_text
from .form_file import KINDS, form_file
from .forms import Form, line, long_line, signatures
from .pay_sheets import KINDS as SHEET_KINDS
from .pay_sheets import sheet_file

AGREEMENT_KINDS = KINDS
__all__ = [
    "AGREEMENT_KINDS",
    "SHEET_KINDS",
    "agreement",
    "agreement_form",
    "month_sheet",
    "pay_sheet",
    "pay_words",
]


def _log(actor: Actor, school_id: int, subject: tuple[str, int], **detail: object) -> None:
    audit.record(actor, "workstudy.print", school_id=school_id, subject=subject, detail=detail)


@transaction.atomic
def agreement(actor: Actor, *, application: Application, kind: str) -> bytes:
    """勤工助学协议: the post, its pay and rules, places to sign for school, student and, under eighteen, guardian."""
    actor.require(MANAGE, school_id=application.school_id, student_id=application.student_id)
    student = Student.objects.with_class(clock.today()).get(pk=application.student_id)
    form = agreement_form(application.post, student, application.post.school.name)
    _log(actor, application.school_id, ("student", student.pk), kind=kind, paper="agreement")
    return form_file(form, kind)


def agreement_form(post: Post, student: Student, school: str) -> Form:
    rules = _(
        "In term at most 8 hours a week and 40 hours a month, never during lessons, never at night. Paid monthly to the student alone. Lessons and health come first: the student may stop at any time and owes nobody a reason. Under sixteen nobody is paid for work."
    )
    return Form(
        _("Work-study agreement"),
        school,
        (
            line((_("Student"), student.name), (_("Class"), student.class_name or "")),
            line((_("Post"), post.name), (pgettext("work-study", "Where"), post.place)),
            line((_("Pay"), pay_words(post)), (_("Usual times"), post.times)),
            line((_("Who looks after it"), post.supervisor.name), (_("First day of work"), "")),
            line((pgettext("work-study", "What is done"), post.work)),
            line((_("Why it is safe"), post.care_taken)),
            long_line(_("Rules"), rules),
            signatures((_("Student"), ""), (_("Guardian (under eighteen)"), ""), (_("School"), "")),
            line((_("Day"), ""), (_("Day"), ""), (_("Day"), "")),
        ),
        _("Two copies: one for the student, one for the school."),
    )


def pay_words(post: Post) -> str:
    """15.00 yuan an hour · 2,000.00 yuan for 40 hours · unpaid."""
    if post.kind == Post.Kind.TEMPORARY:
        return _("%(yuan)s yuan an hour") % {"yuan": money.yuan(post.rate)}
    if post.kind == Post.Kind.FIXED:
        return _("%(yuan)s yuan for 40 hours of a month") % {"yuan": money.yuan(post.rate)}
    return _("unpaid")


def hours_words(minutes: int) -> str:
    """2.5, 8: hours with at most two decimals."""
    return f"{minutes / 60:.2f}".rstrip("0").rstrip(".")


@transaction.atomic
def month_sheet(actor: Actor, *, month: MonthOfPost, kind: str, with_pay: bool) -> bytes:
    """勤工助学考勤与酬金表 of one post and month. `with_pay`: for those who manage, with what it comes to."""
    post = month.post
    if not actor.may(MANAGE, school_id=post.school_id):
        actor.require(HOURS, school_id=post.school_id)
        if post.supervisor.user_id != actor.user_id:
            raise NotAllowed(HOURS)
        with_pay = False
    _log(actor, post.school_id, ("post", post.pk), kind=kind, paper="month", month=f"{month.first:%Y-%m}")
    pay = with_pay and post.is_paid
    heads = (
        [_("Name"), _("Days and times"), pgettext("work-study", "Hours")]
        + ([_("Pay in yuan")] if pay else [])
        + [_("Signature")]
    )
    widths = [14, 52, 10] + ([14] if pay else []) + [18]
    rows = [_month_row(row, pay) for row in month.rows if row.hours]
    rows.append([_("Sum"), "", hours_words(month.minutes), *([month.amount] if pay else []), ""])
    title = _("Attendance and pay of work-study") if pay else _("Attendance of work-study")
    note = _("%(post)s · %(month)s · looked after by %(who)s") % {
        "post": post.name,
        "month": f"{month.first:%Y-%m}",
        "who": post.supervisor.name,
    }
    return sheet_file(post.school.name, title, note, heads, widths, rows, kind)


def _month_row(row: Row, pay: bool) -> list[str | int]:
    times = "  ".join(
        f"{one.day.month}-{one.day.day} {one.starts_at:%H:%M}–{one.ends_at:%H:%M}" for one in row.hours
    )
    name, hours = row.assignment.student.name, hours_words(row.minutes)
    return [name, times, hours, row.amount, ""] if pay else [name, times, hours, ""]


@transaction.atomic
def pay_sheet(actor: Actor, *, pay_list: PayList, kind: str) -> bytes:
    """The list to pay by, with room for everybody's own signature."""
    actor.require(PAY, school_id=pay_list.school_id)
    lines = list(pay_list.lines.select_related("student", "assignment__post"))
    _log(actor, pay_list.school_id, ("pay_list", pay_list.pk), kind=kind, paper="list", lines=len(lines))
    heads = [
        _("No."),
        _("Name"),
        _("Post"),
        pgettext("work-study", "Hours"),
        _("Pay"),
        _("Pay in yuan"),
        _("Received (own signature)"),
    ]
    rows = [_pay_row(number, one) for number, one in enumerate(lines, 1)]
    hours = hours_words(sum(one.minutes for one in lines))
    rows.append(["", _("Sum"), money.in_words(pay_list.total), hours, "", pay_list.total, ""])
    note = _("%(month)s · made by %(who)s on %(day)s") % {
        "month": f"{pay_list.month:%Y-%m}",
        "who": pay_list.made_by.name,
        "day": dated_text(clock.day_of(pay_list.made_at)),
    }
    if pay_list.ended_at:
        note += " · " + _("taken back, not to be paid")
    title = _("Work-study pay")
    return sheet_file(pay_list.school.name, title, note, heads, [6, 12, 22, 9, 18, 13, 20], rows, kind)


def _pay_row(number: int, one: PayLine) -> list[str | int]:
    post = one.assignment.post
    return [
        str(number), one.student.name, post.name, hours_words(one.minutes), pay_words(post), one.amount, "",
    ]  # fmt: skip
