"""Reading foreign JSON: tolerant in form, exact in value."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.channels.port import CannotTake
from orders.channels.reading import Part, parse_json, read_decimal, split_document, unwrap


def refuse(part: Part, method: str, name: str = "x") -> str:
    read = {"amount": part.amount, "text": part.text, "moment": part.moment, "flag": part.flag, "part": part.part}
    read |= {"parts": part.parts, "country": part.country, "currency": part.currency, "identity": part.identity}
    with pytest.raises(CannotTake) as refusal:
        read[method](name)
    return refusal.value.reason


@given(st.decimals(min_value=-(10**10), max_value=10**10, places=4))
def test_a_number_is_the_number_that_was_written(number: Decimal):
    assert read_decimal(str(number)) == number
    assert read_decimal(number) == number


@given(st.integers(min_value=-(10**8), max_value=10**8))
def test_a_float_is_the_decimal_that_was_written(cents: int):
    written = Decimal(cents) / 100

    assert read_decimal(float(str(written))) == written


@pytest.mark.parametrize(
    ("value", "number"),
    [(19.9, "19.9"), ("19.90", "19.90"), (" 7 ", "7"), ("7.", "7"), (".5", "0.5"), ("-3", "-3"), ("1.5000000", "1.5")],
)
def test_numbers_come_in_many_forms(value: Any, number: str):
    assert Part({"x": value}).amount("x") == Decimal(number)


@pytest.mark.parametrize("value", [None, ""])
def test_nothing_is_no_number(value: Any):
    assert Part({"x": value}).amount("x") is None
    assert Part({}).amount("x") is None
    assert Part({"x": value}).sum_of("x", "y") == 0


@pytest.mark.parametrize(
    "value",
    ["free", "1,50", "1e3", "１", "1 2", True, [], {}, float("nan"), float("inf"), 1e300, 10**11, "1" * 20, 1e-10],
)
def test_what_is_no_number_is_refused(value: Any):
    assert refuse(Part({"x": value}), "amount") == "unreadable_amount"


def test_text_may_be_a_whole_number():
    assert Part({"x": 450789469}).text("x") == "450789469"


@pytest.mark.parametrize("value", [True, 1.5, [], {}, 10**30, "\ud800"])
def test_what_is_no_text_is_refused(value: Any):
    assert refuse(Part({"x": value}), "text") == "unexpected_shape"


def test_text_loses_blanks_around_it_and_nul():
    assert Part({"x": " a\x00b "}).text("x") == "ab"


def test_an_id_of_more_than_a_hundred_letters_is_refused():
    assert refuse(Part({"x": "1" * 101}), "identity") == "unexpected_shape"


@pytest.mark.parametrize(
    "text",
    ["2025-11-21T09:30:00Z", "2025-11-21T10:30:00+01:00", "2025-11-21 09:30:00", "Fri, 21 Nov 2025 09:30:00 +0000"],
)
def test_moments_come_in_many_forms(text: str):
    assert Part({"x": text}).moment("x", zone=UTC) == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", [None, "", "0000-00-00 00:00:00"])
def test_nothing_is_no_moment(text: Any):
    assert Part({"x": text}).moment("x") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [("2025-11-21T09:30:00", "date_without_zone"), ("2025-13-01", "unreadable_date"), ("soon", "unreadable_date")],
)
def test_a_moment_that_could_be_another_is_refused(text: str, reason: str):
    assert refuse(Part({"x": text}), "moment") == reason


@pytest.mark.parametrize(("value", "flag"), [(True, True), ("true", True), ("1", True), (0, False), ("", False)])
def test_flags_come_as_words_and_numbers(value: Any, flag: bool):
    assert Part({"x": value}).flag("x") is flag


@pytest.mark.parametrize("value", ["maybe", 2, [], 1.5])
def test_what_is_no_flag_is_refused(value: Any):
    assert refuse(Part({"x": value}), "flag") == "unexpected_shape"


def test_a_part_knows_its_place():
    line = Part({"lines": [{}, {"tax": {"amount": "x"}}]}).parts("lines")[1].part("tax")

    with pytest.raises(CannotTake) as refusal:
        line.amount("amount")

    assert refusal.value.facts == {"place": "/lines/1/tax/amount", "found": "x"}


@pytest.mark.parametrize(("method", "value"), [("part", [1]), ("part", "x"), ("parts", {"a": 1}), ("parts", [1])])
def test_what_is_no_part_is_refused(method: str, value: Any):
    assert refuse(Part({"x": value}), method) == "unexpected_shape"


def test_an_empty_object_may_come_as_an_empty_list():
    assert Part({"x": []}).part("x").value == {}
    assert Part({"x": {}}).parts("x") == []


def test_a_broken_document_says_where():
    with pytest.raises(CannotTake) as refusal:
        parse_json(b'{"a": 1,}')

    assert refusal.value.reason == "broken_json"
    assert "line 1, column" in str(refusal.value)


def test_a_byte_order_mark_is_forgiven():
    assert parse_json(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("document", "content"),
    [
        ({"_source": {"repo": "x"}, "body": {"id": 1}}, {"id": 1}),
        ({"body": [1]}, [1]),
        ({"body": 1, "id": 2}, {"body": 1, "id": 2}),
        ({"_source": "x"}, {"_source": "x"}),
        ([], []),
    ],
)
def test_an_envelope_is_opened(document: Any, content: Any):
    assert unwrap(document) == content


@pytest.mark.parametrize(
    ("document", "members"),
    [
        ({"id": 1}, [{"id": 1}]),
        ([{"id": 1}, {"id": 2}], [{"id": 1}, {"id": 2}]),
        ({"orders": [{"id": 1}, 5]}, [{"order": {"id": 1}}, {"order": 5}]),
        ({"body": {"orders": [{"id": 1}]}}, [{"order": {"id": 1}}]),
        ({"orders": []}, [{"orders": []}]),
        ([], [[]]),
    ],
)
def test_a_list_of_orders_is_split_into_its_members(document: Any, members: list[Any]):
    assert split_document(document) == members


def test_a_moment_at_the_end_of_time_is_no_surprise():
    assert Part({"x": "9999-12-31T23:59:59-12:00"}).moment("x") is not None
    assert Part({"x": "0001-01-01T00:00:00+14:00"}).moment("x").utcoffset() == timedelta(hours=14)  # type: ignore[union-attr]
