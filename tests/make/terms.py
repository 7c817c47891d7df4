"""Return terms: as policies know them, and kept by the product's own action."""

from datetime import datetime, timedelta
from typing import Any

from inventory.models import Category, Product
from returns.actions.terms.arranging import save_terms
from returns.models import ReturnTerms
from returns.policies.terms.rows import ItemFacts, Terms
from tests.make.moments import ADA, NOON

LONG_AGO = NOON - timedelta(days=365)


def terms(name: str = "Everything", days: int = 30, **fields: Any) -> Terms:
    """A row that was never saved; its id is made of its name, so that like names are like rows."""
    return Terms(**({"id": sum(map(ord, name)), "name": name, "days": days} | fields))


def item(
    *path: str, tags: tuple[str, ...] = (), channel: str = "web", country: str = "DE", tier: str = ""
) -> ItemFacts:
    """Goods of the category at the end of the path, sold to Germany in the web shop unless said otherwise."""
    return ItemFacts(path, frozenset(tags), channel, country, tier)


def unsaved_terms(name: str = "Everything", days: int = 30, **fields: Any) -> ReturnTerms:
    return ReturnTerms(name=name, days=days, **fields)


def saved_terms(name: str = "Everything", days: int = 30, *, at: datetime = LONG_AGO, **fields: Any) -> ReturnTerms:
    """A row kept by its action, in force since before anything was bought."""
    return save_terms(terms=unsaved_terms(name, days, **fields), by=ADA, at=at)


def category(code: str, *, parent: Category | None = None) -> Category:
    return Category.objects.get_or_create(code=code, defaults={"name": code.capitalize(), "parent": parent})[0]


def shelve(sku: str, shelf: Category | None, *tags: str) -> None:
    """Put the product of the SKU into a category, and give it tags."""
    Product.objects.filter(variants__sku=sku).update(category=shelf, tags=list(tags))
