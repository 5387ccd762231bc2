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
    "group.leave": _("ended a place in the leading group"),
    "group.seat": _("gave a place in the leading group"),
    "group.stay": _("put a place in the leading group back"),
    "meeting.call": _("noted a meeting"),
    "meeting.cancel": _("cancelled a meeting"),
    "meeting.change": _("changed a meeting"),
    "meeting.decide": _("noted what a meeting decided"),
    "meeting.done": _("noted that a decision is done"),
    "meeting.drop": _("let a decision go"),
    "meeting.file": _("added a file to a meeting"),
    "meeting.file-away": _("took a file of a meeting away"),
    "meeting.hold": _("put a meeting back"),
    "meeting.minutes": _("wrote the minutes of a meeting"),
    "meeting.not-yet": _("took back that a decision is done"),
    "post.back": _("put a post back"),
    "post.end": _("ended a post"),
    "post.name": _("named a colleague to a post"),
}
