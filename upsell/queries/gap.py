"""What is missing until an order ships free, by the shop's own rate table."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from orders.models import Edit, Order
from orders.policies.edits.quotes import Quote
from orders.policies.edits.quoting import Parcel, parcel_of, quote_shipping
from orders.policies.edits.state import Rate
from orders.queries.edits.states import read_edit_state


@dataclass(frozen=True, slots=True)
class Gap:
    """In the order's currency. `reached`: the goods after all discounts; `shipping` is what would be saved."""

    threshold: Decimal
    reached: Decimal
    missing: Decimal
    method: str
    shipping: Decimal
    parcel: Parcel
    rates: tuple[Rate, ...]

    def closes_with(self, value: Decimal, weight: int) -> bool:
        """True when with goods of that value and weight, in grams, the table asks nothing for shipping.

        Heavier parcels may fall under another row: reaching the threshold of this one is not all.
        """
        parcel = Parcel(
            channel_id=self.parcel.channel_id,
            country=self.parcel.country,
            method=self.parcel.method,
            currency=self.parcel.currency,
            value=self.parcel.value + value,
            weight=self.parcel.weight + weight,
        )
        quote = quote_shipping(parcel, self.rates)
        return quote is not None and not quote[0]


def count_changes(gap: Gap, quote: Quote) -> Gap | None:
    """What is missing once the changes of the quote are made too; None: nothing is, or another rate holds then."""
    if quote.after.shipping.amount != gap.shipping:
        return None
    reached = quote.after.items.amount - quote.after.discount.amount
    return replace(gap, reached=reached, missing=gap.threshold - reached)


def read_gap(order: Order, *, at: datetime) -> Gap | None:
    """None: it ships free already, no amount would make it so, or its shipping is not what the table says.

    An edit leaves shipping that the table does not explain as it is: there reaching a threshold would change nothing.
    """
    state = read_edit_state(order.number, actor=Edit.Actor.CUSTOMER, at=at)
    parcel = parcel_of(state.order)
    quote = quote_shipping(parcel, state.around.rates)
    if quote is None or not quote[0] or quote[0] != state.order.shipping_total:
        return None
    price, rate = quote
    if rate.free_from is None:
        return None
    missing = rate.free_from - parcel.value
    return Gap(rate.free_from, parcel.value, missing, parcel.method, price, parcel, state.around.rates)
