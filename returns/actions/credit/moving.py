"""Moving credit to the channel where its owner buys: it is spent there, so it cannot be spent here as well.

It leaves our books in the same transaction in which the message to the channel is queued. What the channel will not
keep, and a person puts aside, comes back. Base and bonus are moved apart: each ends at a time of its own.
"""

from datetime import datetime
from decimal import Decimal

from oms.transactions import transactional
from orders.actions.write_back.crediting import find_credit_target, queue_credit
from orders.models import Order
from returns.actions.credit.books import add_lots, close_book, open_book
from returns.events import CreditMoved, CreditMovedBack
from returns.models import CreditEntry, CreditLot
from returns.policies.credit.spending import NOTHING, Draw, Part

Kind = CreditEntry.Kind


@transactional
def move_credit(*, key_of_lot: str, number: str, by: str, at: datetime) -> Decimal:
    """Move what is free of the lot to the channel of the order; how much. Twice moves once.

    Nothing where that channel keeps no credit, or the lot was given in advance: it might have to be taken back.
    """
    order = Order.objects.locked(number)
    lot = CreditLot.objects.select_related("account").filter(key=key_of_lot, earned=True).first()
    if lot is None or find_credit_target(order) is None or lot.account.currency != order.currency:
        return NOTHING
    book = open_book(lot.account.key, by=by, at=at)
    parts = [part for part in book.free() if part.lot == lot.pk]
    if not parts or book.account.frozen_at is not None or lot.entries.filter(kind=Kind.MOVE).exists():
        return NOTHING

    moved = {part.bonus: part.left for part in parts}
    for part in parts:
        key = _name_of(lot, part)
        book.take(
            [Draw(part.lot, part.bonus, part.left)], Kind.MOVE, "moved", key=f"move:{key}", reference=order.number
        )
        queue_credit(number=number, key=key, amount=part.left, expires_at=part.expires_at, at=at)
    facts = {"base": book.spell(moved.get(False, NOTHING)), "bonus": book.spell(moved.get(True, NOTHING))}
    close_book(book, [(CreditMoved, facts | {"order": order.number})])
    return sum(moved.values(), NOTHING)


@transactional
def move_back(*, key: str, by: str, at: datetime) -> Decimal:
    """What was moved under this key is ours again, in the lot it came from; how much. Twice is harmless."""
    gone = CreditEntry.objects.filter(kind=Kind.MOVE, key=f"move:{key}").select_related("account", "lot").first()
    if gone is None:
        return NOTHING
    book = open_book(gone.account.key, by=by, at=at)
    if CreditEntry.objects.filter(kind=Kind.MOVE_BACK, lot=gone.lot, key=f"move-back:{key}").exists():
        return NOTHING
    add_lots(book, [gone.lot_id])
    base, bonus = -gone.liability_base, -gone.liability_bonus
    sides = {"liability_base": base, "liability_bonus": bonus, "moved": -(base + bonus)}
    book.note(book.lots[gone.lot_id], Kind.MOVE_BACK, f"move-back:{key}", reference=gone.reference, **sides)
    facts = {"base": book.spell(base), "bonus": book.spell(bonus), "order": gone.reference}
    close_book(book, [(CreditMovedBack, facts)])
    return base + bonus


def _name_of(lot: CreditLot, part: Part) -> str:
    return f"{lot.key}:{'bonus' if part.bonus else 'base'}"
