"""Help for the pages of honours."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HONOURS: dict[str, str | Promise] = {
    "honours": _(
        "Stories first: what people did and how children grew. Everybody named here has agreed; after a year a story is gone by itself. Open a title below to propose somebody or to look at your own work."
    ),
    "honours-mine": _(
        "What the school asks you before it says thank you in public, what you ask children and families for it, and the schemes under which you may look at your own work. A yes or a no can change at any time."
    ),
    "honour-scheme": _(
        "What this title asks, who looks at it and until when. The way: a proposal, a word of the committee, the yes of those concerned, a notice of some working days, then the title. Each step can be taken back."
    ),
    "honour-scheme-new": _(
        "Give the title a name and say what it is about. Choose at least one criterion without anything counted. Then name the committee and publish it."
    ),
    "honour-scheme-change": _(
        "Only a draft is changed. Once it is published, it is ended and followed by another."
    ),
    "honour-committee": _(
        "At least three colleagues. The page knows who is near to a proposal and lets them stand back; whoever is near in another way says so on the proposal."
    ),
    "honour-check": _(
        "What the records show of your own work in this time. Only you and the committee see it. You may add a sentence; nothing has to be written."
    ),
    "honour-propose": _(
        "Choose somebody and tell one thing that you have seen. You need no numbers: the page refuses marks, amounts and places among others."
    ),
    "honour": _(
        "The committee reads what the records show, says “meets” or “not yet” with its reason, and whoever leads concludes. Then everybody concerned is asked; without every yes nothing becomes public."
    ),
    "honour-notice": _(
        "One notice for all who agreed, with name and title. After its working days, with every objection answered, the head or a deputy gives the title."
    ),
    "honour-certificates": _(
        "Choose the paper; all certificates come in one file. Print them on thick paper and set the seal by hand. Word is for ready certificate paper."
    ),
    "honour-export": _(
        "Say what the file is for; the purpose is kept. Only those stand in it whose yes stands today: make it anew before you use it again."
    ),
    "family-honours": _(
        "When the school would like to praise your child in public, it asks you here with the very words. Your child is asked too; only if both say yes it is shown."
    ),
    "mine-honours": _(
        "When the school would like to praise you in public, it asks you and your family. If you would rather not, nobody asks why."
    ),
}
