"""First chapter: the calendar, 90 colleagues with their posts, 24 classes, about 1,184 students and their families."""

import datetime
import secrets

from django.contrib.auth.hashers import make_password

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.accounts.models import User
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.calendar_actions import TermDates, open_year, take_official_days
from tongxing.ground.people.class_names import parse
from tongxing.ground.people.models import (
    Circumstance,
    ClassMembership,
    Consent,
    Guardian,
    Responsibility,
    SchoolClass,
    SchoolYear,
    Staff,
    Student,
    Teaching,
    Term,
)
from tongxing.ground.people.roster import ClassRef, GuardianRow, StaffRow, StudentRow
from tongxing.ground.people.roster_actions import save_students
from tongxing.ground.people.roster_staff import save_staff

from . import Demo, words

GRADES = (7, 8, 9)
CLASSES_PER_GRADE = 8
ENROLLED = 1184
GRADE_SIGNS = {7: "初一", 8: "初二", 9: "初三"}
Post = Responsibility.Post

#: Offices: (key in `demo.posts`, post, role of the account).
OFFICES = [
    ("head", Post.HEAD, Role.HEAD),
    ("deputy", Post.DEPUTY, Role.DEPUTY),
    ("deputy_teaching", Post.DEPUTY, None),
    ("deputy_general", Post.DEPUTY, None),
    ("coordinator", Post.COORDINATOR, Role.COORDINATOR),
    ("coordinator_assistant", Post.COORDINATOR, Role.COORDINATOR),
    ("teaching_office", Post.TEACHING_OFFICE, None),
    ("general_office", Post.GENERAL_OFFICE, Role.FINANCE_CHECKER),
    ("finance_clerk", Post.FINANCE_CLERK, Role.FINANCE_MAKER),
    ("counsellor", Post.COUNSELLOR, Role.COUNSELLOR),
    ("grade_leader_7", Post.GRADE_LEADER, None),
    ("grade_leader_8", Post.GRADE_LEADER, None),
    ("grade_leader_9", Post.GRADE_LEADER, None),
    ("system_admin", None, Role.SYSTEM_ADMIN),
]
NO_TEACHING = {"head", "deputy_general", "finance_clerk", "counsellor", "system_admin"}


def tell(demo: Demo) -> None:
    _calendar(demo)
    _colleagues(demo)
    _classes(demo)
    _teaching(demo)
    _students(demo)
    _offices(demo)
    _county(demo)
    _family_doors(demo)


def _calendar(demo: Demo) -> None:
    dates = demo.dates
    pair = (dates.now, dates.after) if dates.number == 1 else (dates.before, dates.now)
    start = pair[0].starts_on
    demo.year = open_year(SYSTEM, school=demo.school, name=_year_name(start), first=pair[0], second=pair[1])
    demo.term = demo.year.terms.get(number=dates.number)
    demo.term_before = (
        demo.year.terms.get(number=1) if dates.number == 2 else _last_year(demo, start, dates.before)
    )
    take_official_days(SYSTEM, school=demo.school, first=dates.before.starts_on, last=pair[1].ends_on)


def _year_name(start: datetime.date) -> str:
    return f"{start.year}-{start.year + 1}"


def _last_year(demo: Demo, start: datetime.date, before: TermDates) -> Term:
    year = SchoolYear.objects.create(
        school=demo.school,
        name=_year_name(start.replace(year=start.year - 1, day=1)),
        starts_on=start.replace(year=start.year - 1, day=1),
        ends_on=before.ends_on,
    )
    return Term.objects.create(
        school=demo.school,
        year=year,
        number=2,
        starts_on=before.starts_on,
        ends_on=before.ends_on,
        week_one=before.week_one,
    )


def _colleagues(demo: Demo) -> None:
    pick = demo.random
    names = words.STAFF_NAMES[:90]
    rows = [
        StaffRow(f"T{n:03d}", name, pick.choice(["female", "female", "male"]), pick.choice(words.VILLAGES))
        for n, name in enumerate(names, start=1)
    ]
    save_staff(SYSTEM, school=demo.school, rows=rows)
    demo.staff = list(Staff.objects.filter(school=demo.school).order_by("code"))
    for n, staff in enumerate(demo.staff):
        staff.starts_on = demo.year.starts_on - datetime.timedelta(days=365 * pick.randint(1, 18))
        staff.offence_check_on = demo.term.starts_on - datetime.timedelta(days=pick.randint(2, 20))
        staff.pairing_capacity = 1 if n >= 4 else 2
    for newcomer in demo.staff[-2:]:
        newcomer.offence_check_on = None
        newcomer.starts_on = demo.term.week_one + datetime.timedelta(weeks=8)
    Staff.objects.bulk_update(demo.staff, ["starts_on", "offence_check_on", "pairing_capacity"])
    # they have begun long ago, with a password that nobody knows: the demo opens every account by a click
    known = [staff.user_id for staff in demo.staff[:-5]]
    User.objects.filter(pk__in=known).update(password=make_password(secrets.token_hex()))


def _classes(demo: Demo) -> None:
    for grade in GRADES:
        for number in range(1, CLASSES_PER_GRADE + 1):
            name = f"{GRADE_SIGNS[grade]}({number})班"
            demo.classes.append(
                SchoolClass.objects.create(
                    school=demo.school, year=demo.year, grade=grade, number=number, name=name
                )
            )


def _teaching(demo: Demo) -> None:
    """Subjects to colleagues in turn; the Chinese, maths or English teacher of a class leads it."""
    pool: dict[str, list[Staff]] = {subject: [] for grade in GRADES for subject in words.SUBJECTS[grade]}
    load = {"语文": 2, "数学": 2, "英语": 2, "物理": 4, "化学": 4}
    teachers = [s for n, s in enumerate(demo.staff) if n >= len(OFFICES)]
    teachers += [demo.staff[n] for n, (key, *_rest) in enumerate(OFFICES) if key not in NO_TEACHING]
    rows = []
    for subject in pool:
        classes = [c for c in demo.classes if subject in words.SUBJECTS[c.grade]]
        step = load.get(subject, 8)
        for start in range(0, len(classes), step):
            teacher = teachers.pop(0) if teachers else demo.random.choice(demo.staff[20:])
            for school_class in classes[start : start + step]:
                rows.append((teacher, school_class, subject))
    Teaching.objects.bulk_create(
        Teaching(school=demo.school, term=demo.term, staff=t, school_class=c, subject=s) for t, c, s in rows
    )
    leading = set()
    for school_class in demo.classes:
        of_class = [t for t, c, s in rows if c == school_class and s in {"语文", "数学", "英语"}]
        teacher = next(t for t in [*of_class, *demo.staff[30:]] if t.pk not in leading)
        leading.add(teacher.pk)
        demo.class_teachers[school_class.pk] = teacher


def _student_rows(demo: Demo) -> list[tuple[StudentRow, SchoolClass]]:
    pick, rows, used = demo.random, [], set()
    special = iter(words.SPECIAL)
    special_at = {57, 266, 431, 702, 958}
    for n in range(ENROLLED):
        school_class = demo.classes[n % len(demo.classes)]
        sex = pick.choice(["female", "male"])
        name = ""
        while not name or (name, school_class.pk) in used or name in words.STAFF_NAMES:
            given = pick.choice(words.GIVEN_GIRLS if sex == "female" else words.GIVEN_BOYS)
            name = pick.choices(words.SURNAMES, words.SURNAME_WEIGHTS)[0] + (
                given if pick.random() < 0.8 else given[-1]
            )
        if n in special_at:
            name, sex = next(special)
        used.add((name, school_class.pk))
        rows.append((_student(demo, n, name, sex, school_class), school_class))
    return rows


def _student(demo: Demo, n: int, name: str, sex: str, school_class: SchoolClass) -> StudentRow:
    pick = demo.random
    village = f"{pick.choice(words.VILLAGES)}{pick.choice(words.GROUPS)}"
    entry = demo.year.starts_on.year - (school_class.grade - 7)
    birth = datetime.date(entry - 13, 9, 1) + datetime.timedelta(days=pick.randint(0, 364))
    lives = pick.choices(
        ["both_away", "father_away", "one_parent", "orphan", "at_home"], [260, 120, 48, 2, 570]
    )[0]
    circumstances = {"both_away": ("left_behind", "left_behind_civil"), "father_away": ("left_behind",)}.get(
        lives, ()
    )
    if lives in {"one_parent", "orphan"}:
        circumstances = ("single_parent" if lives == "one_parent" else "orphan",)
    hardship = pick.random()
    if hardship < 0.045:
        circumstances += (
            pick.choice(["minimum_living", "lifted_out", "monitored", "low_income", "disabled_parent"]),
        )
    elif hardship < 0.052:
        circumstances += (pick.choice(["serious_illness", "disabled", "sudden_hardship"]),)
    boarding = pick.random() < (0.45 if lives == "both_away" else 0.2)
    parsed = parse(school_class.name)
    return StudentRow(
        code=f"{entry}{school_class.grade - 6:01d}{n:04d}",
        name=name,
        sex=sex,
        birth_date=birth,
        ethnicity="彝族" if "·" in name else "汉族",
        boarding=boarding,
        dormitory=f"{'桂' if sex == 'female' else '松'}园 {pick.randint(1, 4)}0{pick.randint(1, 9)}"
        if boarding
        else "",
        residence="农村",
        village=village,
        national_code=f"G3299{n:05d}{birth:%Y%m%d}{n % 10}",
        enrolled_on=datetime.date(entry, 9, 1) if demo.dates.now.starts_on.month == 9 else None,
        school_class=ClassRef(school_class.name, parsed.key, parsed.grade, parsed.number) if parsed else None,
        phone="",
        address=f"和风镇{village}{pick.randint(1, 60)}号",
        circumstances=circumstances,
        guardians=_guardians(demo, name, lives, village),
    )


def _guardians(demo: Demo, name: str, lives: str, village: str) -> tuple[GuardianRow, ...]:
    pick = demo.random
    surname = name[:2] if name[:2] in words.SURNAMES else name[:1]
    if "·" in name:
        surname = name.split("·", 1)[0] + "·"

    def person(relation: str, relation_text: str, order: int, away: bool, family: str) -> GuardianRow:
        given = pick.choice(
            words.GIVEN_GIRLS if relation_text in {"妈妈", "奶奶", "外婆"} else words.GIVEN_BOYS
        )
        return GuardianRow(
            name=family + (given[-1] if order == 1 and relation == "grandparent" else given),
            relation=relation,
            relation_text=relation_text,
            phone=f"1{pick.choice(['38', '59', '77', '86'])}{pick.randint(10_000_000, 99_999_999)}",
            away_place=pick.choice(words.AWAY) if away else "",
            best_time=pick.choice(words.BEST_TIMES) if away or pick.random() < 0.3 else "",
            lives_with=not away,
            order=order,
        )

    father = person("father", "爸爸", 2, lives in {"both_away", "father_away"}, surname)
    mother = person("mother", "妈妈", 2, lives == "both_away", pick.choice(words.SURNAMES))
    elder, kin = pick.choice(
        [
            ("爷爷", surname),
            ("奶奶", surname),
            ("外婆", pick.choice(words.SURNAMES)),
            ("外公", mother.name[:1]),
        ]
    )
    if lives == "both_away":
        return (person("grandparent", elder, 1, False, kin), pick.choice([father, mother]))
    if lives == "orphan":
        return (person("grandparent", elder, 1, False, kin),)
    if lives == "father_away":
        return (mother, father)
    return (pick.choice([father, mother]),) if lives == "one_parent" else (father, mother)


def _students(demo: Demo) -> None:
    rows = _student_rows(demo)
    save_students(
        SYSTEM,
        school=demo.school,
        year=demo.year,
        rows=[row for row, _c in rows],
        on=demo.dates.now.starts_on,
    )
    known = clock.start_of(demo.dates.now.starts_on)
    Circumstance.objects.filter(school=demo.school).update(recorded_at=known)
    demo.students = list(Student.objects.filter(school=demo.school).order_by("pk"))
    for membership in ClassMembership.objects.filter(school=demo.school).select_related("school_class"):
        demo.class_of[membership.student_id] = membership.school_class


def _offices(demo: Demo) -> None:
    since = demo.year.starts_on
    grants, posts = [], []
    for n, (key, post, role) in enumerate(OFFICES):
        staff = demo.posts[key] = demo.staff[n]
        if post:
            grade = int(key[-1]) if post == Post.GRADE_LEADER else None
            posts.append(
                Responsibility(school=demo.school, staff=staff, post=post, grade=grade, starts_on=since)
            )
        if role:
            grants.append(Grant(school=demo.school, user=staff.user, role=role, starts_on=since))
    posts.append(
        Responsibility(school=demo.school, staff=demo.staff[0], post=Post.PARTY_SECRETARY, starts_on=since)
    )
    for school_class in demo.classes:
        staff = demo.class_teachers[school_class.pk]
        posts.append(
            Responsibility(
                school=demo.school,
                staff=staff,
                post=Post.CLASS_TEACHER,
                school_class=school_class,
                starts_on=since,
            )
        )
        grants.append(
            Grant(
                school=demo.school,
                user=staff.user,
                role=Role.CLASS_TEACHER,
                school_class=school_class,
                starts_on=since,
            )
        )
    for one in posts:
        one.recorded_at = clock.start_of(since)
    Responsibility.objects.bulk_create(posts)
    Grant.objects.bulk_create(grants)


def _county(demo: Demo) -> None:
    people = [
        ("县督查 安澜", Role.COUNTY_SUPERVISOR),
        ("资助专员 闻溪", Role.COUNTY_AID_OFFICER),
        ("数据专员 穆青", Role.COUNTY_DATA_OFFICER),
    ]
    for n, (name, role) in enumerate(people, start=1):
        user = User(login=f"county-{n}", name=name.split()[-1])
        user.set_unusable_password()
        user.save()
        Grant.objects.create(school=demo.county, user=user, role=role, starts_on=demo.year.starts_on)


def _family_doors(demo: Demo) -> None:
    """One guardian and one student with an account of their own."""
    guardian = (
        Guardian.objects.filter(school=demo.school, relation="grandparent").select_related("student").first()
    )
    if guardian is None:
        return
    for login, name, role in (
        ("family-1", guardian.name, Role.GUARDIAN),
        ("student-1", guardian.student.name, Role.STUDENT),
    ):
        user = User(login=login, name=name)
        user.set_unusable_password()
        user.save()
        Grant.objects.create(
            school=demo.school, user=user, role=role, student=guardian.student, starts_on=demo.year.starts_on
        )
        if role == Role.GUARDIAN:
            guardian.user = user
            guardian.save(update_fields=["user"])
        else:
            guardian.student.user = user
            guardian.student.save(update_fields=["user"])
    Consent.objects.create(
        school=demo.school,
        student=guardian.student,
        purpose="care",
        basis=Consent.Basis.GUARDIAN,
        given_by=guardian.name,
        given_on=demo.term.starts_on + datetime.timedelta(days=3),
    )
