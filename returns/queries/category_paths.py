"""The way from a category up to its topmost: what is said of a shelf is said of all that stands on it."""

from collections.abc import Iterator, Mapping

from inventory.models import Category


def read_parents() -> dict[int, int | None]:
    """Every category's parent; shops have some hundreds."""
    return dict(Category.objects.values_list("id", "parent_id"))


def climb(category: int | None, parents: Mapping[int, int | None]) -> Iterator[int]:
    """The category and those above it."""
    while category is not None:
        yield category
        category = parents.get(category)
