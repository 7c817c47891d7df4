"""Offers as a page shows them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from inventory.policies.swatches import find_swatch
from orders.wording.words import say_options
from upsell.models import Offer, OfferItem
from upsell.wording.words import say_because


@dataclass(frozen=True, slots=True)
class Thing:
    """One SKU of an offer. `price` is what all its units cost after the discount."""

    sku: str
    title: str
    said: str
    swatch: str
    quantity: Decimal
    price: Decimal

    @property
    def initial(self) -> str:
        return (self.title or self.sku or "·")[:1].upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOffer:
    """`usual`: what it costs without the offer. `kind`: the category that "not this kind" is about, "" without one."""

    id: int
    state: str
    things: Sequence[Thing]
    price: Decimal
    saving: Decimal
    currency: str
    frees_shipping: bool
    because: str
    kind: str

    @property
    def usual(self) -> Decimal:
        return self.price + self.saving

    @property
    def title(self) -> str:
        return " + ".join(thing.title for thing in self.things)


def show_all(offers: Iterable[Offer]) -> list[ShownOffer]:
    """Of whole ones (`read_whole_offers`) no statement."""
    return [_show(offer) for offer in offers]


def _show(offer: Offer) -> ShownOffer:
    items = list(offer.items.all())
    kinds = {item.variant.product.category for item in items}
    kind = kinds.pop() if len(kinds) == 1 else None
    return ShownOffer(
        id=offer.pk,
        state=offer.state,
        things=[_show_thing(item) for item in items],
        price=offer.price,
        saving=offer.saving,
        currency=offer.currency,
        frees_shipping=offer.frees_shipping,
        because=say_because(offer.because),
        kind=kind.name if kind else "",
    )


def _show_thing(item: OfferItem) -> Thing:
    variant = item.variant
    return Thing(
        sku=item.sku,
        title=variant.product.title,
        said=say_options(variant.options),
        swatch=find_swatch(variant.options),
        quantity=item.quantity,
        price=item.unit_price * item.quantity - item.discount,
    )
