"""Proof that somebody reads the order's mail."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models.order import Order


class PortalCode(models.Model):
    """A six-digit code that was mailed. Where number and e-mail fit no order it stands without one, and never opens."""

    handle = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="Its name in the address.")
    order = models.ForeignKey(Order, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=128, help_text="Keyed hash of the code.")
    tries = models.PositiveSmallIntegerField(db_default=0, default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    asked_for = models.CharField(max_length=300, help_text="Keyed hash of number and e-mail as typed: counts asking.")
    address = models.CharField(max_length=64, blank=True, db_default="", help_text="Where from.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(tries__lte=5), name="portal_code_five_tries"),
        ]
        indexes = [
            models.Index(fields=["asked_for", "asked_at"], name="portal_code_by_asking"),
            models.Index(fields=["address", "asked_at"], name="portal_code_by_address"),
            models.Index(fields=["expires_at"], name="portal_code_age"),
        ]

    def __str__(self) -> str:
        return str(self.handle)
