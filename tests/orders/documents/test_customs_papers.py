"""What customs read."""

from decimal import Decimal

import pytest

from inventory.models import Variant
from orders.documents.customs_papers import declare, list_customs_gaps, print_customs_papers
from orders.documents.refusals import NothingToPrint
from orders.models import Order
from orders.queries.papers import read_papers
from tests.make.moments import NOON
from tests.make.orders import line
from tests.make.papers import VASE, ZURICH, by_post, labelled, order_of, parcel, vase
from tests.make.pdfs import count_pages, read_text, scan_barcodes

pytestmark = pytest.mark.django_db

RIYADH = {"name": "محمد", "line1": "شارع الملك فهد", "city": "الرياض", "postal_code": "12345", "country": "SA"}


def test_small_mail_has_a_cn_22_and_an_invoice():
    found = by_post(parcel(units=2, shipping_address=ZURICH))
    labelled(found, b"%PDF", number="RR123456785DE")

    pdf = print_customs_papers([found.number], at=NOON)

    form, invoice = read_text(pdf, 0), read_text(pdf, 1)
    for known in (
        "CN 22",
        "2 × Stoneware vase",
        "HS 691310 · PT",
        "1.700",
        "39.80 EUR",
        "× sale of goods",
        "2026-11-21",
    ):
        assert known in form
    for known in ("Commercial invoice", "691310", "SWITZERLAND", "DAP Zürich, Switzerland", "sale of goods"):
        assert known in invoice
    assert scan_barcodes(pdf)[1] == ["RR123456785DE"]


def test_heavy_mail_has_a_cn_23():
    found = by_post(parcel(units=5, shipping_address=ZURICH))
    text = read_text(print_customs_papers([found.number], at=NOON), 0)
    for known in ("CN 23", "Stoneware vase", "4.250", "99.50", "691310", "From / De", "To / À"):
        assert known in text


def test_what_goes_by_courier_has_the_invoice_alone():
    pdf = print_customs_papers([parcel(shipping_address=RIYADH).number], at=NOON)
    assert count_pages(pdf) == 1
    text = read_text(pdf)
    assert "Commercial invoice" in text and "محمد" in text and "SAUDI ARABIA" in text


def test_the_invoice_adds_up_to_the_cent():
    vase(), vase("BOWL")
    lines = [line(VASE, 3, unit_price="10.00", discount="0.01"), line("BOWL", 7, unit_price="1.43")]
    found = parcel(lines=lines, shipping_address=ZURICH)
    Order.objects.filter(pk=found.order_id).update(
        shipping_total=Decimal("9.90"), total=order_of(found).total + Decimal("9.90")
    )
    paper = declare(read_papers([found.number])[0], at=NOON)
    assert [(item.unit_value, item.value) for item in paper.items] == [
        (Decimal("10.00"), Decimal("30.00")),
        (Decimal("1.43"), Decimal("10.01")),
    ]
    text = read_text(print_customs_papers([found.number], at=NOON))
    assert "Goods 40.01" in text and "Freight 9.90" in text and "Total EUR 49.91" in text


def test_an_order_with_duty_paid_goes_delivered_duty_paid():
    found = parcel(shipping_address=ZURICH)
    Order.objects.filter(pk=found.order_id).update(duty_total=Decimal(5), total=order_of(found).total + Decimal(5))
    assert "DDP Zürich" in read_text(print_customs_papers([found.number], at=NOON))


def test_the_shops_numbers_stand_on_the_papers(settings):
    settings.CUSTOMS_EORI, settings.CUSTOMS_VAT_NUMBER = "DE123456789012345", "DE999999999"
    settings.CUSTOMS_IOSS = "IM2760000742"
    text = read_text(print_customs_papers([by_post(parcel(shipping_address=ZURICH)).number], at=NOON))
    assert "EORI DE123456789012345" in text and "VAT DE999999999" in text
    assert "IM2760000742" not in text, "IOSS is for parcels into the EU"


def test_a_parcel_inside_the_union_needs_no_papers():
    with pytest.raises(NothingToPrint):
        print_customs_papers([parcel().number], at=NOON)


def test_those_that_need_none_are_left_out():
    home, abroad = parcel(), parcel(shipping_address=RIYADH)
    text = read_text(print_customs_papers([home.number, abroad.number], at=NOON))
    assert abroad.number in text and home.number not in text


def test_what_an_officer_would_miss_is_said_before_the_parcel_leaves():
    complete, lacking = parcel(shipping_address=ZURICH), parcel(shipping_address=ZURICH)
    assert list_customs_gaps([complete.number], at=NOON) == {}
    Variant.objects.filter(sku=VASE).update(hs_code="", origin="")
    assert list_customs_gaps([lacking.number], at=NOON) == {
        lacking.number: [f"{VASE} has no HS code.", f"{VASE} has no country of origin."]
    }
