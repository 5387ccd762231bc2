"""PDF files by Typst, from the templates beside this file. Content travels as JSON: nothing in it is ever code.

Only the fonts that come with the product are used, so a file looks the same on every machine.
"""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from django.utils.translation import gettext as _

from .content import Block, Document, Head, in_chinese, numbered
from .word import head_size

TEMPLATES = Path(__file__).parent
FONTS = [str(pylopdf_fonts_zh_cn.serif_path().parent)]


def pdf_file(document: Document) -> bytes:
    return compile_pdf("official.typ", document_json(document))


def compile_pdf(template: str, content: dict[str, Any]) -> bytes:
    """One template of this folder filled with plain data."""
    file = typst.compile(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=FONTS,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"content": json.dumps(content | language(), ensure_ascii=False)},
    )
    assert isinstance(file, bytes)
    return file


def language() -> dict[str, str]:
    return {"lang": "zh", "region": "CN"} if in_chinese() else {"lang": "en", "region": "GB"}


def document_json(document: Document) -> dict[str, Any]:
    appendix = document.appendix
    return {
        "title": document.title,
        "number": document.number,
        "head": document.head and _head_json(document.head),
        "salutation": document.salutation,
        "imprint": document.imprint,
        "issuer": document.issuer,
        "dated": document.dated_text,
        "day": [document.dated.year, document.dated.month, document.dated.day],
        "blocks": _blocks_json(document.blocks),
        "attachment": _("Attachment"),
        "attachment_line": _("Attachment: %(title)s") % {"title": appendix.title} if appendix else "",
        "appendix": appendix and {"title": appendix.title, "blocks": _blocks_json(appendix.blocks)},
    }


def _head_json(head: Head) -> dict[str, Any]:
    """The logo as a list of bytes: text is all that a template takes."""
    return {
        "name": head.name,
        "colour": f"#{head.colour}",
        "size": head_size(head.name),
        "logo": list(head.logo),
    }


def _blocks_json(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    return [
        dataclasses.asdict(block) | {"kind": kind, "text": text} for kind, text, block in numbered(blocks)
    ]
