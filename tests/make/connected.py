"""An order that both sides know, with the other system's double running beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

from inventory.actions.cataloguing import create_products
from inventory.incoming import IncomingProduct
from orders.models import Order
from tests.fakes.partner_server import PartnerServer
from tests.fakes.shopify_server import ShopifyServer
from tests.fakes.shopify_shop import Line
from tests.fakes.woocommerce_server import WooCommerceServer
from tests.make.moments import ADA, NOON
from tests.make.orders import BERLIN, channel, line, placed_order
from tests.make.stock import count, stocked_variant, stocked_variants, warehouse
from tests.make.write_backs import target

PRICE = Decimal("19.90")


def stock_two_sizes(*skus: str) -> None:
    """Variants of one product, ten of each on the shelf."""
    price = {"amount": str(PRICE), "currency": "EUR"}
    variants = [{"sku": sku, "options": {"size": sku[-1]}, "price": price} for sku in skus]
    create_products([IncomingProduct.model_validate({"title": "Linen tee", "variants": variants})], by=ADA, at=NOON)
    warehouse()
    for sku in skus:
        count(sku, 10)


@contextmanager
def shopify_order() -> Iterator[tuple[Order, ShopifyServer]]:
    """One shirt in M, known at both ends; the same in L, and a mug, could be had."""
    stock_two_sizes("TEE-M", "TEE-L")
    stocked_variant("MUG")
    lines = [line("TEE-M", external_id="1")]
    order = placed_order(lines, external_id="1001", shipping={"method": "Standard", "amount": "4.90"})
    with ShopifyServer() as server:
        for sku in ("TEE-M", "TEE-L", "MUG"):
            server.shop.add_variant(sku)
        address = {"firstName": "Ada", "lastName": "Meier", "address1": BERLIN["line1"], "city": "Berlin"}
        server.shop.add_order(
            1001,
            [Line(1, "TEE-M", "Tee", 1, 1, PRICE)],
            email="ada@example.com",
            address=address | {"zip": "10119", "countryCode": "DE"},
            paid="24.80",
            customer=501,
            shipping=[{"number": 77, "title": "Standard", "price": Decimal("4.90"), "removed": False}],
        )
        target("SHOPIFY", server.url, channel())
        yield order, server


@contextmanager
def woocommerce_order() -> Iterator[tuple[Order, WooCommerceServer]]:
    stocked_variants("TEE-M", "MUG")
    shipping = {"method": "Standard", "amount": "4.90", "tax": "0.78"}
    order = placed_order([line("TEE-M", external_id="1", tax="3.18")], external_id="1001", shipping=shipping)
    with WooCommerceServer() as server:
        server.add_product("MUG")
        server.add_order(1001, [(1, "TEE-M", 1, "16.72")])
        target("WOOCOMMERCE", server.url, channel())
        yield order, server


@contextmanager
def partner_order() -> Iterator[tuple[Order, PartnerServer]]:
    order = placed_order()
    with PartnerServer(now=NOON) as server:
        target("PARTNER", server.url)
        yield order, server
