"""An account's book: opened under its lock, brought up to date, written once.

Every action on credit opens the book, notes what it does, and closes it. Opening ends what is out of time; whatever
becomes free while something is owed to us is offset at once. So an account that owes us has nothing to spend.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString

from oms import events
from oms.money import round_amount
from oms.reading import fetch_objects, fetch_several
from oms.writing import Row, as_update, insert_objects
from returns.absences import AuthorizationNotFound, CreditAccountNotFound
from returns.events import CreditEvent, CreditExpired
from returns.models import CreditAccount, CreditAuthorization, CreditEntry, CreditLot
from returns.policies.credit.spending import (
    NOTHING,
    Draw,
    Held,
    Part,
    assign_holds,
    draw_amount,
    find_over,
    free_parts,
)

Kind = CreditEntry.Kind
State = CreditAuthorization.State
Told = tuple[type[CreditEvent], Mapping[str, Any]]

_ACCOUNT_COLUMNS = ["base", "bonus", "held", "receivable", "frozen_at", "frozen_because", "version"]
_LOT_COLUMNS = ["base_left", "bonus_left", "base_expires_at", "bonus_expires_at", "earned"]
_AUTHORIZATION_COLUMNS = ["state", "captured", "reversed", "ended_at", "order_id"]


@dataclass(slots=True)
class Book:
    """A locked account with its lots and what is held of it. What is noted here is written by `close_book`.

    `meant` is the authorization that the book was opened for, held or ended; None where there is none of that name.
    """

    account: CreditAccount
    by: str
    at: datetime
    lots: dict[int, CreditLot]
    holds: dict[str, CreditAuthorization]
    meant: CreditAuthorization | None = None
    entries: list[CreditEntry] = field(default_factory=list)
    new: list[CreditAuthorization] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    ended: dict[str, CreditAuthorization] = field(default_factory=dict)

    def assigned(self) -> dict[str, list[Draw]]:
        """By authorization: what it would spend."""
        held = [Held(hold.key, hold.amount, hold.authorized_at) for hold in self.holds.values()]
        return assign_holds(self._parts(), held)

    def free(self) -> list[Part]:
        """What can be spent now, in the order in which it would be."""
        return free_parts(self._parts(), self.assigned())

    def note(self, lot: CreditLot, kind: str, key: str, **sides: Any) -> CreditEntry:
        """One entry, and what it changes; `sides` are amounts by account of the books, and its `reference` or `note`.

        The lot's own two are found by what they are short of, so only the others need to be said beside them.
        """
        entry = CreditEntry(
            account=self.account,
            lot=lot,
            kind=kind,
            key=key,
            currency=self.account.currency,
            by=self.by,
            at=self.at,
            **({"reference": "", "note": ""} | sides),
        )
        self.entries.append(entry)
        lot.base_left += entry.liability_base
        lot.bonus_left += entry.liability_bonus
        self.account.base += entry.liability_base
        self.account.bonus += entry.liability_bonus
        self.account.receivable -= entry.receivable
        return entry

    def take(self, draws: Iterable[Draw], kind: str, side: str, *, key: str = "", **words: Any) -> list[CreditEntry]:
        """Take what was drawn: an entry a lot, with `side` as the other account."""
        name = key or f"{kind.lower()}:{self.account.key}:{self.account.version}.{len(self.entries)}"
        return [
            self.note(
                self.lots[lot],
                kind,
                name,
                liability_base=-base,
                liability_bonus=-bonus,
                **{side: base + bonus},
                **words,
            )
            for lot, (base, bonus) in sum_by_lot(draws).items()
        ]

    def end_hold(self, hold: CreditAuthorization, state: str) -> None:
        """What it held is free again, or was captured."""
        self.holds.pop(hold.key, None)
        self.ended[hold.key] = hold
        self.account.held -= hold.amount
        hold.state, hold.ended_at = state, self.at

    def settle_receivable(self) -> None:
        """Offset what is owed to us against what is free."""
        if self.account.receivable > 0:
            self.take(draw_amount(self.free(), self.account.receivable), Kind.SETTLE, "receivable")

    def end_late(self) -> None:
        """End what is out of time: authorizations first, then credit that none of the others holds.

        While an account is frozen its credit does not run out: nobody could spend it.
        """
        for hold in [hold for hold in self.holds.values() if hold.expires_at <= self.at]:
            self.end_hold(hold, State.EXPIRED)
        if self.account.frozen_at is None and (over := find_over(self.free(), self.at)):
            self.take(over, Kind.EXPIRE, "breakage")
            base = sum((draw.amount for draw in over if not draw.bonus), NOTHING)
            bonus = sum((draw.amount for draw in over if draw.bonus), NOTHING)
            self.told.append((CreditExpired, {"base": self.spell(base), "bonus": self.spell(bonus)}))

    def spell(self, amount: Decimal) -> str:
        """As facts have it: in the currency's minor unit."""
        return str(round_amount(amount, self.account.currency))

    def _parts(self) -> list[Part]:
        parts = []
        for lot in self.lots.values():
            parts += [
                Part(lot.pk, False, lot.base_left, lot.base_expires_at),
                Part(lot.pk, True, lot.bonus_left, lot.bonus_expires_at),
            ]
        return [part for part in parts if part.left > 0]


def sum_by_lot(draws: Iterable[Draw]) -> dict[int, tuple[Decimal, Decimal]]:
    """Base and bonus of each lot."""
    sums: dict[int, tuple[Decimal, Decimal]] = {}
    for draw in draws:
        base, bonus = sums.get(draw.lot, (NOTHING, NOTHING))
        sums[draw.lot] = (base, bonus + draw.amount) if draw.bonus else (base + draw.amount, bonus)
    return sums


_BY_KEY = "WHERE key = %s"
_BY_AUTHORIZATION = "WHERE id = (SELECT account_id FROM returns_creditauthorization WHERE key = %s)"
_OPEN_LOTS: LiteralString = "AND (base_left > 0 OR bonus_left > 0)"
_HOLDS: LiteralString = "AND (state = 'AUTHORIZED' OR key = %s)"


def open_book(key: str, *, meant: str = "", by: str, at: datetime) -> Book:
    """The account's book, under its lock, with what is out of time ended. `meant`: the name of an authorization.

    Raises:
        CreditAccountNotFound
    """
    book = _open(_BY_KEY, key, meant, by=by, at=at)
    if book is None:
        raise CreditAccountNotFound
    return book


def open_book_by(authorization: str, *, by: str, at: datetime) -> Book:
    """The same, of the account that the authorization is of.

    Raises:
        AuthorizationNotFound
    """
    book = _open(_BY_AUTHORIZATION, authorization, authorization, by=by, at=at)
    if book is None:
        raise AuthorizationNotFound
    return book


def _open(which: LiteralString, name: str, meant: str, *, by: str, at: datetime) -> Book | None:
    """A statement's snapshot is older than the lock it waits for. So the account is read twice, as the snapshot has it
    and under its lock: if somebody wrote in the book in between, lots and holds are read once more.
    """
    events.require_transaction("Store credit")
    theirs: LiteralString = f"WHERE account_id = (SELECT id FROM returns_creditaccount {which})"  # noqa: S608 - our own
    parts = (CreditLot, f"{theirs} {_OPEN_LOTS}"), (CreditAuthorization, f"{theirs} {_HOLDS}")
    account = (CreditAccount, f"{which} FOR NO KEY UPDATE"), (CreditAccount, which)
    locked, seen, lots, known = fetch_several([*account, *parts], [name, name, name, name, meant])
    if not locked:
        return None
    if locked[0].version != seen[0].version:
        lots, known = fetch_several(parts, [name, name, meant])
    return _bring_up_to_date(locked[0], lots, known, meant, by=by, at=at)


def _bring_up_to_date(
    account: CreditAccount,
    lots: list[CreditLot],
    known: list[CreditAuthorization],
    meant: str,
    *,
    by: str,
    at: datetime,
) -> Book:
    for hold in known:
        hold.account = account
    holds = {hold.key: hold for hold in known if hold.state == State.AUTHORIZED}
    named = next((hold for hold in known if hold.key == meant), None)
    book = Book(account, by, at, {lot.pk: lot for lot in lots}, holds, named)
    book.end_late()
    book.settle_receivable()
    return book


def add_lots(book: Book, ids: Iterable[int]) -> None:
    """Lots of which nothing is left, where something comes back to them."""
    missing = [lot for lot in ids if lot not in book.lots]
    if missing:
        for lot in fetch_objects(CreditLot, "WHERE id = ANY(%s) ORDER BY id", [missing]):
            book.lots[lot.pk] = lot


def close_book(book: Book, told: Sequence[Told] = ()) -> None:
    """Write all that was noted, and announce it."""
    book.settle_receivable()
    account = book.account
    account.version += 1
    touched = {entry.lot_id for entry in book.entries}
    tables: dict[type[Any], list[Row]] = {
        CreditAccount: [as_update(account, _ACCOUNT_COLUMNS)],
        CreditLot: [as_update(book.lots[lot], _LOT_COLUMNS) for lot in sorted(touched)],
        CreditAuthorization: [as_update(each, _AUTHORIZATION_COLUMNS) for each in book.ended.values()],
    }
    balance = {"customer": account.customer_id, "currency": account.currency, "balance": book.spell(account.balance)}
    said = [
        cls(subject=account.key, by=book.by, at=book.at, facts={**balance, **facts})
        for cls, facts in [*book.told, *told]
    ]
    insert_objects(*book.new, *book.entries, changed=tables, told=said)
