"""The labels that were bought, as one file."""

import io

import pytest

from orders.carriers.house_label import draw_label
from orders.documents.labels import print_labels
from orders.documents.refusals import LabelNotPrintable, NothingToPrint
from tests.make.labels import label_facts
from tests.make.papers import labelled, parcel
from tests.make.pdfs import count_pages, print_pages, scan_barcodes

pytestmark = pytest.mark.django_db


def bought(number: str) -> str:
    """A fulfillment with a house label of that tracking number."""
    found = parcel()
    labelled(found, draw_label(label_facts(tracking_number=number)), number=number)
    return found.number


def test_labels_come_in_the_order_that_was_asked_for():
    first, second = bought("RR123456785DE"), bought("RR473124829DE")
    assert scan_barcodes(print_labels([second, first])) == [["RR473124829DE"], ["RR123456785DE"]]


def test_a_label_that_is_a_picture_becomes_a_page_of_its_size():
    (picture,) = print_pages(draw_label(label_facts(tracking_number="9400111899223197428490")))
    file = io.BytesIO()
    picture.save(file, "PNG")
    found = parcel()
    labelled(found, file.getvalue(), media_type="image/png")

    pdf = print_labels([found.number])

    assert scan_barcodes(pdf) == [["9400111899223197428490"]]
    assert [page.size for page in print_pages(pdf)] == [(812, 1218)]


def test_a_parcel_without_a_label_is_left_out():
    assert count_pages(print_labels([parcel().number, bought("RR123456785DE")])) == 1


def test_no_label_at_all_is_refused():
    with pytest.raises(NothingToPrint):
        print_labels([parcel().number])


def test_a_label_for_other_printers_is_refused_by_name():
    found = parcel()
    labelled(found, b"^XA^XZ", media_type="application/zpl")
    with pytest.raises(LabelNotPrintable) as refusal:
        print_labels([found.number])
    assert refusal.value.facts == {"number": found.number, "media_type": "application/zpl"}


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png"])
def test_a_damaged_label_is_refused_by_name(media_type):
    found = parcel()
    labelled(found, b"%PDF-1.7 and then nothing", media_type=media_type)
    with pytest.raises(LabelNotPrintable, match=f"The label of {found.number} .* cannot be read"):
        print_labels([bought("RR123456785DE"), found.number])
