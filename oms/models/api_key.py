"""A partner's key to the API: shown once, kept as a hash, limited in what it does and sees."""

import hashlib

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Scope(models.TextChoices):
    """What a key may do. `admin` may do everything."""

    ORDERS_READ = "orders:read", "read orders"
    ORDERS_WRITE = "orders:write", "place, cancel, hold and release orders"
    EDITS_WRITE = "edits:write", "edit orders"
    STOCK_READ = "stock:read", "read stock and catalogue"
    STOCK_WRITE = "stock:write", "count and move stock, write the catalogue"
    FULFILLMENTS_WRITE = "fulfillments:write", "accept, ship and reject fulfillments"
    RETURNS_READ = "returns:read", "read returns"
    RETURNS_WRITE = "returns:write", "open and work on returns"
    CREDIT_WRITE = "credit:write", "use store credit"
    OFFERS_WRITE = "offers:write", "answer offers"
    WEBHOOKS_WRITE = "webhooks:write", "manage webhook endpoints"
    ADMIN = "admin", "everything"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> "ApiKeyQuerySet":
        """Neither revoked nor past its end."""
        return self.filter(revoked_at=None).filter(Q(expires_at=None) | Q(expires_at__gt=Now()))


class ApiKey(models.Model):
    """One partner's key. The secret itself is not here: 256 random bits need no slow hash."""

    name = models.CharField(max_length=120, help_text="Who holds this key.")
    prefix = models.CharField(max_length=12, help_text="The start of the key, to tell keys apart.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope), default=list)
    channels = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="Empty: all channels.")
    warehouses = ArrayField(
        models.CharField(max_length=40), default=list, blank=True, help_text="Empty: all warehouses."
    )
    bot = models.BooleanField(
        default=False, help_text="A machine that acts for customers: it may change what the permissions of bots allow."
    )
    requests_per_minute = models.PositiveIntegerField(default=600_000)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_has_a_scope"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def actor(self) -> str:
        """How this key signs what it does."""
        return f"key:{self.name}"

    def may(self, scope: str) -> bool:
        return scope in self.scopes or Scope.ADMIN in self.scopes

    def sees_channel(self, code: str) -> bool:
        return not self.channels or code in self.channels

    def sees_warehouse(self, code: str) -> bool:
        return not self.warehouses or code in self.warehouses


def digest_of(secret: str) -> str:
    """What is stored of a key: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()
