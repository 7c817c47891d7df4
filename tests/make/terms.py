"""Return terms: as policies know them."""

from typing import Any

from returns.policies.terms.rows import ItemFacts, Terms


def terms(name: str = "Everything", days: int = 30, **fields: Any) -> Terms:
    """A row that was never saved; its id is made of its name, so that like names are like rows."""
    return Terms(**({"id": sum(map(ord, name)), "name": name, "days": days} | fields))


def item(
    *path: str, tags: tuple[str, ...] = (), channel: str = "web", country: str = "DE", tier: str = ""
) -> ItemFacts:
    """Goods of the category at the end of the path, sold to Germany in the web shop unless said otherwise."""
    return ItemFacts(path, frozenset(tags), channel, country, tier)
