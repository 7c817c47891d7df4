"""Who speaks for whom: a recommender's strongest pairs, and those of the orders since."""

from django.db import models

from inventory.models import Variant
from upsell.models.recommender import Recommender


class Neighbor(models.Model):
    """`item` in a basket speaks for `neighbor` with this strength. Of each item the strongest are kept."""

    recommender = models.ForeignKey(Recommender, on_delete=models.CASCADE, related_name="neighbors", db_index=False)
    item = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    neighbor = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    strength = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recommender", "item", "neighbor"], name="one_word_a_pair")]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.neighbor_id}"


class RecentPair(models.Model):
    """Bought together since the recommender in use was trained; both directions. `weight`: 1/√(size) a basket."""

    item = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    neighbor = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="+", db_index=False)
    weight = models.FloatField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "neighbor"], name="one_recent_pair")]
        indexes = [models.Index(fields=["last_at"], name="recent_pair_by_time")]

    def __str__(self) -> str:
        return f"{self.item_id} → {self.neighbor_id}"
