"""Which goods their buyer could not give back, before they are bought."""

import pytest

from returns.queries.final_sales import find_final_sales
from tests.make.moments import NOON
from tests.make.orders import placed_order
from tests.make.returns import terms_in_force
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db

SOCKS = (("clothing", "socks"), frozenset())
SEALED = (("home",), frozenset({"sealed"}))
MUG = (("home",), frozenset())
GOODS = {1: SOCKS, 2: SEALED, 3: MUG}
RULES = [
    {},
    {"category": "clothing", "days": 0, "final_sale": "INTIMATE"},
    {"product_tag": "sealed", "days": 0, "final_sale": "PERISHABLE", "country": "DE"},
    {"category": "socks", "customer_tier": "gold"},
]


def test_the_terms_that_would_govern_say_which_and_why():
    terms_in_force(*RULES)
    assert find_final_sales(placed_order(), GOODS, NOON) == {1: "INTIMATE", 2: "PERISHABLE"}


def test_where_it_goes_and_who_buys_count():
    terms_in_force(*RULES)
    order = placed_order()
    order.customer.tier = "Gold"
    order.customer.save()
    type(order).objects.update(country="CH")
    assert find_final_sales(order, GOODS, NOON) == {}


def test_where_nothing_is_a_final_sale_one_statement_says_so():
    terms_in_force({})
    order = placed_order()
    find_final_sales(order, GOODS, NOON)
    with statements_made() as made:
        assert find_final_sales(order, GOODS, NOON) == {}
    assert len(made) == 1


def test_a_shop_without_terms_has_no_final_sales():
    assert find_final_sales(placed_order(), GOODS, NOON) == {}
