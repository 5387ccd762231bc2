"""What may be kept as a file, and in what shape. Pure: bytes in, bytes out; no name or declared type is believed.

Invariants:
- a picture is decoded and written anew as JPEG: upright, at most 1,600 px, without EXIF or anything hidden in it;
- it is refused by its stated size before its pixels are decoded;
- a PDF is kept as it is, whole and small, and refused when it would run something or carries other files;
- everything else is refused, whatever it is called.
"""

import io
import re
import warnings
from dataclasses import dataclass

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from tongxing.ground.kernel.errors import Refused

MEGA = 1024 * 1024
LARGEST_PICTURE = 15 * MEGA
LARGEST_PDF = 5 * MEGA
LONGEST_SIDE = 1_600  # px
#: Pixels before decoding. JPEG is decoded at a fraction of its size, the others whole.
MOST_PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
PICTURES = {"image/jpeg", "image/png", "image/webp"}
PDF, JPEG = "application/pdf", "image/jpeg"
#: Names in a PDF that make it act or carry something: scripts, programs, other files, forms that send.
ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|XFA)\b")
STREAM = re.compile(rb"\bstream\r?\n.*?endstream", re.DOTALL)
HEADER_OF_PDF = re.compile(rb"%PDF-[12]\.\d")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as it will be kept."""

    content: bytes
    media_type: str


def examine(content: bytes) -> Kept:
    """The file in the shape in which it may be kept; refused in words otherwise."""
    if not content:
        raise Refused(_("This file is empty."), field="files")
    kind = _kind(content)
    if kind == PDF:
        return _pdf(content)
    if kind in PICTURES:
        return Kept(_picture(content), JPEG)
    raise Refused(
        _("Only photos (JPEG, PNG, WebP) and PDF files can be attached. This is something else."),
        field="files",
    )


def _kind(content: bytes) -> str:
    """What the bytes themselves say they are: the likeliest type, and nothing when none is known."""
    try:
        guesses = puremagic.magic_string(content[: 64 * 1024])
    except (puremagic.PureError, ValueError):
        return ""
    best = max(guess.confidence for guess in guesses)
    named = {guess.mime_type for guess in guesses if guess.confidence == best}
    return next(iter(sorted(named & (PICTURES | {PDF}))), "")


def _picture(content: bytes) -> bytes:
    if len(content) > LARGEST_PICTURE:
        raise Refused(
            _("A photo may have up to %(n)d MB. Please take a smaller one.") % {"n": LARGEST_PICTURE // MEGA},
            field="files",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _anew(content)
    except Refused:
        raise
    except (OSError, SyntaxError, ValueError, OverflowError, EOFError, MemoryError, Warning) as error:
        raise _unreadable() from error
    except Image.DecompressionBombError as error:
        raise _too_many_pixels() from error


def _anew(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=list(MOST_PIXELS)) as image:
        if image.width * image.height > MOST_PIXELS[str(image.format)]:
            raise _too_many_pixels()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = _on_white(upright)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Pixels alone, in plain colours: no palette, no transparency, no attached data."""
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    pixels = image.convert("RGB")
    clean = Image.new("RGB", pixels.size)
    clean.paste(pixels)
    return clean


def _too_many_pixels() -> Refused:
    return Refused(_("This picture has too many pixels. Please take a smaller one."), field="files")


def _unreadable() -> Refused:
    return Refused(_("This picture cannot be read. Please take the photo once more."), field="files")


def _pdf(content: bytes) -> Kept:
    if len(content) > LARGEST_PDF:
        raise Refused(
            _("A PDF may have up to %(n)d MB.") % {"n": LARGEST_PDF // MEGA},
            field="files",
        )
    if not HEADER_OF_PDF.match(content) or b"%%EOF" not in content[-1024:]:
        raise Refused(_("This PDF is damaged. Please save it once more."), field="files")
    if ACTIVE.search(_unescaped(content)):
        raise Refused(
            _("This PDF would run something or carries other files. Please print it to PDF once more."),
            field="files",
        )
    return Kept(content, PDF)


def _unescaped(content: bytes) -> bytes:
    """The objects of a PDF without their streams, where chance bytes look like names; names may be written with
    #xx: /J#61vaScript. What hides in compressed objects is not seen: a PDF is only ever handed out as a download."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), STREAM.sub(b"", content))
