"""A place where the brand sells: a web shop, a marketplace, a partner, the back office."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.encryption import EncryptedTextField


class Channel(models.Model):
    """Where orders come from and stock figures go to. `code` is its name in the API and in URLs."""

    class Connector(models.TextChoices):
        API = "API", "Our own API"
        SHOPIFY = "SHOPIFY", "Shopify"
        WOOCOMMERCE = "WOOCOMMERCE", "WooCommerce"
        AMAZON = "AMAZON", "Amazon Selling Partner API"
        BIGCOMMERCE = "BIGCOMMERCE", "BigCommerce"
        FILE = "FILE", "File drop"
        STAFF = "STAFF", "Back office"

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=120)
    connector = models.CharField(max_length=20, choices=Connector, default=Connector.API)
    currency = models.CharField(max_length=3, default="EUR", help_text="What prices are in unless the order says.")
    already_sold = models.BooleanField(
        default=False,
        help_text="Orders arrive here after the sale (marketplaces): never refused for stock, held as STOCK_SHORT.",
    )
    edit_window_minutes = models.PositiveIntegerField(
        default=30, help_text="How long a new order can still be edited before it is released; 0 releases at once."
    )
    self_service_share = models.PositiveSmallIntegerField(
        default=100,
        db_default=100,
        help_text="Per cent of customers who may edit their own order; the rest is the control group. 0: nobody.",
    )
    gateway = models.CharField(
        max_length=20,
        default="manual",
        db_default="manual",
        help_text="Where customers pay what an edit adds: stripe, channel, manual, sandbox.",
    )
    payment_minutes = models.PositiveIntegerField(
        default=30, db_default=30, help_text="How long an edit that costs more waits for its payment before it reverts."
    )
    approval_minutes = models.PositiveIntegerField(
        default=24 * 60, db_default=24 * 60, help_text="How long an edit waits for our approval before it is given up."
    )
    confirmation_mail = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Customers get our confirmation with a link to their order; off where the shop mails.",
    )
    parcel_mail = models.BooleanField(
        default=True,
        db_default=True,
        help_text="Customers get our mails about parcels, cancellations and refunds; off where the shop or the "
        "marketplace tells them itself.",
    )
    webhook_secret = EncryptedTextField(
        blank=True, default="", help_text="The channel signs its messages with it. Stored encrypted."
    )
    active = models.BooleanField(default=True, help_text="Messages of an inactive channel are quarantined.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="channel_currency_is_a_code"),
            models.CheckConstraint(condition=Q(self_service_share__lte=100), name="channel_share_is_per_cent"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def actor(self) -> str:
        """How this channel signs what it does."""
        return f"channel:{self.code}"
