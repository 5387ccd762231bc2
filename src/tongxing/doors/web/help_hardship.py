"""Help on the pages of recognising hardship and of the school's notices."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HARDSHIP: dict[str, str | Promise] = {
    "hardship": _(
        "From top to bottom: what waits for the class, for the school, for the decision, for the notice, for filing. A class teacher sees the own class while it has to be reviewed, and no level afterwards."
    ),
    "hardship-open": _(
        "One round a school year, and an adjustment in each term for what changes. Families see your words at their door; a signed promise is all they need."
    ),
    "hardship-panel": _(
        "Choose at least two who sit together. Whoever is family of a child, or has stood back from it, is left out there; if fewer than two remain, name one more."
    ),
    "hardship-for-whom": _(
        "For families who hand in on paper: choose the child, then key the sheet in. Children whose application is there already have a tick."
    ),
    "hardship-apply": _(
        "As it stands on the signed sheet. Household and work are filled in from what is known; correct them where the family writes otherwise. Everything is sealed under the child's own key."
    ),
    "hardship-applications": _(
        "Every application on its way, by class and name. Tap one to read it, to write what your review says, or to decide."
    ),
    "hardship-application": _(
        "Left what the family says, right what its answers speak for and why. Those who sit together write one opinion; afterwards the school does, and somebody else decides. Related to the child? Stand back below."
    ),
    "hardship-publish": _(
        "One notice for everybody who was decided. The words are checked: numbers, addresses, dates of birth, categories and reasons are refused. It counts working days by the school's calendar."
    ),
    "hardship-recognised": _(
        "What holds today. “Adjust” changes it within the year with its reason; the history stays with the child."
    ),
    "hardship-adjust": _(
        "More, less, or no longer needed. More and less go through a notice again; an end holds at once and is told to nobody but the family."
    ),
    "student-hardship": _(
        "Everything that was decided about this child, with the reasons. It is read with the hardship zone alone."
    ),
    "hardship-lists": _(
        "Hand in the sheets as they come. Numbers are compared and not kept. What a list says is noted with the child, with the office and the day; taken back, it never held."
    ),
    "hardship-list": _(
        "The children of this school on this list. Rows about others were counted and thrown away."
    ),
    "hardship-uncovered": _(
        "Nobody an office knows of should be missed. For each child the next step stands at the end of the line: talk with the family, key the paper in, review, decide."
    ),
    "hardship-settings": _(
        "The school's own levels, and how much each answer counts for the suggestion. A round keeps the points with which it began."
    ),
    "notices": _(
        "What stands today. It is read after signing in only, never on the open internet, and is gone after its last day."
    ),
    "notice": _(
        "Names and classes, as they stood on the first day. Whoever sees it differently tells the student affairs office; what is said is kept sealed and answered."
    ),
}
