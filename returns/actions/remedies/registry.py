"""Which remedy each resolution is."""

from collections.abc import Callable, Mapping

from returns.actions.remedies.case import Case
from returns.actions.remedies.crediting import give_credit
from returns.actions.remedies.exchanging import exchange, replace
from returns.actions.remedies.refunding import refund
from returns.choices import Resolution
from returns.models import Settlement

REMEDIES: Mapping[str, Callable[[Case], Settlement]] = {
    Resolution.REFUND: refund,
    Resolution.STORE_CREDIT: give_credit,
    Resolution.EXCHANGE: exchange,
    Resolution.REPLACEMENT: replace,
}
