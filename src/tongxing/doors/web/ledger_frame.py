"""What the pages of the aid ledger share: the school's books, amounts as they are typed, which money is meant."""

from typing import Any
from uuid import uuid4

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.aid.ledger.models import Books, Entry, Fund
from tongxing.aid.ledger.queries.books import books_of, entries
from tongxing.ground.kernel import money
from tongxing.ground.kernel.errors import Refused


def opened(request: Any) -> Books:
    """The books of the school; refused with the way on while there are none."""
    found = books_of(request.actor, request.school)
    if found is None:
        raise Refused(_("The books are not opened yet. Whoever checks the school's money opens them once."))
    return found


def entry_of(request: Any, entry_id: int) -> Entry:
    found = entries(request.actor, request.school).select_related("school")
    return get_object_or_404(found, pk=entry_id)


class AmountField(forms.CharField):
    """Yuan as people write them → fen."""

    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"})

    def __init__(self, label: Any = "") -> None:
        super().__init__(label=label or gettext_lazy("Amount in yuan"), max_length=20)

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return money.fen(text)
        except Refused as refusal:
            raise forms.ValidationError(refusal.message) from refusal


class SentOnce(forms.Form):
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(data, initial={"client_id": uuid4()} | (initial or {}), **options)

    def choose(self, name: str, choices: list[Any]) -> None:
        """The choices of a field, known only now."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def fund_choices(funds: list[Fund], *, with_purposes: bool) -> list[Any]:
    """Funds, or what each of them may be used for; a fund without purposes stands for itself."""
    choices: list[Any] = [("", "—")]
    for fund in funds:
        purposes = list(fund.purposes.all()) if with_purposes else []
        if purposes:
            choices.append((fund.name, [(f"{fund.pk}-{one.pk}", one.name) for one in purposes]))
        else:
            choices.append((f"{fund.pk}-", fund.name))
    return choices


def fund_and_purpose(chosen: str) -> tuple[int, int | None]:
    """What `fund_choices` offered."""
    fund, _dash, purpose = chosen.partition("-")
    return int(fund), int(purpose) if purpose else None
