"""Mornings on which somebody is told again: a request that waits for a first or next step, a box to be opened.

Derived from the rows; sent twice it is one message. Days that do not count disturb nobody.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel import clock
from tongxing.ground.outbox.actions import send

from . import boxes
from .models import HelpRequest
from .ways import counting_days, people_near

WAITS = gettext_lazy("Somebody who asked for help hopes for a word from you today.")
WAITS_IN_SCHOOL = gettext_lazy("Somebody who asked for help still waits. Please see who can go on with it.")
BOX = gettext_lazy("Time to open the letter box.")
BOX_WAITS = gettext_lazy("A letter box waits to be opened. Please see who has the key.")


def remind() -> dict[str, int]:
    """Tell holders on the day and after it, coordinators after it; openers and coordinators of boxes alike."""
    today, told = clock.today(), 0
    waiting = HelpRequest.objects.waiting().filter(in_safety=False, due_on__lte=today)
    schools = Organisation.objects.filter(kind=Organisation.Kind.SCHOOL)
    for school in schools:
        counting = counting_days(school, today)
        if counting and counting[0] <= today <= counting[-1] and today not in counting:
            continue
        for request in waiting.filter(school=school).select_related("holder", "school"):
            told += _about_request(request)
        told += sum(_about_box(school, one) for one in boxes.of_school(school) if one.open_by <= today)
    return {"told": told}


def _about_request(request: HelpRequest) -> int:
    today, people = clock.today(), [request.holder]
    late = request.due_on < today
    if late:
        past = set(request.kept_from.values_list("pk", flat=True))
        office = people_near(request.school).by_role.get("coordinator", [])
        people += [user for user in office if user.pk not in past and user != request.holder]
    for user in filter(None, people):
        words = WAITS if user == request.holder else WAITS_IN_SCHOOL
        _tell(user, request.school, words, ("request", [request.pk]), f"request:{request.pk}:due:{today}")
    return len(people)


def _about_box(school: Organisation, one: boxes.BoxNow) -> int:
    today = clock.today()
    people = [(one.opener.user, BOX)] if one.opener else []
    if one.open_by < today:
        office = people_near(school).by_role.get("coordinator", [])
        people += [(user, BOX_WAITS) for user in office if not one.opener or user != one.opener.user]
    for user, words in people:
        _tell(user, school, words, ("box", [one.box.pk]), f"box:{one.box.pk}:{today}")
    return len(people)


def _tell(
    user: User, school: Organisation, words: str | Promise, link: tuple[str, list[int]], key: str
) -> None:
    if user.is_active:
        send(to=user, school=school, code="request", subject=words, link=link, key=key)
