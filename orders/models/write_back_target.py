"""Another system that must learn of what becomes of orders."""

from django.db import models
from django.db.models import Q

from oms.encryption import EncryptedTextField
from orders.models.order import Channel


class WriteBackTarget(models.Model):
    """A channel's own API, or an ERP or 3PL that is told by a signed webhook and answers with an acknowledgement."""

    class Kind(models.TextChoices):
        SHOPIFY = "SHOPIFY", "Shopify Admin GraphQL"
        WOOCOMMERCE = "WOOCOMMERCE", "WooCommerce REST"
        AMAZON = "AMAZON", "Amazon Selling Partner API"
        BIGCOMMERCE = "BIGCOMMERCE", "BigCommerce REST"
        PARTNER = "PARTNER", "ERP or 3PL by signed webhook"

    code = models.SlugField(unique=True, max_length=40)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    channel = models.ForeignKey(
        Channel,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Orders of this channel; empty: of all (partners only).",
    )
    url = models.URLField(max_length=500, help_text="https://shop.myshopify.com, https://shop.example, the webhook.")
    key = EncryptedTextField(
        blank=True, default="", help_text="Access token, consumer key, refresh token. Stored encrypted."
    )
    secret = EncryptedTextField(
        blank=True, default="", help_text="Consumer secret, client secret, signing secret. Stored encrypted."
    )
    account = models.CharField(max_length=120, blank=True, db_default="", default="", help_text="Amazon: client id.")
    marketplace = models.CharField(
        max_length=30, blank=True, db_default="", default="", help_text="Amazon: id of the marketplace, A1PA6795UKMFR9."
    )
    seller = models.CharField(
        max_length=30,
        blank=True,
        db_default="",
        default="",
        help_text="Amazon: the seller's id, A2…; needed to tell it of stock.",
    )
    location = models.CharField(
        max_length=30,
        blank=True,
        db_default="",
        default="",
        help_text="BigCommerce: the number of the location whose stock we tell; empty: the first one.",
    )
    sign_in_url = models.URLField(
        max_length=500,
        blank=True,
        db_default="",
        default="",
        help_text="Where the refresh token is exchanged; empty: Amazon's own.",
    )
    acknowledge_within = models.PositiveIntegerField(
        default=15, help_text="Minutes; without an acknowledgement by then somebody is alerted."
    )
    tells_stock = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It is told what may be sold there: our figures take the place of its own.",
    )
    takes_credit = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Store credit for returns of its orders is moved there, and spent in its shop.",
    )
    active = models.BooleanField(default=True)
    paused_until = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="It could not be reached, or asked us to slow down."
    )

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="PARTNER") | Q(channel__isnull=False), name="write_back_channel_is_named"
            ),
            models.CheckConstraint(
                condition=Q(tells_stock=False) | Q(channel__isnull=False), name="stock_is_told_to_a_channel"
            ),
            models.CheckConstraint(
                condition=Q(takes_credit=False) | Q(channel__isnull=False), name="credit_is_moved_to_a_channel"
            ),
            models.UniqueConstraint(
                fields=["channel"], condition=Q(tells_stock=True), name="one_target_told_of_stock_a_channel"
            ),
            models.UniqueConstraint(
                fields=["channel"],
                condition=~Q(kind="PARTNER"),
                name="one_write_back_target_a_channel",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_partner(self) -> bool:
        return self.kind == self.Kind.PARTNER
