"""The merchant's own tax table."""

from django.db import models
from django.db.models import F, Q

from inventory.models import Category


class TaxRate(models.Model):
    """The rate for goods of a category that go to a country (and province), between two days. 0.19 is 19 %.

    The most particular row wins: province before country, category before all goods.
    """

    country = models.CharField(max_length=2)
    province = models.CharField(max_length=120, blank=True, db_default="")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    rate = models.DecimalField(max_digits=7, decimal_places=6)
    from_date = models.DateField()
    until_date = models.DateField(null=True, blank=True, help_text="The last day it holds.")
    source = models.CharField(max_length=255, blank=True, db_default="", help_text="Where the rate is published.")

    class Meta:
        ordering = ["country", "province", "-from_date"]
        constraints = [
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="tax_rate_is_a_share"),
            models.CheckConstraint(condition=Q(country__regex=r"^[A-Z]{2}$"), name="tax_rate_country_is_a_code"),
            models.CheckConstraint(
                condition=Q(until_date=None) | Q(until_date__gte=F("from_date")), name="tax_rate_days_fit"
            ),
            models.UniqueConstraint(
                fields=["country", "province", "category", "from_date"],
                name="one_tax_rate_at_a_time",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.rate:.2%}"
