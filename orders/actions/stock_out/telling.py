"""Telling channels what may be sold there: figures leased, told outside of any transaction, recorded afterwards.

A figure is absolute, so telling it twice does no harm: a worker that dies leaves its lease behind, and whoever comes
next tells the same again.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone

from inventory.actions.telling import Due, lease_stock, note_stock, put_back, record_told
from orders.actions.write_back.telling import access_of, attempt, channel_of
from orders.channels.outgoing.partner import post_message
from orders.channels.outgoing.port import ChannelBusy, ChannelRefused, StockFigure
from orders.channels.outgoing.registry import takes_figures
from orders.models import WriteBackTarget

MOST = 40
"""So many conversations with one channel in one go; what is left is taken up by the next."""
SOON, LATER = timedelta(seconds=30), timedelta(hours=1)
UNKNOWN_AGAIN = timedelta(days=1)
"""A SKU that a channel does not have is tried again so much later: somebody may have created it there."""


def tell_stock(*, at: datetime) -> int:
    """Note what has changed, and tell each channel what is due; how many figures. Must run outside of a transaction."""
    reachable = Q(paused_until=None) | Q(paused_until__lte=at)
    told_of_stock = WriteBackTarget.objects.filter(active=True, tells_stock=True, channel__active=True)
    targets = list(told_of_stock.filter(reachable).select_related("channel"))
    note_stock(channels=[target.channel_id for target in targets if target.channel_id], at=at)
    return sum(tell_target(target, at=at) for target in targets)


def tell_target(target: WriteBackTarget, *, at: datetime) -> int:
    """All that is due to one channel, in conversations as long as it bears; how many figures it took."""
    assert target.channel_id is not None, "the database keeps it so"
    told = 0
    for _ in range(MOST):
        figures = lease_stock(channel=target.channel_id, at=at, limit=takes_figures(target.kind))
        if not figures:
            break
        refused: dict[str, str] = {}
        if trouble := attempt(partial(_tell, target, figures, refused, at=at)):
            _put_back(target, figures, trouble, at=at)
            break
        told += _record(figures, refused)
    return told


def _tell(target: WriteBackTarget, figures: Sequence[Due], refused: dict[str, str], *, at: datetime) -> None:
    """One conversation. What the other side cannot show is put into `refused`."""
    key = str(uuid.uuid4())
    if not target.is_partner:
        wanted = [StockFigure(due.sku, due.units) for due in figures]
        refused.update(channel_of(target).push_stock(wanted, key=key))
        return
    document = {
        "type": "stock.changed",
        "timestamp": at.isoformat(),
        "data": {
            "channel": target.channel.code if target.channel else None,
            "skus": [{"sku": due.sku, "available": f"{due.units.normalize():f}"} for due in figures],
        },
    }
    post_message(access_of(target), key=key, document=document, at=at)


def _record(figures: Sequence[Due], refused: Mapping[str, str]) -> int:
    now = timezone.now()  # the channel has them by now, not when the round began: the lag is measured
    unknown = {due: refused[due.sku] for due in figures if due.sku in refused}
    put_back(unknown, refused=True, due_at=now + UNKNOWN_AGAIN)
    return record_told([due for due in figures if due.sku not in refused], at=now)


def _put_back(target: WriteBackTarget, figures: Sequence[Due], trouble: Exception, *, at: datetime) -> None:
    """Later once more: soon where it was busy or away, after a while where it will not."""
    wait = LATER if isinstance(trouble, ChannelRefused) else SOON
    if isinstance(trouble, ChannelBusy):
        wait = timedelta(seconds=trouble.retry_after)
    put_back(dict.fromkeys(figures, str(trouble)), due_at=at + wait)
    if not isinstance(trouble, ChannelRefused):
        WriteBackTarget.objects.filter(id=target.pk).update(paused_until=at + wait)
