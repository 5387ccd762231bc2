"""The children behind a need: asking, deciding, reading, closing; the emergency and its second look.

Steps: the supervisor asks → the data officer opens for hours or says why not → the school is told of both → it ends by
itself. Nothing here is deleted.
"""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongxing.ground.access.named import close_names, open_names
from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import audit, clock
from tongxing.ground.kernel.actor import Actor
from tongxing.ground.kernel.errors import NotAllowed, Refused
from tongxing.ground.kernel.once import once
from tongxing.ground.people.models import Student
from tongxing.oversight.insight.county_behind import behind

from . import rules
from .models_needs import Need, NeedChild
from .nameless import one_line, without_names
from .scoping import ANSWER, MANAGE, NAMES, REASON, WORDS
from .telling import tell

Kind, Verdict = Need.Kind, Need.Verdict
ASKED = gettext_lazy("Somebody asks for the names behind a need. Please decide.")
OPENED = gettext_lazy("The county’s data officer has opened names of your school for some hours.")
EMERGENCY = gettext_lazy(
    "Danger to life: the county’s data officer has opened a name of your school. Please help today."
)
REVIEW = gettext_lazy("Names were opened in an emergency. Please look at it again by its day.")


@transaction.atomic
def ask(actor: Actor, *, school: Organisation, client_id: UUID, kind: str, reason: str, hours: int) -> Need:
    """Ask for the children behind a need of one school. Whoever asks never reads them."""
    user_id = _person(actor, MANAGE, school.parent_id)
    if kind not in Kind or kind == Kind.EMERGENCY:
        raise Refused(_("Please choose what it is about."), field="kind")
    if hours not in rules.HOURS:
        raise Refused(_("Please choose for how long."), field="hours")
    reason = _reason(school, reason)
    mine = Need.objects.filter(school=school)

    def asked() -> Need:
        made = Need.objects.create(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), kind=kind,
            reason=reason, hours=hours,
        )  # fmt: skip
        _log(actor, "ask", made)
        tell(_bureau(school), ASKED, ("county-need", [made.pk]), f"county.need.{made.pk}", ability=NAMES)
        return made

    return once(mine.filter(client_id=client_id).first, asked)


@transaction.atomic
def open_it(actor: Actor, *, need: Need) -> Need:
    """The data officer opens what was asked for: exactly the children behind it now, for the hours asked."""
    user_id, found = _deciding(actor, need)
    children = behind(found.kind, found.school, clock.now())
    if not children:
        raise Refused(_("Nobody stands behind this need any more. Please say so to whoever asked."))
    if len(children) > rules.MOST_CHILDREN:
        raise Refused(
            _(
                "More than %(n)s children stand behind it. For so many the sums are there; please ask the school."
            )
            % {"n": rules.MOST_CHILDREN}
        )
    found.decided_at, found.decided_by_id = clock.now(), user_id
    _open(actor, found, user_id, children)
    _log(actor, "open", found, children=children)
    tell([found.school], OPENED, ("county-office-need", [found.pk]), f"county.need.{found.pk}")
    return found


@transaction.atomic
def refuse(actor: Actor, *, need: Need, answer: str) -> Need:
    """The data officer does not open it, and says why."""
    user_id, found = _deciding(actor, need)
    words = one_line(answer, "answer", WORDS, _("Please say why it is not opened."))
    found.answer = without_names(words, found.school, "answer")
    found.decided_at, found.decided_by_id = clock.now(), user_id
    found.save()
    _log(actor, "refuse", found)
    return found


@transaction.atomic
def read(actor: Actor, *, need: Need) -> list[Student]:
    """The names, for whoever opened them, while they are open; each reading is logged."""
    _person(actor, NAMES, need.school.parent_id)
    if not need.is_open or need.opened_by_id != actor.user_id:
        raise NotAllowed(NAMES)
    mine = Student.objects.visible_to(actor).filter(pk__in=need.children.values("student"))
    found = list(mine.with_class(clock.today()).order_by("pinyin", "pk"))
    _log(actor, "read", need, children=[one.pk for one in found])
    return found


@transaction.atomic
def close(actor: Actor, *, need: Need) -> Need:
    """Earlier than its hour: by whoever opened it, or by the school."""
    found = _held(need)
    if not actor.may(ANSWER, school_id=found.school_id):
        _person(actor, NAMES, found.school.parent_id)
    if not found.is_open or found.until is None or found.opened_by_id is None:
        raise Refused(_("It is closed already."))
    ids = list(found.children.values_list("student_id", flat=True))
    close_names(found.school, user_id=found.opened_by_id, students=ids, until=found.until)
    found.closed_at = found.until = clock.now()
    found.save(update_fields=["closed_at", "until"])
    _log(actor, "close", found)
    return found


@transaction.atomic
def open_at_once(actor: Actor, *, school: Organisation, client_id: UUID, name: str, reason: str) -> Need:
    """Danger to life: the children of that name, at once, for a day. The school is told in any case, also where nobody
    of that name is found, and somebody else looks at it again: so nobody tries names out."""
    user_id = _person(actor, NAMES, school.parent_id)
    name = one_line(name, "name", WORDS, _("Please write the child’s name."))
    reason = _reason(school, reason)
    if len(reason) < rules.SHORTEST_REASON:
        raise Refused(
            _("Please say in a sentence (at least %(n)s characters) what the danger is.")
            % {"n": rules.SHORTEST_REASON},
            field="reason",
        )
    mine = Need.objects.filter(school=school)

    def opened() -> Need:
        called = Student.objects.filter(school=school, name=name).enrolled()
        children = list(called.order_by("pk").values_list("pk", flat=True)[: rules.MOST_OF_A_NAME])
        made = Need(
            school=school, client_id=client_id, entered_by_id=user_id, entered_at=clock.now(), kind=Kind.EMERGENCY,
            reason=reason, hours=rules.EMERGENCY_HOURS, review_by=rules.review_by(clock.today()),
        )  # fmt: skip
        _open(actor, made, user_id, children)
        _log(actor, "emergency", made, children=children)
        link, key = ("county-office-need", [made.pk]), f"county.need.{made.pk}"
        tell([school], EMERGENCY, link, key, urgent=True)
        tell(_bureau(school), REVIEW, ("county-need", [made.pk]), key, ability=MANAGE)
        return made

    return once(mine.filter(client_id=client_id).first, opened)


@transaction.atomic
def review(actor: Actor, *, need: Need, verdict: str, words: str = "") -> Need:
    """Somebody else says whether an emergency opening was needed."""
    user_id, found = _person(actor, MANAGE, need.school.parent_id), _held(need)
    if found.opened_by_id == user_id:
        raise Refused(_("Somebody else looks at it again: you have opened it yourself."))
    if not found.is_emergency or found.reviewed_at is not None:
        raise Refused(_("There is nothing to look at again."))
    if verdict not in (Verdict.NEEDED, Verdict.NOT_NEEDED):
        raise Refused(_("Please choose."), field="verdict")
    if verdict == Verdict.NOT_NEEDED:
        words = one_line(words, "words", WORDS, _("Please write what you agreed for next time."))
    found.verdict, found.review = (
        verdict,
        without_names(" ".join(words.split())[:WORDS], found.school, "words"),
    )
    found.reviewed_at, found.reviewed_by_id = clock.now(), user_id
    found.save(update_fields=["verdict", "review", "reviewed_at", "reviewed_by"])
    _log(actor, "review", found, verdict=verdict)
    return found


def _open(actor: Actor, need: Need, user_id: int, children: Iterable[int]) -> None:
    need.opened_at, need.opened_by_id = clock.now(), user_id
    need.until = need.opened_at + datetime.timedelta(hours=need.hours)
    need.save()
    NeedChild.objects.bulk_create(
        NeedChild(school_id=need.school_id, need=need, student_id=student) for student in children
    )
    open_names(actor, school=need.school, students=children, until=need.until)


def _deciding(actor: Actor, need: Need) -> tuple[int, Need]:
    """Who decides, and the need as it waits, held; never who asked."""
    user_id, found = _person(actor, NAMES, need.school.parent_id), _held(need)
    if found.entered_by_id == user_id:
        raise Refused(_("Somebody else decides: you have asked for it yourself."))
    if found.state != "waits" or found.is_emergency:
        raise Refused(_("It has been decided already."))
    return user_id, found


def _reason(school: Organisation, reason: str) -> str:
    words = one_line(reason, "reason", REASON, _("Please say what you need it for."))
    return without_names(words, school, "reason")


def _held(need: Need) -> Need:
    return Need.objects.select_for_update(of=("self",)).select_related("school").get(pk=need.pk)


def _bureau(school: Organisation) -> Iterable[Organisation]:
    return [school.parent] if school.parent else []


def _person(actor: Actor, ability: str, bureau: int | None) -> int:
    if bureau is None or actor.user_id is None:
        raise NotAllowed(ability)
    actor.require(ability, school_id=bureau)
    return actor.user_id


def _log(actor: Actor, step: str, need: Need, **detail: object) -> None:
    """The children's ids stand here on purpose: whose names were opened is what the trail is for."""
    audit.record(
        actor, f"county.need-{step}", school_id=need.school_id, subject=("need", need.pk),
        purpose=need.reason if step in ("ask", "emergency") else "", detail={"kind": need.kind, **detail},
    )  # fmt: skip
