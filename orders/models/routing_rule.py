"""What an operator wants of routing, beyond cost."""

from django.db import models
from django.db.models import Q

from inventory.models import Warehouse
from oms.fields import AmountField
from oms.models import Channel


class RoutingRule(models.Model):
    """PREFER makes a warehouse `amount` cheaper for the orders that fit, FORBID rules it out, RESERVE keeps it for
    them.

    Empty conditions fit every order. All rules that fit count; FORBID beats the rest.
    """

    class Kind(models.TextChoices):
        PREFER = "PREFER", "prefer"
        FORBID = "FORBID", "forbid"
        RESERVE = "RESERVE", "reserve for these"

    kind = models.CharField(max_length=8, choices=Kind)
    warehouse = models.ForeignKey(Warehouse, on_delete=models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2, blank=True, db_default="", help_text="Where the order goes.")
    shipping_method = models.CharField(max_length=120, blank=True, db_default="")
    tag = models.CharField(max_length=60, blank=True, db_default="", help_text="A tag of the order.")
    amount = AmountField(db_default=0, default=0, help_text="In the shop's currency, a parcel; PREFER only.")
    note = models.CharField(max_length=255, blank=True, db_default="")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["warehouse", "kind", "id"]
        permissions = [("route_order", "Can route orders and override routing")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="PREFER", amount__gt=0) | ~Q(kind="PREFER") & Q(amount=0),
                name="routing_rule_prefers_by_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"), name="routing_rule_country_is_a_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.warehouse_id}"
