"""A form as a file: PDF to print, Word and Excel for whoever must edit. All are made of the same tables."""

from collections.abc import Sequence
from dataclasses import asdict

from .form_excel import form_excel
from .form_word import form_word
from .forms import HEIGHT, SIZES, WIDTH, Form, continued, more_of, tables
from .pdf import compile_pdf

KINDS = ("pdf", "docx", "xlsx")


def form_file(form: Form, kind: str) -> bytes:
    """`kind`: one of `KINDS`."""
    if kind == "pdf":
        return form_pdf([form])
    return form_excel(form) if kind == "xlsx" else form_word(form)


def form_pdf(forms: Sequence[Form]) -> bytes:
    """One PDF; each form begins on a page of its own.

    Measured: the letters are as large as the page allows, and what is left of it goes to the long answers.
    """
    page = {"width": WIDTH, "height": HEIGHT, "sizes": SIZES}
    content = {"forms": [_told(form) for form in forms], "page": page, "continued": continued()}
    return compile_pdf("form.typ", content)


def _told(form: Form) -> dict[str, object]:
    return {
        "title": form.title,
        "over": form.over,
        "foot": form.foot,
        "tables": [asdict(table) for table in tables(form)],
        "more": more_of(form.title),
    }
