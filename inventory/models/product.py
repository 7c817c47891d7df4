"""A product: what its variants have in common."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.models.category import Category


class Handling(models.TextChoices):
    """How it must be packed and marked (ISO 780 marks; battery: UN 3481)."""

    FRAGILE = "fragile", "Fragile"
    LIQUID = "liquid", "Liquid"
    BATTERY = "battery", "Electronics with battery"
    THIS_SIDE_UP = "this_side_up", "This side up"
    KEEP_DRY = "keep_dry", "Keep dry"


class Product(models.Model):
    """What a customer thinks of as one thing, sold in variants of size and colour."""

    title = models.CharField(max_length=255)
    handle = models.SlugField(max_length=120, null=True, blank=True, unique=True, help_text="Its name in URLs.")
    product_type = models.CharField(max_length=80, blank=True, db_default="")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="products")
    brand = models.CharField(max_length=120, blank=True, db_default="")
    description = models.TextField(blank=True, db_default="")
    care = models.TextField(blank=True, db_default="", help_text="Washing and care, as on the label.")
    handling = ArrayField(models.CharField(max_length=20, choices=Handling), default=list, blank=True)
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    active = models.BooleanField(db_default=True, default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="product_has_a_title"),
            models.CheckConstraint(
                condition=Q(handling__contained_by=[choice.value for choice in Handling]),
                name="product_handling_is_known",
            ),
        ]
        indexes = [GinIndex(fields=["tags"], name="product_tags")]

    def __str__(self) -> str:
        return self.title
