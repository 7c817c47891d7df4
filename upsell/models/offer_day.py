"""What became of all offers of one day."""

from django.db import models

from upsell.models.funnel_day import FunnelDay


class OfferDay(FunnelDay):
    """The day is that of `zone`. Written by `roll_up_figures` and by nothing else; a day of which something changed
    since (`FigureMark`) is counted from its offers.
    """

    pk = models.CompositePrimaryKey("campaign_id", "day", "placement", "currency")
    zone = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.day} {self.placement or 'anywhere'} {self.currency}"
