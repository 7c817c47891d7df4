"""What a customer does not want to be offered."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.models import Category, Product
from orders.models import Customer, Order
from upsell.models.offer import Offer


class RefusalQuerySet(models.QuerySet["Refusal"]):
    def standing(self) -> "RefusalQuerySet":
        return self.filter(taken_back_at=None)


class Refusal(models.Model):
    """PRODUCT: dismissed; KIND: "not interested in this kind"; ALL: no offers at all. Of a buyer without an address it
    holds for that order alone.
    """

    class Scope(models.TextChoices):
        PRODUCT = "PRODUCT", "this product"
        KIND = "KIND", "this kind"
        ALL = "ALL", "all offers"

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="offer_refusals"
    )
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="offer_refusals")
    offer = models.ForeignKey(Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="offer_refusals")
    scope = models.CharField(max_length=8, choices=Scope)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RefusalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="PRODUCT", product__isnull=False, category=None)
                | Q(scope="KIND", category__isnull=False, product=None)
                | Q(scope="ALL", product=None, category=None),
                name="refusal_of_something",
            ),
            models.UniqueConstraint(
                fields=["customer", "scope", "product", "category"],
                nulls_distinct=False,
                condition=Q(taken_back_at=None, customer__isnull=False),
                name="refused_once_a_customer",
            ),
            models.UniqueConstraint(
                fields=["order", "scope", "product", "category"],
                nulls_distinct=False,
                condition=Q(taken_back_at=None, customer=None),
                name="refused_once_an_order",
            ),
        ]

    def __str__(self) -> str:
        return self.scope
