"""What of a sum that is given back was paid with money: credit that paid comes back as it was, and earns no bonus."""

from decimal import Decimal

from orders.models import Order
from orders.policies.repaying import split_surplus
from orders.queries.money import list_repayable, read_money
from returns.policies.quotes import InMoney, all_of_it

STORE_CREDIT = "store_credit"


def read_in_money(order: Order, *, spent_credit: bool) -> InMoney:
    """`spent_credit`: some of the order was paid with credit; else nothing is looked up."""
    if not spent_credit:
        return all_of_it
    bearing = list_repayable(read_money(order.pk))
    gateways = {payment.id: payment.gateway for payment in bearing}

    def part(given: Decimal) -> Decimal:
        shares = split_surplus(min(given, sum((each.left for each in bearing), Decimal(0))), bearing)
        return sum((share.amount for share in shares if gateways[share.payment] != STORE_CREDIT), Decimal(0))

    return part
