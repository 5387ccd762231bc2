"""How a list is paid out of the school's aid money: the same form for every room that makes such lists."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from tongxing.aid.ledger.actions.pay_lists import Paid
from tongxing.aid.ledger.models import Account, Fund
from tongxing.ground.kernel import clock

from .contact_forms import DayInput
from .fields import offer_rows
from .ledger_frame import SentOnce, fund_and_purpose, fund_choices


class PayForm(SentOnce):
    day = forms.DateField(label=gettext_lazy("Paid on"), widget=DayInput())
    come_from = forms.ModelChoiceField(Account.objects.none(), label=gettext_lazy("Out of"))
    fund = forms.ChoiceField(label=gettext_lazy("Which money, what for"))
    reference = forms.CharField(label=gettext_lazy("Number on the paper"), max_length=40, required=False)

    def __init__(self, request: Any) -> None:
        super().__init__(request.POST or None, initial={"day": clock.today()})
        of_school = Account.objects.visible_to(request.actor).filter(school=request.school)
        offer_rows(self, "come_from", of_school.filter(place__in=["cash", "bank"]))
        funds = Fund.objects.visible_to(request.actor).open().filter(school=request.school, memo=False)
        self.choose("fund", fund_choices(list(funds.prefetch_related("purposes")), with_purposes=True))

    def paid(self, request: Any) -> Paid:
        said = self.cleaned_data
        fund_id, purpose_id = fund_and_purpose(said["fund"])
        fund = Fund.objects.visible_to(request.actor).get(school=request.school, pk=fund_id)
        purpose = fund.purposes.get(pk=purpose_id) if purpose_id else None
        return Paid(said["day"], said["come_from"], fund, purpose, said["reference"])
