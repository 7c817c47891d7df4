"""Stock over HTTP. A key that is limited to warehouses sees and moves these alone."""

from collections.abc import Sequence
from typing import Any

from inventory.actions.counting import Count, count_stock
from inventory.actions.moving import Move, move_stock
from inventory.api.bodies import CountBody, MoveBody, MovementBody, MovesBody, StockQuery
from inventory.api.shapes import MovedShape, StockPageShape, StockShape
from inventory.errors import UnknownStock
from inventory.models import Availability
from inventory.queries.stock import Sight, describe_stock, find_stock, read_stock
from oms.api.calls import ApiCall, move_pointers
from oms.api.pagination import Keyset, answer_page
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.errors import Invalid, NotFound
from oms.models.api_key import Scope

STOCK = Keyset("stock", {"variant_id": int})


class StockView(ApiView):
    scopes = {"GET": Scope.STOCK_READ}

    @describe("List stock", query=StockQuery, gives={200: StockPageShape})
    def get(self, call: ApiCall) -> Answer:
        """Each SKU with all its levels, and what each channel is told after its buffer."""
        asked, sight = call.ask(StockQuery), _sight_of(call)
        found = find_stock(sight=sight, sku=asked.sku, warehouse=asked.warehouse, low=asked.low, text=asked.q)
        narrowed = STOCK.narrow(found, STOCK.read_cursor(asked.cursor))
        stock, cursor = STOCK.page(
            read_stock(narrowed[: asked.limit + 1], sight=sight), limit=asked.limit, place=lambda one: [one.variant_id]
        )
        return Answer(answer_page(map(describe_stock, stock), cursor))


class SkuStockView(ApiView):
    scopes = {"GET": Scope.STOCK_READ}

    @describe("Read one SKU's stock", gives={200: StockShape})
    def get(self, call: ApiCall, sku: str) -> Answer:
        return Answer(_read_one(call, sku))


class LevelView(ApiView):
    scopes = {"PUT": Scope.STOCK_WRITE}
    needs_key = True

    @describe(
        "Set a level to what was counted",
        takes=CountBody,
        gives={200: StockShape},
        refuses={409: "`stock_not_there`: fewer than are allocated to orders; `stock_promised`."},
        example={"on_hand": 30, "safety": 2, "reason": "yearly count"},
    )
    def put(self, call: ApiCall, sku: str, warehouse: str) -> Answer:
        """A count that finds less than was promised leaves the newest orders short, and says so in events."""
        call.refuse_unseen(warehouse=warehouse)
        body = call.read(CountBody)
        count = Count(sku=sku, warehouse=warehouse, on_hand=body.on_hand, safety=body.safety, note=body.reason)
        try:
            count_stock([count], by=call.by, at=call.at)
        except UnknownStock as unknown:
            raise NotFound(unknown.message) from None
        except Invalid as wrong:
            raise move_pointers(wrong, "", instead_of="/0") from None
        return Answer(_read_one(call, sku))


class MovementsView(ApiView):
    scopes = {"POST": Scope.STOCK_WRITE}
    needs_key = True

    @describe(
        "Move stock",
        takes=MovementBody,
        gives={200: MovedShape},
        refuses={
            404: "`not_found`: a warehouse that this key may not see.",
            409: "`stock_not_there`, `stock_promised`.",
            422: "`unknown_stock`: a SKU or warehouse does not exist.",
        },
        example={"kind": "RECEIVE", "sku": "TEE-M-BLK", "warehouse": "LEJ", "quantity": 12, "reference": "PO-17"},
    )
    def post(self, call: ApiCall) -> Answer:
        """One movement, or up to 500 under `movements`, of which all are made or none."""
        several = "movements" in call.document
        bodies = call.read(MovesBody).movements if several else [call.read(MoveBody)]
        for body in bodies:
            call.refuse_unseen(warehouse=body.warehouse)
            call.refuse_unseen(warehouse=body.to_warehouse)
        try:
            move_stock(list(map(_as_move, bodies)), by=call.by, at=call.at)
        except Invalid as wrong:
            raise move_pointers(wrong, "/movements" if several else "", instead_of="" if several else "/0") from None
        return Answer({"results": _read_several(call, [body.sku for body in bodies])})


def _as_move(body: MoveBody) -> Move:
    return Move(
        kind=body.kind,
        sku=body.sku,
        warehouse=body.warehouse,
        quantity=body.quantity,
        to_warehouse=body.to_warehouse or "",
        note=body.reason,
        reference=body.reference,
    )


def _sight_of(call: ApiCall) -> Sight:
    return Sight(warehouses=call.key.warehouses, channels=call.key.channels)


def _read_one(call: ApiCall, sku: str) -> dict[str, Any]:
    sight = _sight_of(call)
    stock = read_stock(find_stock(sight=sight, sku=sku), sight=sight)
    if not stock:
        raise NotFound(f"There is no SKU {sku}.")
    return describe_stock(stock[0])


def _read_several(call: ApiCall, skus: Sequence[str]) -> list[dict[str, Any]]:
    moved = Availability.objects.filter(variant__sku__in=set(skus)).order_by("variant_id")
    return [describe_stock(stock) for stock in read_stock(moved, sight=_sight_of(call))]
