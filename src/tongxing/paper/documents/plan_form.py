"""The forms of a student's plan on one A4 page each: the plan (一生一策), the sheet that tells the beginning beside now,
the goals month by month. All of it from what is written down already; nobody types a form.

Invariants:
- only what this reader may know stands on them; family and teachers appear as recorded, or as “no records”;
- each file made leaves one row in the audit trail, with ids and the form's name.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from tongxing.care.contacts.goals import GoalStory, goal_stories
from tongxing.care.programme import term_plan_words as words
from tongxing.care.programme.models import TermPlan
from tongxing.care.programme.term_plan_reading import ShownVersion, WholePlan, whole
from tongxing.care.screening.why import subjects_of, why
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Registration, Student, Term
from tongxing.oversight.insight.queries import term_name

from .actions import printable
from .content import dated_text
from .form_file import form_file
from .forms import Form, Grid, Line, line, signatures

#: The forms of a plan, by the word their button sends.
PAPERS: dict[str, str | Promise] = {
    "plan": gettext_lazy("Plan of the term"),
    "tracking": gettext_lazy("From the beginning to now"),
}
#: What a page carries of texts that have no longest length of their own, and how many of them.
CUT, MOST_GOALS, MOST_LOOKS, MOST_LINES = 40, 4, 2, 12
WHY_CUT = 120


@transaction.atomic
def plan_paper(actor: Actor, *, plan: WholePlan, paper: str, kind: str) -> bytes:
    """One of `PAPERS` as pdf or docx."""
    found = plan.plan
    actor.require("plan.write", school_id=found.school_id, student_id=found.student_id)
    form = plan_sheet(actor, plan) if paper == "plan" else tracking_sheet(actor, plan)
    _note(actor, found.school_id, ("term_plan", found.pk), student=found.student_id, paper=paper, kind=kind)
    return form_file(form, kind)


@transaction.atomic
def goals_paper(actor: Actor, *, student: Student, term: Term, kind: str) -> bytes:
    """The term's goals month by month as pdf or docx."""
    actor.require("contact.read", school_id=student.school_id, student_id=student.pk)
    form = goals_sheet(actor, student, term)
    _note(actor, student.school_id, ("student", student.pk), student=student.pk, paper="goals", kind=kind)
    return form_file(form, kind)


def _note(actor: Actor, school_id: int, subject: tuple[str, int], **detail: object) -> None:
    audit.record(actor, "plan.print", school_id=school_id, subject=subject, detail=detail)


def plan_sheet(actor: Actor, plan: WholePlan) -> Form:
    """帮扶计划(一生一策): the version in force; while there is none yet, the newest."""
    student, term, shown = plan.row.student, plan.plan.term, plan.in_force or plan.shown
    version = shown.version
    header = (
        _("Measures"),
        _("Answered for by"),
        pgettext("document", "How often"),
        pgettext("document", "From – until"),
    )
    measures = tuple(_measure(shown, place) for place in range(len(shown.measures)))
    return Form(
        _("Support plan of the term: one child, one plan"),
        student.school.name,
        (
            *_head(student, term),
            *_told(*_category(actor, student, term), *_seen(shown), *_aim(shown)),
            _grid("", header, (46, 14, 18, 22), measures),
            *_told((pgettext("document", "From – until"), _span(version.starts_on, version.until))),
            *_told((_("Look at it again on"), dated_text(plan.row.review_on or version.review_on))),
            signatures(
                (_("Written by"), _signed(shown.writers, version.handed_in_at)),
                (_("Approved by"), _signed(_name(version.approved_by), version.approved_at)),
                (_("Family has seen it"), ""),
            ),
        ),
        _foot(),
    )


def tracking_sheet(actor: Actor, plan: WholePlan) -> Form:
    """登记/转化跟踪表: how it stood at the beginning, and now."""
    student, term = plan.row.student, plan.plan.term
    now = plan.in_force or plan.shown
    first = plan.first_in_force or now
    before, newest = subjects_of(actor, student, term)
    seen = zip(words.SEEN.values(), first.text.seen, now.text.seen, strict=True)
    rows = (
        (_("Subjects where a hand is needed"), _or_none(_joined(before)), _or_none(_joined(newest))),
        *((str(label), _or_none(then), _or_none(later)) for label, then, later in seen),
        (_("Goal of the term"), first.text.goal, now.text.goal),
    )
    header = (
        pgettext("document", "What is looked at"),
        _("At the beginning, %(day)s") % {"day": dated_text(first.version.starts_on)},
        _("Now, %(day)s") % {"day": dated_text(clock.today())},
    )
    return Form(
        _("Register and progress sheet"),
        student.school.name,
        (
            *_head(student, term),
            *_told(*_category(actor, student, term)[:2]),
            _grid(_("What was seen, in four fields"), header, (18, 41, 41), rows),
            *_told(*_on_the_way(actor, plan, now), *_looks(plan)),
            signatures((_("Class teacher"), ""), (_("Helper"), ""), (_("Family"), "")),
        ),
        _foot(),
    )


def goals_sheet(actor: Actor, student: Student, term: Term) -> Form:
    """月目标表: goal, how it went, what shows it."""
    last = min(clock.today(), term.ends_on)
    stories = goal_stories(actor, student, term.starts_on, last)[-MOST_LINES:]
    found = TermPlan.objects.visible_to(actor).filter(student=student, term=term).first()
    goal = ""
    if found:
        plan = whole(actor, found)
        goal = (plan.in_force or plan.shown).text.goal
    header = (
        _("Set on"),
        _("The goal"),
        _("How we will see that it is reached"),
        pgettext("document", "How it went"),
        pgettext("document", "What shows it"),
        pgettext("document", "By"),
    )
    rows = tuple(_goal_line(one) for one in stories)
    return Form(
        _("Goals month by month"),
        student.school.name,
        (
            *_head(student, term),
            *_told((_("Goal of the term"), goal)),
            _grid(_("Goals of the months"), header, (11, 23, 20, 16, 20, 10), rows),
            signatures((_("Helper"), ""), (_("Class teacher"), ""), (_("Student"), "")),
        ),
        _foot(),
    )


def _head(student: Student, term: Term) -> tuple[Line, ...]:
    return (
        line((_("Name"), student.name), (_("Class"), student.class_name or "")),
        line((pgettext("document", "Term"), term_name(term))),
    )


def _told(*pairs: tuple[str, str]) -> tuple[Line, ...]:
    """A line for each; a plan says so where nothing is written down."""
    return tuple(line((label, _or_none(text))) for label, text in pairs)


def _grid(
    title: str, header: tuple[str, ...], widths: tuple[int, ...], rows: tuple[tuple[str, ...], ...]
) -> Grid:
    nothing = (_("no records"), *[""] * (len(header) - 1))
    return Grid(title, header, widths, rows or (nothing,))


def _or_none(text: str) -> str:
    return text or _("no records")


def _category(actor: Actor, student: Student, term: Term) -> tuple[tuple[str, str], ...]:
    entry = Registration.objects.visible_to(actor).filter(student=student).order_by("-starts_on").first()
    level = str(entry.get_level_display()) if entry else ""
    since = _("since %(day)s") % {"day": dated_text(entry.starts_on)} if entry else ""
    reasons = _("; ").join(why(actor, term, [student]).get(student.pk, ()))
    _before, newest = subjects_of(actor, student, term)
    return (
        (_("Category"), " · ".join(part for part in (level, since) if part)),
        (_("Why"), cut(reasons, WHY_CUT)),
        (_("Subjects where a hand is needed"), _joined(newest)),
    )


def _seen(shown: ShownVersion) -> tuple[tuple[str, str], ...]:
    return tuple((str(label), seen) for label, seen in zip(words.SEEN.values(), shown.text.seen, strict=True))


def _aim(shown: ShownVersion) -> tuple[tuple[str, str], ...]:
    return (_("Goal of the term"), shown.text.goal), (_("Expected signs"), shown.text.signs)


def _measure(shown: ShownVersion, place: int) -> tuple[str, ...]:
    one, version = shown.measures[place], shown.version
    days = _span(one.measure.starts_on or version.starts_on, one.measure.until or version.until)
    return one.measure.what, one.who or _("nobody yet"), words.often(one.measure), days


def _on_the_way(actor: Actor, plan: WholePlan, now: ShownVersion) -> tuple[tuple[str, str], ...]:
    """Short goals with how they went, and the measures."""
    term = plan.plan.term
    stories = goal_stories(actor, plan.row.student, term.starts_on, min(clock.today(), term.ends_on))
    still_open = _("still open")
    short = "\n".join(
        f"{one.set_on.month}/{one.set_on.day} {cut(one.goal)} → {cut(one.outcome, 16) or still_open}"
        for one in stories[-MOST_GOALS:]
    )
    measures = _("; ").join(
        _("%(what)s (%(who)s, %(often)s)")
        % {"what": one.measure.what, "who": one.who or _("nobody yet"), "often": words.often(one.measure)}
        for one in now.measures
    )
    return (_("Goals of the months"), short), (_("Measures"), measures)


def _looks(plan: WholePlan) -> tuple[tuple[str, str], ...]:
    looks = list(reversed(plan.reviews[:MOST_LOOKS]))

    def told(texts: Iterable[tuple[datetime.date, str]]) -> str:
        return "\n".join(f"{day.month}/{day.day} {text}" for day, text in texts if text)

    newest = plan.reviews[0] if plan.reviews else None
    conclusion = _("; ").join((str(newest.review.get_conclusion_display()), newest.next)) if newest else ""
    return (
        (_("What helped so far"), told((one.review.looked_on, one.helped) for one in looks)),
        (_("What the teachers see"), told((one.review.looked_on, one.teacher) for one in looks)),
        (
            _("What the family has said"),
            told((one.review.looked_on, cut(one.from_family, 90)) for one in looks),
        ),
        (_("Conclusion"), conclusion),
    )


def _goal_line(one: GoalStory) -> tuple[str, ...]:
    texts = (one.goal, one.sign, one.outcome or _("still open"), one.shown_by)
    return f"{one.set_on.month}/{one.set_on.day}", *(cut(text) for text in texts), one.by


def cut(text: str, most: int = CUT) -> str:
    text = printable(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _joined(parts: Iterable[str]) -> str:
    return _(", ").join(parts)


def _span(first: datetime.date, last: datetime.date) -> str:
    return f"{first:%Y-%m-%d} – {last:%m-%d}"


def _signed(name: str, at: datetime.datetime | None) -> str:
    return " ".join(part for part in (name, f"{clock.day_of(at):%Y-%m-%d}" if at else "") if part)


def _name(user: object) -> str:
    return getattr(user, "name", "")


def _foot() -> str:
    return _("Made on %(day)s from what is written down. Keep confidential.") % {
        "day": dated_text(clock.today())
    }
