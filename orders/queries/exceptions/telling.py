"""Channels that do not learn of stock: what they show may be sold twice."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from inventory.models import ChannelStock
from oms.exceptions import ExceptionType, Trouble
from orders.models import WriteBackTarget

BEHIND = timedelta(minutes=30)


def find_behind(at: datetime) -> QuerySet[Any]:
    """Something changed half an hour ago, which is twice the longest that it may wait, and the channel has it not."""
    late = ChannelStock.objects.filter(channel=OuterRef("channel"), changed_at__lte=at - BEHIND, refused=False)
    oldest = late.order_by("changed_at").values("changed_at")[:1]
    behind = WriteBackTarget.objects.annotate(behind_since=Subquery(oldest))
    return behind.filter(tells_stock=True, behind_since__isnull=False).select_related("channel")


def _describe_behind(target: Any) -> Trouble:
    off = "" if target.active else " It is switched off."
    cause = f"{target.name} has not been told of stock for half an hour, so it may sell what is gone.{off}"
    return Trouble("channel", target.channel.code, cause, target.behind_since, {"target": target.code})


TELLING = (
    ExceptionType(code="stock_out", title="Stock not told", hours=1, find=find_behind, describe=_describe_behind),
)
