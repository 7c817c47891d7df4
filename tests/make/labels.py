"""Facts for labels."""

from datetime import date
from decimal import Decimal
from typing import Any

from orders.carriers.house_label import LabelFacts
from orders.policies.customs import Declaration, DeclaredItem

SENDER = {"name": "Wear & Co.", "line1": "Industriestr. 12", "city": "Leipzig", "postal_code": "04103", "country": "DE"}
BERLIN = {"name": "Ada Meier", "line1": "Torstr. 1", "city": "Berlin", "postal_code": "10119", "country": "DE"}
RIYADH = {
    "name": "محمد بن عبد الله",
    "line1": "شارع الملك فهد 12",
    "city": "الرياض",
    "postal_code": "12345",
    "country": "SA",
}
SHANGHAI = {
    "name": "王小明",
    "line1": "世纪大道100号",
    "city": "上海市",
    "postal_code": "200120",
    "country": "CN",
}


def label_facts(**changes: Any) -> LabelFacts:
    """A parcel from Leipzig to Berlin, unless said otherwise."""
    facts: dict[str, Any] = {
        "tracking_number": "RR123456785DE",
        "carrier": "House carrier",
        "service": "Parcel Tracked",
        "ship_from": SENDER,
        "ship_to": BERLIN,
        "order": "WEB-10023",
        "fulfillment": "WEB-10023-F1",
        "weight_grams": 1_240,
        "posted_on": date(2026, 11, 22),
    }
    return LabelFacts(**(facts | changes))


def declared(description: str = "Linen tee", **changes: Any) -> DeclaredItem:
    facts: dict[str, Any] = {
        "description": description,
        "quantity": Decimal(2),
        "unit_value": Decimal("19.90"),
        "grams": 400,
        "hs_code": "610910",
        "origin": "PT",
        "sku": "TEE-M-BLK",
    }
    return DeclaredItem(**(facts | changes))


def declaration(*items: DeclaredItem, **changes: Any) -> Declaration:
    facts: dict[str, Any] = {"currency": "EUR", "signed_on": date(2026, 11, 22), "signed_by": "Wear & Co."}
    return Declaration(**({"items": items or (declared(),)} | facts | changes))
