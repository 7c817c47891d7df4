"""Stock over HTTP."""

from decimal import Decimal

import pytest

from inventory.api.shapes import StockPageShape, StockShape
from inventory.models import Availability, ChannelBuffer, StockLevel, StockMovement, Variant
from oms.models import Channel
from tests.make.goods import make_variant, make_warehouse, put_on_shelf
from tests.make.partners import Partner, fresh, make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner() -> Partner:
    make_warehouse("LEJ", priority=1)
    make_warehouse("WAW", priority=2)
    make_variant("TEE")
    return make_partner("stock:read", "stock:write")


def move(partner: Partner, **changes):
    body = {"kind": "RECEIVE", "sku": "TEE", "warehouse": "LEJ", "quantity": 5} | changes
    return partner.post("/stock/movements", body, label=fresh())


def test_stock_reads_as_the_contract_says(partner):
    put_on_shelf("TEE", 30, safety=2)
    put_on_shelf("TEE", 14, warehouse="WAW")
    Availability.objects.update(promised=7)
    web = Channel.objects.create(code="web", name="Web")
    amazon = Channel.objects.create(code="amazon-de", name="Amazon")
    closed = Channel.objects.create(code="closed", name="Closed", active=False)
    ChannelBuffer.objects.create(channel=amazon, variant=Variant.objects.get(), units=5)
    ChannelBuffer.objects.create(channel=amazon, units=9)
    ChannelBuffer.objects.create(channel=web, units=100)
    ChannelBuffer.objects.create(channel=closed, units=1)

    answer = partner.get("/stock/TEE")
    StockShape.model_validate_json(answer.content, extra="forbid", strict=True)
    nothing = {"allocated": 0, "damaged": 0, "quality_control": 0, "incoming": 0}
    assert answer.json() == {
        "sku": "TEE",
        "sellable": 42,
        "promised": 7,
        "available": 35,
        "low": False,
        "levels": [
            {"warehouse": "LEJ", "on_hand": 30, "safety": 2} | nothing,
            {"warehouse": "WAW", "on_hand": 14, "safety": 0} | nothing,
        ],
        "channels": [{"channel": "amazon-de", "available": 30}, {"channel": "web", "available": 0}],
    }
    assert partner.get("/stock").json() == {"results": [answer.json()], "next_cursor": None}


def test_a_count_sets_the_level_and_what_may_be_sold(partner):
    body = {"on_hand": 30, "safety": 2.5, "reason": "yearly count"}
    answer = partner.put("/stock/TEE/LEJ", body, label=fresh())
    assert (answer.status_code, answer.json()["available"]) == (200, 27.5)
    assert {m.note for m in StockMovement.objects.all()} == {"yearly count"}
    assert {m.by for m in StockMovement.objects.all()} == {partner.key.actor}


def test_a_count_sent_twice_counts_once(partner):
    label = fresh()
    for _ in range(2):
        assert partner.put("/stock/TEE/LEJ", {"on_hand": 30}, label=label).status_code == 200
    assert StockMovement.objects.count() == 1


def test_stock_does_not_move_without_an_idempotency_key(partner):
    assert partner.put("/stock/TEE/LEJ", {"on_hand": 30}).json()["code"] == "idempotency_key_missing"
    assert not StockMovement.objects.exists()


@pytest.mark.parametrize("path", ["/stock/NONE/LEJ", "/stock/TEE/NONE"])
def test_a_level_that_cannot_be_is_not_found(partner, path):
    assert partner.put(path, {"on_hand": 1}, label=fresh()).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"on_hand": -1}, "/on_hand"),
        ({"on_hand": "30"}, "/on_hand"),
        ({"on_hand": True}, "/on_hand"),
        ({"on_hand": 0.0001}, "/on_hand"),
        ({"on_hand": 1e30}, "/on_hand"),
        ({"on_hand": 1, "reason": "x" * 256}, "/reason"),
    ],
)
def test_a_count_that_makes_no_sense_is_refused_and_changes_nothing(partner, body, pointer):
    answer = partner.put("/stock/TEE/LEJ", body, label=fresh())
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert not StockMovement.objects.exists()


def test_goods_are_received_and_the_answer_is_the_stock_that_is_there_now(partner):
    answer = move(partner, kind="receive", reason="PO arrived", reference="PO-17")
    assert (answer.status_code, answer.json()["results"][0]["available"]) == (200, 5)
    movement = StockMovement.objects.get()
    assert (movement.delta, movement.reference, movement.note) == (5, "PO-17", "PO arrived")


def test_several_movements_are_all_made_or_none(partner):
    put_on_shelf("TEE", 10)
    moves = [
        {"kind": "TRANSFER", "sku": "TEE", "warehouse": "LEJ", "to_warehouse": "WAW", "quantity": 4},
        {"kind": "DAMAGE", "sku": "TEE", "warehouse": "LEJ", "quantity": 1},
        {"kind": "ANNOUNCE", "sku": "TEE", "warehouse": "WAW", "quantity": 12},
    ]
    levels = partner.post("/stock/movements", {"movements": moves}, label=fresh()).json()["results"][0]["levels"]
    assert [(level["on_hand"], level["damaged"], level["incoming"]) for level in levels] == [(5, 1, 0), (4, 0, 12)]

    moves[1]["quantity"] = 100
    answer = partner.post("/stock/movements", {"movements": moves}, label=fresh())
    assert (answer.status_code, answer.json()["code"]) == (409, "stock_not_there")
    assert list(StockLevel.objects.order_by("warehouse").values_list("on_hand", flat=True)) == [5, 4]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"sku": "NONE"}, "/sku"),
        ({"warehouse": "NONE"}, "/warehouse"),
        ({"warehouse": "lower"}, "/warehouse"),
        ({"quantity": 0}, "/quantity"),
        ({"quantity": -1}, "/quantity"),
        ({"quantity": "5"}, "/quantity"),
        ({"kind": "EAT"}, "/kind"),
        ({"kind": "TRANSFER"}, "/to_warehouse"),
        ({"kind": "TRANSFER", "to_warehouse": "LEJ"}, "/to_warehouse"),
    ],
)
def test_a_movement_that_makes_no_sense_is_pointed_at_alone_and_among_others(partner, changes, pointer):
    alone = move(partner, **changes)
    assert (alone.status_code, alone.json()["errors"][0]["pointer"]) == (422, pointer)
    good = {"kind": "RECEIVE", "sku": "TEE", "warehouse": "LEJ", "quantity": 5}
    among = partner.post("/stock/movements", {"movements": [good, good | changes]}, label=fresh())
    assert (among.status_code, among.json()["errors"][0]["pointer"]) == (422, f"/movements/1{pointer}")
    assert not StockMovement.objects.exists()


def test_a_key_of_one_warehouse_sees_and_moves_that_one_alone(partner):
    make_variant("HAT")
    put_on_shelf("TEE", 30)
    put_on_shelf("TEE", 14, warehouse="WAW", safety=4)
    put_on_shelf("HAT", 1)
    polish = make_partner("stock:read", "stock:write", warehouses=("WAW",))

    [stock] = polish.get("/stock").json()["results"]
    assert (stock["sku"], stock["sellable"], stock["available"]) == ("TEE", 10, 10)
    assert [level["warehouse"] for level in stock["levels"]] == ["WAW"]
    assert polish.get("/stock/HAT").status_code == 404
    assert polish.put("/stock/TEE/LEJ", {"on_hand": 0}, label=fresh()).status_code == 404
    assert move(polish).status_code == 404
    assert move(polish, kind="TRANSFER", warehouse="WAW", to_warehouse="LEJ", quantity=1).status_code == 404
    assert move(polish, warehouse="WAW").status_code == 200
    assert StockLevel.objects.get(warehouse__code="LEJ", variant__sku="TEE").on_hand == 30


def test_a_key_of_one_channel_is_told_that_channels_figure(partner):
    Channel.objects.create(code="web", name="Web")
    Channel.objects.create(code="shop", name="Shop")
    shop = make_partner("stock:read", channels=("shop",))
    assert shop.get("/stock/TEE").json()["channels"] == [{"channel": "shop", "available": 0}]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["TEE", "HAT"]),
        ("sku=HAT", ["HAT"]),
        ("warehouse=WAW", ["TEE"]),
        ("warehouse=NONE", []),
        ("low=true", ["HAT"]),
        ("low=false", ["TEE"]),
        ("q=ha", ["HAT"]),
        ("q=linen", ["TEE"]),
        ("q=%25", []),
    ],
)
def test_stock_is_found(partner, query, found):
    make_variant("HAT", title="Wool hat")
    put_on_shelf("TEE", 3, warehouse="WAW")
    Availability.objects.filter(variant__sku="HAT").update(low=True)
    assert [stock["sku"] for stock in partner.get(f"/stock?{query}").json()["results"]] == found


def test_stock_is_listed_page_by_page_with_as_many_statements_however_long_a_page_is(
    partner, django_assert_num_queries
):
    Channel.objects.create(code="web", name="Web")
    for number in range(9):
        make_variant(f"SKU {number}/a")
        put_on_shelf(f"SKU {number}/a", number)
    seen, cursor = [], ""
    while cursor is not None:
        with django_assert_num_queries(5):  # key, promise rows, levels, channels, buffers
            page = StockPageShape.model_validate_json(partner.get(f"/stock?limit=3&cursor={cursor}").content)
        seen += [stock.sku for stock in page.results]
        cursor = page.next_cursor
    assert seen == ["TEE", *(f"SKU {number}/a" for number in range(9))]


def test_a_sku_with_a_slash_can_be_counted_and_read(partner):
    make_variant("A/B c")
    assert partner.put("/stock/A%2FB%20c/LEJ", {"on_hand": 3}, label=fresh()).status_code == 200
    assert partner.get("/stock?sku=A%2FB%20c").json()["results"][0]["available"] == 3


def test_figures_are_exact_to_the_thousandth(partner):
    partner.put("/stock/TEE/LEJ", {"on_hand": 0.1}, label=fresh())
    for _ in range(2):
        assert move(partner, quantity=0.1).status_code == 200
    assert StockLevel.objects.get().on_hand == Decimal("0.3")
    assert b'"available":0.3' in partner.get("/stock/TEE").content
