"""The two steps that every change of pairs is made of: starting and ending, with the helper's right to the student.

Whoever calls this has asked for the ability, checked `Standing`, and writes the audit row.
"""

import datetime
from collections.abc import Sequence

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.access.actions import end_helpers, grant_helpers
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.outbox.actions import send
from tongxing.ground.people.models import Staff, Student

from .models import Pair, Pin

DAY = datetime.timedelta(days=1)
#: Endings after which the two may well be paired again.
GOES_ON = {Pair.Ended.TERM_END, Pair.Ended.NEW_ROLE}


def start(
    actor: Actor,
    school: Organisation,
    starts: Sequence[tuple[Student, Staff, dict]],
    starts_on: datetime.date | None = None,
    role: str = Pair.Role.FIRST,
    subject: str = "",
) -> list[Pair]:
    """Pairs begin, with why. Whoever also helped and becomes the first helper goes on in the new role."""
    day, moment = starts_on or clock.today(), clock.now()
    if role == Pair.Role.FIRST:
        _end_other_role(actor, school, starts, day)
    made = Pair.objects.bulk_create(
        Pair(
            school=school,
            student=student,
            helper=helper,
            role=role,
            subject=subject,
            starts_on=day,
            confirmed_by_id=actor.user_id,
            confirmed_at=moment,
            explanation=explanation,
        )
        for student, helper, explanation in starts
    )
    grant_helpers(
        actor,
        school=school,
        given=[(helper.user_id, student.pk) for student, helper, _explanation in starts],
        starts_on=day,
    )
    return made


def _end_other_role(
    actor: Actor, school: Organisation, starts: Sequence[tuple[Student, Staff, dict]], day: datetime.date
) -> None:
    named = {(student.pk, helper.pk) for student, helper, _explanation in starts}
    also = Pair.objects.open().filter(school=school, role=Pair.Role.ALSO, student__in={s for s, _h in named})
    ending = [one for one in also.select_related("helper") if (one.student_id, one.helper_id) in named]
    if ending:
        end_all(actor, school, ending, Pair.Ended.NEW_ROLE, ends_on=day - DAY)


def end_all(
    actor: Actor,
    school: Organisation,
    pairs: Sequence[Pair],
    reason: str,
    note: str = "",
    ends_on: datetime.date | None = None,
) -> None:
    """These pairs end after that day (yesterday, so that the rights end at once), each with the same reason."""
    if reason not in Pair.Ended.values:
        raise Refused(_("Please say why the pair ends."), field="reason")
    last, moment = ends_on or clock.today() - DAY, clock.now()
    for pair in pairs:
        pair.ends_on = max(last, pair.starts_on)
        pair.ended_reason, pair.ended_note = reason, note.strip()
        pair.ended_by_id, pair.ended_at = actor.user_id, moment
    Pair.objects.bulk_update(pairs, ["ends_on", "ended_reason", "ended_note", "ended_by", "ended_at"])
    if reason not in GOES_ON:
        _unpin(pairs)
    taken = [(pair.helper.user_id, pair.student_id) for pair in pairs]
    end_helpers(actor, school=school, taken=taken, last_day=last)


def _unpin(pairs: Sequence[Pair]) -> None:
    """Who no longer goes together is no longer fixed to do so."""
    ended = {(pair.student_id, pair.helper_id) for pair in pairs}
    pins = Pin.objects.filter(student__in={student for student, _helper in ended})
    gone = [pk for pk, *both in pins.values_list("pk", "student_id", "helper_id") if tuple(both) in ended]
    Pin.objects.filter(pk__in=gone).delete()


def held(pair: Pair) -> Pair:
    """The pair as it stands now, locked: two people may decide about it at the same moment."""
    rows = Pair.objects.select_for_update(of=("self",)).select_related("student", "helper", "school")
    return rows.get(pk=pair.pk)


def tell_taken_over(pair: Pair) -> None:
    """The new helper learns by message that somebody handed a student over, and finds what was promised."""
    send(
        to=pair.helper.user,
        school=pair.school,
        code="pairing.taken-over",
        subject=format_lazy(
            gettext_lazy(
                "From {month}/{day} you accompany one more student: please see what has been promised"
            ),
            month=pair.starts_on.month,
            day=pair.starts_on.day,
        ),
        link=("pairing-taken-over", [pair.pk]),
        key=f"pairing.taken-over:{pair.pk}",
    )
