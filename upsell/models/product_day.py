"""What became of the offers of one day that a product was part of."""

from django.db import models
from django.db.models import Q

from inventory.models import Variant
from upsell.models.funnel_day import FunnelDay


class ProductDay(FunnelDay):
    """Its part of what its offers brought is that of its price. Written as `OfferDay` is, and with it."""

    pk = models.CompositePrimaryKey("variant_id", "currency", "placement", "day", "campaign_id")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta(FunnelDay.Meta):
        indexes = [
            models.Index(fields=["campaign", "day"], name="product_day"),
            models.Index(
                fields=["placement", "campaign", "day"],
                include=["variant", "currency", "revenue", "shown"],
                condition=Q(accepted__gt=0),
                name="product_day_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} {self.campaign_id} {self.day} {self.placement or 'anywhere'} {self.currency}"
