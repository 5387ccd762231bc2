"""Students, guardians, staff, who teaches whom and who answers for what."""

import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor, Zone
from tongxing.ground.kernel.fields import RecordedAtField
from tongxing.ground.kernel.models import SubjectKey

from .models_calendar import OfSchool, SchoolClass, Term
from .scoping import AboutStudents, Lasting, LastingAboutStudents, ends_after_start


class Sex(models.TextChoices):
    UNKNOWN = "", _("not recorded")
    FEMALE = "female", _("female")
    MALE = "male", _("male")


class IdKind(models.TextChoices):
    UNKNOWN = "", _("not recorded")
    ID_CARD = "id_card", _("resident identity card")
    HOUSEHOLD = "household", _("household register")
    PASSPORT = "passport", _("passport")
    RESIDENCE = "residence", _("residence permit for Hong Kong, Macao and Taiwan")
    OTHER = "other", pgettext_lazy("ID document", "other")


class Guardianship(models.TextChoices):
    """Who looks after the child day by day (监护类型), as the register of left-behind children asks."""

    UNKNOWN = "", _("not recorded")
    PARENTS = "parents", _("both parents")
    ONE_PARENT = "one_parent", _("one parent at home")
    GRANDPARENTS = "grandparents", _("grandparents")
    RELATIVES = "relatives", _("other relatives")
    ENTRUSTED = "entrusted", _("somebody entrusted by the parents")
    NOBODY = "nobody", _("nobody looks after the child at present")


class StudentSet(models.QuerySet):
    def visible_to(self, actor: Actor, zone: Zone = "roster") -> Self:
        return self.filter(actor.students_q(zone, student="pk"))

    def enrolled(self) -> Self:
        return self.filter(status=Student.Status.ENROLLED)

    def with_class(self, on: datetime.date) -> Self:
        """Adds `class_id`, `class_name`, `class_grade` of the class on that day (None: not in a class)."""
        current = ClassMembership.objects.on(on).filter(student=models.OuterRef("pk")).order_by("-starts_on")
        return self.annotate(
            class_id=models.Subquery(current.values("school_class_id")[:1]),
            class_name=models.Subquery(current.values("school_class__name")[:1]),
            class_grade=models.Subquery(current.values("school_class__grade")[:1]),
            class_number=models.Subquery(current.values("school_class__number")[:1]),
        )


class Student(models.Model):
    class Status(models.TextChoices):
        ENROLLED = "enrolled", _("enrolled")
        LEFT = "left", _("left the school")

    # set by `with_class` alone
    class_id: int | None
    class_name: str | None
    class_grade: int | None
    class_number: int | None

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.OneToOneField(SubjectKey, models.PROTECT, related_name="+")
    code = models.CharField(_("student number"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=120, blank=True, db_index=True)
    initials = models.CharField(max_length=30, blank=True, db_index=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex, blank=True)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    ethnicity = models.CharField(_("ethnic group"), max_length=20, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.ENROLLED)
    enrolled_on = models.DateField(_("enrolled on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    boarding = models.BooleanField(_("boards at school"), null=True, blank=True)
    dormitory = models.CharField(_("dormitory"), max_length=40, blank=True)
    residence = models.CharField(_("type of residence"), max_length=20, blank=True)
    village = models.CharField(_("village"), max_length=60, blank=True)
    client_id = models.UUIDField(
        null=True, blank=True, unique=True, editable=False
    )  # of the form that added it
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="student")
    national_code = models.CharField(_("national student number"), max_length=30, blank=True)
    id_number_sealed = models.BinaryField(default=b"", blank=True)
    id_number_masked = models.CharField(_("ID number"), max_length=30, blank=True)
    id_number_index = models.CharField(max_length=32, blank=True, db_index=True)
    phone_sealed = models.BinaryField(default=b"", blank=True)
    phone_masked = models.CharField(_("phone"), max_length=30, blank=True)
    address_sealed = models.BinaryField(default=b"", blank=True)
    address_masked = models.CharField(_("address"), max_length=60, blank=True)
    # what the statutory forms ask besides; `*_masked` of health, income and aid only says that something is noted
    id_kind = models.CharField(_("kind of ID document"), max_length=10, choices=IdKind, blank=True)
    seat_number = models.CharField(_("number in the class"), max_length=10, blank=True)
    distance_m = models.PositiveIntegerField(_("way to school"), null=True, blank=True)  # metres
    guardianship = models.CharField(_("who looks after"), max_length=12, choices=Guardianship, blank=True)
    household_sealed = models.BinaryField(default=b"", blank=True)
    household_masked = models.CharField(_("registered residence"), max_length=60, blank=True)
    health_sealed = models.BinaryField(default=b"", blank=True)
    health_masked = models.CharField(_("state of health"), max_length=10, blank=True)
    income_sealed = models.BinaryField(default=b"", blank=True)
    income_masked = models.CharField(_("what the family lives on"), max_length=10, blank=True)
    aid_sealed = models.BinaryField(default=b"", blank=True)
    aid_masked = models.CharField(_("help from the government"), max_length=10, blank=True)

    objects = StudentSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="student_code_once")]
        indexes = [models.Index(fields=["school", "status"], name="student_school_status")]

    def __str__(self) -> str:
        return self.name


class Likeness(models.Model):
    """What a person decided about two entries that may be one child; `student` is the one that is kept."""

    class Verdict(models.TextChoices):
        DIFFERENT = "different", _("two children")
        SAME = "same", _("one child, entered twice")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="+")
    other = models.ForeignKey(Student, models.CASCADE, related_name="+")
    verdict = models.CharField(max_length=10, choices=Verdict)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    objects = AboutStudents.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "other"], name="likeness_once")]


class OtherNumber(models.Model):
    """A number under which other sheets know a student: a person said that it is the same child."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="other_numbers")
    code = models.CharField(_("student number"), max_length=40)

    objects = AboutStudents.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="other_number_once")]


class ClassMembership(models.Model):
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="memberships")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="memberships")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = LastingAboutStudents.as_manager()

    class Meta:
        constraints = [
            ends_after_start("membership_dates"),
            models.UniqueConstraint(
                fields=["student"], condition=models.Q(ends_on=None), name="one_open_class"
            ),
        ]


class GuardianSet(AboutStudents):
    zone: Zone = "contact"

    def visible_to(self, actor: Actor) -> Self:
        """Those who are guardians today."""
        return super().visible_to(actor).present()

    def present(self) -> Self:
        return self.filter(ends_on=None)


class Guardian(models.Model):
    """A guardian of one student; brothers and sisters have rows of their own, sealed under their own keys.

    `away_place` names the city where the guardian works; empty: at home or not known. `reads`: whether a written
    message reaches them. `entrusted`: the parents away have entrusted the child to them (委托监护人, 未成年人保护法 22).
    `ends_on`: from this day not a guardian any more.
    """

    class Relation(models.TextChoices):
        FATHER = "father", _("father")
        MOTHER = "mother", _("mother")
        GRANDPARENT = "grandparent", _("grandparent")
        RELATIVE = "relative", _("relative")
        OTHER = "other", _("other guardian")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    student = models.ForeignKey(Student, models.CASCADE, related_name="guardians")
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="guardianships")
    name = models.CharField(_("name"), max_length=60)
    relation = models.CharField(_("relation"), max_length=20, choices=Relation)
    relation_text = models.CharField(_("relation in words"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    lives_with = models.BooleanField(_("lives with the student"), null=True, blank=True)
    away_place = models.CharField(_("works away in"), max_length=60, blank=True)
    workplace = models.CharField(_("employer"), max_length=60, blank=True)
    best_time = models.CharField(_("best time to call"), max_length=60, blank=True)
    reads = models.BooleanField(_("can read messages"), null=True, blank=True)
    entrusted = models.BooleanField(_("entrusted by the parents"), default=False)
    ends_on = models.DateField(null=True, blank=True)
    client_id = models.UUIDField(
        null=True, blank=True, unique=True, editable=False
    )  # of the form that added it
    phone_sealed = models.BinaryField(default=b"", blank=True)
    phone_masked = models.CharField(_("phone"), max_length=30, blank=True)

    objects = GuardianSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["student", "name", "relation"], name="guardian_once")]
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


class StaffSet(OfSchool):
    def active(self, on: datetime.date) -> Self:
        return self.filter(
            models.Q(ends_on=None) | models.Q(ends_on__gte=on),
            models.Q(starts_on=None) | models.Q(starts_on__lte=on),
        )


class Staff(models.Model):
    """A colleague. `offence_check_on`: the day the check of the offence record was noted (未成年人保护法 62)."""

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    user = models.OneToOneField(User, models.PROTECT, related_name="staff")
    code = models.CharField(_("staff number"), max_length=40)
    name = models.CharField(_("name"), max_length=60)
    pinyin = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=30, blank=True)
    sex = models.CharField(_("sex"), max_length=10, choices=Sex, blank=True)
    village = models.CharField(_("village"), max_length=60, blank=True)
    starts_on = models.DateField(_("since"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    offence_check_on = models.DateField(_("offence-record check noted on"), null=True, blank=True)
    pairing_capacity = models.PositiveSmallIntegerField(
        _("students this colleague can look after"), default=2
    )
    dormitory = models.CharField(_("dormitory in this colleague's care"), max_length=40, blank=True)

    objects = StaffSet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code"], name="staff_code_once")]

    def __str__(self) -> str:
        return self.name


class Teaching(models.Model):
    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    term = models.ForeignKey(Term, models.CASCADE, related_name="teaching")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="teaching")
    school_class = models.ForeignKey(SchoolClass, models.CASCADE, related_name="teaching")
    subject = models.CharField(_("subject"), max_length=30)

    objects = OfSchool.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["term", "staff", "school_class", "subject"], name="teaching_once")
        ]


class LastingOfSchool(OfSchool, Lasting):
    pass


class Responsibility(models.Model):
    """Who answers for what, from when to when: a post, perhaps of one class or grade.

    `ended_at`: when its end was written down; until then it was to go on.
    """

    class Post(models.TextChoices):
        HEAD = "head", _("head")
        PARTY_SECRETARY = "party_secretary", _("party secretary")
        DEPUTY = "deputy", _("deputy head")
        COORDINATOR = "coordinator", _("student affairs office")
        TEACHING_OFFICE = "teaching_office", _("teaching office")
        GENERAL_OFFICE = "general_office", _("general affairs office")
        GRADE_LEADER = "grade_leader", _("grade leader")
        CLASS_TEACHER = "class_teacher", _("class teacher")
        COUNSELLOR = "counsellor", _("counsellor")
        FINANCE_CLERK = "finance_clerk", _("finance clerk")
        SAFETY = "safety", _("safety responder")
        SAFETY_DEPUTY = "safety_deputy", _("deputy safety responder")

    school = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="responsibilities")
    post = models.CharField(_("post"), max_length=20, choices=Post)
    school_class = models.ForeignKey(
        SchoolClass, models.CASCADE, null=True, blank=True, related_name="responsible"
    )
    grade = models.PositiveSmallIntegerField(_("grade"), null=True, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    recorded_at = RecordedAtField()
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LastingOfSchool.as_manager()

    class Meta:
        constraints = [ends_after_start("responsibility_dates")]
