"""How many orders went from released to shipped with no hand on them, and which did not.

A hand: somebody stepped in at the warehouse beyond picking and packing, lifted a hold, chose another way than the
routing, or looked after an exception. One statement, over the parcels of some days; what counts as a hand stands in
indexes of its own, so that a million orders cost no more than those few.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from oms.models import ExceptionItem
from oms.sql import fetch_all
from orders.models import Fulfillment, Hold, Order, RoutingDecision, Shipment

DAYS = 30

_COUNT = """
WITH sent AS (
    SELECT fulfillment.order_id, max(shipment.shipped_at) AS left_at
    FROM orders_shipment shipment JOIN orders_fulfillment fulfillment ON fulfillment.id = shipment.fulfillment_id
    WHERE shipment.shipped_at >= %(begins)s
    GROUP BY fulfillment.order_id
), touched AS (
    SELECT order_id FROM orders_fulfillment WHERE hands > 0
    UNION SELECT order_id FROM orders_hold WHERE closed_by::text LIKE 'staff:%%'
    UNION SELECT order_id FROM orders_routingdecision WHERE kind = 'OVERRIDE'
    UNION SELECT owned.id FROM oms_exceptionitem item JOIN orders_order owned ON owned.number = item.subject
    WHERE item.owner_id IS NOT NULL AND item.subject_kind = 'order'
)
SELECT (sent.left_at AT TIME ZONE %(zone)s)::date AS day, channel.code, count(*),
       count(*) FILTER (WHERE touched.order_id IS NULL)
FROM sent
JOIN orders_order ON orders_order.id = sent.order_id
JOIN oms_channel channel ON channel.id = orders_order.channel_id
LEFT JOIN touched ON touched.order_id = sent.order_id
WHERE orders_order.fulfillment_status = 'FULFILLED' AND NOT orders_order.test
GROUP BY 1, 2 ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Share:
    """Orders whose last parcel left, on one day or by one channel, and how many of them no hand has touched."""

    name: str
    sent: int
    untouched: int

    @property
    def by_hand(self) -> int:
        return self.sent - self.untouched

    @property
    def percent(self) -> float | None:
        """None where nothing was sent."""
        return 100 * self.untouched / self.sent if self.sent else None


@dataclass(frozen=True, slots=True)
class TouchFree:
    """The last days, the oldest first (`name` is the ISO date), and the channels, those that sent most first."""

    days: Sequence[Share]
    channels: Sequence[Share]

    @property
    def whole(self) -> Share:
        return _add_up("", self.days)


def read_touch_free(at: datetime, *, days: int = DAYS) -> TouchFree:
    """By the day on which an order's last parcel left, in the shop's own time zone."""
    today = timezone.localdate(at)
    begins = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days - 1)
    zone = timezone.get_current_timezone_name()
    found = [(row[0], Share(*row[1:])) for row in fetch_all(_COUNT, {"begins": begins, "zone": zone})]

    span = [today - timedelta(days=place) for place in reversed(range(days))]
    by_day = [_add_up(day.isoformat(), [share for sent_on, share in found if sent_on == day]) for day in span]
    codes = sorted({share.name for _, share in found})
    by_channel = [_add_up(code, [share for _, share in found if share.name == code]) for code in codes]
    return TouchFree(by_day, sorted(by_channel, key=lambda share: -share.sent))


def find_touched(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Those that somebody had a hand on."""
    return orders.filter(_TOUCHED)


def find_untouched(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.exclude(_TOUCHED)


def find_sent_on(orders: QuerySet[Order], first: date, last: date) -> QuerySet[Order]:
    """Those whose last parcel left on one of these days, in the shop's own time zone, and nothing is to come."""
    begins = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    ends = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    parcels = Shipment.objects.filter(fulfillment__order=OuterRef("pk"))
    left = Shipment.objects.filter(shipped_at__gte=begins, shipped_at__lt=ends).values("fulfillment__order")
    complete = orders.filter(id__in=left, fulfillment_status=Order.FulfillmentStatus.FULFILLED)
    return complete.exclude(Exists(parcels.filter(shipped_at__gte=ends)))


_OWN = {"order": OuterRef("pk")}
_TOUCHED = (
    Q(Exists(Fulfillment.objects.filter(**_OWN, hands__gt=0)))
    | Q(Exists(Hold.objects.filter(**_OWN, closed_by__startswith="staff:")))
    | Q(Exists(RoutingDecision.objects.filter(**_OWN, kind=RoutingDecision.Kind.OVERRIDE)))
    | Q(Exists(ExceptionItem.objects.filter(subject=OuterRef("number"), subject_kind="order", owner__isnull=False)))
)
"""The same as `touched` in `_COUNT`, for a list of orders."""


def _add_up(name: str, shares: Sequence[Share]) -> Share:
    return Share(name, sum(share.sent for share in shares), sum(share.untouched for share in shares))
