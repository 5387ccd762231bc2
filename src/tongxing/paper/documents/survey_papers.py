"""An interview or survey form on paper: one A4 page for each child of a class, or one without a name to copy."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.care.profiles.models import SurveyVersion, Topic
from tongxing.care.profiles.survey_actions import FILL_IN
from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor

from .form_file import form_pdf
from .forms import Form, Line, boxes, line, long_line


@transaction.atomic
def survey_paper(actor: Actor, *, version: SurveyVersion, students: Iterable[Any]) -> bytes:
    """`students`: with `class_name`, as this actor sees them; none: one page without a name. As PDF."""
    actor.require(FILL_IN, school_id=version.school_id)
    named = list(students)
    forms = [_paper(version, student.name, student.class_name or "") for student in named]
    detail = {"kind": "survey", "version": version.pk, "rows": len(named)}
    audit.record(actor, "document.make", school_id=version.school_id, subject=("survey", None), detail=detail)
    return form_pdf(forms or [_paper(version, "", "")])


def _paper(version: SurveyVersion, name: str, class_name: str) -> Form:
    head = line((_("Name"), name), (_("Class"), class_name), (_("Date"), ""))
    over = "  ".join((version.school.name, str(version.survey.get_asked_display())))
    foot = _("Whoever does not want to answer leaves it open. Please hand it over in person.")
    return Form(version.title, over, (head, *(_asked(topic) for topic in version.questions)), foot)


def _asked(topic: Topic) -> Line:
    if topic.choices:
        return line((topic.label, boxes([(one, one) for one in topic.choices], None)))
    return long_line(topic.label, topic.hint)
