"""What orders do when stock runs low: windows end, and whose stock is left goes out."""

from collections.abc import Sequence

from inventory.actions.watching import watch_stock
from inventory.events import StockFell, StockRanLow
from orders.actions.windows.ending_low import end_windows_for
from orders.queries.windows.watches import find_watch_levels


def end_windows_of_low_skus(told: Sequence[StockRanLow]) -> None:
    """After SKUs fell to their threshold: nobody edits orders any more that have units of them."""
    end_windows_for(skus=[event.subject for event in told], by="system", at=told[-1].at)


def end_windows_of_fallen_skus(told: Sequence[StockFell]) -> None:
    """After SKUs fell to what some window asks to stay available: those windows end, and the next lower ones watch."""
    skus, at = [event.subject for event in told], told[-1].at
    end_windows_for(skus=skus, by="system", at=at)
    watch_stock(find_watch_levels(skus, at=at), by="system", at=at)
