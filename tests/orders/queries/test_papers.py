"""What stands on the papers of parcels."""

from decimal import Decimal

import pytest

from orders.absences import FulfillmentNotFound
from orders.models import Fulfillment, Label
from orders.queries.papers import list_wave, read_label_documents, read_papers
from tests.make.fulfillments import parts
from tests.make.orders import line
from tests.make.papers import VASE, by_post, labelled, order_of, parcel, vase

pytestmark = pytest.mark.django_db


def test_a_parcel_is_what_its_warehouse_sends_of_the_order():
    found = parcel(units=2)

    (papers,) = read_papers([found.number])

    assert (papers.number, papers.order, papers.warehouse) == (found.number, order_of(found).number, "LEJ")
    assert papers.ship_from["line1"] == "Industriestr. 12" and papers.ship_from["city"] == "Leipzig"
    assert papers.ship_to["name"] == "Ada Meier"
    (shown,) = papers.lines
    assert (shown.sku, shown.quantity, shown.grams, shown.hs_code, shown.origin) == (VASE, 2, 1_700, "691310", "PT")
    assert papers.handling == ["fragile"]


def test_a_unit_is_worth_what_was_paid_for_it_without_discount_and_tax():
    vase()
    found = parcel(lines=[line(VASE, 2, unit_price="29.90", discount="7.55", tax="8.75")])
    (shown,) = read_papers([found.number])[0].lines
    assert shown.unit_price == Decimal("29.90")
    assert shown.unit_value == Decimal("21.75")


def test_units_that_were_not_on_the_shelf_are_on_no_paper():
    found = parcel(units=3)
    found.lines.update(short_quantity=1)
    assert [shown.quantity for shown in read_papers([found.number])[0].lines] == [2]


def test_a_line_of_which_nothing_was_there_is_left_out():
    found = parcel(units=3)
    found.lines.update(short_quantity=3)
    assert read_papers([found.number])[0].lines == []


def test_a_parcel_that_was_cancelled_is_not_counted():
    found = parcel()
    order = order_of(found)
    Fulfillment.objects.create(
        order=order, warehouse=found.warehouse, sequence=9, number="X-F9", status="CANCELLED",
        made_at=found.made_at, closed_at=found.made_at,
    )  # fmt: skip
    assert len(parts(order)) == 2
    papers = read_papers([found.number])[0]
    assert (papers.part, papers.parts) == (1, 1)


def test_freight_stands_on_the_first_parcel_alone():
    found = parcel()
    order = order_of(found)
    type(order).objects.filter(pk=order.pk).update(shipping_total=Decimal("4.90"), total=order.total + Decimal("4.90"))
    Fulfillment.objects.create(
        order=order, warehouse=found.warehouse, sequence=2, number="X-F2", made_at=found.made_at
    )  # fmt: skip
    assert [papers.freight for papers in read_papers([found.number, "X-F2"])] == [Decimal("4.90"), Decimal(0)]


def test_a_bought_label_says_carrier_and_number_and_a_voided_one_is_forgotten():
    found = by_post(parcel())
    label = labelled(found, b"%PDF", number="RR123456785DE")
    papers = read_papers([found.number])[0]
    assert (papers.tracking_number, papers.carrier, papers.service) == (
        "RR123456785DE",
        "House carrier",
        "Tracked packet",
    )
    assert papers.mail

    Label.objects.filter(pk=label.pk).update(state=Label.State.VOIDED, voided_at=label.bought_at)
    assert read_papers([found.number])[0].tracking_number == ""
    assert read_label_documents([found.number]) == []


def test_a_number_that_nobody_bears_is_refused():
    with pytest.raises(FulfillmentNotFound):
        read_papers(["NO-SUCH-F1"])


def test_papers_come_in_the_order_that_was_asked_for_and_once_each():
    first, second = parcel(), parcel()
    asked = [second.number, first.number, second.number]
    assert [papers.number for papers in read_papers(asked)] == [second.number, first.number]


def test_many_parcels_take_as_many_statements_as_one(django_assert_num_queries):
    numbers = [parcel().number for _ in range(4)]
    with django_assert_num_queries(3):
        read_papers(numbers[:1])
    with django_assert_num_queries(3):
        read_papers(numbers)


def test_a_wave_lists_what_it_made_and_what_is_still_to_be_done():
    first, second = parcel(), parcel()
    waves = [order_of(found).routing_decisions.get().wave_id for found in (first, second)]
    assert list_wave(waves[0]) == [first.number]
    first.status, first.closed_at = "CANCELLED", first.made_at
    first.save(update_fields=["status", "closed_at"])
    assert list_wave(waves[0]) == []
