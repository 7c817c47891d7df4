"""The catalogue over HTTP."""

from typing import Any

from inventory.actions.cataloguing import Cataloguing, create_category, create_products
from inventory.api.bodies import ProductBatchBody, ProductQuery
from inventory.api.shapes import (
    CategoryPageShape,
    CategoryShape,
    ProductBatchShape,
    ProductPageShape,
    ProductShape,
    present_product,
)
from inventory.errors import SkuTaken
from inventory.incoming import IncomingCategory, IncomingProduct
from inventory.models import Category, Product
from inventory.queries.catalogue import find_products, read_products
from oms.api.calls import ApiCall, read_members
from oms.api.pagination import Keyset, answer_page
from oms.api.problems import describe_errors
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.bodies import PageQuery
from oms.errors import Invalid, NotFound
from oms.models.api_key import Scope

PRODUCTS = Keyset("products", {"id": int})
CATEGORIES = Keyset("categories", {"code": str})

EXAMPLE = {
    "title": "Linen tee",
    "category": "tops",
    "handling": [],
    "variants": [
        {
            "sku": "TEE-M-BLK",
            "options": {"size": "M", "colour": "black"},
            "price": {"amount": "19.90", "currency": "EUR"},
            "unit_cost": {"amount": "7.40", "currency": "EUR"},
            "weight_grams": 180,
            "hs_code": "610910",
            "origin": "PT",
            "barcode": "4006381333931",
        }
    ],
}


class ProductsView(ApiView):
    scopes = {"GET": Scope.STOCK_READ, "POST": Scope.STOCK_WRITE}

    @describe("List products", query=ProductQuery, gives={200: ProductPageShape})
    def get(self, call: ApiCall) -> Answer:
        """Oldest first."""
        asked = call.ask(ProductQuery)
        found = find_products(text=asked.q, sku=asked.sku, category=asked.category, active=asked.active)
        narrowed = PRODUCTS.narrow(found, PRODUCTS.read_cursor(asked.cursor))
        rows, cursor = PRODUCTS.page(
            read_products(narrowed[: asked.limit + 1]), limit=asked.limit, place=lambda row: [row["id"]]
        )
        return Answer(answer_page([present_product(row, with_costs=_sees_costs(call)) for row in rows], cursor))

    @describe(
        "Create a product",
        takes=IncomingProduct,
        gives={201: ProductShape, 200: ProductShape},
        refuses={422: "`sku_taken`; `errors` may bear `unknown_category`, `handle_taken`, `barcode_invalid`, …"},
        example=EXAMPLE,
    )
    def post(self, call: ApiCall) -> Answer:
        """201 when it is new. The same product again, equal in every field, is answered 200 as it stands."""
        [outcome] = create_products([call.read(IncomingProduct)], by=call.by, at=call.at)
        if outcome.product_id is None:
            raise _refusal_of(outcome)
        status = 201 if outcome.status == "created" else 200
        return Answer(
            _read_product(outcome.product_id, call), status, location=f"/api/v1/products/{outcome.product_id}"
        )


class ProductBatchView(ApiView):
    scopes = {"POST": Scope.STOCK_WRITE}

    @describe("Create up to 500 products", takes=ProductBatchBody, gives={200: ProductBatchShape})
    def post(self, call: ApiCall) -> Answer:
        """Each stands alone; the results are in the order sent, and their pointers begin at the member."""
        members = read_members(call.read(ProductBatchBody).products, IncomingProduct)
        products = [member for member in members if isinstance(member, IncomingProduct)]
        outcomes = iter(create_products(products, by=call.by, at=call.at))
        results = [
            next(outcomes) if isinstance(member, IncomingProduct) else Cataloguing("refused", errors=member)
            for member in members
        ]
        return Answer({"results": list(map(_present_outcome, results))})


class ProductView(ApiView):
    scopes = {"GET": Scope.STOCK_READ}

    @describe("Read a product", gives={200: ProductShape})
    def get(self, call: ApiCall, product_id: int) -> Answer:
        return Answer(_read_product(product_id, call))


class CategoriesView(ApiView):
    scopes = {"GET": Scope.STOCK_READ, "POST": Scope.STOCK_WRITE}

    @describe("List categories", query=PageQuery, gives={200: CategoryPageShape})
    def get(self, call: ApiCall) -> Answer:
        """By code."""
        asked = call.ask(PageQuery)
        found = CATEGORIES.narrow(Category.objects.select_related("parent"), CATEGORIES.read_cursor(asked.cursor))
        categories, cursor = CATEGORIES.page(
            list(found[: asked.limit + 1]), limit=asked.limit, place=lambda category: [category.code]
        )
        return Answer(answer_page(map(_present_category, categories), cursor))

    @describe(
        "Create a category",
        takes=IncomingCategory,
        gives={201: CategoryShape, 200: CategoryShape},
        refuses={422: "`errors` may bear `unknown_category`, `category_taken`."},
    )
    def post(self, call: ApiCall) -> Answer:
        """201 when it is new; the same category again is answered 200."""
        category, created = create_category(call.read(IncomingCategory), by=call.by, at=call.at)
        return Answer(_present_category(category), 201 if created else 200)


def _sees_costs(call: ApiCall) -> bool:
    return call.key.may(Scope.STOCK_WRITE)


def _read_product(product_id: int, call: ApiCall) -> dict[str, Any]:
    rows = read_products(Product.objects.filter(id=product_id))
    if not rows:
        raise NotFound(f"There is no product {product_id}.")
    return present_product(rows[0], with_costs=_sees_costs(call))


def _refusal_of(outcome: Cataloguing) -> Invalid:
    if {error.code for error in outcome.errors} == {SkuTaken.code}:
        return SkuTaken(outcome.errors)
    return Invalid("The product cannot be taken; `errors` says why.", errors=outcome.errors)


def _present_outcome(outcome: Cataloguing) -> dict[str, Any]:
    return {"status": outcome.status, "id": outcome.product_id, "errors": describe_errors(outcome.errors)}


def _present_category(category: Category) -> dict[str, Any]:
    parent = category.parent.code if category.parent else None
    return {"code": category.code, "name": category.name, "parent": parent}
