"""Whatever is edited, of whatever order: no cent appears, none is lost, and what nobody touched stays."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import orjson
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from oms.money import fits_minor_unit, minor_unit, round_amount
from orders.policies.edits.operations import read_operations
from orders.policies.edits.plan import dump_plan, plan_edit, read_plan
from orders.policies.edits.quotes import judge_settlement
from orders.policies.edits.quoting import tax_on
from orders.policies.totals import Extras, add_up
from tests.make.plans import after, around, choice, line_state, order_state, planned, priced, rate_row, tax_row
from tests.properties.profiles import PURE

SOME = settings(PURE, max_examples=PURE.max_examples // 3)

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD"])
RATES = st.sampled_from([Decimal(0), Decimal("0.07"), Decimal("0.19"), Decimal("0.2")])
PRODUCTS = ("TEE", "CAP", "BAG")
SIZES = ("M", "L")


@st.composite
def catalogues(draw, currency):
    """Three products in two sizes; sizes of one product may differ in price."""
    cents = st.integers(0, 5_000).map(lambda units: units * minor_unit(currency))
    usual = [draw(cents) for _ in PRODUCTS]
    choices = [
        choice(f"{name}-{size}", draw(st.one_of(st.just(price), cents)), product=number, currency=currency)
        for number, (name, price) in enumerate(zip(PRODUCTS, usual, strict=True), start=1)
        for size in SIZES
    ]
    steps = draw(st.sampled_from([(), (rate_row(5, currency=currency, free_from=Decimal(60)),)]))
    taxes = draw(st.sampled_from([(), (tax_row(19),)]))
    return around(*choices, rates=steps, taxes=taxes)


@st.composite
def lines(draw, using, currency, included, rate):
    """One line: any size, a discount within its value, tax at the order's rate; a part of it may have gone."""
    sold = draw(st.sampled_from(list(using.choices.values())))
    quantity = Decimal(draw(st.integers(1, 5)))
    gone = Decimal(draw(st.integers(0, int(quantity) - 1))) if draw(st.booleans()) else Decimal(0)
    value = quantity * sold.price
    discount = round_amount(value * draw(st.sampled_from([0, 0, 1, 3, 10])) / 10, currency)
    tax = tax_on(value - discount, rate, included=included, currency=currency)
    bought = line_state(sold.sku, quantity, sold.price, discount=discount, tax=tax, cancelled=gone)
    return replace(bought, product_id=sold.product_id)


@st.composite
def shops(draw):
    """An order of up to four lines, and what may be drawn on when it is edited."""
    currency, included, rate = draw(CURRENCIES), draw(st.booleans()), draw(RATES)
    using = draw(catalogues(currency))
    bought = draw(st.lists(lines(using, currency, included, rate), min_size=1, max_size=4))
    unit = minor_unit(currency)
    cents = st.integers(0, 1_000).map(lambda units: units * unit)
    shipping = draw(st.sampled_from([Decimal(0), round_amount(Decimal(5), currency), 490 * unit]))
    most = sum(line.value(currency) - line.discount for line in bought) + shipping
    discount = round_amount(most * draw(st.sampled_from([0, 0, 1, 5, 10])) / 10, currency)
    paid_on_top = {name: draw(st.one_of(st.just(Decimal(0)), cents)) for name in ("tip", "duty")}
    tax = tax_on(shipping, rate, included=included, currency=currency)
    extras = {"shipping": shipping, "shipping_tax": tax, "discount": discount} | paid_on_top
    return order_state(*bought, currency=currency, included=included, **extras), using


@st.composite
def edits(draw):
    """An order and operations that can be done to it: at most one a line, some items added."""
    order, using = draw(shops())
    asked = [each for line in order.lines if (each := draw(changes(line, using)))]
    asked += [
        {"op": "add_item", "sku": sku, "quantity": draw(st.integers(1, 4))}
        for sku in draw(st.lists(st.sampled_from(list(using.choices)), max_size=2))
    ]
    assume(asked)
    outcome = plan_edit(order, read_operations(asked), using)
    assume(outcome.plan is not None)
    return order, outcome.plan, asked, using


@st.composite
def changes(draw, line, using):
    sizes = [each.sku for each in using.choices.values() if each.product_id == line.product_id != line.sku]
    others = [sku for sku in sizes if sku != line.sku]
    return draw(
        st.one_of(
            st.none(),
            st.integers(int(line.settled), 7).map(
                lambda units: {"op": "set_quantity", "line": line.id, "quantity": units}
            ),
            st.just({"op": "cancel_line", "line": line.id}),
            st.tuples(st.sampled_from(others), st.integers(1, int(line.open))).map(
                lambda to: {"op": "swap_variant", "line": line.id, "sku": to[0], "quantity": to[1]}
            ),
        )
    )


@SOME
@given(edits())
def test_the_parts_always_add_up_to_the_total(edited):
    order, plan, _, _ = edited
    discount = plan.discount_total - sum(line.discount for line in plan.lines)
    extras = Extras(discount, plan.shipping_total, plan.shipping_tax, order.tip_total, order.duty_total)
    totals = add_up(
        [priced(line) for line in plan.lines], extras, tax_included=order.tax_included, currency=order.currency
    )
    assert (plan.item_total, plan.discount_total) == (totals.items, totals.discounts)
    assert (plan.tax_total, plan.total) == (totals.tax, totals.total)
    assert fits_minor_unit(plan.total, order.currency)


@SOME
@given(edits())
def test_nothing_falls_below_zero_and_no_discount_above_what_it_is_on(edited):
    order, plan, _, _ = edited
    assert min(plan.total, plan.item_total, plan.tax_total, plan.discount_total, plan.credited) >= 0
    for line in plan.lines:
        assert 0 <= line.discount <= line.value(order.currency)
        assert min(line.tax, line.quantity, line.unit_price, line.open) >= 0
    assert plan.credited <= plan.total


@SOME
@given(edits())
def test_lines_that_nobody_touches_keep_every_cent(edited):
    order, plan, asked, _ = edited
    touched = {each.get("line") for each in asked}
    kept = {line.id: line for line in plan.lines}
    assert all(kept[line.id] == line for line in order.lines if line.id not in touched)


@SOME
@given(edits())
def test_the_orders_own_discount_never_grows(edited):
    order, plan, _, _ = edited
    assert 0 <= plan.discount_total - sum(line.discount for line in plan.lines) <= order.extra_discount


@SOME
@given(edits())
def test_units_are_where_the_operations_put_them(edited):
    order, plan, asked, _ = edited
    wanted, bought = Counter(), {line.id: line for line in order.lines}
    for line in order.lines:
        wanted[line.sku] += line.quantity
    for each in asked:
        line = bought.get(each.get("line"))
        if each["op"] == "add_item":
            wanted[each["sku"]] += each["quantity"]
        elif each["op"] == "swap_variant":
            wanted[line.sku] -= each["quantity"]
            wanted[each["sku"]] += each["quantity"]
        else:
            wanted[line.sku] += each.get("quantity", line.settled) - line.quantity
    found = Counter()
    for line in plan.lines:
        found[line.sku] += line.quantity
    assert +found == +wanted


@SOME
@given(edits())
def test_a_stored_plan_is_the_plan(edited):
    _, plan, _, _ = edited
    assert read_plan(orjson.loads(orjson.dumps(dump_plan(plan)))) == plan


@SOME
@given(edits())
def test_who_has_paid_pays_the_difference_or_gets_it_back(edited):
    order, plan, _, _ = edited
    settlement = judge_settlement(order, plan)
    assert settlement.to_pay - settlement.to_get_back == plan.total - order.total
    assert min(settlement.to_pay, settlement.to_get_back) == 0


@SOME
@given(shops())
def test_setting_what_is_there_already_changes_nothing(shop):
    order, using = shop
    same = [{"op": "set_quantity", "line": line.id, "quantity": int(line.quantity)} for line in order.lines]
    plan = planned(order, *same, using=using)
    assert (plan.lines, plan.total, plan.tax_total) == (order.lines, order.total, order.tax_total)
    assert (plan.discount_total, plan.shipping_total) == (order.discount_total, order.shipping_total)
    assert (plan.email, plan.phone, plan.shipping_method) == (order.email, order.phone, order.shipping_method)


def swap(line, sku, **fields):
    return {"op": "swap_variant", "line": line.id, "sku": sku} | fields


@st.composite
def swaps(draw):
    """An order, one of its lines of which all is open, and another size of the same product."""
    order, using = draw(shops())
    whole = [line for line in order.lines if not line.settled]
    assume(whole)
    line = draw(st.sampled_from(whole))
    others = [c.sku for c in using.choices.values() if c.product_id == line.product_id and c.sku != line.sku]
    return order, using, line, draw(st.sampled_from(others))


@SOME
@given(swaps())
def test_swapping_there_and_back_gives_the_order_back(case):
    order, using, line, sku = case
    there = after(order, planned(order, swap(line, sku), using=using))
    assume(there.lines[line.position - 1].unit_price == line.unit_price)
    back = planned(there, swap(line, line.sku), using=using)
    assert (replace(back, address=None).lines, back.total) == (order.lines, order.total)
    assert (back.tax_total, back.discount_total) == (order.tax_total, order.discount_total)


@st.composite
def swaps_and_counts(draw):
    """The same, and how many there shall be of the other size."""
    order, using, line, sku = draw(swaps())
    units = draw(st.integers(1, 7).filter(lambda units: units != line.quantity))
    return order, using, swap(line, sku), {"op": "set_quantity", "line": line.id, "quantity": units}


def sums_of(plan):
    return plan.item_total, plan.discount_total, plan.tax_total, plan.shipping_total, plan.total


@SOME
@given(swaps_and_counts(), st.booleans(), st.randoms(use_true_random=False))
def test_a_line_becomes_the_same_in_whatever_order_it_is_swapped_counted_and_priced(case, priced_too, chance):
    order, using, swapping, counting = case
    price = {"op": "set_unit_price", "line": counting["line"], "unit_price": str(7 * minor_unit(order.currency))}
    asked = [swapping, counting, *([price] if priced_too else [])]
    shuffled = chance.sample(asked, len(asked))
    assert planned(order, *shuffled, using=using) == planned(order, *asked, using=using)


@SOME
@given(swaps_and_counts())
def test_counting_and_swapping_in_one_edit_is_counting_and_then_swapping(case):
    order, using, swapping, counting = case
    using = replace(using, rates=())  # the edit in between may bring a charge into the table, or out of it
    assume(not order.extra_discount)  # it goes with what leaves and does not come back: two edits may shrink it twice
    halfway = after(order, planned(order, counting, using=using))
    one, then = planned(order, swapping, counting, using=using), planned(halfway, swapping, using=using)
    assert (one.lines, sums_of(one), one.wanted) == (then.lines, sums_of(then), then.wanted)
    assert judge_settlement(order, one).to_get_back == judge_settlement(halfway, then).to_get_back


@SOME
@given(swaps_and_counts())
def test_swapping_and_then_counting_gives_the_same_goods_and_where_prices_are_equal_the_same_money(case):
    order, using, swapping, counting = case
    using = replace(using, rates=())
    assume(not order.extra_discount)
    then = planned(after(order, planned(order, swapping, using=using)), counting, using=using)
    one = planned(order, swapping, counting, using=using)
    assert one.wanted == then.wanted
    assert [(line.sku, line.unit_price) for line in one.lines] == [(line.sku, line.unit_price) for line in then.lines]
    before = next(line for line in order.lines if line.id == counting["line"])
    if using.choices[before.sku].price == using.choices[swapping["sku"]].price:
        assert (one.lines, sums_of(one)) == (then.lines, sums_of(then))


@SOME
@given(swaps(), st.data())
def test_splitting_a_line_loses_no_cent_of_discount_or_tax(case, data):
    order, using, line, sku = case
    assume(line.quantity > 1 and using.choices[sku].price == using.choices[line.sku].price)
    units = data.draw(st.integers(1, int(line.quantity) - 1))
    plan = planned(order, swap(line, sku, quantity=units), using=using)
    rest, part = plan.lines[line.position - 1], plan.lines[-1]
    assert (rest.quantity, part.quantity) == (line.quantity - units, units)
    assert (rest.discount + part.discount, rest.tax + part.tax) == (line.discount, line.tax)
    assert plan.total == order.total


@SOME
@given(swaps(), st.data())
def test_what_stays_of_a_split_line_does_not_pay_for_the_part_that_left(case, data):
    order, using, line, sku = case
    assume(line.quantity > 1)
    units = data.draw(st.integers(1, int(line.quantity) - 1))
    rest = planned(order, swap(line, sku, quantity=units), using=using).lines[line.position - 1]
    share = rest.quantity / line.quantity
    unit = minor_unit(order.currency)
    assert abs(rest.tax - line.tax * share) <= unit
    assert abs(rest.discount - line.discount * share) <= unit


@SOME
@given(shops(), st.data())
def test_more_of_a_line_never_costs_less(shop, data):
    order, using = shop
    line = data.draw(st.sampled_from(order.lines))
    fewer = data.draw(st.integers(max(int(line.settled), 1), 6))
    totals = [
        planned(order, {"op": "set_quantity", "line": line.id, "quantity": units}, using=replace(using, rates=())).total
        for units in (fewer, fewer + 1)
        if units > line.settled
    ]
    assert totals == sorted(totals)
