"""What is left of an order and of its offers."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from upsell.policies.netting import SoldLine, SoldOrder, net_offer, net_order

D = Decimal


def line(price="19.90", quantity=1, *, left=None, discount="0", tax="0", cost="8.00", offer=None):
    units = D(quantity)
    kept = units if left is None else D(left)
    return SoldLine(units, kept, D(price), D(discount), D(tax), None if cost is None else D(cost), offer)


def order(*lines, total, tax="0", discount="0", credited="0", given="0", tax_included=True, currency="EUR"):
    amounts = [D(each) for each in (total, tax, discount, credited, given)]
    return SoldOrder(currency, tax_included, *amounts, lines)


def test_an_order_brings_its_total_without_tax_and_margin_is_less_its_costs():
    net = net_order(order(line(quantity=2, tax="6.35"), total="44.70", tax="7.13"))

    assert (net.revenue, net.margin, net.kept) == (D("37.57"), D("21.57"), 2)


def test_what_was_credited_and_the_bonus_on_it_is_not_brought():
    net = net_order(order(line(quantity=2, left=1), total="40.00", tax="4.00", credited="20.00", given="2.00"))

    assert (net.revenue, net.margin) == (D("16.00"), D("8.00"))


def test_a_cancelled_order_brings_nothing_and_costs_nothing():
    net = net_order(order(line(left=0), total="19.90", tax="3.18", credited="19.90"))

    assert (net.revenue, net.margin, net.kept) == (D("0.00"), D("0.00"), 0)


def test_the_margin_is_not_known_while_the_cost_of_something_kept_is_not():
    assert net_order(order(line(cost=None), total="19.90")).margin is None
    assert net_order(order(line(cost=None, left=0), total="19.90", credited="19.90")).margin == 0


def test_an_offer_brings_what_its_line_cost_after_the_discount_and_without_the_tax_in_it():
    taken = line(discount="1.99", tax="2.86", offer=5)

    net = net_offer(order(line(tax="3.18"), taken, total="37.81", tax="6.04", discount="1.99"), [taken], waived=None)

    assert (net.revenue, net.margin, net.kept) == (D("15.05"), D("7.05"), 1)


def test_tax_on_top_is_no_part_of_the_price():
    taken = line(tax="1.00", offer=5)

    net = net_offer(order(taken, total="20.90", tax="1.00", tax_included=False), [taken], waived=None)

    assert net.revenue == D("19.90")


def test_an_offer_bears_its_share_of_the_orders_own_discount():
    taken = line("30.00", offer=5)

    net = net_offer(order(line("10.00"), taken, total="32.00", discount="8.00"), [taken], waived=None)

    assert net.revenue == D("24.00")


def test_units_that_came_back_are_not_kept():
    taken = line("10.00", 3, left=1, offer=5)

    net = net_offer(order(taken, total="30.00", credited="20.00"), [taken], waived=None)

    assert (net.revenue, net.margin, net.kept) == (D("10.00"), D("2.00"), 1)


def test_what_was_given_back_for_no_unit_is_borne_by_all_that_is_left():
    taken = line("30.00", offer=5)

    net = net_offer(order(line("10.00"), taken, total="40.00", credited="10.00"), [taken], waived=None)

    assert net.revenue == D("22.50")


def test_shipping_that_an_offer_took_off_is_what_it_cost():
    taken = line("3.00", tax="0.48", offer=5)
    whole = order(line("40.00", tax="6.39"), taken, total="43.00", tax="6.87")

    assert net_offer(whole, [taken], waived=D("4.90")).revenue == D("-1.60")
    gone = replace(taken, left=D(0))
    cancelled = replace(whole, lines=(whole.lines[0], gone), credited=D("3.00"))
    assert net_offer(cancelled, [gone], waived=D("4.90")).revenue == 0


def test_yen_have_no_cents():
    taken = line("333", 3, left=2, discount="100", offer=5)

    assert net_offer(order(taken, total="899", discount="100", currency="JPY"), [taken], waived=None).revenue == D(599)


amounts = st.decimals(0, 500, places=2)
lines = st.builds(
    lambda price, quantity, gone, discount, tax: SoldLine(
        D(quantity), D(max(quantity - gone, 0)), price, discount * price * quantity / 100, D(0), D(1), tax
    ),
    *[amounts, st.integers(1, 5), st.integers(0, 5), st.integers(0, 50), st.sampled_from([None, 1])],
)


@given(st.lists(lines, min_size=1, max_size=6), st.integers(0, 100))
def test_offers_never_bring_more_than_their_order_and_nothing_kept_brings_nothing(sold, percent):
    price = sum((round(each.quantity * each.unit_price - each.discount, 2) for each in sold), D(0))
    gone = sum((1 - each.left / each.quantity) * (each.quantity * each.unit_price - each.discount) for each in sold)
    whole = order(*sold, total=price, credited=min(D(gone) + price * percent / 100, price))
    taken = [each for each in sold if each.offer]

    net = net_offer(whole, taken, waived=None)

    assert -D("0.01") <= net.revenue <= net_order(whole).revenue + D("0.05")
    if not any(each.left for each in taken):
        assert net.revenue == 0
