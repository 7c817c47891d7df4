"""A list of returns as CSV: a row an item, as the list is narrowed, streamed however long it is."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone

from oms.quantities import plain
from returns.admin.words import name_item
from returns.models import Return, ReturnItem

MOST = 100_000
AT_ONCE = 1000
COLUMNS = (
    *("return", "order", "channel", "kind", "status", "requested_at", "method", "node", "sku", "quantity", "reason"),
    *("resolution", "reception", "acceptance", "grade", "disposition", "value", "currency", "score"),
)
_RUNS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula at the beginning of a cell."""


class _Echo:
    """A file that hands back each row as it is written."""

    def write(self, row: str) -> str:
        return row


def stream_csv(returns: QuerySet[Return], *, with_money: bool) -> StreamingHttpResponse:
    named = f"returns-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        _write(returns, with_money=with_money),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{named}"'},
    )


def _write(returns: QuerySet[Return], *, with_money: bool) -> Iterator[str]:
    writer = csv.writer(_Echo())
    hidden = () if with_money else ("value", "currency", "score")
    columns = [name for name in COLUMNS if name not in hidden]
    yield writer.writerow(columns)
    joined = returns.select_related("order__channel", "node__warehouse", "abuse_score")
    read = joined.prefetch_related("items__line", "items__variant", "items__reason")
    for each in read.order_by("-requested_at", "-id")[:MOST].iterator(chunk_size=AT_ONCE):
        for row in _rows(each):
            yield writer.writerow([_guard(row[name]) for name in columns])


def _rows(each: Return) -> Iterable[dict[str, Any]]:
    shared = {
        "return": each.number,
        "order": each.order.number,
        "channel": each.order.channel.code,
        "kind": each.kind,
        "status": each.status,
        "requested_at": each.requested_at,
        "method": each.method,
        "node": each.node.warehouse.code if each.node else "",
        "currency": each.order.currency,
        "score": score.points if (score := getattr(each, "abuse_score", None)) else "",
    }
    return [shared | _describe(item) for item in each.items.all()]


def _describe(item: ReturnItem) -> dict[str, Any]:
    return {
        "sku": name_item(item),
        "quantity": plain(item.quantity),
        "reason": item.reason.code if item.reason else "",
        "resolution": item.resolution,
        "reception": item.reception,
        "acceptance": item.acceptance,
        "grade": item.grade,
        "disposition": item.disposition,
        "value": plain(item.value),
    }


def _guard(value: Any) -> str:
    said = value.isoformat() if isinstance(value, datetime) else str(value)
    return f"'{said}" if said.startswith(_RUNS) else said
