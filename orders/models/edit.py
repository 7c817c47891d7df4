"""A change of an order that somebody asked for."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models.order import Order


class EditQuerySet(models.QuerySet["Edit"]):
    def open(self) -> "EditQuerySet":
        """Waiting for a decision or for money."""
        return self.filter(state__in=Edit.OPEN)


class Edit(models.Model):
    """One list of operations, done whole or not at all. While it waits, the order stays as it was.

    `operations` are as asked, `plan` what they come to (`orders.policies.edits.plan`): prices, tax and shipping as
    quoted then. Stock that it adds is promised under `stock_reference` until it is done or given up.
    """

    class State(models.TextChoices):
        AWAITING_APPROVAL = "AWAITING_APPROVAL", "waits for us"
        AWAITING_PAYMENT = "AWAITING_PAYMENT", "waits for payment"
        COMMITTED = "COMMITTED", "done"
        DECLINED = "DECLINED", "declined"
        EXPIRED = "EXPIRED", "not paid or decided in time"
        CANCELED = "CANCELED", "withdrawn"
        SUPERSEDED = "SUPERSEDED", "overtaken by another change of the order"

    OPEN = (State.AWAITING_APPROVAL, State.AWAITING_PAYMENT)

    class Actor(models.TextChoices):
        CUSTOMER = "CUSTOMER", "customer"
        STAFF = "STAFF", "staff"
        API = "API", "partner"
        BOT = "BOT", "bot"

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="edits")
    state = models.CharField(max_length=20, choices=State)
    actor = models.CharField(max_length=10, choices=Actor)
    by = models.CharField(max_length=150)
    form = models.CharField(
        max_length=40, blank=True, db_default="", help_text="Of the page it was sent from: sent twice it is done once."
    )
    operations = models.JSONField()
    plan = models.JSONField()
    before = models.JSONField(
        db_default={},
        default=dict,
        help_text="Goods (units by SKU) and address before: a channel may still say so.",
    )
    reasons = models.JSONField(db_default=[], default=list, help_text="Why somebody must approve it.")
    total_before = AmountField()
    total_after = AmountField()
    currency = models.CharField(max_length=3)
    base_version = models.PositiveIntegerField(help_text="The order's version that it was planned on.")

    asked_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True, help_text="Then it is given up by itself.")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=150, blank=True, db_default="")
    note = models.CharField(max_length=500, blank=True, db_default="", help_text="What staff said to it.")
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = EditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("edit_order", "Can edit orders"), ("decide_edit", "Can approve and decline edits")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=["AWAITING_APPROVAL", "AWAITING_PAYMENT"]),
                name="one_open_edit_an_order",
            ),
            models.UniqueConstraint(fields=["order", "form"], condition=~Q(form=""), name="edit_form_sent_once"),
            models.CheckConstraint(
                condition=Q(state__in=["AWAITING_APPROVAL", "AWAITING_PAYMENT"], ended_at=None, deadline__isnull=False)
                | ~Q(state__in=["AWAITING_APPROVAL", "AWAITING_PAYMENT"]) & Q(ended_at__isnull=False),
                name="edit_open_has_a_deadline",
            ),
        ]
        indexes = [
            models.Index(
                fields=["deadline"],
                condition=Q(state__in=["AWAITING_APPROVAL", "AWAITING_PAYMENT"]),
                name="edit_running_out",
            ),
            models.Index(fields=["state", "-asked_at"], name="edit_by_state"),
        ]

    def __str__(self) -> str:
        return f"Edit {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def stock_reference(self) -> str:
        """What its promised stock is held for."""
        return f"edit:{self.pk}"
