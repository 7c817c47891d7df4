"""Looking whether a carrier can be reached."""

from datetime import datetime

from orders.actions.shipping.reaching import reach_carrier
from orders.carriers.port import CarrierError
from orders.errors import TargetUnreachable
from orders.models import CarrierAccount


def check_carrier(*, account_id: int, by: str, at: datetime) -> str:
    """What the other side calls itself. One that rested is asked again from now on. Outside of a transaction.

    Raises:
        TargetUnreachable: it gave no answer, or a no.
    """
    account = CarrierAccount.objects.get(pk=account_id)
    try:
        name = reach_carrier(account).check_connection()
    except CarrierError as trouble:
        raise TargetUnreachable(account.name, trouble.sentence) from trouble
    CarrierAccount.objects.filter(pk=account_id).update(paused_until=None)
    return name
