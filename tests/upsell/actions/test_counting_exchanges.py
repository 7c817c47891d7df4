"""What is exchanged stands in the stead of what came back for it: on the offer's account, and on its order's."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from inventory.models import Variant
from orders.actions.cancelling import cancel_order
from orders.actions.releasing import end_edit_window
from orders.models import Order, OrderLine
from tests.make.edits import LARGE, SMALL, SOCKS, SOON, edit, open_shop, rate, set_quantity, swap
from tests.make.fulfillments import fulfillment, route, ship
from tests.make.gateways import pay_more
from tests.make.moments import ADA, NOON, ONE_DAY, ONE_HOUR, ONE_MINUTE
from tests.make.orders import line, placed_order
from tests.make.returns import deliver, item, line_of, open_return, terms_in_force
from tests.make.settled import come_back, pay_back
from tests.make.upsell import accept, offered, ten_percent
from tests.make.ways_back import react
from upsell.actions.counting import count_behind
from upsell.models import Exposure, Offer
from upsell.queries.standing import read_standing

pytestmark = pytest.mark.django_db

LATER = NOON + 5 * ONE_DAY


def test_another_size_of_what_was_offered_still_counts_for_the_offer():
    offer = tee_delivered()
    before = figures(offer), exposed(offer.order)

    found = send_for(offer, LARGE)
    react()
    assert figures(offer) == before[0]
    assert exposed(offer.order) == before[1]  # the old one counts until it is here, the new one from then on
    come_back(found, at=LATER)
    react()

    assert figures(offer) == before[0] == ("1.000", "17.91", "9.91")
    assert exposed(offer.order) == before[1]
    assert_proven()


def test_something_dearer_instead_counts_at_its_own_price_once_that_is_paid():
    offer = tee_delivered(large_price="29.90")
    before = exposed(offer.order)

    come_back(send_for(offer, LARGE), at=LATER)
    react()
    assert exposed(offer.order) == before
    pay_more(new_order(), "10.00", at=LATER)
    react()

    assert figures(offer) == ("1.000", "27.91", "19.91")
    assert exposed(offer.order) == before + 10
    assert_proven()


def test_an_exchange_that_is_sent_back_itself_brings_nothing_any_more():
    offer = tee_delivered()
    before = exposed(offer.order)
    come_back(send_for(offer, LARGE), at=LATER)
    send(new_order(), at=LATER)

    back = open_return(new_order(), item(line_of(new_order()), resolution="STORE_CREDIT"), at=LATER + 2 * ONE_DAY)
    come_back(back, at=LATER + 3 * ONE_DAY)
    react()

    assert figures(offer) == ("0.000", "0.00", "0.00")
    assert Exposure.objects.get().given == Decimal("1.79")
    assert exposed(offer.order) == before - Decimal("17.91") - Decimal("1.79")
    assert_proven()


def test_an_exchange_that_is_cancelled_brings_nothing_and_its_first_order_bears_it():
    offer = tee_delivered()
    before = exposed(offer.order)
    come_back(send_for(offer, LARGE), at=LATER)
    cancel_order(number=new_order().number, reason="", by=ADA, at=LATER)
    react()
    pay_back(at=LATER)
    react()

    assert figures(offer) == ("0.000", "0.00", "0.00")
    assert exposed(offer.order) == before - Decimal("17.91")
    assert_proven()


def test_an_exchange_is_on_the_side_of_its_first_order_and_no_order_of_its_own():
    offer = tee_delivered()
    Exposure.objects.update(group="HOLDOUT")
    send_for(offer, LARGE)
    Order.objects.filter(made_here=True).update(customer=None)  # whoever is nobody would fall on a side by its number

    standing = read_standing(new_order(), at=LATER)

    assert standing.groups == {offer.campaign_id: "HOLDOUT"}


def test_a_lost_reaction_to_an_exchange_is_made_good_by_the_sweep():
    offer = tee_delivered(large_price="29.90")
    come_back(send_for(offer, LARGE), at=LATER)
    react()
    now = LATER + ONE_DAY
    count_behind(since=NOON, at=now)
    pay_more(new_order(), "10.00", at=now + ONE_HOUR)
    before = exposed(offer.order)

    assert count_behind(since=NOON, at=now + 2 * ONE_HOUR) == 1

    assert exposed(offer.order) == before + 10
    assert count_behind(since=NOON, at=now + 2 * ONE_HOUR) == 0


def test_a_part_of_an_offer_that_is_swapped_before_it_is_sent_still_counts():
    offer = tee_taken()
    edit(offer.order, set_quantity(offer.order, 2, of=SMALL), at=SOON + ONE_MINUTE)
    edit(offer.order, swap(offer.order, LARGE, of=SMALL, quantity=1), at=SOON + 2 * ONE_MINUTE)
    react()

    first, second = offer.order.lines.filter(sku__in=[SMALL, LARGE]).order_by("position")
    assert (second.follows, second.offer_item) == (first, None)
    assert figures(offer)[0] == "2.000"
    assert_proven()


def tee_taken(*, large_price="19.90", **fields):
    """Socks, and a small tee that was offered with them at ten per cent less: 17.91; no taxes anywhere."""
    terms_in_force({"credit_rate": 110})
    rate("4.90")
    open_shop(large_price=large_price)
    Variant.objects.exclude(sku=SOCKS).update(unit_cost="8.00")
    Variant.objects.filter(sku=SOCKS).update(unit_cost="2.50")
    ten_percent(SMALL, **fields)
    order = placed_order([line(SOCKS)], shipping={"method": "standard", "amount": "4.90"}, payment=None)
    offer = offered(order)
    accept(offer)
    react()
    return offer


def tee_delivered(**fields):
    offer = tee_taken(**fields)
    order = Order.objects.get(pk=offer.order_id)
    pay_more(order, str(order.total.quantize(Decimal("0.01"))))
    end_edit_window(number=order.number, by=ADA, at=SOON)
    send(order, at=SOON)
    react()
    return offer


def send(order, *, at):
    route(at=at)
    ship(fulfillment(order).number, at=at + ONE_HOUR)
    deliver(order, at=at + 2 * ONE_HOUR)


def send_for(offer, sku):
    """The tee comes back, and something else is wanted for it."""
    tee = OrderLine.objects.get(order=offer.order, offer_item__isnull=False)
    return open_return(offer.order, item(tee, resolution="EXCHANGE", exchange_sku=sku), at=NOON + 3 * ONE_DAY)


def new_order():
    return Order.objects.get(made_here=True)


def figures(offer):
    now = Offer.objects.get(pk=offer.pk)
    return str(now.kept_quantity), f"{now.net_revenue:.2f}", f"{now.net_margin:.2f}"


def exposed(order):
    return Exposure.objects.get(order=order).net_revenue


def assert_proven():
    said = StringIO()
    call_command("verify_figures", stdout=said)
    assert "are what their orders say" in said.getvalue()
