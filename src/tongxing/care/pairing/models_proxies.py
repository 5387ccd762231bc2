"""Adults around a child besides the helper: proxy parents (代管家长), volunteers from outside, and what the two who
share a child tell each other.

Invariants:
- a proxy parent is a colleague or a volunteer from outside, never both; a child has one at a time;
- each row keeps the very consent it rests on and holds no longer than that: who withdraws it, through whichever
  door, has ended it in that moment;
- a colleague reaches the child as a helper does, through a grant that rests on the same consent;
- a volunteer has no account and no right to any file; the phone is sealed under a key of the volunteer's own;
- a line between the two is sealed under the child's key, read by its two people and by those who manage pairing.
"""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.models import SubjectKey
from tongxing.ground.people.models import Consent, Staff, Student
from tongxing.ground.people.scoping import AboutStudents, ends_after_start

#: The places that sealed texts are bound to.
PHONE = "pairing_volunteer.phone"
LINE, ANSWER = "pairing_noticed.text", "pairing_noticed.answer"


class VolunteerSet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self.filter(actor.school_q("pairing.manage"))

    def present(self) -> Self:
        return self.filter(ended_at=None)


class Volunteer(models.Model):
    """Somebody from outside the school who gives children time. `offence_check_on`: the day the check of the
    offence record was looked at (未成年人保护法 62), and by whom."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=60)
    comes_from = models.CharField(_("from where"), max_length=80)
    phone_sealed = models.BinaryField(default=b"", blank=True)
    phone_masked = models.CharField(_("phone"), max_length=30, blank=True)
    offence_check_on = models.DateField(_("offence-record check noted on"), null=True, blank=True)
    offence_check_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that entered it

    objects = VolunteerSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offence_check_on=None) | models.Q(offence_check_by__isnull=False),
                name="volunteer_check_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProxySet(AboutStudents):
    zone: Zone = "care"

    def open(self) -> Self:
        """Those who look after the child now: not ended, and the consent behind it stands."""
        return self.filter(ends_on=None, consent__withdrawn_on=None)

    def withdrawn(self) -> Self:
        return self.filter(ends_on=None, consent__withdrawn_on__isnull=False)

    def of_colleagues(self) -> Self:
        """Those who work at the school: they are asked for what a proxy parent is asked for."""
        return self.filter(staff__isnull=False)

    def with_names(self) -> Self:
        return self.select_related("student", "staff", "volunteer", "consent")


class ProxyParent(models.Model):
    """An adult checked by the school who looks after the child's daily life. `agreed_on`: the day the agreement was
    signed, with the rules: home visits in twos, no lone car rides, no overnight stays."""

    class Ended(models.TextChoices):
        WITHDRAWN = "withdrawn", _("the family agrees no longer")
        PARENTS_BACK = "parents_back", _("the parents are back home")
        FAMILY_WISH = "family_wish", _("the family or the student asked for it")
        OWN_WISH = "own_wish", _("the proxy parent can no longer do it")
        STUDENT_LEFT = "student_left", _("the student left the school")
        RULES = "rules", _("the rules were not kept")
        OTHER = "other", _("another reason")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="proxies")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, blank=True, related_name="proxies")
    consent = models.ForeignKey(Consent, models.RESTRICT, related_name="+")
    agreed_on = models.DateField(_("agreement signed on"))
    starts_on = models.DateField(_("since"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=20, choices=Ended, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField()
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that started it

    objects = ProxySet.as_manager()

    class Meta:
        constraints = [
            ends_after_start("proxy_dates"),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(ends_on=None), name="one_open_proxy"
            ),
            models.CheckConstraint(
                condition=models.Q(staff=None) ^ models.Q(volunteer=None), name="proxy_staff_or_volunteer"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) ^ ~models.Q(ended_reason=""), name="proxy_ended_with_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(agreed_on__lte=models.F("starts_on")), name="proxy_agreed_before"
            ),
        ]

    @property
    def name(self) -> str:
        person = self.staff or self.volunteer
        return person.name if person else ""

    @property
    def until(self) -> datetime.date | None:
        """The day on which it ended, by somebody's word or with the consent."""
        return self.ends_on or self.consent.withdrawn_on

    @property
    def why_ended(self) -> str:
        if self.until is None:
            return ""
        return str(self.Ended(self.ended_reason or self.Ended.WITHDRAWN).label)


class NoticedSet(AboutStudents):
    zone: Zone = "care"

    def visible_to(self, actor: Actor) -> Self:
        """One's own and those for oneself, of a child one looks after; those who manage pairing read along."""
        own = models.Q(by__user_id=actor.user_id) | models.Q(to__user_id=actor.user_id)
        return super().visible_to(actor).filter(own | actor.school_q("pairing.manage"), taken_back_at=None)

    def waiting_for(self, actor: Actor) -> Self:
        return self.visible_to(actor).filter(to__user_id=actor.user_id, seen_at=None)


class Noticed(models.Model):
    """One line from one of the two who share a child to the other: what I noticed, what you should know."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    to = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    text_sealed = models.BinaryField()
    happened_on = models.DateField(_("when it was"))
    recorded_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    answer_sealed = models.BinaryField(default=b"", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    client_id = models.UUIDField(unique=True, editable=False)  # of the form that wrote it

    objects = NoticedSet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(by=models.F("to")), name="noticed_for_another"),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | models.Q(seen_at__isnull=False),
                name="noticed_answered_is_seen",
            ),
        ]
