"""Pictures that need a step first: somebody asked, opened, took in. Imported by `tools/screens_school.py`."""

import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import Page
from tools.screens import Shot

from tongxing.care.contacts.actions import Told, write_contact
from tongxing.care.contacts.models import Contact, OtherVersion
from tongxing.care.contacts.recent import good_records
from tongxing.care.counselling.actions import break_glass
from tongxing.care.counselling.models import Note
from tongxing.care.profiles.models import Asking, Impression
from tongxing.care.requests.asking import Asked, ask_for
from tongxing.care.safety.models import RiskFlag
from tongxing.doors.web.demo import people
from tongxing.ground.access.invitations import invite
from tongxing.ground.access.models import Grant
from tongxing.ground.access.queries import actor_for
from tongxing.ground.access.slips import make_slips
from tongxing.ground.kernel import authority, clock
from tongxing.ground.kernel.actor import SYSTEM
from tongxing.ground.people.consents import give_consent
from tongxing.ground.people.models import Guardian, Staff, Student, Term
from tongxing.paper.documents import transfer
from tongxing.paper.exchange.models import ImportBatch
from tongxing.paper.exchange.transfer_in import take_in

MOMENT = datetime.datetime(2026, 11, 25, 16, tzinfo=clock.SCHOOL_TIME)
PASSPHRASE = "1357 2468 1357 2468 1357 2468"  # noqa: S105  # of a file of invented people


def twice() -> int:
    """A talk that came a second time with other words: none of the demo's, so it is made here, once."""
    if found := OtherVersion.objects.first():
        return found.pk
    shown = next(grant for role, grant in people() if role == "helper")
    helper = Grant.objects.filter(role="helper", student__isnull=False).exclude(user=shown.user).latest("pk")
    told = ("数学作业 3 次未交，说晚上要照看弟弟。", "数学作业 3 次未交，愿意在校内托管时写完。")
    first, second = (
        write_contact(
            actor_for(helper.user),
            student=helper.student,
            client_id=UUID(int=number),
            kind="talk",
            told=Told({"thoughts": words}, reached=["student"]),
        )
        for number, words in enumerate(told, 1)
    )
    made = OtherVersion.objects.create(
        first=first, second=second, school=first.school, received_at=clock.now()
    )
    return made.pk


def with_steps() -> list[Shot]:
    """Pages that need a particular person, or a step before they show themselves."""
    users = dict(people())
    office = users["coordinator"].user
    note = Contact.objects.filter(made=True, kind="talk", staff__user__is_active=True)
    own = note.filter(student_id=users["helper"].student_id).latest("pk")
    flag = RiskFlag.objects.exclude(raised_by=None).latest("pk")
    batch = ImportBatch.objects.latest("pk")
    other = OtherVersion.objects.select_related("second__staff__user").get(pk=twice())
    return [
        Shot("record-correct", own.staff.user, reverse("record-correct", args=[own.pk])),
        Shot("version-differs", other.second.staff.user, reverse("version-differs", args=[other.pk])),
        *_care(),
        Shot("safety-caught", flag.raised_by, reverse("safety-caught", args=[flag.pk])),
        Shot("start-choose", None, reverse("start"), _with_a_code),
        Shot("settings-network", office, reverse("settings-network"), _in_the_network),
        Shot("import-undo", office, reverse("import-batch", args=[batch.pk]), _take_over, last=True),
    ]


def _with_a_code(page: Page) -> None:
    office = dict(people())["coordinator"]
    newcomer = Staff.objects.order_by("pk").last().user
    with clock.telling(MOMENT):
        actor = actor_for(office.user)
        slip = make_slips(actor, school=office.school, users=[newcomer], batch=uuid4())[0]
    page.fill("[name=code]", slip.code)
    page.click("main .btn.main")
    page.wait_for_url("**" + reverse("start-choose"))


def _in_the_network(page: Page) -> None:
    authority.certify(settings.DATA / "keys", host="school", addresses=["192.168.3.20"], now=MOMENT)
    with override_settings(LAN="http://192.168.3.20:8001", ADDRESS="https://192.168.3.20:8000"):
        page.reload()


def _take_over(page: Page) -> None:
    """The list that lies ready is taken over without its wrong rows, so that there is something to take back."""
    batch, base = ImportBatch.objects.latest("pk"), page.url.split("/import/")[0]
    page.goto(base + reverse("import-rows", args=[batch.pk]))
    for box in page.locator("main [name^='out|']").all():
        box.check()
    page.click("main .actions .btn.main")
    page.click("form[action$='/take-over/'] .btn")
    page.wait_for_load_state()
    page.goto(base + reverse("import-undo", args=[batch.pk]))


def _care() -> list[Shot]:
    users = {role: grant.user for role, grant in people()}
    student = Student.objects.with_class(clock.today()).get(pk=dict(people())["helper"].student_id)
    opening = break_glass(
        actor_for(users["head"]),
        student=Note.objects.latest("pk").student,
        client_id=UUID(int=5),
        reason="晚点名时没有回宿舍，家里的电话也打不通，需要知道可能去了哪里",
    )
    teacher = actor_for(users["class_teacher"])
    asked = ask_for(
        teacher,
        student=Student.objects.visible_to(teacher).enrolled().earliest("pk"),
        asked=Asked("hurt", UUID(int=3), "这周有两次在厕所门口被高年级的同学拦住"),
    )
    news = good_records(actor_for(users["head"])).latest("pk")
    asking = Asking.objects.open(clock.today())
    wanted = Impression.objects.filter(asking__in=asking, answered_at=None, staff__user__is_active=True)
    wanted = wanted.select_related("staff__user").latest("pk")
    return [
        Shot("counselling-opened", users["head"], reverse("counselling-opened", args=[opening.pk])),
        Shot("request-safety", users["safety"], reverse("request-safety", args=[asked.pk])),
        Shot("good-news-card", users["head"], reverse("good-news-card", args=[news.pk])),
        Shot("impression", wanted.staff.user, reverse("impression", args=[wanted.pk])),
        Shot("received-file", users["coordinator"], reverse("received-file", args=[_received(student)])),
        Shot("door-answer", None, reverse("door"), _with_a_slip),
        Shot("door-choose", None, reverse("door"), _answered),
    ]


def _received(student: Student) -> int:
    """A file for the next school, taken in again as if another had made it."""
    now = Term.objects.get(school=student.school, starts_on__lte=clock.today(), ends_on__gte=clock.today())
    give_consent(SYSTEM, student=student, purpose="transfer", given_by="奶奶", student_agreed=True)
    archive = transfer.make_transfer_file(
        SYSTEM,
        student=student,
        term=now,
        parts=transfer.USUAL,
        passphrase=PASSPHRASE,
        client_id=UUID(int=4),
    )
    return take_in(SYSTEM, school=student.school, archive=archive, passphrase=PASSPHRASE).pk


def _with_a_slip(page: Page) -> Guardian:
    near = Guardian.objects.present().filter(user=None).exclude(phone_sealed=b"")
    guardian = near.select_related("student").exclude(student__birth_date=None).latest("pk")
    with clock.telling(MOMENT):
        [slip] = invite(SYSTEM, school=guardian.student.school, guardians=[guardian], batch=uuid4())
    page.fill("[name=code]", slip.code)
    page.click("main form:has([name=code]) .btn")
    page.wait_for_url("**" + reverse("door-answer"))
    return guardian


def _answered(page: Page) -> None:
    guardian = _with_a_slip(page)
    page.fill("[name=answer]", guardian.student.birth_date.isoformat())
    page.click("main form:has([name=answer]) .btn")
    page.wait_for_url("**" + reverse("door-choose"))
