"""The carrier of an account, with what it needs: its credentials, or our own tables."""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings

from oms.sql import fetch_one
from orders.carriers.house import HouseCarrier, HouseService
from orders.carriers.house_sheet import draw_sheet
from orders.carriers.port import Access, Address, Carrier, CustomsItem, LabelAsk, Parcel
from orders.carriers.registry import CARRIERS
from orders.models import CarrierAccount, CarrierService, Label
from orders.policies.shipping.rates import Offer, RateTable
from orders.queries.shipping.rates import read_rate_table

# Never twice: the row's lock makes those who count at once wait for each other's commit.
_TAKE = """
INSERT INTO orders_houseserial AS known (indicator, country, last) VALUES (%(indicator)s, %(country)s, %(many)s)
ON CONFLICT (indicator, country) DO UPDATE SET last = known.last + %(many)s RETURNING last - %(many)s + 1
"""


def reach_carrier(account: CarrierAccount) -> Carrier:
    """The adapter that speaks with this account's carrier.

    Raises:
        CarrierUnavailable: its address is not one that is called.
    """
    if account.kind == CarrierAccount.Kind.HOUSE:
        return reach_house(account)
    return CARRIERS[account.kind](access_of(account))


def access_of(account: CarrierAccount) -> Access:
    return Access(account.key, account.url, allow_private=settings.CALL_PRIVATE_ADDRESSES)


def reach_house(account: CarrierAccount) -> HouseCarrier:
    """The house carrier, with the services and rates of today."""
    services = CarrierService.objects.filter(account=account)
    return HouseCarrier(
        [HouseService(each.code, each.name, each.indicator) for each in services],
        quote=partial(_quote, read_rate_table(), account.code),
        take_serials=take_serials,
        draw=partial(draw_sheet, carrier=account.name),
        currency=settings.SHOP_CURRENCY,
        page=account.url,
    )


def take_serials(indicator: str, country: str, many: int) -> int:
    """The first of so many serials that nobody had before; those of a transaction that fails are given out again."""
    (first,) = fetch_one(_TAKE, {"indicator": indicator, "country": country, "many": many})
    return int(first)


def describe_ask(label: Label) -> LabelAsk:
    """What the carrier is asked: the same each time, with the reference once it is known."""
    parcel = label.parcel
    measures = parcel.get("measures")
    return LabelAsk(
        key=str(label.key),
        number=parcel["fulfillment"],
        order=parcel["order"],
        ship_from=Address(**label.ship_from),
        ship_to=Address(**label.ship_to),
        parcel=Parcel(parcel["grams"], tuple(measures) if measures else None),
        service=label.service,
        service_name=label.service_name,
        reference=label.reference,
        customs=[_customs_item(each, label.customs["currency"]) for each in label.customs.get("items", ())],
        marks=parcel["handling"],
        leaves=date.fromisoformat(parcel["leaves"]),
        warehouse=parcel["warehouse"],
        back=bool(label.rma),
        exported=label.customs.get("exported", ""),
    )


def _customs_item(document: dict[str, Any], currency: str) -> CustomsItem:
    numbers = {name: Decimal(document[name]) for name in ("quantity", "value")}
    return CustomsItem(**(document | numbers), currency=currency)


def _quote(table: RateTable, account: str, ask: LabelAsk) -> list[Offer]:
    """A way back costs what the way there does: tables know the country of the customer."""
    country = ask.ship_from.country if ask.back else ask.ship_to.country
    offers = table.offers(ask.warehouse or 0, country, ask.parcel.grams, ask.parcel.measures)
    return [offer for offer in offers if offer.service.account == account]
