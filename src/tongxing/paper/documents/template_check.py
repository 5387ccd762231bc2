"""What a school's own Word file must be before it is kept: text, tables and pictures, and nothing that acts. Pure.

Invariants:
- no part is read before sizes and names of all are known; nothing is ever unpacked to a disk;
- only what is on the lists below may be in it: everything else is refused in words that name it;
- no macro, no embedded file, no link to outside, no field that fetches or runs anything, no document type declaration.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from django.utils.translation import gettext as _
from lxml import etree  # type: ignore[import-untyped]  # comes with python-docx, which reads these files with it

from tongxing.ground.kernel.errors import Refused

MEGA = 1024 * 1024
LARGEST, LARGEST_INFLATED, MOST_PARTS = 3 * MEGA, 40 * MEGA, 300
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PICTURES = (".png", ".jpg", ".jpeg", ".gif")
TEXTS = (".xml", ".rels")
#: Kinds of relations that bring something else in.
BRINGS = re.compile(
    r"/(?:oleObject|package|aFChunk|subDocument|attachedTemplate|frame|control|vbaProject|activeX)$", re.I
)
#: What a field may tell: places and days. Everything else could fetch or start something.
FIELDS = {
    "PAGE",
    "NUMPAGES",
    "SECTIONPAGES",
    "SECTION",
    "PAGEREF",
    "DATE",
    "TIME",
    "SEQ",
    "STYLEREF",
    "TOC",
    "REF",
}
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def check(content: bytes) -> None:
    """Raises Refused with a sentence for the field `file`."""
    if not content:
        raise _no(_("This file is empty."))
    if len(content) > LARGEST:
        raise _no(
            _("A template may have up to %(n)d MB. Pictures in it can be made smaller.")
            % {"n": LARGEST // MEGA}
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _sizes(packed)
            parts = {name: packed.read(name) for name in packed.namelist() if not name.endswith("/")}
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        OSError,
        RuntimeError,
        NotImplementedError,
        ValueError,
    ) as error:
        raise _no(
            _("This is no Word file that can be read. Please save it as docx, without a password.")
        ) from error
    _names(parts)
    for name, part in parts.items():
        if name.lower().endswith(TEXTS):
            _text(name, part)


def _sizes(packed: zipfile.ZipFile) -> None:
    found = packed.infolist()
    if len(found) > MOST_PARTS or sum(one.file_size for one in found) > LARGEST_INFLATED:
        raise _no(_("This file is much larger inside than it looks. Please make a plainer one."))
    names = [one.filename.lower() for one in found]
    if len(set(names)) < len(names) or any(".." in name or name.startswith(("/", "\\")) for name in names):
        raise _damaged()


def _names(parts: dict[str, bytes]) -> None:
    if not {"[Content_Types].xml", "word/document.xml"} <= parts.keys():
        raise _no(_("This is no Word file that can be read. Please save it as docx, without a password."))
    for name in parts:
        if "vba" in name.lower() or name.lower().endswith(".bin"):
            raise _no(
                _("This file holds a macro or an embedded program. Please save it as docx without them.")
            )
        if not name.lower().endswith((*TEXTS, *PICTURES)):
            raise _no(
                _("This file carries something besides text and pictures (%(what)s). Please take it out.")
                % {"what": name.rsplit("/", 1)[-1][:40]}
            )


def _text(name: str, part: bytes) -> None:
    try:
        text = part.decode("utf-8-sig")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise _damaged()
        root = etree.fromstring(part, PARSER)
    except (UnicodeDecodeError, etree.XMLSyntaxError) as error:
        raise _damaged() from error
    if name == "[Content_Types].xml":
        kinds = {one.get("PartName"): one.get("ContentType", "") for one in root}
        if kinds.get("/word/document.xml") != MAIN or any("macroEnabled" in kind for kind in kinds.values()):
            raise _no(
                _("This file holds a macro or an embedded program. Please save it as docx without them.")
            )
    if name.endswith(".rels"):
        _relations(root)
    for told in instructions(root):
        word = (told.split() or [""])[0].upper()
        if word not in FIELDS:
            raise _no(
                _("This file has a field that fetches or starts something (%(what)s). Please take it out.")
                % {"what": word[:20]}
            )


def _relations(root: etree._Element) -> None:
    for one in root:
        if one.get("TargetMode", "").lower() == "external":
            raise _no(
                _(
                    "This file links to something outside (%(what)s). Please take the link out: a plain word stays."
                )
                % {"what": (one.get("Target") or "")[:60]}
            )
        if BRINGS.search(one.get("Type", "")):
            raise _no(
                _("This file holds a macro or an embedded program. Please save it as docx without them.")
            )


def instructions(root: etree._Element) -> Iterator[str]:
    """What each field says, in whatever pieces it is written; a field within another is one of its own."""
    open_fields: list[str] = []
    for one in root.iter(f"{W}fldChar", f"{W}instrText", f"{W}delInstrText", f"{W}fldSimple"):
        kind = one.get(f"{W}fldCharType")
        if one.tag == f"{W}fldSimple":
            yield one.get(f"{W}instr") or ""
        elif kind == "begin":
            open_fields.append("")
        elif kind == "end" and open_fields:
            yield open_fields.pop()
        elif kind is None:
            if not open_fields:
                open_fields.append("")
            open_fields[-1] += one.text or ""
    yield from open_fields


def _no(sentence: str) -> Refused:
    return Refused(sentence, field="file")


def _damaged() -> Refused:
    return _no(
        _("This Word file is damaged or unusual. Please open it in WPS or Word and save it once more.")
    )
