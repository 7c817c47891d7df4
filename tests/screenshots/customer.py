"""`python -m tests.screenshots.customer`: the link with which a customer of the demo opens an order to change it."""

import tests.bench.django_ready  # noqa: F401, I001 - before any model

from django.db.models import Count, Q
from django.utils import timezone

from orders.models import Hold, Order
from orders.queries.portal_links import make_link

SEVERAL = Q(lines__variant__sku__startswith="TEE-") | Q(lines__variant__sku__startswith="SOX-")
"""Goods that come in sizes."""


def main() -> None:
    """The order with the most lines whose window is the customer's own."""
    windows = Hold.objects.open(at=timezone.now()).filter(reason=Hold.Reason.EDIT_WINDOW, staff_only=False)
    orders = Order.objects.filter(SEVERAL, status=Order.Status.HELD, holds__in=windows, self_service="", test=False)
    chosen = orders.exclude(email="").annotate(goods=Count("lines")).order_by("-goods", "id")[0]
    print(make_link(chosen))


if __name__ == "__main__":
    main()
