"""What each kind of staff may do. `manage.py create_roles` makes a group of each; a person may have several."""

from collections.abc import Mapping, Sequence

_SEE_ORDERS = (
    "orders.view_order",
    "orders.view_customer",
    "orders.view_importrun",
    "orders.view_quarantinedmessage",
    "oms.view_eventrecord",
)
_SEE_STOCK = (
    "inventory.view_availability",
    "inventory.view_stocklevel",
    "inventory.view_stockmovement",
    "inventory.view_reservation",
    "inventory.view_warehouse",
    "inventory.view_category",
    "inventory.view_product",
    "inventory.view_variant",
    "inventory.view_channelbuffer",
)
_SEE_PLATFORM = ("oms.view_channel", "oms.view_delivery")
_CATALOGUE = ("category", "product", "variant", "channelbuffer")

ROLES: Mapping[str, Sequence[str]] = {
    "operations": (
        *_SEE_ORDERS,
        *_SEE_STOCK,
        *_SEE_PLATFORM,
        "orders.add_order",
        "orders.hold_order",
        "orders.lift_hold",
        "orders.release_order",
        "orders.cancel_order",
        "orders.record_payment",
        "orders.settle_quarantine",
        "orders.add_importrun",
        "inventory.move_stock",
        "inventory.change_availability",
        "inventory.add_warehouse",
        "inventory.change_warehouse",
        *(f"inventory.{verb}_{model}" for model in _CATALOGUE for verb in ("add", "change", "delete")),
        "oms.add_channel",
        "oms.change_channel",
        "oms.retry_delivery",
    ),
    "support": (
        *_SEE_ORDERS,
        *_SEE_STOCK,
        "orders.hold_order",
        "orders.lift_hold",
        "orders.cancel_order",
        "orders.record_payment",
    ),
    "warehouse": (*_SEE_STOCK, "orders.view_order", "orders.view_customer", "inventory.move_stock"),
    "read-only": (*_SEE_ORDERS, *_SEE_STOCK, *_SEE_PLATFORM),
}
"""Nobody here may see users or API keys: that is for superusers."""
