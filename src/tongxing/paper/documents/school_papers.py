"""Circulars (实施方案, 考核细则, 倡议书) and minutes as official documents, for the notice board and the files."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.oversight.notices.models import Circular, Meeting

from .content import Document, Paragraph, dated_text, head_from_json
from .models_head import Outgoing
from .typed_text import paragraphs, told
from .writers import WRITERS


@transaction.atomic
def circular_file(actor: Actor, circular: Circular, kind: str) -> bytes:
    """The newest version as pdf or docx, for whoever reads it."""
    if not Circular.objects.visible_to(actor).filter(pk=circular.pk).exists():
        raise NotAllowed("circular.word")
    if kind not in WRITERS:
        raise Refused(_("There is no such form."))
    file = WRITERS[kind](circular_document(circular))
    audit.record(
        actor, "circular.word", school_id=circular.school_id, subject=("circular", circular.pk), detail={"kind": kind}
    )  # fmt: skip
    return file


def circular_document(circular: Circular) -> Document:
    """A paragraph for each line; lines that begin as official headings do are headings. Once it has its number it
    carries the head of the office, whom it is addressed to and who gets copies."""
    now = circular.current
    plain = Document(
        now.title, tuple(told(now.text)), issuer=circular.school.name, dated=day_of(now.written_at)
    )
    sent = Outgoing.objects.filter(circular=circular).first()
    if sent is None:
        return plain
    return replace(
        plain, number=sent.text, head=head_from_json(sent.head), addressed_to=sent.addressed_to,
        copies_to=sent.copies_to,
    )  # fmt: skip


@transaction.atomic
def minutes_file(actor: Actor, meeting: Meeting, kind: str) -> bytes:
    """As pdf or docx. Time, place and people, what was said, who sees to what by when."""
    if not Meeting.objects.visible_to(actor).filter(pk=meeting.pk).exclude(minutes="").exists():
        raise NotAllowed("meeting.word")
    if kind not in WRITERS:
        raise Refused(_("There is no such form."))
    title = "\n".join((meeting.title, _("Minutes of a meeting")))
    blocks = (*_facts(meeting), *paragraphs(meeting.minutes), *_decisions(meeting))
    file = WRITERS[kind](Document(title, blocks, issuer=meeting.school.name, dated=meeting.day))
    _log(actor, "meeting.word", meeting.school_id, ("meeting", meeting.pk))
    return file


def _facts(meeting: Meeting) -> Iterator[Paragraph]:
    there = [
        one.staff.name for one in meeting.presences.select_related("staff").order_by("staff__pinyin", "pk")
    ]
    if meeting.students is not None:
        there.append(
            ngettext("%(num)s student", "%(num)s students", meeting.students) % {"num": meeting.students}
        )
    facts = (
        (_("Time"), dated_text(meeting.day)),
        (_("Place"), meeting.place),
        (pgettext("meeting", "Led by"), meeting.led_by.name),
        (_("Took part"), "、".join(there)),
    )
    for label, words in facts:
        if words:
            yield Paragraph(f"{label}：{words}")


def _decisions(meeting: Meeting) -> Iterator[Paragraph]:
    standing = meeting.decisions.filter(ended_at=None).select_related("person")
    for number, one in enumerate(standing, 1):
        if number == 1:
            yield Paragraph(_("Who sees to what") + "：")
        yield Paragraph(f"{number}. {one.text}（{one.person.name}，{dated_text(one.due_on)}）")


def _log(actor: Actor, action: str, school_id: int, subject: tuple[str, int]) -> None:
    audit.record(actor, action, school_id=school_id, subject=subject)
