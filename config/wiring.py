"""Who hears what. The one page where a lower app's event meets a higher app's reaction.

TOGETHER runs in the transaction of the cause: if the reaction fails, the cause did not happen.
AFTERWARDS runs after the commit, queued in the database and retried: it must be idempotent.
"""

from inventory.events import ProductCreated, StockRanLow, StockRanShort, WaitingStockPromised
from inventory.reactions.alerting import mail_low_stock
from oms import events
from oms.tasks import wake
from orders.reactions.stock import free_promised_orders, hold_short_orders, retry_unknown_skus

TOGETHER: events.Wiring = {
    StockRanShort: [hold_short_orders],
}

AFTERWARDS: events.Wiring = {
    StockRanLow: [mail_low_stock],
    # Not together: it locks orders, and whoever moves stock holds stock's locks, which come after those of orders.
    WaitingStockPromised: [free_promised_orders],
    ProductCreated: [retry_unknown_skus],
}


def connect() -> None:
    events.connect(together=TOGETHER, afterwards=AFTERWARDS, wake=wake)
