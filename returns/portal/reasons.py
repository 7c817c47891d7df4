"""The reasons that customers choose from, each line those that fit its goods."""

from collections.abc import Sequence
from dataclasses import dataclass

from orders.models import OrderLine
from returns.models import ReturnReason
from returns.queries.category_paths import climb, read_parents
from returns.wording.words import name_reason


@dataclass(frozen=True, slots=True)
class OfferedReason:
    code: str
    said: str
    needs_photo: bool
    needs_comment: bool


class ReasonList:
    """All that are offered, read once for a page. `faults`: only those that are the fault of ours."""

    def __init__(self, *, faults: bool = False) -> None:
        offered = ReturnReason.objects.filter(active=True, **({"merchant_fault": True} if faults else {}))
        self.reasons = list(offered.prefetch_related("categories"))
        self.limits = {reason.pk: {category.pk for category in reason.categories.all()} for reason in self.reasons}
        limited = any(self.limits.values())
        self.parents = read_parents() if limited else {}

    def offer(self, line: OrderLine) -> list[OfferedReason]:
        """The line comes with its variant and product."""
        own = set(climb(line.variant.product.category_id if line.variant else None, self.parents))
        return [_show(reason) for reason in self.reasons if not self.limits[reason.pk] or self.limits[reason.pk] & own]


def _show(reason: ReturnReason) -> OfferedReason:
    return OfferedReason(reason.code, name_reason(reason), reason.needs_photo, reason.needs_comment)


def find_reason(offered: Sequence[OfferedReason], code: str) -> OfferedReason | None:
    return next((reason for reason in offered if reason.code == code), None)
