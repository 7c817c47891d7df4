"""Which advice fits what somebody is about to return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from orders.models import OrderLine
from returns.models import ReturnAdvice
from returns.queries.category_paths import climb, read_parents

MOST = 2
"""Of one line: whoever reads five hints reads none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A line, with its variant and product, and the code of the reason it comes back for."""

    line: OrderLine
    reason: str


def find_advice(asked: Sequence[Asked]) -> dict[int, list[ReturnAdvice]]:
    """By line, the most specific first; two statements at most."""
    products = {each.line.variant.product_id for each in asked if each.line.variant}
    fits = Q(reason=None) | Q(reason__code__in=[each.reason for each in asked])
    fits &= Q(product=None) | Q(product__in=products)
    offered = list(ReturnAdvice.objects.filter(fits, active=True).select_related("reason").order_by("id"))
    if not offered:
        return {}
    parents = read_parents() if any(advice.category_id for advice in offered) else {}
    return {each.line.pk: _choose(each, offered, parents) for each in asked}


def _choose(asked: Asked, offered: Sequence[ReturnAdvice], parents: Mapping[int, int | None]) -> list[ReturnAdvice]:
    product = asked.line.variant.product if asked.line.variant else None
    path = set(climb(product.category_id if product else None, parents))
    fitting = [
        advice
        for advice in offered
        if (advice.reason is None or advice.reason.code == asked.reason)
        and (advice.product_id is None or (product is not None and advice.product_id == product.pk))
        and (advice.category_id is None or advice.category_id in path)
    ]
    return sorted(fitting, key=_specificity)[:MOST]


def _specificity(advice: ReturnAdvice) -> tuple[bool, bool, bool]:
    return (advice.product_id is None, advice.category_id is None, advice.reason_id is None)
