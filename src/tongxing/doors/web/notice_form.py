"""What is asked before a notice of the school goes up, whatever it is about."""

from django import forms
from django.utils.translation import gettext_lazy

from tongxing.ground.publicity.actions import LONGEST_TITLE, Said
from tongxing.ground.publicity.models import WORDS
from tongxing.ground.publicity.rules import MOST_WORKING_DAYS

from .contact_forms import DayInput
from .ledger_frame import SentOnce

WORKING_DAYS = 5


class NoticeForm(SentOnce):
    title = forms.CharField(label=gettext_lazy("Title of the notice"), max_length=LONGEST_TITLE)
    words = forms.CharField(
        label=gettext_lazy("Words above the names"),
        max_length=WORDS,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy(
            "No numbers of people, no addresses, no categories, no reasons: the page refuses them."
        ),
    )
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=DayInput())
    working_days = forms.IntegerField(
        label=gettext_lazy("Working days"), min_value=1, max_value=MOST_WORKING_DAYS, initial=WORKING_DAYS
    )
    on_board = forms.BooleanField(
        label=gettext_lazy("Colleagues read it after signing in (otherwise it is only printed)"),
        required=False,
    )
    with_level = forms.BooleanField(
        label=gettext_lazy("With the level beside the name (the law does not ask for it)"), required=False
    )

    def said(self) -> Said:
        return Said(**{name: value for name, value in self.cleaned_data.items() if name != "client_id"})
