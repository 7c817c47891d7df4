"""Edits in currencies without decimals, with two and with three: quoted, paid and given back to the last digit."""

from decimal import Decimal

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from oms.money import minor_unit
from orders.actions.money.asking import ask_gateways
from orders.actions.money.sandboxing import answer_page
from orders.errors import AmountNotCollectable
from orders.models import Checkout, Repayment
from orders.payments.stripe_money import to_stripe
from tests.make.edits import SOON, edit, holds, preview, set_quantity, swap
from tests.make.gateways import hear, look, money, stripe
from tests.make.moments import ADA, NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import channel, line, placed_order
from tests.make.snapshots import nothing_changes
from tests.make.stock import count, warehouse

__all__ = ["stripe"]

pytestmark = pytest.mark.django_db

PRICES = {
    "EUR": ("19.90", "24.90", "3.18"),
    "USD": ("19.99", "24.99", "3.19"),
    "JPY": ("1990", "2490", "181"),
    "KRW": ("25900", "31900", "2355"),
    "HUF": ("7990.00", "9990.00", "1698.66"),
    "KWD": ("6.130", "7.690", "0.000"),
    "BHD": ("7.500", "9.250", "0.682"),
}
SMALL, LARGE = "TEE-S", "TEE-L"

currencies = pytest.mark.parametrize("currency", PRICES)


def open_shop(currency, *, large=None, other="", gateway="sandbox"):
    """A tee in two sizes, priced in that currency; `other`: the large one in another."""
    warehouse()
    channel(gateway=gateway)
    price, dearer, _ = PRICES[currency]
    tees = [
        {"sku": sku, "options": {"size": sku[-1]}, "price": {"amount": amount, "currency": code}}
        for sku, amount, code in ((SMALL, price, currency), (LARGE, large or dearer, other or currency))
    ]
    create_products([IncomingProduct.model_validate({"title": "Tee", "variants": tees})], by=ADA, at=NOON)
    for sku in (SMALL, LARGE):
        count(sku, 10)


def order_in(currency, quantity=2, **fields):
    price, _, tax = PRICES[currency]
    bought = line(SMALL, quantity, unit_price=price, tax=str(Decimal(tax) * quantity))
    return placed_order([bought], currency=currency, **fields)


def paid_in_full(order, currency):
    order.refresh_from_db()
    return order.balance.amount == 0 and order.total == order.total.quantize(minor_unit(currency))


def pay(waits, stripe):
    ask_gateways(at=SOON)
    checkout = Checkout.objects.get(edit=waits)
    assert checkout.state == "OPEN", checkout.last_error
    if checkout.gateway == "stripe":
        assert stripe.account.sessions[checkout.reference]["amount_total"] == to_stripe(checkout.amount, waits.currency)
        hear(stripe.account.pay(checkout.reference), at=SOON + ONE_MINUTE)
    else:
        answer_page(reference=checkout.reference, paid=True, at=SOON + ONE_MINUTE)


@currencies
@pytest.mark.parametrize("gateway", ["stripe", "sandbox"])
def test_more_is_quoted_asked_for_and_done_and_fewer_goes_back(currency, gateway, stripe):
    open_shop(currency, gateway=gateway)
    order = order_in(currency)
    price, dearer = map(Decimal, PRICES[currency][:2])
    asked = [swap(order, LARGE, of=SMALL), set_quantity(order, 3, of=SMALL)]

    quote = preview(order, *asked, actor="STAFF")
    assert (quote.to_pay.amount, quote.to_pay.currency) == (3 * dearer - 2 * price, currency)
    assert quote.after.total.amount == 3 * dearer

    waits = edit(order, *asked, actor="STAFF")
    pay(waits, stripe)
    assert (look(waits).state, holds(order), paid_in_full(order, currency)) == ("COMMITTED", {LARGE: 3}, True)

    edit(order, set_quantity(order, 2, of=LARGE), actor="STAFF", at=SOON + 2 * ONE_MINUTE)
    assert Repayment.objects.get().amount == dearer
    ask_gateways(at=SOON + ONE_HOUR)
    assert (look(Repayment.objects.get()).state, paid_in_full(order, currency)) == ("DONE", True)
    assert stripe.account.returned() == (to_stripe(dearer, currency) if gateway == "stripe" else 0)


@currencies
def test_tax_on_top_is_rounded_to_the_smallest_coin_and_what_is_paid_is_what_is_owed(currency, stripe):
    open_shop(currency)
    order = order_in(currency, tax_included=False)
    waits = edit(order, swap(order, LARGE, of=SMALL), set_quantity(order, 3, of=SMALL), actor="STAFF")
    pay(waits, stripe)
    assert paid_in_full(order, currency)
    assert order.tax_total == order.tax_total.quantize(minor_unit(currency))


@pytest.mark.parametrize("currency", ["KWD", "BHD"])
def test_a_sum_that_stripe_cannot_count_is_refused_before_anybody_waits(currency, stripe):
    finer = Decimal(PRICES[currency][0]) + Decimal("1.234")
    open_shop(currency, large=str(finer), gateway="stripe")
    order = order_in(currency, 1)
    with nothing_changes(), pytest.raises(AmountNotCollectable, match=r"only whole multiples of 0\.01"):
        edit(order, swap(order, LARGE, of=SMALL), actor="STAFF")


@pytest.mark.parametrize(("currency", "more"), [("JPY", "49"), ("HUF", "174.99"), ("USD", "0.49")])
def test_below_the_minimum_of_its_currency_nobody_is_asked(currency, more, stripe):
    open_shop(currency, large=str(Decimal(PRICES[currency][0]) + Decimal(more)), gateway="stripe")
    order = order_in(currency, 1)
    with nothing_changes(), pytest.raises(AmountNotCollectable, match="nothing below"):
        preview(order, swap(order, LARGE, of=SMALL), actor="STAFF")


def test_a_size_that_is_priced_in_another_currency_is_never_reckoned_in_this_one():
    open_shop("EUR", other="JPY", large="2490")
    order = order_in("EUR")
    quote = preview(order, swap(order, LARGE, of=SMALL))
    assert [reason.code for reason in quote.reasons] == ["price_unknown"]
    assert (quote.verdict, quote.after.total, quote.to_pay.amount) == ("APPROVE", quote.before.total, 0)


def test_a_sum_without_decimals_goes_back_to_the_coin_through_two_payments(stripe):
    open_shop("JPY", gateway="stripe")
    order = order_in("JPY", 2, payment={"status": "PAID", "gateway": "stripe", "reference": yen(stripe, 3980)})
    pay(edit(order, set_quantity(order, 3, of=SMALL), actor="STAFF"), stripe)
    edit(order, set_quantity(order, 1, of=SMALL), actor="STAFF", at=SOON + 2 * ONE_MINUTE)
    ask_gateways(at=SOON + ONE_HOUR)
    assert money(order) == ("5970.00", "3980.00", "0.00")
    assert stripe.account.returned() == 3980


def yen(stripe, amount):
    return stripe.account.take(amount, "jpy")["id"]
