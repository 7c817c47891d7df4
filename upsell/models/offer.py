"""Something offered with an order, for as long as the order can be edited."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField, QuantityField
from orders.models import Edit, Order
from upsell.models.campaign import Campaign
from upsell.models.figure_mark import mark_changes

_FIGURES = ("state", "currency", "price", "accepted_through", "net_revenue", "net_margin", "campaign", "made_at")


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self) -> "OfferQuerySet":
        """Neither taken, refused nor ended. Whether the order's window is open is another question."""
        return self.filter(state=Offer.State.OPEN)


class Offer(models.Model):
    """One offer: an item, or several that go together. `price` is what all of it costs, `saving` what it costs less.

    Amounts are the order's, with tax where its prices include it. It is shown in one or more placements; what became
    of it counts for all. `because` says why it was chosen: {"code": "bought_with", "sku", "title"}.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "open"
        AWAITING_PAYMENT = "AWAITING_PAYMENT", "waits for payment"
        ACCEPTED = "ACCEPTED", "accepted"
        REFUSED = "REFUSED", "refused"
        EXPIRED = "EXPIRED", "ran out"
        WITHDRAWN = "WITHDRAWN", "withdrawn"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="offers", db_index=False)  # one_offer
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="offers")
    contents = models.CharField(max_length=300, help_text="Its SKUs and units: offered once an order and campaign.")
    state = models.CharField(max_length=16, choices=State, db_default=State.OPEN, default=State.OPEN)
    rank = models.PositiveSmallIntegerField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    price = AmountField()
    saving = AmountField(default=0, db_default=0)
    frees_shipping = models.BooleanField(default=False, db_default=False)
    waived_shipping = AmountField(null=True, blank=True, help_text="What shipping cost before it was accepted.")
    because = models.JSONField(default=dict, db_default={}, blank=True)

    made_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_through = models.CharField(max_length=20, blank=True, default="", db_default="")
    edit = models.ForeignKey(Edit, on_delete=models.SET_NULL, null=True, blank=True, related_name="offers")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=150, blank=True, default="", db_default="")

    kept_quantity = QuantityField(null=True, blank=True, help_text="Units not cancelled or sent back, as last counted.")
    net_revenue = AmountField(null=True, blank=True, help_text="Without tax, after all that came back.")
    net_margin = AmountField(null=True, blank=True, help_text="Revenue less unit costs; empty: a cost is not known.")
    counted_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "campaign", "contents"], name="one_offer"),
            models.CheckConstraint(condition=Q(price__gte=0, saving__gte=0), name="offer_amounts_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="ACCEPTED") | Q(accepted_at__isnull=False, edit__isnull=False),
                name="offer_accepted_by_an_edit",
            ),
            models.CheckConstraint(
                condition=~Q(state="AWAITING_PAYMENT") | Q(edit__isnull=False), name="offer_unpaid_has_an_edit"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "AWAITING_PAYMENT", "ACCEPTED"], ended_at=None)
                | Q(state__in=["REFUSED", "EXPIRED", "WITHDRAWN"], ended_at__isnull=False) & ~Q(ended_by=""),
                name="offer_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["made_at"], condition=Q(state="OPEN"), name="offer_open"),
            models.Index(fields=["campaign", "made_at"], name="offer_by_campaign"),
            models.Index(fields=["accepted_at"], condition=Q(state="ACCEPTED"), name="offer_accepted"),
        ]
        triggers = mark_changes(*_FIGURES, by="SELECT ROW.campaign_id, ROW.made_at")

    def __str__(self) -> str:
        return f"Offer {self.pk}"
