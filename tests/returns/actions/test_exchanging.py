"""Something else instead: promised at once, paid with what comes back, the difference settled both ways."""

from decimal import Decimal

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from inventory.models import Reservation
from oms.errors import Invalid
from oms.models import EventRecord
from orders.actions.cancelling import cancel_order
from orders.events import OrderCancelled
from orders.models import Checkout, Hold, Order, Refund
from returns.actions.advancing import mark_overdue
from returns.actions.canceling import cancel_return
from returns.actions.charging import charge_advance, forgive_advance
from returns.actions.inspecting import Finding, inspect_return
from returns.errors import AdvanceEnded
from returns.models import Advance, Homecoming, Return, ReturnItem, Settlement
from returns.reactions.settling import refund_cancelled_exchanges
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON, ONE_DAY
from tests.make.orders import line, open_holds
from tests.make.returns import ASKED, delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import ARRIVED, books, come_back, inspect, pay_back, receive
from tests.make.snapshots import facts_of
from tests.make.stock import count, warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shirts():
    """A shirt in two sizes at 20.00, and one of silk at 30.00; five of each."""
    terms_in_force({})
    prices = {"TEE-M": "20.00", "TEE-L": "20.00", "TEE-SILK": "30.00", "TEE-RAG": "12.00"}
    variants = [
        {"sku": sku, "options": {"size": sku}, "price": {"amount": price, "currency": "EUR"}}
        for sku, price in prices.items()
    ]
    create_products([IncomingProduct.model_validate({"title": "Tee", "variants": variants})], by=ADA, at=NOON)
    warehouse()
    for sku in prices:
        count(sku, 5)


def bought(**fields) -> Order:
    """One M for 18.00: two euros were taken off."""
    return delivered_order([line("TEE-M", unit_price="20.00", discount="2.00", tax="2.87", **fields)])


def exchange(sku: str, order: Order | None = None, **fields) -> Return:
    order = order or bought()
    return open_return(order, item(line_of(order), resolution="EXCHANGE", exchange_sku=sku), **fields)


def new_order() -> Order:
    return Order.objects.get(made_here=True)


def test_another_size_is_promised_at_once_and_waits_for_the_old_one():
    found = exchange("TEE-L")
    new = new_order()
    assert (new.external_id, new.total, new.shipping_total) == (f"{found.number}-X1", Decimal("18.00"), 0)
    assert "EXCHANGE_AWAITING_RETURN" in open_holds(new)
    assert Reservation.objects.get(reference=new.number).state == "PROMISED"
    assert not Settlement.objects.exists()
    assert not Checkout.objects.exists()


def test_once_the_old_one_is_accepted_the_new_one_goes_and_no_money_moves():
    found = exchange("TEE-L")
    come_back(found)
    new = new_order()
    assert (new.status, new.financial_status, open_holds(new)) == ("RELEASED", "PAID", [])
    assert list(new.payments.values_list("gateway", "amount", "status")) == [("exchange", Decimal("18.00"), "CAPTURED")]
    old = found.order
    assert books(old) == {"total": "18.00", "credited": "18.00", "paid": "18.00", "refunded": "18.00"}
    assert Refund.objects.get().gateway == "exchange"
    assert Settlement.objects.get().order == new


def test_what_costs_less_sends_the_rest_back():
    found = exchange("TEE-RAG")
    assert new_order().total == Decimal("10.00")  # eight less in the catalogue, and the discount stays
    come_back(found)
    pay_back()
    assert sorted(Refund.objects.values_list("gateway", "amount")) == [
        ("exchange", Decimal("10.00")),
        ("sandbox", Decimal("8.00")),
    ]


def test_what_costs_more_is_asked_for_and_waits_until_it_is_paid():
    found = exchange("TEE-SILK")
    new = new_order()
    assert (new.total, Checkout.objects.get().amount) == (Decimal("28.00"), Decimal("10.00"))
    come_back(found)
    assert "PAYMENT" in open_holds(new)
    pay_more(new, "10.00", at=ARRIVED)
    new.refresh_from_db()
    assert (new.status, new.balance.amount) == ("RELEASED", 0)


def test_pc64_the_tax_on_the_new_goods_is_asked_for_too():
    """PC64: an order of 106, 6 of it tax; what comes instead costs 100 more: 106 more are asked for, not 100."""
    order = delivered_order([line("TEE-M", unit_price="100.00", tax="6.00")], tax_included=False)
    from_catalogue = {"TEE-M": "100.00", "TEE-SILK": "200.00"}
    for sku, price in from_catalogue.items():
        type(line_of(order).variant).objects.filter(sku=sku).update(price=price)
    exchange("TEE-SILK", order)
    assert order.total == Decimal("106.00")
    assert (new_order().total, new_order().tax_total) == (Decimal("212.00"), Decimal("12.00"))
    assert Checkout.objects.get().amount == Decimal("106.00")


def test_what_is_sold_out_cannot_be_had_instead_and_nothing_is_kept():
    count("TEE-L", 0)
    order = bought()
    before = EventRecord.objects.count()
    with pytest.raises(Invalid) as refusal:
        exchange("TEE-L", order)
    assert [error.code for error in refusal.value.errors] == ["stock_short"]
    assert not Return.objects.exists()
    assert EventRecord.objects.count() == before


def test_canceling_the_return_frees_what_was_promised():
    found = exchange("TEE-L")
    cancel_return(number=found.number, by="customer", at=ASKED)
    assert new_order().status == Order.Status.CANCELLED
    assert Reservation.objects.get(reference=new_order().number).state == "RELEASED"


def test_nobody_is_asked_to_pay_for_what_will_not_be_sent():
    exchange("TEE-SILK")
    cancel_order(number=new_order().number, reason="", by="customer", at=ASKED)
    assert Checkout.objects.get().state == "CANCELED"
    assert facts_of("checkout.ended")["state"] == "CANCELED"


def test_rejected_goods_pay_for_nothing_new():
    found = exchange("TEE-L")
    come_back(found, "REJECTED")
    assert new_order().status == Order.Status.CANCELLED
    assert not Settlement.objects.exists()
    assert books(found.order)["credited"] == "0.00"


def test_of_two_one_is_rejected_and_the_new_order_loses_it():
    order = delivered_order([line("TEE-M", 2, unit_price="20.00")])
    found = open_return(order, item(line_of(order), 2, resolution="EXCHANGE", exchange_sku="TEE-L"))
    receive(found)
    split_verdict(found)
    new = new_order()
    assert (new.status, new.total, new.balance.amount) == ("RELEASED", Decimal("20.00"), 0)
    assert books(order) == {"total": "40.00", "credited": "20.00", "paid": "40.00", "refunded": "20.00"}


def split_verdict(found: Return) -> None:
    from_item = found.items.get()
    from_returns(found, [(from_item.pk, "ACCEPTED"), (from_item.pk, "REJECTED")])


def from_returns(found: Return, said: list[tuple[int, str]]) -> None:
    findings = [Finding(key, Decimal(1), acceptance, grade="A") for key, acceptance in said]
    inspect_return(number=found.number, findings=findings, by=ADA, at=ARRIVED)


def test_where_the_new_order_was_cancelled_the_goods_are_refunded():
    found = exchange("TEE-L")
    cancelled = cancel_order(number=new_order().number, reason="", by="customer", at=ASKED)
    told = [event_of(cancelled)]
    refund_cancelled_exchanges(told)
    come_back(found)
    assert Settlement.objects.get().remedy == "REFUND"
    assert ReturnItem.objects.get().new_order is None


def event_of(order: Order):
    return OrderCancelled(subject=order.number, by="customer", at=ASKED)


def test_money_of_an_exchange_that_comes_back_finds_home():
    """The new shirt comes back as well: its money goes to the first order, and from there to the card."""
    found = exchange("TEE-L")
    come_back(found)
    new = new_order()
    cancel_order(number=new.number, reason="Out of fashion", by=ADA, at=ARRIVED)
    pay_back()
    assert books(new)["refunded"] == "18.00"
    assert books(found.order) == {"total": "18.00", "credited": "18.00", "paid": "18.00", "refunded": "18.00"}
    assert Homecoming.objects.get().amount == Decimal("18.00")
    sent = Refund.objects.filter(order=found.order, amount__gt=0).get()
    assert (sent.gateway, sent.amount) == ("sandbox", Decimal("18.00"))


def test_at_once_means_at_once_within_the_limit(settings):
    settings.RETURN_EXCHANGE_GOES, settings.RETURN_ADVANCE_LIMITS = "AT_ONCE", {"EUR": ["20.00", "100.00"]}
    found = exchange("TEE-L")
    new, advance = new_order(), Advance.objects.get()
    assert (new.financial_status, open_holds(new)) == ("PAID", ["EDIT_WINDOW"])
    assert (advance.state, advance.amount, advance.settlement.advanced) == ("OPEN", Decimal("18.00"), True)
    come_back(found)
    advance.refresh_from_db()
    assert advance.state == "EARNED"
    assert Settlement.objects.count() == 1
    found.refresh_from_db()
    assert found.status == Return.Status.CLOSED


def test_beyond_the_limit_it_waits(settings):
    settings.RETURN_EXCHANGE_GOES, settings.RETURN_ADVANCE_LIMITS = "AT_ONCE", {"EUR": ["17.99", "100.00"]}
    found = exchange("TEE-L")
    assert not Advance.objects.exists()
    assert "EXCHANGE_AWAITING_RETURN" in open_holds(new_order())
    assert books(found.order)["credited"] == "0.00"


def test_on_receipt_it_goes_before_anybody_has_looked(settings):
    settings.RETURN_ADVANCE_LIMITS = {"EUR": ["20.00", "100.00"]}
    found = exchange("TEE-L")
    receive(found)
    assert new_order().status == "RELEASED"
    inspect(found)
    assert Advance.objects.get().state == "EARNED"


@pytest.fixture
def advanced(settings) -> Return:
    settings.RETURN_EXCHANGE_GOES, settings.RETURN_ADVANCE_LIMITS = "AT_ONCE", {"EUR": ["20.00", "100.00"]}
    return exchange("TEE-L")


def test_goods_that_never_come_are_charged(advanced):
    assert mark_overdue(at=ASKED + 20 * ONE_DAY) == 0
    assert mark_overdue(at=ASKED + 22 * ONE_DAY) == 1
    advance = Advance.objects.get()
    charge_advance(advance_id=advance.pk, by=ADA, at=ARRIVED)
    charge_advance(advance_id=advance.pk, by=ADA, at=ARRIVED)
    checkout = Checkout.objects.get()
    assert (checkout.order, checkout.amount) == (advanced.order, Decimal("18.00"))
    assert books(advanced.order)["credited"] == "0.00"


def test_or_forgiven_and_then_not_charged(advanced):
    advance = Advance.objects.get()
    forgive_advance(advance_id=advance.pk, because="A good customer.", by=ADA, at=ARRIVED)
    with pytest.raises(AdvanceEnded):
        charge_advance(advance_id=advance.pk, by=ADA, at=ARRIVED)
    assert not Checkout.objects.exists()


def test_what_was_advanced_and_is_rejected_waits_for_a_person(advanced):
    come_back(advanced, "REJECTED")
    advance = Advance.objects.get()
    assert (advance.state, advance.note) == ("OVERDUE", "Not all of it was accepted.")


def test_a_claim_brings_the_same_again(settings):
    order = bought()
    found = open_return(order, item(line_of(order), resolution="REPLACEMENT"))
    come_back(found)
    new = new_order()
    assert (new.external_id, new.total, new.financial_status) == (f"{found.number}-R1", Decimal("18.00"), "PAID")
    assert new.lines.get().sku == "TEE-M"
    assert Hold.objects.filter(order=new, closed_at=None).exclude(reason="EDIT_WINDOW").count() == 0
