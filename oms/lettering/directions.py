"""In which order characters stand on paper where scripts from left and from right meet.

The Unicode bidirectional algorithm (UAX #9) for one line whose direction follows from its first letter. The invisible
characters by which a text can force another direction are taken out before (`oms.lettering.shaping.clean_text`), so
its rules X1 to X8 have nothing to do.
"""

import unicodedata
from collections.abc import Iterator, Sequence

_STRONG = {"L": "L", "R": "R", "AL": "R", "EN": "R", "AN": "R"}
_NEUTRAL = frozenset(("B", "S", "WS", "ON", "BN"))
_BRACKETS = dict(zip("([{〈《「『【〔〖（［｛", ")]}〉》」』】〕〗）］｝", strict=True))

Run = tuple[int, int, int]
"""From, to (exclusive) and level; odd levels run from right to left."""


def order_runs(text: str) -> list[Run]:
    """The stretches of one direction, in the order in which they stand from left to right."""
    levels = find_levels(text)
    runs = [(start, end, levels[start]) for start, end in _stretches(levels)]
    for level in range(max(levels, default=0), 0, -1):
        runs = list(_reverse_from(level, runs))
    return runs


def find_levels(text: str) -> list[int]:
    """The embedding level of each character."""
    kinds = [unicodedata.bidirectional(character) or "L" for character in text]
    base = next((int(kind != "L") for kind in kinds if kind in ("L", "R", "AL")), 0)
    if not base and all(kind not in ("R", "AL", "AN") for kind in kinds):
        return [0] * len(text)

    resolved = _resolve_numbers(kinds, base)
    _resolve_brackets(text, resolved, base)
    _resolve_neutrals(resolved, base)
    levels = [_level(kind, base) for kind in resolved]
    for place in range(len(text) - 1, -1, -1):  # L1: spaces at the end stand at the end
        if kinds[place] not in ("WS", "S", "B"):
            break
        levels[place] = base
    return levels


def _side(base: int) -> str:
    return "R" if base else "L"


def _level(kind: str, base: int) -> int:
    """Rules I1 and I2."""
    if base:
        return base + int(kind != "R")
    return {"L": 0, "R": 1}.get(kind, 2)


def _resolve_numbers(kinds: Sequence[str], base: int) -> list[str]:
    """Rules W1 to W7."""
    found: list[str] = []
    strong = _side(base)
    for place, kind in enumerate(kinds):
        known = kind
        if kind == "NSM":
            known = found[place - 1] if place else strong
        elif kind == "EN" and strong == "AL":
            known = "AN"
        if known in ("L", "R", "AL"):
            strong = known
        found.append(known)

    _join_separators(found)
    strong = _side(base)
    for place, kind in enumerate(found):
        if kind in ("ES", "ET", "CS"):
            found[place] = "ON"
        elif kind in ("L", "R", "AL"):
            strong = kind
            found[place] = "R" if kind == "AL" else kind
        elif kind == "EN" and strong == "L":
            found[place] = "L"
    return found


def _join_separators(kinds: list[str]) -> None:
    """Rules W4 and W5: 1,50 and 5 % are one number."""
    for place in range(1, len(kinds) - 1):
        before, after = kinds[place - 1], kinds[place + 1]
        if before == after and (
            (before == "EN" and kinds[place] in ("ES", "CS")) or (before == "AN" and kinds[place] == "CS")
        ):
            kinds[place] = before
    for places in (range(1, len(kinds)), range(len(kinds) - 2, -1, -1)):
        step = 1 if places.step > 0 else -1
        for place in places:
            if kinds[place] == "ET" and kinds[place - step] == "EN":
                kinds[place] = "EN"


def _resolve_brackets(text: str, kinds: list[str], base: int) -> None:
    """Rule N0: both brackets of a pair point the same way."""
    side = _side(base)
    for opening, closing in _find_pairs(text, kinds):
        inside = {_STRONG[kind] for kind in kinds[opening + 1 : closing] if kind in _STRONG}
        if side in inside:
            kinds[opening] = kinds[closing] = side
        elif inside:
            before = next((_STRONG[kind] for kind in reversed(kinds[:opening]) if kind in _STRONG), side)
            kinds[opening] = kinds[closing] = before


def _find_pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    waiting: list[tuple[str, int]] = []
    pairs = []
    for place, character in enumerate(text):
        if kinds[place] != "ON":
            continue
        if character in _BRACKETS:
            waiting.append((_BRACKETS[character], place))
        for depth in range(len(waiting) - 1, -1, -1):
            if waiting[depth][0] == character:
                pairs.append((waiting[depth][1], place))
                del waiting[depth:]
                break
    return sorted(pairs)


def _resolve_neutrals(kinds: list[str], base: int) -> None:
    """Rules N1 and N2: between two of one direction they go with them, else with the line."""
    for start, end in _stretches([kind in _NEUTRAL for kind in kinds]):
        if kinds[start] not in _NEUTRAL:
            continue
        before = _STRONG[kinds[start - 1]] if start else _side(base)
        after = _STRONG[kinds[end]] if end < len(kinds) else _side(base)
        kinds[start:end] = [before if before == after else _side(base)] * (end - start)


def _stretches(values: Sequence[object]) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[start]:
            yield start, place
            start = place


def _reverse_from(level: int, runs: Sequence[Run]) -> Iterator[Run]:
    """Rule L2: what stands on this level or above turns round."""
    for start, end in _stretches([run[2] >= level for run in runs]):
        part = runs[start:end]
        yield from reversed(part) if part[0][2] >= level else part
