"""What a product must say of itself to enter the catalogue, from whomever it comes."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from inventory.policies.gtin import is_gtin
from oms.bodies import Body, CountryCode, MoneyBody, WholeNumber, text

SLUG = r"^[A-Za-z0-9_-]+$"
SKU = r"^\S(.*\S)?$"
MOST_VARIANTS = 500
MOST_OPTIONS = 10

HandlingWord = Literal["fragile", "liquid", "battery", "this_side_up", "keep_dry"]


def _checked_barcode(value: str) -> str:
    if value and not is_gtin(value):
        raise PydanticCustomError(
            "barcode_invalid", "{barcode} is no GTIN: its check digit is wrong.", {"barcode": value}
        )
    return value


Sku = Annotated[str, text(100, least=1, pattern=SKU)]
Slug = Annotated[str, text(60, least=1, pattern=SLUG)]
Barcode = Annotated[
    str, text(14, pattern=r"^([0-9]{8}|[0-9]{12,14})?$"), AfterValidator(_checked_barcode), Field(description="GTIN")
]


class IncomingVariant(Body):
    """One SKU. Weight in grams, measures in millimetres; what a unit costs the shop is without tax."""

    sku: Sku
    options: Annotated[
        dict[Annotated[str, text(60, least=1)], Annotated[str, text(120)]], Field(max_length=MOST_OPTIONS)
    ] = Field(default_factory=dict)
    barcode: Barcode = ""
    price: MoneyBody | None = None
    unit_cost: Annotated[
        MoneyBody | None, Field(description="What one unit costs the shop, in the currency of its price.")
    ] = None
    weight_grams: WholeNumber | None = None
    length_mm: WholeNumber | None = None
    width_mm: WholeNumber | None = None
    height_mm: WholeNumber | None = None
    hs_code: Annotated[str, text(10, pattern=r"^([0-9]{6,10})?$")] = ""
    origin: CountryCode | Literal[""] = ""
    divisible: StrictBool = False
    active: StrictBool = True

    @model_validator(mode="after")
    def _has_one_currency(self) -> Self:
        if self.price and self.unit_cost and self.price.currency != self.unit_cost.currency:
            raise PydanticCustomError(
                "currencies_differ",
                "It is priced in {price}, its cost is in {cost}.",
                {"price": self.price.currency, "cost": self.unit_cost.currency},
            )
        return self

    def as_columns(self) -> dict[str, Any]:
        """Its row, without the ids."""
        money = self.price or self.unit_cost
        return self.model_dump(exclude={"price", "unit_cost"}) | {
            "price": self.price.amount if self.price else None,
            "unit_cost": self.unit_cost.amount if self.unit_cost else None,
            "currency": money.currency if money else "",
        }


class IncomingProduct(Body):
    """A product with its variants. `category` must exist (`/categories`)."""

    title: Annotated[str, text(255, least=1, pattern=r"\S")]
    handle: Annotated[str, text(120, least=1, pattern=SLUG)] | None = None
    product_type: Annotated[str, text(80)] = ""
    category: Slug | None = None
    brand: Annotated[str, text(120)] = ""
    description: Annotated[str, text(20_000)] = ""
    care: Annotated[str, text(5_000)] = ""
    handling: Annotated[list[HandlingWord], Field(max_length=5)] = Field(default_factory=list)
    tags: Annotated[list[Annotated[str, text(60, least=1)]], Field(max_length=250)] = Field(default_factory=list)
    active: StrictBool = True
    variants: Annotated[list[IncomingVariant], Field(min_length=1, max_length=MOST_VARIANTS)]

    @model_validator(mode="after")
    def _names_each_sku_once(self) -> Self:
        skus = self.skus
        if len(set(skus)) < len(skus):
            twice = sorted({sku for sku in skus if skus.count(sku) > 1})
            raise PydanticCustomError("sku_repeated", "Named twice: {skus}.", {"skus": ", ".join(twice)})
        return self

    @property
    def skus(self) -> list[str]:
        return [variant.sku for variant in self.variants]

    def as_columns(self) -> dict[str, Any]:
        """Its row, without the ids."""
        return self.model_dump(exclude={"variants", "category"})


class IncomingCategory(Body):
    """A shelf of the catalogue; rules are written for categories."""

    code: Slug
    name: Annotated[str, text(120, least=1, pattern=r"\S")]
    parent: Slug | None = None
