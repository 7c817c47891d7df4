"""What others said of how a product fits: how many of those who sent it back for its size found it too small."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, Q

from returns.models import Return, ReturnItem
from returns.policies.size_advice import SizeFigures

LOOKED_BACK = timedelta(days=365)


SMALL, LARGE = "SIZE_TOO_SMALL", "SIZE_TOO_LARGE"
"""Shopify's words for the two reasons: whoever renames a reason keeps its word."""


def read_size_figures(products: Collection[int], *, at: datetime) -> dict[int, SizeFigures]:
    """By product, one statement. Canceled returns and those before a year do not count; each return counts once."""
    asked = ReturnItem.objects.filter(
        variant__product__in=products,
        reason__shopify__in=[SMALL, LARGE],
        of__requested_at__gt=at - LOOKED_BACK,
    ).exclude(of__status=Return.Status.CANCELED)
    rows = (
        asked.order_by()
        .values("variant__product")
        .annotate(
            small=Count("of", distinct=True, filter=Q(reason__shopify=SMALL)),
            large=Count("of", distinct=True, filter=Q(reason__shopify=LARGE)),
        )
    )
    return {row["variant__product"]: SizeFigures(row["small"], row["large"]) for row in rows}
