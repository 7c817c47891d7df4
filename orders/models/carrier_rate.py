"""What a parcel costs: service × where from × where to × weight."""

from django.db import models
from django.db.models import F, Q

from inventory.models import Warehouse
from oms.fields import AmountField
from orders.models.carrier_service import CarrierService


class CarrierRate(models.Model):
    """One row of a rate table, in the shop's currency so that routing can compare. Grams from inclusive, to inclusive.

    The most specific row that fits decides: a warehouse before none, a country before none. Above `to_grams`, where
    `price_per_kg` is set, each started kilogram more costs so much.
    """

    service = models.ForeignKey(CarrierService, on_delete=models.CASCADE, related_name="rates")
    warehouse = models.ForeignKey(
        Warehouse, on_delete=models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: from any."
    )
    country = models.CharField(max_length=2, blank=True, db_default="", help_text="Where to; empty: anywhere.")
    from_grams = models.PositiveIntegerField(db_default=0, default=0)
    to_grams = models.PositiveIntegerField(null=True, blank=True)
    price = AmountField()
    price_per_kg = AmountField(null=True, blank=True)
    days = models.PositiveSmallIntegerField(help_text="Working days on the way.")

    class Meta:
        ordering = ["service", "warehouse", "country", "from_grams"]
        constraints = [
            models.UniqueConstraint(
                fields=["service", "warehouse", "country", "from_grams"],
                name="one_carrier_rate_a_weight",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="carrier_rate_country_is_a_code"
            ),
            models.CheckConstraint(
                condition=Q(to_grams=None) | Q(to_grams__gte=F("from_grams")), name="carrier_rate_weights_in_order"
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="carrier_rate_not_negative"),
            models.CheckConstraint(
                condition=Q(price_per_kg=None) | Q(price_per_kg__gte=0), name="carrier_rate_per_kg_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} to {self.country or 'anywhere'}"
