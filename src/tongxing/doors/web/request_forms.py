"""The forms in which help is asked for: signed in, for a child, from a paper slip, through a printed square."""

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tongxing.care.requests.asking import LONGEST, Asked
from tongxing.care.requests.squares import LONGEST_NAME
from tongxing.care.requests.topics import TOPICS, Reader
from tongxing.ground.kernel import clock
from tongxing.ground.people.models import SchoolClass

from .fields import offer, offer_rows

TOPIC_CHOICES = [(code, topic.label) for code, topic in TOPICS.items()]


class AskForm(forms.Form):
    """What it is about has been tapped on the page before."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    topic = forms.ChoiceField(choices=TOPIC_CHOICES, widget=forms.HiddenInput)
    text = forms.CharField(
        label=gettext_lazy("A few words"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    cannot_wait = forms.BooleanField(label=gettext_lazy("It cannot wait until tomorrow"), required=False)

    def __init__(self, *args: Any, topic: str = "", **kwargs: Any) -> None:
        super().__init__(*args, initial={"client_id": uuid4(), "topic": topic}, **kwargs)

    def asked(self, **more: Any) -> Asked:
        told = self.cleaned_data
        without = told.get("without", ())
        return Asked(
            told["topic"],
            told["client_id"],
            told["text"],
            without=list(without),
            cannot_wait=told["cannot_wait"],
            on=told.get("on"),
            **more,
        )


class SignedInForm(AskForm):
    """Whoever reads it is known by name, so one can say that one of them shall not."""

    without = forms.MultipleChoiceField(
        label=gettext_lazy("Somebody of them shall not read it?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("client_id", "topic", "text", "without", "cannot_wait")

    def __init__(self, *args: Any, readers: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "without", readers or Reader.choices)
        if not readers:
            del self.fields["without"]


def not_read_by(readers: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Who can be left out, in words; readers: role and colleague."""
    said = dict(Reader.choices)
    return [(role, _("not %(who)s") % {"who": said[role]}) for role, _user in readers if role in said]


def any_reader(topic: str) -> list[tuple[str, str]]:
    """Who can be left out where it is not known who reads; nobody, where it goes to those who answer for safety."""
    return [] if topic in TOPICS and TOPICS[topic].harm else not_read_by((role, None) for role in Reader)


class SquareForm(AskForm):
    """Without an account. `website` is no field of ours: whoever fills it in is a program."""

    name = forms.CharField(
        label=pgettext_lazy("help", "Your name"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    class_name = forms.CharField(
        label=gettext_lazy("Your class"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    website = forms.CharField(
        label=gettext_lazy("Please leave this empty"),
        required=False,
        max_length=200,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, of_class: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autocomplete"] = "off"
        if of_class:
            del self.fields["class_name"]

    def clean_website(self) -> str:
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                gettext_lazy("Please empty this field and send once more. Your words are still here.")
            )
        return ""


class SlipForm(AskForm):
    """A slip as it lay in the box."""

    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"), choices=TOPIC_CHOICES, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=gettext_lazy("Name on the slip"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("Unsigned is fine; please do not guess."),
    )
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(),
        label=gettext_lazy("Class"),
        required=False,
        empty_label=gettext_lazy("not known"),
    )
    on = forms.DateField(
        label=gettext_lazy("Day on the slip"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
    )
    field_order = ("client_id", "text", "topic", "name", "school_class", "on", "cannot_wait")

    def __init__(self, *args: Any, classes: QuerySet[SchoolClass], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "school_class", classes)
        self.fields["text"].label = gettext_lazy("What stands on it, word for word")
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()
