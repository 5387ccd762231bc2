"""The rules of screening, told as a specification."""

import random
import time
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongxing.care.screening.rules import Event, Mark, Reason, StudentFacts, screen, suggest_level
from tongxing.care.screening.ruleset import (
    Absence,
    BelowCohort,
    FailedSubjects,
    LateEarly,
    RuleSet,
    default_rules,
)

#: A busy machine draws slowly; that says nothing about the rules.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONDAY = date(2026, 9, 7)
DAYS = tuple(MONDAY + timedelta(days=n) for n in range(70) if (MONDAY + timedelta(days=n)).weekday() < 5)
RULES = RuleSet()
SUBJECTS = ("语文", "数学", "英语", "物理", "政治", "历史")


def marks(*points, exam=1, held_on=date(2026, 11, 10), **more):
    return tuple(
        Mark(exam * 100 + n, exam, "期中考试", held_on, SUBJECTS[n], points=value, **more)
        for n, value in enumerate(points)
    )


def bands(*values):
    return tuple(
        Mark(n, 1, "期中考试", date(2026, 11, 10), SUBJECTS[n], band=value) for n, value in enumerate(values)
    )


def absent(count, kind="absent"):
    return tuple(Event(n, DAYS[n], kind) for n in range(count))


def look(*students, rules=RULES, days=DAYS):
    return screen(students, rules, days)


def codes(student, rules=RULES, days=DAYS, others=()):
    return [
        reason.code for reason in look(student, *others, rules=rules, days=days).findings[student.id].reasons
    ]


# --- study ---


def test_two_subjects_below_sixty_percent_are_a_reason_with_its_records():
    finding = look(StudentFacts(7, marks=marks(59.5, 30, 60, 80))).findings[7]
    (reason,) = finding.reasons
    assert finding.outcome == "candidate"
    assert reason.figures == {
        "exam": "期中考试", "subjects": ["数学", "语文"], "count": 2, "of": 4, "share": 60, "by_band": False,
    }  # fmt: skip
    assert {source for _model, source in reason.sources} == {100, 101}


def test_one_failed_subject_is_none_and_exactly_the_pass_mark_has_passed():
    assert codes(StudentFacts(7, marks=marks(59, 60, 60, 60))) == []


def test_full_marks_of_a_subject_move_its_pass_mark():
    rules = RuleSet(failed_subjects=FailedSubjects(full_marks_of={"语文": 150, "数学": 150}))
    assert codes(StudentFacts(7, marks=marks(89, 89)), rules) == ["failed_subjects"]
    assert codes(StudentFacts(7, marks=marks(90, 90)), rules) == []


def test_a_mark_that_knows_its_full_marks_needs_no_setting():
    assert codes(StudentFacts(7, marks=marks(71, 71, full_marks=120))) == ["failed_subjects"]


def test_a_paper_with_points_above_its_full_marks_judges_nobody():
    result = look(StudentFacts(1, marks=marks(118, 118)), StudentFacts(2, marks=marks(40, 40)))
    assert result.findings[2].outcome == "cleared"
    assert [subject for subject, _paper in result.unclear_papers] == ["数学", "语文"]


def test_the_lowest_band_fails_and_no_number_is_needed():
    assert codes(StudentFacts(7, marks=bands("待合格", "待合格", "优"))) == ["failed_subjects"]
    assert codes(StudentFacts(7, marks=bands("E", "E", "A"))) == ["failed_subjects"]
    assert codes(StudentFacts(7, marks=bands("合格", "良", "优", "合格"))) == []


def test_low_bands_together_with_the_lowest_are_a_reason():
    assert codes(StudentFacts(7, marks=bands("D", "D", "D", "B"))) == ["low_bands"]
    assert codes(StudentFacts(7, marks=bands("D", "D", "B", "B"))) == []


@pytest.mark.parametrize("special", ["absent", "cheated", "exempt"])
def test_special_codes_are_no_numbers(special):
    silent = tuple(
        Mark(n, 1, "期中考试", date(2026, 11, 10), SUBJECTS[n], points=-1.0, special=special)
        for n in range(4)
    )
    result = look(StudentFacts(7, marks=silent))
    assert result.findings[7].reasons == ()
    assert "study" not in result.findings[7].basis


def test_only_the_latest_exam_counts():
    early = marks(20, 20, 20, exam=1, held_on=date(2026, 10, 1))
    late = marks(80, 80, 80, exam=2, held_on=date(2026, 11, 10))
    assert codes(StudentFacts(7, marks=early + late)) == []
    assert codes(StudentFacts(7, marks=late + early)) == []


Z = RuleSet(below_cohort=BelowCohort(on=True, at_least=1))


def cohort(n, value=70.0):
    return [StudentFacts(100 + k, marks=marks(value + (k % 5))) for k in range(n)]


def test_z_is_judged_from_twenty_on_and_only_when_switched_on():
    low = StudentFacts(7, marks=marks(61))
    assert codes(low, Z, others=cohort(18)) == []
    assert codes(low, Z, others=cohort(19)) == ["below_cohort"]
    assert codes(low, RULES, others=cohort(40)) == []


def test_z_compares_only_those_who_sat_the_same_paper():
    low = StudentFacts(7, marks=marks(61, paper="8"))
    assert codes(low, Z, others=cohort(40)) == []


def test_equal_points_leave_nobody_below():
    same = [StudentFacts(k, marks=marks(70)) for k in range(30)]
    assert all(not finding.reasons for finding in look(*same, rules=Z).findings.values())


@patiently
@given(st.lists(st.integers(0, 100), min_size=20, max_size=60), st.integers(1, 5), st.integers(0, 50))
def test_z_does_not_depend_on_the_scale_of_the_paper(points, factor, shift):
    def below(values):
        wide = RuleSet(
            below_cohort=BelowCohort(on=True, at_least=1),
            failed_subjects=FailedSubjects(on=False, full_marks=10_000),
        )
        students = [StudentFacts(n, marks=marks(float(value))) for n, value in enumerate(values)]
        return {n for n, finding in look(*students, rules=wide).findings.items() if finding.reasons}

    # a value exactly on the line may fall on either side of it by rounding
    n, mean = len(points), sum(points) / len(points)
    sd = (sum((value - mean) ** 2 for value in points) / (n - 1)) ** 0.5
    on_the_line = {k for k, value in enumerate(points) if sd and abs((value - mean) / sd + 1.5) < 1e-6}
    moved = below([value * factor + shift for value in points])
    assert below(points) - on_the_line == moved - on_the_line


def test_z_is_off_in_the_compulsory_stage():
    assert not any(
        default_rules(stage).below_cohort.on for stage in ("primary", "junior", "nine_year", "teaching_point")
    )
    assert default_rules("senior").below_cohort.on


# --- attendance ---


@pytest.mark.parametrize(
    ("days", "severity"), [(2, None), (3, "notable"), (4, "notable"), (5, "serious"), (9, "serious")]
)
def test_absence_is_amber_from_five_and_red_from_ten_percent(days, severity):
    assert len(DAYS) == 50
    reasons = look(StudentFacts(7, events=absent(days))).findings[7].reasons
    assert [reason.severity for reason in reasons] == ([severity] if severity else [])


def test_absence_is_counted_in_days_against_the_calendar():
    twice_a_day = (*absent(3), Event(90, DAYS[0], "absent"), Event(91, date(2026, 9, 12), "absent"))
    (reason,) = look(StudentFacts(7, events=twice_a_day)).findings[7].reasons
    assert (reason.figures["days"], reason.figures["school_days"], reason.figures["share"]) == (3, 50, 6.0)
    assert len(reason.sources) == 4, "the Saturday is no school day"


def test_days_before_joining_are_no_denominator():
    joined = StudentFacts(7, enrolled_on=DAYS[30], events=(Event(1, DAYS[31], "absent"),))
    (reason,) = look(joined).findings[7].reasons
    assert reason.figures["school_days"] == 20


def test_the_first_days_of_a_term_say_nothing_about_absence():
    assert codes(StudentFacts(7, events=absent(3)), days=DAYS[:9]) == []


@patiently
@given(
    st.lists(
        st.tuples(st.sampled_from(["entry", "exit", "uniform", "other"]), st.integers(0, 49)), max_size=80
    )
)
def test_gate_and_uniform_events_are_no_absence(events):
    seen = tuple(Event(n, DAYS[day], kind) for n, (kind, day) in enumerate(events))
    assert codes(StudentFacts(7, events=seen)) == []


def test_late_and_early_add_up():
    events = (*absent(3, "late"), *(Event(50 + n, DAYS[n], "early") for n in range(2)))
    (reason,) = look(StudentFacts(7, events=events)).findings[7].reasons
    assert (reason.code, reason.figures["kinds"]) == ("late_early", {"early": 2, "late": 3})


# --- home, conduct, register ---


def test_a_circumstance_alone_makes_a_candidate_only_where_the_rule_says_so():
    assert look(StudentFacts(7, circumstances=((1, "orphan"),))).findings[7].outcome == "candidate"
    assert look(StudentFacts(7, circumstances=((1, "low_income"),))).findings[7].outcome == "unseen"


def test_a_circumstance_joins_a_reason_that_is_already_there():
    student = StudentFacts(7, marks=marks(30, 30), circumstances=((1, "low_income"),))
    assert codes(student) == ["failed_subjects", "circumstance"]


def test_praise_is_no_reason_and_repeated_concern_is():
    praise = tuple(Event(n, DAYS[n], "praise") for n in range(9))
    concern = tuple(Event(n, DAYS[n], "concern") for n in range(3))
    assert codes(StudentFacts(7, conduct=praise)) == []
    assert codes(StudentFacts(7, conduct=concern)) == ["conduct"]


def test_whoever_is_on_the_register_is_looked_at_again_and_keeps_the_level():
    finding = look(StudentFacts(7, marks=marks(90, 90), registered=(3, "key", MONDAY))).findings[7]
    assert (finding.outcome, finding.level) == ("candidate", "key")


# --- the whole school ---


def test_a_student_of_whom_nothing_is_known_is_not_cleared():
    assert look(StudentFacts(7)).findings[7].outcome == "unseen"
    with_attendance = look(StudentFacts(7), StudentFacts(8, events=absent(1, "late")))
    assert with_attendance.findings[7].outcome == "cleared"
    assert "absences" not in with_attendance.findings[7].basis


def reason(code, severity="notable", **figures):
    return Reason(code, severity, figures)


def test_the_level_follows_from_kinds_of_reasons_and_adds_no_points():
    assert suggest_level([reason("failed_subjects", "serious")]) == "normal"
    assert suggest_level([reason("failed_subjects"), reason("low_bands")]) == "normal"
    assert suggest_level([reason("failed_subjects", "serious"), reason("low_bands")]) == "key"
    assert suggest_level([reason("absence", "serious"), reason("registered", level="normal")]) == "normal"
    assert suggest_level([reason("failed_subjects"), reason("absence")]) == "normal"
    assert suggest_level([reason("failed_subjects"), reason("absence", "serious")]) == "key"
    assert (
        suggest_level([reason("failed_subjects"), reason("absence"), reason("circumstance", "support")])
        == "key"
    )


random_student = st.builds(
    lambda n, points, late, away, home, registered: StudentFacts(
        n,
        marks=marks(*points),
        events=(*absent(away), *(Event(200 + k, DAYS[k], "late") for k in range(late))),
        circumstances=((1, home),) if home else (),
        registered=(1, "normal", MONDAY) if registered else None,
    ),
    st.integers(1, 10**6),
    st.lists(st.integers(0, 100), max_size=6),
    st.integers(0, 12),
    st.integers(0, 12),
    st.sampled_from(["", "orphan", "low_income", "disabled"]),
    st.booleans(),
)
random_school = st.lists(random_student, max_size=30, unique_by=lambda student: student.id)


@patiently
@given(random_school, st.randoms())
def test_everyone_comes_out_once_and_the_order_does_not_matter(students, shuffle):
    result = screen(students, Z, DAYS)
    assert set(result.findings) == {student.id for student in students}
    mixed = list(students)
    shuffle.shuffle(mixed)
    assert screen(mixed, Z, DAYS).findings == result.findings
    for finding in result.findings.values():
        strong = [one for one in finding.reasons if one.severity != "support"]
        assert (finding.outcome == "candidate") == bool(strong) == bool(finding.level)
        assert all(one.code == "registered" or one.sources for one in finding.reasons)


@patiently
@given(st.lists(st.integers(0, 100), min_size=1, max_size=6), st.data())
def test_a_lower_mark_never_takes_a_reason_away(points, data):
    where = data.draw(st.integers(0, len(points) - 1))
    lower = [*points]
    lower[where] = data.draw(st.integers(0, points[where]))
    before = codes(StudentFacts(7, marks=marks(*points)))
    assert set(before) <= set(codes(StudentFacts(7, marks=marks(*lower))))


@patiently
@given(random_school)
def test_higher_thresholds_find_nobody_new(students):
    strict = RuleSet(
        failed_subjects=FailedSubjects(at_least=3, serious_from=4),
        absence=Absence(amber=0.08),
        late_early=LateEarly(at_least=8),
    )

    def found(rules):
        findings = screen(students, rules, DAYS).findings.values()
        return {finding.student_id for finding in findings if finding.outcome == "candidate"}

    assert found(strict) <= found(RULES)


def test_a_large_school_takes_less_than_two_seconds():
    chance = random.Random(1)
    students = [
        StudentFacts(
            n,
            marks=tuple(
                Mark(n * 10 + k, 1, "期中考试", MONDAY, str(k), "10", chance.uniform(20, 98))
                for k in range(6)
            ),
            events=tuple(Event(n * 20 + k, chance.choice(DAYS), "late") for k in range(14)),
        )
        for n in range(1_740)
    ]
    started = time.perf_counter()
    assert len(screen(students, Z, DAYS).findings) == 1_740
    assert time.perf_counter() - started < 2


# --- the rule set as data ---


def test_a_rule_set_survives_json():
    rules = RuleSet(
        failed_subjects=FailedSubjects(full_marks_of={"语文": 120.0}), absence=Absence(amber=0.08)
    )
    assert RuleSet.from_json(rules.as_json()) == rules
    assert RuleSet.from_json({}) == RuleSet()


@pytest.mark.parametrize(
    "data",
    [
        {"points": {}},
        {"absence": {"ambr": 0.1}},
        {"absence": {"amber": 0.2, "red": 0.1}},
        {"below_cohort": {"min_n": 5}},
        {"failed_subjects": {"at_least": 0}},
        {"failed_subjects": {"pass_share": 1.2}},
        {"late_early": {"at_least": 8, "serious_from": 3}},
    ],
)
def test_an_impossible_rule_set_is_refused(data):
    with pytest.raises(ValueError, match=r"\w"):
        RuleSet.from_json(data)
