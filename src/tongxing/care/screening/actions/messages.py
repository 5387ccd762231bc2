"""Who hears of it: class teachers when a round opens, the coordinator of a request, whoever asked of its answer."""

from django.utils.translation import gettext_lazy as _

from tongxing.ground.access.models import Grant
from tongxing.ground.access.roles import Role
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import send

from ..models import Nomination, Round


def tell_class_teachers(round: Round) -> None:
    """Each class is to be gone through; one message for each class teacher and class."""
    grants = Grant.objects.on(clock.today()).filter(
        school=round.school_id, role=Role.CLASS_TEACHER, school_class__isnull=False, user__is_active=True
    )
    for grant in grants.select_related("user").order_by("pk"):
        send(
            to=grant.user,
            school=round.school,
            code="screening.round",
            subject=_(
                "A new look at every child has begun. Please go through your class when you have a moment."
            ),
            link=("screening-class", [grant.school_class_id or 0]),
            key=f"screening.round:{round.pk}:{grant.school_class_id}",
        )


def tell_of_request(nomination: Nomination) -> None:
    """A request that no open round takes up waits for the coordinator."""
    grants = Grant.objects.on(clock.today()).filter(
        school=nomination.school_id, role=Role.COORDINATOR, user__is_active=True
    )
    for grant in grants.select_related("user").order_by("pk"):
        send(
            to=grant.user,
            school=nomination.school,
            code="screening.request",
            subject=_("Somebody asks that a child be looked at. The request waits for an answer."),
            link=("screening-requests", []),
            key=f"screening.request:{nomination.pk}",
        )


def tell_the_writer(nomination: Nomination) -> None:
    if nomination.written_by is not None and nomination.written_by_id != nomination.decided_by_id:
        send(
            to=nomination.written_by,
            school=nomination.school,
            code="screening.answer",
            subject=_("There is an answer to what you asked for."),
            link=("screening-requests", []),
            key=f"screening.answer:{nomination.pk}",
        )
