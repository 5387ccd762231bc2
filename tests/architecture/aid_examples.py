"""What the addresses of aid projects name: a project, an amount, a term it is open in, a decision, a list and its lines."""

import datetime
from typing import Any
from uuid import UUID

from tongxing.aid.subsidies.actions import pay, projects, rounds
from tongxing.aid.subsidies.models import PayLine, PayList, Project, Rate, Round, Subsidy
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.people.models import Student, Term

from ..cast import Cast


def _who(cast: Cast, school: Organisation) -> Actor:
    name = {cast.school.pk: "coordinator", cast.county.pk: "county_aid_officer"}.get(school.pk, "outsider")
    return cast.actor(name)


def project(cast: Cast, school: Organisation, payer: str = "school") -> Project:
    return projects.add_project(
        _who(cast, school), organisation=school, client_id=UUID(int=40_000 + school.pk), name="学校生活补助",
        kind="school", payer=payer, asks="recognised",
    )  # fmt: skip


def county_project(cast: Cast) -> Project:
    return projects.add_project(
        _who(cast, cast.county), organisation=cast.county, client_id=UUID(int=41_000), name="县里的补助",
        kind="living", payer="county", asks="known",
    )  # fmt: skip


def rate(cast: Cast, school: Organisation) -> Rate:
    said = projects.RateSaid(300_00, datetime.date(2026, 9, 1), "校长办公会")
    return projects.set_rate(
        _who(cast, school), organisation=school, project=project(cast, school), said=said,
        client_id=UUID(int=42_000 + school.pk),
    )  # fmt: skip


def round(cast: Cast, school: Organisation) -> Round:
    rate(cast, school)
    term = Term.objects.filter(school=school).latest("starts_on")
    return rounds.open_round(_who(cast, school), school=school, project=project(cast, school), term=term)


def subsidy(cast: Cast, student: Student) -> Subsidy:
    return rounds.decide(
        _who(cast, student.school), round=round(cast, student.school), student=student, granted=True, amount=200_00,
        reason="冬天路远",
    )  # fmt: skip


def pay_list(cast: Cast, school: Organisation) -> PayList:
    """With everybody of the examples on it."""
    own = (cast.students.key, cast.students.plain)
    for student in own if school == cast.school else (cast.students.far,):
        subsidy(cast, student)
    return pay.make_list(
        _who(cast, school), round=round(cast, school), client_id=UUID(int=43_000 + school.pk)
    )


def line(cast: Cast, student: Student) -> PayLine:
    return pay_list(cast, student.school).lines.get(student=student)


def _each(make: Any) -> Any:
    def found(cast: Cast) -> dict[str, int]:
        students = {"own": cast.students.key, "class": cast.students.plain, "far": cast.students.far}
        return {whose: make(cast, student).pk for whose, student in students.items()}

    return found


def _schools(make: Any) -> Any:
    def found(cast: Cast) -> dict[str, int]:
        own, far = make(cast, cast.school).pk, make(cast, cast.other_school).pk
        return {"own": own, "class": own, "far": far}

    return found


def _of_county(cast: Cast) -> dict[str, int]:
    """What a school keeps for itself is as far from the county as from anybody else."""
    own = county_project(cast).pk
    return {"own": own, "class": own, "far": project(cast, cast.other_school).pk}


EXAMPLES = {
    "project_id": _schools(project),
    "county_project_id": _of_county,
    "rate_id": _schools(rate),
    "subsidy_round_id": _schools(round),
    "subsidy_id": _each(subsidy),
    "subsidy_list_id": _schools(pay_list),
    "subsidy_line_id": _each(line),
}
