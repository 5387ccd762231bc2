"""Circulars (实施方案, 考核细则, 倡议书) and minutes as official documents in Word, for the notice board and the files."""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tongxing.ground.kernel import audit
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import day_of
from tongxing.ground.kernel.errors import NotAllowed
from tongxing.oversight.notices.models import Circular, Meeting

from .content import Document, Paragraph, dated_text
from .word import word_file


@transaction.atomic
def circular_word(actor: Actor, circular: Circular) -> bytes:
    """The newest version, for whoever reads it; a paragraph for each line."""
    if not Circular.objects.visible_to(actor).filter(pk=circular.pk).exists():
        raise NotAllowed("circular.word")
    now = circular.current
    blocks = tuple(_paragraphs(now.text))
    file = word_file(Document(now.title, blocks, issuer=circular.school.name, dated=day_of(now.written_at)))
    _log(actor, "circular.word", circular.school_id, ("circular", circular.pk))
    return file


@transaction.atomic
def minutes_word(actor: Actor, meeting: Meeting) -> bytes:
    """Time, place and people, what was said, who sees to what by when."""
    if not Meeting.objects.visible_to(actor).filter(pk=meeting.pk).exclude(minutes="").exists():
        raise NotAllowed("meeting.word")
    title = f"{meeting.title}\n{_('Minutes of a meeting')}"
    blocks = (*_facts(meeting), *_paragraphs(meeting.minutes), *_decisions(meeting))
    file = word_file(Document(title, blocks, issuer=meeting.school.name, dated=meeting.day))
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
            yield Paragraph(f"{_('Who sees to what')}：")
        yield Paragraph(f"{number}. {one.text}（{one.person.name}，{dated_text(one.due_on)}）")


def _paragraphs(text: str) -> Iterator[Paragraph]:
    return (Paragraph(line.strip()) for line in text.splitlines() if line.strip())


def _log(actor: Actor, action: str, school_id: int, subject: tuple[str, int]) -> None:
    audit.record(actor, action, school_id=school_id, subject=subject)
