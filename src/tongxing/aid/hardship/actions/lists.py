"""Taking over the list of an office, and taking it back."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import blind_index
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.people.actions import SEALED
from tongxing.ground.people.circumstances import FromList, note_listed
from tongxing.ground.people.models import Circumstance, Student

from ..models import Listed, OfficialList
from ..models_rounds import MANAGE
from .rounds import person

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a sheet; `row` counts from 1, as the sheet does. The number is compared and not kept."""

    row: int
    id_number: str
    category: str
    valid_until: datetime.date | None = None


@transaction.atomic
def take_list(
    actor: Actor,
    *,
    school: Organisation,
    office: str,
    as_of: datetime.date,
    file_name: str,
    sha256: str,
    rows: Sequence[ListRow],
) -> OfficialList:
    """Keep the rows about children of this school and note what they say of each. The same sheet again is the same list."""
    user_id = person(actor, MANAGE, school.pk)
    Organisation.objects.select_for_update().get(pk=school.pk)  # one after the other
    if found := OfficialList.objects.standing().filter(school=school, sha256=sha256).first():
        return found
    if not rows:
        raise Refused(_("There are no rows in this sheet."), field="upload")
    if as_of > clock.today():
        raise Refused(_("This day has not come yet."), field="as_of")
    if office not in OfficialList.Office:
        raise Refused(_("Please choose the office."), field="office")
    ours = _ours(school, rows)
    taken = OfficialList.objects.create(
        school=school, office=office, file_name=file_name[:100], sha256=sha256, as_of=as_of,
        others=sum(1 for one in rows if _index(one) not in ours), taken_by_id=user_id, taken_at=clock.now(),
    )  # fmt: skip
    first: dict[tuple[int, str], ListRow] = {}
    for one in rows:
        if _index(one) in ours:
            first.setdefault((ours[_index(one)], one.category), one)
    said = [FromList(student_id, category, one.valid_until) for (student_id, category), one in first.items()]
    noted = note_listed(school.pk, rows=said, source=str(OfficialList.Office(office).label), as_of=as_of)
    Listed.objects.bulk_create(
        Listed(
            school=school, sheet=taken, student_id=key[0], row=one.row, category=key[1],
            valid_until=one.valid_until, circumstance=circumstance, noted=fresh,
        )
        for (key, one), (circumstance, fresh) in zip(first.items(), noted, strict=True)
    )  # fmt: skip
    _log(actor, "hardship.list", taken, {"rows": len(rows), "students": len(first)})
    return taken


def _index(row: ListRow) -> str:
    return blind_index(row.id_number, SEALED["id_number"])


def _ours(school: Organisation, rows: Sequence[ListRow]) -> dict[str, int]:
    """Fingerprint of the number → student; a number is never read back from it."""
    found = Student.objects.enrolled().filter(school=school).exclude(id_number_index="")
    wanted = {_index(one) for one in rows}
    return {index: pk for index, pk in found.values_list("id_number_index", "pk") if index in wanted}


@transaction.atomic
def undo_list(actor: Actor, *, official: OfficialList) -> None:
    """It counts no longer; what only it had said never held. Its rows stay."""
    user_id = person(actor, MANAGE, official.school_id)
    official = OfficialList.objects.select_for_update().get(pk=official.pk)
    if official.undone_at:
        return
    official.undone_at, official.undone_by_id = clock.now(), user_id
    official.save(update_fields=["undone_at", "undone_by"])
    others = (
        Listed.objects.standing().exclude(sheet=official).exclude(circumstance=None).values("circumstance")
    )
    only = official.rows.filter(noted=True).exclude(circumstance__in=others).values("circumstance")
    Circumstance.objects.filter(pk__in=only, since=official.as_of, checked_on=official.as_of).update(
        valid_until=official.as_of - DAY
    )
    _log(actor, "hardship.list-undo", official)


def _log(actor: Actor, action: str, official: OfficialList, detail: dict[str, object] | None = None) -> None:
    audit.record(
        actor, action, school_id=official.school_id, subject=("list", official.pk), detail=detail or {}
    )
