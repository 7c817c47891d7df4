"""What offers brought is counted anew as it changes."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from inventory.models import Variant
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.intake.refunding import record_refunds
from orders.actions.releasing import end_edit_window
from orders.channels.incoming import IncomingRefund
from orders.models import Order
from tests.make.edits import MEDIUM, SOCKS, SOON, cancel_line, edit, open_shop, order_of_tees, rate, set_quantity
from tests.make.fulfillments import fulfillment, route, ship
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.returns import deliver, item, open_return, terms_in_force
from tests.make.settled import come_back
from tests.make.upsell import accept, offered, running_campaign, show, ten_percent
from tests.make.ways_back import react
from upsell.actions.counting import count_behind, count_net
from upsell.models import Exposure, Offer

pytestmark = pytest.mark.django_db

D = Decimal
COSTS = {MEDIUM: "8.00", SOCKS: "2.50"}


def test_what_is_taken_brings_its_price_without_tax_less_its_cost():
    offer = socks_taken()

    assert figures(offer) == ("1.000", "5.67", "3.17")


def test_taking_more_or_fewer_of_it_later_counts():
    offer = socks_taken()

    change(offer, lambda order: set_quantity(order, 3, of=SOCKS))

    assert figures(offer) == ("3.000", "18.27", "10.77")  # 21.75 less 3.48: as 1.08 of tax is to 6.75


def test_what_was_taken_and_given_up_again_brings_nothing():
    offer = socks_taken()

    change(offer, lambda order: cancel_line(order, of=SOCKS))

    assert figures(offer) == ("0.000", "0.00", "0.00")


def test_a_cancelled_order_brings_nothing_on_either_side():
    offer = socks_taken(holdout_share=0)

    cancel_order(number=offer.order.number, reason="", by=ADA, at=SOON)
    react()

    assert figures(offer) == ("0.000", "0.00", "0.00")
    assert exposed(offer.order)[1:] == ("0.00", "0.00", "0.00")


def test_an_order_brings_its_total_without_tax_and_what_it_was_worth_before_stays():
    offer = socks_taken()

    assert exposed(offer.order) == ("37.57", "43.24", "24.74", "0.00")


def test_what_is_on_its_way_back_is_not_kept_and_credit_costs_its_bonus():
    offer = delivered_with_socks(credit_rate=120)
    line = offer.order.lines.get(sku=SOCKS)

    found = open_return(offer.order, item(line, resolution="STORE_CREDIT"), at=NOON + 5 * ONE_DAY)
    react()
    assert figures(offer) == ("0.000", "0.00", "0.00")
    assert exposed(offer.order)[1] == "43.24"
    come_back(found, at=NOON + 6 * ONE_DAY)
    react()

    (settled,) = found.settlements.all()
    order = Order.objects.get(pk=offer.order.pk)
    without_tax = 1 - order.tax_total / order.total
    assert settled.bonus == D("1.35")
    assert order.credited == settled.given
    expected = (order.total - order.credited) * without_tax - D("1.35")
    assert exposed(order)[1] == f"{expected:.2f}"
    assert exposed(order)[3] == "1.35"


def test_what_is_given_back_out_of_goodwill_is_borne_by_all_that_is_left():
    offer = delivered_with_socks()
    order = Order.objects.get(pk=offer.order.pk)
    body = {"external_id": "r1", "amount": "10.29", "refunded_at": NOON.isoformat()}
    refund = IncomingRefund.model_validate(body)

    run_transaction(lambda: record_refunds(Order.objects.locked(order.number), [refund], by=ADA, at=NOON + ONE_DAY))
    react()

    assert figures(offer) == ("1.000", "4.54", "2.04")  # 10.29 of 51.45: a fifth


def test_the_holdout_is_counted_like_everybody_else():
    open_shop()
    order = order_of_tees(payment=None)
    campaign = running_campaign(holdout_share="0.9", salt="a")
    while not Exposure.objects.filter(group="HOLDOUT").exists():
        Exposure.objects.all().delete()
        campaign.salt += "a"
        campaign.save()
        show(order)

    edit(order, set_quantity(order, 1))
    react()

    assert not Offer.objects.exists()
    assert exposed(order) == ("37.57", f"{_without_tax(order):.2f}", None, "0.00")


def test_a_cost_nobody_knows_leaves_the_margin_empty():
    offer = socks_taken(costs={SOCKS: None, MEDIUM: "8.00"})

    assert figures(offer) == ("1.000", "5.67", None)


def test_a_lost_reaction_is_made_good_by_the_sweep():
    offer = socks_taken()
    order = Order.objects.get(pk=offer.order.pk)
    edit(order, cancel_line(order, of=SOCKS), at=SOON)
    assert figures(offer) == ("1.000", "5.67", "3.17")

    assert count_behind(since=NOON, at=SOON + ONE_HOUR) == 1

    assert figures(offer) == ("0.000", "0.00", "0.00")
    assert count_behind(since=NOON, at=SOON + ONE_HOUR) == 0


def test_many_orders_are_counted_by_as_many_statements_as_one(django_assert_num_queries):
    offers = [socks_taken() for _ in range(3)]

    with django_assert_num_queries(6):  # a savepoint and its release among them
        count_net([offer.order_id for offer in offers], at=SOON)


def test_an_order_without_offers_is_not_looked_at(django_assert_num_queries):
    open_shop()
    order = order_of_tees()

    with django_assert_num_queries(4):
        assert count_net([order.pk], at=SOON) == 0


def test_figures_that_somebody_changed_by_hand_are_found_and_counted_anew():
    offer = socks_taken()
    said = StringIO()
    call_command("verify_figures", stdout=said)
    assert "1 accepted offers and 1 exposures are what their orders say" in said.getvalue()
    Offer.objects.update(net_revenue=99)

    with pytest.raises(CommandError, match="1 differ"):
        call_command("verify_figures", stdout=said)
    assert f"offer {offer.pk}" in said.getvalue()
    assert "noted 99.0000, 3.1700, 1.000; by its order 5.67, 3.17, 1.000" in said.getvalue()
    call_command("verify_figures", "--repair", stdout=said)

    assert figures(offer) == ("1.000", "5.67", "3.17")


def socks_taken(*, costs=COSTS, **fields):
    """An unpaid order of two tees whose customer took a pair of socks at ten per cent less."""
    if not Variant.objects.exists():
        open_shop(units=40)
        ten_percent(**fields)
    for sku, cost in costs.items():
        Variant.objects.filter(sku=sku).update(unit_cost=cost)
    offer = offered(order_of_tees(payment=None))
    accept(offer)
    react()
    return offer


def delivered_with_socks(**terms):
    """The same, paid with the socks on it, and delivered two days later."""
    terms_in_force(terms)
    rate("4.90")
    open_shop()
    ten_percent()
    for sku, cost in COSTS.items():
        Variant.objects.filter(sku=sku).update(unit_cost=cost)
    order = order_of_tees(payment=None)
    offer = offered(order)
    accept(offer)
    pay_more(order, "51.45")
    end_edit_window(number=order.number, by=ADA, at=SOON)
    route(at=SOON)
    ship(fulfillment(order).number, at=SOON + ONE_HOUR)
    deliver(order, at=NOON + 2 * ONE_DAY)
    react()
    return offer


def change(offer, operation):
    order = Order.objects.get(pk=offer.order.pk)
    edit(order, operation(order), at=SOON + ONE_MINUTE)
    react()


def figures(offer):
    now = Offer.objects.get(pk=offer.pk)
    said = [now.net_revenue, now.net_margin]
    return (str(now.kept_quantity), *(None if each is None else f"{each:.2f}" for each in said))


def exposed(order):
    now = Exposure.objects.get(order=order)
    said = [now.baseline, now.net_revenue, now.net_margin, now.given]
    return tuple(None if each is None else f"{each:.2f}" for each in said)


def _without_tax(order):
    now = Order.objects.get(pk=order.pk)
    return now.total - now.tax_total
