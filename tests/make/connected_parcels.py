"""Orders that both sides know and that a warehouse can send, with the other system's double running beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from orders.actions.releasing import end_edit_window
from orders.models import Order, Shipment
from tests.fakes.amazon_server import CLIENT, MARKETPLACE, AmazonServer
from tests.fakes.bigcommerce_server import BigCommerceServer
from tests.fakes.partner_server import PartnerServer
from tests.fakes.shopify_server import ShopifyServer
from tests.fakes.shopify_shop import Line
from tests.fakes.woocommerce_server import WooCommerceServer
from tests.make.channel_parcels import TRACKING
from tests.make.fulfillments import LATER, fulfillment, route, ship
from tests.make.moments import ADA, NOON
from tests.make.orders import BERLIN, channel, line, placed_order
from tests.make.stock import stocked_variants
from tests.make.write_backs import target

PRICE = Decimal("19.90")
SOLD = ("TEE-M", "MUG")


def sold_order(**fields: Any) -> Order:
    """Two tees and a mug, released and routed; the channel calls it 1001 and its lines 1 and 2."""
    stocked_variants(*SOLD)
    lines = [line("TEE-M", 2, external_id="1"), line("MUG", 1, external_id="2")]
    order = placed_order(lines, **({"external_id": "1001"} | fields))
    end_edit_window(number=order.number, by=ADA, at=NOON)
    route()
    order.refresh_from_db()
    return order


def send_parcel(order: Order, units: dict[str, int] | None = None, *, tracking_number: str = TRACKING) -> Shipment:
    """A parcel by DHL, of all that is left unless said by SKU."""
    part = fulfillment(order)
    names = {each.order_line.sku: each.pk for each in part.lines.select_related("order_line")}
    wanted = {names[sku]: Decimal(quantity) for sku, quantity in units.items()} if units else None
    said = {"carrier": "DHL", "service": "Paket", "tracking_url": f"https://dhl.example/{tracking_number}"}
    return ship(part.number, units=wanted, tracking_number=tracking_number, **said)


@contextmanager
def sold_on_shopify() -> Iterator[tuple[Order, ShopifyServer]]:
    order = sold_order()
    with ShopifyServer() as server:
        lines = [Line(1, "TEE-M", "Tee", 2, 2, PRICE), Line(2, "MUG", "Mug", 1, 1, PRICE)]
        address = {"firstName": "Ada", "lastName": "Meier", "address1": BERLIN["line1"], "city": "Berlin"}
        address |= {"zip": "10119", "countryCode": "DE"}
        server.shop.add_order(1001, lines, email="ada@example.com", address=address)
        target("SHOPIFY", server.url, channel())
        yield order, server


@contextmanager
def sold_on_woocommerce() -> Iterator[tuple[Order, WooCommerceServer]]:
    order = sold_order()
    with WooCommerceServer() as server:
        server.add_order(1001, [(1, "TEE-M", 2, "33.44"), (2, "MUG", 1, "16.72")])
        target("WOOCOMMERCE", server.url, channel())
        yield order, server


@contextmanager
def sold_on_amazon() -> Iterator[tuple[Order, AmazonServer]]:
    order = sold_order()
    with AmazonServer() as server:
        server.orders["1001"] = {"1": 2, "2": 1}
        told = {"account": CLIENT, "marketplace": MARKETPLACE, "sign_in_url": f"{server.url}/auth/o2/token"}
        target("AMAZON", server.url, channel(), **told)
        yield order, server


@contextmanager
def sold_on_bigcommerce() -> Iterator[tuple[Order, BigCommerceServer]]:
    order = sold_order()
    with BigCommerceServer() as server:
        server.add_order(1001, [(1, "TEE-M", 2), (2, "MUG", 1)])
        target("BIGCOMMERCE", server.store_url, channel())
        yield order, server


@contextmanager
def sold_for_partner() -> Iterator[tuple[Order, PartnerServer]]:
    order = sold_order()
    with PartnerServer(now=LATER) as server:
        target("PARTNER", server.url)
        yield order, server
