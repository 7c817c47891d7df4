"""Taking back credit that was given in advance and never earned."""

from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from oms.transactions import transactional
from returns.actions.credit.books import Book, add_lots, close_book, open_book
from returns.errors import CreditEarned
from returns.events import CreditClawedBack
from returns.models import CreditEntry, CreditLot
from returns.policies.credit.spending import NOTHING

Kind = CreditEntry.Kind

_SPENT = [Kind.CAPTURE, Kind.REVERSE, Kind.SETTLE]


@transactional
def claw_back(*, key_of_lot: str, by: str, at: datetime) -> CreditLot:
    """Take back what is left of the lot; what was spent of it the customer owes us, and the next credit pays.

    What an authorization holds of it counts as spent: when that ends unused, it is offset by itself. What ran out has
    done nobody any good, and is not owed. Twice is harmless.

    Raises:
        CreditEarned: it is the customer's own.
    """
    lot = CreditLot.objects.select_related("account").get(key=key_of_lot)
    book = open_book(lot.account.key, by=by, at=at)
    add_lots(book, [lot.pk])
    lot = book.lots[lot.pk]
    if lot.earned:
        raise CreditEarned
    if not lot.entries.filter(kind=Kind.CLAW_BACK).exists():
        _take_back(book, lot)
    return lot


def _take_back(book: Book, lot: CreditLot) -> None:
    base_spent, bonus_spent = _spent(book, lot)
    free = {part.bonus: part.left for part in book.free() if part.lot == lot.pk}
    base, bonus = free.get(False, NOTHING), free.get(True, NOTHING)
    base_owed = base_spent + lot.base_left - base
    bonus_owed = bonus_spent + lot.bonus_left - bonus
    run_out = lot.base + lot.bonus - base - base_owed - bonus - bonus_owed
    book.note(
        lot,
        Kind.CLAW_BACK,
        f"claw_back:{lot.key}",
        liability_base=-base,
        liability_bonus=-bonus,
        receivable=-(base_owed + bonus_owed),
        advanced=lot.base + lot.bonus,
        breakage=-run_out,  # nobody gained by it: it had cost nothing yet
        reference=lot.source,
    )
    facts = {
        "base": book.spell(base),
        "bonus": book.spell(bonus),
        "receivable": book.spell(base_owed + bonus_owed),
        "source": lot.source,
    }
    close_book(book, [(CreditClawedBack, facts)])


def _spent(book: Book, lot: CreditLot) -> tuple[Decimal, Decimal]:
    """What went out of the lot for goods, or paid what was owed: as written, and as noted just now."""
    written = lot.entries.filter(kind__in=_SPENT).aggregate(base=Sum("liability_base"), bonus=Sum("liability_bonus"))
    base, bonus = written["base"] or NOTHING, written["bonus"] or NOTHING
    for entry in book.entries:
        if entry.lot_id == lot.pk and entry.kind in _SPENT:
            base, bonus = base + entry.liability_base, bonus + entry.liability_bonus
    return -base, -bonus
