"""Asking for a return: what is kept, what is claimed, what is announced."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from oms.errors import Invalid
from oms.models import EventRecord
from orders.models import Order
from returns.choices import Method
from returns.errors import NotReturnable, NotThatManyToReturn
from returns.models import AbuseScore, Return
from tests.make.carriers import house
from tests.make.moments import ONE_DAY, ONE_MINUTE
from tests.make.orders import BERLIN, line, open_holds
from tests.make.returns import (
    ASKED,
    BOUGHT,
    ask_return,
    delivered_order,
    item,
    line_of,
    node,
    rule,
    sent_order,
    sizes,
    terms_in_force,
    told,
)
from tests.make.stock import available, stocked_variant

pytestmark = pytest.mark.django_db


def test_a_return_bears_the_number_of_its_order_and_its_place():
    stocked_variant(on_hand=5)
    order = delivered_order([line(quantity=3)])
    first, second = ask_return(order), ask_return(order)
    assert [first.number, second.number] == [f"{order.number}-R1", f"{order.number}-R2"]


def test_what_the_rules_approve_is_open_and_its_units_are_claimed():
    terms_in_force({})
    house()
    order = delivered_order()
    made = ask_return(order)

    assert (made.status, made.method, made.decided_at) == ("OPEN", "PREPAID_LABEL", ASKED)
    assert made.expires_at == ASKED + 30 * ONE_DAY
    (kept,) = made.items.all()
    assert (kept.quantity, kept.value, kept.reception, kept.acceptance) == (1, Decimal("19.90"), "AWAITING", "PENDING")
    assert line_of(order).returned_quantity == 1
    assert told(made) == ["return.requested", "return.approved"]
    assert AbuseScore.objects.get(of=made).points == 0


def unchanged(order):
    """Nothing was asked for, claimed or told."""
    claimed = set(order.lines.values_list("returned_quantity", flat=True))
    return not Return.objects.exists() and claimed == {0} and not records().exists()


def records():
    return EventRecord.objects.filter(subject_kind="return")


def faults_of(refusal):
    return [(error.pointer, error.code) for error in refusal.value.errors]


def test_what_a_rule_declines_is_told_why_and_claims_nothing():
    terms_in_force({})
    rule("DECLINE", explanations={"en": "Not from there.", "zh-hans": "当地不支持。"}, conditions={"country": ["US"]})
    order = delivered_order(shipping_address=BERLIN | {"country": "US", "province": "NY", "postal_code": "10001"})
    made = ask_return(order)

    assert (made.status, made.explanation, made.ended_at) == ("DECLINED", "Not from there.", ASKED)
    assert line_of(order).returned_quantity == 0
    assert told(made) == ["return.requested", "return.refused"]


def test_a_rule_that_would_decline_what_the_law_grants_calls_a_person():
    rule("DECLINE")
    made = ask_return(delivered_order())
    assert (made.status, made.decision["verdict"], made.expires_at) == ("REQUESTED", "REVIEW", None)
    assert told(made) == ["return.requested"]


def test_after_the_window_it_is_refused_with_the_day_that_was_the_last():
    terms_in_force({"days": 30})
    order = delivered_order()
    with pytest.raises(NotReturnable) as refusal:
        ask_return(order, at=BOUGHT + 40 * ONE_DAY)

    (said,) = refusal.value.lines
    assert (said["code"], said["ended_on"]) == ("window_closed", "2026-12-16")
    assert unchanged(order)


def test_what_has_not_arrived_is_withdrawn_from_and_not_returned():
    order = sent_order()
    with pytest.raises(NotReturnable):
        ask_return(order, at=BOUGHT + 80 * ONE_DAY)
    made = ask_return(order, kind="WITHDRAWAL", at=BOUGHT + ONE_DAY)
    assert (made.status, made.withdrawn_at) == ("OPEN", BOUGHT + ONE_DAY)
    assert told(made) == ["return.requested", "return.withdrawal_acknowledged", "return.approved"]


def test_a_claim_may_come_after_any_window_and_waits_for_a_person():
    order = delivered_order()
    late = BOUGHT + 90 * ONE_DAY
    with pytest.raises(NotReturnable):
        ask_return(order, item(line_of(order)), kind="CLAIM", at=late)
    made = ask_return(order, item(line_of(order), reason="defective"), kind="CLAIM", at=late, source="STAFF")
    assert (made.status, made.kind) == ("REQUESTED", "CLAIM")


def test_a_late_claim_is_looked_at_by_a_person_whatever_a_rule_says():
    rule("KEEP_IT")
    order = delivered_order()
    made = ask_return(
        order, item(line_of(order), reason="defective"), kind="CLAIM", at=BOUGHT + 90 * ONE_DAY, source="STAFF"
    )
    assert (made.status, made.decision["verdict"]) == ("REQUESTED", "REVIEW")
    assert "It is claimed beyond the terms: a person looks at it." in made.decision["because"]


def test_two_years_after_delivery_nothing_is_claimed_any_more():
    delivered = datetime(2024, 2, 29, 12, tzinfo=UTC)
    order = delivered_order(at=delivered - 2 * ONE_DAY, delivered_at=delivered)
    last = datetime(2026, 2, 28, 22, 59, tzinfo=UTC) + 2 * ONE_DAY  # 28 February 2026 is a Saturday
    claimed = item(line_of(order), reason="defective")
    with pytest.raises(NotReturnable) as refusal:
        ask_return(order, claimed, kind="CLAIM", at=last + ONE_MINUTE, source="STAFF")
    assert [said["code"] for said in refusal.value.lines] == ["window_closed"]
    assert unchanged(order)
    assert ask_return(order, claimed, kind="CLAIM", at=last, source="STAFF").status == "REQUESTED"


def test_where_no_law_is_known_the_shop_says_how_long_something_may_be_claimed(settings):
    settings.RETURN_CLAIM_YEARS = 1
    address = BERLIN | {"country": "US", "province": "NY", "postal_code": "10001"}
    order = delivered_order(at=BOUGHT - 400 * ONE_DAY, shipping_address=address)
    with pytest.raises(NotReturnable):
        ask_return(order, item(line_of(order), reason="defective"), kind="CLAIM", source="STAFF")
    settings.RETURN_CLAIM_YEARS = 2
    assert ask_return(order, item(line_of(order), reason="defective"), kind="CLAIM", source="STAFF").kind == "CLAIM"


def test_gift_cards_are_not_returned():
    """PC66."""
    stocked_variant(on_hand=5)
    order = delivered_order([line(), line("", kind="GIFT_CARD", title="Gift card")])
    with pytest.raises(NotReturnable) as refusal:
        ask_return(order, item(line_of(order, 1)))
    assert refusal.value.lines[0]["code"] == "no_goods"
    assert unchanged(order)


def test_an_order_that_nobody_paid_gives_nothing_back():
    """PC66."""
    order = delivered_order()
    Order.objects.filter(pk=order.pk).update(paid=0)
    with pytest.raises(NotReturnable) as refusal:
        ask_return(order)
    assert refusal.value.lines[0]["code"] == "order_not_paid"
    assert unchanged(order)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"line": 10**9}, ("/items/0/line", "unknown_line")),
        ({"reason": "bored"}, ("/items/0/reason", "unknown_reason")),
        ({"quantity": "0.5"}, ("/items/0/quantity", "quantity_not_whole")),
        ({"reason": "other"}, ("/items/0/comment", "comment_missing")),
        ({"reason": "damaged"}, ("/items/0/photos", "photo_missing")),
        ({"resolution": "EXCHANGE"}, ("/items/0/exchange_sku", "exchange_missing")),
        ({"exchange_sku": "TEE-M-BLK"}, ("/items/0/exchange_sku", "no_exchange")),
        ({"resolution": "EXCHANGE", "exchange_sku": "NONE"}, ("/items/0/exchange_sku", "unknown_sku")),
        ({"resolution": "EXCHANGE", "exchange_sku": "CAP"}, ("/items/0/exchange_sku", "other_product")),
    ],
)
def test_what_is_wrong_is_pointed_at_and_nothing_changes(changes, fault):
    stocked_variant("CAP")
    order = delivered_order()
    wanted = item(**({"line": line_of(order).pk} | changes))
    with pytest.raises(Invalid) as refusal:
        ask_return(order, wanted)
    assert faults_of(refusal) == [fault]
    assert unchanged(order)


def test_what_the_terms_do_not_offer_cannot_be_had():
    terms_in_force({"resolutions": ["REFUND"], "methods": ["OWN_CARRIER"]})
    order = delivered_order()
    with pytest.raises(Invalid) as refusal:
        ask_return(order, item(line_of(order), resolution="STORE_CREDIT"), method="KEEP_IT")
    assert faults_of(refusal) == [("/items/0/resolution", "not_offered"), ("/method", "not_offered")]
    assert unchanged(order)


def test_without_a_word_the_way_is_the_first_that_there_is():
    terms_in_force({"methods": ["PREPAID_LABEL", "IN_STORE", "OWN_CARRIER"]})
    node(kind="STORE")
    assert ask_return(delivered_order()).method == "IN_STORE"


def test_a_label_that_nobody_can_sell_cannot_be_asked_for():
    terms_in_force({"methods": list(Method)})
    order = delivered_order()
    with pytest.raises(Invalid) as refusal:
        ask_return(order, method="PREPAID_LABEL")
    assert faults_of(refusal) == [("/method", "not_offered")]
    assert unchanged(order)


def test_one_line_may_come_back_for_two_reasons_but_no_unit_twice():
    stocked_variant(on_hand=9)
    order = delivered_order([line(quantity=2)])
    torn = item(line_of(order), reason="not-as-described", comment="Torn.")
    with pytest.raises(NotThatManyToReturn) as refusal:
        ask_return(order, item(line_of(order), 2), torn)
    assert refusal.value.facts == {"line": line_of(order).pk, "left": "2"}
    assert unchanged(order)
    assert ask_return(order, item(line_of(order)), torn).items.count() == 2


def test_units_that_come_back_one_by_one_are_worth_the_line_together():
    stocked_variant(on_hand=9)
    order = delivered_order([line(quantity=3, discount="0.02")], discount="1.00")
    values = [ask_return(order).items.get().value for _ in range(3)]
    assert sum(values) == order.total == Decimal("58.68")


def test_an_exchange_keeps_its_variant_from_everybody_else():
    terms_in_force({})
    sizes("TEE-M", "TEE-L", on_hand=3)
    order = delivered_order([line("TEE-M")])
    made = ask_return(order, item(line_of(order), resolution="EXCHANGE", exchange_sku="TEE-L"))

    new = made.items.get().new_order
    assert (new.external_id, new.channel_id) == (f"{made.number}-X1", order.channel_id)
    assert "EXCHANGE_AWAITING_RETURN" in open_holds(new)
    assert available("TEE-L") == 2


def test_what_keeps_the_customer_is_given_for_at_once_when_it_is_worth_little():
    rule("KEEP_IT", conditions={"value": {"at_most": "20.00", "currency": "EUR"}})
    made = ask_return(delivered_order())
    kept = made.items.get()
    assert (made.method, kept.needs_goods, kept.acceptance) == ("KEEP_IT", False, "ACCEPTED")


def test_a_score_that_calls_for_a_person_stops_what_rules_approve(settings):
    settings.ABUSE_REVIEW_POINTS = 0
    made = ask_return(delivered_order())
    assert (made.status, made.decision["verdict"]) == ("REQUESTED", "REVIEW")
