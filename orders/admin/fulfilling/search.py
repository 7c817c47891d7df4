"""Finding a fulfillment by what people have in their hands: its number, the order's, a tracking number, a SKU."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Variant
from orders.models import Fulfillment, FulfillmentLine, Label, Order, Shipment

MOST = 200


def search_fulfillments(queryset: QuerySet[Fulfillment], text: str) -> QuerySet[Fulfillment]:
    """Those that `text` names; none when nothing is called so. Each by an index."""
    word = text.strip().replace("\x00", "")
    if not word:
        return queryset.none()
    if named := _by_name(word):
        return queryset.filter(pk__in=named)
    if variant := Variant.objects.filter(sku=word).first():
        lines = FulfillmentLine.objects.filter(fulfillment=OuterRef("pk"), order_line__variant=variant)
        return queryset.filter(Exists(lines))
    return queryset.none()


def find_the_fulfillment(text: str) -> Fulfillment | None:
    """The one that is called exactly so, by any of its names; None when there are several or none."""
    word = text.strip()
    found = _by_name(word) if word and "\x00" not in word else []
    return Fulfillment.objects.get(pk=found[0]) if len(found) == 1 else None


def _by_name(word: str) -> list[int]:
    if found := list(Fulfillment.objects.filter(number__in=[word, word.upper()]).values_list("pk", flat=True)):
        return found
    bare = word.lstrip("#")
    orders = Order.objects.filter(Q(number=bare) | Q(external_number__in=[word, bare, f"#{bare}"]))
    if found := list(Fulfillment.objects.filter(order__in=list(orders[:10])).values_list("pk", flat=True)[:MOST]):
        return found
    tracking = word.upper().replace(" ", "")
    shipped = Shipment.objects.filter(Q(number=word) | Q(tracking_number__in=[word, tracking]))
    labelled = Label.objects.filter(tracking_number__in=[word, tracking], rma="")
    both = shipped.values_list("fulfillment_id", flat=True).union(labelled.values_list("fulfillment_id", flat=True))
    return sorted(set(both[:MOST]))
