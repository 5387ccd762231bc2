"""What entries about the whole inspection and the review of a term say, in words."""

from django.utils.translation import gettext_lazy as _

INSPECTION = {
    "inspection.check": _("looked at a drawn record"),
    "inspection.draw": _("drew records by lot"),
    "inspection.proof": _("added a file to a point of the inspection"),
    "inspection.proof-away": _("took a file of the inspection away"),
    "inspection.plan": _("planned a stop of the inspection"),
    "inspection.sample": _("fixed a list to draw from"),
    "inspection.seen": _("wrote down what the inspection saw"),
    "inspection.stop-again": _("put a stop of the inspection back"),
    "inspection.stop-let-go": _("let a stop of the inspection go"),
}
