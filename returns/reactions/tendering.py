"""Orders that are paid with store credit: it is captured with them, in the same transaction."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from oms.errors import Refused
from orders.actions.holding import hold_order
from orders.events import OrderPlaced, PaymentRecorded
from orders.models import Hold, Order
from returns.actions.credit.capturing import capture_credit
from returns.actions.credit.tendering import CODE
from returns.errors import CurrencyMismatch
from returns.models import CreditAuthorization

BY = f"gateway:{CODE}"


def capture_of_placed(told: Sequence[OrderPlaced]) -> None:
    """An order that says it is paid with credit which cannot be captured is taken, and held for a person."""
    for event in told:
        for payment in event.facts.get("payments", ()):
            if payment["gateway"] != CODE or payment["status"] == "VOIDED":
                continue
            try:
                with transaction.atomic():  # undone by itself when it is refused
                    _capture(
                        event.subject, payment["reference"], Decimal(payment["amount"]), payment["currency"], event
                    )
            except Refused as refusal:
                detail = f"It was to be paid with store credit {payment['reference']}, but: {refusal.message}"
                reason = Hold.Reason.FRAUD_REVIEW
                hold_order(number=event.subject, reason=reason, detail=detail[:255], by=BY, at=event.at)


def capture_of_recorded(told: Sequence[PaymentRecorded]) -> None:
    """Raises:
    Refused: the credit cannot be captured, so the payment is none.
    """
    for event in told:
        facts = event.facts
        if facts["gateway"] == CODE:
            _capture(event.subject, facts["reference"], Decimal(facts["amount"]), facts["currency"], event)


def _capture(
    number: str, authorization: str, amount: Decimal, currency: str, event: OrderPlaced | PaymentRecorded
) -> None:
    known = CreditAuthorization.objects.filter(key=authorization).values_list("currency", flat=True).first()
    if known is not None and known != currency:
        raise CurrencyMismatch(currency, known)
    order = Order.objects.get(number=number)
    capture_credit(authorization_key=authorization, amount=amount, order=order, by=event.by, at=event.at)
