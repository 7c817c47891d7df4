"""The ways of shipping that the rate table offers for an order as it stands."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from orders.models import Edit, Order, ShippingRate
from orders.policies.edits.quoting import Parcel, find_methods
from orders.policies.edits.state import NOTHING, OrderState
from orders.queries.edits.states import read_edit_state
from orders.wording.words import name_method


@dataclass(frozen=True, slots=True)
class Method:
    """`code` is how orders name it. `days`: how long it takes, "" where nobody has said."""

    code: str
    title: str
    price: Decimal
    currency: str
    days: str
    current: bool


def list_methods(order: Order, *, at: datetime) -> list[Method]:
    """The cheapest first; the order's own among them, marked."""
    state = read_edit_state(order.number, actor=Edit.Actor.CUSTOMER, at=at)
    offers = find_methods(_parcel_of(state.order), state.around.rates)
    return [
        Method(
            rate.method,
            rate.title or name_method(rate.method),
            price,
            order.currency,
            _say_days(order, rate.method),
            rate.method == order.shipping_method,
        )
        for price, rate in offers
    ]


def _parcel_of(order: OrderState) -> Parcel:
    kept = [line for line in order.lines if line.quantity - line.cancelled > 0]
    value = sum((line.value(order.currency) - line.discount for line in kept), NOTHING) - order.extra_discount
    weight = sum(int(line.weight_grams * (line.quantity - line.cancelled)) for line in kept)
    return Parcel(order.channel_id, order.country, order.shipping_method, order.currency, value, weight)


def _say_days(order: Order, method: str) -> str:
    """Of the most particular row that names any."""
    rows = ShippingRate.objects.filter(method=method, currency=order.currency, active=True, days_most__isnull=False)
    row = rows.filter(country__in=["", order.country]).order_by("-country", "days_most").first()
    if row is None or row.days_most is None:
        return ""
    if row.days_least and row.days_least != row.days_most:
        return gettext("%(least)s to %(most)s days") % {"least": row.days_least, "most": row.days_most}
    return ngettext("%(days)s day", "%(days)s days", row.days_most) % {"days": row.days_most}
