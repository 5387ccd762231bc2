"""What a person decides about sheets that were handed in: columns, cells to correct, rows to leave out.

Nothing is taken over here; after each decision the import says anew what it would change.
"""

import datetime
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from . import saved_profiles
from .actions import look_again, opened
from .kinds import KINDS
from .mapping import NONE, VOCABULARY, Mapping, lacking
from .models import ImportBatch


@dataclass(slots=True)
class Mended:
    """Corrections of one sheet, as the page says them. `shown`: lines that were on the page."""

    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
    shown: list[int] = field(default_factory=list)


def choose_columns(
    actor: Actor,
    *,
    batch: ImportBatch,
    place: int,
    mapping: Mapping,
    profile_name: str = "",
    exam: tuple[str, datetime.date | None] | None = None,
) -> None:
    """Read a sheet as chosen; under a name the choice is kept for sheets with the same headings."""
    actor.require("import.run", school_id=batch.school_id)
    before, content = opened(batch)
    sheet = content.sheets[place]
    if mapping.kind and (lacks := lacking(KINDS[mapping.kind], mapping.columns, mapping.subjects)):
        raise Refused(
            _("Still lacking: %(fields)s. Please choose which column holds it.")
            % {"fields": _("; ").join(lacks)}
        )
    if exam is not None:
        content.exam = (exam[0].strip()[:80], exam[1].isoformat() if exam[1] else "")
    content.chosen[place] = mapping
    with transaction.atomic():
        if profile_name.strip() and mapping.kind:
            saved = saved_profiles.save(
                actor, school=batch.school, name=profile_name, sheet=sheet, mapping=mapping
            )
            content.chosen[place] = replace(mapping, profile=saved.name)
    look_again(actor, batch=batch, before=before, content=content)


def correct(actor: Actor, *, batch: ImportBatch, mended: dict[int, Mended]) -> None:
    """Keep corrected cells and rows left out beside the originals, by the sheet's place, and check again."""
    actor.require("import.run", school_id=batch.school_id)
    before, content = opened(batch)
    with transaction.atomic():
        for place, said in mended.items():
            words = {code: meant for code, meant in said.words.items() if code in VOCABULARY and meant}
            held = content.corrections.get(place, NONE)
            content.corrections[place] = held.with_(said.cells, words, said.left_out, said.shown)
            if chosen := content.chosen.get(place):
                saved_profiles.learn_words(batch.school, chosen.profile, words)
    look_again(actor, batch=batch, before=before, content=content)
