"""What entries about the whole inspection and the review of a term say, in words."""

from django.utils.translation import gettext_lazy as _

INSPECTION = {
    "feedback.alarms": _("read families’ words that speak of danger"),
    "feedback.last-day": _("changed the last day of the questions to families"),
    "feedback.open": _("asked the families three questions"),
    "feedback.slips": _("counted slips of families"),
    "inspection.check": _("looked at a drawn record"),
    "inspection.draw": _("drew records by lot"),
    "inspection.proof": _("added a file to a point of the inspection"),
    "inspection.proof-away": _("took a file of the inspection away"),
    "inspection.plan": _("planned a stop of the inspection"),
    "inspection.sample": _("fixed a list to draw from"),
    "inspection.seen": _("wrote down what the inspection saw"),
    "inspection.stop-again": _("put a stop of the inspection back"),
    "inspection.stop-let-go": _("let a stop of the inspection go"),
    "recognition.again": _("put a line of recognition back"),
    "recognition.back": _("took a line of recognition back"),
    "recognition.file": _("added a file of recognition"),
    "recognition.file-away": _("took a file of recognition away"),
    "recognition.note": _("wrote down recognition that came"),
    "reflection.back": _("took the own look back on the term back"),
    "reflection.hand-in": _("handed in a look back on the term"),
    "step.done": _("noted that something of the review is done"),
    "step.let-go": _("let something of the review go"),
    "step.not-yet": _("took back that something of the review is done"),
    "step.note": _("noted what the review does next"),
}
