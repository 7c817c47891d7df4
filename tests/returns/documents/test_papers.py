"""What a customer prints, shows and signs."""

import io

import pytest
import zxingcpp
from PIL import Image

from orders.documents.refusals import NothingToPrint
from orders.documents.return_papers import print_return_papers
from returns.documents.codes import draw_png, draw_svg, say_code
from returns.documents.labels import print_return_label
from returns.documents.slips import print_slip
from returns.models import Return
from returns.queries.parcels import find_parcel
from tests.make.carriers import TO_ZURICH
from tests.make.pdfs import count_pages, print_pages, read_text, scan_barcodes
from tests.make.ways_back import LABELLED_AT, label_of, node, parcel_of, way_back

pytestmark = pytest.mark.django_db


def read_code(picture: Image.Image) -> str:
    return zxingcpp.read_barcodes(picture)[0].text


def test_the_label_of_a_return_is_read_by_scanners():
    found = way_back()
    printed = print_return_label(found.number, at=LABELLED_AT)
    assert scan_barcodes(printed) == [[label_of(found).tracking_number]]
    assert f"Return {found.number}" in read_text(printed)


def test_a_code_is_the_same_as_a_picture_and_on_paper():
    found = way_back(method="QR_DROP_OFF")
    text = say_code(parcel_of(found))
    assert read_code(Image.open(io.BytesIO(draw_png(text)))) == text
    (page,) = print_pages(print_slip(found.number))
    assert text in [each.text for each in zxingcpp.read_barcodes(page)]
    assert draw_svg(text).startswith("<svg ")


@pytest.mark.parametrize("spoken", ["{code}", "{token}", "{tracking}", "{number}", " {number} "])
def test_a_parcel_is_found_by_whatever_is_scanned_of_it(spoken):
    found = way_back(method="QR_DROP_OFF")
    parcel = parcel_of(found)
    names = {"code": say_code(parcel), "token": parcel.token, "number": found.number}
    word = spoken.format(**names, tracking=parcel.tracking_number)
    assert find_parcel(word) == parcel


def test_nothing_is_found_by_what_nobody_was_given():
    assert find_parcel("RR473124829DE") is None
    assert find_parcel("\x00") is None


def test_the_slip_says_in_the_customers_language_what_to_do():
    found = way_back()
    Return.objects.filter(pk=found.pk).update(locale="zh-CN")
    said = read_text(print_slip(found.number))
    assert found.number in said
    assert "退货步骤" in said


def test_returned_goods_declare_themselves_with_their_export():
    node_of_ours = node()
    found = way_back(shipping_address=TO_ZURICH)
    assert found.node == node_of_ours
    papers = read_text(print_return_papers(found.number, at=LABELLED_AT))
    assert "returned goods" in papers
    assert f"Order {found.order.number}, exported" in papers
    assert count_pages(print_return_label(found.number, at=LABELLED_AT)) == 3


def test_inside_a_customs_union_there_is_nothing_to_declare():
    with pytest.raises(NothingToPrint):
        print_return_papers(way_back().number, at=LABELLED_AT)
