"""What the pictures show: for each page of the URL resolver who looks at it and which object of the demo school, and
the states that have no address of their own. Imported by `tools/screens.py` once Django is ready."""

from collections.abc import Iterator
from itertools import islice, product
from typing import Any
from unittest import mock
from uuid import UUID

from django.core import signing
from django.db.models import Count
from django.test import Client
from django.urls import NoReverseMatch, reverse
from playwright.sync_api import Page
from tests.architecture.matrix import pages
from tools.screens import Shot
from tools.screens_aid import AID, Values, keys, newest
from tools.screens_county import COUNTY
from tools.screens_honours import HONOURS
from tools.screens_notices import NOTICES
from tools.screens_review import REVIEW
from tools.screens_steps import twice, with_steps

from tongxing.care.activities.models import Event, GroupPhoto, Offer, Part, SignUp
from tongxing.care.attendance_watch.models import Absence, CallPutOff, MissedLesson, ReceivedFile, ReturnCase
from tongxing.care.attendance_watch.queries.breaks import gaps_of
from tongxing.care.contacts.models import Attachment, Contact
from tongxing.care.counselling.models import (
    Appointment,
    ClosedDay,
    GlassOpening,
    Note,
    OutsideReferral,
    Referral,
)
from tongxing.care.family.models import Agreement, DataRequest, FamilyMessage, OwnGoal
from tongxing.care.pairing.models import Exclusion, Noticed, Pair, Pin, ProxyParent, VisitWish, Volunteer
from tongxing.care.peers.models import (
    ArrangedCall,
    FriendSignUp,
    GoodDeed,
    SharedGoal,
    SharedThanks,
    Together,
)
from tongxing.care.profiles.models import Asking, Impression, Survey, SurveyAnswers, Trait
from tongxing.care.programme.models import (
    Commitment,
    Exemption,
    MeasureOutcome,
    PlanItem,
    PlanMeasure,
    Programme,
    TermPlan,
)
from tongxing.care.requests.models import Evidence, HelpRequest, LetterBox, OpenDoor
from tongxing.care.requests.squares import token_of
from tongxing.care.safety.models import RiskFlag
from tongxing.care.screening.models import Round
from tongxing.care.screening.models_nominations import Nomination
from tongxing.care.screening.models_visits import ClassVisit
from tongxing.doors.web.demo import people, people_elsewhere
from tongxing.ground.access.models import Grant, Invitation
from tongxing.ground.access.queries import actor_for
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.models import Message
from tongxing.ground.people.models import (
    Circumstance,
    Consent,
    Guardian,
    Likeness,
    Registration,
    SchoolClass,
    Staff,
    Student,
    Term,
)
from tongxing.oversight.inspection.models import Finding, Inspection
from tongxing.paper.documents.actions import issue_summary
from tongxing.paper.documents.models import IssuedDocument, WordTemplate
from tongxing.paper.exchange.models import ImportBatch, ImportProfile, SheetMade

TRIES = 200
ROLES = (
    *("coordinator", "helper", "class_teacher", "head", "system_admin", "counsellor"),
    *("finance_maker", "finance_checker"),
    *("county_supervisor", "county_aid_officer", "county_data_officer", "guardian", "student", ""),
)
#: Pages that tell most to somebody else than the first who may read them.
SHOWN_TO = {
    "": ("sign-in", "start", "start-choose", "styleguide", "styleguide-error", "offline", "first-run"),
    "helper": ("week", "student", "record-new", "record", "record-correct", "reminders", "waiting", "search"),
    "class_teacher": ("board", "class-board", "highlights", "record-grid", "screening", "screening-class"),
    "head": (
        "overview",
        "overview-figure",
        "inspections",
        "safety",
        "safety-flag",
        "settings-audit",
        "register",
    ),
    "counsellor": ("restricted",),
    "finance_maker": ("ledger-statement", "ledger-new", "donations", "donation-campaign", "donation-grid"),
    "finance_checker": ("ledger", "ledger-entry"),
    "guardian": ("home",),
}
#: They lead on to another page, hand out a file, or only take one in that the demo school does not have.
LEAD_ON = {
    *("feed", "mail-confirm", "message", "pairing-checks", "break-caught-up"),
    *(
        "received-attach",
        "received-let-go",
        "request-evidence",
        "request-safety-evidence",
        "week-put-off-back",
    ),
}


def _students() -> list[int]:
    """First one of the demo helper's, then one of each sort that a page may be about."""
    today = clock.today()
    own = [grant.student_id for role, grant in people() if role == "helper"]
    registered = Registration.objects.on(today).values("student")
    plain = Student.objects.exclude(pk__in=registered).order_by("pk")
    others = [PlanItem, Exemption, VisitWish, RiskFlag, Likeness]
    return [
        *own,
        *(key for model in others for key in _about(model)),
        *registered.values_list("student", flat=True)[:2],
        *keys(plain)[:3],
    ]


def _about(model: Any) -> list[int]:
    field = "student_id" if hasattr(model, "student_id") else "one_id"
    return list(model.objects.values_list(field, flat=True)[:1])


def _contacts() -> list[int]:
    """One with a photo and thanks first: it shows most."""
    return [*keys(Contact.objects.filter(attachments__isnull=False).order_by("-pk")), *newest(Contact)()]


EXAMPLES: dict[str, Values] = {
    "student_id": _students,
    "class_id": lambda: keys(SchoolClass.objects.order_by("pk")),
    "term_id": lambda: keys(Term.objects.order_by("-starts_on")),
    "user_id": lambda: [grant.user_id for role, grant in people() if role in ("helper", "class_teacher")],
    "grant_id": lambda: keys(Grant.objects.all()),
    "contact_id": _contacts,
    "attachment_id": newest(Attachment),
    "version_id": lambda: [twice()],
    "message_id": newest(Message),
    "kind": lambda: ["404"],
    "staff_id": lambda: [*Pair.objects.values_list("helper", flat=True)[:3], *newest(Staff)()],
    "pair_id": lambda: keys(Pair.objects.open().order_by("-pk")),
    "exclusion_id": newest(Exclusion),
    "pin_id": newest(Pin),
    "wish_id": newest(VisitWish),
    "visit_id": newest(ClassVisit),
    "nomination_id": newest(Nomination),
    "exemption_id": newest(Exemption),
    "programme_code": lambda: ["four_first"],
    "together": lambda: (
        list(Exemption.objects.exclude(together=None).values_list("together", flat=True)[:1]) or [UUID(int=7)]
    ),
    "figure_code": lambda: ["unpaired"],
    "indicator_code": lambda: ["helper"],
    "promise_code": lambda: ["talk"],
    "item_id": newest(PlanItem),
    "plan_id": newest(TermPlan),
    "measure_id": lambda: keys(PlanMeasure.objects.filter(by="colleague").order_by("pk")),
    "outcome_id": newest(MeasureOutcome),
    "programme_id": newest(Programme),
    "commitment_id": lambda: keys(Commitment.objects.order_by("pk")),
    "guardian_id": lambda: keys(Guardian.objects.filter(student=dict(people())["helper"].student_id)),
    "circumstance_id": newest(Circumstance),
    "invitation_id": newest(Invitation),
    "agreement_id": newest(Agreement),
    "own_goal_id": newest(OwnGoal),
    "words_id": newest(FamilyMessage),
    "data_request_id": newest(DataRequest),
    "consent_id": newest(Consent),
    "trait_id": newest(Trait),
    "appointment_id": newest(Appointment),
    "closed_id": newest(ClosedDay),
    "referral_id": newest(Referral),
    "note_id": newest(Note),
    "outside_id": newest(OutsideReferral),
    "opening_id": newest(GlassOpening),
    "survey_id": newest(Survey),
    "answers_id": newest(SurveyAnswers),
    "asking_id": newest(Asking),
    "impression_id": newest(Impression),
    "volunteer_id": newest(Volunteer),
    "proxy_id": newest(ProxyParent),
    "noticed_id": newest(Noticed),
    "call_id": lambda: keys(ArrangedCall.objects.open().order_by("pk")),
    "together_id": lambda: keys(Together.objects.order_by("pk")),
    "shared_thanks_id": newest(SharedThanks),
    "shared_goal_id": newest(SharedGoal),
    "put_off_id": newest(CallPutOff),
    "absence_id": newest(Absence),
    "case_id": newest(ReturnCase),
    "month": lambda: [f"{clock.today():%Y-%m}"],
    "break_day": lambda: [gap.starts_on.isoformat() for term in Term.objects.all() for gap in gaps_of(term)][
        ::-1
    ],
    "missed_id": newest(MissedLesson),
    "received_id": newest(ReceivedFile),
    "offer_id": newest(Offer),
    "sign_up_id": newest(SignUp),
    "friend_id": newest(FriendSignUp),
    "deed_id": newest(GoodDeed),
    "event_id": lambda: keys(Event.objects.annotate(n=Count("parts")).order_by("-n", "-pk")),
    "part_id": newest(Part),
    "photo_id": newest(GroupPhoto),
    "round_id": newest(Round),
    "document_id": lambda: [_summary()],
    "word_template_id": newest(WordTemplate),
    "flag_id": newest(RiskFlag),
    "request_id": newest(HelpRequest),
    "evidence_id": newest(Evidence),
    "box_id": newest(LetterBox),
    "door_id": newest(OpenDoor),
    "door_token": lambda: [token_of(door) for door in OpenDoor.objects.open()[:1]],
    "inspection_id": newest(Inspection),
    "finding_id": newest(Finding),
    "code": lambda: ["registered", "talks", "contacts"],
    "form_code": lambda: ["visit"],
    "role": lambda: ["head"],
    "batch_id": newest(ImportBatch),
    "place": lambda: [0],
    "profile_id": newest(ImportProfile),
    "export_code": lambda: ["xueji-students"],
    "sheet_kind": lambda: ["students"],
    "sheet_id": newest(SheetMade),
    "token": lambda: [signing.dumps("example")],
    "secret": lambda: ["none"],
    **AID,
    **NOTICES,
    **COUNTY,
    **REVIEW,
    **HONOURS,
}


def _summary() -> int:
    if found := IssuedDocument.objects.first():
        return found.pk
    head = next(grant for role, grant in people() if role == "head")
    term = Term.objects.get(school=head.school, starts_on__lte=clock.today(), ends_on__gte=clock.today())
    return issue_summary(actor_for(head.user), term=term, client_id=UUID(int=1)).pk


def every_page(only: set[str]) -> tuple[list[Shot], list[str]]:
    """A shot of each page that answers with a page of its own, and the names of those without an example."""
    users: dict[str, Any] = {role: grant.user for role, grant in people()}
    elsewhere = {code: grant.user for code, grant in people_elsewhere().items() if "coordinator" in code}
    users |= elsewhere  # what the demo school itself has none of
    clients: dict[str, Client] = {}
    for role in (*ROLES, *elsewhere):
        clients[role] = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
        if role in users:
            clients[role].force_login(users[role])
    prepared, missing = with_steps(), []
    known = {shot.name for shot in prepared}
    shots: list[Shot] = [shot for shot in prepared if not only or shot.name in only]
    for page in pages():
        if page.name in LEAD_ON | known or (only and page.name not in only):
            continue
        with mock.patch("tongxing.doors.web.firstrun.first_run_is_open", return_value=True):
            found = _readable(page, clients)
        if found is None:
            missing.append(page.name)
        elif found:
            role, address = found
            shots.append(Shot(page.name, users.get(role), address))
    return shots, missing


def _readable(page: Any, clients: dict[str, Client]) -> tuple[str, str] | tuple[()] | None:
    """Who may read it at which address; () for what is no page: a form's target, a file; None: nobody."""
    chosen = [role for role, names in SHOWN_TO.items() if page.name in names]
    for role in [*chosen, *clients]:
        for address in islice(_addresses(page), TRIES):
            response = clients[role].get(address)
            shows = response.headers.get("Content-Type", "").startswith("text/html")
            shows = shows and not response.headers.get("Content-Disposition", "").startswith("attachment")
            if response.status_code == 405 or (response.status_code == 200 and not shows):
                return ()
            if response.status_code == 200 or page.name == "styleguide-error":
                return role, address
            if response.status_code == 403 or "/sign-in/" in response.headers.get("Location", ""):
                break
    return None


def _addresses(page: Any) -> Iterator[str]:
    for values in product(*(EXAMPLES[name]() for name in page.parameters)):
        try:
            yield reverse(page.name, kwargs=dict(zip(page.parameters, values, strict=True)))
        except NoReverseMatch:
            continue


def states() -> list[Shot]:
    """What has no address of its own: without a network, unsent, empty, refused."""
    users = dict(people())
    helper = users["helper"]
    talk = reverse("record-new", args=[helper.student_id])
    office = users["coordinator"].user
    return [
        Shot("state-offline", helper.user, reverse("week"), _offline),
        Shot("state-not-sent", helper.user, talk, _not_sent),
        Shot("state-refused-by-rules", helper.user, talk, lambda page: page.click(".save-bar .btn.main")),
        Shot("state-form-errors", office, reverse("student-new"), _send_empty),
        Shot("state-nothing-found", helper.user, reverse("search") + "?q=没有这个名字"),
        Shot("state-found", office, reverse("search") + "?q=数学"),
        Shot("state-menu", helper.user, reverse("week"), _open_menu),
    ]


def _open_menu(page: Page) -> None:
    page.evaluate("document.querySelectorAll('.tabs details').forEach((one) => one.open = true)")


def _send_empty(page: Page) -> None:
    page.evaluate("""() => {
      const form = document.querySelector("main form:has(input[type=text])");
      form.noValidate = true;
      form.requestSubmit();
    }""")
    page.wait_for_load_state()
    page.wait_for_selector(".errors")


def _offline(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    page.reload()


def _not_sent(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.route("**/offline/send/", lambda route: route.abort())
    page.fill("[name=thoughts]", "在山路上写的：弟弟病了，这周想早点回家。")
    page.click(".save-bar .btn.main")
    page.wait_for_url("**" + reverse("week"))
    page.goto(page.url.replace(reverse("week"), reverse("waiting")))
    page.wait_for_selector("#not-sent li")
