"""The column map that ships as an example, on rows like those of the file it is for."""

import csv
import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from oms.countries import COUNTRIES
from orders.channels.csv_columns import ColumnMap, read_column_map
from orders.channels.csv_file import Table
from orders.channels.port import CannotTake, NotAnOrder
from tests.orders.channels.messages import sum_of

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
NOON = "2011-07-01 12:00:00"


@pytest.fixture(scope="module")
def columns() -> ColumnMap:
    path = Path(settings.BASE_DIR) / "docs" / "examples" / "uci_online_retail.toml"
    return read_column_map(tomllib.loads(path.read_text()))


def row(
    code: str = "10001", quantity: int = 6, price: str = "2.55", *, invoice: str = "500001", buyer: str = "17850"
) -> str:
    return f"{invoice},{code},SOMETHING NICE,{quantity},{NOON},{price},{buyer},United Kingdom"


def read(columns: ColumnMap, *rows: str) -> Any:
    table = Table(csv.reader(rows), HEADER.split(","), columns)
    [group] = table.split_orders()
    return table.read_order(group, channel="shop")


def test_an_invoice_is_a_paid_order_that_has_left(columns: ColumnMap):
    order = read(columns, row(), row("10002", 3, "1.25"))

    assert (order.external_id, order.currency, sum_of(order)) == ("500001", "GBP", Decimal("19.05"))
    assert order.placed_at.astimezone(UTC) == datetime(2011, 7, 1, 11, tzinfo=UTC)
    assert order.fulfilled_at == order.placed_at
    assert order.payment.status == "PAID"
    assert order.shipping_address.country == "GB"


def test_postage_and_manual_entries_beside_products_are_fees_and_vouchers_gift_cards(columns: ColumnMap):
    order = read(columns, row(), row("POST", 1, "18.00"), row("m", 1, "0.50"), row("gift_0001_20", 1, "20.00"))

    assert [line.kind for line in order.lines] == ["PRODUCT", "FEE", "FEE", "GIFT_CARD"]


def test_a_discount_row_below_zero_is_taken_off(columns: ColumnMap):
    order = read(columns, row(), row("D", -1, "5.30"))

    assert (order.discount, sum_of(order)) == (Decimal("5.30"), Decimal("10.00"))


def test_a_price_below_a_penny_is_kept_and_rounded_in_the_sum(columns: ColumnMap):
    order = read(columns, row("PADS", 1, "0.001"))

    assert (order.lines[0].unit_price, sum_of(order)) == (Decimal("0.001"), 0)


def test_a_credit_note_cannot_say_which_invoice_it_takes_back(columns: ColumnMap):
    with pytest.raises(CannotTake) as refusal:
        read(columns, row(invoice="C500001", quantity=-6))

    assert (refusal.value.reason, refusal.value.external_id) == ("cancellation_without_order", "C500001")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (row("B", 1, "-11062.06", invoice="A500001", buyer=""), "bad_debt_adjustment"),
        (row(quantity=-10, price="0.0", buyer=""), "stock_write_off"),
        (row(quantity=56, price="0.0", buyer=""), "stock_adjustment"),
        (row("POST", 21, "18.00"), "charges_only"),
        (row("AMAZONFEE", 1, "13541.33", buyer=""), "charges_only"),
    ],
)
def test_what_is_no_sale_is_no_order_and_says_what_it_is(columns: ColumnMap, given: str, reason: str):
    with pytest.raises(NotAnOrder) as other:
        read(columns, given)

    assert other.value.reason == reason
    assert other.value.detail.endswith(".")


def test_free_items_for_a_buyer_are_an_order(columns: ColumnMap):
    assert sum_of(read(columns, row(price="0.0"))) == 0


def test_every_country_has_a_code_or_is_known_to_have_none(columns: ColumnMap):
    without = {name for name, code in columns.countries.items() if code not in COUNTRIES}

    assert without == {"Channel Islands", "European Community", "Unspecified"}
    assert (columns.countries["EIRE"], columns.countries["RSA"]) == ("IE", "ZA")
