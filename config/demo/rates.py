"""What shipping costs and which tax applies, as the brand's own tables say; prices as its channels charge them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from config.demo.brand import read_table
from config.demo.prices import FREE_SHIPPING, price_in
from oms.models import Channel
from orders.models import ShippingRate, TaxRate

HUNDRED = Decimal(100)


def keep_rates() -> None:
    """Both tables. Of the United States and Canada none: their rates change from town to town."""
    tables = read_table("rates")
    channels = dict(Channel.objects.values_list("code", "id"))
    ShippingRate.objects.bulk_create(
        [row for group in tables["shipping"] for row in _shipping_rows(group, channels)],
    )
    TaxRate.objects.bulk_create([row for group in tables["tax"] for row in _tax_rows(group)])


def _shipping_rows(group: dict[str, Any], channels: dict[str, int]) -> Iterator[ShippingRate]:
    for method in group["methods"]:
        price = Decimal(group["prices"][method["name"]])
        for currency, countries in group["places"].items():
            for country in countries:
                yield ShippingRate(
                    channel_id=channels[group["channel"]] if "channel" in group else None,
                    country=country,
                    method=method["name"],
                    title=method["title"],
                    currency=currency,
                    price=price_in(price, currency),
                    free_from=price_in(FREE_SHIPPING, currency) if method.get("free") else None,
                    days_least=method["days"][0],
                    days_most=method["days"][1],
                )


def _tax_rows(group: dict[str, Any]) -> Iterator[TaxRate]:
    for country, (percent, first_day) in group["countries"].items():
        rate = Decimal(percent) / HUNDRED
        yield TaxRate(country=country, rate=rate, from_date=first_day, source=group["source"])
