"""What figures of offers say, in sentences."""

from decimal import Decimal

from oms.money import round_amount
from upsell.choices import Placement
from upsell.policies.effects import Effect, Need, Rate, Verdict

NARROW = "\N{NO-BREAK SPACE}"
"""Between an amount and its currency: a column breaks elsewhere."""
PLACES = {
    Placement.CONFIRMATION: "Confirmation page",
    Placement.ORDER: "Order page",
    Placement.EDIT: "Edit page",
    Placement.RETURN: "Return status page",
    Placement.MAIL: "Mail",
    Placement.API: "API",
}
PLACE_CHOICES = [(place.value, name) for place, name in PLACES.items()]
TONES = {Verdict.MORE: "good", Verdict.LESS: "bad", Verdict.UNDECIDED: "warm"}
_TITLES = {
    Verdict.MORE: "brings more",
    Verdict.LESS: "brings less",
    Verdict.UNDECIDED: "not certain yet",
    Verdict.TOO_FEW: "too few orders",
    Verdict.NO_HOLDOUT: "no holdout",
}


def title_verdict(effect: Effect) -> str:
    return _TITLES[effect.verdict]


def say_verdict(effect: Effect) -> str:
    """What the comparison says so far, and what it still needs."""
    if effect.verdict == Verdict.NO_HOLDOUT:
        return (
            "Every order was shown offers, so there is nothing to compare with. A holdout share tells what they bring."
        )
    if effect.verdict == Verdict.TOO_FEW:
        return f"Too few orders for an interval: {_say_need(effect.need)}."
    if effect.verdict == Verdict.MORE:
        return "The sample is complete, and orders that saw offers bring more than those that did not."
    if effect.verdict == Verdict.LESS:
        return "The sample is complete, and orders that saw offers bring less than those that did not."
    if effect.need is None:
        return "So small a difference would not show within two years at this pace, with this holdout."
    if not effect.need.treated and not effect.need.held_out:
        return "The sample is complete; the difference may still be chance."
    beyond_zero = effect.low > 0 or effect.high < 0
    chance = (
        "Looked at every day, an interval beyond zero comes by chance now and then"
        if beyond_zero
        else "It may be chance"
    )
    return f"{chance}. To tell a difference as large as this one from chance it takes {_say_need(effect.need)}."


def _say_need(need: Need | None) -> str:
    if need is None:
        return "more orders than two years bring"
    wanted = []
    if need.treated:
        wanted.append(f"{need.treated:,} more with offers")
    if need.held_out:
        wanted.append(f"{need.held_out:,} more without")
    pace = f", about {need.days:,} day{'' if need.days == 1 else 's'} at this pace" if need.days is not None else ""
    return f"{' and '.join(wanted)}{pace}"


def say_amount(amount: float, currency: str) -> str:
    """Rounded to the minor unit: +1.24 EUR."""
    return f"{say_number(amount, currency)}{NARROW}{currency}"


def say_number(amount: float, currency: str, *, sign: bool = True) -> str:
    """The same where the currency stands above it: +1.24."""
    rounded = round_amount(Decimal(str(amount)), currency)
    return f"{rounded:+,f}" if sign and rounded else f"{rounded:,f}"


def say_difference(effect: Effect, currency: str) -> str:
    if not effect.told:
        return "–"
    relative = "" if effect.relative is None else f" ({effect.relative:+.1%})"
    return f"{say_number(effect.difference, currency)}{relative}"


def say_interval(effect: Effect, currency: str) -> str:
    if not effect.told:
        return "–"
    return f"{say_number(effect.low, currency)} to {say_number(effect.high, currency)}"


def say_rate(rate: Rate | None) -> str:
    return "–" if rate is None else f"{rate.share:.1%}"


def say_rate_interval(rate: Rate | None) -> str:
    return "" if rate is None else f"{rate.low:.1%} to {rate.high:.1%}"
