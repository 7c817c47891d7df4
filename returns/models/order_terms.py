"""The terms under which an order was bought."""

from django.db import models

from orders.models import Order
from returns.models.terms_edition import TermsEdition


class OrderTerms(models.Model):
    """Snapshotted when the order was placed; they govern its returns, whatever changes afterwards.

    `facts` is what the terms are chosen by, as it was then: {"tier": …, "lines": {line id: {"category": […path],
    "tags": […]}}}.
    """

    order = models.OneToOneField(Order, on_delete=models.CASCADE, primary_key=True, related_name="return_terms")
    edition = models.ForeignKey(TermsEdition, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name_plural = "order terms"

    def __str__(self) -> str:
        return f"{self.order_id} under {self.edition_id}"
