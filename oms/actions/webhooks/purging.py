"""Forgetting what was delivered long ago, and addresses that were removed."""

from datetime import datetime, timedelta

from django.db import transaction

from oms.models import WebhookDelivery, WebhookEndpoint, WebhookHour, WebhookReplay

KEPT = timedelta(days=30)
"""So long deliveries can be looked up, and sent again one by one; spans can be sent again from the log at any time."""
AT_ONCE = 5_000


def purge_webhooks(*, at: datetime) -> int:
    """How many rows went. In batches of their own, so that nobody waits for it."""
    WebhookHour.objects.filter(hour__lt=at - KEPT).delete()
    old = WebhookDelivery.objects.filter(ended_at__isnull=False, ended_at__lt=at - KEPT).order_by("ended_at")
    removed = WebhookDelivery.objects.filter(endpoint__removed_at__isnull=False)
    purged = 0
    for rows in (old, removed):
        while ids := list(rows.values_list("id", flat=True)[:AT_ONCE]):
            purged += WebhookDelivery.objects.filter(id__in=ids)._raw_delete("default")
    _purge_removed()
    return purged


@transaction.atomic
def _purge_removed() -> None:
    """Those of which nothing is left."""
    empty = WebhookEndpoint.objects.filter(removed_at__isnull=False, deliveries=None)
    ids = list(empty.values_list("id", flat=True))
    for model in (WebhookHour, WebhookReplay):
        model.objects.filter(endpoint__in=ids).delete()
    WebhookEndpoint.objects.filter(id__in=ids).delete()
