"""Every variant has a promise row: without one nothing of it can be sold."""

from inventory.models import Availability, Variant


def open_promise_rows() -> int:
    """Make the rows that are missing; how many there were."""
    missing = Variant.objects.filter(availability=None).values_list("id", flat=True)
    rows = [Availability(variant_id=variant_id) for variant_id in missing]
    return len(Availability.objects.bulk_create(rows, ignore_conflicts=True))
