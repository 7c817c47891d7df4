"""What a carrier offers: letter, parcel, express."""

from django.db import models
from django.db.models import Q

from orders.models.carrier_account import CarrierAccount


class CarrierService(models.Model):
    """One service of one carrier. `code` is the carrier's own name for it.

    Chargeable weight is the greater of actual and volumetric: length × width × height in mm³ ÷ `volumetric_divisor`
    (5,000 cm³ a kg is 5,000; empty: actual weight only), see `orders.policies.shipping.weights`.
    """

    account = models.ForeignKey(CarrierAccount, on_delete=models.CASCADE, related_name="services")
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    express = models.BooleanField(default=False, help_text="Also for orders that were promised express.")
    tracked = models.BooleanField(default=True)
    indicator = models.CharField(
        max_length=2,
        blank=True,
        db_default="",
        help_text="UPU S10 service indicator (CP, RR, EE …); house carrier only.",
    )
    most_grams = models.PositiveIntegerField(null=True, blank=True, help_text="Heaviest parcel it takes.")
    volumetric_divisor = models.PositiveIntegerField(null=True, blank=True, help_text="cm³ a kilogram, e.g. 5000.")
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["account", "code"]
        constraints = [
            models.UniqueConstraint(fields=["account", "code"], name="carrier_service_code"),
            models.CheckConstraint(
                condition=Q(indicator="") | Q(indicator__regex=r"^[A-Z]{2}$"), name="carrier_service_indicator_is_s10"
            ),
        ]

    def __str__(self) -> str:
        return self.name
