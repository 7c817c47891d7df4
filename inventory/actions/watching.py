"""When a SKU counts as low: its threshold, in units or in days of cover."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from inventory.actions.promising import Shift, shift_availability
from inventory.models import Availability
from oms.errors import FieldError, Invalid, NotFound


@transaction.atomic
def set_threshold(*, sku: str, units: Decimal | None, days: float | None, by: str, at: datetime) -> None:
    """Set the threshold and look at once on which side of it the SKU stands. None and None: low when sold out.

    Raises:
        NotFound: no such SKU.
        Invalid: a threshold is negative.
    """
    errors = [
        FieldError(f"/{name}", "negative", "A threshold cannot be negative.")
        for name, figure in (("units", units), ("days", days))
        if figure is not None and figure < 0
    ]
    if errors:
        raise Invalid(errors[0].detail, errors=errors)
    row = Availability.objects.select_for_update(no_key=True).filter(variant__sku=sku).first()
    if row is None:
        raise NotFound(f"There is no SKU {sku}.")

    row.threshold_units, row.threshold_days = units, days
    row.save(update_fields=["threshold_units", "threshold_days"])
    shift_availability([Shift(row.variant_id)], by=by, at=at)
