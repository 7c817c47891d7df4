"""A customer's store credit in one currency."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from oms.fields import AmountField
from oms.money import Money
from oms.reading import fetch_objects
from orders.models import Customer
from returns.absences import CreditAccountNotFound


class CreditAccountQuerySet(models.QuerySet["CreditAccount"]):
    def locked(self, key: str) -> "CreditAccount":
        """The account, locked until the transaction ends: after orders and returns, before stock.

        Raises:
            CreditAccountNotFound
        """
        found = fetch_objects(self.model, "WHERE key = %s FOR NO KEY UPDATE", [key])
        if not found:
            raise CreditAccountNotFound
        return found[0]


class CreditAccount(models.Model):
    """What a customer has with us. `base` came from money, `bonus` was given on top of it.

    The balances are the sums of the lots' and provable from the entries. `held` is authorised and not captured.
    `receivable` is what was given in advance, spent, and not earned: it is taken from what comes in next.
    """

    key = models.CharField(max_length=32, unique=True, editable=False, help_text="What the API names it by.")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="credit_accounts")
    currency = models.CharField(max_length=3)
    base = AmountField(default=0, db_default=0)
    bonus = AmountField(default=0, db_default=0)
    held = AmountField(default=0, db_default=0)
    receivable = AmountField(default=0, db_default=0)
    code_digest = models.CharField(max_length=64, unique=True, editable=False, help_text="HMAC of the code for tills.")
    code_sealed = models.BinaryField(editable=False, help_text="The same code, encrypted: its owner may read it.")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_because = models.CharField(max_length=255, blank=True, db_default="")
    version = models.PositiveIntegerField(default=1, db_default=1)
    opened_at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CreditAccountQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        permissions = [("adjust_credit", "Can give, freeze and take back store credit")]
        constraints = [
            models.UniqueConstraint(fields=["customer", "currency"], name="one_credit_account_a_currency"),
            models.CheckConstraint(
                condition=Q(base__gte=0, bonus__gte=0, held__gte=0, receivable__gte=0), name="credit_not_negative"
            ),
            models.CheckConstraint(condition=Q(held__lte=F("base") + F("bonus")), name="credit_held_is_there"),
        ]

    def __str__(self) -> str:
        return f"{self.balance} {self.currency}"

    @property
    def balance(self) -> Decimal:
        """Base and bonus, with what is held."""
        return self.base + self.bonus

    @property
    def available(self) -> Decimal:
        """What can be spent now."""
        return self.balance - self.held

    def as_money(self, amount: Decimal) -> Money:
        return Money(amount, self.currency)
