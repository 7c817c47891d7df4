"""What letters about orders have in common."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext

from oms.mailing import Goods
from oms.money import round_amount
from oms.templatetags.portal import say_amount, units
from orders.models import Order, OrderLine
from orders.queries.portal_links import make_link
from orders.wording.words import say_options


def link_note() -> str:
    return gettext("The link opens your order without a password: do not pass this mail on.")


def see_order(order: Order) -> tuple[str, str]:
    return gettext("See your order"), make_link(order)


def list_goods(order: Order) -> list[Goods]:
    """What it holds now, each with its price before discounts."""
    lines = order.lines.select_related("variant").filter(quantity__gt=0).order_by("position")
    return [
        describe_goods(
            line,
            line.quantity,
            say_amount(round_amount(line.unit_price * line.quantity, order.currency), order.currency),
        )
        for line in lines
    ]


def describe_goods(line: OrderLine, quantity: Decimal, amount: str = "") -> Goods:
    options = line.variant.options if line.variant else {}
    return Goods(units(quantity), line.title or line.sku, say_options(options), amount)


def sum_amounts(order: Order) -> list[tuple[str, str]]:
    """How the total comes about; its parts are left out where there is nothing but goods."""
    parts = [
        (gettext("Items"), order.item_total),
        (gettext("Discount"), -order.discount_total),
        (gettext("Shipping"), order.shipping_total),
        (gettext("Duty"), order.duty_total),
        (gettext("Tip"), order.tip_total),
        (gettext("Tax"), Decimal(0) if order.tax_included else order.tax_total),
    ]
    named = [(name, say_amount(amount, order.currency)) for name, amount in parts if amount]
    total = (gettext("Total"), say_amount(order.total, order.currency))
    return [*named, total] if len(named) > 1 else [total]


def name_titles(order: Order) -> dict[str, str]:
    return dict(order.lines.exclude(sku="").values_list("sku", "title"))


def join_names(names: Sequence[str]) -> str:
    return gettext(", ").join(names)
