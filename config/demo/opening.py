"""Setting up shop: channels, warehouses, the catalogue, buffers."""

import secrets
from datetime import datetime
from decimal import Decimal

from config.demo.brand import list_shops, read_table
from config.demo.catalogue import list_articles, list_categories, list_products
from inventory.actions.cataloguing import create_category, create_products
from inventory.models import ChannelBuffer, Variant, Warehouse
from oms.models import Channel

BY = "staff:marta"
WELL_BUFFERED = 8
"""So many of the most wanted SKUs are kept back from the marketplace in larger numbers."""


def open_channels() -> None:
    """Each with a secret of its own, so that the webhooks of this installation are nobody else's."""
    Channel.objects.bulk_create(
        [
            Channel(
                code=shop.code,
                name=shop.name,
                connector=shop.connector,
                currency=shop.currency,
                already_sold=shop.already_sold,
                edit_window_minutes=shop.edit_window_minutes,
                gateway="manual" if shop.is_marketplace else "sandbox",
                confirmation_mail=shop.connector == "API",
                parcel_mail=not shop.is_marketplace,
                webhook_secret=secrets.token_hex(32) if shop.already_sold else "",
            )
            for shop in list_shops()
        ]
    )


def open_warehouses() -> None:
    Warehouse.objects.bulk_create([Warehouse(**row) for row in read_table("brand")["warehouse"]])


def fill_catalogue(*, at: datetime) -> None:
    for category in list_categories():
        create_category(category, by=BY, at=at)
    refused = [outcome.errors for outcome in create_products(list_products(), by=BY, at=at) if outcome.errors]
    if refused:
        raise RuntimeError(f"The demo's catalogue was refused: {refused}")


def keep_buffers() -> None:
    """What a channel is not told of, for the minutes that its sales take to reach us."""
    channels = dict(Channel.objects.values_list("code", "id"))
    rows = [ChannelBuffer(channel_id=channels[shop.code], units=shop.buffer) for shop in list_shops() if shop.buffer]
    wanted = sorted(list_articles(), key=lambda article: (-article.pull, article.sku))[:WELL_BUFFERED]
    for variant_id in (
        Variant.objects.filter(sku__in=[a.sku for a in wanted]).order_by("id").values_list("id", flat=True)
    ):
        rows.append(ChannelBuffer(channel_id=channels["amazon-de"], variant_id=variant_id, units=Decimal(8)))
    ChannelBuffer.objects.bulk_create(rows)
