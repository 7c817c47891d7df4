"""What accounts of store credit have, as their owners, tills and partners see it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from returns.models import CreditAccount, CreditAuthorization, CreditLot
from returns.policies.credit.spending import Held, Part, assign_holds, free_parts, sum_parts


@dataclass(frozen=True, slots=True)
class Standing:
    """`free`: what can be spent now, in the order in which it would be; what has run out and waits to be swept is none.

    `ends`: the next of it that runs out, and when.
    """

    account: CreditAccount
    lots: tuple[CreditLot, ...]
    free: tuple[Part, ...]

    @property
    def available(self) -> Decimal:
        return sum_parts(self.free)

    @property
    def bonus(self) -> Decimal:
        return sum_parts(part for part in self.free if part.bonus)

    @property
    def ends(self) -> Part | None:
        return next((part for part in self.free if part.expires_at), None)


def read_standings(accounts: Sequence[CreditAccount], *, at: datetime) -> dict[int, Standing]:
    """By account id; two statements, however many."""
    ids = [account.pk for account in accounts]
    lots: Mapping[int, list[CreditLot]] = defaultdict(list)
    for lot in CreditLot.objects.filter(account__in=ids).order_by("id"):
        if lot.base_left or lot.bonus_left:
            lots[lot.account_id].append(lot)
    holds: Mapping[int, list[Held]] = defaultdict(list)
    open_holds = CreditAuthorization.objects.filter(account__in=ids, state=CreditAuthorization.State.AUTHORIZED)
    for hold in open_holds.filter(expires_at__gt=at).order_by("id"):
        holds[hold.account_id].append(Held(hold.key, hold.amount, hold.authorized_at))
    return {
        account.pk: Standing(account, tuple(lots[account.pk]), _free(account, lots[account.pk], holds[account.pk], at))
        for account in accounts
    }


def _free(account: CreditAccount, lots: Sequence[CreditLot], holds: Sequence[Held], at: datetime) -> tuple[Part, ...]:
    parts = [
        part
        for lot in lots
        for part in (
            Part(lot.pk, False, lot.base_left, lot.base_expires_at),
            Part(lot.pk, True, lot.bonus_left, lot.bonus_expires_at),
        )
        if part.left > 0
    ]
    free = free_parts(parts, assign_holds(parts, holds))
    return tuple(part for part in free if account.frozen_at is not None or not part.is_over(at))
