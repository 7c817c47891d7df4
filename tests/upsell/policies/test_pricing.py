from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upsell.policies.pricing import Item, Terms, find_margin, price_offer


def item(price, quantity=1, cost=None):
    return Item(
        variant_id=1,
        sku="SOCKS",
        title="Socks",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        unit_cost=None if cost is None else Decimal(cost),
    )


def priced(kind, amount, *items, currency="EUR"):
    found = price_offer(Terms(kind, Decimal(amount)), items, currency)
    return str(found.price), [str(each.discount) for each in found.items]


@pytest.mark.parametrize(
    ("kind", "amount", "price", "discounts"),
    [
        ("NONE", 0, "15.00", ["0"]),
        ("PERCENTAGE", 15, "12.75", ["2.25"]),
        ("PERCENTAGE", 100, "0.00", ["15.00"]),
        ("AMOUNT", 2, "11.00", ["4.00"]),
        ("AMOUNT", 20, "0.00", ["15.00"]),
        ("FREE_SHIPPING", 0, "15.00", ["0"]),
    ],
)
def test_two_pairs_at_seven_fifty(kind, amount, price, discounts):
    assert priced(kind, amount, item("7.50", 2)) == (price, discounts)


def test_a_bundles_saving_is_split_to_the_last_cent():
    assert priced("BUNDLE_PRICE", "20", item("9.99"), item("9.99"), item("9.99")) == ("20.00", ["3.33", "3.32", "3.32"])


def test_a_bundle_that_would_cost_more_than_its_parts_costs_what_they_do():
    assert priced("BUNDLE_PRICE", "50", item("9.99"), item("5.00")) == ("14.99", ["0.00", "0.00"])


def test_yen_have_no_cents():
    assert priced("PERCENTAGE", 15, item("333"), currency="JPY") == ("283", ["50"])


@given(
    st.sampled_from(["NONE", "PERCENTAGE", "AMOUNT", "BUNDLE_PRICE", "FREE_SHIPPING"]),
    st.decimals(0, 100, places=2),
    st.lists(st.tuples(st.decimals(0, 500, places=2), st.integers(1, 5)), min_size=1, max_size=5),
    st.sampled_from(["EUR", "JPY", "KWD"]),
)
def test_discounts_add_up_and_nothing_costs_less_than_nothing(kind, amount, items, currency):
    found = price_offer(Terms(kind, amount), [item(price, quantity) for price, quantity in items], currency)
    assert found.saving == sum(each.discount for each in found.items)
    for each in found.items:
        value = each.item.quantity * each.item.unit_price
        assert each.discount >= 0
        assert each.discount <= value + Decimal("0.5")
    assert found.price >= 0


def test_the_margin_is_of_the_price_without_tax():
    bundle = price_offer(Terms("BUNDLE_PRICE", Decimal("23.80")), [item("20", cost="8"), item("10", cost="4")], "EUR")
    assert find_margin(bundle, tax_share=Decimal(19) / 119) == pytest.approx(Decimal("0.4"))
    assert find_margin(price_offer(Terms(), [item("20")], "EUR"), tax_share=Decimal(0)) is None
