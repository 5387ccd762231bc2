"""How long a county of 100 schools waits for its page, its months and the report over all of them.

    PYTHONPATH=src:. .venv/bin/python -m bench.county [SCHOOLS]

Makes the schools in an empty database: each 200 children, a tenth on the register and with a helper, contacts in every
month. Then the county's first page, its months, its programme school by school, and the report as Word and as PDF.
The limit is the whole report within ten seconds. Seconds are those of one core, database included, so that a busy
machine does not matter. All goes to `bench/results/county.json`.
"""

import json
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results" / "county.json"
AIM_SECONDS = 10.0
CHILDREN, EACH, CONTACTS = 200, 10, 6


def main() -> None:
    schools = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    folder = tempfile.mkdtemp(prefix="tongxing-county-")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tongxing.config.settings",
        "TONGXING_DATA": folder,
        "TONGXING_MODE": "demo",
    }
    try:
        report = measured(schools)
    finally:
        shutil.rmtree(folder)
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    if schools >= 100 and max(report["seconds"].values()) > AIM_SECONDS:
        sys.exit("slower than the aim")


def measured(schools: int) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    actor, county = tell(schools)
    from tongxing.ground.kernel import clock
    from tongxing.oversight.county.comparing import newest, schools_with
    from tongxing.oversight.insight.county import county_sums
    from tongxing.oversight.insight.county_counts import MONTHLY
    from tongxing.oversight.insight.county_months import county_months
    from tongxing.paper.documents.county import county_report

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    now = clock.now()
    seconds = {
        "first page": timed(lambda: county_sums(actor, county, now)),
        "months": max(timed(lambda code=code: county_months(actor, county, code, now)) for code in MONTHLY),
        "programme": timed(lambda: schools_with(actor, county, newest(county))),
        "report as Word": timed(lambda: county_report(actor, county, now, "docx")),
        "report as PDF": timed(lambda: county_report(actor, county, now, "pdf")),
    }
    return {
        "on": f"Python {platform.python_version()}, {os.cpu_count()} cores, SQLite",
        "schools": schools,
        "children": schools * CHILDREN,
        "contacts": schools * CHILDREN // EACH * CONTACTS,
        "aim_seconds": AIM_SECONDS,
        "seconds": seconds,
    }


def timed(work: Any) -> float:
    """The slower of two: the first reads what the second finds in memory."""
    found = []
    for _ in range(2):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return round(max(found), 2)


def tell(schools: int) -> tuple[Any, Any]:
    """The county with its schools, its programme, and the supervisor who looks."""
    import datetime
    import uuid

    from tongxing.ground.access.models import Grant
    from tongxing.ground.access.queries import actor_for
    from tongxing.ground.access.roles import Role
    from tongxing.ground.accounts.models import Organisation, User
    from tongxing.ground.kernel.actor import SYSTEM
    from tongxing.oversight.county import programme

    county = Organisation.objects.create(kind="county", name="澄湖县教育局", is_demo=True)
    user = User.objects.create(login="county", name="安澜")
    since = datetime.date(2026, 9, 1)
    Grant.objects.create(school=county, user=user, role=Role.COUNTY_SUPERVISOR, starts_on=since)
    actor = actor_for(user)
    for number in range(schools):
        one_school(county, number)
    version = programme.begin(actor, county=county, client_id=uuid.uuid4(), name="百千万工程")
    programme.publish(actor, version=version)
    from tongxing.care.programme.actions import install

    for school in Organisation.objects.filter(parent=county):
        install(SYSTEM, school=school)
    return actor, county


def one_school(county: Any, number: int) -> None:
    """A year, a term, children, and what was recorded about every tenth of them."""
    import datetime

    from tongxing.care.pairing.models import Pair
    from tongxing.ground.accounts.models import Organisation, User
    from tongxing.ground.kernel import clock
    from tongxing.ground.kernel.models import SubjectKey
    from tongxing.ground.people.models import Registration, SchoolYear, Staff, Student, Term

    since = datetime.date(2026, 9, 1)
    school = Organisation.objects.create(
        kind="school", name=f"第{number + 1}中学", parent=county, stage="junior", is_demo=True
    )
    year = SchoolYear.objects.create(
        school=school, name="2026-2027", starts_on=since, ends_on=datetime.date(2027, 7, 10)
    )
    Term.objects.create(
        school=school, year=year, number=1, starts_on=since, ends_on=datetime.date(2027, 1, 22),
        week_one=datetime.date(2026, 9, 7),
    )  # fmt: skip
    user = User.objects.create(login=f"teacher-{number}", name="林老师")
    helper = Staff.objects.create(school=school, user=user, code="1", name="林老师", starts_on=since)
    keys = SubjectKey.objects.bulk_create(SubjectKey(wrapped=b"") for _ in range(CHILDREN))
    children = Student.objects.bulk_create(
        Student(school=school, key=key, code=str(place), name=f"同学{place}")
        for place, key in enumerate(keys)
    )
    moment = clock.start_of(datetime.date(2026, 9, 8))
    Registration.objects.bulk_create(
        Registration(school=school, student=one, level="normal", starts_on=since, recorded_at=moment)
        for one in children[::EACH]
    )
    Pair.objects.bulk_create(
        Pair(school=school, student=one, helper=helper, starts_on=since, confirmed_at=moment)
        for one in children[::EACH]
    )
    contacts(school, helper, children[::EACH])


def contacts(school: Any, helper: Any, children: Any) -> None:
    import datetime
    import uuid

    from tongxing.care.contacts.models import Contact
    from tongxing.ground.kernel import clock

    first = clock.start_of(datetime.date(2026, 9, 10))
    Contact.objects.bulk_create(
        Contact(
            school=school, client_id=uuid.uuid4(), student=one, staff=helper, kind="talk", visibility="team",
            reached=["student"],
            channel="at_home" if turn % 3 == 0 else "in_person", happened_at=first + turn * datetime.timedelta(days=12),
            recorded_at=first + turn * datetime.timedelta(days=12, hours=1),
        )
        for one in children
        for turn in range(CONTACTS)
    )  # fmt: skip


if __name__ == "__main__":
    main()
