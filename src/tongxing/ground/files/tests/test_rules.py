"""Whatever comes in, what is kept is a plain small picture or a quiet PDF, or nothing."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tongxing.ground.files.rules import LARGEST_PDF, LARGEST_PICTURE, LONGEST_SIDE, examine
from tongxing.ground.kernel.errors import Refused

from .pictures import from_a_phone, pdf, picture, png_that_says

HTML = b"<!doctype html><html><script>alert(1)</script></html>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def read(kept):
    return Image.open(io.BytesIO(kept.content))


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.exe", b"MZ")
    return out.getvalue()


def test_a_photo_is_turned_upright_made_smaller_and_forgets_place_and_device():
    kept = examine(from_a_phone())
    image = read(kept)
    assert image.size == (LONGEST_SIDE // 2, LONGEST_SIDE) and kept.media_type == "image/jpeg"
    assert not image.getexif() and "comment" not in image.info
    assert b"Secret" not in kept.content and b"Exif" not in kept.content


@pytest.mark.parametrize(
    ("form", "mode"),
    [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "LA"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "1")]
    + [("WEBP", "RGBA"), ("JPEG", "CMYK"), ("JPEG", "L")],
)
def test_every_kind_of_picture_becomes_a_plain_jpeg(form, mode):
    image = read(examine(picture(form=form, mode=mode)))
    assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (40, 30))


def test_nothing_hidden_in_a_picture_survives():
    for hidden in (HTML, SVG, archive(), b"<?php system($_GET[0]); ?>" * 20):
        kept = examine(picture() + hidden)
        assert hidden[:20] not in kept.content and hidden[-20:] not in kept.content
    commented = examine(picture(comment=HTML))
    assert b"script" not in commented.content


@pytest.mark.parametrize(
    "content",
    [HTML, SVG, b"GIF89a" + HTML, b"MZ" + b"\0" * 100, archive(), b"", b"x", b"BM" + b"\0" * 60, b"\0" * 64]
    + [b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + HTML, b"\x89PNG\r\n\x1a\n" + HTML, picture()[:300]]
    + [picture(form="GIF"), picture(form="TIFF"), b"RIFF\x10\0\0\0WEBP" + HTML],
)
def test_what_is_no_photo_is_refused_in_words_whatever_it_is_called(content):
    with pytest.raises(Refused) as no:
        examine(content)
    assert no.value.field == "files" and no.value.message


@pytest.mark.parametrize("size", [(10_000, 10_000), (65_000, 65_000), (1, 100_000_000)])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(size):
    with pytest.raises(Refused):
        examine(png_that_says(*size))


def test_sizes_are_limited():
    with pytest.raises(Refused):
        examine(picture() + b"\0" * LARGEST_PICTURE)
    with pytest.raises(Refused):
        examine(pdf(b" " * LARGEST_PDF))


def test_a_quiet_pdf_is_kept_as_it_is():
    kept = examine(pdf(b"/OpenAction [3 0 R /Fit] "))
    assert kept.content == pdf(b"/OpenAction [3 0 R /Fit] ") and kept.media_type == "application/pdf"
    stream = b"stream\n\x00/JS \x01/Launch \nendstream\n"
    assert examine(pdf(stream)).media_type == "application/pdf", "chance bytes of a picture are no script"


@pytest.mark.parametrize(
    "content",
    [
        pdf(b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >> "),
        pdf(b"/J#61vaScript "),
        pdf(b"/AA << /O << /S /Launch /F (cmd.exe) >> >> "),
        pdf(b"/Names << /EmbeddedFiles 5 0 R >> "),
        HTML + pdf(),
        pdf()[:-6],
        pdf() + HTML * 40,
    ],
)
def test_a_pdf_that_acts_carries_files_or_is_broken_is_refused(content):
    with pytest.raises(Refused):
        examine(content)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([b"", picture(), picture(form="PNG"), pdf(), b"RIFF"]))
def test_damaged_files_never_break_anything(noise, start):
    for content in (start + noise, start[: len(noise)] + noise, noise + start):
        try:
            kept = examine(content)
        except Refused:
            continue
        assert kept.media_type == "application/pdf" or read(kept).format == "JPEG"
