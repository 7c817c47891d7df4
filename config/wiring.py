"""Who hears what. The one page where a lower app's event meets a higher app's reaction.

TOGETHER runs in the transaction of the cause: if the reaction fails, the cause did not happen.
AFTERWARDS runs after the commit, queued in the database and retried: it must be idempotent.
"""

from oms import events
from oms.tasks import wake

TOGETHER: events.Wiring = {}

AFTERWARDS: events.Wiring = {}


def connect() -> None:
    events.connect(together=TOGETHER, afterwards=AFTERWARDS, wake=wake)
