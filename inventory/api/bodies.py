"""What requests about the catalogue and stock look like."""

from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, RootModel, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from inventory.actions.moving import Kind
from inventory.incoming import Sku
from oms.bodies import Body, Flag, PageQuery, number, text

MOST_MEMBERS = 500

WarehouseCode = Annotated[str, text(20, least=1, pattern="^[A-Z0-9_-]+$")]


class ProductBatchBody(Body):
    """Up to 500 products; each is as `POST /products` takes it and stands alone."""

    products: Annotated[
        list[Annotated[Any, WithJsonSchema({"description": "As `POST /products` takes it."})]],
        Field(min_length=1, max_length=MOST_MEMBERS),
    ]


class ProductQuery(PageQuery):
    """Which products."""

    q: Annotated[str, text(200), Field(description="Words of the title, or the beginning of a SKU.")] = ""
    sku: Annotated[str, text(100), Field(description="The product that has this SKU.")] = ""
    category: Annotated[str, text(60)] = ""
    active: Flag | None = None


class StockQuery(PageQuery):
    """Which SKUs."""

    q: Annotated[str, text(200), Field(description="Words of the title, or the beginning of a SKU.")] = ""
    sku: Annotated[str, text(100)] = ""
    warehouse: Annotated[str, text(20), Field(description="SKUs with a level there.")] = ""
    low: Annotated[Flag | None, Field(description="Whether available has fallen to its threshold.")] = None


class CountBody(Body):
    """What was found, and what is kept back. One figure may be left out."""

    on_hand: number(least=0, most=100_000_000) | None = None  # type: ignore[valid-type]
    safety: number(least=0, most=100_000_000) | None = None  # type: ignore[valid-type]
    reason: Annotated[str, text(255)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.on_hand is None and self.safety is None:
            raise PydanticCustomError("figure_missing", "Send on_hand, safety or both.")
        return self


def _any_case(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class MoveBody(Body):
    """One movement. Quantities are positive, except that an ADJUST may take away; only a TRANSFER has `to_warehouse`."""

    kind: Annotated[Kind, BeforeValidator(_any_case)]
    sku: Sku
    warehouse: WarehouseCode
    quantity: number(least=-100_000_000, most=100_000_000)  # type: ignore[valid-type]
    to_warehouse: WarehouseCode | None = None
    reason: Annotated[str, text(255)] = ""
    reference: Annotated[str, text(100)] = ""


class MovesBody(Body):
    """Up to 500 movements: all are made, or none."""

    movements: Annotated[list[MoveBody], Field(min_length=1, max_length=MOST_MEMBERS)]


class MovementBody(RootModel[MovesBody | MoveBody]):
    """One movement, or several under `movements`."""
