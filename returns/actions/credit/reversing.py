"""Giving credit back for goods that were bought with it."""

from collections import defaultdict
from datetime import datetime
from decimal import Decimal

from oms.errors import FieldError, Invalid
from oms.money import fits_minor_unit
from oms.transactions import transactional
from returns.actions.credit.books import Book, add_lots, close_book, sum_by_lot
from returns.actions.credit.capturing import open_held
from returns.errors import CreditKeyReused, ReversedTooMuch
from returns.events import CreditReversed
from returns.models import CreditAuthorization, CreditEntry
from returns.policies.credit.restoring import extend_end, restore_spent
from returns.policies.credit.spending import NOTHING, Draw

Kind = CreditEntry.Kind


@transactional
def reverse_capture(*, authorization_key: str, amount: Decimal, key: str, by: str, at: datetime) -> CreditAuthorization:
    """Give back a part of what was captured, to the lots it came from: base as base, bonus as bonus, at 100 %.

    No bonus is given on it, so buying and returning in circles gains nothing. The same key again gives nothing back.

    Raises:
        AuthorizationNotFound.
        ReversedTooMuch: more than is left of what was captured.
        CreditKeyReused: the key gave back another amount.
        Invalid: nothing, or a part of a minor unit.
    """
    book, capture = open_held(authorization_key, by=by, at=at)
    name = f"reverse:{capture.key}:{key}"
    known = [entry.sales for entry in CreditEntry.objects.filter(key=name)]
    if known:
        if -sum(known) != amount:
            raise CreditKeyReused(key)
        return capture
    if amount <= 0 or not fits_minor_unit(amount, capture.currency):
        detail = f"An amount must be above zero and in whole minor units of {capture.currency}."
        raise Invalid(detail, errors=[FieldError("/amount/amount", "amount_not_possible", detail)])
    if capture.reversed + amount > capture.captured:
        raise ReversedTooMuch(book.account.as_money(capture.captured - capture.reversed))
    _give_back(book, capture, amount, name)
    return capture


def _give_back(book: Book, capture: CreditAuthorization, amount: Decimal, name: str) -> None:
    restored = restore_spent(_still_spent(capture), amount, capture.currency)
    sums = sum_by_lot(restored)
    add_lots(book, sums)
    for lot_id, (base, bonus) in sums.items():
        lot = book.lots[lot_id]
        lot.base_expires_at = extend_end(lot.base_expires_at, book.at) if base else lot.base_expires_at
        lot.bonus_expires_at = extend_end(lot.bonus_expires_at, book.at) if bonus else lot.bonus_expires_at
        book.note(
            lot,
            Kind.REVERSE,
            name,
            liability_base=base,
            liability_bonus=bonus,
            sales=-(base + bonus),
            reference=capture.reference,
            authorization=capture,
        )
    capture.reversed += amount
    book.ended[capture.key] = capture
    base = sum((base for base, _ in sums.values()), NOTHING)
    facts = {"authorization": capture.key, "base": book.spell(base), "bonus": book.spell(amount - base)}
    close_book(book, [(CreditReversed, facts)])


def _still_spent(capture: CreditAuthorization) -> list[Draw]:
    """What was spent of each part and has not come back, in the order in which it was spent."""
    spent: dict[tuple[int, bool], Decimal] = defaultdict(Decimal)
    for lot, base, bonus in capture.entries.order_by("id").values_list("lot_id", "liability_base", "liability_bonus"):
        spent[lot, True] -= bonus
        spent[lot, False] -= base
    return [Draw(lot, bonus, left) for (lot, bonus), left in spent.items() if left > 0]
