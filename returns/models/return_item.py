"""Like units of one order line that come back together."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from inventory.models import Variant
from oms.fields import AmountField, QuantityField
from orders.models import Order, OrderLine
from returns.choices import Condition, Disposition, Resolution, as_choices
from returns.models.return_ import Return
from returns.models.return_reason import ReturnReason
from returns.models.settlement import Settlement


class ReturnItem(models.Model):
    """Units that share one state; when some of them fare differently they are split off, as an item of their own.

    `value` is what these units cost the customer, their share of discounts and tax included: what is paid back at
    most. A surplus item is one that nobody announced: it has no value until a person says which line it is of.
    """

    class Reception(models.TextChoices):
        AWAITING = "AWAITING", "awaited"
        IN_TRANSIT = "IN_TRANSIT", "in transit"
        RECEIVED = "RECEIVED", "received"
        LOST = "LOST", "lost"
        SURPLUS = "SURPLUS", "surplus"
        CANCELED = "CANCELED", "not coming"

    class Acceptance(models.TextChoices):
        PENDING = "PENDING", "pending"
        ACCEPTED = "ACCEPTED", "accepted"
        REJECTED = "REJECTED", "rejected"
        NEEDS_PERSON = "NEEDS_PERSON", "needs a person"

    class Grade(models.TextChoices):
        A = "A", "as new"
        B = "B", "opened, like new"
        C = "C", "used, or with small faults"
        D = "D", "cannot be sold"

    of = models.ForeignKey(Return, on_delete=models.PROTECT, related_name="items")
    line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="return_items",
        help_text="Surplus: none.",
    )
    variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    split_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    quantity = QuantityField()
    reason = models.ForeignKey(ReturnReason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    comment = models.CharField(max_length=1000, blank=True, db_default="")
    facts = models.JSONField(
        default=dict,
        blank=True,
        help_text="Size, colour, category, supplier as they were: what return rates are told by.",
    )

    resolution = models.CharField(max_length=16, choices=as_choices(Resolution))
    exchange_variant = models.ForeignKey(Variant, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    new_order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
        help_text="What brings the new goods: of an exchange from the day it was asked for.",
    )
    needs_goods = models.BooleanField(default=True, help_text="False: kept, or lost on the way to them.")

    reception = models.CharField(
        max_length=12, choices=Reception, default=Reception.AWAITING, db_default=Reception.AWAITING
    )
    acceptance = models.CharField(
        max_length=12, choices=Acceptance, default=Acceptance.PENDING, db_default=Acceptance.PENDING
    )
    grade = models.CharField(max_length=1, choices=Grade, blank=True, db_default="", default="")
    disposition = models.CharField(
        max_length=16, choices=as_choices(Disposition), blank=True, db_default="", default=""
    )
    finding = models.CharField(max_length=500, blank=True, db_default="", help_text="What was seen on inspection.")
    conditions = ArrayField(
        models.CharField(max_length=20, choices=as_choices(Condition)),
        default=list,
        db_default=[],
        blank=True,
        help_text="In what state it must come back: as the terms said when it was asked for.",
    )
    sealed_only = models.BooleanField(
        default=False, db_default=False, help_text="Once its seal is broken it is not taken back."
    )
    unmet = ArrayField(
        models.CharField(max_length=20, choices=as_choices(Condition)),
        default=list,
        db_default=[],
        blank=True,
        help_text="Those of its conditions that it was found not to meet.",
    )
    received_at = models.DateTimeField(null=True, blank=True)
    received_by = models.CharField(max_length=150, blank=True, db_default="")
    inspected_at = models.DateTimeField(null=True, blank=True)
    inspected_by = models.CharField(max_length=150, blank=True, db_default="")

    value = AmountField(default=0)
    tax = AmountField(default=0, help_text="Of the value; part of it where tax is included.")
    credit_rate = models.DecimalField(
        max_digits=6, decimal_places=2, default=100, db_default=100, help_text="Store credit for it, in percent."
    )
    credit_months = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="After so many months the bonus runs out; empty: never."
    )
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, null=True, blank=True, related_name="items")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="return_item_of_something"),
            models.CheckConstraint(condition=Q(value__gte=0), name="return_item_value_not_negative"),
            models.CheckConstraint(
                condition=Q(line__isnull=False) | Q(reception="SURPLUS", value=0, settlement=None),
                name="return_item_has_a_line_or_is_surplus",
            ),
            models.CheckConstraint(
                condition=Q(resolution="EXCHANGE") | Q(exchange_variant=None), name="return_item_exchange_is_one"
            ),
            models.CheckConstraint(
                condition=Q(new_order=None) | Q(resolution__in=["EXCHANGE", "REPLACEMENT"]),
                name="return_item_new_order_is_for_new_goods",
            ),
            models.CheckConstraint(
                condition=Q(credit_rate__gte=100, credit_rate__lte=200), name="return_item_credit_never_below_value"
            ),
            models.CheckConstraint(
                condition=~Q(acceptance="ACCEPTED") | Q(reception="RECEIVED") | Q(needs_goods=False),
                name="return_item_accepted_was_received",
            ),
            models.CheckConstraint(
                condition=Q(disposition="") | Q(reception__in=["RECEIVED", "LOST", "SURPLUS"]),
                name="return_item_disposed_was_received",
            ),
        ]
        indexes = [
            models.Index(fields=["of", "id"], name="return_item_of_return"),
            models.Index(
                fields=["acceptance"], condition=Q(acceptance="NEEDS_PERSON"), name="return_item_for_a_person"
            ),
            models.Index(
                fields=["id"], condition=Q(reception="SURPLUS", disposition=""), name="return_item_not_announced"
            ),
            models.Index(fields=["id"], condition=Q(reception="LOST", settlement=None), name="return_item_lost"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant_id or self.line_id}"

    @property
    def payable(self) -> Decimal:
        """What may be given for it now: nothing before it was received and accepted, and nothing twice."""
        unsettled = self.settlement_id is None and self.acceptance == self.Acceptance.ACCEPTED
        return self.value if unsettled else Decimal(0)
