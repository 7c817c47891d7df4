"""A parcel that has left is to go elsewhere: somebody asks its carrier, and the carrier says yes or no."""

from django.db import models
from django.db.models import Q

from orders.models.address import Address
from orders.models.shipment import Shipment


class Intercept(models.Model):
    """No carrier that we know takes this by its API: staff ask it, and write down what it says."""

    class State(models.TextChoices):
        ASKED = "ASKED", "to be asked of the carrier"
        DONE = "DONE", "sent to the new address"
        REFUSED = "REFUSED", "could not be stopped"

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="intercepts")
    address = models.ForeignKey(Address, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State, db_default=State.ASKED, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=150, blank=True, db_default="", default="")
    note = models.CharField(max_length=255, blank=True, db_default="", default="")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["shipment"], condition=Q(state="ASKED"), name="intercept_asked_once"),
            models.CheckConstraint(
                condition=Q(state="ASKED", answered_at=None) | ~Q(state="ASKED") & Q(answered_at__isnull=False),
                name="intercept_answered_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="ASKED"), name="intercept_to_answer")]

    def __str__(self) -> str:
        return f"{self.shipment}: {self.address}"
