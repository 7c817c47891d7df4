"""Giving store credit."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms import events
from oms.errors import FieldError, Invalid
from oms.money import fits_minor_unit
from oms.transactions import transactional
from oms.writing import insert_objects
from orders.models import Customer
from returns.actions.credit.books import Book, add_lots, close_book, open_book
from returns.actions.credit.opening import open_account
from returns.errors import CreditKeyReused
from returns.events import CreditAdvanceEarned, CreditIssued
from returns.models import CreditEntry, CreditLot
from returns.policies.credit.spending import NOTHING
from returns.queries.credit.ends import lengthen_end

Forgiven = tuple[Decimal, Decimal]
GOODWILL = "goodwill:"
"""What the source of a gift begins with that nobody has sent anything back for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What somebody is given. `key` names the deed, `source` what it is for: "return:1001-R1", "goodwill:…".

    Not `earned`: it is given in advance, see `earn_credit` and `claw_back`. Base never ends before the law lets it.
    """

    customer: Customer
    currency: str
    base: Decimal
    bonus: Decimal
    key: str
    source: str
    earned: bool = True
    bonus_expires_at: datetime | None = None
    base_expires_at: datetime | None = None


@transactional
def issue_credit(gift: Gift, *, by: str, at: datetime) -> CreditLot:
    """Give base, and bonus on top; the same key again gives nothing. What the customer owes us of it is offset at once.

    Raises:
        Invalid: nothing, less than nothing, or parts of a minor unit.
        CreditKeyReused: the key gave something else before.
    """
    _refuse_nonsense(gift.base, gift.bonus, gift.currency)
    account = open_account(gift.customer, gift.currency, at=at)
    book = open_book(account.key, by=by, at=at)
    known = CreditLot.objects.filter(key=gift.key).first()
    if known:
        return _same_or_refuse(known, account_id=account.pk, base=gift.base, bonus=gift.bonus)

    lot = CreditLot(
        account=book.account,
        key=gift.key,
        source=gift.source,
        base=gift.base,
        bonus=gift.bonus,
        base_left=Decimal(0),
        bonus_left=Decimal(0),
        base_expires_at=lengthen_end(gift.customer, gift.base_expires_at, at=at),
        bonus_expires_at=gift.bonus_expires_at,
        earned=gift.earned,
        issued_at=at,
    )
    _write(book, lot)
    return lot


@transactional
def earn_credit(*, key_of_lot: str, forgiven: Forgiven = (NOTHING, NOTHING), by: str, at: datetime) -> CreditLot:
    """What was given in advance is the customer's own now, and what it cost stands in the books. Twice is harmless;
    what was taken back stays so. `forgiven`: base and bonus of goods that never came, which is goodwill.
    """
    events.require_transaction("Store credit")
    lot = CreditLot.objects.select_related("account").get(key=key_of_lot)
    book = open_book(lot.account.key, by=by, at=at)
    add_lots(book, [lot.pk])
    lot = book.lots[lot.pk]
    if lot.earned or lot.entries.filter(kind=CreditEntry.Kind.CLAW_BACK).exists():
        close_book(book)
        return lot

    base, bonus = forgiven
    cost = _cost(lot.source, lot.base - base, lot.bonus - bonus)
    cost["goodwill"] = cost.get("goodwill", NOTHING) - base - bonus
    lot.earned = True
    book.note(lot, CreditEntry.Kind.EARN, f"earn:{lot.key}", reference=lot.source, advanced=_whole(lot), **cost)
    facts = {"lot": lot.key, "base": book.spell(lot.base), "bonus": book.spell(lot.bonus), "source": lot.source}
    close_book(book, [(CreditAdvanceEarned, facts)])
    return lot


def _whole(lot: CreditLot) -> Decimal:
    return lot.base + lot.bonus


def _cost(source: str, base: Decimal, bonus: Decimal) -> dict[str, Decimal]:
    """The other side of what we owe for a gift."""
    if source.startswith(GOODWILL):
        return {"goodwill": -(base + bonus)}
    return {"goods_back": -base, "bonus_expense": -bonus}


def _refuse_nonsense(base: Decimal, bonus: Decimal, currency: str) -> None:
    fits = fits_minor_unit(base, currency) and fits_minor_unit(bonus, currency)
    if base < 0 or bonus < 0 or base + bonus == 0 or not fits:
        detail = f"Credit must be above zero and in whole minor units of {currency}."
        raise Invalid(detail, errors=[FieldError("/base", "amount_not_possible", detail)])


def _same_or_refuse(known: CreditLot, *, account_id: int, base: Decimal, bonus: Decimal) -> CreditLot:
    if (known.account_id, known.base, known.bonus) != (account_id, base, bonus):
        raise CreditKeyReused(known.key)
    return known


def _write(book: Book, lot: CreditLot) -> None:
    insert_objects(lot)
    book.lots[lot.pk] = lot
    sides = {"liability_base": lot.base, "liability_bonus": lot.bonus}
    sides |= _cost(lot.source, lot.base, lot.bonus) if lot.earned else {"advanced": -_whole(lot)}
    book.note(lot, CreditEntry.Kind.ISSUE, f"issue:{lot.key}", reference=lot.source, **sides)
    facts = {
        "base": book.spell(lot.base),
        "bonus": book.spell(lot.bonus),
        "source": lot.source,
        "bonus_expires_at": lot.bonus_expires_at,
        "base_expires_at": lot.base_expires_at,
    }
    close_book(book, [(CreditIssued, facts)])
