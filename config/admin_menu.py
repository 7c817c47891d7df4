"""The admin's menu: what everybody finds where, with a badge on what waits for somebody."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from oms.admin.counting import count_each_up_to
from oms.models import Delivery, ExceptionItem, Message, WebhookEndpoint
from orders.admin.edit_panels import list_approvals
from orders.admin.fulfilling.filters import overdue as overdue_fulfillments
from orders.admin.labels import list_refused_labels
from orders.admin.write_backs import overdue
from orders.models import Fulfillment, QuarantinedMessage, Repayment, WriteBack
from returns.admin.filters import to_review
from returns.models import Return

_DECIDES = "returns.decide_return"
MOST = 99
"""A badge counts so far; beyond it says 99+."""


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `page` is the model's admin as "app_model", or the full name of an address.

    `waiting` is counted for those whose work it is: who has `works`, or for all where that is empty.
    """

    title: str
    icon: str
    page: str
    permission: str
    waiting: Callable[[], QuerySet] | None = None
    works: str = ""

    @property
    def link(self) -> str:
        whole = self.page.endswith(("_new", "_receive"))
        return reverse(f"admin:{self.page}" if whole else f"admin:{self.page}_changelist")


def _find_quarantine() -> QuerySet:
    return QuarantinedMessage.objects.open()


def _find_repayments() -> QuerySet:
    return Repayment.objects.for_a_person()


def _find_exceptions() -> QuerySet:
    return ExceptionItem.objects.waiting(timezone.now())


def _find_dead_letters() -> QuerySet:
    return Delivery.objects.dead()


def _find_unsent_mails() -> QuerySet:
    return Message.objects.unsent()


def _find_troubled_webhooks() -> QuerySet:
    return WebhookEndpoint.objects.troubled()


def _find_troubled_write_backs() -> QuerySet:
    return overdue(WriteBack.objects.all())


def _find_approvals() -> QuerySet:
    return list_approvals()


def _find_overdue() -> QuerySet:
    return overdue_fulfillments(Fulfillment.objects.all(), timezone.now())


def _find_to_review() -> QuerySet:
    return to_review(Return.objects.all())


MENU: Sequence[tuple[str, Sequence[Entry]]] = (
    (
        "Orders",
        (
            Entry("Orders", "package_2", "orders_order", "orders.view_order"),
            Entry("Exceptions", "front_hand", "oms_exceptionitem", "oms.view_exceptionitem", _find_exceptions),
            Entry("Changes", "edit_note", "orders_edit", "orders.view_edit", _find_approvals),
            Entry("New order", "add_circle", "orders_order_new", "orders.add_order"),
            Entry("Repayments", "undo", "orders_repayment", "orders.view_repayment", _find_repayments),
            Entry("Customers", "group", "orders_customer", "orders.view_customer"),
            Entry("Imports", "upload_file", "orders_importrun", "orders.view_importrun"),
        ),
    ),
    (
        "Shipping",
        (
            Entry("Fulfillments", "deployed_code", "orders_fulfillment", "orders.view_fulfillment", _find_overdue),
            Entry("Labels", "label", "orders_label", "orders.view_label", list_refused_labels),
            Entry("Routing waves", "alt_route", "orders_routingwave", "orders.view_routingwave"),
            Entry("Routing rules", "fork_right", "orders_routingrule", "orders.view_routingrule"),
        ),
    ),
    (
        "Returns",
        (
            Entry("Returns", "assignment_return", "returns_return", "returns.view_return", _find_to_review, _DECIDES),
            Entry("Receive", "move_to_inbox", "returns_return_receive", "returns.receive_return"),
            Entry("Advice before returns", "lightbulb", "returns_returnadvice", "returns.view_returnadvice"),
            Entry("Return rules", "rule", "returns_returnrule", "returns.view_returnrule"),
            Entry("Return reasons", "help_center", "returns_returnreason", "returns.view_returnreason"),
            Entry("Places", "location_on", "returns_returnnode", "returns.view_returnnode"),
            Entry("Store credit", "redeem", "returns_creditaccount", "returns.view_creditaccount"),
            Entry("Costs", "monitoring", "returns_returncost", "returns.view_returncost"),
        ),
    ),
    (
        "Offers",
        (
            Entry("What offers bring", "trending_up", "upsell_exposure", "upsell.view_figures"),
            Entry("Offer campaigns", "sell", "upsell_campaign", "upsell.view_campaign"),
            Entry("Offers", "add_shopping_cart", "upsell_offer", "upsell.view_offer"),
            Entry("Recommenders", "model_training", "upsell_recommender", "upsell.view_recommender"),
            Entry("Refusals", "thumb_down", "upsell_refusal", "upsell.view_refusal"),
            Entry("No mail about offers", "unsubscribe", "upsell_optout", "upsell.view_optout"),
        ),
    ),
    (
        "Edit windows",
        (
            Entry("Rules", "rule", "orders_windowrule", "orders.view_windowrule"),
            Entry("Campaigns", "campaign", "orders_windowcampaign", "orders.view_windowcampaign"),
            Entry("Who may change what", "rule_settings", "orders_editpermission", "orders.view_editpermission"),
            Entry("Velocity tiers", "speed", "inventory_velocitytier", "inventory.view_velocitytier"),
            Entry("History", "manage_history", "orders_windowruleset", "orders.view_windowruleset"),
        ),
    ),
    (
        "Return terms",
        (
            Entry("Terms", "gavel", "returns_returnterms", "returns.view_returnterms"),
            Entry("History of terms", "manage_history", "returns_termsedition", "returns.view_termsedition"),
        ),
    ),
    (
        "Stock",
        (
            Entry("Stock", "inventory_2", "inventory_availability", "inventory.view_availability"),
            Entry("Movements", "swap_vert", "inventory_stockmovement", "inventory.view_stockmovement"),
            Entry("Warehouses", "warehouse", "inventory_warehouse", "inventory.view_warehouse"),
            Entry("Channel buffers", "water_drop", "inventory_channelbuffer", "inventory.view_channelbuffer"),
        ),
    ),
    (
        "Catalogue",
        (
            Entry("Products", "apparel", "inventory_product", "inventory.view_product"),
            Entry("Variants", "barcode", "inventory_variant", "inventory.view_variant"),
            Entry("Categories", "category", "inventory_category", "inventory.view_category"),
        ),
    ),
    (
        "Messages",
        (
            Entry(
                "Quarantine",
                "report",
                "orders_quarantinedmessage",
                "orders.view_quarantinedmessage",
                _find_quarantine,
            ),
            Entry("Gateway messages", "credit_card", "orders_gatewaymessage", "orders.view_gatewaymessage"),
            Entry("Write-backs", "outbox", "orders_writeback", "orders.view_writeback", _find_troubled_write_backs),
            Entry("Mails", "mail", "oms_message", "oms.view_message", _find_unsent_mails),
            Entry(
                "Webhooks",
                "webhook",
                "oms_webhookendpoint",
                "oms.view_webhookendpoint",
                _find_troubled_webhooks,
            ),
            Entry("Webhook deliveries", "outgoing_mail", "oms_webhookdelivery", "oms.view_webhookdelivery"),
            Entry("Events", "history", "oms_eventrecord", "oms.view_eventrecord"),
            Entry("Dead letters", "unsubscribe", "oms_delivery", "oms.view_delivery", _find_dead_letters),
        ),
    ),
    (
        "Platform",
        (
            Entry("Channels", "storefront", "oms_channel", "oms.view_channel"),
            Entry("Systems told", "hub", "orders_writebacktarget", "orders.view_writebacktarget"),
            Entry("Carriers", "local_shipping", "orders_carrieraccount", "orders.view_carrieraccount"),
            Entry("Carrier services", "route", "orders_carrierservice", "orders.view_carrierservice"),
            Entry("Carriers' rates", "price_check", "orders_carrierrate", "orders.view_carrierrate"),
            Entry("Shipping rates", "sell", "orders_shippingrate", "orders.view_shippingrate"),
            Entry("Tax rates", "percent", "orders_taxrate", "orders.view_taxrate"),
            Entry("API keys", "key", "oms_apikey", "oms.view_apikey"),
            Entry("Staff", "badge", "oms_user", "oms.view_user"),
            Entry("Roles", "shield_person", "auth_group", "auth.view_group"),
        ),
    ),
)


def show_menu(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu of whoever asks: only what they may see."""
    groups: list[dict[str, Any]] = []
    today = {"title": "Today", "icon": "dashboard", "link": reverse("admin:index"), "active": _is_index(request)}
    groups.append({"items": [today]})
    seen = [(title, [each for each in entries if request.user.has_perm(each.permission)]) for title, entries in MENU]
    mine = [entry for _, entries in seen for entry in entries if not entry.works or request.user.has_perm(entry.works)]
    waiting = _count_waiting(mine)
    for title, entries in seen:
        items = [_show_entry(entry, waiting.get(entry.page, 0), request) for entry in entries]
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _is_index(request: HttpRequest) -> bool:
    return request.path == reverse("admin:index")


def _count_waiting(entries: Sequence[Entry]) -> dict[str, int]:
    """How many wait behind each entry, in one statement for all."""
    badged = {entry.page: entry.waiting() for entry in entries if entry.waiting}
    return dict(zip(badged, count_each_up_to(list(badged.values()), MOST), strict=True))


def _show_entry(entry: Entry, number: int, request: HttpRequest) -> dict[str, Any]:
    item: dict[str, Any] = {
        "title": entry.title,
        "icon": entry.icon,
        "link": entry.link,
        "active": _is_active(entry, request.path),
    }
    if number:
        item |= {"badge": f"{MOST}+" if number > MOST else str(number), "badge_variant": "danger"}
    return item


def _is_active(entry: Entry, path: str) -> bool:
    """The longest address that fits wins: "New order" lies below "Orders"."""
    fitting = [other.link for _, entries in MENU for other in entries if path.startswith(other.link)]
    return bool(fitting) and entry.link == max(fitting, key=len)
