"""Opened books to tell stories with: who makes, who checks, what money there is."""

import datetime
from dataclasses import dataclass, field
from uuid import uuid4 as client_id

from tongxing.ground.access.queries import actor_for
from tongxing.ground.accounts.models import Organisation, User
from tongxing.ground.kernel.actor import Actor

from ..actions.books import open_books
from ..actions.entries import Said, check, write_entry
from ..models import Account, Entry, Fund, Purpose
from ..rules import Move

OPENED = datetime.date(2026, 9, 1)


@dataclass
class Told:
    """The books of a school; `maker` and `checker` as actors, accounts by code, purposes by name."""

    school: Organisation
    maker: Actor
    checker: Actor
    fund: Fund
    accounts: dict[str, Account] = field(default_factory=dict)
    purposes: dict[str, Purpose] = field(default_factory=dict)

    def move(self, come_from: str, go_to: str, fen: int, purpose: str = "", fund: Fund | None = None) -> Move:
        return Move(
            self.accounts[come_from].pk,
            self.accounts[go_to].pk,
            (fund or self.fund).pk,
            fen,
            self.purposes[purpose].pk if purpose else None,
        )

    def write(self, kind: str, *moves: Move, day=datetime.date(2026, 11, 2), words="一笔", **said) -> Entry:
        sent = said.pop("client_id", None) or client_id()
        return write_entry(
            self.maker,
            school=self.school,
            client_id=sent,
            kind=kind,
            moves=moves,
            said=Said(day, words, **said),
        )

    def post(self, kind: str, *moves: Move, **said) -> Entry:
        entry = self.write(kind, *moves, **said)
        check(self.checker, entry=entry)
        return entry

    def received(self, fen: int, **said) -> Entry:
        return self.post("receipt", self.move("4002", "1002", fen), **said)

    def pays(self, fen: int, purpose: str = "生活补助", **said) -> Entry:
        return self.write("payment", self.move("1002", "5001", fen, purpose), **said)

    def balance(self, code: str) -> int:
        return Account.objects.get(pk=self.accounts[code].pk).balance


def books(school: Organisation, maker: User, checker: User) -> Told:
    makes, checks = actor_for(maker), actor_for(checker)
    open_books(checks, school=school, month=OPENED)
    told = Told(school, makes, checks, Fund.objects.get(school=school, memo=False))
    told.accounts = {one.code: one for one in Account.objects.filter(school=school)}
    told.purposes = {one.name: one for one in told.fund.purposes.all()}
    return told
