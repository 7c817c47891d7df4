"""A shop that is told of stock: ten of one SKU on our shelf, and its double at the other end."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from tests.fakes.amazon_listings import SELLER
from tests.fakes.amazon_server import CLIENT, MARKETPLACE, AmazonServer
from tests.fakes.bigcommerce_server import BigCommerceServer
from tests.fakes.partner_server import PartnerServer
from tests.fakes.shopify_server import ShopifyServer
from tests.fakes.woocommerce_server import WooCommerceServer
from tests.make.moments import NOON
from tests.make.orders import channel
from tests.make.stock import stocked_variant
from tests.make.write_backs import target

SKU = "TEE-M"

Read = Callable[[], int | None]
"""What the other side shows of the SKU."""
StockShop = Callable[[], AbstractContextManager[Read]]


@contextmanager
def shopify_stock() -> Iterator[Read]:
    stocked_variant(SKU)
    with ShopifyServer() as server:
        server.shop.add_variant(SKU, stock=3)
        target("SHOPIFY", server.url, channel(), tells_stock=True)
        yield lambda: server.shop.variants[SKU]["stock"]


@contextmanager
def woocommerce_stock() -> Iterator[Read]:
    stocked_variant(SKU)
    with WooCommerceServer() as server:
        parent = server.add_product("TEE")
        server.add_product(SKU, parent=parent)
        target("WOOCOMMERCE", server.url, channel(), tells_stock=True)
        yield lambda: server.products[1]["stock_quantity"]


@contextmanager
def amazon_stock() -> Iterator[Read]:
    stocked_variant(SKU)
    with AmazonServer() as server:
        server.listings.add(SKU, 3)
        target("AMAZON", server.url, channel(), tells_stock=True, **amazon_account(server))
        yield lambda: server.listings.quantities[SKU]


def amazon_account(server: AmazonServer) -> dict[str, str]:
    """What Amazon wants to know besides the credentials."""
    sign_in = f"{server.url}/auth/o2/token"
    return {"account": CLIENT, "marketplace": MARKETPLACE, "seller": SELLER, "sign_in_url": sign_in}


@contextmanager
def bigcommerce_stock() -> Iterator[Read]:
    stocked_variant(SKU)
    with BigCommerceServer() as server:
        server.stock[1][SKU] = 3
        target("BIGCOMMERCE", server.store_url, channel(), tells_stock=True)
        yield lambda: server.stock[1][SKU]


@contextmanager
def partner_stock() -> Iterator[Read]:
    stocked_variant(SKU)
    with PartnerServer(now=NOON) as server:
        target("PARTNER", server.url, channel(), tells_stock=True)

        def read() -> int | None:
            told = [message["data"]["skus"] for message in server.taken.values() if message["type"] == "stock.changed"]
            return int(told[-1][0]["available"]) if told else None

        yield read


def connected_shops() -> Mapping[str, StockShop]:
    """By connector."""
    return {
        "SHOPIFY": shopify_stock,
        "WOOCOMMERCE": woocommerce_stock,
        "AMAZON": amazon_stock,
        "BIGCOMMERCE": bigcommerce_stock,
        "API": partner_stock,
    }
