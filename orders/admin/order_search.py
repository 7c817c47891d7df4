"""Finding orders by what people have at hand: number, e-mail, a channel's number or id, SKU. Each by an index."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Variant
from orders.models import Customer, Order, OrderLine

MOST_CUSTOMERS = 200
"""The start of an e-mail finds the orders of so many customers."""


def search_orders(queryset: QuerySet[Order], text: str) -> QuerySet[Order]:
    """The orders that `text` names; none when nothing is called so. Never a look through the whole table."""
    text = text.strip()
    if not text or "\x00" in text:
        return queryset.none()
    if "@" in text:
        return queryset.filter(_by_email(text.lower()))

    named = _by_name(text)
    if Order.objects.filter(named).exists():
        return queryset.filter(named)
    if variant := Variant.objects.filter(sku=text).first():
        return queryset.filter(Exists(OrderLine.objects.filter(order=OuterRef("pk"), variant=variant)))
    return queryset.filter(_by_email(text.lower()))


def find_the_order(text: str) -> Order | None:
    """The one order that is called exactly so, None when there are several or none."""
    text = text.strip()
    if not text or "@" in text or "\x00" in text:
        return None
    found = list(Order.objects.filter(_by_name(text))[:2])
    return found[0] if len(found) == 1 else None


def _by_name(text: str) -> Q:
    """Our number, or the channel's id or number; Shopify writes its numbers with a hash sign, people without."""
    bare = text.lstrip("#")
    return Q(number=bare) | Q(external_id=text) | Q(external_number__in=[text, bare, f"#{bare}"])


def _by_email(start: str) -> Q:
    """The whole address, or its beginning among known customers."""
    customers = Customer.objects.filter(email__startswith=start).order_by("email")
    return Q(email=start) | Q(customer__in=list(customers.values_list("pk", flat=True)[:MOST_CUSTOMERS]))
