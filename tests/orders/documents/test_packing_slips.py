"""The paper that lies in the parcel."""

import pytest

from orders.absences import FulfillmentNotFound
from orders.documents.packing_slips import print_packing_slips
from orders.models import Fulfillment
from tests.make.orders import line
from tests.make.papers import VASE, labelled, parcel, vase
from tests.make.pdfs import count_pages, read_text, scan_barcodes

pytestmark = pytest.mark.django_db

SHANGHAI = {"name": "王小明", "line1": "世纪大道100号", "city": "上海市", "postal_code": "200120", "country": "CN"}
RIYADH = {"name": "محمد", "line1": "شارع الملك فهد", "city": "الرياض", "postal_code": "12345", "country": "SA"}


def test_a_slip_says_what_is_in_the_parcel_and_no_price():
    found = parcel(units=2)
    labelled(found, b"%PDF", number="RR123456785DE")

    text = read_text(print_packing_slips([found.number]))

    for known in ("Packing slip", "Ada Meier", "Stoneware vase", "Colour: blue", VASE, "RR123456785DE", found.number):
        assert known in text
    assert "29.90" not in text and "€" not in text


def test_a_scanner_finds_the_parcel_by_its_slip():
    found = parcel()
    assert scan_barcodes(print_packing_slips([found.number])) == [[found.number]]


def test_what_breaks_has_its_mark_and_how_it_is_wrapped():
    text = read_text(print_packing_slips([parcel().number]))
    assert "Fragile. Each piece is wrapped on its own in two layers of cushioning" in text


def test_a_customer_who_reads_chinese_has_a_chinese_slip():
    text = read_text(print_packing_slips([parcel(locale="zh-CN", shipping_address=SHANGHAI).number]))
    for known in ("装箱单", "王小明", "世纪大道100号", "颜色: 蓝色", "易碎"):
        assert known in text
    assert "Packing slip" not in text


def test_an_address_in_arabic_can_be_read_from_an_english_slip():
    text = read_text(print_packing_slips([parcel(shipping_address=RIYADH).number]))
    assert "محمد" in text and "شارع الملك فهد" in text


def test_what_was_asked_for_at_the_shop_stands_with_its_thing_as_it_was_typed():
    vase()
    engraved = line(VASE, 1, properties={"Engraving": "Für <b>Ada</b> & 王 😀", "_internal": "secret"})
    text = read_text(print_packing_slips([parcel(lines=[engraved]).number]))
    assert "Engraving: Für <b>Ada</b> & 王" in text
    assert "secret" not in text


def test_an_order_in_two_parcels_says_so():
    found = parcel()
    Fulfillment.objects.create(
        order=found.order, warehouse=found.warehouse, sequence=2, number="X-F2", made_at=found.made_at
    )
    text = read_text(print_packing_slips([found.number]))
    assert "parcel 1 of 2" in text and "The rest of your order comes in a parcel of its own." in text


def test_each_slip_of_many_counts_its_own_pages():
    for number in range(40):
        vase(f"V-{number}")
    long, short = parcel(lines=[line(f"V-{number}") for number in range(40)]), parcel()
    pdf = print_packing_slips([long.number, short.number])
    pages = count_pages(pdf)
    assert pages > 2
    assert f"1 / {pages - 1}" in read_text(pdf, page=0)
    assert "1 / 1" in read_text(pdf, page=pages - 1)


def test_a_number_that_nobody_bears_prints_nothing():
    with pytest.raises(FulfillmentNotFound):
        print_packing_slips([parcel().number, "NO-SUCH-F1"])
