"""Labels that are wanted: who is to carry them, and what the others would have asked."""

from decimal import Decimal

import pytest

from inventory.models import Variant
from oms.events import OutsideTransaction
from orders.absences import FulfillmentNotFound
from orders.actions.shipping.labelling import replace_label, void_label, want_label, want_labels
from orders.errors import LabelNotVoidable
from orders.models import CarrierService, Label, Order
from tests.make.carriers import LATER, TO_ZURICH, bought, house, look, offer, to_send, want, wanted, work
from tests.make.fulfillments import accepted, ship
from tests.make.moments import ADA, NOON
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.statements import statements_made

pytestmark = pytest.mark.django_db


def told(label):
    return announced(label.fulfillment.order.number)


def test_the_cheapest_carrier_is_chosen_and_the_others_are_kept_with_why_not():
    house(CP="4.90", EE="12.90")
    label = wanted()
    assert (label.state, label.service, label.cost, label.currency) == ("WANTED", "CP", Decimal("4.90"), "EUR")
    assert [(each["service"], each["chosen"], each["why_not"]) for each in label.rates] == [
        ("CP", True, ""),
        ("EE", False, "dearer"),
    ]


def test_a_label_knows_what_is_sent_from_where_to_whom():
    house()
    label = wanted(lines=[{"sku": "TEE-M-BLK", "quantity": 3, "unit_price": "19.90"}])
    assert (label.parcel["grams"], label.parcel["measures"]) == (720, [310, 210, 79])
    assert label.ship_from["company"] == "Morrow & Flax GmbH"
    assert (label.ship_to["city"], label.ship_to["email"]) == ("Berlin", "ada@example.com")
    assert label.customs == {}


def test_what_crosses_a_border_declares_its_worth_after_discount():
    house()
    lines = [{"sku": "TEE-M-BLK", "quantity": 2, "unit_price": "19.90", "discount": "4.80"}]
    label = wanted(lines=lines, shipping_address=TO_ZURICH)
    (item,) = label.customs["items"]
    assert (item["value"], item["quantity"], item["hs_code"], item["origin"]) == ("35.00", "2", "610910", "PT")
    assert label.customs["currency"] == "EUR"


def test_wanting_it_twice_is_one_label_and_outside_of_a_transaction_none():
    house()
    fulfillment = to_send()
    first, second = want(fulfillment)[0], want(fulfillment)[0]
    assert first == second
    want_label(number=fulfillment.number, by=ADA, at=NOON)
    assert Label.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_label_shares_the_fate_of_the_transaction_that_wants_it():
    with pytest.raises(OutsideTransaction):
        want_labels(["1001-F1"], by=ADA, at=NOON)
    with pytest.raises(FulfillmentNotFound):
        want_label(number="nowhere", by=ADA, at=NOON)


def test_where_nobody_takes_the_parcel_a_person_is_told_why():
    house(RR="2.00")
    fulfillment = to_send()
    CarrierService.objects.update(most_grams=100)
    label = want(fulfillment)[0]
    assert (label.state, label.cost) == ("REFUSED", None)
    assert label.last_error == "No carrier takes this parcel. Rr: too heavy."
    assert told(label)[-1] == "label.failed"
    assert facts_of("label.failed")["reason"] == label.last_error


def test_without_any_carrier_that_is_said_too():
    assert wanted().last_error == "No carrier takes this parcel. There is no carrier."


def test_what_routing_chose_is_taken_though_another_became_cheaper():
    account = house(CP="4.90")
    fulfillment = to_send()
    offer(account, "RR", "3.00")
    label = want(fulfillment)[0]
    assert fulfillment.service.code == label.service == "CP"
    assert {each["service"]: each["why_not"] for each in label.rates} == {"CP": "", "RR": "routed"}


def test_a_refused_parcel_is_wanted_again_once_somebody_takes_it():
    refused = wanted()
    house()
    label = replace_label(label_id=refused.pk, reason="", by=ADA, at=LATER)
    assert (look(refused).state, label.state) == ("REFUSED", "WANTED")


def test_a_test_order_gets_no_label():
    house()
    fulfillment = to_send()
    Order.objects.update(test=True)
    with nothing_changes(), pytest.raises(Label.DoesNotExist):
        want(fulfillment)


def test_a_wanted_label_that_is_voided_was_never_bought():
    house()
    label = wanted()
    void_label(label_id=label.pk, reason="Not needed", by=ADA, at=LATER)
    work(at=LATER)
    assert (look(label).state, look(label).bought_at) == ("WITHDRAWN", None)
    assert "label.bought" not in told(label)


def test_a_bought_label_goes_back_and_says_why():
    house()
    label = bought()
    void_label(label_id=label.pk, reason="Address changed", by=ADA, at=LATER)
    work(at=LATER)
    assert (look(label).state, look(label).voided_at) == ("VOIDED", LATER)
    assert told(label)[-2:] == ["label.bought", "label.voided"]
    assert facts_of("label.voided")["reason"] == "Address changed"


def test_voiding_twice_is_harmless():
    house()
    label = bought()
    for _ in range(2):
        void_label(label_id=label.pk, reason="", by=ADA, at=LATER)
        work(at=LATER)
    assert told(label).count("label.voided") == 1


def test_a_replaced_label_is_another_with_todays_facts_and_another_number():
    house()
    old = bought()
    Variant.objects.update(weight_grams=400)
    new = replace_label(label_id=old.pk, reason="Weighed again", by=ADA, at=LATER)
    work(at=LATER)
    old, new = look(old), look(new)
    assert (old.state, new.state) == ("VOIDED", "BOUGHT")
    assert new.parcel["grams"] == old.parcel["grams"] + 200
    assert new.tracking_number != old.tracking_number


def test_a_label_that_a_parcel_has_left_with_is_not_given_back():
    house()
    label = bought()
    ship(accepted(label.fulfillment.order).number)
    with nothing_changes(), pytest.raises(LabelNotVoidable, match="has left"):
        void_label(label_id=label.pk, reason="", by=ADA, at=LATER)
    with nothing_changes(), pytest.raises(LabelNotVoidable, match="has left"):
        replace_label(label_id=label.pk, reason="", by=ADA, at=LATER)
    with nothing_changes(), pytest.raises(LabelNotVoidable, match="no such label"):
        void_label(label_id=0, reason="", by=ADA, at=LATER)


def test_twenty_labels_are_wanted_by_as_many_statements_as_two():
    house()
    counts = []
    for many in (2, 20):
        numbers = [to_send().number for _ in range(many)]
        with statements_made() as made:
            want_labels(numbers, by=ADA, at=NOON)
        counts.append(len(made))
    assert counts[0] == counts[1]
