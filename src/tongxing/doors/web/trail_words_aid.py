"""What entries about aid projects say, in words."""

from django.utils.translation import gettext_lazy as _

AID = {
    "subsidy.agree": _("agreed as the second person to help in an emergency"),
    "subsidy.back": _("took back what was decided about aid"),
    "subsidy.came-back": _("noted that the bank sent aid money back"),
    "subsidy.card": _("noted the card of a student"),
    "subsidy.close": _("closed an aid project for the term"),
    "subsidy.confirm": _("noted whether aid has come"),
    "subsidy.decide": _("decided about aid for a student"),
    "subsidy.grant": _("granted what is suggested to students"),
    "subsidy.hand-out": _("noted that things were handed out"),
    "subsidy.list": _("made a list of an aid project"),
    "subsidy.list-back": _("took back a list of an aid project"),
    "subsidy.match": _("laid a payment of the county beside a list"),
    "subsidy.open": _("opened an aid project for the term"),
    "subsidy.pay": _("wrote the payment of a list of aid"),
    "subsidy.print": _("made a file of aid"),
    "subsidy.project": _("added an aid project"),
    "subsidy.project-end": _("ended an aid project"),
    "subsidy.rate": _("set an amount of an aid project"),
    "subsidy.rate-back": _("took back an amount of an aid project"),
    "subsidy.reopen": _("opened an aid project again"),
    "subsidy.usual": _("took the usual aid projects"),
}
