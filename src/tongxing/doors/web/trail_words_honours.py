"""What entries about honours say, in words."""

from django.utils.translation import gettext_lazy as _

HONOURS = {
    "certificate.make": _("made certificates"),
    "honour.answer": _("answered whether a name may be public"),
    "honour.ask": _("asked whether a name may be public"),
    "honour.award": _("gave a title"),
    "honour.check": _("looked at the own work"),
    "honour.come-back": _("looks at a proposal again"),
    "honour.committee": _("named a committee"),
    "honour.conclude": _("concluded what the committee said"),
    "honour.export": _("opened the stories of a title as a file"),
    "honour.look-again": _("had the committee look again"),
    "honour.propose": _("proposed somebody for an honour"),
    "honour.public": _("made honours public"),
    "honour.put-back": _("put a proposal back"),
    "honour.say": _("said a word in the committee"),
    "honour.scheme": _("wrote a scheme of honours"),
    "honour.scheme-change": _("changed the draft of a scheme"),
    "honour.scheme-draft": _("took a scheme back to a draft"),
    "honour.scheme-end": _("ended a scheme of honours"),
    "honour.scheme-on": _("let a scheme go on"),
    "honour.scheme-publish": _("published a scheme of honours"),
    "honour.stand-back": _("stood back from a proposal"),
    "honour.withdraw": _("withdrew a proposal or a title"),
}
