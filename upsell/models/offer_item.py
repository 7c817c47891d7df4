"""One SKU of an offer."""

from django.db import models
from django.db.models import Q

from inventory.models import Variant
from oms.fields import AmountField, QuantityField
from upsell.models.figure_mark import mark_changes
from upsell.models.offer import Offer


class OfferItem(models.Model):
    """So many units at their usual price, and what is taken off all of them. The order line that it becomes bears its
    id (`OrderLine.offer_item`), and no two lines bear one.
    """

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="items", db_index=False)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, related_name="+")
    sku = models.CharField("SKU", max_length=100)
    quantity = QuantityField()
    unit_price = AmountField()
    discount = AmountField(default=0, db_default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "variant"], name="offer_item_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price__gte=0, discount__gte=0), name="offer_item_is_something"
            ),
        ]
        triggers = mark_changes(
            *("offer", "variant", "quantity", "unit_price", "discount"),
            by="SELECT campaign_id, made_at FROM upsell_offer WHERE id = ROW.offer_id",
        )

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku}"
