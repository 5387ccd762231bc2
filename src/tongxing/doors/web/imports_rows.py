"""Importing: correcting rows in the page, or leaving them out, and checking again."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tongxing.doors.web.page import page, say
from tongxing.paper.exchange import by_hand
from tongxing.paper.exchange.actions import opened
from tongxing.paper.exchange.by_hand import Mended
from tongxing.paper.exchange.content import Content
from tongxing.paper.exchange.kinds import ANOTHER, SAME
from tongxing.paper.exchange.lines import SECRET
from tongxing.paper.exchange.rows import rows_left_out, rows_to_mend, shown_value, words_to_explain

from .imports import batch_of

ROWS_ON_A_PAGE = 15
EMPTIED = {"-", "—", "－"}  # written into a cell that is not spelt out: it shall be empty


@page(can="import.run")
def rows(request: Any, batch_id: int) -> HttpResponse:
    found = batch_of(request, batch_id)
    _before, content = opened(found)
    if request.method == "POST":
        mended = mended_from(request.POST, content)
        if "all-different" in request.POST:
            mended = _told_apart(mended, found.problems)
        by_hand.correct(request.actor, batch=found, mended=mended)
        found.refresh_from_db()
        _tell(request, found.problem_count)
        return redirect("import-rows" if found.problem_count else "import-batch", batch_id)
    shown = Paginator(rows_to_mend(content, found.problems), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "batch": found,
        "page": shown,
        "words": words_to_explain(found.problems) if shown.number == 1 else [],
        "left_out": rows_left_out(content, 200),
        "questions": sum(one["code"] == SAME for one in found.problems),
        "another": ANOTHER,
    }
    return render(request, "imports/rows.html", context)


def _tell(request: Any, left: int) -> None:
    if left:
        words = ngettext("Checked again: %(n)s row is left.", "Checked again: %(n)s rows are left.", left)
        say(request, words % {"n": left})
    else:
        say(request, _("Checked again: every row is fine now."))


def mended_from(posted: Any, content: Content) -> dict[int, Mended]:
    """What a person changed: cells that differ from what the page showed, words, rows to leave out."""
    mended: dict[int, Mended] = {}
    for key in posted:
        what, place, line, code = (key.split("|", 3) + ["", "", ""])[:4]
        if not (place.isdecimal() and int(place) < len(content.sheets)):
            continue
        sheet, said = int(place), mended.setdefault(int(place), Mended())
        if what == "cell" and line.isdecimal() and int(line) < len(content.sheets[sheet].rows):
            text = posted[key].strip()[:200]
            if text != shown_value(content, sheet, int(line), code):
                said.cells.setdefault(int(line), {})[code] = (
                    "" if code in SECRET and text in EMPTIED else text
                )
        elif what == "word" and posted[key].strip():
            said.words.setdefault(line, {})[code] = posted[key].strip()[:40]
        elif what in {"shown", "out"} and line.isdecimal():
            lines = said.shown if what == "shown" else said.left_out
            lines.append(int(line))
    return mended


def _told_apart(mended: dict[int, Mended], problems: list[dict]) -> dict[int, Mended]:
    """The answer “another child” to every question that is open."""
    for one in problems:
        if one["code"] == SAME:
            cells = mended.setdefault(one["place"], Mended()).cells
            cells.setdefault(one["line"] - 1, {}).setdefault(SAME, ANOTHER)
    return mended


urlpatterns = [path("import/<int:batch_id>/rows/", rows, name="import-rows")]
