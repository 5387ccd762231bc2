"""Words that stand on every appeal and every page where something is given, and cannot be left out."""

from django.utils.translation import gettext as _


def voluntary() -> str:
    return _(
        "Whether and how much to give is for each to decide. Nobody is compared, nobody says why, and whoever needs help gets it all the same."
    )
