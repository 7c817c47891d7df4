"""Whether an order's customer was told that there is still room in the parcel."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models import Order
from upsell.models.campaign import Campaign


class RoomMail(models.Model):
    """One an order, ever: sent, or why not."""

    class Withheld(models.TextChoices):
        NO_CONSENT = "NO_CONSENT", "no consent to marketing"
        NO_SENDER = "NO_SENDER", "the law there asks for the shop's postal address, and none is set"
        UNSUBSCRIBED = "UNSUBSCRIBED", "unsubscribed"
        NO_ADDRESS = "NO_ADDRESS", "no e-mail address"
        TOO_SHORT = "TOO_SHORT", "too little of the window is left"
        NOT_EDITABLE = "NOT_EDITABLE", "cancelled, released or held"
        REFUNDED = "REFUNDED", "money was given back"
        REFUSED = "REFUSED", "the customer refused offers"
        TEST = "TEST", "a test order"
        HOLDOUT = "HOLDOUT", "in the holdout"
        NOTHING_LEFT = "NOTHING_LEFT", "nothing to offer"

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="room_mail")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="mails")
    sent_at = models.DateTimeField(null=True, blank=True)
    withheld = models.CharField(max_length=14, choices=Withheld, blank=True, default="", db_default="")
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False, withheld="") | Q(sent_at=None) & ~Q(withheld=""),
                name="room_mail_sent_or_withheld",
            )
        ]

    def __str__(self) -> str:
        return self.withheld or "sent"


class OptOut(models.Model):
    """Somebody who does not want mail about offers: RFC 8058, the page behind its link, or staff on their word."""

    email = models.EmailField(max_length=254, unique=True, help_text="Lower case.")
    at = models.DateTimeField()
    through = models.CharField(max_length=20, help_text="one_click, page, staff:…")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return self.email
