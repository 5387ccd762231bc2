"""What entries about circulars, meetings, publicity, suggestions and the leading group say, in words."""

from django.utils.translation import gettext_lazy as _

NOTICES = {
    "circular.back": _("took a circular back"),
    "circular.confirm": _("confirmed a circular"),
    "circular.not-yet": _("took back a confirmation of a circular"),
    "circular.publish": _("wrote a circular"),
    "circular.put-back": _("put a circular back"),
    "circular.remind": _("reminded colleagues of a circular"),
    "circular.version": _("wrote a new version of a circular"),
}
