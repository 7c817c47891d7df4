"""The catalogue: products come in, each with its variants and the promise row of each variant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db import IntegrityError

from inventory.events import ProductCreated
from inventory.incoming import IncomingCategory, IncomingProduct
from inventory.models import Availability, Category, Product, Variant
from inventory.queries.catalogue import PRODUCT_COLUMNS, Row, read_products
from oms.errors import FieldError, Invalid, Raced
from oms.events import publish
from oms.sql import fetch_one
from oms.transactions import run_transaction
from oms.writing import insert_rows


@dataclass(frozen=True, slots=True)
class Cataloguing:
    """What became of one product. The same product again is `known` and changes nothing."""

    status: Literal["created", "known", "refused"]
    product_id: int | None = None
    errors: Sequence[FieldError] = ()


@dataclass(slots=True)
class _Catalogue:
    """What the batch is judged by, and the ids that its rows will take."""

    categories: dict[str, int]
    product_by_sku: dict[str, int]
    handles: set[str]
    product_ids: Iterator[int]
    variant_ids: Iterator[int]
    contents: dict[int, Row] = field(default_factory=dict)


def create_products(products: Sequence[IncomingProduct], *, by: str, at: datetime) -> list[Cataloguing]:
    """Take the products into the catalogue, each standing alone, in a constant number of statements.

    A SKU belongs to one product for good: a product that names a taken one is refused, unless it is the same in
    every field as the product that has it.

    Raises:
        Raced: too many wrote the same SKUs at once.
    """
    return run_transaction(lambda: _create_products(products, by=by, at=at))


def create_category(incoming: IncomingCategory, *, by: str, at: datetime) -> tuple[Category, bool]:
    """The category, and whether it is new. The same again changes nothing.

    Raises:
        Invalid: the code belongs to another category, or the parent does not exist.
        Raced: somebody made it at the same moment.
    """
    known = Category.objects.select_related("parent").filter(code=incoming.code).first()
    if known:
        if (known.name, known.parent.code if known.parent else None) != (incoming.name, incoming.parent):
            raise _wrong("/code", "category_taken", f"{incoming.code} is another category already.")
        return known, False

    parent = Category.objects.filter(code=incoming.parent).first() if incoming.parent else None
    if incoming.parent and parent is None:
        raise _wrong("/parent", "unknown_category", f"There is no category {incoming.parent}.")
    category, created = Category.objects.get_or_create(
        code=incoming.code, defaults={"name": incoming.name, "parent": parent}
    )
    return category, created


def _wrong(pointer: str, code: str, detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError(pointer, code, detail)])


def _create_products(products: Sequence[IncomingProduct], *, by: str, at: datetime) -> list[Cataloguing]:
    catalogue = _look_up(products)
    outcomes = [_judge(product, catalogue) for product in products]
    created = [
        (product, outcome.product_id)
        for product, outcome in zip(products, outcomes, strict=True)
        if outcome.status == "created" and outcome.product_id is not None
    ]

    _write(created, catalogue)
    publish([_created(product, product_id, by=by, at=at) for product, product_id in created])
    return outcomes


_LOOK_UP = """
SELECT
    (SELECT json_object_agg(code, id) FROM inventory_category WHERE code = ANY(%(categories)s::text[])),
    (SELECT json_object_agg(sku, product_id) FROM inventory_variant WHERE sku = ANY(%(skus)s::text[])),
    (SELECT array_agg(handle) FROM inventory_product WHERE handle = ANY(%(handles)s::text[])),
    (SELECT array_agg(nextval('inventory_product_id_seq')) FROM generate_series(1, %(products)s)),
    (SELECT array_agg(nextval('inventory_variant_id_seq')) FROM generate_series(1, %(variants)s))
"""


def _look_up(products: Sequence[IncomingProduct]) -> _Catalogue:
    skus = [sku for product in products for sku in product.skus]
    parameters = {
        "categories": list({product.category for product in products if product.category}),
        "skus": skus,
        "handles": list({product.handle for product in products if product.handle}),
        "products": len(products),
        "variants": len(skus),
    }
    categories, product_by_sku, handles, product_ids, variant_ids = fetch_one(_LOOK_UP, parameters)
    known = set((product_by_sku or {}).values())
    contents = (
        {row["id"]: _content_of_row(row) for row in read_products(Product.objects.filter(id__in=known))}
        if known
        else {}
    )
    return _Catalogue(
        categories=categories or {},
        product_by_sku=product_by_sku or {},
        handles=set(handles or ()),
        product_ids=iter(product_ids or ()),
        variant_ids=iter(variant_ids or ()),
        contents=contents,
    )


def _judge(product: IncomingProduct, catalogue: _Catalogue) -> Cataloguing:
    """What becomes of it; a product that is created takes its SKUs and its handle from those after it."""
    owners = {catalogue.product_by_sku.get(sku) for sku in product.skus}
    content = _content_of(product)
    if len(owners) == 1 and (owner := owners.pop()) is not None and catalogue.contents[owner] == content:
        return Cataloguing("known", owner)
    if errors := list(_find_errors(product, catalogue)):
        return Cataloguing("refused", errors=errors)

    product_id = next(catalogue.product_ids)
    catalogue.product_by_sku |= dict.fromkeys(product.skus, product_id)
    catalogue.contents[product_id] = content
    if product.handle:
        catalogue.handles.add(product.handle)
    return Cataloguing("created", product_id)


def _find_errors(product: IncomingProduct, catalogue: _Catalogue) -> Iterator[FieldError]:
    if product.category and product.category not in catalogue.categories:
        yield FieldError("/category", "unknown_category", f"There is no category {product.category}.")
    if product.handle in catalogue.handles:
        yield FieldError("/handle", "handle_taken", f"Another product has the handle {product.handle}.")
    for place, sku in enumerate(product.skus):
        if sku in catalogue.product_by_sku:
            yield FieldError(f"/variants/{place}/sku", "sku_taken", f"Another product has the SKU {sku}.")


def _content_of(product: IncomingProduct) -> Row:
    variants = [variant.as_columns() for variant in product.variants]
    return product.as_columns() | {"category_code": product.category, "variants": variants}


def _content_of_row(row: Row) -> Row:
    return {name: row[name] for name in (*PRODUCT_COLUMNS, "category_code", "variants") if name != "id"}


def _write(created: Sequence[tuple[IncomingProduct, int]], catalogue: _Catalogue) -> None:
    """Products, variants and promise rows in one statement."""
    products = [
        product.as_columns()
        | {"id": product_id, "category_id": catalogue.categories[product.category] if product.category else None}
        for product, product_id in created
    ]
    variants = [
        variant.as_columns() | {"id": next(catalogue.variant_ids), "product_id": product_id}
        for product, product_id in created
        for variant in product.variants
    ]
    promises = [{"variant_id": row["id"]} for row in variants]
    try:
        insert_rows({Product: products, Variant: variants, Availability: promises})
    except IntegrityError as error:
        raise Raced("Another transaction took one of these SKUs, handles or categories first.") from error


def _created(product: IncomingProduct, product_id: int, *, by: str, at: datetime) -> ProductCreated:
    facts = {"title": product.title, "category": product.category, "skus": product.skus}
    return ProductCreated(subject=str(product_id), by=by, at=at, facts=facts)
