"""The forms of the room of giving: shape only; what they say is judged by the actions."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.aid.donations.actions.campaigns import Plan
from tongxing.aid.donations.actions.money import Counted, Row
from tongxing.aid.donations.models import Campaign, Department, Gift, HandingOver, HelpOffer, Step
from tongxing.aid.donations.models_campaigns import APPEAL, CONSENT_FROM, NAME, WORDS
from tongxing.aid.donations.queries.roster import year_classes
from tongxing.aid.ledger.models import Fund
from tongxing.ground.kernel import clock, money
from tongxing.ground.people.models import SchoolClass, Staff

from .contact_forms import DayInput
from .fields import offer_rows
from .ledger_frame import AmountField, SentOnce


def colleagues_of(school_id: int) -> Any:
    return Staff.objects.filter(school=school_id).active(clock.today()).order_by("pinyin", "code")


class FundField(forms.ModelChoiceField):
    def __init__(self) -> None:
        super().__init__(
            Fund.objects.none(),
            empty_label="—",
            label=_("Which money it becomes"),
            help_text=_("A fund of its own shows clearly what the gifts became."),
        )


def offer_funds(form: forms.Form, school_id: int) -> None:
    offer_rows(form, "fund", Fund.objects.open().filter(school=school_id, memo=False))


class CampaignForm(SentOnce):
    name = forms.CharField(label=pgettext_lazy("activity", "Name"), max_length=NAME)
    slogan = forms.CharField(label=_("Slogan"), max_length=NAME, required=False)
    appeal = forms.CharField(label=_("Appeal"), max_length=APPEAL, widget=forms.Textarea({"rows": 6}))
    starts_on = forms.DateField(label=_("First day"), widget=DayInput())
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput())
    counted_on = forms.DateField(
        label=_("Day whose roster counts"),
        widget=DayInput(),
        help_text=_("How many took part is counted of those who were at school that day."),
    )
    fund = FundField()
    consent_from = AmountField(_("Ask a guardian from this amount of one child on, in yuan"))
    departments = forms.CharField(
        label=_("Departments of the staff, one a line"), required=False, widget=forms.Textarea({"rows": 4})
    )
    shows_share = forms.BooleanField(
        label=_("Show the school how many of a hundred took part, as a whole"), required=False
    )

    def __init__(self, data: Any, school_id: int, campaign: Campaign | None = None) -> None:
        super().__init__(data, initial=_initial(school_id, campaign))
        offer_funds(self, school_id)

    def plan(self) -> Plan:
        said = {name: value for name, value in self.cleaned_data.items() if name in Plan.__dataclass_fields__}
        return Plan(**said)

    def department_names(self) -> list[str]:
        return self.cleaned_data["departments"].splitlines()


def _initial(school_id: int, campaign: Campaign | None) -> dict[str, Any]:
    names = Department.objects.filter(school=school_id, ended_on=None).values_list("name", flat=True)
    known: dict[str, Any] = {"departments": "\n".join(names), "shows_share": True}
    known["consent_from"] = money.yuan(CONSENT_FROM)
    if campaign:
        kept = ("name", "slogan", "appeal", "starts_on", "ends_on", "counted_on", "fund", "shows_share")
        known |= {name: getattr(campaign, name) for name in kept}
        known["consent_from"] = money.yuan(campaign.consent_from)
    return known


class StepForm(SentOnce):
    kind = forms.ChoiceField(label=_("What it was"), choices=Step.Kind.choices)
    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(),
        required=False,
        empty_label=_("all classes"),
        label=_("Of which class, if of one"),
    )
    day = forms.DateField(label=_("Day"), widget=DayInput())
    words = forms.CharField(label=_("In a few words"), max_length=WORDS, required=False)

    def __init__(self, data: Any, campaign: Campaign) -> None:
        super().__init__(data, initial={"day": clock.today()}, auto_id="step-%s")
        classes = year_classes(campaign.school, campaign.counted_on)
        self.fields["school_class"].queryset = classes  # type: ignore[attr-defined]  # a model field


class ReasonForm(forms.Form):
    reason = forms.CharField(label=pgettext_lazy("donation", "Why"), max_length=WORDS)


class GridForm(SentOnce):
    """One row for each class and department: how many took part, and the money together."""

    day = forms.DateField(label=pgettext_lazy("donation", "Handed over on"), widget=DayInput())
    first = forms.ModelChoiceField(Staff.objects.none(), empty_label="—", label=_("Counted by"))
    second = forms.ModelChoiceField(Staff.objects.none(), empty_label="—", label=_("And counted again by"))
    receipt_number = forms.CharField(
        label=_("Number of the official receipt"),
        max_length=40,
        required=False,
        help_text=_("Of the receipt with its seal; it is only noted here."),
    )

    def __init__(
        self,
        data: Any,
        campaign: Campaign,
        units: Sequence[SchoolClass | Department],
        young: Iterable[int],
        **options: Any,
    ) -> None:
        super().__init__(data, **options)
        self.units, self.young = units, set(young)
        for name in ("first", "second"):
            offer_rows(self, name, colleagues_of(campaign.school_id))
        for unit in units:
            key = self.key(unit)
            self.fields[f"{key}people"] = forms.IntegerField(required=False, min_value=1, max_value=9_999)
            self.fields[f"{key}amount"] = AmountField()
            self.fields[f"{key}amount"].required = False
            if self.is_young(unit):
                self.fields[f"{key}guardians"] = forms.BooleanField(
                    label=_("handed in by guardians"), required=False
                )
            for what, label in (("people", _("How many took part")), ("amount", _("Together, in yuan"))):
                self.fields[key + what].widget.attrs |= {"aria-label": f"{unit}: {label}"}

    @staticmethod
    def key(unit: SchoolClass | Department) -> str:
        return f"{'c' if isinstance(unit, SchoolClass) else 'd'}{unit.pk}-"

    def is_young(self, unit: SchoolClass | Department) -> bool:
        return isinstance(unit, SchoolClass) and unit.pk in self.young

    def lines(self) -> list[dict[str, Any]]:
        """For the table: each unit with its fields."""
        return [
            {
                "unit": unit,
                "people": self[f"{key}people"],
                "amount": self[f"{key}amount"],
                "guardians": self[f"{key}guardians"] if self.is_young(unit) else None,
                "errors": [
                    error
                    for what in ("people", "amount", "guardians")
                    for error in self.errors.get(f"{key}{what}", [])
                ],
            }
            for unit, key in ((unit, self.key(unit)) for unit in self.units)
        ]

    def rows(self) -> list[Row]:
        said = self.cleaned_data
        return [
            Row(
                unit,
                said.get(f"{key}people") or 0,
                said.get(f"{key}amount") or 0,
                bool(said.get(f"{key}guardians")),
                key,
            )
            for unit, key in ((unit, self.key(unit)) for unit in self.units)
            if said.get(f"{key}people") or said.get(f"{key}amount")
        ]

    def counted(self) -> Counted:
        said = self.cleaned_data
        return Counted(said["day"], said["first"], said["second"], said["receipt_number"])


class CorrectForm(GridForm):
    reason = forms.CharField(label=_("What was wrong"), max_length=WORDS)


def as_it_was(handed: HandingOver) -> dict[str, Any]:
    """What a handing-over said, for the form that corrects it."""
    known: dict[str, Any] = {
        "day": handed.day,
        "first": handed.first_counter_id,
        "second": handed.second_counter_id,
        "receipt_number": handed.receipt_number,
    }
    for share in handed.shares.all():
        unit = share.school_class or share.department
        assert unit  # one of the two is there
        key = GridForm.key(unit)
        known |= {
            f"{key}people": share.people,
            f"{key}amount": money.yuan(share.amount),
            f"{key}guardians": share.by_guardians,
        }
    return known


class NamedForm(SentOnce):
    giver = forms.ChoiceField(label=_("Who"))
    amount = AmountField()
    receipt_number = forms.CharField(label=_("Number of the official receipt"), max_length=40, required=False)
    wants_thanks = forms.BooleanField(label=_("would like a card of thanks"), required=False)
    consent_by = forms.CharField(label=_("Which guardian agreed"), max_length=NAME, required=False)
    by_guardian = forms.BooleanField(label=_("a guardian handed it in"), required=False)
    note = forms.CharField(label=_("A note"), max_length=WORDS, required=False)

    def __init__(self, data: Any, givers: list[tuple[str, Any]]) -> None:
        super().__init__(data, auto_id="named-%s")
        self.choose("giver", [("", "—"), *givers])


class OutsideForm(SentOnce):
    who = forms.ChoiceField(
        label=_("Who gave"),
        choices=[one for one in Gift.Who.choices if one[0] not in Gift.INSIDE],
    )
    name = forms.CharField(label=_("Name, as they wish to be called"), max_length=NAME)
    amount = AmountField()
    day = forms.DateField(label=_("Arrived on"), widget=DayInput())
    through = forms.CharField(
        label=_("Through which account or charity"),
        max_length=NAME,
        help_text=_(
            "Money from outside comes through the school’s lawful account or a charity, never by a code."
        ),
    )
    reference = forms.CharField(label=_("Its number there"), max_length=40)
    fund = FundField()
    receipt_number = forms.CharField(label=_("Number of the official receipt"), max_length=40, required=False)
    wants_thanks = forms.BooleanField(label=_("would like a card of thanks"), required=False)

    def __init__(self, data: Any, school_id: int) -> None:
        super().__init__(data)
        offer_funds(self, school_id)


class GoodsForm(SentOnce):
    what = forms.CharField(label=_("Which goods"), max_length=NAME)
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=1_000_000)
    unit = forms.CharField(label=_("counted in"), max_length=10)
    given_by = forms.CharField(
        label=_("From"),
        max_length=NAME,
        required=False,
        help_text=_("A class, a department; no child’s name."),
    )
    day = forms.DateField(label=_("Day"), widget=DayInput())


class PassForm(SentOnce):
    count = forms.IntegerField(label=_("How many"), min_value=1)
    to_whom = forms.CharField(
        label=_("To whom, without names"),
        max_length=WORDS,
        help_text=_("For example: boarders of grade one."),
    )
    day = forms.DateField(label=_("Day"), widget=DayInput())


#: The choice of a thank-you for somebody who is neither a student nor a colleague.
FROM_OUTSIDE = "guest"


class ThanksForm(SentOnce):
    who = forms.ChoiceField(label=_("A class, a colleague or somebody from outside"))
    story = forms.CharField(
        label=_("What they did"),
        max_length=WORDS,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("A story of what somebody did. No amounts, no shares."),
    )
    guest = forms.CharField(
        label=_("Name, if from outside"),
        max_length=NAME,
        required=False,
        help_text=_("A former student, a neighbour, a craftsman. The name is kept sealed."),
    )
    asked = forms.BooleanField(
        label=_("Whoever is named (a colleague, somebody from outside) was asked and agrees"), required=False
    )

    def __init__(self, data: Any, choices: list[tuple[str, Any]]) -> None:
        super().__init__(data, auto_id="thanks-%s")
        self.choose("who", [("", "—"), *choices, (FROM_OUTSIDE, _("Somebody from outside"))])


class BoxForm(SentOnce):
    place = forms.CharField(
        label=_("Where it stands"), max_length=NAME, help_text=_("Inside the school, where people pass by.")
    )
    fund = FundField()
    since = forms.DateField(label=_("Since"), widget=DayInput())

    def __init__(self, data: Any, school_id: int) -> None:
        super().__init__(data, initial={"since": clock.today()})
        offer_funds(self, school_id)


class OpeningForm(SentOnce):
    day = forms.DateField(label=_("Day"), widget=DayInput())
    bag_number = forms.CharField(label=_("Number of the bag"), max_length=30)
    first = forms.ModelChoiceField(Staff.objects.none(), empty_label="—", label=_("Opened by"))
    first_count = AmountField(_("counted, in yuan"))
    second = forms.ModelChoiceField(
        Staff.objects.none(), empty_label="—", label=pgettext_lazy("donation", "Together with")
    )
    second_count = AmountField(_("counted again, in yuan"))
    agreed = AmountField(_("What lies in the bag, in yuan"))
    explanation = forms.CharField(label=_("Why the counts differ"), max_length=WORDS, required=False)

    def __init__(self, data: Any, school_id: int, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["agreed"].required = False
        for name in ("first", "second"):
            offer_rows(self, name, colleagues_of(school_id))


class HelpForm(forms.Form):
    student = forms.ChoiceField(label=_("Who"))
    kind = forms.ChoiceField(label=pgettext_lazy("help", "Helps with"), choices=HelpOffer.Kind.choices)

    def __init__(self, data: Any, students: list[tuple[int, str]]) -> None:
        super().__init__(data)
        field = self.fields["student"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *students]
