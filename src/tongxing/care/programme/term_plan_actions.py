"""Writing a plan of a term and handing it in.

Who may: `plan.write` for that student – the helper, the class teacher, those who lead. What was handed in can be taken
back by those who wrote it until somebody has decided about it.
"""

import datetime
from collections import Counter
from collections.abc import Callable
from uuid import UUID

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tongxing.care.safety.actions import look_for_danger
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.encryption import seal
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Registration, Staff, Student, Term
from tongxing.ground.people.queries import term_calendar

from .following import ASKS, code_of
from .models import Commitment, PlanMeasure, PlanVersion, Promise, TermPlan
from .models_term_plan import BODY, MEASURE, REASON
from .term_plan_rules import LONGEST, MOST_MEASURES, Draft, Measure, lacks
from .term_plan_texts import measures_of, sealed_json, text_of

WRITE = "plan.write"
State = PlanVersion.State
#: How often something can be asked for in a plan of a term.
RHYTHMS = ("week", "weeks", "month", "term")
MOST_WEEKS_BETWEEN = 4


@transaction.atomic
def begin_plan(actor: Actor, *, student: Student, term: Term, client_id: UUID, draft: Draft) -> TermPlan:
    """The first draft of a student's plan of a term. The same `client_id` again gives the same plan again."""
    actor.require(WRITE, school_id=student.school_id, student_id=student.pk)
    if not Registration.objects.on(clock.today()).filter(student=student).exists():
        raise Refused(_("%(name)s is not on the support register.") % {"name": student.name})
    return once(
        _known(student, term, client_id),
        lambda: _begun(actor, student, term, client_id, _checked(draft, student, term)),
    )


def _known(student: Student, term: Term, client_id: UUID) -> Callable[[], TermPlan | None]:
    def find() -> TermPlan | None:
        found = TermPlan.objects.filter(student=student, term=term).first()
        if found and found.client_id != client_id:
            raise Refused(_("A colleague has begun this plan in the meantime. Please write on in theirs."))
        return found

    return find


def _begun(actor: Actor, student: Student, term: Term, client_id: UUID, draft: Draft) -> TermPlan:
    plan = TermPlan.objects.create(
        school_id=student.school_id,
        student=student,
        term=term,
        client_id=client_id,
        begun_by_id=actor.user_id,
        begun_at=clock.now(),
    )
    _save(actor, plan, PlanVersion(number=1, written_at=clock.now()), draft)
    return plan


@transaction.atomic
def write_plan(actor: Actor, *, plan: TermPlan, seen: str, draft: Draft) -> PlanVersion:
    """Go on writing a draft; or begin the next version of a plan that came back or is approved.

    `seen`: the token of the version that the page has shown.
    """
    plan, last = held(actor, plan, WRITE, seen)
    if plan.ended_at:
        raise Refused(_("This plan has ended. The next term begins a new one."))
    if last.state == State.HANDED_IN:
        raise Refused(_("It has been handed in. Whoever wrote it can take it back first."))
    draft = _checked(draft, plan.student, plan.term)
    if _approved_before(plan) and not draft.reason:
        raise Refused(
            _("Please say why the plan changes, so that others understand it later."), field="reason"
        )
    if last.state == State.DRAFT:
        return _save(actor, plan, last, draft)
    return _save(actor, plan, PlanVersion(number=last.number + 1, written_at=clock.now()), draft)


@transaction.atomic
def hand_in(actor: Actor, *, plan: TermPlan, seen: str) -> None:
    """Ask for approval. From now on this version stays as it is."""
    plan, last = held(actor, plan, WRITE, seen)
    if last.state != State.DRAFT:
        raise Refused(_("It has been handed in already."))
    key = plan.student.key
    missing = lacks(text_of(key, last), measures_of(key, last), last.review_on, clock.today())
    if missing:
        raise Refused(lack_in_words(missing[0]), field=missing[0])
    last.state, last.handed_in_by_id, last.handed_in_at = State.HANDED_IN, actor.user_id, clock.now()
    last.touch()
    last.save()
    log(actor, "plan.hand-in", plan, last)


@transaction.atomic
def take_back(actor: Actor, *, plan: TermPlan) -> None:
    """The way back from handing in, for those who wrote it, until somebody has decided."""
    plan, last = held(actor, plan, WRITE)
    if last.state != State.HANDED_IN:
        raise Refused(_("Somebody has decided about it already."))
    if not actor.is_system and not wrote(actor, last):
        raise NotAllowed(WRITE)
    last.state, last.handed_in_by, last.handed_in_at = State.DRAFT, None, None
    last.touch()
    last.save()
    log(actor, "plan.take-back", plan, last)


def held(actor: Actor, plan: TermPlan, ability: str, seen: str = "") -> tuple[TermPlan, PlanVersion]:
    """The plan and its newest version as they stand now, locked; `seen`: what the page has shown."""
    actor.require(ability, school_id=plan.school_id, student_id=plan.student_id)
    found = TermPlan.objects.select_related("student__key", "student__school", "term", "school")
    plan = found.select_for_update(of=("self",)).get(pk=plan.pk)
    last = plan.versions.latest("number")
    if seen and last.token != seen:
        raise Refused(_("This plan was changed in the meantime. Please look at it once more."))
    return plan, last


def wrote(actor: Actor, version: PlanVersion) -> bool:
    return version.writers.filter(pk=actor.user_id).exists()


def lack_in_words(lack: str) -> str:
    return {
        "seen": _("Please write down what was seen, in one of the four fields at least."),
        "goal": _("A plan needs a goal: where it should lead."),
        "measures": _("A plan needs a measure: what is done, and who answers for it."),
        "review_on": _("The day to look at it again has come. Please choose a later one."),
    }[lack]


def log(actor: Actor, action: str, plan: TermPlan, version: PlanVersion) -> None:
    audit.record(
        actor,
        action,
        school_id=plan.school_id,
        subject=("term_plan", plan.pk),
        detail={"student": plan.student_id, "version": version.number},
    )


def _approved_before(plan: TermPlan) -> bool:
    return plan.versions.exclude(approved_at=None).exists()


def _checked(draft: Draft, student: Student, term: Term) -> Draft:
    """Refuse what cannot be, in words and beside its field."""
    for name, words in draft.text.as_json().items():
        check_length(name, words)
    check_length("sentence", draft.reason, "reason")
    _check_days(draft, term)
    _check_measures(draft, student)
    return draft


def check_length(name: str, words: str, field: str = "") -> None:
    if len(words) > LONGEST[name]:
        raise Refused(
            _("Please keep to %(n)s characters: it has to fit on one page.") % {"n": LONGEST[name]},
            field=field or name,
        )


def _check_days(draft: Draft, term: Term) -> None:
    last = term_calendar(term).until
    if clock.today() > last:
        raise Refused(_("This term is over."))
    if not term.starts_on <= draft.starts_on <= last:
        raise Refused(_("Choose a day of this term."), field="starts_on")
    if not draft.starts_on <= draft.until <= last:
        raise Refused(
            _("The plan of a term ends on %(day)s at the latest.")
            % {"day": date_format(last, "DATE_FORMAT")},
            field="until",
        )
    if not draft.starts_on <= draft.review_on <= draft.until:
        raise Refused(
            _("The day to look at it again lies between the first and the last."), field="review_on"
        )


def _check_measures(draft: Draft, student: Student) -> None:
    if len(draft.measures) > MOST_MEASURES:
        raise Refused(_("At most %(n)s measures: a plan is kept when it is short.") % {"n": MOST_MEASURES})
    codes = Counter(code_of(one) for one in draft.measures if one.is_asked)
    for place, one in enumerate(draft.measures):
        try:
            _check_measure(one, draft, student)
            if codes[code_of(one)] > 1:
                raise Refused(_("Two measures change the same promise."), field="asks")
        except Refused as refusal:
            raise Refused(refusal.message, field=f"measure-{place}-{refusal.field}") from refusal


def _check_measure(one: Measure, draft: Draft, student: Student) -> None:
    if not one.what.strip():
        raise Refused(_("Please say what is done."), field="what")
    check_length("what", one.what)
    check_length("often", one.often)
    if not one.every and not one.often.strip():
        raise Refused(_("Please say how often, or when."), field="often")
    if one.every and (one.every not in RHYTHMS or not 1 <= one.n <= MOST_WEEKS_BETWEEN):
        raise Refused(_("Choose how often."), field="every")
    if not draft.starts_on <= (one.starts_on or draft.starts_on) <= (one.until or draft.until) <= draft.until:
        raise Refused(_("These days lie outside of the plan."), field="until")
    if one.is_asked:
        _check_asked(one, student)
    if one.by == PlanMeasure.By.COLLEAGUE:
        at_school = Staff.objects.active(clock.today()).filter(school_id=student.school_id)
        if not at_school.filter(pk=one.person_id).exists():
            raise Refused(_("Choose who answers for it."), field="by")
        if not one.every:
            raise Refused(_("The colleague is asked in their own week: choose how often."), field="every")
    elif one.by not in PlanMeasure.By.values:
        raise Refused(_("Choose who answers for it."), field="by")


def _check_asked(one: Measure, student: Student) -> None:
    if not one.every:
        raise Refused(_("What my week asks for needs a rhythm: choose how often."), field="every")
    if one.by == PlanMeasure.By.COLLEAGUE:
        raise Refused(
            _("A colleague is asked for the measure itself. Please leave this empty."), field="asks"
        )
    if one.record_as and one.record_as not in ASKS:
        raise Refused(_("Choose what my week asks for."), field="asks")
    if one.promise and not _is_promised(one.promise, student):
        raise Refused(_("The school does not keep this promise at the moment."), field="asks")


def _is_promised(code: str, student: Student) -> bool:
    kept = Commitment.objects.open().filter(school=student.school_id, code=code)
    return kept.filter(every__in=[*RHYTHMS, Promise.Every.TERM_START]).exists()


def _save(actor: Actor, plan: TermPlan, version: PlanVersion, draft: Draft) -> PlanVersion:
    key = plan.student.key
    version.plan, version.school_id = plan, plan.school_id
    version.touch()
    version.starts_on, version.until, version.review_on = draft.starts_on, draft.until, draft.review_on
    version.body_sealed = sealed_json(key, draft.text.as_json(), BODY)
    version.reason_sealed = seal(key, draft.reason.strip(), REASON)
    version.save()
    if actor.user_id:
        version.writers.add(actor.user_id)
    version.measures.all().delete()  # of a draft alone: nobody has decided about it
    PlanMeasure.objects.bulk_create(
        _row(plan, version, place, one) for place, one in enumerate(draft.measures)
    )
    log(actor, "plan.write", plan, version)
    look_for_danger(actor, student=plan.student, text=_everything(draft))
    return version


def _row(plan: TermPlan, version: PlanVersion, place: int, one: Measure) -> PlanMeasure:
    body = {"what": one.what.strip(), "often": "" if one.every else one.often.strip()}
    return PlanMeasure(
        school_id=plan.school_id,
        version=version,
        key=one.key,
        position=place,
        body_sealed=sealed_json(plan.student.key, body, MEASURE),
        by=one.by,
        person_id=one.person_id if one.by == PlanMeasure.By.COLLEAGUE else None,
        every=one.every,
        n=one.n,
        promise=one.promise,
        record_as=one.record_as,
        starts_on=one.starts_on,
        until=one.until,
    )


def _everything(draft: Draft) -> str:
    texts = [*draft.text.as_json().values(), draft.reason, *(one.what for one in draft.measures)]
    return "\n".join(text for text in texts if text)


def default_days(term: Term) -> tuple[datetime.date, datetime.date, datetime.date]:
    """From today to the term's end (in the break to the break's), looked at again after six weeks."""
    today, calendar = clock.today(), term_calendar(term)
    first = max(today, term.starts_on)
    last = term.ends_on if first < term.ends_on else max(calendar.until, first)
    return first, last, min(first + SIX_WEEKS, last)


SIX_WEEKS = datetime.timedelta(weeks=6)
