"""What letters about returns have in common."""

from collections.abc import Iterable

from django.utils.translation import gettext

from oms.mailing import Goods
from oms.templatetags.portal import say_amount, units
from orders.queries.portal_links import make_link
from orders.wording.letters.parts import describe_goods
from returns.models import Return, ReturnItem
from returns.wording.words import name_resolution


def open_page(return_: Return, words: str = "") -> tuple[str, str]:
    """The button to the page of the return."""
    return words or gettext("See your return"), make_link(return_.order, to=f"returns/{return_.number}/")


def list_items(items: Iterable[ReturnItem], *, with_value: bool = True) -> list[Goods]:
    """Each with its line and that line's variant; what nobody announced is left out."""
    return [_describe(item, with_value=with_value) for item in items if item.line is not None]


def _describe(item: ReturnItem, *, with_value: bool) -> Goods:
    assert item.line is not None
    goods = describe_goods(item.line, item.quantity)
    wanted = item.exchange_variant
    instead = (
        f"{name_resolution(item.resolution)}: {wanted.option_text}" if wanted else name_resolution(item.resolution)
    )
    detail = " · ".join(filter(None, [goods.detail, instead]))
    amount = say_amount(item.value, item.of.order.currency) if with_value and item.value else ""
    return Goods(units(item.quantity), goods.title, detail, amount)


def name_number(return_: Return) -> dict[str, str]:
    return {"number": return_.number, "order": return_.order.number}
