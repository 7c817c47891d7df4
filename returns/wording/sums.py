"""What a return brings, figure by figure, as pages and mails say it."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from returns.choices import Resolution
from returns.policies.quotes import Sums


@dataclass(frozen=True, slots=True)
class Sum:
    """One figure: what is added, or taken off."""

    name: str
    amount: Decimal
    total: bool = False


def describe_sums(sums: Sums, resolutions: Collection[str]) -> list[Sum]:
    """From the goods' value down to what is given. What is paid with at an exchange counts as given, too."""
    parts = [
        Sum(gettext("Value of the items"), sums.value),
        Sum(gettext("Shipping, given back"), sums.shipping_refund),
        Sum(gettext("Return label"), -sums.label_fee),
        Sum(gettext("Restocking"), -sums.restocking_fee),
        Sum(gettext("Bonus on store credit"), sums.bonus),
    ]
    rows = [part for part in parts if part.amount]
    return [*(rows if len(rows) > 1 else []), Sum(name_total(set(resolutions)), sums.given + sums.bonus, total=True)]


def name_total(kinds: set[str]) -> str:
    if kinds == {Resolution.STORE_CREDIT}:
        return gettext("You get as store credit")
    if kinds == {Resolution.REFUND}:
        return gettext("You get back")
    if kinds == {Resolution.EXCHANGE}:
        return gettext("Put towards your exchange")
    return gettext("In all")
