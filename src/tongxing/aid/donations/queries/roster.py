"""Rosters of a day, and who enters which class: facts of the people of the school as they stood that day."""

import datetime
from collections.abc import Collection

from django.db.models import Count, QuerySet

from tongxing.ground.access.queries import classes_for
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import ClassMembership, SchoolClass, Staff, Term

from ..models import Campaign, Department
from ..models_campaigns import ENTER, MONEY
from ..rules import ALONE_FROM


def student_roster(school: Organisation, day: datetime.date) -> int:
    """How many students the school had that day, wherever they are now."""
    return ClassMembership.objects.on(day).filter(school=school).values("student").distinct().count()


def class_roster(school: Organisation, day: datetime.date) -> dict[int, int]:
    members = ClassMembership.objects.on(day).filter(school=school).order_by()
    return dict(members.values_list("school_class").annotate(n=Count("student", distinct=True)))


def staff_roster(school: Organisation, day: datetime.date) -> int:
    return Staff.objects.filter(school=school).active(day).count()


def young_in(classes: Collection[int], day: datetime.date) -> set[int]:
    """Those of these classes in which a child is under eight that day."""
    turned = day.replace(year=day.year - ALONE_FROM)
    members = ClassMembership.objects.on(day).filter(school_class__in=classes, student__birth_date__gt=turned)
    return set(members.values_list("school_class", flat=True))


def year_classes(school: Organisation, day: datetime.date) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(school=school, year__starts_on__lte=day, year__ends_on__gte=day)


def classes_to_enter(actor: Actor, campaign: Campaign) -> QuerySet[SchoolClass]:
    """The classes whose figures this person enters: finance every one, a class teacher the own."""
    classes = year_classes(campaign.school, campaign.counted_on)
    if actor.may(MONEY, school_id=campaign.school_id):
        return classes
    term = Term.objects.filter(
        school=campaign.school_id, year__starts_on__lte=campaign.counted_on, year__ends_on__gte=campaign.counted_on
    ).first()  # fmt: skip
    return classes_for(actor, ENTER, term) if term else classes.none()


def departments_to_enter(actor: Actor, campaign: Campaign) -> QuerySet[Department]:
    """Departments are entered by finance and by whoever enters for the whole school."""
    school_id = campaign.school_id
    if actor.may(MONEY, school_id=school_id) or actor.may_all(ENTER, school_id=school_id):
        return Department.objects.filter(school=school_id, ended_on=None)
    return Department.objects.none()
