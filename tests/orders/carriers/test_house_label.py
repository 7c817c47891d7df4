"""The label of the house carrier, as a printer prints it and a scanner reads it."""

import io
from decimal import Decimal

import pytest

from orders.carriers.house_label import draw_label, draw_labels, write_labels
from orders.carriers.label_drawing import HEIGHT, WIDTH
from orders.policies.handling import HANDLING_MARKS
from tests.make.labels import BERLIN, RIYADH, SHANGHAI, declaration, declared, label_facts
from tests.make.pdfs import count_pages, print_pages, read_letters, read_text, scan_barcodes


def test_a_scanner_reads_the_tracking_number_from_the_printed_label():
    assert scan_barcodes(draw_label(label_facts(tracking_number="RR123456785DE"))) == [["RR123456785DE"]]


@pytest.mark.parametrize("number", ["1Z999AA10123456784", "00340434161094015902", "A-1", "9400111899223197428490"])
def test_a_scanner_reads_the_numbers_of_other_carriers(number):
    assert scan_barcodes(draw_label(label_facts(tracking_number=number))) == [[number]]


def test_bars_are_as_black_and_white_as_the_printer():
    (picture,) = print_pages(draw_label(label_facts()))
    assert picture.size == (812, 1218)
    row = [picture.getpixel((x, 800)) for x in range(40, 772)]
    assert {0, 255} <= set(row)
    assert not [shade for shade in row if 3 < shade < 252], "a bar that is not whole dots wide is printed grey"


def test_people_read_what_the_scanner_reads_and_whose_parcel_it_is():
    text = read_text(draw_label(label_facts()))
    for known in ("RR 123 456 785 DE", "Parcel Tracked", "Ada Meier", "10119 Berlin", "Wear & Co.", "1.240 kg"):
        assert known in text
    assert "Order WEB-10023" in text and "Parcel WEB-10023-F1" in text


def test_a_letter_for_abroad_names_the_country_in_capitals_and_one_at_home_does_not():
    assert "CHINA" in read_text(draw_label(label_facts(ship_to=SHANGHAI)))
    assert "GERMANY" not in read_text(draw_label(label_facts(ship_to=BERLIN)))


@pytest.mark.parametrize("address", [RIYADH, SHANGHAI])
def test_an_address_can_be_copied_from_the_label_in_its_own_script(address):
    text = read_text(draw_label(label_facts(ship_to=address)))
    assert address["name"] in text
    assert address["line1"] in text


@pytest.mark.parametrize("code", HANDLING_MARKS)
def test_each_class_of_handling_has_its_mark(code):
    assert HANDLING_MARKS[code].caption in read_text(draw_label(label_facts(handling=[code])))


def test_a_parcel_without_classes_bears_no_mark():
    text = read_text(draw_label(label_facts()))
    assert not [mark.caption for mark in HANDLING_MARKS.values() if mark.caption in text]


def test_mail_across_a_border_bears_its_declaration():
    paper = declaration(declared(), declared("丝绸围巾", unit_value=Decimal("45.00"), quantity=Decimal(1)))
    pdf = draw_label(label_facts(ship_to=RIYADH, declaration=paper, handling=["fragile"]))
    text = read_text(pdf)
    for known in ("CN 22", "2 × Linen tee · 610910 · PT", "39.80 EUR", "丝绸围巾", "84.80 EUR", "0.800 kg", "FRAGILE"):
        assert known in text
    assert scan_barcodes(pdf) == [["RR123456785DE"]]


def test_a_declaration_that_does_not_fit_sends_the_officer_to_the_papers():
    paper = declaration(*[declared()] * 5)
    assert "SEE CN 23 AND INVOICE ATTACHED" in read_text(draw_label(label_facts(ship_to=RIYADH, declaration=paper)))


def test_nothing_runs_off_a_label_however_long_its_address():
    address = BERLIN | {
        "name": "N" * 200,
        "company": "Company " * 25,
        "line1": "A long street " * 18,
        "line2": "c/o " * 60,
    }
    facts = label_facts(ship_to=address, ship_from=address, service="Service " * 15, order="O" * 60)
    letters = read_letters(draw_label(facts))
    assert min(letter.left for letter in letters) >= 5 and max(letter.right for letter in letters) <= WIDTH - 5
    assert min(letter.bottom for letter in letters) >= 5 and max(letter.top for letter in letters) <= HEIGHT - 5


def test_long_addresses_leave_the_bars_alone():
    address = BERLIN | {"name": "N" * 200, "line1": "A long street " * 18, "phone": "+49 30 1234567890"}
    assert scan_barcodes(draw_label(label_facts(ship_to=address))) == [["RR123456785DE"]]


def test_emoji_and_control_characters_break_nothing():
    address = BERLIN | {"name": "Ada 😀 \x00Meier\x1b[0m", "line1": "\u202eTorstr. 1\t\n"}
    text = read_text(draw_label(label_facts(ship_to=address)))
    assert "Torstr. 1" in text and "Meier" in text


@pytest.mark.parametrize("number", ["", "äöü", "王", "A\x00B"])
def test_a_number_that_no_scanner_reads_is_refused(number):
    with pytest.raises(ValueError, match=r"Code 128"):
        draw_label(label_facts(tracking_number=number))


def test_a_thousand_labels_are_a_thousand_pages_of_one_file():
    file = io.BytesIO()
    write_labels((label_facts(tracking_number=f"RR{number:09}DE") for number in range(1_000)), file)
    pdf = file.getvalue()
    assert count_pages(pdf) == 1_000
    assert "RR 000 000 999 DE" in read_text(pdf, page=999)


def test_the_same_labels_together_show_what_each_shows_alone():
    facts = [label_facts(), label_facts(ship_to=RIYADH), label_facts(ship_to=SHANGHAI)]
    together = draw_labels(facts)
    assert [read_text(together, page) for page in range(3)] == [read_text(draw_label(one)) for one in facts]


def test_one_label_is_a_small_file():
    assert len(draw_label(label_facts(ship_to=SHANGHAI))) < 30_000
