"""One thing on an order."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from inventory.models import Variant
from oms.fields import AmountField, QuantityField
from orders.models.order import Order


class OrderLine(models.Model):
    """One line. Only PRODUCT lines have a variant and take stock; `discount` and `tax` are the whole line's.

    open quantity = quantity − cancelled_quantity − fulfilled_quantity. An edit changes `quantity` itself, so that the
    order's amounts are those of what it holds now; a line that an edit took away stays, with a quantity of 0.
    """

    class Kind(models.TextChoices):
        PRODUCT = "PRODUCT", "product"
        CUSTOM = "CUSTOM", "custom item without SKU"
        GIFT_CARD = "GIFT_CARD", "gift card"
        FEE = "FEE", "fee"

    # The unique (order, position) finds an order's lines: an index of its own would only cost.
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines", db_index=False)
    position = models.PositiveIntegerField()
    external_id = models.CharField(max_length=100, blank=True, db_default="")
    kind = models.CharField(max_length=10, choices=Kind, db_default=Kind.PRODUCT)
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="order_lines")
    sku = models.CharField("SKU", max_length=100, blank=True, db_default="")
    title = models.CharField(max_length=255, blank=True, db_default="")
    quantity = QuantityField()
    cancelled_quantity = QuantityField(db_default=0)
    fulfilled_quantity = QuantityField(db_default=0)
    returned_quantity = QuantityField(
        db_default=0, default=0, help_text="Units that came back, or are on their way: none of them can come twice."
    )
    unit_price = AmountField()
    discount = AmountField(db_default=0)
    tax = AmountField(db_default=0)
    offer_item = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="What was offered and taken; no two lines are of one."
    )
    follows = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followers",
        db_index=False,  # line_follows
        help_text="The line in whose stead it is: of which it took units, or whose goods came back for it.",
    )
    properties = models.JSONField(db_default={}, default=dict, blank=True, help_text="Engraving, gift wrap, …")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["order", "position"], name="line_in_its_place"),
            models.UniqueConstraint(
                fields=["offer_item"], condition=Q(offer_item__isnull=False), name="line_takes_an_offer_once"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="line_quantity_not_negative"),
            models.CheckConstraint(
                condition=Q(cancelled_quantity__gte=0, fulfilled_quantity__gte=0)
                & Q(quantity__gte=F("cancelled_quantity") + F("fulfilled_quantity")),
                name="line_quantities_fit",
            ),
            models.CheckConstraint(
                condition=Q(returned_quantity__gte=0, returned_quantity__lte=F("fulfilled_quantity")),
                name="line_returns_what_was_sent",
            ),
            models.CheckConstraint(
                condition=Q(kind="PRODUCT", variant__isnull=False) | ~Q(kind="PRODUCT") & Q(variant=None),
                name="line_product_has_a_variant",
            ),
        ]

        indexes = [
            models.Index(fields=["follows"], condition=Q(follows__isnull=False), name="line_follows"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.sku or self.title}"

    @property
    def open_quantity(self) -> Decimal:
        """Units still to be sent."""
        return self.quantity - self.cancelled_quantity - self.fulfilled_quantity
