"""What entries of the audit trail say of giving and of help among classmates."""

from django.utils.translation import gettext_lazy as _

GIVING = {
    "donation.begin": _("began a campaign"),
    "donation.box": _("put up a donation box"),
    "donation.box-back": _("took an opening of the donation box back"),
    "donation.box-down": _("took a donation box down"),
    "donation.change": _("changed a campaign"),
    "donation.close": _("closed a campaign"),
    "donation.confirm-box": _("confirmed an opening of the donation box"),
    "donation.correct": _("corrected what was handed over"),
    "donation.departments": _("changed the departments of a campaign"),
    "donation.gift-back": _("took a gift back"),
    "donation.goods": _("noted goods that were given"),
    "donation.hand-back": _("took back what was handed over"),
    "donation.hand-over": _("handed over what was given"),
    "donation.link": _("made a private address for a giver"),
    "donation.link-end": _("closed a giver’s private address"),
    "donation.name": _("noted a giver for a receipt or thanks"),
    "donation.open-box": _("noted an opening of the donation box"),
    "donation.pass-on": _("noted to whom goods went"),
    "donation.post-box": _("entered the donation box in the aid books"),
    "donation.receive": _("received what was handed over"),
    "donation.sign-box": _("noted a signature on the box’s protocol"),
    "donation.step": _("noted a meeting or how a campaign was made known"),
    "donation.step-back": _("took back a meeting of a campaign"),
    "donation.take": _("noted a gift from outside"),
    "donation.thank": _("told a story of thanks"),
    "donation.thank-end": _("took a story of thanks down"),
    "mutual.end": _("took an offer of help off the list"),
    "mutual.offer": _("noted that a child offers help"),
}
