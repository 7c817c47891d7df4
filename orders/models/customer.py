"""Somebody who buys, known by e-mail across all channels."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now


class Customer(models.Model):
    """One buyer. `email` is lower case; an order without one has no customer."""

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=200, blank=True, db_default="")
    phone = models.CharField(max_length=40, blank=True, db_default="")
    locale = models.CharField(max_length=20, blank=True, db_default="")
    tier = models.CharField(max_length=40, blank=True, db_default="", help_text="Loyalty tier; rules may ask for it.")
    accepts_marketing = models.BooleanField(db_default=False, default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(condition=Q(email=Lower(F("email"))) & ~Q(email=""), name="customer_email_is_lower"),
        ]

    def __str__(self) -> str:
        return self.email
