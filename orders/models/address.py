"""Where an order goes, as it was given. Rows are never changed: a new address is a new row."""

from django.db import models


class Address(models.Model):
    """A postal address; `country` is an ISO 3166 code, the rest as the customer wrote it."""

    name = models.CharField(max_length=200, blank=True, db_default="")
    company = models.CharField(max_length=200, blank=True, db_default="")
    line1 = models.CharField(max_length=255, blank=True, db_default="")
    line2 = models.CharField(max_length=255, blank=True, db_default="")
    city = models.CharField(max_length=120, blank=True, db_default="")
    province = models.CharField(max_length=120, blank=True, db_default="")
    postal_code = models.CharField(max_length=20, blank=True, db_default="")
    country = models.CharField(max_length=2, blank=True, db_default="")
    phone = models.CharField(max_length=40, blank=True, db_default="")

    class Meta:
        verbose_name_plural = "addresses"

    def __str__(self) -> str:
        parts = [self.name, self.line1, f"{self.postal_code} {self.city}".strip(), self.country]
        return ", ".join(part for part in parts if part)
