"""Which category goes with which: what is known of goods that nobody bought yet."""

from django.db import models
from django.db.models import Q

from inventory.models import Category
from upsell.models.recommender import Recommender


class CategoryNeighbor(models.Model):
    """Something of `category` in a basket speaks for something of `neighbor`, from 0 to 1. Its own is among them."""

    recommender = models.ForeignKey(Recommender, on_delete=models.CASCADE, related_name="categories", db_index=False)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+", db_index=False)
    neighbor = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+", db_index=False)
    strength = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recommender", "category", "neighbor"], name="one_word_a_category_pair"),
            models.CheckConstraint(condition=Q(strength__gt=0, strength__lte=1), name="category_strength_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.category_id} → {self.neighbor_id}"
