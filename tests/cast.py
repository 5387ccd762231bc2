"""The named cast that tests tell their stories with: a county, two schools, and one person for every role.

和风镇中心初中 on Wednesday 2026-11-25, 16:00, teaching week 12. 周晓禾 (key) and 孟宇航 are in 初一(1), 苏苗苗 in 初一(2);
林岚 helps 周晓禾 and nobody else. 云岭中学 is the other school, with 何一帆.
"""

import datetime
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.utils import translation

from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.clock import SCHOOL_TIME
from tongxing.ground.kernel.encryption import new_key, seal
from tongxing.ground.people.actions import GUARDIAN_PHONE, SEALED
from tongxing.ground.people.models import (
    ClassMembership,
    Guardian,
    Registration,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
    Teaching,
    Term,
)

from .kept import Kept, keep

NOW = datetime.datetime(2026, 11, 25, 16, 0, tzinfo=SCHOOL_TIME)
TERM_START = datetime.date(2026, 9, 1)

STAFF = {
    "head": ("顾言", Role.HEAD),
    "deputy": ("裴青", Role.DEPUTY),
    "coordinator": ("石磊", Role.COORDINATOR),
    "class_teacher": ("唐雨", Role.CLASS_TEACHER),
    "other_class_teacher": ("邵明", Role.CLASS_TEACHER),
    "helper": ("林岚", Role.HELPER),
    "other_teacher": ("宋桥", None),
    "counsellor": ("白露", Role.COUNSELLOR),
    "finance_maker": ("纪平", Role.FINANCE_MAKER),
    "finance_checker": ("秦安", Role.FINANCE_CHECKER),
    "system_admin": ("方圆", Role.SYSTEM_ADMIN),
    "deactivated": ("卫国", Role.COORDINATOR),
}
COUNTY = {
    "county_supervisor": ("江涛", Role.COUNTY_SUPERVISOR),
    "county_aid_officer": ("叶舟", Role.COUNTY_AID_OFFICER),
    "county_data_officer": ("贺川", Role.COUNTY_DATA_OFFICER),
}


@dataclass
class Cast:
    county: Organisation
    school: Organisation
    other_school: Organisation
    year: SchoolYear
    term: Term
    class_one: SchoolClass
    class_two: SchoolClass
    users: dict[str, User] = field(default_factory=dict)
    staff: dict[str, Staff] = field(default_factory=dict)
    students: SimpleNamespace = field(default_factory=SimpleNamespace)

    def actor(self, role: str) -> Actor:
        """The actor behind a name of the cast, with the grants of this moment."""
        return actor_for(self.users[role])

    def client(self, role: str) -> Client:
        """A browser in which that person has signed in: what signing in leaves behind, in one row."""
        user = self.users[role]
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        client = Client()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
        return client

    def add_student(self, name: str, school_class: SchoolClass | None, level: str = "", **facts) -> Student:
        school = school_class.school if school_class else self.school
        key = new_key()
        key.save()
        student = Student.objects.create(
            school=school, key=key, code=f"S{Student.objects.count() + 1:04d}", name=name, **facts
        )
        if school_class:
            ClassMembership.objects.create(
                school=school, student=student, school_class=school_class, starts_on=TERM_START
            )
        if level:
            Registration.objects.create(
                school=school,
                student=student,
                level=level,
                starts_on=datetime.date(2026, 9, 7),
                recorded_at=NOW,
            )
        return student

    def add_staff(self, key: str, name: str, school: Organisation | None = None, **facts) -> Staff:
        user = User.objects.create_user(key, name)
        self.users[key] = user
        self.staff[key] = Staff.objects.create(
            school=school or self.school, user=user, code=key, name=name, **facts
        )
        return self.staff[key]

    def teach(self, key: str, *classes: SchoolClass, name: str = "程一川") -> Staff:
        """Lessons of this term in these classes, for a colleague of the cast or a new one who holds no role."""
        staff = self.staff.get(key) or self.add_staff(key, name, classes[0].school)
        for school_class in classes:
            Teaching.objects.create(
                school=staff.school, term=self.term, staff=staff, school_class=school_class, subject="音乐"
            )
        return staff

    def grant(self, key: str, role: str, organisation: Organisation | None = None, **scope) -> Grant:
        return Grant.objects.create(
            school=organisation or self.school, user=self.users[key], role=role, starts_on=TERM_START, **scope
        )


def school_with_term(name: str, county: Organisation) -> tuple[Organisation, SchoolYear, Term]:
    school = Organisation.objects.create(
        kind="school", name=name, short_name=name[:4], parent=county, stage="junior"
    )
    year = SchoolYear.objects.create(
        school=school, name="2026-2027", starts_on=TERM_START, ends_on=datetime.date(2027, 7, 10)
    )
    term = Term.objects.create(
        school=school,
        year=year,
        number=1,
        starts_on=TERM_START,
        ends_on=datetime.date(2027, 1, 22),
        week_one=datetime.date(2026, 9, 7),
    )
    return school, year, term


@pytest.fixture
def at_school():
    """The clock stands at NOW."""
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def english():
    """Sentences are compared in the language of the sources."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def kept_cast(django_db_setup, django_db_blocker) -> Kept[Cast]:
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False):
        return keep(tell)


@pytest.fixture
def cast(db, at_school, kept_cast) -> Cast:
    return kept_cast.again()


def tell() -> Cast:
    """The county, its schools and everybody in them, into an empty database."""
    county = Organisation.objects.create(kind="county", name="清河县教育局")
    school, year, term = school_with_term("和风镇中心初中", county)
    other, other_year, _ = school_with_term("云岭中学", county)
    classes = [
        SchoolClass.objects.create(school=school, year=year, grade=7, number=number, name=f"初一({number})班")
        for number in (1, 2)
    ]
    cast = Cast(county, school, other, year, term, *classes)
    far_class = SchoolClass.objects.create(school=other, year=other_year, grade=8, number=1, name="初二(1)班")
    cast.students = SimpleNamespace(
        key=cast.add_student("周晓禾", classes[0], "key", pinyin="zhouxiaohe", initials="zxh", sex="female"),
        normal=cast.add_student(
            "孟宇航", classes[0], "normal", pinyin="mengyuhang", initials="myh", sex="male"
        ),
        plain=cast.add_student("苏苗苗", classes[1], pinyin="sumiaomiao", initials="smm", sex="female"),
        far=cast.add_student("何一帆", far_class, "key", pinyin="heyifan", initials="hyf", sex="male"),
    )
    _add_people(cast)
    return cast


def _add_people(cast: Cast) -> None:
    key = cast.students.key
    for name, (title, role) in STAFF.items():
        cast.add_staff(name, title, offence_check_on=TERM_START)
        if role and role not in {Role.CLASS_TEACHER, Role.HELPER}:
            cast.grant(name, role)
    cast.grant("class_teacher", Role.CLASS_TEACHER, school_class=cast.class_one)
    cast.grant("other_class_teacher", Role.CLASS_TEACHER, school_class=cast.class_two)
    cast.grant("helper", Role.HELPER, student=key)
    for name, (title, role) in COUNTY.items():
        cast.users[name] = User.objects.create_user(name, title)
        cast.grant(name, role, cast.county)
    for name, title in (("guardian", "周桂兰"), ("student", "周晓禾")):
        cast.users[name] = User.objects.create_user(name, title)
        cast.grant(name, name, student=key)
    cast.add_staff("outsider", "章远", school=cast.other_school, offence_check_on=TERM_START)
    cast.grant("outsider", Role.HEAD, cast.other_school)
    User.objects.filter(pk=cast.users["deactivated"].pk).update(is_active=False)
    cast.users["deactivated"].refresh_from_db()
    _add_contact_details(cast)


def _add_contact_details(cast: Cast) -> None:
    key = cast.students.key
    key.phone_sealed, key.phone_masked = seal(key.key, "13812345678", SEALED["phone"]), "138****5678"
    key.address_sealed, key.address_masked = (
        seal(key.key, "和风镇柳溪村三组12号", SEALED["address"]),
        "和风镇柳溪村***",
    )
    key.save()
    Guardian.objects.create(
        school=cast.school,
        student=key,
        user=cast.users["guardian"],
        name="周桂兰",
        relation="grandparent",
        relation_text="奶奶",
        lives_with=True,
        phone_sealed=seal(key.key, "13900001111", GUARDIAN_PHONE),
        phone_masked="139****1111",
    )
    Guardian.objects.create(
        school=cast.school,
        student=key,
        name="周建军",
        relation="father",
        order=2,
        lives_with=False,
        away_place="昆山",
        best_time="20:00",
        phone_sealed=seal(key.key, "13700002222", GUARDIAN_PHONE),
        phone_masked="137****2222",
    )
