"""困难认定申请表: the family's application on one A4 page, with what class and school say to it.

Invariants:
- what an application says is printed, nothing besides; the child's numbers appear as lists show them;
- each file made leaves one row in the audit trail, with ids alone.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tongxing.aid.hardship import queries
from tongxing.aid.hardship.actions.applications import GROUPS
from tongxing.aid.hardship.content import MEMBER, Content
from tongxing.aid.hardship.models import Application, Review
from tongxing.aid.hardship.models_rounds import REVIEW
from tongxing.aid.hardship.queries import Opened
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Student

from .content import dated_text
from .form_actions import foot_of
from .form_file import KINDS, form_file
from .forms import OPEN, TICKED, Form, Grid, Line, line, long_line, signatures

FEWEST_MEMBERS = 4  # rows of the list, filled or left to the pen
WIDTHS = (16, 14, 8, 24, 20, 18)


@transaction.atomic
def application_form(actor: Actor, *, application: Application, kind: str) -> bytes:
    """`kind`: pdf or docx."""
    actor.require(REVIEW, school_id=application.school_id, student_id=application.student_id)
    if not Application.objects.visible_to(actor).filter(pk=application.pk).exists():
        raise NotAllowed(REVIEW)
    if kind not in KINDS:
        raise Refused(_("There is no such form."))
    placed = (
        Student.objects.filter(pk=application.student_id)
        .select_related("key")
        .with_class(clock.today())
        .get()
    )
    file = form_file(sheet(queries.opened(application), placed, foot_of(actor, full=False)), kind)
    audit.record(
        actor, "hardship.form", school_id=application.school_id, subject=("student", application.student_id),
        detail={"application": application.pk, "kind": kind},
    )  # fmt: skip
    return file


def sheet(found: Opened, student: Student, foot: str) -> Form:
    application, said = found.application, found.content
    return Form(
        _("Application for recognition of hardship of the family"),
        f"{application.school.name}　{application.round.year.name}",
        (
            line(
                (_("Name"), student.name),
                (_("Sex"), str(student.get_sex_display()) if student.sex else ""),
                (_("Class"), student.class_name or ""),
            ),
            line(
                (pgettext("form", "ID number"), student.id_number_masked), (_("Phone"), student.phone_masked)
            ),
            _household(said),
            long_line(_("Special groups"), _groups(said)),
            long_line(
                _("What makes it hard"),
                "；".join([*(f"{q}：{a}" for q, a in found.answers), said.factors]).strip("；"),
            ),
            long_line(_("What is asked for"), said.asks),
            long_line(
                _("Promise"),
                _("We promise that what stands here is true. The school may ask about it.")
                + f"　{said.signed_by}　{dated_text(application.promised_on)}",
            ),
            *_opinion(found, Review.Step.CLASS, _("Opinion of the class review")),
            *_opinion(found, Review.Step.SCHOOL, _("Opinion of the school review")),
            signatures((_("Signature of the family"), ""), (_("Signature of the school"), "")),
        ),
        foot,
    )


def _household(said: Content) -> Grid:
    rows = [tuple(str(getattr(one, part)) for part in MEMBER) for one in said.members]
    rows += [("",) * len(MEMBER)] * (FEWEST_MEMBERS - len(rows))
    header = (
        _("Name"), _("Relation"), _("Age"), _("Work"), pgettext("form", "Income in a year"), pgettext("form", "Health"),
    )  # fmt: skip
    return Grid(_("Who lives in the household"), header, WIDTHS, tuple(rows))


def _groups(said: Content) -> str:
    names = queries.category_names()
    return "  ".join(f"{TICKED if code in said.groups else OPEN} {names[code]}" for code in GROUPS)


def _opinion(found: Opened, step: str, label: str) -> Sequence[Line]:
    for review, words in found.reviews:
        if review.step == step:
            level = review.level.name if review.level else _("no recognition at the moment")
            people = "、".join(one.name for one in review.present.all())
            return [
                long_line(
                    label, f"{level}。{words}（{people}，{dated_text(clock.day_of(review.written_at))}）"
                )
            ]
    return [long_line(label, "")]
