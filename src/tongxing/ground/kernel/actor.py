"""Who is acting, and what they may see and do: a frozen value, built once per request and passed down.

Invariants:
- an actor grants nothing by default: no scope, no rows, no ability;
- a scope never reaches beyond its own organisation;
- `SYSTEM` acts for the installation itself (schedule, set-up, demo data), never for a request.
"""

from dataclasses import dataclass, replace
from typing import Literal

from django.db.models import Q

from .errors import NotAllowed

Zone = Literal["roster", "care", "academic", "contact", "hardship", "psych", "money"]


@dataclass(frozen=True, slots=True)
class Scope:
    """One role in one organisation. `students` None means every student of that school."""

    role: str
    organisation: int
    zones: frozenset[str]
    can: frozenset[str]
    students: frozenset[int] | None = None

    def reaches(self, school_id: int, student_id: int | None) -> bool:
        if self.organisation != school_id:
            return False
        return student_id is None or self.students is None or student_id in self.students


@dataclass(frozen=True, slots=True)
class Actor:
    kind: Literal["person", "system", "public"]
    user_id: int | None = None
    scopes: tuple[Scope, ...] = ()

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(scope.role for scope in self.scopes)

    @property
    def organisations(self) -> frozenset[int]:
        """Where one works; a scope that opens names and lets do nothing is no place to work."""
        return frozenset(scope.organisation for scope in self.scopes if scope.can)

    def may(self, ability: str, *, school_id: int | None = None, student_id: int | None = None) -> bool:
        """Whether some role grants `ability`, in that school and for that student where they are named."""
        if self.is_system:
            return True
        return any(
            ability in scope.can and (school_id is None or scope.reaches(school_id, student_id))
            for scope in self.scopes
        )

    def may_all(self, ability: str, *, school_id: int) -> bool:
        """Whether some role grants `ability` for every student of that school."""
        return self.is_system or any(
            ability in scope.can and scope.organisation == school_id and scope.students is None
            for scope in self.scopes
        )

    def require(self, ability: str, *, school_id: int, student_id: int | None = None) -> None:
        if not self.may(ability, school_id=school_id, student_id=student_id):
            raise NotAllowed(ability)

    def sees(self, zone: Zone, *, school_id: int, student_id: int) -> bool:
        return self.is_system or any(
            zone in scope.zones and scope.reaches(school_id, student_id) for scope in self.scopes
        )

    def without(self, zone: Zone) -> "Actor":
        """The same person, seeing nothing of `zone`: for what is handed on to others. The system stays what it is."""
        return replace(
            self, scopes=tuple(replace(scope, zones=scope.zones - {zone}) for scope in self.scopes)
        )

    def students_q(self, zone: Zone, *, student: str = "student", school: str = "school") -> Q:
        """The rows about students that this actor sees in `zone`; `student` and `school` are lookup paths."""
        return self._rows([scope for scope in self.scopes if zone in scope.zones], student, school)

    def students_where(self, ability: str, *, student: str = "student", school: str = "school") -> Q:
        """The rows about students for whom this actor holds `ability`, whatever zone it stands in."""
        return self._rows([scope for scope in self.scopes if ability in scope.can], student, school)

    def _rows(self, scopes: list[Scope], student: str, school: str) -> Q:
        if self.is_system:
            return Q()
        rows = Q(pk__in=())
        for scope in scopes:
            of_school = Q(**{f"{school}_id": scope.organisation})
            if scope.students is not None:
                of_school &= Q(
                    **{f"{student}__in" if student == "pk" else f"{student}_id__in": scope.students}
                )
            rows |= of_school
        return rows

    def school_q(self, ability: str, *, school: str = "school") -> Q:
        """The rows of a school that this actor sees through an ability held for the whole school."""
        if self.is_system:
            return Q()
        return Q(**{f"{school}_id__in": self.schools_where(ability)})

    def schools_where(self, ability: str) -> frozenset[int]:
        return frozenset(scope.organisation for scope in self.scopes if ability in scope.can)


SYSTEM = Actor("system")
PUBLIC = Actor("public")
