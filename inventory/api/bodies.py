"""What requests about the catalogue and stock look like."""

from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, ConfigDict, Field, RootModel, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from inventory.actions.moving import Kind
from inventory.incoming import Sku
from oms.bodies import Body, Flag, PageQuery, exact_number, text

MOST_MEMBERS = 500
MOST_UNITS = 100_000_000


def _units(least: int) -> WithJsonSchema:
    return WithJsonSchema({"type": "number", "minimum": least, "maximum": MOST_UNITS, "multipleOf": 0.001})


Units = Annotated[Decimal, Field(ge=0, le=MOST_UNITS, decimal_places=3), BeforeValidator(exact_number), _units(0)]
Change = Annotated[
    Decimal, Field(ge=-MOST_UNITS, le=MOST_UNITS, decimal_places=3), BeforeValidator(exact_number), _units(-MOST_UNITS)
]
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

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["on_hand"]}, {"required": ["safety"]}]})

    on_hand: Units = None  # type: ignore[assignment]  # left out, but never null
    safety: Units = None  # type: ignore[assignment]
    reason: Annotated[str, text(255)] = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not {"on_hand", "safety"} & self.model_fields_set:
            raise PydanticCustomError("figure_missing", "Send on_hand, safety or both.")
        return self


def _any_case(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


class MoveBody(Body):
    """One movement. Quantities are positive, but an ADJUST may take away; only a TRANSFER has `to_warehouse`."""

    kind: Annotated[Kind, BeforeValidator(_any_case)]
    sku: Sku
    warehouse: WarehouseCode
    quantity: Change
    to_warehouse: WarehouseCode | None = None
    reason: Annotated[str, text(255)] = ""
    reference: Annotated[str, text(100)] = ""


class MovesBody(Body):
    """Up to 500 movements: all are made, or none."""

    movements: Annotated[list[MoveBody], Field(min_length=1, max_length=MOST_MEMBERS)]


class MovementBody(RootModel[MovesBody | MoveBody]):
    """One movement, or several under `movements`."""
