"""Terms in a line, as operators read them in lists, and what is different between two editions of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from returns.policies.terms.rows import Terms

Row = Mapping[str, Any]
Kind = Literal["added", "removed", "changed"]

_BEARS = {
    "MERCHANT": "we pay the way back",
    "CUSTOMER": "they pay the way back",
    "DEDUCTED": "the way back is deducted",
}
_SHIPPING = {"NEVER": "shipping stays paid", "ALWAYS": "its share of shipping, too"}


@dataclass(frozen=True, slots=True)
class Change:
    """One row that changed, and for one that stayed each field with its value before and after."""

    kind: Kind
    name: str
    fields: Sequence[tuple[str, str, str]] = ()


def say_scope(terms: Terms) -> str:
    """What it is for, as a phrase; "everything" where it names nothing."""
    words = {
        "product_tag": f"tagged {terms.product_tag}",
        "category": f"in {terms.category}",
        "customer_tier": f"bought by {terms.customer_tier} customers",
        "channel": f"sold on {terms.channel}",
        "country": f"sent to {terms.country}",
    }
    return ", ".join(words[name] for name in terms.scope) or "everything"


def say_gives(terms: Terms) -> str:
    """What it gives, without its name and scope."""
    return "; ".join(_list_parts(terms))


def say_difference(before: Terms, after: Terms) -> tuple[str, str]:
    """What each gives that the other does not."""
    old, new = _list_parts(before), _list_parts(after)
    lost, won = [part for part in old if part not in new], [part for part in new if part not in old]
    return "; ".join(lost) or "–", "; ".join(won) or "–"


def compare_documents(before: Row, after: Row) -> list[Change]:
    """Everything that was added, changed or removed."""
    old = {row["id"]: row for row in before.get("terms", ())}
    new = {row["id"]: row for row in after.get("terms", ())}
    return [
        *(Change("added", row["name"]) for id_, row in new.items() if id_ not in old),
        *(
            Change("changed", row["name"], fields)
            for id_, row in new.items()
            if id_ in old and (fields := list(_find_fields(old[id_], row)))
        ),
        *(Change("removed", row["name"]) for id_, row in old.items() if id_ not in new),
    ]


def _list_parts(terms: Terms) -> list[str]:
    if terms.final_sale is not None:
        return [f"final sale: {terms.final_sale.value.lower()}"]
    return [f"{terms.days} days", *_say_rest(terms)] if terms.days else ["nothing"]


def _say_rest(terms: Terms) -> Iterator[str]:
    yield " or ".join(_plain(each) for each in terms.resolutions)
    if terms.label_fee:
        yield f"label {terms.label_fee} {terms.fee_currency}"
    elif terms.bears != "MERCHANT":
        yield _BEARS[terms.bears]
    if terms.restocking_percent:
        yield f"{terms.restocking_percent:f} % restocking"
    if terms.credit_rate != 110:
        yield f"credit at {terms.credit_rate:f} %"
    if terms.shipping_refund != "WHOLE_ORDER":
        yield _SHIPPING[terms.shipping_refund]
    if terms.conditions:
        yield ", ".join(_plain(each) for each in terms.conditions)


def _plain(word: str) -> str:
    return word.lower().replace("_", " ")


def _find_fields(before: Row, after: Row) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield name.replace("_", " "), _say(before.get(name)), _say(after.get(name))


def _say(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
