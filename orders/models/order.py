"""An order, from placed to closed."""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.db.models.functions import Now

from oms.fields import AmountField
from oms.models import Channel
from oms.money import Money
from oms.reading import fetch_objects
from oms.writing import Row, as_update, update_tables
from orders.absences import OrderNotFound
from orders.errors import OrderAlreadyCancelled, OrderAlreadyClosed
from orders.lifecycle import TRANSITIONS
from orders.models.address import Address
from orders.models.customer import Customer

_NOTE_TAGS = """
INSERT INTO orders_ordertag (tag, placed_at, order_id)
SELECT DISTINCT tag, NEW.placed_at, NEW.id FROM unnest(NEW.tags) AS tag;
"""
_FORGET_TAGS = """
DELETE FROM orders_ordertag WHERE tag = ANY(OLD.tags) AND placed_at = OLD.placed_at AND order_id = OLD.id;
"""


def _days_from_placing(days: int) -> models.Func:
    """The day (UTC) so many days after the order was placed."""
    template = f"((%(expressions)s AT TIME ZONE 'UTC')::date + {days})"
    return models.Func("placed_at", template=template, output_field=models.DateField())


class OrderQuerySet(models.QuerySet["Order"]):
    def tagged(self, tag: str) -> "OrderQuerySet":
        """The orders that bear the tag; `newest` sorts them by the tag's own key, which has them in that order."""
        bearing = FilteredRelation("tagged", condition=Q(tagged__tag=tag))
        place = {"tagged_at": F("bearing__placed_at"), "tagged_id": F("bearing__order_id")}
        return self.alias(bearing=bearing).filter(bearing__tag=tag).annotate(**place)

    @property
    def newest(self) -> tuple[str, str]:
        """The columns that have the newest order first: the same values, from where an index has them sorted."""
        return ("-tagged_at", "-tagged_id") if "tagged_at" in self.query.annotations else ("-placed_at", "-id")

    def locked(self, number: str) -> "Order":
        """The order, locked until the transaction ends. The order's lock comes first, stock's last.

        Raises:
            OrderNotFound: there is none.
        """
        found = fetch_objects(self.model, "WHERE number = %s FOR NO KEY UPDATE", [number])
        if not found:
            raise OrderNotFound(number)
        return found[0]


class Order(models.Model):
    """What somebody bought on one channel. (channel, external_id) is its identity, `number` what people say aloud.

    Amounts are in `currency`, to its minor unit. total = item_total − discount_total + shipping_total + tip_total
    + duty_total, and + tax_total unless `tax_included`. Where the channel states another total it stands in
    `stated_total` and the order is held for a person. A refund or cancellation credits
    the order: owed = total − credited, balance = owed − paid + refunded.
    """

    class Status(models.TextChoices):
        HELD = "HELD", "held"
        RELEASED = "RELEASED", "released"
        CLOSED = "CLOSED", "closed"
        CANCELLED = "CANCELLED", "cancelled"

    class FinancialStatus(models.TextChoices):
        """Shopify's words."""

        PENDING = "PENDING", "pending"
        AUTHORIZED = "AUTHORIZED", "authorized"
        PARTIALLY_PAID = "PARTIALLY_PAID", "partially paid"
        PAID = "PAID", "paid"
        PARTIALLY_REFUNDED = "PARTIALLY_REFUNDED", "partially refunded"
        REFUNDED = "REFUNDED", "refunded"
        VOIDED = "VOIDED", "voided"

    class FulfillmentStatus(models.TextChoices):
        """Shopify's words."""

        UNFULFILLED = "UNFULFILLED", "unfulfilled"
        PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED", "partially fulfilled"
        FULFILLED = "FULFILLED", "fulfilled"

    number = models.CharField(max_length=20, unique=True)
    channel = models.ForeignKey(Channel, on_delete=models.PROTECT, related_name="+", db_index=False)  # order_by_channel
    external_id = models.CharField(max_length=100)
    external_number = models.CharField(max_length=60, blank=True, db_default="", help_text="What the channel calls it.")

    status = models.CharField(max_length=12, choices=Status, db_default=Status.HELD)
    financial_status = models.CharField(max_length=20, choices=FinancialStatus, db_default=FinancialStatus.PENDING)
    fulfillment_status = models.CharField(
        max_length=20, choices=FulfillmentStatus, db_default=FulfillmentStatus.UNFULFILLED
    )

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="orders")
    email = models.CharField(max_length=254, blank=True, db_default="")
    phone = models.CharField(max_length=40, blank=True, db_default="")
    locale = models.CharField(max_length=20, blank=True, db_default="")
    shipping_address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    billing_address = models.ForeignKey(Address, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    country = models.CharField(max_length=2, blank=True, db_default="", help_text="Where it goes.")
    shipping_method = models.CharField(max_length=120, blank=True, db_default="")
    ship_after = models.DateField(null=True, blank=True, help_text="The day before which it must not leave.")

    currency = models.CharField(max_length=3)
    tax_included = models.BooleanField(db_default=False)
    item_total = AmountField(db_default=0)
    discount_total = AmountField(db_default=0)
    shipping_total = AmountField(db_default=0)
    shipping_tax = AmountField(db_default=0)
    tax_total = AmountField(db_default=0)
    tip_total = AmountField(db_default=0)
    duty_total = AmountField(db_default=0)
    total = AmountField()
    stated_total = AmountField(null=True, blank=True, help_text="The channel's own figure, where it differs.")
    presentment_currency = models.CharField(max_length=3, blank=True, db_default="")
    presentment_total = AmountField(null=True, blank=True, help_text="What the customer saw, in their currency.")
    paid = AmountField(db_default=0)
    refunded = AmountField(db_default=0)
    credited = AmountField(
        db_default=0, help_text="What is not owed any more though it was bought: cancelled, given back, forgiven."
    )

    self_service = models.CharField(
        max_length=8,
        choices=[("", "no pilot"), ("PILOT", "may edit"), ("CONTROL", "control group: may not")],
        blank=True,
        db_default="",
        help_text="Which side of the channel's pilot the customer fell on.",
    )

    tags = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    note = models.TextField(blank=True, db_default="")
    test = models.BooleanField(db_default=False, help_text="A test order: no mail, no charge, no parcel.")
    made_here = models.BooleanField(
        db_default=False, default=False, help_text="For an exchange: its channel does not know of it, and is not told."
    )

    placed_at = models.DateTimeField(help_text="When the customer bought.")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)
    channel_updated_at = models.DateTimeField(
        null=True, blank=True, help_text="The channel's own clock; an older message than this changes nothing."
    )
    released_at = models.DateTimeField(null=True, blank=True)
    routed_at = models.DateTimeField(
        null=True, blank=True, help_text="All of it has a way; empty in a released order: some of it still needs one."
    )
    route_after = models.DateTimeField(null=True, blank=True, help_text="No way was found; when to look again.")
    fulfillment_count = models.PositiveSmallIntegerField(
        db_default=0, default=0, help_text="Fulfillments made so far; 0: no warehouse was ever asked."
    )
    cancellation = models.JSONField(
        null=True, blank=True, help_text='A warehouse is asked to stop it: {"reason", "by", "repay"}.'
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=255, blank=True, db_default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(db_default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        permissions = [
            ("hold_order", "Can hold orders"),
            ("lift_hold", "Can lift holds"),
            ("release_order", "Can release orders"),
            ("cancel_order", "Can cancel orders"),
            ("record_payment", "Can record payments"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["channel", "external_id"], name="order_identity"),
            models.CheckConstraint(condition=~Q(external_id=""), name="order_has_an_external_id"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="order_currency_is_a_code"),
            models.CheckConstraint(
                condition=Q(item_total__gte=0, shipping_total__gte=0, tax_total__gte=0, discount_total__gte=0),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    tax_included=True,
                    total=F("item_total")
                    - F("discount_total")
                    + F("shipping_total")
                    + F("tip_total")
                    + F("duty_total"),
                )
                | Q(
                    tax_included=False,
                    total=F("item_total")
                    - F("discount_total")
                    + F("shipping_total")
                    + F("tip_total")
                    + F("duty_total")
                    + F("tax_total"),
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(paid__gte=0, refunded__gte=0, refunded__lte=F("paid")), name="order_refunds_what_was_paid"
            ),
            models.CheckConstraint(
                condition=Q(credited__gte=0, credited__lte=F("total")), name="order_credits_what_was_owed"
            ),
            models.CheckConstraint(
                condition=Q(ship_after=None)
                | Q(ship_after__gte=_days_from_placing(-1), ship_after__lte=_days_from_placing(731)),
                name="order_ships_after_it_was_placed",
            ),
            models.CheckConstraint(
                condition=Q(status="CANCELLED", cancelled_at__isnull=False)
                | ~Q(status="CANCELLED") & Q(cancelled_at=None),
                name="order_cancelled_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(fields=["-placed_at", "-id"], name="order_newest"),
            models.Index(fields=["status", "-placed_at", "-id"], name="order_by_status"),
            models.Index(fields=["channel", "-placed_at", "-id"], name="order_by_channel"),
            models.Index(fields=["financial_status", "-placed_at", "-id"], name="order_by_financial"),
            models.Index(fields=["fulfillment_status", "-placed_at", "-id"], name="order_by_fulfillment"),
            models.Index(fields=["country", "-placed_at", "-id"], name="order_by_country"),
            models.Index(fields=["updated_at", "id"], name="order_by_update"),
            models.Index(fields=["email", "-placed_at"], name="order_by_email"),
            models.Index(fields=["external_id"], name="order_by_external_id"),
            models.Index(fields=["external_number"], name="order_by_external_number"),
            models.Index(fields=["-released_at"], condition=Q(released_at__isnull=False), name="order_by_release"),
            models.Index(
                fields=["released_at", "id"], condition=Q(status="RELEASED", routed_at=None), name="order_to_route"
            ),
            models.Index(fields=["-placed_at", "-id"], condition=Q(test=True), name="order_tests"),
            models.Index(
                fields=["-placed_at", "-id"],
                condition=Q(stated_total__isnull=False) & ~Q(stated_total=F("total")),
                name="order_totals_mismatch",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="status_follows_lifecycle",
                field="status",
                transitions=[(start, end) for start, ends in TRANSITIONS.items() for end in ends],
            ),
            pgtrigger.Trigger(
                name="tags_are_noted",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.tags <> '{}'"),
                func=_NOTE_TAGS + "RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="tags_are_noted_anew",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("tags", "placed_at"),
                condition=pgtrigger.AnyChange("tags", "placed_at"),
                func=_FORGET_TAGS + _NOTE_TAGS + "RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def balance(self) -> Money:
        """What is still owed; negative when it is we who owe."""
        return Money(self.total - self.credited - self.paid + self.refunded, self.currency)

    @property
    def totals_mismatch(self) -> bool:
        return self.stated_total is not None and self.stated_total != self.total

    def refuse_ended(self) -> None:
        """Nothing more can happen to an order that is cancelled or closed.

        Raises:
            OrderAlreadyCancelled, OrderAlreadyClosed.
        """
        if self.status == self.Status.CANCELLED:
            raise OrderAlreadyCancelled(self.number)
        if self.status == self.Status.CLOSED:
            raise OrderAlreadyClosed(self.number)

    def touch(self, *fields: str, at: datetime) -> None:
        """Write the named fields of this row as a new version of the order. The row must be locked."""
        update_tables({type(self): [self.next_version(*fields, at=at)]})

    def next_version(self, *fields: str, at: datetime) -> Row:
        """The named fields as a new version of the order: for a caller who writes other rows by the same statement."""
        self.version += 1
        self.updated_at = at
        written = {*fields, "version", "updated_at"}
        return as_update(self, [field.attname for field in self._meta.concrete_fields if field.name in written])

    def move_to(self, status: str, *, at: datetime, reason: str = "") -> None:
        """Go to another status (see `orders.lifecycle`) and note the moment. The row must be locked."""
        self.status = status
        if status == self.Status.RELEASED:
            self.released_at = at
        if status == self.Status.HELD:
            self.released_at = self.routed_at = self.route_after = None
        if status == self.Status.CANCELLED:
            self.cancelled_at, self.cancel_reason = at, reason
        if status == self.Status.CLOSED:
            self.closed_at = at
        self.touch(
            "status", "released_at", "routed_at", "route_after", "cancelled_at", "cancel_reason", "closed_at", at=at
        )
