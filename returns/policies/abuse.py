"""How likely a return is not what it says it is: seven signals, each with its weight, its evidence and a sentence.

The score sends to a person, lets a fee stand that the terms and the law allow, or keeps money back until the goods are
here. It refuses nothing: what the law gives, it gives everybody. Goods that were damaged or wrong count for nobody.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

MOST_POINTS = 100
PRIOR_UNITS = Decimal(12)
"""A customer counts as one of their peers until they bought about so many units: two of two sent back says little."""
USUAL_SHARE = Decimal("0.2")
PRIOR_PEER_UNITS = Decimal(50)
"""So many units of a category draw what is known of it towards `USUAL_SHARE`."""
HOUSEHOLD = 1
"""One more customer at the same address is a family, not a pattern."""
USUAL_A_MONTH = 2
"""Returns within thirty days that nobody wonders at."""
WORN_AFTER_DAYS = 3
"""Kept so long, and found used: worn, rather than tried on."""


class Effect(StrEnum):
    """All that a score can lead to."""

    NO_ADVANCE = "no_advance"
    REVIEW = "review"
    FEE = "fee"


@dataclass(frozen=True, slots=True)
class Share:
    """Of one category in a year: units the customer was sent and sent back, and the share their tier sends back."""

    category: str
    bought: Decimal
    returned: Decimal
    peers: Decimal


@dataclass(frozen=True, slots=True)
class AbuseFacts:
    """What is known of whoever asks, from a year of their returns; this return is none of those.

    `worn_days`: how long each return that was found used had been kept. `refuted`: what was claimed, and photographed
    or described, was not what arrived. `lately`: returns of the thirty days before. `photos_seen`: returns of which a
    photo of this one is, too.
    """

    shares: tuple[Share, ...] = ()
    worn_days: tuple[int, ...] = ()
    empty_boxes: int = 0
    not_received: int = 0
    refuted: int = 0
    same_address: int = 0
    same_payment: int = 0
    photos_seen: tuple[str, ...] = ()
    lately: int = 0


@dataclass(frozen=True, slots=True)
class SignalPoints:
    """One signal that spoke: at most `weight`, with what it saw."""

    signal: str
    weight: int
    points: int
    evidence: dict[str, Any]
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, and what made it, the strongest first."""

    points: int
    signals: tuple[SignalPoints, ...] = ()


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From how many points on what happens."""

    no_advance: int = 25
    review: int = 40
    fee: int = 60


def judge_abuse(facts: AbuseFacts) -> Score:
    """The signals added up, to a hundred at most. More of anything never makes less of it."""
    spoken = [said for look in _SIGNALS if (said := look(facts)) and said.points]
    strongest = sorted(spoken, key=lambda said: -said.points)
    return Score(min(MOST_POINTS, sum(said.points for said in spoken)), tuple(strongest))


def find_effects(
    points: int, thresholds: Thresholds, *, fee_allowed: bool = False, statutory: bool = False
) -> tuple[Effect, ...]:
    """What so many points lead to. A right that the law gives costs nobody a fee, whatever the terms allow."""
    reached = {
        Effect.NO_ADVANCE: points >= thresholds.no_advance,
        Effect.REVIEW: points >= thresholds.review,
        Effect.FEE: points >= thresholds.fee and fee_allowed and not statutory,
    }
    return tuple(effect for effect, holds in reached.items() if holds)


def peer_share(bought: Decimal, returned: Decimal) -> Decimal:
    """What part of a category one tier of customers sends back; of few units, near what is usual everywhere."""
    return (returned + USUAL_SHARE * PRIOR_PEER_UNITS) / (bought + PRIOR_PEER_UNITS)


def _judge_share(facts: AbuseFacts) -> SignalPoints | None:
    """How far the share sent back is above that of peers who bought the same, both drawn towards each other."""
    bought = sum((share.bought for share in facts.shares), Decimal(0))
    if not bought:
        return None
    returned = sum((share.returned for share in facts.shares), Decimal(0))
    peers = sum((share.bought * share.peers for share in facts.shares), Decimal(0)) / bought
    drawn = (returned + PRIOR_UNITS * peers) / (bought + PRIOR_UNITS)
    excess = max(Decimal(0), drawn - peers)
    sentence = (
        f"Sent back {returned.normalize():f} of {bought.normalize():f} units in a year, {_percent(returned / bought)};"
        f" peers send back {_percent(peers)} of the same."
    )
    evidence = {"bought": str(bought), "returned": str(returned), "peers": f"{peers:.4f}", "drawn": f"{drawn:.4f}"}
    return _say("return_share", 25, min(Decimal(1), excess * 2), evidence, sentence)


def _judge_wardrobing(facts: AbuseFacts) -> SignalPoints | None:
    days = [kept for kept in facts.worn_days if kept >= WORN_AFTER_DAYS]
    said = ", ".join(map(str, days))
    sentence = f"{_count(days, 'earlier return')} had been worn: kept for {said} days, and found used."
    return _say("wardrobing", 25, _rise(len(days), Decimal("1.5")), {"days_kept": days}, sentence)


def _judge_empty_boxes(facts: AbuseFacts) -> SignalPoints | None:
    cases = facts.empty_boxes + facts.not_received
    sentence = (
        f"Earlier on {facts.empty_boxes} came back as empty boxes, and {facts.not_received} were said not to have come."
    )
    evidence = {"empty_boxes": facts.empty_boxes, "not_received": facts.not_received}
    # One parcel in a life gets lost: said once it is a tenth of what an empty box is.
    strength = _rise(facts.empty_boxes * 2 + max(0, facts.not_received - 1), Decimal(2))
    return _say("empty_box", 25, strength, evidence, sentence) if cases else None


def _judge_overlap(facts: AbuseFacts) -> SignalPoints | None:
    neighbours = max(0, facts.same_address - HOUSEHOLD)
    there, paid = facts.same_address, facts.same_payment
    sentence = f"{there} other customers return from the same address, {paid} paid by the same means."
    evidence = {"same_address": facts.same_address, "same_payment": facts.same_payment}
    return _say("overlap", 20, _rise(neighbours + facts.same_payment * 2, Decimal(2)), evidence, sentence)


def _judge_photos(facts: AbuseFacts) -> SignalPoints | None:
    seen = sorted(set(facts.photos_seen))
    sentence = f"The same photo was sent with {', '.join(seen)}."
    return _say("photo_seen", 40, _rise(len(seen) * 3, Decimal(1)), {"returns": seen}, sentence)


def _judge_mismatch(facts: AbuseFacts) -> SignalPoints | None:
    sentence = f"{facts.refuted} earlier items were not what had been said and shown when they arrived."
    return _say("mismatch", 25, _rise(facts.refuted, Decimal("1.5")), {"refuted": facts.refuted}, sentence)


def _judge_velocity(facts: AbuseFacts) -> SignalPoints | None:
    sentence = f"{facts.lately} returns were asked for in the thirty days before this one."
    over = max(0, facts.lately - USUAL_A_MONTH)
    return _say("velocity", 15, _rise(over, Decimal(2)), {"lately": facts.lately}, sentence)


_SIGNALS: Sequence[Callable[[AbuseFacts], SignalPoints | None]] = (
    _judge_share,
    _judge_wardrobing,
    _judge_empty_boxes,
    _judge_overlap,
    _judge_photos,
    _judge_mismatch,
    _judge_velocity,
)


def _say(signal: str, weight: int, strength: Decimal, evidence: dict[str, Any], sentence: str) -> SignalPoints:
    return SignalPoints(signal, weight, int((weight * strength).to_integral_value()), evidence, sentence)


def _rise(count: int, half: Decimal) -> Decimal:
    """From 0 towards 1, and half way at `half`: the tenth case adds less than the second."""
    return count / (count + half)


def _percent(share: Decimal) -> str:
    return f"{share * 100:.0f} %"


def _count(things: Iterable[Any], noun: str) -> str:
    number = len(list(things))
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
