"""What kind of thing a product is, in the merchant's own words."""

from django.db import models


class Category(models.Model):
    """A shelf of the catalogue. Rules (windows, return terms, packing) are written for categories."""

    code = models.SlugField(unique=True, max_length=60)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name
