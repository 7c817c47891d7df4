"""When a SKU is low, and when it has recovered: with hysteresis, so that a crossing is announced once."""

from dataclasses import dataclass

RECOVERY = 1.25
"""A low SKU has recovered once available is a quarter above its threshold, and at least one unit above."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Units, or days of cover at the SKU's velocity; the higher of the two counts. Neither set: low when sold out."""

    units: float | None = None
    days: float | None = None

    def level(self, *, velocity: float) -> float:
        """The threshold in units at this velocity (units a day)."""
        return max(self.units or 0.0, (self.days or 0.0) * velocity)


def judge_low(*, was_low: bool, available: float, threshold: Threshold, velocity: float) -> bool:
    """True while the SKU is low."""
    level = threshold.level(velocity=velocity)
    if was_low:
        return available < max(level + 1, level * RECOVERY)
    return available <= level
