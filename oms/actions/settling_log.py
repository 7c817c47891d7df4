"""Mending the log of events after a restore: transaction numbers belong to a cluster, and a dump takes them along.

In another cluster numbers begin low again, so new events would stand before old ones and nobody would ever be told of
them. Whatever was restored is put at the very beginning, in the order of its ids.
"""

import pgtrigger
from django.db import transaction
from django.db.models import Max, Q

from oms.models import EventRecord, WebhookEndpoint
from oms.queries.event_log import log_is_foreign


@transaction.atomic
def settle_log() -> int:
    """How many events were put at the beginning. What an endpoint had not read yet it reads now, and once only."""
    if not log_is_foreign():
        return 0
    newest = EventRecord.objects.aggregate(id=Max("id"))["id"]
    for endpoint in WebhookEndpoint.objects.select_for_update(no_key=True).order_by("id"):
        unread = EventRecord.objects.filter(
            Q(turn__gt=endpoint.read_turn) | Q(turn=endpoint.read_turn, id__gt=endpoint.read_id)
        )
        first = unread.order_by("id").values_list("id", flat=True).first()
        endpoint.read_turn, endpoint.read_id = 0, newest if first is None else first - 1
        endpoint.save(update_fields=["read_turn", "read_id"])
    with pgtrigger.ignore("oms.EventRecord:append_only"):
        return EventRecord.objects.exclude(turn=0).update(turn=0)
