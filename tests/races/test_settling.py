"""Money for goods that came back, asked for at many doors at once: given once, and never more than was paid."""

from decimal import Decimal
from threading import Barrier

import pytest

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from oms.models import EventRecord
from orders.actions.cancelling import cancel_order
from orders.actions.money.asking import ask_gateways
from orders.models import Order, Refund
from returns.actions.advancing import advance_return
from returns.actions.charging import charge_advance, forgive_advance
from returns.actions.inspecting import Finding, inspect_return
from returns.actions.receiving import receive_return
from returns.errors import AdvanceEnded, AdvanceTooMuch, NotInspectable, ReturnNotOpen
from returns.models import Advance, CreditLot, ReturnItem, Settlement
from returns.policies.receiving import Arrived
from tests.make.moments import ADA, NOON
from tests.make.orders import line
from tests.make.returns import delivered_order, item, line_of, open_return, terms_in_force
from tests.make.settled import ARRIVED, receive
from tests.make.stock import SKU, count, warehouse
from tests.properties.returning import CHECKS
from tests.races.together import PATIENCE, errors_of, race_over, run_together, say, unguarded_table

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 12


@pytest.fixture(autouse=True)
def shop():
    terms_in_force({})
    variants = [{"sku": sku, "price": {"amount": "19.90", "currency": "EUR"}} for sku in (SKU, "TEE-L")]
    create_products([IncomingProduct.model_validate({"title": "Tee", "variants": variants})], by=ADA, at=NOON)
    warehouse()
    for sku in (SKU, "TEE-L"):
        count(sku, 5 * MANY)


def buyer(place):
    """Each another one: who sends back a lot is given nothing in advance."""
    return {"email": f"ada{place}@example.com", "name": f"Ada {place}"}


def returns(many=MANY, **said):
    made = []
    for place in range(many):
        order = delivered_order([line()], customer=buyer(place))
        made.append(open_return(order, item(line_of(order), **said)))
    return made


def here(many=MANY, **said):
    """Returns that were received."""
    made = returns(many, **said)
    for each in made:
        receive(each)
    return made


def accept(made):
    (key,) = made.items.values_list("id", flat=True)
    return inspect_return(number=made.number, findings=[Finding(key, Decimal(1), "ACCEPTED", "A")], by=ADA, at=ARRIVED)


def reject(made):
    (key,) = made.items.values_list("id", flat=True)
    return inspect_return(number=made.number, findings=[Finding(key, Decimal(1), "REJECTED", "D")], by=ADA, at=ARRIVED)


def refusals(outcomes):
    return {type(error) for pair in outcomes for error in errors_of(pair)}


def check_all():
    for check in CHECKS:
        check()


def told(type_):
    return EventRecord.objects.filter(type=type_).count()


@pytest.mark.parametrize("resolution", ["REFUND", "STORE_CREDIT"])
def test_two_who_accept_the_same_goods_give_for_them_once(resolution):
    outcomes = race_over(here(resolution=resolution), accept, accept)
    assert refusals(outcomes) <= {NotInspectable}
    assert (Settlement.objects.count(), told("return.settled")) == (MANY, MANY)
    assert CreditLot.objects.count() == (MANY if resolution == "STORE_CREDIT" else 0)
    check_all()


def test_accepted_against_rejected_has_one_winner():
    outcomes = race_over(here(), accept, reject)
    assert refusals(outcomes) <= {NotInspectable, ReturnNotOpen}
    accepted = ReturnItem.objects.filter(acceptance="ACCEPTED").count()
    assert Settlement.objects.count() == accepted
    assert accepted + ReturnItem.objects.filter(acceptance="REJECTED").count() == MANY
    check_all()


def test_refund_against_exchange_of_one_order_never_gives_more_than_was_paid():
    """Two returns of one order are settled at the same moment, one by money, one by a new order."""
    pairs = []
    for place in range(MANY):
        order = delivered_order([line(quantity=2)], customer=buyer(place))
        one = open_return(order, item(line_of(order)))
        other = open_return(order, item(line_of(order), resolution="EXCHANGE", exchange_sku="TEE-L"))
        receive(one), receive(other)
        pairs.append((one, other))
    outcomes = race_over(pairs, lambda pair: accept(pair[0]), lambda pair: accept(pair[1]))
    assert refusals(outcomes) == set()
    assert {(order.credited, order.paid) for order in Order.objects.filter(made_here=False)} == {
        (Decimal("39.80"), Decimal("39.80"))
    }
    check_all()


def test_a_new_order_cancelled_while_the_old_goods_are_accepted_loses_no_money():
    def cancel_new(made):
        new = Order.objects.get(external_id=f"{made.number}-X1")
        return cancel_order(number=new.number, reason="", by="customer", at=ARRIVED)

    outcomes = race_over(here(resolution="EXCHANGE", exchange_sku="TEE-L"), accept, cancel_new)
    assert refusals(outcomes) == set()
    while ask_gateways(at=ARRIVED):
        pass
    sent = Refund.objects.filter(gateway="sandbox")
    assert sum(sent.values_list("amount", flat=True)) == MANY * Decimal("19.90")
    check_all()


def test_four_workers_bring_money_of_an_exchange_home_once():
    for made in here(resolution="EXCHANGE", exchange_sku="TEE-L"):
        accept(made)
        cancel_order(number=Order.objects.get(external_id=f"{made.number}-X1").number, reason="", by=ADA, at=ARRIVED)
    assert errors_of(run_together(*[lambda: ask_gateways(at=ARRIVED)] * 4)) == []
    while ask_gateways(at=ARRIVED):
        pass
    sent = Refund.objects.filter(gateway="sandbox")
    assert (sent.count(), sum(sent.values_list("amount", flat=True))) == (MANY, MANY * Decimal("19.90"))
    check_all()


def test_two_partners_who_receive_the_same_item_receive_it_once():
    def arrive(made):
        (key,) = made.items.filter(split_from=None).exclude(reception="SURPLUS").values_list("id", flat=True)
        return receive_return(number=made.number, arrivals=[Arrived(key, SKU, Decimal(1))], by=ADA, at=ARRIVED)

    outcomes = race_over(returns(), arrive, arrive)
    assert refusals(outcomes) == set()
    assert ReturnItem.objects.filter(reception="RECEIVED").count() == ReturnItem.objects.count() == MANY
    assert told("return.received") == MANY


def test_advances_at_the_same_moment_stay_under_the_limit_of_all(settings):
    settings.RETURN_ADVANCE_LIMITS = {"EUR": ["1000.00", "100.00"]}
    made = returns(8)
    advance = [lambda each=each: advance_return(number=each.number, by=ADA, at=ARRIVED) for each in made]
    outcomes = run_together(*advance)
    assert {type(error) for error in errors_of(outcomes)} == {AdvanceTooMuch}
    assert Advance.objects.count() == Settlement.objects.count() == 5
    check_all()


def test_an_advance_is_charged_or_forgiven_not_both(settings):
    settings.RETURN_ADVANCE_LIMITS = {"EUR": ["1000.00", "1000.00"]}
    made = returns()
    for each in made:
        advance_return(number=each.number, by=ADA, at=ARRIVED)
    outcomes = race_over(
        list(Advance.objects.values_list("id", flat=True)),
        lambda key: charge_advance(advance_id=key, by=ADA, at=ARRIVED),
        lambda key: forgive_advance(advance_id=key, because="Never mind.", by=ADA, at=ARRIVED),
    )
    assert refusals(outcomes) == {AdvanceEnded}
    charged = Advance.objects.filter(state="CHARGED").count()
    assert charged + Advance.objects.filter(state="FORGIVEN").count() == MANY
    assert Order.objects.filter(credited=0).count() == charged
    check_all()


def test_control_who_looks_whether_it_was_given_and_gives_afterwards_gives_twice():
    looked = Barrier(2)

    def give():
        ((given,),) = say("SELECT given FROM unguarded WHERE id = 1")
        looked.wait(PATIENCE)
        if not given:
            say("UPDATE unguarded SET given = given + 1 WHERE id = 1")

    with unguarded_table(1, given=0):
        assert errors_of(run_together(give, give)) == []
        assert say("SELECT given FROM unguarded") == [(2,)]
