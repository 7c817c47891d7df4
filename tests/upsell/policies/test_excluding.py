"""Why something is not offered: the first reason, with what it is seen by."""

from decimal import Decimal

import pytest

from tests.make.moments import NOON
from upsell.choices import DiscountKind, Exclusion
from upsell.policies.excluding import CandidateFacts, CandidateRules, find_margin, judge_candidate

FACTS = {
    "variant_id": 1,
    "product_id": 1,
    "sku": "KETTLE",
    "title": "Kettle",
    "price": Decimal("20.00"),
    "unit_cost": Decimal("8.00"),
    "left": Decimal(5),
}


def judge(rules=None, **facts):
    return judge_candidate(CandidateFacts(**FACTS | facts), CandidateRules(currency="EUR", **rules or {}))


def test_what_nothing_stands_against_is_offered():
    assert judge() is None
    assert judge({"margin_floor": Decimal("0.5"), "stock_floor": Decimal(4)}) is None


@pytest.mark.parametrize(
    ("facts", "reason", "said"),
    [
        ({"in_order": "KETTLE-RED"}, Exclusion.IN_ORDER, {"sku": "KETTLE-RED"}),
        ({"product_type": " Gift card "}, Exclusion.NOT_A_PRODUCT, {"product_type": " Gift card "}),
        ({"tags": frozenset({"no-offers"})}, Exclusion.NOT_A_PRODUCT, {"tag": "no-offers"}),
        ({"sold": False}, Exclusion.NOT_SOLD, {}),
        ({"price": None}, Exclusion.NO_PRICE, {"currency": "EUR"}),
        ({"price": Decimal(0)}, Exclusion.NO_PRICE, {"currency": "EUR"}),
        ({"dismissed_at": NOON}, Exclusion.DISMISSED, {"at": NOON.isoformat()}),
        ({"refused_kind": "Kitchen"}, Exclusion.KIND_REFUSED, {"category": "Kitchen"}),
        ({"returned_at": NOON}, Exclusion.RETURNED_BEFORE, {"bought_at": NOON.isoformat()}),
        ({"final_sale": "INTIMATE"}, Exclusion.FINAL_SALE, {"because": "INTIMATE"}),
        ({"seen": 5.04}, Exclusion.IGNORED, {"seen": 5.0, "times": 5}),
        ({"left": Decimal("0.5")}, Exclusion.OUT_OF_STOCK, {"left": "0.5"}),
    ],
)
def test_each_reason_is_named_with_its_facts(facts, reason, said):
    judged = judge(**facts)
    assert (judged.reason, judged.facts) == (reason, said)


def test_what_was_seen_less_often_than_the_limit_is_offered():
    assert judge(seen=4.9) is None


def test_the_last_units_stay_on_the_shelf_where_a_campaign_wants_it():
    judged = judge({"stock_floor": Decimal(5)})
    assert (judged.reason, judged.facts) == (Exclusion.BELOW_STOCK_FLOOR, {"left": "5", "floor": "5"})


@pytest.mark.parametrize(
    ("kind", "discount", "share"),
    [
        (DiscountKind.NONE, 0, Decimal("0.6")),
        (DiscountKind.PERCENTAGE, 50, Decimal("0.2")),
        (DiscountKind.AMOUNT, 10, Decimal("0.2")),
        (DiscountKind.AMOUNT, 25, Decimal(-1)),
        (DiscountKind.FREE_SHIPPING, 0, Decimal("0.6")),
    ],
)
def test_a_margin_is_of_what_is_paid_after_the_discount(kind, discount, share):
    rules = CandidateRules(currency="EUR", discount_kind=kind, discount=Decimal(discount))
    assert find_margin(CandidateFacts(**FACTS), rules) == share


def test_a_margin_is_without_the_tax_inside_the_price():
    rules = CandidateRules(currency="EUR", tax_share=Decimal("0.2"))
    assert find_margin(CandidateFacts(**FACTS), rules) == Decimal("0.5")


def test_where_a_margin_is_asked_for_and_the_cost_is_unknown_nothing_is_risked():
    judged = judge({"margin_floor": Decimal("0.1")}, unit_cost=None)
    assert (judged.reason, judged.facts) == (Exclusion.BELOW_MARGIN_FLOOR, {"margin": None, "floor": "0.1"})
