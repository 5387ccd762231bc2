"""The shape of forms about forms: defining topics, and answering them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext_lazy

from tongxing.care.profiles import survey_rules
from tongxing.care.profiles.models import Survey, SurveyVersion, Topic
from tongxing.ground.kernel import clock

from .contact_forms import DayInput

BLANK_TOPICS = 4  # beside those that are there


class SurveyForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=survey_rules.LONGEST_TITLE)
    asked = forms.ChoiceField(
        label=gettext_lazy("Who answers"),
        choices=Survey.Asked.choices,
        help_text=gettext_lazy("Where child or family are asked, the family agrees first."),
    )


class TopicForm(forms.Form):
    """One topic; without a label it is none."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)
    label = forms.CharField(
        label=gettext_lazy("Topic"), max_length=survey_rules.LONGEST_LABEL, required=False
    )
    hint = forms.CharField(label=gettext_lazy("Hint"), max_length=survey_rules.LONGEST_HINT, required=False)
    choices = forms.CharField(
        label=gettext_lazy("Choices"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Parted by 、 – left empty, the answer is written in words."),
    )
    essential = forms.BooleanField(
        label=gettext_lazy("The answer also stands in the bound volume"), required=False
    )

    @property
    def topic(self) -> Topic:
        told = self.cleaned_data
        return Topic(
            told["code"],
            told["label"].strip(),
            told["hint"].strip(),
            survey_rules.choices_in(told["choices"]),
            told["essential"],
        )


TopicForms = forms.formset_factory(TopicForm, extra=BLANK_TOPICS, max_num=survey_rules.MOST_TOPICS)


def topic_forms(data: Any, version: SurveyVersion | None = None) -> Any:
    """The topics of a version, and empty places for more."""
    first = [
        topic.as_json() | {"choices": "、".join(topic.choices)}
        for topic in (version.questions if version else ())
    ]
    return TopicForms(data, initial=first, prefix="t")


class AnswersForm(forms.Form):
    """The topics of one version, for one child. `compact`: one of many on a page."""

    def __init__(
        self, topics: Sequence[Topic], data: Any = None, *, prefix: str = "", compact: bool = False
    ) -> None:
        super().__init__(data, prefix=prefix or None)
        for topic in topics:
            self.fields[topic.code] = _answer_field(topic, compact)

    @property
    def said(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code in self.fields}


def _answer_field(topic: Topic, compact: bool) -> forms.Field:
    if topic.choices:
        choices = [(one, one) for one in topic.choices]
        widget = forms.Select() if compact else forms.RadioSelect()
        return forms.ChoiceField(
            label=topic.label,
            help_text=topic.hint,
            required=False,
            choices=[("", "—"), *choices] if compact else choices,
            widget=widget,
        )
    return forms.CharField(
        label=topic.label,
        help_text="" if compact else topic.hint,
        required=False,
        max_length=survey_rules.LONGEST_ANSWER,
        widget=forms.Textarea({"rows": 1 if compact else 2}),
    )


class DayForm(forms.Form):
    """When it was answered, and the page's own id."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)
    asked_on = forms.DateField(label=gettext_lazy("Answered on"), widget=DayInput())

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"client_id": uuid4(), "asked_on": clock.today()})
        self.fields["asked_on"].widget.attrs["max"] = clock.today().isoformat()

    @property
    def page_id(self) -> UUID:
        return self.cleaned_data["client_id"]
