"""EasyPost's objects and ours. It counts ounces and inches; a service is named by its carrier and its own name."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_UP, Decimal
from typing import Any

from orders.carriers.port import Address, CarrierNews, CustomsItem, LabelAsk, NotNews, Parcel, Rate, Refunded, Tracked
from orders.policies.shipping.tracking import read_status

Object = Mapping[str, Any]

GRAMS_AN_OUNCE = Decimal("28.349523125")
MILLIMETRES_AN_INCH = Decimal("25.4")
TENTH = Decimal("0.1")

NOT_USED_UNTIL_NOW = ("refunded", "not_applicable")
"""Refund states that end well; `not_applicable`: the carrier takes money only for what it scans."""

CARRIERS = {
    "UPS": "UPS",
    "USPS": "USPS",
    "FedEx": "FedEx",
    "Canada Post": "CanadaPost",
    "Purolator": "Purolator",
    "OnTrac": "OnTrac",
}
"""What EasyPost calls carriers whose numbers we know by their form; of others it finds out by itself."""


def describe_shipment(ask: LabelAsk) -> dict[str, Any]:
    """The parameters of a shipment, by our key so that it can be told from others.

    Of a return EasyPost wants the addresses of the first way, and turns them round itself.
    """
    warehouse, customer = (ask.ship_to, ask.ship_from) if ask.back else (ask.ship_from, ask.ship_to)
    shipment: dict[str, Any] = {
        "reference": ask.key,
        "from_address": _address(warehouse),
        "to_address": _address(customer),
        "parcel": _parcel(ask.parcel),
        "options": {"label_format": "PDF", "label_size": "4x6", "print_custom_1": ask.number},
    }
    if ask.back:
        shipment["is_return"] = True
    if ask.customs:
        shipment["customs_info"] = {
            "contents_type": "returned_goods" if ask.back else "merchandise",
            "contents_explanation": ask.exported[:255],
            "customs_certify": True,
            "customs_signer": ask.ship_from.company or ask.ship_from.name,
            "non_delivery_option": "return",
            "restriction_type": "none",
            "eel_pfc": "NOEEI 30.37(a)",
            "customs_items": [_customs_item(item) for item in ask.customs],
        }
    return shipment


def read_rates(rates: Sequence[Object]) -> list[Rate]:
    """Each once, the cheapest where a service is sold through several accounts."""
    cheapest: dict[str, Rate] = {}
    for each in rates:
        rate = Rate(
            service=name_service(each),
            name=f"{each['carrier']} {each['service']}",
            cost=Decimal(str(each["rate"])),
            currency=each["currency"],
            days=_first_number(each.get("delivery_days"), each.get("est_delivery_days")),
        )
        if rate.service not in cheapest or rate.cost < cheapest[rate.service].cost:
            cheapest[rate.service] = rate
    return list(cheapest.values())


def pick_rate(rates: Sequence[Object], service: str) -> Object | None:
    """The cheapest rate of this service."""
    fitting = [rate for rate in rates if name_service(rate) == service]
    return min(fitting, key=lambda rate: Decimal(str(rate["rate"])), default=None)


def name_service(rate: Object) -> str:
    return f"{rate['carrier']}/{rate['service']}"


def read_news(event: Any) -> CarrierNews:
    """What an event tells; of other kinds than ours: nothing.

    Raises:
        NotNews: it is none of EasyPost's events.
    """
    if not isinstance(event, Mapping) or event.get("object") != "Event" or not isinstance(event.get("result"), Mapping):
        raise NotNews("This is no event of EasyPost.")
    result, kind = event["result"], str(event.get("description", ""))
    try:
        if kind.startswith("tracker."):
            return CarrierNews(tracked=list(read_tracker(result)))
        if kind.startswith("refund."):
            done = result.get("status") in NOT_USED_UNTIL_NOW
            return CarrierNews(refunded=[Refunded(reference=str(result["shipment_id"]), done=done)])
    except (KeyError, TypeError, ValueError) as error:
        raise NotNews(f"This event of EasyPost cannot be read ({type(error).__name__}).") from error
    return CarrierNews()


def read_tracker(tracker: Object) -> Iterator[Tracked]:
    """A report for each detail that says something."""
    expected = tracker.get("est_delivery_date")
    for detail in tracker.get("tracking_details") or ():
        status = read_status(str(detail.get("status") or ""), str(detail.get("status_detail") or ""))
        if status is None:
            continue
        yield Tracked(
            tracking_number=str(tracker["tracking_code"]),
            external_id=_digest(detail),
            status=status,
            at=datetime.fromisoformat(str(detail["datetime"])),
            place=_place(detail.get("tracking_location") or {})[:120],
            description=str(detail.get("message") or "")[:255],
            expected_at=datetime.fromisoformat(str(expected)) if expected else None,
        )


def _digest(detail: Object) -> str:
    """Details have no name of their own; what they say is one."""
    said = [str(detail.get(name) or "") for name in ("datetime", "status", "status_detail", "message")]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]


def _place(location: Object) -> str:
    return ", ".join(str(location[name]) for name in ("city", "state", "country") if location.get(name))


def _address(address: Address) -> dict[str, str]:
    return {
        "name": address.name,
        "company": address.company,
        "street1": address.line1,
        "street2": address.line2,
        "city": address.city,
        "state": address.province,
        "zip": address.postal_code,
        "country": address.country,
        "phone": address.phone,
        "email": address.email,
    }


def _parcel(parcel: Parcel) -> dict[str, float]:
    """Rounded up: a carrier that weighs more than was paid for asks for the rest, and a fine."""
    sizes = zip(("length", "width", "height"), parcel.measures or (), strict=False)
    return {
        "weight": float(_ounces(parcel.grams)),
        **{name: float((millimetres / MILLIMETRES_AN_INCH).quantize(TENTH, ROUND_UP)) for name, millimetres in sizes},
    }


def _ounces(grams: int) -> Decimal:
    return max((grams / GRAMS_AN_OUNCE).quantize(TENTH, ROUND_UP), TENTH)


def _customs_item(item: CustomsItem) -> dict[str, Any]:
    """It takes whole pieces only: cloth by the metre is one piece."""
    whole = item.quantity == item.quantity.to_integral_value()
    return {
        "description": item.description,
        "quantity": int(item.quantity) if whole else 1,
        "value": str(item.value),
        "currency": item.currency,
        "weight": float(_ounces(item.grams)),
        "hs_tariff_number": item.hs_code,
        "origin_country": item.origin,
        "code": item.sku,
    }


def _first_number(*values: Any) -> int | None:
    return next((int(value) for value in values if value is not None), None)
