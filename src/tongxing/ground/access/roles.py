"""Who may see and do what: the one table of roles. Everything else in the product reads it.

Zones: roster (name, class) · care (talks, pairing, obligations, family situation) · academic (exams, attendance) ·
contact (phones, addresses, guardians; masked until revealed with a purpose) · hardship (aid categories) ·
psych (counselling text) · money (aid and donations).

reach says which students a role reaches: school – all of it; class – the classes of the grant; students – the
students named in the grants (helpers by their pairs, guardians by their children); none – no student at all.

`COUNTY_NAMED` is held for hours: the names of the children behind one need, by the data officer who decided so.

`SUBJECT_TEACHER` is granted by nobody: it follows from the lessons of this term and opens names alone.
"""

from dataclasses import dataclass
from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

Reach = Literal["school", "class", "students", "none"]


class Role(models.TextChoices):
    HEAD = "head", _("head")
    DEPUTY = "deputy", _("deputy head")
    COORDINATOR = "coordinator", _("coordinator")
    CLASS_TEACHER = "class_teacher", _("class teacher")
    HELPER = "helper", _("helper")
    COUNSELLOR = "counsellor", _("counsellor")
    SAFETY = "safety", _("safety responder")
    FINANCE_MAKER = "finance_maker", _("finance: prepares")
    FINANCE_CHECKER = "finance_checker", _("finance: checks")
    COUNTY_SUPERVISOR = "county_supervisor", _("county supervisor")
    COUNTY_AID_OFFICER = "county_aid_officer", _("county aid officer")
    COUNTY_DATA_OFFICER = "county_data_officer", _("county data officer")
    COUNTY_NAMED = "county_named", _("county: a child behind a need")
    SYSTEM_ADMIN = "system_admin", _("system administrator")
    GUARDIAN = "guardian", _("guardian")
    STUDENT = "student", _("student")


#: Held through `people.Teaching`: the students of the classes one teaches, by name and class.
SUBJECT_TEACHER = "subject_teacher"


@dataclass(frozen=True, slots=True)
class Rights:
    reach: Reach
    zones: frozenset[str]
    can: frozenset[str]


def _rights(reach: Reach, zones: str, can: str) -> Rights:
    return Rights(reach, frozenset(zones.split()), frozenset(can.split()))


_WRITE = "week.view family.write consent.keep progress.view student.view contact.read contact.write safety.raise highlight.write reveal activity.view activity.sign_up plan.write attendance.follow family.door request.for request.answer counselling.refer away.view donation.view notice.view workstudy.hours circular.view staffroom.view honour.view honour.propose"
_LEAD = f"{_WRITE} contact.manage programme.exempt programme.plan screening.view screening.manage screening.nominate screening.request register.view pairing.view pairing.manage board.view overview.view effect.view document.make activity.hold activity.manage plan.approve attendance.mark attendance.manage transfer.make peer.pair survey.manage request.oversee request.manage donation.manage donation.enter mutual.keep hardship.review hardship.manage notice.publish workstudy.manage workstudy.pay companion.manage subsidy.manage subsidy.pay circular.manage meeting.hold meeting.manage publicity.note suggestion.answer review.manage county.answer honour.manage"

# fmt: off
TABLE: dict[str, Rights] = {
    # role                   reach       zones                                            abilities
    Role.HEAD:                _rights("school",   "roster care academic contact hardship money", f"{_LEAD} overview.map inspection.manage screening.approve hardship.decide import.run exchange.export student.manage settings.manage account.manage audit.verify safety.respond safety.name family.answer counselling.emergency counselling.review ledger.view ledger.check ledger.manage honour.award"),
    Role.DEPUTY:              _rights("school",   "roster care academic contact hardship",       f"{_LEAD} screening.approve hardship.decide counselling.review honour.award"),
    Role.COORDINATOR:         _rights("school",   "roster care academic contact hardship",       f"{_LEAD} overview.map inspection.manage import.run exchange.export student.manage settings.manage account.manage family.answer"),
    Role.CLASS_TEACHER:       _rights("class",    "roster care academic contact",                f"{_WRITE} programme.exempt programme.plan screening.nominate screening.request board.view overview.view activity.hold attendance.mark transfer.make peer.pair donation.enter mutual.keep hardship.review meeting.hold publicity.note"),
    Role.HELPER:              _rights("students", "roster care academic contact",                f"{_WRITE} screening.request"),
    Role.COUNSELLOR:          _rights("school",   "roster care psych",                           "student.view contact.read contact.write restricted.read safety.raise highlight.write screening.request activity.view request.for request.answer counselling.keep consent.keep donation.view notice.view workstudy.hours circular.view staffroom.view honour.view"),
    Role.SAFETY:              _rights("school",   "roster contact",                              "student.view reveal safety.raise safety.respond counselling.emergency workstudy.hours circular.view staffroom.view honour.view"),
    SUBJECT_TEACHER:          _rights("class",    "roster",                                      "highlight.write safety.raise screening.request activity.view attendance.mark request.for away.view donation.view notice.view workstudy.hours circular.view staffroom.view honour.view"),
    Role.FINANCE_MAKER:       _rights("none",     "money",                                       "ledger.view ledger.make donation.view donation.enter donation.money notice.view workstudy.hours workstudy.pay subsidy.pay circular.view staffroom.view honour.view"),
    Role.FINANCE_CHECKER:     _rights("none",     "money",                                       "ledger.view ledger.check ledger.manage donation.view donation.money notice.view workstudy.hours workstudy.pay subsidy.pay circular.view staffroom.view honour.view"),
    Role.COUNTY_SUPERVISOR:   _rights("none",     "",                                            "county.view county.manage county.needs circular.view circular.manage"),
    Role.COUNTY_AID_OFFICER:  _rights("none",     "money",                                       "workstudy.floor subsidy.county"),
    Role.COUNTY_DATA_OFFICER: _rights("none",     "",                                            "county.needs county.names"),
    Role.COUNTY_NAMED:        _rights("students", "roster",                                      ""),
    Role.SYSTEM_ADMIN:        _rights("none",     "",                                            "settings.manage account.manage audit.verify circular.view staffroom.view honour.view"),
    Role.GUARDIAN:            _rights("students", "roster",                                      "screening.request hardship.apply door.family consent.give request.ask counselling.talk activity.follow subsidy.confirm"),
    Role.STUDENT:             _rights("students", "roster",                                      "activity.wish door.student consent.give request.ask counselling.ask workstudy.ask"),
}
# fmt: on
