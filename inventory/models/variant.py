"""A variant: one SKU, the thing that is counted, priced, promised and shipped."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.models.product import Product
from oms.fields import AmountField


class VariantQuerySet(models.QuerySet["Variant"]):
    def of_skus(self, skus: list[str]) -> "VariantQuerySet":
        return self.filter(sku__in=skus)


class Variant(models.Model):
    """One SKU. Weights in grams, measures in millimetres, `origin` an ISO 3166 country, `hs_code` 6 to 10 digits."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="variants")
    sku = models.CharField("SKU", max_length=100, unique=True)
    options = models.JSONField(default=dict, blank=True, help_text='{"size": "M", "colour": "black"}')
    barcode = models.CharField(max_length=50, blank=True, db_default="", help_text="GTIN, digits only.")
    price = AmountField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True, db_default="")
    unit_cost = AmountField(
        null=True, blank=True, help_text="What one unit costs us, in `currency`, without tax; margins need it."
    )
    weight_grams = models.PositiveIntegerField(null=True, blank=True)
    length_mm = models.PositiveIntegerField(null=True, blank=True)
    width_mm = models.PositiveIntegerField(null=True, blank=True)
    height_mm = models.PositiveIntegerField(null=True, blank=True)
    hs_code = models.CharField("HS code", max_length=10, blank=True, db_default="")
    origin = models.CharField(max_length=2, blank=True, db_default="")
    divisible = models.BooleanField(db_default=False, default=False, help_text="Sold by the metre or the kilogram.")
    active = models.BooleanField(db_default=True, default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = VariantQuerySet.as_manager()

    class Meta:
        ordering = ["sku"]
        constraints = [
            models.CheckConstraint(condition=~Q(sku=""), name="variant_has_a_sku"),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="variant_price_not_negative"),
            models.CheckConstraint(
                condition=Q(unit_cost=None) | Q(unit_cost__gte=0) & Q(currency__regex=r"^[A-Z]{3}$"),
                name="variant_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(price=None) | Q(currency__regex=r"^[A-Z]{3}$"), name="variant_price_has_a_currency"
            ),
            models.CheckConstraint(
                condition=Q(hs_code="") | Q(hs_code__regex=r"^[0-9]{6,10}$"), name="variant_hs_code_is_digits"
            ),
            models.CheckConstraint(
                condition=Q(origin="") | Q(origin__regex=r"^[A-Z]{2}$"), name="variant_origin_is_a_country"
            ),
        ]

        indexes = [
            models.Index(
                fields=["currency", "price", "id"],
                condition=Q(active=True, divisible=False, price__gt=0),
                name="variant_by_price",
            )
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def option_text(self) -> str:
        """Its options as a person reads them: "M, black"."""
        return ", ".join(str(value) for value in self.options.values())
