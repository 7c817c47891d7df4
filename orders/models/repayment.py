"""Money that must go back."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models.edit import Edit
from orders.models.order import Order
from orders.models.payment import Payment
from orders.models.refund import Refund


class RepaymentQuerySet(models.QuerySet["Repayment"]):
    def standing(self) -> "RepaymentQuerySet":
        """Money that is still to go back."""
        return self.filter(state__in=Repayment.STANDING)

    def beyond_recall(self) -> "RepaymentQuerySet":
        """Money that is still to go back and that nothing can keep here: see `Repayment.is_retractable`."""
        return self.standing().filter(Q(state=Repayment.State.PENDING) | Q(doubtful=True))

    def for_a_person(self) -> "RepaymentQuerySet":
        """What waits for somebody of staff."""
        return self.filter(state__in=[Repayment.State.BY_HAND, Repayment.State.FAILED])


class Repayment(models.Model):
    """A part of one payment that is sent back the way it came. `key` was written before the gateway was asked.

    Once the gateway has done it a Refund stands beside it. BY_HAND waits for a person who does it elsewhere. One that
    FAILED is still owed until somebody tries it again or does it by hand.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "the gateway is to be asked"
        BY_HAND = "BY_HAND", "a person must do it"
        PENDING = "PENDING", "the gateway works on it"
        DONE = "DONE", "done"
        FAILED = "FAILED", "the gateway refused"
        WITHDRAWN = "WITHDRAWN", "not owed any more"

    STANDING = (State.WAITING, State.BY_HAND, State.PENDING, State.FAILED)
    """Still to go back: none of these is owed a second time."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="repayments")
    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="repayments")
    edit = models.ForeignKey(Edit, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, null=True, blank=True, related_name="repayment")
    gateway = models.CharField(max_length=60)
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False, help_text="The idempotency key.")
    state = models.CharField(max_length=12, choices=State)
    amount = AmountField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=255, blank=True, db_default="")
    reference = models.CharField(max_length=255, blank=True, db_default="", help_text="The gateway's own id.")
    doubtful = models.BooleanField(
        db_default=False, default=False, help_text="The gateway was asked, and its answer is not on record."
    )
    retries = models.PositiveIntegerField(
        db_default=0, default=0, help_text="How often staff sent it again: each time under a key of its own."
    )
    attempts = models.PositiveIntegerField(db_default=0, default=0)
    run_after = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, db_default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    done_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = RepaymentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("settle_repayment", "Can settle repayments by hand and retry them")]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="repayment_of_something"),
            models.CheckConstraint(
                condition=Q(state="DONE", refund__isnull=False, done_at__isnull=False)
                | ~Q(state="DONE") & Q(refund=None, done_at=None),
                name="repayment_done_has_its_refund",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(state__in=["WAITING", "PENDING"]), name="repayment_due"),
            models.Index(fields=["state", "-asked_at"], name="repayment_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} {self.state}"

    @property
    def is_retractable(self) -> bool:
        """True while it is certain that no gateway has done it, or is about to."""
        return not self.doubtful and self.state in (self.State.WAITING, self.State.BY_HAND, self.State.FAILED)
