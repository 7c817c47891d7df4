"""What a return would bring: the sums that a quote shows and that a request stores."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from returns.choices import Method, Resolution
from returns.policies.amounts import NOTHING, restocking_fee, shipping_share
from returns.policies.bonuses import Rated, bonus_on
from returns.policies.figures import Bargain, Settled, figure

WITHDRAWAL = "WITHDRAWAL"
LABELLED = (Method.PREPAID_LABEL, Method.QR_DROP_OFF)


@dataclass(frozen=True, slots=True)
class ResolutionQuote:
    """One way to make it good. `amount` is what the units are worth, `bonus` what comes on top as store credit."""

    resolution: str
    amount: Decimal
    bonus: Decimal
    note: str
    available: bool


@dataclass(frozen=True, slots=True)
class ExchangeQuote:
    """A variant that could come instead. `available`: units that may be promised now."""

    sku: str
    title: str
    options: dict[str, object]
    available: Decimal
    price: Decimal | None


@dataclass(frozen=True, slots=True)
class LineQuote:
    """One line of the order: what of it can come back until when, or why not and since when."""

    line: int
    sku: str
    title: str
    left: Decimal
    eligible: bool
    code: str
    sentence: str
    ends_at: datetime | None
    ended_on: date | None
    resolutions: tuple[ResolutionQuote, ...]
    claim_ends_at: datetime | None = None
    """Until then it may be claimed that it came damaged or wrong; None: it cannot, or there is no end yet."""
    exchanges: tuple[ExchangeQuote, ...] = ()
    claimable: bool = False
    """It cannot simply come back any more, yet it may be claimed that it is damaged or wrong."""


@dataclass(frozen=True, slots=True)
class MethodQuote:
    """A way back, and what it would cost the customer."""

    method: str
    fee: Decimal
    sentence: str


@dataclass(frozen=True, slots=True)
class ItemTerms:
    """What the terms of an item say of money, and what it is worth."""

    line: int
    resolution: str
    value: Decimal
    tax: Decimal
    label_fee: Decimal
    """0 where we bear it, or where it is said in another currency."""
    restocking_percent: Decimal
    shipping_refund: str
    credit_rate: Decimal
    merchant_fault: bool


@dataclass(frozen=True, slots=True)
class Shipping:
    """Of the order: what shipping cost, what its goods cost, what of the shipping went back, and whether this return
    leaves nothing with the customer."""

    paid: Decimal
    goods: Decimal
    given: Decimal
    everything: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """Of a whole return. `given` is what the customer gets for it, before any bonus."""

    value: Decimal = NOTHING
    label_fee: Decimal = NOTHING
    restocking_fee: Decimal = NOTHING
    shipping_refund: Decimal = NOTHING
    bonus: Decimal = NOTHING

    @property
    def given(self) -> Decimal:
        return max(self.value + self.shipping_refund - self.label_fee - self.restocking_fee, NOTHING)


@dataclass(frozen=True, slots=True)
class Promised:
    """Goods for which something was chosen. `credit_rate` in percent of the refund, 100 at least."""

    resolution: str
    value: Decimal
    credit_rate: Decimal


InMoney = Callable[[Decimal], Decimal]
"""Of a sum that is given back, the part that was paid with money: only that earns a bonus."""


def all_of_it(given: Decimal) -> Decimal:
    return given


@dataclass(frozen=True, slots=True)
class ReturnQuote:
    """What can come back, how, and what it brings; `totals` are those of the wish, if there was one."""

    currency: str
    lines: tuple[LineQuote, ...]
    methods: tuple[MethodQuote, ...]
    totals: Sums
    items: tuple[ItemTerms, ...] = ()


def sum_up(
    items: Sequence[ItemTerms],
    *,
    method: str,
    kind: str,
    shipping: Shipping,
    currency: str,
    in_money: InMoney = all_of_it,
) -> Sums:
    """The sums of a return. What is our fault costs the customer nothing; a withdrawal knows no restocking fee."""
    value = sum((item.value for item in items), NOTHING)
    percents = {place: _percent(item, kind) for place, item in enumerate(items)}
    values = {place: item.value for place, item in enumerate(items)}
    restocking = restocking_fee(values, percents, currency=currency)
    label = min(label_fee(items, method), value - restocking)
    sums = Sums(value, max(label, NOTHING), restocking, _shipping(items, kind, shipping, currency))
    goods = [Promised(item.resolution, item.value, item.credit_rate) for item in items]
    return replace(sums, bonus=foresee_bonus(goods, sums, currency=currency, in_money=in_money))


def foresee_bonus(goods: Sequence[Promised], sums: Sums, *, currency: str, in_money: InMoney = all_of_it) -> Decimal:
    """The bonus on what is given as credit, fees taken off, when all of the return is settled together."""
    if all(each.resolution != Resolution.STORE_CREDIT for each in goods):
        return NOTHING
    bargain = Bargain(
        value=sums.value,
        shipping=sums.shipping_refund,
        label_fee=sums.label_fee,
        restocking_fee=sums.restocking_fee,
        currency=currency,
    )
    before = Settled()
    for resolution in dict.fromkeys(each.resolution for each in goods):
        together = [each for each in goods if each.resolution == resolution]
        value = sum((each.value for each in together), NOTHING)
        given = figure(bargain, value, before=before)
        if resolution == Resolution.STORE_CREDIT:
            rated = [Rated(each.value, each.credit_rate) for each in together]
            return bonus_on(in_money(given.given), rated, currency=currency)
        before = Settled(before.value + value, before.shipping + given.shipping, before.fees + given.fees)
    return NOTHING


def label_fee(items: Sequence[ItemTerms], method: str) -> Decimal:
    """One label for all: the dearest of their fees; none where anything of it is our fault."""
    if method not in LABELLED or not items or any(item.merchant_fault for item in items):
        return NOTHING
    return max(item.label_fee for item in items)


def _percent(item: ItemTerms, kind: str) -> Decimal:
    free = item.merchant_fault or kind == WITHDRAWAL or item.resolution != Resolution.REFUND
    return NOTHING if free else item.restocking_percent


def _shipping(items: Sequence[ItemTerms], kind: str, shipping: Shipping, currency: str) -> Decimal:
    """Directive 2011/83/EU, article 13(1): who withdraws from the whole contract gets the standard delivery back."""
    due = shipping.paid - shipping.given
    bringing = [item for item in items if item.resolution in (Resolution.REFUND, Resolution.STORE_CREDIT)]
    if due <= 0 or not bringing:
        return NOTHING
    if shipping.everything and (kind == WITHDRAWAL or any(item.shipping_refund != "NEVER" for item in bringing)):
        return due
    shared = sum((item.value for item in bringing if item.shipping_refund == "ALWAYS"), NOTHING)
    if not shared:
        return NOTHING
    part = shipping_share(shipping.paid, goods=shipping.goods, coming_back=shared, before=NOTHING, currency=currency)
    return min(part, due)
