"""How a text may begin, by the question it answers: a few words each, so that nobody sits before an empty field."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STARTERS: dict[str, tuple[str | Promise, ...]] = {
    # a talk
    "thoughts": (_("Mood"), _("In the family"), _("With classmates"), _("Worries")),
    "difficulties": (_("With homework"), _("In class"), _("Last test")),
    "improvement": (_("Every day"), _("With a classmate"), _("With the teacher")),
    "life": (_("Eating and sleeping"), _("Clothes and bedding"), _("How they feel")),
    "promise": (_("By Friday"), _("Every day"), _("Until next time")),
    # with the family
    "at_home": (_("Who is at home"), _("Helping at home"), _("Phone and television"), _("With the elders")),
    "homework": (_("Where it is written"), _("Who looks at it"), _("Not finished yet")),
    "weekend": (_("On Saturday"), _("On Sunday"), _("Together with")),
    "family_view": (_("They are glad about"), _("They worry about"), _("They would like the school to")),
    "measures": (_("The school does"), _("The family does"), _("By Friday")),
    "said": (_("How things are lately"), _("Told about school"), _("The family asked")),
    "about": (_("Written home"), _("Come from home"), _("To the child"), _("A thank-you")),
    # learning
    "covered": (
        pgettext_lazy("subject", "Chinese"),
        pgettext_lazy("subject", "Maths"),
        pgettext_lazy("subject", "English"),
        _("Mistakes of the last test"),
    ),
    "mastered": (_("Works now"), _("Not sure yet"), _("To practise next")),
    "motto": (_("For you"), _("For both of us"), _("This term")),
    "sign": (_("In the notebook"), _("In class"), _("Seen at home")),
    "shown_by": (_("In the notebook"), _("In class"), _("Seen at home"), _("In their own words")),
    # counselling
    "heard": (_("Told unasked"), _("What I saw"), _("What does them good")),
    "agreed": (_("Until next time"), _("Who helps"), _("When it gets hard")),
}
