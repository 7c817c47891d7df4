"""Telling Shopify what may be sold, at the shop's own first location.

The figure there is read first and named in the call (`changeFromQuantity`, demanded since 2026-04): a sale in between
makes the call fail instead of being undone. https://shopify.dev/docs/api/admin-graphql/latest/mutations/inventorySetQuantities
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from orders.channels.outgoing import shopify_documents as documents
from orders.channels.outgoing.port import ChannelBusy, ChannelRefused, StockFigure
from orders.channels.outgoing.shopify_api import ShopifyApi

SOUGHT_AT_ONCE = 50
SET_AT_ONCE = 250
"""So many quantities Shopify takes in one call."""
_SOON = 5.0


def set_stock(api: ShopifyApi, figures: Sequence[StockFigure], *, key: str) -> dict[str, str]:
    """The SKUs that could not be set, with a sentence why; the others show what was wanted."""
    location = (api.ask(documents.READ_LOCATION)["location"] or {}).get("id")
    if not location:
        raise ChannelRefused("The shop has no location of which the app may see the stock: give it `read_locations`.")
    there = _read_items(api, [figure.sku for figure in figures], location)
    refused: dict[str, str] = {}
    changes = []
    for figure in figures:
        items = there.get(figure.sku, [])
        if sentence := _refuse(items):
            refused[figure.sku] = sentence
        elif (before := _available(items[0])) != (units := int(max(figure.units, Decimal(0)))):
            item = {"inventoryItemId": items[0]["id"], "locationId": location}
            changes.append(item | {"quantity": units, "changeFromQuantity": before})
    for begin in range(0, len(changes), SET_AT_ONCE):
        _set(api, changes[begin : begin + SET_AT_ONCE], key=f"{key}-{begin}")
    return refused


def _read_items(api: ShopifyApi, skus: Sequence[str], location: str) -> dict[str, list[dict[str, Any]]]:
    """The inventory items of each SKU: one, unless the shop is untidy."""
    found: dict[str, list[dict[str, Any]]] = {}
    for begin in range(0, len(skus), SOUGHT_AT_ONCE):
        wanted, after = " OR ".join(_quote(sku) for sku in skus[begin : begin + SOUGHT_AT_ONCE]), None
        while True:
            page = api.ask(documents.READ_STOCK, query=wanted, location=location, after=after)["productVariants"]
            for node in page["nodes"]:
                found.setdefault(node["sku"] or "", []).append(node["inventoryItem"])
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
    return found


def _quote(sku: str) -> str:
    escaped = sku.replace("\\", "\\\\").replace('"', '\\"')
    return f'sku:"{escaped}"'


def _refuse(items: Sequence[Mapping[str, Any]]) -> str:
    if not items:
        return "Shopify has no variant with this SKU."
    if len(items) > 1:
        return "Shopify has several variants with this SKU. Leave it to one of them."
    if not items[0]["tracked"]:
        return "Shopify does not track the stock of this variant."
    return "" if items[0]["inventoryLevel"] else "This variant is not stocked at the shop's location."


def _available(item: Mapping[str, Any]) -> int:
    return int(item["inventoryLevel"]["quantities"][0]["quantity"])


def _set(api: ShopifyApi, changes: Sequence[Mapping[str, Any]], *, key: str) -> None:
    """All of them or none."""
    wanted = {"name": "available", "reason": "correction", "quantities": changes}
    payload = api.ask(documents.SET_STOCK, input=wanted, key=key).get("inventorySetQuantities") or {}
    errors = payload.get("userErrors") or []
    if any(error.get("code") == "CHANGE_FROM_QUANTITY_STALE" for error in errors):
        raise ChannelBusy("Something was sold there meanwhile; its figures are read again.", retry_after=_SOON)
    if errors:
        raise ChannelRefused(f"Shopify: {'; '.join(str(error.get('message')) for error in errors)}")
