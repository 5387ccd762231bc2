"""What every figure is called, what it counts, and of which records. `counts.py` counts them, and `counts_beside.py`
what comes from the rooms beside: help asked for, the mornings, aid. Nobody else counts."""

from typing import NamedTuple

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STUDENT, STAFF, CONTACT = "people.student", "people.staff", "contacts.contact"
REQUEST = "requests.helprequest"


class Definition(NamedTuple):
    label: str | Lazy
    means: str | Lazy
    counts: str


# fmt: off
DEFINITIONS: dict[str, Definition] = {
    "enrolled": Definition(_("Enrolled students"), _("Students on the roster on this day."), STUDENT),
    "looked_at": Definition(_("Looked at"), _("Enrolled students whom this term's latest screening round has looked at, whatever came of it."), STUDENT),
    "not_looked_at": Definition(_("Not looked at yet"), _("Enrolled students whom this term's latest screening round has not looked at."), STUDENT),
    "registered": Definition(_("On the register"), _("Enrolled students with an entry in the support register on this day."), STUDENT),
    "key": Definition(_("Key students"), _("Students on the register at the level key."), STUDENT),
    "paired": Definition(_("With a helper"), _("Students on the register with at least one pair that holds on this day."), STUDENT),
    "unpaired": Definition(_("Without a helper"), _("Students on the register without a pair that holds on this day."), STUDENT),
    "helpers": Definition(_("Helpers"), _("Staff members in a pair that holds on this day with a student on the register."), STAFF),
    "silent": Definition(_("No contact in 14 days"), _("Students on the register for 14 days or longer for whom nobody was reached in the last 14 days."), STUDENT),
    "week_talks_asked": Definition(_("Key students to talk with this week"), _("Weekly talks of key students in this teaching week, without those exempted."), STUDENT),
    "week_talks_done": Definition(_("Talks with key students this week"), _("Contacts that did what the weekly talk asks for in this teaching week."), CONTACT),
    "week_talks_waiting": Definition(_("Key students waiting for this week's talk"), _("Key students whose talk of this teaching week is not written down yet."), STUDENT),
    "home_visits_asked": Definition(_("Home visits asked for this term"), _("Home visits that this term's commitments ask for so far, without those exempted."), STUDENT),
    "home_visits_done": Definition(_("Home visits done this term"), _("Contacts that did what a home-visit commitment asks for this term."), CONTACT),
    "missing": Definition(_("Promised contacts not written down"), _("Times a commitment of this term was asked for and not written down before its time was over."), STUDENT),
    "reached.student": Definition(_("Students reached themselves"), _("Students on the register this term with a contact that reached the student."), STUDENT),
    "reached.away_parent": Definition(_("Students whose parents working away were reached"), _("Students on the register this term with a contact that reached a parent who works away."), STUDENT),
    "reached.second_guardian": Definition(_("Students whose guardian at home was reached"), _("Students on the register this term with a contact that reached the guardian at home."), STUDENT),
    "visits": Definition(_("Home visits"), _("Contacts at the home of a student on the register that reached somebody, this term."), CONTACT),
    "visited": Definition(_("Families visited"), _("Students on the register with at least one home visit this term."), STUDENT),
    "family_calls": Definition(_("Calls and messages with families"), _("Calls, video calls, messages and letters that reached a family this term."), CONTACT),
    "not_reached": Definition(_("Attempts that reached nobody"), _("Contacts tried this term in which nobody could be reached."), CONTACT),
    "settled": Definition(_("Promised contacts whose time is over or that are done"), _("Times a commitment was asked for that was done, or whose time ended in these days, without those exempted."), STUDENT),
    "in_time": Definition(_("Done in time"), _("Of these, times that were done and written down before their time was over; one contact may do for several."), STUDENT),
    "contacts": Definition(_("Contacts written down"), _("Contacts with students on the register that reached somebody and happened in these days."), CONTACT),
    "written_later": Definition(_("Written down later"), _("Of these, contacts written down two days or more after they happened."), CONTACT),
    "requests": Definition(_("Requests for help"), _("Requests for help asked in these days; what stands with those who answer for safety is not counted."), REQUEST),
    "answered": Definition(_("Requests answered"), _("Of these, requests that somebody has taken on or answered."), REQUEST),
    "school_days": Definition(_("School days of all children"), _("School days in these days, once for each enrolled student who belonged to a class."), ""),
    "days_away": Definition(pgettext_lazy("figure", "Days away"), _("Of these, days on which a student was noted as not at school, with leave or without."), STUDENT),
    "aid_students": Definition(_("Students who receive aid"), _("Enrolled students to whom something was granted this term."), STUDENT),
    "recognised": Definition(_("Hardship recognised"), _("Enrolled students with a recognition of hardship that holds on this day."), STUDENT),
    "covered": Definition(_("Reached by aid"), _("Of these, students to whom something was granted this term."), STUDENT),
    "not_covered": Definition(_("Not reached by aid yet"), _("Enrolled students with a recognition that holds on this day to whom nothing was granted this term."), STUDENT),
}

#: Opened by whoever sees a child's hardship alone.
OF_AID = frozenset({"aid_students", "recognised", "covered", "not_covered"})

#: The five figures of each commitment. asked = done + open + missing.
PROMISE: dict[str, Definition] = {
    "asked": Definition(pgettext_lazy("document", "Asked"), _("Times this commitment was asked for so far, without exemptions."), STUDENT),
    "done": Definition(pgettext_lazy("document", "Done"), _("Contacts that did what it asks for, in time or written down later."), CONTACT),
    "later": Definition(_("of these done or recorded later"), _("Contacts that did what it asks for, but were made or written down after its time was over."), CONTACT),
    "open": Definition(_("Still time"), _("Times it was asked for and not written down yet, while there is still time."), STUDENT),
    "missing": Definition(_("Not written down yet"), _("Times it was asked for and not written down before its time was over."), STUDENT),
}
# fmt: on
