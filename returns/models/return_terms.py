"""The merchant's terms of return: one row a scope."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from inventory.models import Category
from oms.fields import AmountField
from oms.models import Channel
from returns.choices import Condition, FinalSale, Method, Resolution, as_choices


def _every_resolution() -> list[str]:
    return [word.value for word in Resolution]


def _usual_methods() -> list[str]:
    return [Method.PREPAID_LABEL, Method.OWN_CARRIER]


class ReturnTerms(models.Model):
    """Terms for what a scope fits; an empty field of a scope fits everything. The most specific row wins.

    `days` count from delivery; where nobody reported one, from shipping and `fallback_days` more. They end with the
    last moment of that day in the customer's zone. `credit_rate` is in percent of what would be refunded. Fees are in
    `fee_currency`, the restocking fee in percent.
    """

    class Bears(models.TextChoices):
        """Who bears what sending back costs."""

        MERCHANT = "MERCHANT", "the merchant"
        CUSTOMER = "CUSTOMER", "the customer, directly"
        DEDUCTED = "DEDUCTED", "the customer, deducted"

    class ShippingRefund(models.TextChoices):
        """Whether the first shipping comes back, too."""

        NEVER = "NEVER", "never"
        WHOLE_ORDER = "WHOLE_ORDER", "when everything comes back"
        ALWAYS = "ALWAYS", "its share with each item"

    name = models.CharField(max_length=120, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    product_tag = models.CharField(max_length=60, blank=True, db_default="", default="")
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2, blank=True, db_default="", default="", help_text="Where it was sent.")
    customer_tier = models.CharField(max_length=40, blank=True, db_default="", default="")

    days = models.PositiveSmallIntegerField(help_text="0 with a reason of final sale.")
    fallback_days = models.PositiveSmallIntegerField(
        default=7, help_text="Added to the day of shipping where no delivery was reported."
    )
    final_sale = models.CharField(
        max_length=12, choices=as_choices(FinalSale), blank=True, db_default="", default="", help_text="Why."
    )
    conditions = ArrayField(models.CharField(max_length=20, choices=as_choices(Condition)), default=list, blank=True)
    resolutions = ArrayField(
        models.CharField(max_length=20, choices=as_choices(Resolution)), default=_every_resolution, blank=True
    )
    methods = ArrayField(
        models.CharField(max_length=20, choices=as_choices(Method)), default=_usual_methods, blank=True
    )
    label_fee = AmountField(default=0, db_default=0)
    fee_currency = models.CharField(max_length=3, blank=True, db_default="", default="")
    restocking_percent = models.DecimalField(max_digits=5, decimal_places=2, default=0, db_default=0)
    bears = models.CharField(max_length=10, choices=Bears, default=Bears.MERCHANT, db_default=Bears.MERCHANT)
    shipping_refund = models.CharField(
        max_length=12, choices=ShippingRefund, default=ShippingRefund.WHOLE_ORDER, db_default=ShippingRefund.WHOLE_ORDER
    )
    credit_rate = models.DecimalField(max_digits=6, decimal_places=2, default=110, db_default=110)
    credit_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="After so many months the bonus runs out; empty: never."
    )
    active = models.BooleanField(default=True, db_default=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "return terms"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(final_sale="") | Q(days=0), name="terms_final_sale_has_no_days"),
            models.CheckConstraint(
                condition=Q(restocking_percent__gte=0, restocking_percent__lte=100), name="terms_restocking_in_percent"
            ),
            models.CheckConstraint(
                condition=Q(label_fee=0) | Q(label_fee__gt=0) & ~Q(fee_currency=""), name="terms_fee_has_a_currency"
            ),
            models.CheckConstraint(
                condition=Q(credit_rate__gte=100, credit_rate__lte=200), name="terms_credit_never_below_the_refund"
            ),
        ]

    def __str__(self) -> str:
        return self.name
