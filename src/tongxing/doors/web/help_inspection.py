"""Help for the pages of the whole inspection and of the review of a term."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

INSPECTION: dict[str, str | Promise] = {
    "inspection-plan": _(
        "Plan before the month begins or on the way: what is looked at, who goes, where and when. Whoever goes finds it on the own week and writes what was seen there; thanks and points follow in the month's inspection."
    ),
    "inspection-stop": _(
        "Write what you saw or counted, the good first. It can be corrected for a week. Nobody is graded; what needs a hand becomes a point with somebody who sees to it."
    ),
    "inspection-sample": _(
        "First the list is fixed and gets its fingerprint, then a word from outside decides. So nobody can choose whose records are looked at, and anybody can repeat the draw. Tap a record to say how it compares with the paper or the person."
    ),
    "review": _(
        "Towards the end of the term: ask the families, write down recognition that came, look back, meet, and say what is done next by whom. What stands here becomes the review on paper; nothing is typed twice."
    ),
    "feedback": _(
        "Families answer at their door or on a slip. Only sums are kept; what they said opens after the last day, from ten answers on. Words that speak of danger go to whoever answers for safety at once."
    ),
    "recognitions": _(
        "Write down praise on the day it comes, with the letter or the page. Name the office or “a family of class …”, never a child or a parent. The summary of the term says exactly these lines."
    ),
    "reflection": _(
        "The figures come from your own records. What you write is yours alone until you hand it in; then those who lead read it before the exchange. It is never graded."
    ),
}
