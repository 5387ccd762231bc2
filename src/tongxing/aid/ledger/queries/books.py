"""What is there to do in the books, and lists of what is in them."""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from tongxing.ground.accounts.models import Organisation
from tongxing.ground.kernel import clock
from tongxing.ground.kernel.actor import Actor

from .. import rules
from ..models import Account, Books, Entry, Fund, Period, Statement
from ..models_entries import EntrySet
from .statements import Reading, open_differences, readings


def books_of(actor: Actor, school: Organisation) -> Books | None:
    return Books.objects.visible_to(actor).select_related("school").filter(school=school).first()


@dataclass(frozen=True, slots=True)
class ToDo:
    """What waits for somebody. `to_check`: written by others; `mine`: written by this person, waiting for another."""

    to_check: list[Entry]
    mine: list[Entry]
    sent_back: list[Entry]
    statements: list[tuple[Statement, Reading]]
    month: tuple[datetime.date, datetime.date] | None


def to_do(actor: Actor, books: Books, today: datetime.date) -> ToDo:
    waiting = list(entries(actor, books.school).waiting().order_by("day", "pk"))
    sent_back = (
        entries(actor, books.school)
        .filter(made_by=actor.user_id, ended_at__gte=_days_ago(today, 14), followed_by=None)
        .exclude(ended_by=actor.user_id)
    )
    standing = Statement.objects.visible_to(actor).standing().filter(school=books.school)
    recent = list(standing.select_related("account").order_by("-ends_on", "-pk")[:6])
    read = readings(recent)
    return ToDo(
        [one for one in waiting if one.made_by_id != actor.user_id],
        [one for one in waiting if one.made_by_id == actor.user_id],
        list(sent_back),
        [(one, read[one.pk]) for one in recent if read[one.pk].open],
        month_to_close(books, today),
    )


def _days_ago(today: datetime.date, days: int) -> datetime.datetime:
    return clock.start_of(today - datetime.timedelta(days=days))


def reason_to_wait(books: Books, first: datetime.date, last: datetime.date) -> str:
    """Why this month cannot be closed yet; empty: it can."""
    if last >= clock.today():
        return _("This month is not over yet.")
    next_one = month_to_close(books, clock.today())
    if next_one and next_one[0] < first:
        return _("An earlier month is still open.")
    waiting = Entry.objects.waiting().filter(school=books.school_id, day__gte=first, day__lte=last)
    if waiting.exists():
        return _("An entry of this month waits to be checked.")
    if open_differences(books.school, until=last):
        return _("A bank statement differs and nobody has said why yet.")
    return ""


def month_to_close(books: Books, today: datetime.date) -> tuple[datetime.date, datetime.date] | None:
    """The first month that is over and not closed."""
    closed = Period.objects.filter(school=books.school_id).exclude(closed_at=None)
    done = set(closed.values_list("starts_on", flat=True))
    over = [both for both in rules.months(books.opened_on, today) if both[1] < today]
    return next((both for both in over if both[0] not in done), None)


@dataclass(frozen=True, slots=True)
class Month:
    """`period` None: nothing was entered in it yet."""

    first: datetime.date
    last: datetime.date
    period: Period | None
    is_next: bool = False
    waits: str = ""


def month_list(books: Books, today: datetime.date) -> list[Month]:
    """The newest first. Only the first that is over and open (`is_next`) can be closed, or says what it waits for."""
    known = {
        one.starts_on: one
        for one in Period.objects.filter(school=books.school_id).select_related("closed_by")
    }
    next_one = month_to_close(books, today)
    found = []
    for first, last in rules.months(books.opened_on, today):
        is_next = next_one is not None and next_one[0] == first
        waits = reason_to_wait(books, first, last) if is_next else ""
        found.append(Month(first, last, known.get(first), is_next, waits))
    return found[::-1]


def entries(actor: Actor, school: Organisation) -> EntrySet:
    """With everything a list of them shows."""
    found = Entry.objects.visible_to(actor).filter(school=school)
    related = ("posting__period", "posting__checked_by", "made_by", "ended_by", "about__posting__period")
    return found.select_related(*related).prefetch_related("lines__account", "lines__fund", "lines__purpose")


@dataclass(frozen=True, slots=True)
class Places:
    """Where the money is, and what it is meant for; in fen."""

    accounts: list[Account]
    funds: list[Fund]


def places(actor: Actor, school: Organisation) -> Places:
    accounts = Account.objects.visible_to(actor).filter(school=school)
    held = accounts.filter(kind__in=[Account.Kind.ASSET, Account.Kind.PAYABLE])
    funds = Fund.objects.visible_to(actor).open().filter(school=school, memo=False)
    return Places(
        [one for one in held if one.balance or one.place in ("cash", "bank")],
        list(funds.annotate(uses=Count("purposes"))),
    )
