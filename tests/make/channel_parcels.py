"""Parcels as channels are told of them, without a database."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from orders.channels.outgoing.port import ChannelOrder, ChannelShipment, ShippedLine
from tests.make.moments import NOON

TRACKING = "00340434161094015902"


def units(external_id: str, sku: str, quantity: int | str = 1) -> ShippedLine:
    return ShippedLine(external_id, sku, sku, Decimal(quantity))


def parcel(*lines: ShippedLine, **fields: Any) -> ChannelShipment:
    """The first parcel of A-7, one tee by DHL, unless said otherwise; nothing more is to come."""
    defaults: dict[str, Any] = {
        "order": ChannelOrder("1001", "A-7", "EUR"),
        "number": "A-7-F1-P1",
        "reference": 41,
        "carrier": "DHL",
        "service": "Paket",
        "tracking_number": TRACKING,
        "tracking_url": f"https://dhl.example/{TRACKING}",
        "shipped_at": NOON,
        "rest": False,
    }
    return ChannelShipment(lines=lines or (units("1", "TEE-M"),), **(defaults | fields))


def second(*lines: ShippedLine, **fields: Any) -> ChannelShipment:
    """Another parcel of the same order."""
    named = {"number": "A-7-F1-P2", "reference": 42, "tracking_number": "00340434161094015919"}
    return parcel(*lines, **(named | fields))


def delivered(shipment: ChannelShipment, **fields: Any) -> dict[str, Any]:
    """What is known of it besides, a day later."""
    return {"status": "DELIVERED", "status_at": shipment.shipped_at + timedelta(days=1)} | fields
