"""Which lines of an order may still come back, under which terms, and until when."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings

from oms.sql import fetch_all
from orders.models import Order
from returns.policies.terms.choosing import choose_ranked, rank_terms
from returns.policies.terms.judging import Delivery, Verdict, judge_item
from returns.policies.terms.rows import ItemFacts, Terms
from returns.policies.terms.statutes import Statute, find_statute, raise_to_law, terms_of_law
from returns.policies.terms.windows import end_of_years, presume_delivery
from returns.policies.terms.zones import zones_of
from returns.queries.terms import OrderTermsFacts, read_order_terms

NO_TERMS = Terms(id=0, name="No terms", days=0, resolutions=(), methods=())
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """`terms` are those that hold now: while the law's own period runs (`statutory`), the merchant's raised to it.
    `left`: units that were sent and have not been returned, whatever the verdict. `sealed_only`: it is the law alone
    that takes it back, and only while its seal is unbroken. `claim_ends_at`: the first moment at which it is too late
    to claim that it is damaged or wrong; None while it is not here. `claimable`: it is not too late."""

    terms: Terms
    verdict: Verdict
    left: Decimal
    statutory: bool
    sealed_only: bool = False
    claim_ends_at: datetime | None = None
    claimable: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when something was sold and is asked about: what is the same for all lines of an order."""

    country: str
    zones: Sequence[tzinfo]
    statute: Statute | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Line:
    id: int
    kind: str
    sent: Decimal
    returned: Decimal
    to_send: bool
    province: str
    shipped_at: datetime | None
    came_at: datetime | None
    all_came: bool
    some_came: bool

    @property
    def left(self) -> Decimal:
        return self.sent - self.returned


def judge_lines(order: Order, *, at: datetime) -> dict[int, LineVerdict]:
    """Every line of the order by its id; five statements at most, however many lines there are."""
    return judge_orders([order], {order.pk: at})[order.pk]


def judge_orders(orders: Sequence[Order], moments: Mapping[int, datetime]) -> dict[int, dict[int, LineVerdict]]:
    """The same of many orders, by their ids, each asked about at its own moment; as many statements as for one."""
    bought_under = read_order_terms(orders)
    lines = _read_lines([order.pk for order in orders])
    return {order.pk: _judge(order, lines[order.pk], bought_under[order.pk], moments[order.pk]) for order in orders}


def _judge(order: Order, lines: Sequence[_Line], bought: OrderTermsFacts, at: datetime) -> dict[int, LineVerdict]:
    place = find_place(order.country, lines[0].province if lines else "", bought_at=order.placed_at, at=at)
    choose = remember_choices(bought.terms, place.statute)
    judged: dict[tuple[int, Delivery], Verdict] = {}
    raised: dict[int, Terms] = {}

    found = {}
    for line, delivery in zip(lines, _read_deliveries(order, lines), strict=True):
        terms = choose(bought.lines[line.id])
        verdict = _judge_outright(line)
        if verdict is None:
            key = (id(terms), delivery)
            verdict = judged[key] = judged.get(key) or judge_at_place(terms, delivery, place)
        holds, sealed_only = terms, False
        if verdict.by_law and place.statute:
            sealed_only = place.statute.asks_for_seal(terms)
            holds = raised[id(terms)] = raised.get(id(terms)) or raise_to_law(terms, place.statute)
        ends_at = find_claim_end(terms, delivery, place)
        in_time = ends_at is None or at < ends_at
        found[line.id] = LineVerdict(holds, verdict, line.left, verdict.by_law, sealed_only, ends_at, in_time)
    return found


def _read_lines(orders: Sequence[int]) -> Mapping[int, list[_Line]]:
    lines = defaultdict(list)
    for order_id, *row in fetch_all(_LINES, {"orders": list(orders)}):
        lines[order_id].append(_Line(*row))
    return lines


def find_place(country: str, province: str, *, bought_at: datetime, at: datetime) -> Place:
    """The law is that of the day of purchase."""
    zones = zones_of(country, province) or (ZoneInfo(settings.TIME_ZONE),)
    return Place(country, zones, find_statute(country, bought_at), at)


def remember_choices(terms: Sequence[Terms], statute: Statute | None) -> Callable[[ItemFacts], Terms]:
    """Finds the terms of one item after the other of one sale; like goods are looked up once."""
    none = terms_of_law(statute) if statute else NO_TERMS
    ranked: list | None = None
    known: dict[ItemFacts, Terms] = {}

    def choose(item: ItemFacts) -> Terms:
        nonlocal ranked
        if ranked is None:
            ranked = rank_terms(terms, item)
        if item not in known:
            known[item] = choose_ranked(ranked, item).terms or none
        return known[item]

    return choose


def judge_at_place(terms: Terms, delivery: Delivery, place: Place) -> Verdict:
    """Where the customer's zone is one of several, that in which the day ends last."""
    verdicts = [
        judge_item(terms, delivery=delivery, at=place.at, zone=zone, country=place.country, statute=place.statute)
        for zone in place.zones
    ]
    return max(verdicts, key=lambda each: (each.eligible, each.ends_at or _NEVER))


def find_claim_end(terms: Terms, delivery: Delivery, place: Place) -> datetime | None:
    """As long as the law makes the seller answer for what was sold, and as the shop says where the law is not known."""
    begins = presume_delivery(terms, delivered_at=delivery.delivered_at, shipped_at=delivery.shipped_at)
    if begins is None:
        return None
    years = max(settings.RETURN_CLAIM_YEARS, (place.statute.claim_years or 0) if place.statute else 0)
    return max(end_of_years(begins, years, zone=zone, country=place.country) for zone in place.zones)


def _judge_outright(line: _Line) -> Verdict | None:
    """What needs no terms: there is nothing to come back."""
    if line.kind not in ("PRODUCT", "CUSTOM"):
        return Verdict(False, "no_goods")
    if line.left > 0:
        return None
    return Verdict(False, "none_left" if line.returned else "not_sent")


def _read_deliveries(order: Order, lines: Sequence[_Line]) -> list[Delivery]:
    """What was sent before it came here, with no parcel on record, counts as sent when it was bought."""
    whole = not any(line.to_send for line in lines)
    parcels = [line for line in lines if line.shipped_at]
    last_sent = max((line.shipped_at for line in parcels if line.shipped_at), default=None)
    came = [line.came_at for line in parcels if line.came_at and line.all_came]
    last_came = max(came) if came and len(came) == len(parcels) else None
    return [
        Delivery(
            shipped_at=line.shipped_at or order.placed_at,
            delivered_at=line.came_at if line.all_came else None,
            some_came=line.some_came,
            order_shipped_at=last_sent,
            order_delivered_at=last_came,
            whole=whole,
        )
        for line in lines
    ]


_LINES = """
SELECT l.order_id, l.id, l.kind, l.fulfilled_quantity, l.returned_quantity,
       l.kind = 'PRODUCT' AND l.quantity > l.cancelled_quantity + l.fulfilled_quantity,
       coalesce(a.province, ''), sent.shipped_at, sent.came_at,
       coalesce(sent.all_came, FALSE), coalesce(sent.some_came, FALSE)
FROM orders_orderline l
JOIN orders_order o ON o.id = l.order_id
LEFT JOIN orders_address a ON a.id = o.shipping_address_id
LEFT JOIN (
    SELECT fl.order_line_id, max(s.shipped_at) AS shipped_at, max(s.delivered_at) AS came_at,
           bool_and(s.delivered_at IS NOT NULL) AS all_came, bool_or(s.delivered_at IS NOT NULL) AS some_came
    FROM orders_fulfillment f
    JOIN orders_shipment s ON s.fulfillment_id = f.id
    JOIN orders_shipmentline sl ON sl.shipment_id = s.id
    JOIN orders_fulfillmentline fl ON fl.id = sl.fulfillment_line_id
    WHERE f.order_id = ANY(%(orders)s::bigint[])
    GROUP BY fl.order_line_id
) AS sent ON sent.order_line_id = l.id
WHERE l.order_id = ANY(%(orders)s::bigint[])
ORDER BY l.order_id, l.position
"""
