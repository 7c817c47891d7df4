"""The terms that a buyer would get: for one SKU, or for everything that is sold, by country and channel."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from inventory.models import Variant
from oms.errors import NotFound
from orders.queries.windows.facts import read_category_tree
from returns.policies.terms.choosing import choose_terms
from returns.policies.terms.rows import ItemFacts, Terms
from returns.policies.terms.statutes import Statute, find_statute, raise_to_law, terms_of_law
from returns.queries.terms import edition_at, name_categories, path_of


@dataclass(frozen=True, slots=True)
class Offered:
    """Terms, and whom or what they are for: names of categories, tags, a customer tier; nothing: all the rest.

    `by_law`: the law gives something of it whatever the merchant says; `sealed`: of a final sale, while sealed.
    """

    terms: Terms
    categories: tuple[str, ...] = ()
    tag: str = ""
    tier: str = ""
    by_law: bool = False
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """`digest` names the edition; the same digest, country, channel and SKU always mean the same terms."""

    digest: str
    country: str
    channel: str
    sku: str
    statute: Statute | None
    offered: tuple[Offered, ...]


def offer_for_sku(sku: str, *, country: str, channel: str, at: datetime) -> Offer:
    """Raises:
    NotFound: there is no such SKU.
    """
    found = Variant.objects.filter(sku=sku, active=True).values_list("product__category_id", "product__tags").first()
    if found is None:
        raise NotFound(f"There is no SKU {sku}.")
    category_id, tags = found
    facts = ItemFacts(path_of(category_id, read_category_tree()), frozenset(tags), channel, country)
    edition, statute = edition_at(at), find_statute(country, at)
    chosen = choose_terms(edition.terms, facts).terms
    offered = _offer(chosen, statute)
    return Offer(edition.digest, country, channel, sku, statute, (offered,) if offered else ())


def offer_everything(*, country: str, channel: str, at: datetime) -> Offer:
    """Each kind of goods that is treated differently, the most general last."""
    edition, statute = edition_at(at), find_statute(country, at)
    place = ItemFacts((), frozenset(), channel, country)
    names = name_categories()
    tree = read_category_tree()
    paths = sorted(path_of(id_, tree) for id_ in tree)
    found = [
        *_by_tag(edition.terms, place, statute),
        *_by_tier(edition.terms, place, statute),
        *_by_category(edition.terms, place, statute, paths, names),
    ]
    rest = _offer(choose_terms(edition.terms, place).terms, statute)
    told = [each for each in found if rest is None or each.tag or each.tier or each.terms.id != rest.terms.id]
    return Offer(edition.digest, country, channel, "", statute, (*told, *([rest] if rest else [])))


def _by_category(
    terms: Sequence[Terms],
    place: ItemFacts,
    statute: Statute | None,
    paths: Sequence[tuple[str, ...]],
    names: dict[str, str],
) -> Iterable[Offered]:
    """Categories under the same row stand together; one below another of them is not named again."""
    groups: dict[int, tuple[Terms, list[tuple[str, ...]]]] = {}
    for path in paths:
        chosen = choose_terms(terms, replace(place, category=path)).terms
        if chosen is not None:
            groups.setdefault(chosen.id, (chosen, []))[1].append(path)
    for chosen, members in groups.values():
        top = [path for path in members if path[:-1] not in members]
        offered = _offer(chosen, statute)
        if offered:
            yield replace(offered, categories=tuple(names.get(path[-1], path[-1]) for path in top))


def _by_tag(terms: Sequence[Terms], place: ItemFacts, statute: Statute | None) -> Iterable[Offered]:
    for tag in sorted({each.product_tag for each in terms if each.product_tag}):
        chosen = choose_terms(terms, replace(place, tags=frozenset({tag}))).terms
        if chosen and chosen.product_tag == tag and (offered := _offer(chosen, statute)):
            yield replace(offered, tag=tag)


def _by_tier(terms: Sequence[Terms], place: ItemFacts, statute: Statute | None) -> Iterable[Offered]:
    for tier in sorted({each.customer_tier for each in terms if each.customer_tier}):
        chosen = choose_terms(terms, replace(place, tier=tier)).terms
        if chosen and chosen.customer_tier == tier and (offered := _offer(chosen, statute)):
            yield replace(offered, tier=tier)


def _offer(chosen: Terms | None, statute: Statute | None) -> Offered | None:
    """Nothing where neither the merchant nor the law gives anything."""
    if statute is None:
        return Offered(chosen) if chosen else None
    if chosen is None:
        return Offered(terms_of_law(statute), by_law=True)
    if statute.exempts(chosen):
        return Offered(chosen)
    return Offered(raise_to_law(chosen, statute), by_law=True, sealed=statute.asks_for_seal(chosen))
