"""Opening and closing warehouses: stock in a closed one cannot be promised."""

from datetime import datetime
from decimal import Decimal

from inventory.actions.promising import Shift
from inventory.actions.shorting import change_sellable
from inventory.models import Availability, StockLevel, Warehouse
from oms.errors import NotFound
from oms.transactions import transactional


@transactional
def open_warehouse(*, code: str, by: str, at: datetime) -> Warehouse:
    """Its stock can be promised again; whoever waits gets it. Opening twice is harmless.

    Raises:
        NotFound: there is no such warehouse.
    """
    return _switch(code, active=True, by=by, at=at)


@transactional
def close_warehouse(*, code: str, by: str, at: datetime) -> Warehouse:
    """Its stock cannot be promised any more; orders whose promise rested on it go short. Closing twice is harmless.

    Raises:
        NotFound: there is no such warehouse.
    """
    return _switch(code, active=False, by=by, at=at)


def _switch(code: str, *, active: bool, by: str, at: datetime) -> Warehouse:
    warehouse = Warehouse.objects.select_for_update().filter(code=code).first()
    if warehouse is None:
        raise NotFound(f"There is no warehouse {code}.")
    if warehouse.active == active:
        return warehouse

    levels = StockLevel.objects.filter(warehouse=warehouse).order_by("variant_id")
    variants = list(levels.values_list("variant_id", flat=True))
    list(Availability.objects.filter(variant_id__in=variants).order_by("variant_id").select_for_update(no_key=True))
    sellable = {level.variant_id: max(level.on_hand - level.safety, Decimal(0)) for level in levels.select_for_update()}
    Warehouse.objects.filter(id=warehouse.pk).update(active=active)
    warehouse.active = active

    sign = 1 if active else -1
    shifts = [Shift(variant_id, sellable=sign * units) for variant_id, units in sellable.items() if units]
    change_sellable(shifts, by=by, at=at)
    return warehouse
