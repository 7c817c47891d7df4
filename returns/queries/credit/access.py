"""The gate to store credit: what a key may not see does not exist for it.

Who is limited to warehouses sees no money. Who is limited to channels sees the credit of those who bought there.
"""

from collections.abc import Collection

from oms.models import ApiKey
from orders.models import Order
from returns.absences import AuthorizationNotFound, CreditAccountNotFound
from returns.models import CreditAccount, CreditAuthorization


def account_for_partner(key: ApiKey, name: str) -> CreditAccount:
    """Raises:
    CreditAccountNotFound
    """
    account = CreditAccount.objects.select_related("customer").filter(key=name).first()
    if account is None or not sees_account(key, account):
        raise CreditAccountNotFound
    return account


def require_account(key: ApiKey, name: str) -> None:
    """Let through only to an account that this key may see; who sees all is told by the action whether there is one.

    Raises:
        CreditAccountNotFound
    """
    if key.channels or key.warehouses:
        account_for_partner(key, name)


def require_authorization(key: ApiKey, name: str) -> None:
    """Raises:
    AuthorizationNotFound
    """
    if not (key.channels or key.warehouses):
        return
    held = CreditAuthorization.objects.select_related("account").filter(key=name).first()
    if held is None or not sees_account(key, held.account):
        raise AuthorizationNotFound


def sees_account(key: ApiKey, account: CreditAccount) -> bool:
    if key.warehouses:
        return False
    return not key.channels or account.customer_id in buyers_on(key.channels, [account.customer_id])


def buyers_on(channels: Collection[str], customers: Collection[int]) -> set[int]:
    """Those of the customers who have bought on one of the channels."""
    orders = Order.objects.filter(customer__in=customers, channel__code__in=channels)
    return {customer for customer in orders.values_list("customer", flat=True).distinct() if customer is not None}
