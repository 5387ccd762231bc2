"""Who agreed to a sheet that left, until when it may be used, and whether it was destroyed; its mark.

Invariants:
- a sheet leaves with a second person's name: whoever may make such sheets, never the maker, unless nobody else may;
- that person is told in the same transaction;
- what was made stays on the list until somebody says that the file is destroyed.
"""

import datetime
import io
from functools import lru_cache

import pylopdf_fonts_zh_cn
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageDraw, ImageFont

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import TABLE
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.ground.kernel.undo import is_recent
from tongxing.ground.outbox.actions import send

from .models import SheetMade

CAN = "exchange.export"
USUAL_DAYS, MOST_DAYS = 30, 180
TOLD = gettext_lazy("A sheet with children’s names was made; it names you as the one who agreed.")
#: The mark on the screen: a tile, grey enough to read the cells through it.
TILE, INK, ANGLE, LETTERS = (760, 420), (60, 60, 60, 38), 18, 20


def approvers(actor: Actor, school: Organisation) -> list[User]:
    """Whoever else may make such sheets for this school; nobody else: the maker."""
    roles = [role for role, rights in TABLE.items() if CAN in rights.can]
    held = Grant.objects.on(clock.today()).filter(school=school, role__in=roles)
    found = User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("name", "pk")
    return list(found.exclude(pk=actor.user_id)) or list(found)


def may_be_used_until(asked: datetime.date | None) -> datetime.date:
    """The last day; refused where it lies behind or more than half a year ahead."""
    today = clock.today()
    last = asked or today + datetime.timedelta(days=USUAL_DAYS)
    if not today <= last <= today + datetime.timedelta(days=MOST_DAYS):
        raise Refused(
            _("Please choose a day within the next %(n)s days.") % {"n": MOST_DAYS}, field="use_until"
        )
    return last


def note(
    actor: Actor, *, school: Organisation, code: str, rows: int, contact: bool, purpose: str, approved_by: User,
    use_until: datetime.date,
) -> SheetMade:  # fmt: skip
    """Within the transaction that makes the sheet."""
    made = SheetMade.objects.create(
        school=school, code=code, rows=rows, contact=contact, purpose=purpose, approved_by=approved_by,
        made_by_id=actor.user_id, made_at=clock.now(), use_until=use_until,
    )  # fmt: skip
    if approved_by.pk != actor.user_id:
        send(
            to=approved_by, school=school, code="export", subject=TOLD, link=("exports", []), key=f"export.{made.pk}"
        )  # fmt: skip
    return made


@transaction.atomic
def destroy(actor: Actor, *, made: SheetMade) -> None:
    """Somebody says that the file exists no more."""
    actor.require(CAN, school_id=made.school_id)
    held = SheetMade.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if held.destroyed_at is not None:
        return
    held.destroyed_at, held.destroyed_by_id = clock.now(), actor.user_id
    held.save(update_fields=["destroyed_at", "destroyed_by"])
    _log(actor, "export.destroyed", held)


@transaction.atomic
def not_destroyed(actor: Actor, *, made: SheetMade) -> None:
    """Said by mistake a moment ago."""
    actor.require(CAN, school_id=made.school_id)
    held = SheetMade.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if held.destroyed_at is None:
        return
    if not is_recent(held.destroyed_at):
        raise Refused(_("That was said a while ago and stays."))
    held.destroyed_at, held.destroyed_by = None, None
    held.save(update_fields=["destroyed_at", "destroyed_by"])
    _log(actor, "export.not-destroyed", held)


def _log(actor: Actor, action: str, made: SheetMade) -> None:
    audit.record(
        actor,
        action,
        school_id=made.school_id,
        subject=("sheet_made", made.pk),
        detail={"profile": made.code},
    )


def mark_of(made: SheetMade) -> str:
    """Who made it, for what, who agreed, until when: what stands on the sheet."""
    maker = made.made_by.name if made.made_by else _("Tongxing")
    words = _("%(maker)s, %(day)s · %(purpose)s · agreed by %(approver)s · use until %(until)s, then delete")
    return words % {
        "maker": maker,
        "day": f"{clock.day_of(made.made_at):%Y-%m-%d}",
        "purpose": made.purpose[:30],
        "approver": made.approved_by.name,
        "until": f"{made.use_until:%Y-%m-%d}",
    }


@lru_cache(maxsize=8)
def tile(words: str) -> bytes:
    """The mark as a picture that repeats behind the cells on the screen."""
    picture = Image.new("RGBA", TILE, (255, 255, 255, 0))
    font = ImageFont.truetype(str(pylopdf_fonts_zh_cn.sans_path()), LETTERS)
    lines = "\n".join(words.split(" · "))
    middle = (TILE[0] / 2, TILE[1] / 2)
    ImageDraw.Draw(picture).multiline_text(middle, lines, font=font, fill=INK, anchor="mm", align="center")
    out = io.BytesIO()
    picture.rotate(ANGLE, resample=Image.Resampling.BICUBIC).save(out, "PNG")
    return out.getvalue()
