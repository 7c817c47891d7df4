"""`python -m tests.screenshots.stirring`: what happens in the demo besides, and links to what goes back.

Somebody has a parcel sent elsewhere, and a worker looks for what waits for a person.
"""

import tests.bench.django_ready  # noqa: F401, I001 - before any model

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from oms.actions.reviewing_exceptions import review_exceptions
from oms.models import Channel
from orders.actions.shipping.intercepting import ON_THEIR_WAY, ask_intercept
from orders.models import Order, Shipment, WriteBackTarget
from orders.queries.portal_links import make_link
from returns.models import Return
from returns.queries.eligibility import judge_lines

NEW = {"line1": "Lindenallee 5", "line2": "", "postal_code": "10115", "city": "Berlin", "country": "DE"}


def main() -> None:
    at = timezone.now()
    found = Shipment.objects.filter(status__in=ON_THEIR_WAY, fulfillment__order__country="DE")
    parcel = found.select_related("fulfillment__address").order_by("-shipped_at").first()
    assert parcel and parcel.fulfillment.address, "the demo has parcels on their way"
    ask_intercept(number=parcel.number, address=NEW | {"name": parcel.fulfillment.address.name}, by="staff:ada", at=at)
    web = Channel.objects.get(code="web")
    WriteBackTarget.objects.create(code="erp", name="ERP", kind="PARTNER", channel=web, url="https://erp.example/hooks")
    review_exceptions(at=at)
    print(make_link(find_order_to_return(at=at)))
    under_way = Return.objects.filter(status=Return.Status.OPEN, order__test=False).latest("id")
    print(make_link(under_way.order))
    print(settings.PUBLIC_URL + reverse("returns:return", args=[under_way.order.number, under_way.number]))


def find_order_to_return(*, at: datetime) -> Order:
    """The latest that has arrived, and of which several things may come back."""
    arrived = Order.objects.filter(fulfillments__shipments__delivered_at__isnull=False, returns=None, test=False)
    for order in arrived.exclude(email="").exclude(paid=0).distinct().order_by("-id")[:50]:
        if sum(each.verdict.eligible and each.left > 0 for each in judge_lines(order, at=at).values()) > 1:
            return order
    raise SystemExit("The demo has no order of which two things may come back.")


if __name__ == "__main__":
    main()
