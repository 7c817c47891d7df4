"""Rows to orders, by a column map."""

import csv
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest

from orders.channels import csv_file
from orders.channels.csv_columns import BadColumnMap, ColumnMap, read_column_map
from orders.channels.csv_file import OPEN_GROUPS, RowGroup, Table
from orders.channels.incoming import MAX_LINES, IncomingOrder
from orders.channels.port import CannotTake, IncomingCancellation, NotAnOrder
from tests.orders.channels.messages import Json, sum_of

NAMES = {"external_id": "No", "placed_at": "Date", "sku": "Code", "title": "Name", "quantity": "Units"}
NAMES |= {"unit_price": "Price", "customer_name": "Buyer", "country": "Land"}
HEADER = "No,Date,Code,Name,Units,Price,Buyer,Land"
TEE = "A1,2025-11-21 09:30:00,TEE,Linen tee,2,19.90,Ada,Deutschland"
CODES = [
    {"match": ["POST"], "kind": "FEE"},
    {"match": ["D"], "kind": "DISCOUNT"},
    {"pattern": r"gift_\d+", "kind": "GIFT_CARD"},
]


def column_map(**members: Any) -> ColumnMap:
    document: Json = {
        "columns": NAMES,
        "constants": {"currency": "EUR"},
        "countries": {"Deutschland": "DE", "Insel": ""},
    }
    return read_column_map(document | {"codes": CODES} | members)


def table(*rows: str, header: str = HEADER, **members: Any) -> Table:
    return Table(csv.reader(rows), header.split(","), column_map(**members))


def read(*rows: str, header: str = HEADER, **members: Any) -> Any:
    """What the only order of these rows says."""
    opened = table(*rows, header=header, **members)
    [group] = opened.split_orders()
    return opened.read_order(group, channel="file")


def refuse(*rows: str, header: str = HEADER, **members: Any) -> CannotTake:
    with pytest.raises(CannotTake) as refusal:
        read(*rows, header=header, **members)
    return refusal.value


def rule(then: str, reason: str, **when: Any) -> Json:
    return {"when": when, "then": then, "reason": reason}


def test_rows_of_one_id_are_one_order():
    order = read(TEE, "A1,2025-11-21 09:31:00,MUG,Mug,1,8.00,Ada,Deutschland")

    assert isinstance(order, IncomingOrder)
    assert (order.channel, order.external_id, order.currency) == ("file", "A1", "EUR")
    assert order.placed_at == datetime(2025, 11, 21, 9, 30, tzinfo=UTC)
    assert [(line.sku, line.title, line.quantity, line.unit_price) for line in order.lines] == [
        ("TEE", "Linen tee", 2, Decimal("19.90")),
        ("MUG", "Mug", 1, Decimal("8.00")),
    ]
    assert order.customer is not None
    assert order.shipping_address is not None
    assert (order.customer.name, order.shipping_address.country) == ("Ada", "DE")


def test_rows_of_an_order_need_not_be_neighbours():
    between = [TEE.replace("A1", f"B{place}") for place in range(OPEN_GROUPS - 1)]

    groups = list(table(TEE, *between, TEE).split_orders())

    assert [(group.external_id, group.lines) for group in groups[:1]] == [("A1", [1, OPEN_GROUPS + 1])]
    assert len(groups) == OPEN_GROUPS


def test_an_order_that_comes_back_too_late_is_refused():
    between = [TEE.replace("A1", f"B{place}") for place in range(OPEN_GROUPS)]
    opened = table(TEE, *between, TEE)

    late = [group for group in opened.split_orders() if group.late]

    assert [(group.external_id, group.lines) for group in late] == [("A1", [OPEN_GROUPS + 2])]
    with pytest.raises(CannotTake) as refusal:
        opened.read_order(late[0], channel="file")
    assert (refusal.value.reason, refusal.value.external_id) == ("rows_apart", "A1")


def test_every_row_is_in_exactly_one_group():
    rows = [TEE, "", TEE.replace("A1", ""), "A2,too,short", TEE.replace("A1", "A3"), TEE]

    groups = list(table(*rows).split_orders())

    assert sorted(line for group in groups for line in group.lines) == [1, 3, 4, 5, 6]


def test_an_order_of_too_many_rows_is_refused_without_keeping_them_all():
    opened = table(*[TEE] * (MAX_LINES + 3))

    first, rest = opened.split_orders()

    assert (len(first.rows), len(rest.rows), rest.late) == (MAX_LINES + 1, 2, True)
    with pytest.raises(CannotTake) as refusal:
        opened.read_order(first, channel="file")
    assert refusal.value.reason == "invalid_order"


def test_a_row_with_too_few_or_too_many_cells_spoils_its_order():
    refusal = refuse(TEE, TEE + ",more")

    assert (refusal.reason, refusal.external_id) == ("row_malformed", "A1")
    assert "line 2 has 9 cells, the header 8" in str(refusal)


def test_a_row_without_an_id_is_refused():
    assert refuse(TEE.replace("A1", "")).reason == "external_id_missing"


def test_rows_that_disagree_about_their_order_are_refused():
    refusal = refuse(TEE, TEE.replace("Deutschland", "Insel"))

    assert refusal.reason == "rows_disagree"
    assert "Land is Deutschland in one and Insel in another" in str(refusal)


def test_letters_of_another_encoding_are_refused():
    assert refuse(TEE.replace("Ada", "Ad\ufffd")).reason == "undecodable"


def test_postage_is_a_fee_a_voucher_is_a_gift_card_and_a_discount_is_taken_off():
    order = read(
        TEE,
        "A1,,POST,,1,4.90,Ada,Deutschland",
        "A1,,Gift_20,Voucher,1,20,Ada,Deutschland",
        "A1,,D,Discount,-1,5.00,Ada,Deutschland",
    )

    assert [(line.kind, line.title) for line in order.lines] == [
        ("PRODUCT", "Linen tee"),
        ("FEE", "POST"),
        ("GIFT_CARD", "Voucher"),
    ]
    assert order.discount == Decimal("5.00")
    assert sum_of(order) == Decimal("59.70")


def test_a_sku_may_stand_twice_in_an_order():
    assert [line.sku for line in read(TEE, TEE).lines] == ["TEE", "TEE"]


def test_a_free_item_is_an_item():
    assert read(TEE.replace("19.90", "0.0")).lines[0].unit_price == 0


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (TEE.replace(",2,", ",-2,"), "negative_quantity"),
        (TEE.replace("19.90", "-19.90"), "negative_amount"),
        (TEE.replace("19.90", "free"), "unreadable_amount"),
        (TEE.replace(",2,", ",,"), "unreadable_amount"),
        (TEE.replace("TEE", ""), "sku_missing"),
        (TEE.replace("Deutschland", "Atlantis"), "unknown_country"),
        (TEE.replace("2025-11-21", "21.11.2025"), "unreadable_date"),
        (TEE.replace("TEE", "D"), "no_lines"),
        (TEE.replace("19.90", "19.90001"), "invalid_order"),
    ],
)
def test_a_row_that_makes_no_order_says_why(row: str, reason: str):
    assert refuse(row).reason == reason


def test_a_country_without_a_code_is_kept_in_words():
    address = read(TEE.replace("Deutschland", "Insel")).shipping_address

    assert (address.country, address.province) == ("", "Insel")


def test_moments_are_in_the_zone_and_the_format_of_the_map():
    row = TEE.replace("2025-11-21 09:30:00", "1.7.2025 10:30")

    order = read(row, dates={"format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"})

    assert order.placed_at.astimezone(UTC) == datetime(2025, 7, 1, 8, 30, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_taken_for_the_first_time():
    order = read(TEE.replace("2025-11-21 09:30:00", "2025-10-26 02:30:00"), dates={"zone": "Europe/Berlin"})

    assert order.placed_at.astimezone(UTC) == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)


def test_decimals_may_have_a_comma():
    row = 'A1,2025-11-21,TEE,Linen tee,2,"1.019,90",Ada,Deutschland'

    assert read(row, decimal_comma=True).lines[0].unit_price == Decimal("1019.90")


def test_history_was_sent_when_it_was_placed():
    constants = {"currency": "EUR", "fulfilled": True, "payment_status": "paid", "payment_gateway": "till"}

    order = read(TEE, constants=constants)

    assert order.fulfilled_at == order.placed_at
    assert (order.payment.status, order.payment.gateway) == ("PAID", "till")


def test_a_file_may_tell_much_more():
    more = {
        "currency": "Cur",
        "total": "Sum",
        "shipping_amount": "Ship",
        "email": "Mail",
        "tags": "Tags",
        "line_id": "Line",
        "line_tax": "Tax",
        "payment_status": "Paid",
        "cancelled_at": "Gone",
    }
    row = TEE + ",USD,46.00,4.90,ADA@example.com,vip; gift,L7,1.30,PAID,"

    order = read(row, header=HEADER + "," + ",".join(more.values()), columns=NAMES | more)

    assert (order.currency, order.total, order.shipping.amount) == ("USD", Decimal("46.00"), Decimal("4.90"))
    assert (order.email, order.tags, order.cancelled_at) == ("ada@example.com", ["vip", "gift"], None)
    assert (order.lines[0].external_id, order.lines[0].tax) == ("L7", Decimal("1.30"))
    assert sum_of(order) == order.total


@pytest.mark.parametrize(
    ("row", "when"),
    [
        (TEE, {"external_id": "A"}),
        (TEE.replace("19.90", "0"), {"every_price": "zero"}),
        (TEE.replace(",2,", ",-2,"), {"every_quantity": "negative"}),
        (TEE.replace("Ada", ""), {"customer": False}),
        (TEE, {"customer": True, "goods": True}),
        (TEE.replace("TEE", "POST"), {"goods": False}),
    ],
)
def test_a_rule_says_what_is_no_order(row: str, when: Json):
    with pytest.raises(NotAnOrder) as other:
        read(row, rules=[rule("not_an_order", "found_out", **when)])

    assert (other.value.reason, str(other.value)) == ("found_out", "found out")


@pytest.mark.parametrize(
    "when",
    [
        {"external_id": "B"},
        {"external_id": "A", "every_price": "zero"},
        {"every_quantity": "negative"},
        {"customer": False},
        {"goods": False},
    ],
)
def test_a_rule_of_which_one_condition_fails_says_nothing(when: Json):
    assert isinstance(read(TEE, rules=[rule("not_an_order", "found_out", **when)]), IncomingOrder)


def test_the_first_rule_that_holds_decides():
    rules = [rule("not_an_order", "first_one", external_id="A"), rule("not_an_order", "second_one", external_id="A1")]

    with pytest.raises(NotAnOrder) as other:
        read(TEE, rules=rules)

    assert other.value.reason == "first_one"


def test_a_credit_note_that_names_no_order_is_refused():
    refusal = refuse(TEE, rules=[rule("cancellation", "credit_note", external_id="A")])

    assert (refusal.reason, refusal.external_id) == ("cancellation_without_order", "A1")


def test_a_credit_note_that_names_its_order_cancels_it():
    said = read(
        TEE + ",77",
        header=HEADER + ",Of",
        columns=NAMES | {"cancels": "Of"},
        rules=[rule("cancellation", "credit_note", external_id="A")],
    )

    assert said == IncomingCancellation("77", datetime(2025, 11, 21, 9, 30, tzinfo=UTC), "credit_note")


def test_a_group_waits_as_json_and_is_read_again():
    opened = table(TEE, "A1,2025-11-21 09:31:00,MUG,Mug,1,8.00,Ada,Deutschland")
    [group] = opened.split_orders()

    body = orjson.loads(opened.to_body(group))

    assert csv_file.read_message(body, channel="file") == [opened.read_order(group, channel="file")]


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"rows": []}, "unexpected_shape"),
        ({"rows": [["A1", 2]]}, "unexpected_shape"),
        ({"columns": {}}, "bad_column_map"),
        ({"header": ["No"]}, "bad_column_map"),
        ({"lines": ["one"], "late": True}, "rows_apart"),
    ],
)
def test_a_group_that_was_tampered_with_is_refused(members: Json, reason: str):
    body = orjson.loads(table(TEE).to_body(RowGroup("A1", [TEE.split(",")], [1]))) | members

    with pytest.raises(CannotTake) as refusal:
        csv_file.read_message(body, channel="file")

    assert refusal.value.reason == reason


@pytest.mark.parametrize("body", [{}, {"rows": []}, [], None])
def test_anything_else_is_no_group(body: Any):
    with pytest.raises(NotAnOrder):
        csv_file.read_message(body, channel="file")


@pytest.mark.parametrize(
    ("document", "complaint"),
    [
        ({}, "/columns: Field required"),
        ({"columns": {"external_id": "No"}}, "there must be a column for placed_at, quantity, sku, unit_price"),
        ({"columns": NAMES | {"colour": "Colour"}}, "there is no field colour"),
        ({"columns": NAMES}, "name the currency"),
        ({"columns": NAMES, "constants": {"currency": "EUR"}, "dates": {"zone": "Mars/Base"}}, "is no time zone"),
        ({"columns": NAMES, "constants": {"currency": "EUR"}, "codes": [{"kind": "FEE"}]}, "name the codes"),
        (
            {"columns": NAMES, "constants": {"currency": "EUR"}, "codes": [{"kind": "FEE", "pattern": "("}]},
            "no pattern",
        ),
        ({"columns": NAMES, "constants": {"currency": "EUR"}, "colums": {}}, "/colums"),
        (
            {"columns": NAMES, "constants": {"currency": "EUR"}, "rules": [rule("cancellation", "all_of")]},
            "a condition",
        ),
    ],
)
def test_a_map_that_is_wrong_says_where(document: Json, complaint: str):
    with pytest.raises(BadColumnMap, match=complaint):
        read_column_map(document)


def test_a_map_that_does_not_fit_the_file_names_the_column():
    with pytest.raises(BadColumnMap, match=r"has no column Land; it has No, Date"):
        table(TEE, header=HEADER.removesuffix(",Land"))
