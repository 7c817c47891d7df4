"""The terms that govern: their editions, and what an order was bought under."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from inventory.models import Category
from orders.models import Order, OrderLine
from orders.queries.windows.facts import climb, read_category_tree
from returns.models import OrderTerms, TermsEdition
from returns.policies.terms.rows import ItemFacts, Terms, read_terms


@dataclass(frozen=True, slots=True)
class Edition:
    """All terms as they stood; `id` is None before any were ever kept."""

    id: int | None = None
    digest: str = ""
    terms: tuple[Terms, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderTermsFacts:
    """What an order was bought under, and by what each of its lines is judged."""

    edition: int | None
    digest: str
    terms: tuple[Terms, ...]
    lines: Mapping[int, ItemFacts]


@dataclass(frozen=True, slots=True)
class _Goods:
    category_id: int | None
    tags: Sequence[str]


def read_order_terms(orders: Sequence[Order]) -> dict[int, OrderTermsFacts]:
    """By order id. As noted when the order was placed; where that was not noted, the edition of that moment (the
    oldest, for orders from before it) and goods as they are filed today. At most six statements for any number."""
    ids = [order.pk for order in orders]
    sales = {row["id"]: row for row in _read_sales(ids)}
    noted = {
        order_id: (edition_id, facts)
        for order_id, edition_id, facts in OrderTerms.objects.filter(order__in=ids).values_list(
            "order_id", "edition_id", "facts"
        )
    }
    known = {order_id: edition_id for order_id, (edition_id, _) in noted.items()}
    moments = {id_: row["placed_at"] for id_, row in sales.items() if id_ not in known}
    governing: dict[int, int | None] = {**known, **find_editions(moments)}
    goods = _read_goods(ids)
    said = {order_id: _lines_said(facts) for order_id, (_, facts) in noted.items()}
    silent = any(line not in said.get(order_id, {}) for order_id, lines in goods.items() for line in lines)
    tree = read_category_tree() if silent else {}
    found = {}
    for order_id, sale in sales.items():
        edition = edition_numbered(governing.get(order_id))
        tier = noted[order_id][1].get("tier", "") if order_id in noted else sale["customer__tier"] or ""
        facts = _item_facts(sale, tier, said.get(order_id, {}), goods.get(order_id, {}), tree)
        found[order_id] = OrderTermsFacts(edition.id, edition.digest, edition.terms, facts)
    return found


def find_editions(moments: Mapping[int, datetime]) -> dict[int, int | None]:
    """The id of the edition in force at each moment, by the moment's own key; before the first one, the first."""
    if not moments:
        return {}
    editions = list(TermsEdition.objects.order_by("in_force_from").values_list("in_force_from", "id"))
    oldest = editions[0][1] if editions else None
    return {
        key: next((id_ for begins, id_ in reversed(editions) if begins <= moment), oldest)
        for key, moment in moments.items()
    }


def edition_at(at: datetime) -> Edition:
    """The edition that a buyer of that moment gets."""
    found = TermsEdition.objects.filter(in_force_from__lte=at).order_by("-in_force_from")
    return edition_numbered(found.values_list("id", flat=True).first())


@lru_cache(maxsize=32)
def edition_numbered(edition_id: int | None) -> Edition:
    """Ready to judge; None is the empty one. Editions never change, so they are kept."""
    if edition_id is None:
        return Edition()
    row = TermsEdition.objects.get(id=edition_id)
    return Edition(row.pk, row.digest, read_terms(row.document["terms"]))


def read_category_paths() -> dict[str, tuple[str, ...]]:
    """Each category's code with its path, from the top down to itself."""
    tree = read_category_tree()
    return {code: path_of(id_, tree) for id_, (code, _) in tree.items()}


def path_of(category_id: int | None, tree: Mapping[int, tuple[str, int | None]]) -> tuple[str, ...]:
    return tuple(reversed(list(climb(category_id, tree))))


def name_categories() -> dict[str, str]:
    """Each category's name by its code."""
    return dict(Category.objects.values_list("code", "name"))


def _read_sales(ids: Sequence[int]) -> Iterable[Mapping[str, Any]]:
    return Order.objects.filter(id__in=ids).values("id", "placed_at", "country", "channel__code", "customer__tier")


def _read_goods(ids: Sequence[int]) -> dict[int, dict[int, _Goods]]:
    """As they are filed today, by order and line; a line without a SKU is filed nowhere."""
    rows = OrderLine.objects.filter(order__in=ids).values_list(
        "order_id", "id", "variant__product__category_id", "variant__product__tags"
    )
    goods: dict[int, dict[int, _Goods]] = {}
    for order_id, line_id, category_id, tags in rows:
        goods.setdefault(order_id, {})[line_id] = _Goods(category_id, tags or ())
    return goods


def _lines_said(facts: Mapping[str, Any]) -> dict[int, Mapping[str, Any]]:
    return {int(line): said for line, said in (facts.get("lines") or {}).items()}


def _item_facts(
    sale: Mapping[str, Any],
    tier: str,
    said: Mapping[int, Mapping[str, Any]],
    goods: Mapping[int, _Goods],
    tree: Mapping[int, tuple[str, int | None]],
) -> dict[int, ItemFacts]:
    """Lines that came by an edit were not noted: they count as they are filed today."""
    facts = {}
    for line, now in goods.items():
        if line in said:
            path, tags = tuple(said[line].get("category") or ()), frozenset(said[line].get("tags") or ())
        else:
            path, tags = path_of(now.category_id, tree), frozenset(now.tags)
        facts[line] = ItemFacts(path, tags, sale["channel__code"], sale["country"], tier)
    return facts
