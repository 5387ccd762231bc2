"""What several actions of the room ask first, and the one row each leaves behind."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.people.models import Student

from .. import rules
from ..models_room import KEEP


def require_keeper(actor: Actor, student: Student) -> int:
    """The account of the counsellor who acts: a person, in the child's school."""
    actor.require(KEEP, school_id=student.school_id, student_id=student.pk)
    if actor.user_id is None:
        raise NotAllowed(KEEP)
    return actor.user_id


def held(rows: models.QuerySet, pk: int) -> Any:
    """The row as it stands now, locked, for somebody who sees it; nobody else learns that it is there."""
    found = (
        rows.select_for_update(of=("self",)).select_related("student__key", "school").filter(pk=pk).first()
    )
    if found is None:
        raise NotAllowed(KEEP)
    return found


def no_diagnosis(**texts: str) -> None:
    """Nobody but a doctor diagnoses (精神卫生法 23). The field with the first such word is named, and the words."""
    for field, text in texts.items():
        if found := rules.diagnostic_words(text):
            raise Refused(
                _(
                    "Only a doctor can say this: %(words)s. Please write what you saw and heard; what somebody said stands in quotation marks."
                )
                % {"words": "、".join(found)},
                field=field,
            )


def note(actor: Actor, action: str, row: models.Model, **detail: object) -> None:
    """The audit row: the id of what it is about, never whose child it is."""
    audit.record(
        actor,
        f"counselling.{action}",
        school_id=row.school_id,  # type: ignore[attr-defined]  # every row carries its school
        subject=(f"counselling-{row._meta.model_name}", row.pk),
        detail=detail,
    )
