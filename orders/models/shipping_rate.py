"""What shipping costs a customer."""

from django.db import models
from django.db.models import F, Q

from oms.fields import AmountField
from oms.money import round_amount
from orders.models.order import Channel


class ShippingRate(models.Model):
    """One row of the rate table. The most particular row wins: channel before country before any; then the cheapest.

    `free_from`: from this value of the goods (after discounts) on it costs nothing.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2, blank=True, db_default="", help_text="Empty: anywhere.")
    method = models.CharField(max_length=120, help_text="As orders name it: standard, express.")
    title = models.CharField(max_length=120, blank=True, db_default="", help_text="As customers read it.")
    currency = models.CharField(max_length=3)
    price = AmountField()
    free_from = AmountField(null=True, blank=True)
    weight_from = models.PositiveIntegerField(default=0, help_text="Grams.")
    weight_below = models.PositiveIntegerField(null=True, blank=True, help_text="Grams; empty: no limit.")
    tax_rate = models.DecimalField(max_digits=7, decimal_places=6, null=True, blank=True, help_text="0.19 is 19 %.")
    days_least = models.PositiveSmallIntegerField(null=True, blank=True)
    days_most = models.PositiveSmallIntegerField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["method", "country", "price"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="shipping_rate_not_negative"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="shipping_rate_currency_is_a_code"),
            models.CheckConstraint(
                condition=Q(weight_below=None) | Q(weight_below__gt=F("weight_from")), name="shipping_rate_weights_fit"
            ),
            models.CheckConstraint(
                condition=Q(tax_rate=None) | Q(tax_rate__gte=0, tax_rate__lt=1), name="shipping_rate_tax_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.method} {round_amount(self.price, self.currency)} {self.currency}"
