"""What an order in our own shape may say, and how it is told what is wrong."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from oms.pointers import pointer_errors
from orders.channels.incoming import IncomingOrder
from tests.orders.channels.messages import Json, own_line, own_order


def errors_of(document: Json) -> list[tuple[str, str]]:
    with pytest.raises(ValidationError) as refused:
        IncomingOrder.model_validate(document)
    return [(error.pointer, error.code) for error in pointer_errors(refused.value, document)]


def line_errors(**members: Any) -> list[tuple[str, str]]:
    return errors_of(own_order(lines=[own_line(**members)]))


def test_the_order_of_the_contract_is_taken_as_it_is():
    order = IncomingOrder.model_validate(own_order())

    assert order.total == Decimal("44.70")
    assert order.email == "ada@example.com"
    assert order.needs_address
    assert order.lines[0].open_quantity == 2


@pytest.mark.parametrize("amount", ["19.90", "0", "19", "0.0001", 19, Decimal("19.90"), "999999999999.9999"])
def test_an_amount_is_a_string_a_whole_number_or_a_decimal(amount: Any):
    line = own_line(unit_price=amount)

    assert IncomingOrder.model_validate(own_order(lines=[line])).lines[0].unit_price == Decimal(amount)


@pytest.mark.parametrize(
    "amount",
    [
        *(19.9, True, None, -1, 10**13, [], {}),
        *("", " 1", "-1.00", "1e5", "1_000", "1,50", "NaN", "１", "1.00000", "1" * 13),
        *map(Decimal, ("NaN", "Infinity", "-1", "1.00001")),
    ],
)
def test_anything_else_is_no_amount(amount: Any):
    assert line_errors(unit_price=amount) == [("/lines/0/unit_price", "invalid_amount")]


@pytest.mark.parametrize("quantity", [1, "2.5", "0.001", Decimal("2.500"), 1_000_000])
def test_a_quantity_may_be_fractional_to_the_thousandth(quantity: Any):
    line = own_line(quantity=quantity)

    assert IncomingOrder.model_validate(own_order(lines=[line])).lines[0].quantity == Decimal(quantity)


@pytest.mark.parametrize("quantity", [0, "0.000", -1, "0.0001", 1_000_001, 2.5, True, None, "many"])
def test_anything_else_is_no_quantity(quantity: Any):
    assert line_errors(quantity=quantity) == [("/lines/0/quantity", "invalid_quantity")]


def test_amounts_finer_than_the_currency_are_refused_even_where_their_sum_is_not():
    assert line_errors(tax="0.005", discount="0.005") == [("", "too_many_decimals")]
    assert errors_of(own_order(currency="JPY", total="10.5", lines=[own_line(tax=0)], shipping={})) == [
        ("", "too_many_decimals")
    ]


def test_a_zero_at_the_end_is_no_finer():
    order = own_order(currency="JPY", total="10.0", lines=[own_line(tax="6.00")], shipping={})

    assert IncomingOrder.model_validate(order).total == 10


def test_a_unit_price_may_be_finer_than_the_currency():
    assert IncomingOrder.model_validate(own_order(lines=[own_line(unit_price="0.125")]))


def test_what_the_customer_saw_must_fit_its_own_currency():
    assert errors_of(own_order(presentment={"currency": "JPY", "total": "1.5"})) == [
        ("/presentment", "too_many_decimals")
    ]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"sku": ""}, "sku_missing"),
        ({"sku": "", "kind": "CUSTOM"}, "title_missing"),
        ({"cancelled_quantity": 1, "fulfilled_quantity": "1.5"}, "quantities_do_not_fit"),
        ({"size": "M"}, "extra_forbidden"),
        ({"properties": {"a": "\x00"}}, "nul_character"),
        ({"properties": {"a": "\ud800"}}, "not_json"),
        ({"properties": {"a": "x" * 20_001}}, "properties_too_long"),
        ({"title": "\x00"}, "string_pattern_mismatch"),
        ({"title": "\ud800"}, "string_unicode"),
    ],
)
def test_a_line_that_makes_no_sense_says_why(members: Json, code: str):
    assert [found for _, found in line_errors(**members)] == [code]


def test_a_backslash_before_u0000_is_no_nul():
    assert IncomingOrder.model_validate(own_order(lines=[own_line(properties={"a": "\\u0000"})]))


@pytest.mark.parametrize(
    ("members", "pointer", "code"),
    [
        ({"currency": "EURO"}, "/currency", "string_pattern_mismatch"),
        ({"currency": "XYZ"}, "/currency", "unknown_currency"),
        ({"placed_at": "2025-11-21T09:30:00"}, "/placed_at", "timezone_aware"),
        ({"shipping_address": {"country": "ZZ"}}, "/shipping_address/country", "unknown_country"),
        ({"customer": {"email": "ada"}}, "/customer/email", "string_pattern_mismatch"),
        ({"lines": []}, "/lines", "too_short"),
        ({"totl": "1.00"}, "/totl", "extra_forbidden"),
    ],
)
def test_each_wrong_place_has_its_pointer_and_its_code(members: Json, pointer: str, code: str):
    assert errors_of(own_order(**members)) == [(pointer, code)]


@pytest.mark.parametrize("moment", [1732100000, 1732100000.5, "1732100000", "2025-11-21", True, None, "", [], {}])
def test_seconds_since_1970_and_days_are_no_moments(moment: Any):
    assert errors_of(own_order(placed_at=moment)) == [("/placed_at", "not_a_moment")]
    payment = {"status": "PAID", "captured_at": moment}
    if moment is not None:
        assert errors_of(own_order(payment=payment)) == [("/payment/captured_at", "not_a_moment")]


@pytest.mark.parametrize(
    "moment",
    [
        *("0001-01-01T00:00:00+14:00", "1900-01-01T00:00:00Z", "1999-12-31T23:59:59Z"),
        *("2100-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"),
    ],
)
def test_a_moment_before_2000_or_to_come_is_impossible(moment: str):
    assert errors_of(own_order(placed_at=moment, updated_at=moment)) == [
        ("/placed_at", "impossible_date"),
        ("/updated_at", "impossible_date"),
    ]


@pytest.mark.parametrize(
    "moment",
    ["2025-11-21T09:30:00Z", "2025-11-21t09:30:00z", "2025-11-21 10:30:00.000+01:00", "2000-01-01T00:00:00-00:00"],
)
def test_a_moment_is_written_by_rfc_3339(moment: str):
    written = datetime.fromisoformat(moment.upper())

    assert IncomingOrder.model_validate(own_order(placed_at=moment)).placed_at == written
    assert IncomingOrder.model_validate(own_order(placed_at=written)).placed_at == written


def test_what_is_missing_is_pointed_at_too():
    document = own_order()
    del document["currency"], document["lines"][0]["quantity"]

    assert errors_of(document) == [("/currency", "missing"), ("/lines/0/quantity", "missing")]


def test_an_address_is_small_letters_without_blanks():
    order = own_order(customer={"email": " Ada@Example.COM "})

    assert IncomingOrder.model_validate(order).email == "ada@example.com"
