"""What each kind of staff may do. `manage.py create_roles` makes a group of each; a person may have several."""

from collections.abc import Mapping, Sequence

_SEE_ORDERS = (
    "orders.view_order",
    "orders.view_customer",
    "orders.view_edit",
    "orders.view_editpermission",
    "orders.view_shippingrate",
    "orders.view_taxrate",
    "orders.view_importrun",
    "orders.view_repayment",
    "orders.view_checkout",
    "orders.view_gatewaymessage",
    "orders.view_quarantinedmessage",
    "orders.view_writeback",
    "oms.view_eventrecord",
    "oms.view_message",
    "orders.view_windowrule",
    "orders.view_windowcampaign",
    "orders.view_windowruleset",
    "inventory.view_velocitytier",
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
_SEE_PLATFORM = ("oms.view_channel", "oms.view_delivery", "orders.view_writebacktarget")
_RATES = tuple(f"orders.{verb}_{table}rate" for table in ("shipping", "tax") for verb in ("add", "change", "delete"))
_CATALOGUE = ("category", "product", "variant", "channelbuffer")

ROLES: Mapping[str, Sequence[str]] = {
    "operations": (
        *_SEE_ORDERS,
        *_SEE_STOCK,
        *_SEE_PLATFORM,
        *_RATES,
        "orders.add_order",
        "orders.edit_order",
        "orders.decide_edit",
        "orders.hold_order",
        "orders.lift_hold",
        "orders.release_order",
        "orders.cancel_order",
        "orders.record_payment",
        "orders.settle_quarantine",
        "orders.arrange_rules",
        "orders.settle_write_back",
        "orders.add_writebacktarget",
        "orders.change_writebacktarget",
        "orders.settle_repayment",
        "orders.add_importrun",
        "inventory.move_stock",
        "inventory.change_availability",
        "inventory.add_warehouse",
        "inventory.change_warehouse",
        *(f"inventory.{verb}_{model}" for model in _CATALOGUE for verb in ("add", "change", "delete")),
        "oms.add_channel",
        "oms.change_channel",
        "oms.retry_delivery",
        "oms.send_message",
    ),
    "support": (
        *_SEE_ORDERS,
        *_SEE_STOCK,
        "orders.edit_order",
        "orders.decide_edit",
        "orders.hold_order",
        "orders.lift_hold",
        "orders.cancel_order",
        "orders.record_payment",
        "oms.send_message",
    ),
    "finance": (
        *_SEE_ORDERS,
        *_SEE_PLATFORM,
        *_RATES,
        "orders.record_payment",
        "orders.settle_repayment",
    ),
    "warehouse": (*_SEE_STOCK, "orders.view_order", "orders.view_customer", "inventory.move_stock"),
    "read-only": (*_SEE_ORDERS, *_SEE_STOCK, *_SEE_PLATFORM),
}
"""Nobody here may see users or API keys: that is for superusers."""
