"""The letterhead of an office and the numbers of what it sends out.

A number is given under the letterhead's own lock and in the transaction of what it numbers: two people at once get
two numbers, and whatever fails gives none.
"""

import io
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.files.rules import JPEG, examine
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import Refused
from tongxing.oversight.notices.belonging import MANAGE
from tongxing.oversight.notices.models import Circular

from .content import COLOURS, Head
from .models import IssuedDocument
from .models_head import PEOPLE, Letterhead, Outgoing, number_text

LOGO = 420  # px of the longer side: 14 mm in print at 300 dots and more
LARGEST_LOGO = 60 * 1024  # bytes after it was written anew


@dataclass(frozen=True, slots=True)
class Look:
    """What an office says about its papers. `logo`: a new picture; empty keeps the one there is."""

    name: str = ""
    mark: str = ""
    address: str = ""
    colour: str = Letterhead.Colour.RED
    logo: bytes = b""
    no_logo: bool = False


def letterhead_of(office: Organisation) -> Letterhead:
    """As it is kept, or as it is as long as nobody said anything: the office's name in red, no numbers."""
    return Letterhead.objects.filter(school=office).first() or Letterhead(school=office)


def head_of(office: Organisation) -> Head:
    kept = letterhead_of(office)
    return Head(kept.name or office.name, kept.colour, bytes(kept.logo), kept.address)


@transaction.atomic
def set_letterhead(actor: Actor, *, office: Organisation, look: Look) -> Letterhead:
    actor.require(MANAGE, school_id=office.pk)
    mark = "".join(look.mark.split())
    if set(mark) & set("〔〕[]()（）") or any(sign.isdigit() for sign in mark):
        raise Refused(
            _("The sign is words alone, such as 和中; year and number are added by themselves."), field="mark"
        )
    if look.colour not in COLOURS:
        raise Refused(_("Please choose a colour of the list."), field="colour")
    facts: dict[str, object] = {
        "name": " ".join(look.name.split()), "mark": mark, "address": " ".join(look.address.split()),
        "colour": look.colour, "changed_by_id": actor.user_id, "changed_at": clock.now(),
    }  # fmt: skip
    if look.logo or look.no_logo:
        facts["logo"] = b"" if look.no_logo else _logo(look.logo)
    kept, _new = Letterhead.objects.update_or_create(school=office, defaults=facts)
    detail = {"colour": look.colour, "logo": bool(kept.logo), "numbers": bool(mark)}
    audit.record(actor, "letterhead.set", school_id=office.pk, detail=detail)
    return kept


def _logo(content: bytes) -> bytes:
    """A small picture without anything hidden in it."""
    kept = examine(content)
    if kept.media_type != JPEG:
        raise Refused(_("The logo is a picture (JPEG, PNG or WebP)."), field="logo")
    with Image.open(io.BytesIO(kept.content)) as image:
        image.thumbnail((LOGO, LOGO))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=88, optimize=True)
    if len(out.getvalue()) > LARGEST_LOGO:
        raise Refused(_("This logo has too many details. Please take a plainer picture."), field="logo")
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Next:
    """The next number of an office, held until the transaction ends."""

    mark: str
    year: int
    number: int

    @property
    def text(self) -> str:
        return number_text(self.mark, self.year, self.number)


def next_number(office: Organisation) -> Next:
    """Within the transaction of what it numbers. Refused while the office has no sign for its numbers."""
    kept = Letterhead.objects.select_for_update().filter(school=office).exclude(mark="").first()
    if kept is None:
        raise Refused(_("Please say first which sign the numbers carry: it stands with the letterhead."))
    year = clock.today().year
    last = Outgoing.objects.filter(school=office, year=year).order_by("-number").first()
    return Next(kept.mark, year, last.number + 1 if last else 1)


@transaction.atomic
def number_circular(
    actor: Actor, *, circular: Circular, addressed_to: str = "", copies_to: str = ""
) -> Outgoing:
    """Give a circular its number; asked again it keeps it, and only whom it names changes."""
    actor.require(MANAGE, school_id=circular.school_id)
    to, copies = (" ".join(text.split())[:PEOPLE] for text in (addressed_to, copies_to))
    if Circular.objects.select_for_update(of=("self",)).get(pk=circular.pk).ended_at is not None:
        raise Refused(_("It was taken back: it gets no number any more."))
    found = Outgoing.objects.filter(circular=circular).first()
    if found is None:
        found = numbered(actor, next_number(circular.school), circular=circular, to=(to, copies))
    elif (found.addressed_to, found.copies_to) != (to, copies):
        found.addressed_to, found.copies_to = to, copies
        found.save(update_fields=["addressed_to", "copies_to"])
        _log(actor, found, "document.address")
    return found


def numbered(
    actor: Actor,
    given: Next,
    *,
    circular: Circular | None = None,
    document: IssuedDocument | None = None,
    to: tuple[str, str] = ("", ""),
) -> Outgoing:
    """Enter what the number was given to, in the same transaction as `next_number`."""
    paper = circular or document
    assert paper is not None
    made = Outgoing.objects.create(
        school_id=paper.school_id, head=head_of(paper.school).as_json(), year=given.year, number=given.number, mark=given.mark, circular=circular,
        document=document, addressed_to=to[0], copies_to=to[1], given_by_id=actor.user_id, given_at=clock.now(),
    )  # fmt: skip
    _log(actor, made, "document.number")
    return made


def _log(actor: Actor, of: Outgoing, action: str) -> None:
    detail = {"year": of.year, "number": of.number, "circular": of.circular_id, "document": of.document_id}
    audit.record(actor, action, school_id=of.school_id, subject=("outgoing", of.pk), detail=detail)
