"""A return: the permission to send goods back, or to be paid for them without."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from oms.fields import AmountField
from orders.models import Order
from returns.absences import ReturnNotFound
from returns.choices import Method, as_choices
from returns.lifecycle import RETURN_TRANSITIONS
from returns.models.return_node import ReturnNode
from returns.models.return_rule import ReturnRule


class ReturnQuerySet(models.QuerySet["Return"]):
    def locked(self, number: str) -> "Return":
        """The return, locked. Its order's lock comes first.

        Raises:
            ReturnNotFound
        """
        found = self.select_for_update(of=("self",), no_key=True).filter(number=number).first()
        if found is None:
            raise ReturnNotFound(number)
        return found

    def underway(self) -> "ReturnQuerySet":
        """Asked for or open: something is still to happen."""
        return self.filter(status__in=[Return.Status.REQUESTED, Return.Status.OPEN])


class Return(models.Model):
    """One return of one order; `number` is its RMA number. Shopify's statuses.

    Fees are in the order's currency and deducted from what its items bring.
    """

    class Status(models.TextChoices):
        REQUESTED = "REQUESTED", "requested"
        OPEN = "OPEN", "open"
        CLOSED = "CLOSED", "closed"
        DECLINED = "DECLINED", "declined"
        CANCELED = "CANCELED", "canceled"

    class Kind(models.TextChoices):
        RETURN = "RETURN", "return"
        WITHDRAWAL = "WITHDRAWAL", "withdrawal from the contract"
        CLAIM = "CLAIM", "claim: damaged, wrong or lost"

    class Source(models.TextChoices):
        PORTAL = "PORTAL", "portal"
        STAFF = "STAFF", "staff"
        API = "API", "API"
        CHANNEL = "CHANNEL", "channel"
        IMPORT = "IMPORT", "import"

    number = models.CharField(max_length=24, unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="returns")
    sequence = models.PositiveSmallIntegerField(help_text="Its place among the returns of its order.")
    form = models.CharField(
        max_length=40, blank=True, db_default="", default="", help_text="The page that sent it: twice is one return."
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RETURN, db_default=Kind.RETURN)
    source = models.CharField(max_length=8, choices=Source)
    status = models.CharField(max_length=10, choices=Status, default=Status.REQUESTED, db_default=Status.REQUESTED)
    method = models.CharField(max_length=16, choices=as_choices(Method))
    node = models.ForeignKey(ReturnNode, on_delete=models.PROTECT, null=True, blank=True, related_name="returns")
    node_reasons = models.JSONField(default=list, blank=True, help_text="What each node would have cost.")

    rule = models.ForeignKey(ReturnRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decision = models.JSONField(
        default=dict, blank=True, help_text='Who decided what: {"verdict", "because": […], "by"}.'
    )
    explanation = models.CharField(max_length=500, blank=True, db_default="", help_text="Told to the customer.")
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="When the customer confirmed the withdrawal (Directive 2011/83/EU, art. 11a)."
    )

    label_fee = AmountField(default=0, db_default=0)
    restocking_fee = AmountField(default=0, db_default=0)
    shipping_refund = AmountField(default=0, db_default=0)

    email = models.CharField(max_length=254, blank=True, db_default="")
    locale = models.CharField(max_length=20, blank=True, db_default="")
    note = models.TextField(blank=True, db_default="", help_text="For staff.")
    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)

    requested_at = models.DateTimeField()
    requested_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, help_text="It closes when nothing was sent by then.")
    reminded_at = models.DateTimeField(null=True, blank=True, help_text="The customer was told that it runs out.")
    moved_at = models.DateTimeField(null=True, blank=True, help_text="First scan or receipt: no cancelling after it.")
    received_at = models.DateTimeField(null=True, blank=True)
    inspected_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-id"]
        permissions = [
            ("decide_return", "Can approve and refuse returns"),
            ("receive_return", "Can receive and inspect returns"),
            ("settle_return", "Can settle returns, and advance money"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "sequence"], name="return_in_its_place"),
            models.UniqueConstraint(fields=["order", "form"], condition=~Q(form=""), name="return_form_sent_once"),
            models.CheckConstraint(
                condition=Q(status__in=["CLOSED", "DECLINED", "CANCELED"], ended_at__isnull=False)
                | Q(status__in=["REQUESTED", "OPEN"], ended_at=None),
                name="return_ended_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(label_fee__gte=0, restocking_fee__gte=0, shipping_refund__gte=0),
                name="return_amounts_not_negative",
            ),
        ]
        indexes = [
            models.Index(fields=["status", "-requested_at", "-id"], name="return_by_status"),
            models.Index(fields=["-requested_at", "-id"], name="return_newest"),
            models.Index(fields=["node", "status", "-id"], name="return_by_node"),
            models.Index(fields=["email", "-id"], name="return_by_email"),
            models.Index(fields=["expires_at"], condition=Q(status="OPEN", moved_at=None), name="return_running_out"),
            models.Index(fields=["updated_at", "id"], name="return_by_update"),
            models.Index(
                fields=["received_at"],
                condition=Q(status="OPEN", inspected_at=None, received_at__isnull=False),
                name="return_to_inspect",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="status_follows_lifecycle",
                field="status",
                transitions=[(start, end) for start, ends in RETURN_TRANSITIONS.items() for end in ends],
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def touch(self, *fields: str, at: datetime) -> None:
        """Write the named fields of this row as a new version of the return. The row must be locked."""
        self.version += 1
        self.updated_at = at
        self.save(update_fields=[*fields, "version", "updated_at"])

    def move_to(self, status: str, *, at: datetime) -> None:
        """Go to another status (see `returns.lifecycle`) and note the moment. The row must be locked."""
        self.status = status
        if status in (self.Status.CLOSED, self.Status.DECLINED, self.Status.CANCELED):
            self.ended_at = at
        if self.decided_at is None:
            self.decided_at = at
        self.touch("status", "ended_at", "decided_at", at=at)
