"""Marks: the same house however it was typed, and nothing of it readable."""

from returns.policies.marks import mark_address, mark_payment

HOUSE = {"country": "DE", "postal_code": "10119", "line1": "Torstr. 1"}


def test_an_address_has_one_mark_however_it_was_typed():
    assert mark_address(**HOUSE) == mark_address(country="de", postal_code="10 119", line1="TORSTR 1", line2=" ")


def test_another_house_or_flat_has_another_mark():
    marks = {
        mark_address(**HOUSE),
        mark_address(**HOUSE | {"line1": "Torstr. 2"}),
        mark_address(**HOUSE, line2="Flat 4"),
        mark_address(**HOUSE | {"country": "AT"}),
    }

    assert len(marks) == 4


def test_an_address_that_could_be_anybodys_has_none():
    assert mark_address(country="DE", postal_code="", line1="Torstr. 1") == ""
    assert mark_address(country="DE", postal_code="10119", line1=" ") == ""


def test_a_mark_tells_nothing_of_the_address():
    assert "torstr" not in mark_address(**HOUSE) and len(mark_address(**HOUSE)) == 64


def test_a_payment_without_a_reference_has_no_mark():
    assert mark_payment(gateway="stripe", reference="") == ""
    assert mark_payment(gateway="stripe", reference="pi_1") != mark_payment(gateway="paypal", reference="pi_1")
