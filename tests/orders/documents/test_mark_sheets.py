"""Handling marks in their full size."""

import pytest

from orders.carriers.mark_sheets import SIDE, draw_mark_sheets
from orders.documents.mark_sheets import print_mark_sheets
from orders.documents.refusals import NothingToPrint
from tests.make.orders import line
from tests.make.papers import parcel, vase
from tests.make.pdfs import PRINTER_DPI, count_pages, print_pages, read_text
from tests.make.stock import stocked_variant


@pytest.mark.django_db
def test_each_mark_of_each_parcel_has_a_sheet_of_its_own():
    vase("OIL", handling=("liquid",))
    oil, vases = parcel(lines=[line("OIL")]), parcel()

    pdf = print_mark_sheets([oil.number, vases.number])

    assert [read_text(pdf, page) for page in range(count_pages(pdf))] == [
        f"LIQUID {oil.number}",
        f"THIS SIDE UP {oil.number}",
        f"FRAGILE {vases.number}",
    ]


@pytest.mark.django_db
def test_what_needs_no_care_needs_no_mark():
    stocked_variant()
    with pytest.raises(NothingToPrint):
        print_mark_sheets([parcel(lines=[line()]).number])


def test_the_battery_mark_is_a_square_of_100_mm_with_its_un_number():
    pdf = draw_mark_sheets([("WEB-1-F1", ["battery"])])
    assert read_text(pdf) == "UN 3481 WEB-1-F1"
    (picture,) = print_pages(pdf)
    left, top, right, _ = picture.point(lambda shade: 255 - shade).getbbox()
    side = SIDE / 72 * PRINTER_DPI
    assert right - left == pytest.approx(side, abs=2)
    square = picture.crop((left, top, right, top + round(side)))
    assert square.point(lambda shade: 255 - shade).getbbox() == (0, 0, right - left, round(side))
