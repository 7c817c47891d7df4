"""An offer as partners see it. `upsell/api/shapes.py` describes the same shape for the OpenAPI document."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet

from oms.money import round_amount
from oms.quantities import plain
from upsell.models import Offer, OfferItem

Json = dict[str, Any]

_WHOLE = Prefetch("items", OfferItem.objects.select_related("variant__product"))


def read_offer_documents(ids: Collection[int]) -> dict[int, Json]:
    """By offer; three statements however many they are. Those that there are not are left out."""
    return {offer.pk: describe(offer) for offer in whole_offers().filter(id__in=ids)}


def whole_offers() -> QuerySet[Offer]:
    """With all that their documents show."""
    return Offer.objects.select_related("order__channel").prefetch_related(_WHOLE, "showings")


def describe(offer: Offer) -> Json:
    return {
        "id": offer.pk,
        "order": offer.order.number,
        "campaign": offer.campaign_id,
        "state": offer.state,
        "items": [_describe_item(item, offer.currency) for item in offer.items.all()],
        "price": money(offer.price, offer.currency),
        "saving": money(offer.saving, offer.currency),
        "frees_shipping": offer.frees_shipping,
        "because": {name: offer.because.get(name, "") for name in ("code", "sku", "title")}
        | {name: offer.because.get(name) for name in ("size", "known_from")},
        "placements": sorted(showing.placement for showing in offer.showings.all()),
        "edit": offer.edit_id,
        "made_at": offer.made_at,
        "accepted_at": offer.accepted_at,
        "ended_at": offer.ended_at,
    }


def describe_all(offers: Sequence[Offer]) -> list[Json]:
    """In their order, as they are now."""
    documents = read_offer_documents([offer.pk for offer in offers])
    return [documents[offer.pk] for offer in offers]


def money(amount: Decimal, currency: str) -> Json:
    return {"amount": str(round_amount(amount, currency)), "currency": currency}


def _describe_item(item: OfferItem, currency: str) -> Json:
    return {
        "id": item.pk,
        "sku": item.sku,
        "title": item.variant.product.title,
        "options": item.variant.options,
        "quantity": plain(item.quantity),
        "unit_price": money(item.unit_price, currency),
        "discount": money(item.discount, currency),
    }
