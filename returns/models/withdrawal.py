"""A statement of withdrawal about goods that had not left."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from orders.models import Order
from returns.models.return_ import Return


class Withdrawal(models.Model):
    """What a customer declared, and when: it counts from that moment, whatever the warehouse does meanwhile.

    `items`: [{"line", "quantity", "keep"}]: `keep` is what is left of the line once it is done, by which it is seen
    whether somebody else did it. What is stopped in time never leaves; what left all the same comes back by `of`, as a
    withdrawal of that same moment. `refusal`: why it could not be done at once, {"code", "detail"}.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "a warehouse is asked to stop"
        STUCK = "STUCK", "somebody has to stop it"
        LEAVING = "LEAVING", "it cannot be stopped any more"
        STOPPED = "STOPPED", "nothing of it leaves"
        RETURNING = "RETURNING", "it left, and comes back"

    UNDERWAY = (State.WAITING, State.STUCK, State.LEAVING)

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="withdrawals")
    form = models.CharField(max_length=40, help_text="The page that declared it: twice is one statement.")
    items = models.JSONField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    refusal = models.JSONField(default=dict, blank=True)
    of = models.OneToOneField(Return, on_delete=models.PROTECT, null=True, blank=True, related_name="withdrawal")
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "form"], name="withdrawal_declared_once"),
            models.CheckConstraint(
                condition=Q(state__in=["WAITING", "STUCK", "LEAVING"], of=None, ended_at=None)
                | Q(state="STOPPED", of=None, ended_at__isnull=False)
                | Q(state="RETURNING", of__isnull=False, ended_at__isnull=False),
                name="withdrawal_ended_somehow",
            ),
            models.CheckConstraint(condition=~Q(state="STUCK") | ~Q(refusal={}), name="withdrawal_stuck_for_a_reason"),
        ]
        indexes = [
            models.Index(fields=["declared_at"], condition=Q(ended_at=None), name="withdrawal_underway"),
            models.Index(fields=["declared_at"], condition=Q(state="STUCK"), name="withdrawal_stuck"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.declared_at:%Y-%m-%d}"
