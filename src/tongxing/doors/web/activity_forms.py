"""Forms of activities: shape only, the rules stay in the actions."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.care.activities.adults import Adult
from tongxing.care.activities.event_actions import WITH_RESULTS
from tongxing.care.activities.models import Event, Offer, SignUp
from tongxing.care.pairing.models import Volunteer
from tongxing.ground.people.models import SchoolClass, Staff
from tongxing.ground.people.models_calendar import grade_name

from .contact_forms import DayInput, TimeInput
from .fields import offer, offer_rows

Kind = Event.Kind
#: What a group takes part in, and what is planned without one.
WITH_GROUP = (Kind.REHEARSAL, Kind.PERFORMANCE, Kind.COMPETITION)
WITHOUT_GROUP = (Kind.SERVICE, Kind.THANKS, Kind.PERFORMANCE, Kind.COMPETITION)
#: Why somebody leaves; that the offer ends is not chosen.
REASONS = [choice for choice in SignUp.Why.choices if choice[0] != SignUp.Why.ENDED]


#: Who comes along besides whoever leads, one field each: three are enough for a class.
COMPANIONS = ("companion_1", "companion_2", "companion_3")


def meets(offer: Offer) -> str:
    """Wednesday 16:20 · room."""
    day = str(WEEKDAYS[offer.weekday]) if offer.weekday is not None else _gettext("by arrangement")
    time = f" {offer.starts_at:%H:%M}" if offer.starts_at else ""
    return " · ".join(filter(None, (day + time, offer.room)))


class OfferForm(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(label=pgettext_lazy("activity", "Name"), max_length=40)
    kind = forms.ChoiceField(
        label=pgettext_lazy("activity", "What it is"), choices=Offer.Kind.choices, widget=forms.RadioSelect
    )
    subject = forms.CharField(
        label=_("Subject of the tutoring"),
        max_length=30,
        required=False,
        help_text=_("It stands in the file of whoever was there, with the tick itself."),
    )
    leader = forms.ModelChoiceField(label=_("Who leads it"), queryset=Staff.objects.none())
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=500)
    weekday = forms.TypedChoiceField(
        label=_("Weekday"),
        choices=[("", _("by arrangement")), *((day, WEEKDAYS[day]) for day in range(7))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    starts_at = forms.TimeField(label=_("Time"), widget=TimeInput, required=False)
    room = forms.CharField(label=_("Room"), max_length=40, required=False)
    grades = forms.TypedMultipleChoiceField(
        label=_("For which grades"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: for everybody."),
    )
    wishes_until = forms.DateField(
        label=_("Wishes until"),
        widget=DayInput,
        help_text=_("Wishes are collected until the end of this day; then the places are given."),
    )
    about = forms.CharField(label=_("What one does there"), max_length=200, required=False)
    likes = forms.CharField(
        label=_("For whoever likes"),
        max_length=120,
        required=False,
        help_text=_(
            "A few words, for example “paper cutting, handicraft”: children who like it are suggested."
        ),
    )

    def __init__(self, *args: Any, adults: Mapping[str, Adult], grades: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_rows(self, "leader", _leaders(adults))
        offer(self, "grades", [(grade, grade_name(grade)) for grade in grades])


def _leaders(people: Mapping[str, Adult]) -> Any:
    """The colleagues among them: a volunteer leads nothing alone."""
    chosen = Staff.objects.filter(pk__in=[one.pk for one in people.values() if isinstance(one, Staff)])
    return chosen.select_related("user").order_by("pinyin", "code")


def named(one: Adult) -> str:
    """A volunteer with where they come from."""
    return f"{one.name}（{one.comes_from}）" if isinstance(one, Volunteer) else one.name


class EventForm(forms.Form):
    """`classes` empty: none is asked for; `adults` empty: whoever plans it leads it alone."""

    client_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    school_class = forms.ModelChoiceField(label=_("Class"), queryset=SchoolClass.objects.none())
    title = forms.CharField(label=pgettext_lazy("activity", "Subject"), max_length=60)
    way = forms.ChoiceField(label=_("How"), choices=Event.Way.choices, widget=forms.RadioSelect)
    on = forms.DateField(label=_("Day"), widget=DayInput)
    starts_at = forms.TimeField(label=_("Time"), widget=TimeInput, required=False)
    place = forms.CharField(label=_("Place"), max_length=60, required=False)
    leader = forms.ModelChoiceField(label=_("Who leads it"), queryset=Staff.objects.none())
    companion_1 = forms.ChoiceField(label=_("Comes along"), required=False)
    companion_2 = forms.ChoiceField(label=_("Comes along too"), required=False)
    companion_3 = forms.ChoiceField(label=_("Comes along too"), required=False)
    leaves_school = forms.BooleanField(
        label=_("The children leave the school: two adults, and each family agrees"), required=False
    )
    single_results = forms.BooleanField(
        label=_(
            "Each child has a result of their own, as in drawing or running; else one is for all, as for a choir"
        ),
        required=False,
    )
    programme = forms.CharField(
        label=_("Programme"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        kind: str,
        adults: Mapping[str, Adult],
        classes: Sequence[SchoolClass] = (),
        needs_class: bool = False,
        leader: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        found = SchoolClass.objects.filter(pk__in=[one.pk for one in classes]).order_by("grade", "number")
        offer_rows(self, "school_class", found)
        self.fields["school_class"].required = needs_class
        offer_rows(self, "leader", _leaders(adults))
        self.adults, people = adults, [(code, named(one)) for code, one in adults.items()]
        for name in COMPANIONS:
            nobody = _("not chosen yet") if name == COMPANIONS[0] else _("nobody else")
            offer(self, name, [("", nobody), *people])
        thanks, service = kind == Kind.THANKS, kind == Kind.SERVICE
        unasked = {
            "school_class": not classes,
            "way": not thanks,
            "leader": not leader,
            **dict.fromkeys(COMPANIONS, thanks or kind == Kind.REHEARSAL),
            "leaves_school": thanks or service or kind == Kind.REHEARSAL,
            "single_results": kind not in WITH_RESULTS,
            "place": thanks,
        }
        for name, is_unasked in unasked.items():
            if is_unasked:
                del self.fields[name]

    def told(self) -> dict[str, Any]:
        """What the form says, for the action's `facts`."""
        besides = {"client_id", "school_class", "leader", *COMPANIONS}
        return {name: value for name, value in self.cleaned_data.items() if name not in besides}

    def companions(self) -> list[Adult] | None:
        """None where they are not asked for."""
        if COMPANIONS[0] not in self.fields:
            return None
        return [self.adults[code] for name in COMPANIONS if (code := self.cleaned_data[name])]


class RecordForm(forms.Form):
    """活动记录: what time, place and who was there do not tell."""

    process = forms.CharField(
        label=pgettext_lazy("activity", "How it went"),
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )
    effect = forms.CharField(
        label=_("What it brought"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2})
    )
    photo_note = forms.CharField(label=_("What the photos show"), max_length=200, required=False)
    result = forms.CharField(label=_("Result"), max_length=60, required=False)
    prize = forms.CharField(label=_("Prize"), max_length=60, required=False)

    def __init__(self, *args: Any, event: Event, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if event.kind not in WITH_RESULTS or event.single_results:
            del self.fields["result"], self.fields["prize"]
