"""What an edit comes to, case by case; what holds of all edits is in tests/properties."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.make.plans import (
    HERE,
    after,
    around,
    choice,
    line_state,
    order_state,
    plan,
    planned,
    rate_row,
    tax_row,
)


def quantity(units, line=1):
    return {"op": "set_quantity", "line": line, "quantity": units}


def swap(sku, line=1, **fields):
    return {"op": "swap_variant", "line": line, "sku": sku} | fields


def add(sku="SOCKS", units=1):
    return {"op": "add_item", "sku": sku, "quantity": units}


def move(**parts):
    return {"op": "change_address", "address": HERE | parts}


def tees(units=2, **fields):
    """Medium tees at 19 % tax, which is in their price."""
    tax = (Decimal("19.90") * units * 19 / 119).quantize(Decimal("0.01"))
    return line_state("TEE-M", units, tax=tax, **fields)


def error_of(order, *operations, using=None):
    outcome = plan(order, *operations, using=using)
    assert outcome.plan is None
    return outcome.errors[0].pointer, outcome.errors[0].code


def reasons_of(order, *operations, using=None):
    return [reason.code for reason in plan(order, *operations, using=using).reasons]


# --- lines ---------------------------------------------------------------------------------------------------


def test_two_medium_become_three_large_in_one_edit():
    order = order_state(tees())
    done = planned(order, swap("TEE-L"), quantity(3))
    assert [(line.id, line.sku, line.quantity, line.unit_price) for line in done.lines] == [
        (1, "TEE-L", 3, Decimal("24.90"))
    ]
    assert done.lines[0].tax == Decimal("11.91")  # in proportion: 6.35 on two, 9.52 on three, × 24.90 / 19.90
    assert done.total == Decimal("74.70")
    assert done == planned(order, quantity(3), swap("TEE-L"))


def test_more_of_another_size_asks_no_stock_of_the_old_one():
    done = planned(order_state(tees()), quantity(5), swap("TEE-L"))
    assert done.wanted == {choice("TEE-L").variant_id: 5}


def test_a_price_that_staff_name_is_that_of_the_new_size():
    price = {"op": "set_unit_price", "line": 1, "unit_price": "10.00"}
    assert planned(order_state(tees()), price, swap("TEE-L")).lines[0].unit_price == Decimal("10.00")


def test_none_of_another_size_is_refused_where_it_was_swapped():
    assert error_of(order_state(tees(), line_state("SOCKS")), swap("TEE-L"), quantity(0)) == (
        "/operations/0/line",
        "line_not_open",
    )


def test_what_has_left_of_a_line_keeps_its_size_and_the_rest_is_counted_and_swapped():
    order = order_state(tees(3, fulfilled=1))
    done = planned(order, swap("TEE-L"), quantity(5))
    assert [(line.sku, line.quantity) for line in done.lines] == [("TEE-M", 1), ("TEE-L", 4)]


def test_one_of_three_leaves_with_its_third_of_discount_and_tax():
    order = order_state(line_state("TEE-M", 3, "10.00", discount="1.00", tax="4.63"))
    (line,) = planned(order, quantity(2)).lines
    assert (line.quantity, line.discount, line.tax) == (2, Decimal("0.67"), Decimal("3.09"))


def test_a_dearer_size_costs_what_it_costs_more_and_is_taxed_at_the_same_rate():
    (line,) = planned(order_state(tees(1)), swap("TEE-L")).lines
    assert (line.sku, line.unit_price, line.tax) == ("TEE-L", Decimal("24.90"), Decimal("3.98"))


def test_a_customer_who_paid_less_than_the_catalogue_asks_keeps_that_advantage():
    (line,) = planned(order_state(line_state("TEE-M", 1, "15.00")), swap("TEE-L")).lines
    assert line.unit_price == Decimal("20.00")


def test_a_size_that_is_cheaper_than_what_is_left_of_the_price_costs_nothing():
    using = around(choice("TEE-M", "19.90"), choice("TEE-S", "1.00"))
    (line,) = planned(order_state(line_state("TEE-M", 1, "5.00")), swap("TEE-S"), using=using).lines
    assert line.unit_price == 0


def test_of_a_line_that_is_split_each_part_bears_its_own_price_and_tax():
    rest, part = planned(order_state(tees(2)), swap("TEE-L", quantity=1)).lines
    assert (rest.sku, rest.quantity, rest.unit_price, rest.tax) == ("TEE-M", 1, Decimal("19.90"), Decimal("3.17"))
    assert (part.sku, part.quantity, part.unit_price, part.tax) == ("TEE-L", 1, Decimal("24.90"), Decimal("3.98"))
    assert (part.id, part.position) == (None, 2)


def test_what_has_left_stays_and_only_the_rest_is_swapped():
    order = order_state(line_state("TEE-M", 3, fulfilled=1, cancelled=1))
    rest, part = planned(order, swap("TEE-S")).lines
    assert (rest.quantity, rest.settled, rest.open) == (2, 2, 0)
    assert (part.quantity, part.settled) == (1, 0)


def test_a_cancelled_line_keeps_what_has_left():
    (rest, _) = planned(
        order_state(line_state("TEE-M", 3, fulfilled=1), line_state("TEE-S")), {"op": "cancel_line", "line": 1}
    ).lines
    assert (rest.quantity, rest.open) == (1, 0)


def test_what_was_free_is_taxed_once_it_costs_something():
    free = line_state("TEE-M", 1, "0.00")
    order = order_state(tees(1), free)
    raised = planned(order, {"op": "set_unit_price", "line": 2, "unit_price": "19.90"}).lines[1]
    assert raised.tax == Decimal("3.18")


def test_a_price_may_be_finer_than_a_cent_its_line_may_not():
    order = order_state(line_state("TEE-M", 3, "1.00"))
    outcome = planned(order, {"op": "set_unit_price", "line": 1, "unit_price": "0.3333"})
    assert (outcome.item_total, outcome.total) == (Decimal("1.00"), Decimal("1.00"))


def test_units_still_to_be_sent_add_up_by_variant():
    order = order_state(
        line_state("TEE-M", 2), line_state("TEE-M", 3, fulfilled=1), line_state("", 1, kind="CUSTOM", variant_id=None)
    )
    outcome = planned(order, add("TEE-M", 1))
    assert list(outcome.wanted.values()) == [5]


# --- what cannot be ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "pointer", "code"),
    [
        (quantity(1, line=9), "/operations/0/line", "unknown_line"),
        (quantity(1, line=2), "/operations/0/line", "line_not_open"),
        (quantity(1, line=3), "/operations/0/quantity", "below_settled"),
        (quantity(1.5), "/operations/0/quantity", "fractional_quantity"),
        (quantity(2, line=4), "/operations/0/quantity", "not_a_product"),
        (swap("TEE-M"), "/operations/0/sku", "same_variant"),
        (swap("SOCKS"), "/operations/0/sku", "other_product"),
        (swap("TEE-L", line=4), "/operations/0/sku", "other_product"),
        (swap("NONE"), "/operations/0/sku", "unknown_sku"),
        (swap("TEE-L", quantity=3), "/operations/0/quantity", "more_than_open"),
        (swap("TEE-L", quantity=0.5), "/operations/0/quantity", "fractional_quantity"),
        (add("NONE"), "/operations/0/sku", "unknown_sku"),
        (add("SOCKS", 0.5), "/operations/0/quantity", "fractional_quantity"),
        ({"op": "change_shipping", "method": "dragon"}, "/operations", "method_not_offered"),
    ],
)
def test_what_cannot_be_done_is_pointed_at(operation, pointer, code):
    gift = line_state("", 1, "5.00", kind="GIFT_CARD", variant_id=None, product_id=None)
    order = order_state(tees(2), line_state("TEE-S", 1, cancelled=1), line_state("TEE-S", 3, fulfilled=2), gift)
    assert error_of(order, operation) == (pointer, code)


def test_all_that_is_wrong_is_told_at_once():
    outcome = plan(order_state(tees()), quantity(1, line=9), add("NONE"))
    assert [error.pointer for error in outcome.errors] == ["/operations/0/line", "/operations/1/sku"]


def test_what_is_not_sold_any_more_or_has_no_price_here_cannot_be_added():
    using = around(choice("TEE-M"), choice("OLD", active=False), choice("FREE", None), choice("US", currency="USD"))
    order = order_state(tees())
    codes = [error_of(order, add(sku), using=using)[1] for sku in ("OLD", "FREE", "US")]
    assert codes == ["not_sold", "no_price", "no_price"]


def test_nothing_left_to_send_is_a_cancellation():
    assert error_of(order_state(tees()), quantity(0)) == ("/operations", "nothing_left")
    shipped = order_state(line_state("TEE-M", 2, fulfilled=1))
    assert error_of(shipped, {"op": "cancel_line", "line": 1}) == ("/operations", "nothing_left")


def test_an_order_larger_than_any_order_can_be_is_refused():
    price = {"op": "set_unit_price", "line": 1, "unit_price": "999999999999.9999"}
    assert error_of(
        order_state(tees()),
        price,
    ) == ("/operations", "amount_too_large")
    assert error_of(order_state(tees()), price | {"unit_price": "900000"}, quantity(1_000_000))[1] == "amount_too_large"


def test_linen_by_the_metre_may_be_changed_by_the_millimetre():
    using = around(choice("LINEN", "12.00", divisible=True))
    order = order_state(line_state("LINEN", "2.5", "12.00"))
    assert planned(order, quantity("1.125"), using=using).total == Decimal("13.50")


# --- money ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "price", "discount", "total"),
    [("EUR", "10.01", "1.01", "19.35"), ("JPY", "1001", "101", "1935"), ("KWD", "10.001", "1.001", "19.335")],
)
def test_a_discount_that_leaves_in_part_leaves_in_whole_minor_units(currency, price, discount, total):
    using = around(choice("TEE-M", price, currency=currency))
    order = order_state(line_state("TEE-M", 3, price), currency=currency, discount=discount)
    assert planned(order, quantity(2), using=using).total == Decimal(total)


def test_an_order_discount_leaves_by_what_lines_cost_after_their_own():
    """The first line costs next to nothing: hardly any of the 20.00 were on it."""
    order = order_state(line_state("TEE-M", 1, "10.00", discount="9.00"), line_state("TEE-S", 1, "100.00"), discount=20)
    assert planned(order, {"op": "cancel_line", "line": 2}).total == Decimal("0.80")


def test_a_discount_that_was_on_shipping_too_never_makes_a_total_negative():
    order = order_state(line_state("TEE-M", 2, "10.00"), shipping="5.00", discount="25.00")
    free = (rate_row("5.00", free_from=Decimal(-10)),)
    assert planned(order, quantity(1)).total == 0
    assert planned(order, quantity(3), using=around(rates=free)).total >= 0


def test_what_was_credited_is_never_more_than_is_left():
    order = replace(order_state(tees(2)), credited=Decimal("30.00"))
    outcome = planned(order, quantity(1))
    assert (outcome.total, outcome.credited, outcome.owed) == (Decimal("19.90"), Decimal("19.90"), 0)


def test_tip_and_duty_stay():
    order = order_state(tees(2), tip="2.00", duty="3.00")
    assert planned(order, quantity(1)).total == Decimal("24.90")


# --- tax -----------------------------------------------------------------------------------------------------


def test_what_is_new_is_taxed_by_the_table_else_like_the_rest():
    order = order_state(tees(2))
    assert planned(order, add()).lines[1].tax == Decimal("1.20")
    assert planned(order, add(), using=replace(around(), taxes=(tax_row(7),))).lines[1].tax == Decimal("0.49")


def test_where_no_rate_explains_the_order_a_person_looks_at_what_is_new():
    odd = order_state(line_state("TEE-M", 1, "10.00", tax="1.60"), line_state("TEE-S", 1, "10.00", tax="0.20"))
    assert reasons_of(odd, add()) == ["tax_unknown"]


def test_the_same_town_is_not_taxed_again():
    order = order_state(line_state("TEE-M", 1, "19.90", tax="1.00"))
    outcome = planned(order, move(line1="Torstr. 2"), using=replace(around(), taxes=(tax_row(19),)))
    assert (outcome.tax_total, outcome.address["line1"]) == (Decimal("1.00"), "Torstr. 2")


def test_in_another_country_everything_is_taxed_by_its_rate():
    using = replace(around(rates=(rate_row("4.90"),)), taxes=(tax_row(20, country="FR"),))
    order = order_state(tees(2), shipping="4.90", shipping_tax="0.78")
    paris = move(city="Paris", postal_code="75001", country="FR")
    assert planned(order, paris, using=using).lines[0].tax == Decimal("6.63")
    assert reasons_of(order, paris, using=using) == []
    assert reasons_of(order, paris) == ["other_tax_area", "no_shipping_rate"]


def test_a_size_whose_price_is_not_known_here_is_looked_at_by_a_person():
    using = around(choice("TEE-M"), choice("TEE-L", "24.90", currency="USD"))
    assert reasons_of(order_state(tees()), swap("TEE-L"), using=using) == ["price_unknown"]
    assert planned(order_state(tees()), swap("TEE-L"), using=using).lines[0].unit_price == Decimal("19.90")


# --- shipping ------------------------------------------------------------------------------------------------


def test_shipping_becomes_free_and_costs_again():
    using = around(rates=(rate_row("4.90", free_from=Decimal(50)),))
    order = order_state(tees(2), shipping="4.90", shipping_tax="0.78")
    free = planned(order, quantity(3), using=using)
    assert (free.shipping_total, free.shipping_tax, free.total) == (0, 0, Decimal("59.70"))
    assert planned(after(order, free), quantity(2), using=using).shipping_total == Decimal("4.90")


def test_heavier_goods_cost_more_to_send():
    steps = (rate_row("4.90", weight_below=500), rate_row("7.90", weight_from=500))
    order = order_state(tees(2), shipping="4.90")
    assert planned(order, quantity(3), using=around(rates=steps)).shipping_total == Decimal("7.90")


def test_another_method_costs_what_the_table_says():
    using = around(rates=(rate_row("9.90", method="express", tax_rate=Decimal("0.19")),))
    outcome = planned(
        order_state(tees(2), shipping="4.90"), {"op": "change_shipping", "method": "express"}, using=using
    )
    assert (outcome.shipping_method, outcome.shipping_total, outcome.shipping_tax) == (
        "express", Decimal("9.90"), Decimal("1.58"),
    )  # fmt: skip


def test_what_the_table_does_not_explain_stays_as_it_was_charged():
    order = order_state(tees(2), shipping="3.33", shipping_tax="0.53")
    outcome = planned(order, quantity(1), using=around(rates=(rate_row("4.90"),)))
    assert (outcome.shipping_total, outcome.shipping_tax) == (Decimal("3.33"), Decimal("0.53"))


# --- contact and the whole -----------------------------------------------------------------------------------


def test_of_the_contact_only_what_is_named_changes():
    outcome = planned(order_state(tees()), {"op": "change_contact", "email": "New@Example.COM"})
    assert (outcome.email, outcome.phone) == ("new@example.com", "")


def test_cancelling_the_order_leaves_nothing_owed():
    outcome = planned(order_state(tees(2), shipping="4.90"), {"op": "cancel_order"})
    assert (outcome.owed, outcome.wanted, outcome.total) == (0, {}, 0)
