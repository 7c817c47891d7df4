"""GET /orders…: what a key may see, page by page."""

import pytest

from orders.api.shapes import OrderShape
from tests.make.moments import NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import BERLIN, channel, incoming, line, place, placed_order, released_order
from tests.make.partners import fresh, make_partner
from tests.make.statements import statements_made
from tests.make.stock import stocked_variant, stocked_variants

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner():
    return make_partner("orders:read")


def numbers(answer):
    assert answer.status_code == 200, answer.content
    return [order["number"] for order in answer.json()["results"]]


def test_an_order_is_read_with_its_version(partner):
    order = placed_order()
    answer = partner.get(f"/orders/{order.number}")
    assert (answer.json()["number"], answer["ETag"]) == (order.number, '"1"')


def test_an_order_that_is_not_there_or_not_for_this_key_is_not_found(partner):
    order = placed_order()
    limited = make_partner("orders:read", channels=(channel("other").code,))
    for answer in (partner.get("/orders/7"), limited.get(f"/orders/{order.number}")):
        assert (answer.status_code, answer.json()["code"]) == (404, "order_not_found")
    assert limited.get(f"/orders/{order.number}/timeline").status_code == 404


def test_an_order_looks_as_the_document_says(partner):
    stocked_variant()
    full = placed_order(
        [line(external_id="l1", properties={"a": [1]})], billing_address=BERLIN | {"city": "Bonn"},
        refunds=[{"external_id": "r", "amount": "1.00", "refunded_at": NOON.isoformat()}],
        presentment={"currency": "USD", "total": "21.00"}, total="20.00",
    )  # fmt: skip
    bare = placed_order(customer=None, payment=None, currency="KWD")
    for order in (full, bare):
        shown = partner.get(f"/orders/{order.number}").json()
        assert OrderShape.model_validate(shown, strict=False).model_dump().keys() == shown.keys()


def test_a_window_that_is_over_is_not_shown(partner):
    order = placed_order(at=NOON - ONE_HOUR)
    shown = partner.get(f"/orders/{order.number}").json()
    assert (shown["holds"], shown["edit_window"]) == ([], None)


def test_amounts_are_in_the_minor_unit_of_their_currency(partner):
    stocked_variant("A"), stocked_variant("B", divisible=True)
    yen = placed_order([line("A", unit_price="500")], currency="JPY", payment=None)
    fine = placed_order([line("B", "0.5", unit_price="0.1255")], payment=None)
    assert partner.get(f"/orders/{yen.number}").json()["total"] == {"amount": "500", "currency": "JPY"}
    shown = partner.get(f"/orders/{fine.number}").json()
    assert (shown["total"]["amount"], shown["lines"][0]["unit_price"]["amount"]) == ("0.06", "0.1255")
    assert shown["lines"][0]["quantity"] == 0.5


def test_orders_are_listed_newest_first(partner):
    late, early = placed_order(at=NOON), placed_order(at=NOON - ONE_HOUR)
    assert numbers(partner.get("/orders")) == [late.number, early.number]


def test_pages_show_every_order_once(partner):
    channel(), stocked_variant(on_hand=30)
    placed = place(*(incoming() for _ in range(7)))
    seen, cursor = [], ""
    while cursor is not None:
        answer = partner.get(f"/orders?limit=3&cursor={cursor}")
        seen += numbers(answer)
        cursor = answer.json()["next_cursor"]
    assert seen == sorted((placement.number for placement in placed), reverse=True)


def test_what_changed_last_comes_in_the_order_of_its_change(partner):
    first, second = placed_order(at=NOON), placed_order(at=NOON + ONE_MINUTE)
    writer = make_partner("orders:write")
    writer.post(f"/orders/{first.number}/release", {}, label=fresh())
    since = (NOON - ONE_HOUR).isoformat().replace("+00:00", "Z")
    assert numbers(partner.get(f"/orders?updated_after={since}")) == [second.number, first.number]


@pytest.fixture
def two():
    """One order that every filter finds, and one that none does."""
    channel("shop"), channel("web", minutes=0), stocked_variants("TEE", "CAP")
    found = placed_order(
        [line("CAP")], channel="shop", external_id="S-1", external_number="#77", tags=["gift"], payment=None,
        customer={"email": "eve@example.com"}, shipping_address=BERLIN | {"country": "FR"}, at=NOON,
    )  # fmt: skip
    released_order(lines=[line("TEE")], at=NOON + ONE_HOUR)
    return found


@pytest.mark.parametrize(
    "query",
    [
        "channel=shop",
        "status=HELD",
        "financial_status=PENDING",
        "held_for=PAYMENT",
        "sku=CAP",
        "customer_email=Eve@Example.com",
        "country=FR",
        "tag=gift",
        "placed_before=2026-11-21T12:30:00Z",
        "q=S-1",
        "q=%2377",
        "q=eve@example.com",
        "channel=shop&status=HELD&tag=gift",
    ],
)
def test_filters_find_what_they_ask_for(partner, two, query):
    assert numbers(partner.get(f"/orders?{query}")) == [two.number]


@pytest.mark.parametrize("query", ["channel=none", "fulfillment_status=FULFILLED", "held_for=STAFF", "tag=gif", "q=7"])
def test_filters_that_nothing_fits_find_nothing(partner, two, query):
    assert numbers(partner.get(f"/orders?{query}")) == []


@pytest.mark.parametrize("query", ["status=OPEN", "colour=red", "limit=0", "limit=251", "cursor=x", "placed_after=1"])
def test_a_query_that_makes_no_sense_is_refused(partner, query):
    assert partner.get(f"/orders?{query}").status_code == 400


def test_a_key_sees_the_orders_of_its_channels_alone(two):
    limited = make_partner("orders:read", channels=("shop",))
    assert numbers(limited.get("/orders")) == [two.number]
    assert numbers(limited.get("/orders?channel=web")) == []


def test_a_list_takes_as_many_statements_for_fifty_as_for_five(partner):
    channel(), stocked_variant(on_hand=99)

    def statements(count):
        place(*(incoming([line(), line()]) for _ in range(count)))
        with statements_made() as made:
            assert len(numbers(partner.get("/orders?limit=250"))) >= count
        return len(made)

    assert statements(5) == statements(45) <= 3


def test_the_timeline_tells_what_happened_oldest_first(partner):
    order = released_order()
    told = partner.get(f"/orders/{order.number}/timeline").json()
    assert [(event["sequence"], event["type"]) for event in told["results"]] == [
        (1, "order.placed"), (2, "order.window_ended"), (3, "order.released"),
    ]  # fmt: skip
    assert told["next_cursor"] is None
    assert told["results"][1]["facts"] == {"code": "released"}


def test_the_timeline_has_pages(partner):
    order = released_order()
    first = partner.get(f"/orders/{order.number}/timeline?limit=2").json()
    rest = partner.get(f"/orders/{order.number}/timeline?limit=2&cursor={first['next_cursor']}").json()
    assert [event["sequence"] for event in first["results"] + rest["results"]] == [1, 2, 3]


def test_a_key_without_the_scope_reads_nothing():
    order, writer = placed_order(), make_partner("orders:write")
    for path in ("/orders", f"/orders/{order.number}", f"/orders/{order.number}/timeline"):
        assert writer.get(path).status_code == 403
