"""Finding returns by what people have at hand: RMA, order, e-mail, tracking number, QR code, SKU. Each by an index."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from inventory.models import Variant
from orders.models import Label, Order
from returns.models import Return, ReturnItem, ReturnParcel

MOST = 200


def search_returns(queryset: QuerySet[Return], text: str) -> QuerySet[Return]:
    """Those that `text` names; none when nothing is called so."""
    word = text.strip().replace("\x00", "")
    if not word:
        return queryset.none()
    if "@" in word:
        return queryset.filter(pk__in=_find_of_mail(word.lower()))
    if named := find_named(word):
        return queryset.filter(pk__in=named)
    if variant := Variant.objects.filter(sku__in=[word, word.upper()]).first():
        return queryset.filter(Exists(ReturnItem.objects.filter(of=OuterRef("pk"), variant=variant)))
    return queryset.none()


def _find_of_mail(email: str) -> list[int]:
    """Asked for with that address, or of orders of its customer: the newest."""
    orders = Order.objects.filter(customer__email=email).order_by("-placed_at")
    theirs = Return.objects.filter(order__in=list(orders.values_list("pk", flat=True)[:MOST]))
    asked = Return.objects.filter(email=email)
    found = {pk for rows in (asked, theirs) for pk in rows.order_by("-id").values_list("pk", flat=True)[:MOST]}
    return sorted(found)


def find_the_return(text: str) -> Return | None:
    """The one that is called exactly so, by any of its names; None when there are several or none."""
    word = text.strip()
    found = find_named(word) if word and "\x00" not in word and "@" not in word else []
    return Return.objects.get(pk=found[0]) if len(found) == 1 else None


def find_named(word: str) -> list[int]:
    """By its number, that of its parcel, the code at a drop-off, or the order's."""
    tight = word.upper().replace(" ", "")
    if found := list(Return.objects.filter(number__in=[word, tight]).values_list("pk", flat=True)):
        return found
    parcels = ReturnParcel.objects.filter(Q(tracking_number__in=[word, tight]) | Q(token=word))
    labels = ReturnParcel.objects.filter(label__in=Label.objects.filter(tracking_number__in=[word, tight]))
    both = parcels.values_list("of_id", flat=True).union(labels.values_list("of_id", flat=True))
    if found := sorted(set(both[:MOST])):
        return found
    bare = word.lstrip("#")
    orders = Order.objects.filter(Q(number=bare) | Q(external_number__in=[word, bare, f"#{bare}"]))
    return list(Return.objects.filter(order__in=list(orders[:10])).values_list("pk", flat=True)[:MOST])
