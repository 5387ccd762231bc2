"""How a school reads its own sheets: what was chosen by hand once is used by itself when the same headings come again."""

from django.db import transaction
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused

from .content import Content
from .mapping import Corrections, Mapping, fingerprint, headings_of
from .models import ImportProfile
from .profile import Profile
from .reader import Sheet
from .recognise import SEARCHED_LINES


def apply(school: Organisation, content: Content, handed_in: Profile) -> None:
    """Choose the columns of every sheet whose headings are known, unless a profile was handed in for its file."""
    known = {one.fingerprint: one for one in ImportProfile.objects.filter(school=school)}
    for sheet in content.sheets if known else ():
        found = None if handed_in.plans(sheet.file) else _known(sheet, known)
        if found:
            line, profile = found
            content.chosen[sheet.place] = Mapping(
                profile.kind, line, profile.columns, profile.subjects, profile.name
            )
            if profile.words:
                content.corrections[sheet.place] = Corrections(words=profile.words)


def _known(sheet: Sheet, known: dict[str, ImportProfile]) -> tuple[int, ImportProfile] | None:
    for line, row in enumerate(sheet.rows[:SEARCHED_LINES]):
        if profile := known.get(fingerprint(headings_of(row))):
            return line, profile
    return None


@transaction.atomic
def save(actor: Actor, *, school: Organisation, name: str, sheet: Sheet, mapping: Mapping) -> ImportProfile:
    """Keep the choice under its name; the same headings again, or the same name, replace the earlier choice."""
    actor.require("import.run", school_id=school.pk)
    name = name.strip()[:60]
    headings = headings_of(sheet.rows[mapping.heading]) if mapping.heading >= 0 else []
    if len([heading for heading in headings if heading]) < 2:
        raise Refused(
            _("Without headings the sheet cannot be known again; leave the name empty."), field="name"
        )
    held = ImportProfile.objects.filter(school=school)
    sign = fingerprint(headings)
    if held.filter(name=name).exclude(fingerprint=sign).exists():
        raise Refused(_("Other sheets are known by this name. Please choose another one."), field="name")
    profile, _made = ImportProfile.objects.update_or_create(
        school=school,
        fingerprint=sign,
        defaults={
            "name": name,
            "kind": mapping.kind,
            "headings": headings,
            "columns": mapping.columns,
            "subjects": mapping.subjects,
            "created_by_id": actor.user_id,
            "created_at": clock.now(),
        },
    )
    audit.record(actor, "import.profile", school_id=school.pk, subject=("import-profile", profile.pk))
    return profile


def learn_words(school: Organisation, name: str, words: dict[str, dict[str, str]]) -> None:
    """What a word means in one sheet it means in the next of the same headings; inside the caller's transaction."""
    for profile in ImportProfile.objects.filter(school=school, name=name) if name and words else ():
        for code, meant in words.items():
            profile.words[code] = profile.words.get(code, {}) | meant
        profile.save(update_fields=["words"])


@transaction.atomic
def forget(actor: Actor, *, profile: ImportProfile) -> None:
    actor.require("import.run", school_id=profile.school_id)
    audit.record(
        actor, "import.forget-profile", school_id=profile.school_id, subject=("import-profile", profile.pk)
    )
    profile.delete()
