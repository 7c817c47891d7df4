"""What Shopify's Admin GraphQL API says about variants and their stock at the shop's one location."""

import re
from typing import Any

from graphql import GraphQLResolveInfo

from tests.fakes.shopify_fields import gid, number_of, page_of
from tests.fakes.shopify_shop import Shop

LOCATION = 1
REASONS_OF_STOCK = ("correction", "cycle_count_available", "other", "received", "restock")


class StockFields:
    """Each method is a field of Query or Mutation, in snake case."""

    _shop: Shop

    def product_variants(self, info: GraphQLResolveInfo, query: str = "", **page: Any) -> dict[str, Any]:
        """A word of the search fits whatever begins with it, in any case of letters."""
        wanted = [re.fullmatch(r'sku:"(.*)"', word) for word in query.split(" OR ")]
        assert all(wanted), f"Shopify would search for words in {query!r}"
        skus = tuple(word[1].replace('\\"', '"').replace("\\\\", "\\").lower() for word in wanted if word)
        found = [each for each in self._shop.variants.values() if each["sku"].lower().startswith(skus)]
        return page_of([_variant(each) for each in found])(info, page.get("first") or 50, page.get("after"))

    def location(self, info: GraphQLResolveInfo, id: str | None = None) -> dict[str, Any]:
        return {"id": gid("Location", LOCATION), "name": "Torstr. 1"}

    def inventory_set_quantities(self, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        """All of them or none; each must name what it changes from, or null on purpose."""
        keys = [each for each in info.field_nodes[0].directives or () if each.name.value == "idempotent"]
        assert keys, "The @idempotent directive is required for this mutation."
        assert input["name"] in ("available", "on_hand")
        assert input["reason"] in REASONS_OF_STOCK
        assert all("changeFromQuantity" in each for each in input["quantities"])
        codes = [code for each in input["quantities"] if (code := _refuse_quantity(self._shop, each))]
        if codes:
            errors = [{"code": code, "field": ["input", "quantities"], "message": code} for code in codes]
            return {"inventoryAdjustmentGroup": None, "userErrors": errors}
        for each in input["quantities"]:
            variant = _variant_of_item(self._shop, each["inventoryItemId"])
            assert variant is not None
            variant["stock"] = each["quantity"]
        return {"inventoryAdjustmentGroup": {"id": gid("InventoryAdjustmentGroup", 1)}, "userErrors": []}


def _variant(variant: dict[str, Any]) -> dict[str, Any]:
    def level(info: GraphQLResolveInfo, locationId: str) -> dict[str, Any] | None:  # noqa: N803 - as GraphQL names it
        if variant["stock"] is None or number_of(locationId, "Location") != LOCATION:
            return None
        shown = [{"name": "available", "quantity": variant["stock"]}]
        return {"id": gid("InventoryLevel", variant["number"]), "quantities": lambda info, names: shown}

    item = {"id": gid("InventoryItem", variant["number"]), "tracked": variant.get("tracked", True)}
    shown = {"id": gid("ProductVariant", variant["number"]), "sku": variant["sku"], "price": variant["price"]}
    return shown | {"inventoryItem": item | {"inventoryLevel": level}}


def _variant_of_item(shop: Shop, name: str) -> dict[str, Any] | None:
    number = number_of(name, "InventoryItem")
    return next((each for each in shop.variants.values() if each["number"] == number), None)


def _refuse_quantity(shop: Shop, wanted: dict[str, Any]) -> str:
    variant = _variant_of_item(shop, wanted["inventoryItemId"])
    if variant is None:
        return "INVALID_INVENTORY_ITEM"
    if number_of(wanted["locationId"], "Location") != LOCATION:
        return "INVALID_LOCATION"
    if variant["stock"] is None:
        return "ITEM_NOT_STOCKED_AT_LOCATION"
    if wanted["quantity"] < 0:
        return "INVALID_QUANTITY_NEGATIVE"
    if wanted["changeFromQuantity"] not in (None, variant["stock"]):
        return "CHANGE_FROM_QUANTITY_STALE"
    return ""
