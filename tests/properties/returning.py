"""What must hold of returns, money, credit and stock at every moment, asked of the rows themselves."""

from decimal import Decimal

from django.db.models import F, Q, Sum

from inventory.models import StockMovement
from inventory.queries.drift import find_drift
from orders.models import Order, OrderLine, Payment, Refund, Repayment
from returns.models import CreditLot, Return, ReturnItem, Settlement
from returns.queries.credit.drift import find_credit_drift
from returns.queries.worths import read_shares

INTERNAL = ("exchange", "store_credit")
"""Money that only changes its place: no gateway of the outside world moved it."""

ON_SHELF = ("RESTOCK", "RESELL_LOCALLY")
ASIDE = ("QUARANTINE", "REFURBISH", "REPAIR")


def sum_of(rows, name="amount") -> Decimal:
    return rows.aggregate(sum=Sum(name))["sum"] or Decimal(0)


def check_money() -> None:
    """What left the house, and what is owed as credit, was taken in once."""
    captured = sum_of(Payment.objects.filter(status="CAPTURED").exclude(gateway__in=INTERNAL))
    sent = sum_of(Refund.objects.exclude(gateway__in=INTERNAL))
    standing = sum_of(Repayment.objects.filter(state__in=Repayment.STANDING).exclude(gateway__in=INTERNAL))
    lots = CreditLot.objects.filter(source__startswith="return:").exclude(entries__kind="CLAW_BACK")
    assert sent + standing + sum_of(lots, "base") <= captured
    for order in Order.objects.annotate(waiting=Sum("repayments__amount", filter=_STANDING)):
        assert order.refunded + (order.waiting or 0) <= order.paid
        assert order.credited <= order.total


_STANDING = Q(repayments__state__in=Repayment.STANDING)


def check_exchanges() -> None:
    """What exchanges moved from order to order is neither more nor less on the way."""
    by_exchange = Refund.objects.filter(gateway="exchange")
    moved = sum_of(by_exchange.exclude(payment__gateway__in=INTERNAL))
    there = sum_of(Payment.objects.filter(gateway="exchange", status="CAPTURED"))
    gone = sum_of(Refund.objects.filter(payment__gateway="exchange").exclude(gateway="store_credit"))
    assert there - gone == moved


def check_settlements() -> None:
    """No unit is given for twice, and no line for more than it cost."""
    for order in Order.objects.filter(returns__isnull=False).distinct():
        shares = read_shares(order)
        given = sum_of(Settlement.objects.filter(of__order=order), "given")
        assert given <= order.total
        items = ReturnItem.objects.filter(line__order=order, settlement__isnull=False)
        for row in items.order_by().values("line").annotate(units=Sum("quantity"), worth=Sum("value")):
            assert row["units"] <= shares[row["line"]].quantity
            assert row["worth"] <= shares[row["line"]].total
    unearned = ReturnItem.objects.filter(settlement__advanced=False).exclude(acceptance="ACCEPTED")
    assert not unearned.exists()


def check_units() -> None:
    """A line knows of every unit that is back, or on its way."""
    ended = Q(return_items__reception="CANCELED") | Q(return_items__of__status__in=["CANCELED", "DECLINED"])
    lines = OrderLine.objects.annotate(claimed=Sum("return_items__quantity", filter=~ended))
    wrong = lines.exclude(returned_quantity=F("claimed")).exclude(claimed=None, returned_quantity=0)
    assert list(wrong.values_list("id", "returned_quantity", "claimed")) == []


def check_stock() -> None:
    """Each unit that came back stands where its disposition says, and nowhere else."""
    assert find_drift() == []
    for bucket, dispositions in {"on_hand": ON_SHELF, "quality_control": ASIDE}.items():
        moved = sum_of(StockMovement.objects.filter(cause="RETURN", bucket=bucket), "delta")
        assert moved == sum_of(ReturnItem.objects.filter(disposition__in=dispositions), "quantity")


def check_credit() -> None:
    assert find_credit_drift() == []


def check_returns() -> None:
    """A closed return has nothing open; a return that ended otherwise gave nothing."""
    gave = Settlement.objects.filter(of__status__in=[Return.Status.DECLINED, Return.Status.CANCELED])
    assert not gave.exists()


CHECKS = (check_money, check_exchanges, check_settlements, check_units, check_stock, check_credit, check_returns)
