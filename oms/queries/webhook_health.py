"""How partners' addresses do: attempts by the hour, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from oms.models import WebhookDelivery, WebhookEndpoint, WebhookHour

HOURS = 24
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class HourHealth:
    """Attempts of one hour."""

    hour: datetime
    delivered: int
    failed: int


def read_hours(endpoint: WebhookEndpoint, *, at: datetime) -> list[HourHealth]:
    """The last 24 hours, this one included, oldest first; an hour without attempts too."""
    now = at.replace(minute=0, second=0, microsecond=0)
    hours = [now - timedelta(hours=place) for place in reversed(range(HOURS))]
    rows = WebhookHour.objects.filter(endpoint=endpoint, hour__gte=hours[0])
    counted = {hour: (delivered, failed) for hour, delivered, failed in rows.values_list("hour", "delivered", "failed")}
    return [HourHealth(hour, *counted.get(hour, (0, 0))) for hour in hours]


def with_health(endpoints: QuerySet[WebhookEndpoint], *, at: datetime) -> QuerySet[WebhookEndpoint]:
    """Each with `delivered` and `failed` attempts of the last 24 hours."""
    hours = WebhookHour.objects.filter(endpoint=OuterRef("pk"), hour__gt=at - timedelta(hours=HOURS))
    sums = {
        name: Coalesce(Subquery(hours.values("endpoint").annotate(sum=Sum(name)).values("sum")), Value(0))
        for name in ("delivered", "failed")
    }
    return endpoints.annotate(**sums)


def count_waiting(endpoint: WebhookEndpoint) -> int:
    """Exact up to 1,000; one more stands for more."""
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, state=WebhookDelivery.State.WAITING)
    return waiting[: COUNTED + 1].count()


def newest_deliveries(endpoint: WebhookEndpoint, number: int) -> Sequence[WebhookDelivery]:
    return list(WebhookDelivery.objects.filter(endpoint=endpoint).order_by("-id")[:number])
