"""An offer in one place."""

from django.db import models
from django.db.models.functions import Now

from upsell.choices import Placement
from upsell.models.figure_mark import mark_changes
from upsell.models.offer import Offer


class OfferShowing(models.Model):
    """Shown: it was part of a page, a mail, an answer. Seen: it came into view, or its link was opened."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="showings", db_index=False)
    placement = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Placement])
    shown_at = models.DateTimeField(help_text="For the first time.")
    times = models.PositiveIntegerField(default=1, db_default=1)
    seen_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "placement"], name="one_showing_a_placement")]
        indexes = [models.Index(fields=["shown_at"], name="showing_by_day")]
        triggers = mark_changes(
            *("offer", "placement", "seen_at"),
            by="SELECT campaign_id, made_at FROM upsell_offer WHERE id = ROW.offer_id",
        )

    def __str__(self) -> str:
        return f"{self.offer_id} {self.placement}"
