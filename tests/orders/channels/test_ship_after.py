"""The day before which an order must not leave, as each way in writes it."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from orders.channels import shopify
from orders.channels.incoming import IncomingOrder
from orders.channels.port import CannotTake
from tests.make.orders import order_body
from tests.orders.channels.messages import shopify_order
from tests.orders.channels.test_csv_file import HEADER, NAMES, TEE, read, refuse

THURSDAY = date(2026, 12, 3)


def take(day: Any) -> IncomingOrder:
    return IncomingOrder.model_validate(order_body(placed_at="2026-11-21T12:00:00Z", ship_after=day))


def mistakes_of(day: Any) -> list[tuple[tuple[Any, ...], str]]:
    with pytest.raises(ValidationError) as refusal:
        take(day)
    return [(error["loc"], error["type"]) for error in refusal.value.errors()]


def test_a_day_is_taken_and_none_means_as_soon_as_it_can():
    assert take("2026-12-03").ship_after == THURSDAY
    assert take(None).ship_after is None


@pytest.mark.parametrize("day", ["2026-12-03T00:00:00Z", "03.12.2026", 1_796_256_000, "2026-13-01", True])
def test_what_is_no_day_is_refused_at_its_place(day: Any):
    assert [where for where, _ in mistakes_of(day)] == [("ship_after",)]


@pytest.mark.parametrize("day", ["2026-11-19", "2028-11-22"])
def test_a_day_out_of_reach_is_refused_with_its_own_code(day: str):
    assert mistakes_of(day) == [(("ship_after",), "ship_after_out_of_reach")]


@pytest.mark.parametrize(("written", "form"), [("2025-12-03", ""), ("03.12.2025", "%d.%m.%Y")])
def test_a_column_of_a_file_is_read_as_its_dates_are(written: str, form: str):
    columns = NAMES | {"ship_after": "Not before"}
    first, _, *rest = TEE.split(",")
    row = ",".join([first, "21.11.2025" if form else "2025-11-21", *rest, written])
    order = read(row, header=f"{HEADER},Not before", columns=columns, dates={"format": form})
    assert order.ship_after == date(2025, 12, 3)


def test_a_column_that_says_no_day_is_told_with_what_it_says():
    columns = NAMES | {"ship_after": "Not before"}
    refusal = refuse(f"{TEE},soon", header=f"{HEADER},Not before", columns=columns)
    assert refusal.reason == "unreadable_date"
    assert "soon" in refusal.detail


def read_shopify(*waiting: dict[str, Any]) -> date | None:
    (order,) = shopify.read_message(shopify_order(fulfillment_orders=list(waiting)), channel="web")
    assert not isinstance(order, CannotTake)
    return order.ship_after


def later(moment: str, status: str = "scheduled") -> dict[str, str]:
    return {"status": status, "fulfill_at": moment}


def test_shopify_says_it_by_its_fulfillment_orders_where_all_of_them_wait():
    first, second = later("2025-12-03T00:00:00+01:00"), later("2025-12-05T00:00:00+01:00")
    assert read_shopify(second, first) == date(2025, 12, 3)
    assert read_shopify(first, {"status": "open", "fulfill_at": None}) is None
    assert read_shopify(first, later("2025-11-01T00:00:00+01:00", "closed")) == date(2025, 12, 3)
    assert read_shopify() is None


def test_shopifys_hour_of_an_order_that_is_for_now_is_no_day_to_wait_for():
    assert read_shopify(later("2025-11-21T10:00:00+01:00", "open")) is None
