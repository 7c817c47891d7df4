"""Telling WooCommerce what may be sold: batches of 100 products, and of the variations of each variable product.

https://woocommerce.github.io/woocommerce-rest-api-docs/#batch-update-products
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import httpx

from orders.channels.outgoing.port import StockFigure

AT_ONCE = 100

Send = Callable[..., Any]
"""Method, path and document; the answer's JSON."""


def set_stock(send: Send, figures: Sequence[StockFigure]) -> dict[str, str]:
    """The SKUs that could not be set, with a sentence why; the others show what was wanted."""
    refused: dict[str, str] = {}
    for begin in range(0, len(figures), AT_ONCE):
        refused |= _set_some(send, figures[begin : begin + AT_ONCE])
    return refused


def _set_some(send: Send, figures: Sequence[StockFigure]) -> dict[str, str]:
    params = httpx.QueryParams({"sku": ",".join(figure.sku for figure in figures), "per_page": AT_ONCE})
    products = {each["sku"]: each for each in send("GET", f"products?{params}")}
    refused: dict[str, str] = {}
    changes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    names: dict[int, str] = {}
    for figure in figures:
        product = products.get(figure.sku)
        if product is None:
            refused[figure.sku] = "WooCommerce has no product with this SKU."
            continue
        names[product["id"]] = figure.sku
        units = int(max(figure.units, Decimal(0)))
        change = {"id": product["id"], "manage_stock": True, "stock_quantity": units}
        changes[product.get("parent_id") or 0].append(change)
    for parent, batch in changes.items():
        answer = send("POST", f"products/{parent}/variations/batch" if parent else "products/batch", {"update": batch})
        refused |= _read_refusals(answer, names)
    return refused


def _read_refusals(answer: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, str]:
    """A batch is answered one by one: what failed bears an error."""
    failed = [each for each in answer.get("update", ()) if isinstance(each, dict) and each.get("error")]
    return {
        names[each["id"]]: f"WooCommerce: {each['error'].get('message', '')}" for each in failed if each["id"] in names
    }
