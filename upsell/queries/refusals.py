"""What a customer does not want to be offered, as far as it stands."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inventory.models import Category
from orders.models import Order
from upsell.models import OfferItem, Refusal
from upsell.models.refusal import RefusalQuerySet


def list_standing(order: Order) -> RefusalQuerySet:
    """Of the order's customer, whichever order they said it with; of a buyer without an address, of that order."""
    standing: RefusalQuerySet = Refusal.objects.standing()
    if order.customer_id:
        return standing.filter(customer_id=order.customer_id)
    return standing.filter(customer=None, order=order)


@dataclass(frozen=True, slots=True)
class Unwanted:
    """What refusals mean: these products, these categories with all below them, or everything."""

    everything: bool
    products: frozenset[int]
    kinds: frozenset[int]
    parents: Mapping[int, int | None]

    def meets(self, items: Iterable[OfferItem]) -> bool:
        """Is any of them meant? Their variants' products must be loaded."""
        products = [item.variant.product for item in items]
        return self.everything or any(
            product.pk in self.products or not self.kinds.isdisjoint(_climb(product.category_id, self.parents))
            for product in products
        )


def read_unwanted(refusals: Iterable[Refusal]) -> Unwanted:
    """One statement where kinds are refused, none otherwise."""
    said = list(refusals)
    kinds = frozenset(each.category_id for each in said if each.category_id)
    parents = dict(Category.objects.values_list("id", "parent_id")) if kinds else {}
    products = frozenset(each.product_id for each in said if each.product_id)
    return Unwanted(any(each.scope == Refusal.Scope.ALL for each in said), products, kinds, parents)


def _climb(category: int | None, parents: Mapping[int, int | None]) -> Iterator[int]:
    """The category and all above it; a ring in the tree ends where it began."""
    seen: set[int] = set()
    while category is not None and category not in seen:
        seen.add(category)
        yield category
        category = parents.get(category)
