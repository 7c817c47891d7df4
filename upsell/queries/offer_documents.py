"""An offer as partners see it. `upsell/api/shapes.py` describes the same shape for the OpenAPI document."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from oms.money import round_amount
from oms.quantities import plain
from oms.sql import fetch_all
from upsell.models import Offer, OfferItem
from upsell.queries.whole_offers import read_whole_offers

Json = dict[str, Any]

_PLACEMENTS = """
SELECT offer_id, array_agg(placement ORDER BY placement) FROM upsell_offershowing
WHERE offer_id = ANY(%(offers)s::bigint[]) GROUP BY offer_id
"""


def read_offer_documents(ids: Collection[int]) -> dict[int, Json]:
    """By offer; two statements however many they are. Those that there are not are left out."""
    offers = read_whole_offers(ids)
    return dict(zip(offers, describe_all(list(offers.values())), strict=True))


def describe_all(offers: Sequence[Offer]) -> list[Json]:
    """In their order, as they were read with their items: one statement for where they stand."""
    placements = dict(fetch_all(_PLACEMENTS, {"offers": [offer.pk for offer in offers]})) if offers else {}
    return [_describe(offer, placements.get(offer.pk, [])) for offer in offers]


def _describe(offer: Offer, placements: Sequence[str]) -> Json:
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
        "placements": placements,
        "edit": offer.edit_id,
        "made_at": offer.made_at,
        "accepted_at": offer.accepted_at,
        "ended_at": offer.ended_at,
    }


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
