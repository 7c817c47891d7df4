"""Where the owner of credit lives, for the law that says how soon it may end."""

from datetime import datetime

from orders.models import Customer, Order
from returns.policies.credit.ends import judge_end


def lengthen_end(customer: Customer, wanted: datetime | None, *, at: datetime) -> datetime | None:
    """The wanted end of base, or the first that the law allows where their newest order went; None: never."""
    if wanted is None:
        return None
    orders = Order.objects.filter(customer=customer).order_by("-placed_at", "-id")
    home = orders.values_list("country", "shipping_address__province").first()
    if home is None:
        return None
    country, province = home
    return judge_end(wanted, issued_at=at, country=country, province=province or "")
