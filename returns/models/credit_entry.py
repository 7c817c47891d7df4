"""The ledger of store credit: double entry, a journal entry a row. Written once, never changed."""

from decimal import Decimal

import pgtrigger
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.db.models.lookups import Exact

from oms.fields import AmountField
from returns.models.credit_account import CreditAccount
from returns.models.credit_authorization import CreditAuthorization
from returns.models.credit_lot import CreditLot

_SIDES = (
    "liability_base",
    "liability_bonus",
    "goods_back",
    "goodwill",
    "bonus_expense",
    "breakage",
    "sales",
    "receivable",
    "paid_out",
    "moved",
    "advanced",
)


def _sum_of_sides() -> Combinable:
    total: Combinable = F(_SIDES[0])
    for side in _SIDES[1:]:
        total = total + F(side)
    return total


class CreditEntry(models.Model):
    """One movement of one lot: credits positive, debits negative, over the accounts of the books; they sum to zero.

    liability_*: what we owe the customer. goods_back: refunds of goods that came back. goodwill: given for nothing, or
    forgiven. bonus_expense: what bonuses cost us. breakage: credit that ran out. sales: goods paid with credit.
    receivable: what the customer owes us of an advance. paid_out: base that was paid out as money. moved: credit that
    a channel keeps for the customer instead of us. advanced: given for goods that are not back: what it cost is known
    once it is earned, forgiven or taken back.
    """

    class Kind(models.TextChoices):
        ISSUE = "ISSUE", "given"
        CAPTURE = "CAPTURE", "spent"
        REVERSE = "REVERSE", "given back for goods bought with it"
        EXPIRE = "EXPIRE", "run out"
        EARN = "EARN", "earned: the goods came"
        CLAW_BACK = "CLAW_BACK", "taken back, not earned"
        SETTLE = "SETTLE", "offset against what was owed"
        PAY_OUT = "PAY_OUT", "paid out"
        WRITE_OFF = "WRITE_OFF", "forgiven"
        MOVE = "MOVE", "moved to a channel"
        MOVE_BACK = "MOVE_BACK", "back from a channel"

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="entries")
    lot = models.ForeignKey(CreditLot, on_delete=models.PROTECT, related_name="entries")
    authorization = models.ForeignKey(
        CreditAuthorization, on_delete=models.PROTECT, null=True, blank=True, related_name="entries"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=160, help_text="What was done; with the lot, once.")
    liability_base = AmountField(default=0, db_default=0)
    liability_bonus = AmountField(default=0, db_default=0)
    goods_back = AmountField(default=0, db_default=0)
    goodwill = AmountField(default=0, db_default=0)
    bonus_expense = AmountField(default=0, db_default=0)
    breakage = AmountField(default=0, db_default=0)
    sales = AmountField(default=0, db_default=0)
    receivable = AmountField(default=0, db_default=0)
    paid_out = AmountField(default=0, db_default=0)
    moved = AmountField(default=0, db_default=0)
    advanced = AmountField(default=0, db_default=0)
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=120, blank=True, db_default="", help_text="Return, order or till sale.")
    note = models.CharField(max_length=255, blank=True, db_default="")
    by = models.CharField(max_length=150)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "credit entries"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["key", "lot"], name="credit_entry_once"),
            models.CheckConstraint(
                condition=Q(Exact(_sum_of_sides(), Value(Decimal(0)))), name="credit_entry_balances"
            ),
        ]
        indexes = [models.Index(fields=["account", "-id"], name="credit_entry_newest")]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.kind} {self.liability_base + self.liability_bonus} {self.currency}"
