"""What is different between two editions of the edit window rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Row = Mapping[str, Any]
Kind = Literal["added", "removed", "changed", "moved"]

_NOT_SAID = {"id", "rules"}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed: what it is, and for what stayed each field with its value before and after."""

    kind: Kind
    what: str
    fields: Sequence[tuple[str, str, str]] = ()


def compare_editions(before: Row, after: Row) -> list[Change]:
    """Everything that was added, removed, changed or moved, rules first."""
    return [
        *_compare(_rules(before), _rules(after), "Rule"),
        *_find_moved(before, after),
        *_compare(_by_id(before.get("campaigns", ())), _by_id(after.get("campaigns", ())), "Campaign"),
        *_compare(_by_id(before.get("tiers", ())), _by_id(after.get("tiers", ())), "Tier"),
        *_compare_zones(before, after),
    ]


def _compare(before: Mapping[int, Row], after: Mapping[int, Row], noun: str) -> Iterator[Change]:
    for id_, row in after.items():
        if id_ not in before:
            yield Change("added", _name(noun, row))
        elif fields := list(_find_fields(before[id_], row)):
            yield Change("changed", _name(noun, row), fields)
    yield from (Change("removed", _name(noun, row)) for id_, row in before.items() if id_ not in after)


def _compare_zones(before: Row, after: Row) -> Iterator[Change]:
    """Nothing is told of the first edition, which has nothing to be compared with."""
    old, new = before.get("zone"), after.get("zone")
    if before and old != new:
        yield Change("changed", "Weekdays and times of day", [("time zone", _say(old), _say(new))])


def _name(noun: str, row: Row) -> str:
    return f"{noun} “{row['name']}”"


def _find_fields(before: Row, after: Row) -> Iterator[tuple[str, str, str]]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if name not in _NOT_SAID and old != new:
            yield name.replace("_", " "), _say(old), _say(new)


def _say(value: Any) -> str:
    """A value as people read it."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _by_id(rows: Sequence[Row]) -> dict[int, Row]:
    return {row["id"]: row for row in rows}


def _lists(document: Row) -> dict[str, Sequence[Row]]:
    """Each list of rules by its campaign's name, "" for the usual ones."""
    campaigns = {campaign["name"]: campaign["rules"] for campaign in document.get("campaigns", ())}
    return {"": document.get("rules", ()), **campaigns}


def _rules(document: Row) -> dict[int, Row]:
    return {row["id"]: {**row, "campaign": name or None} for name, rules in _lists(document).items() for row in rules}


def _find_moved(before: Row, after: Row) -> Iterator[Change]:
    """Lists whose rules stand in another order than they did, as far as they stood there before."""
    old_lists = _lists(before)
    for name, rules in _lists(after).items():
        old = [row["id"] for row in old_lists.get(name, ())]
        new = [row["id"] for row in rules]
        both = set(old) & set(new)
        if [id_ for id_ in old if id_ in both] != [id_ for id_ in new if id_ in both]:
            names = {row["id"]: row["name"] for row in rules}
            said = ", ".join(names[id_] for id_ in new)
            yield Change("moved", f"Order of {f'campaign “{name}”' if name else 'the usual rules'}: {said}")
