"""What is reported of parcels, and what came of it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orders.errors import TrackingConflict
from orders.models import TrackingEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One sighting of a parcel. `shipment` is its number or its tracking number (of what comes back, that of a label of
    ours); without `external_id` it is known by
    what it says. `expected_at`: when the carrier now thinks it will arrive.
    """

    shipment: str
    status: str
    at: datetime
    external_id: str = ""
    place: str = ""
    description: str = ""
    expected_at: datetime | None = None

    @property
    def name(self) -> str:
        said = f"{self.status}|{self.at.isoformat()}|{self.place}|{self.description}"
        return self.external_id[:100] or hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What came of the reports: how many were new, and tracking numbers that are nobody's here."""

    new: int
    unknown: Sequence[str] = ()


def refuse_other_words(before: TrackingEvent | None, report: Report) -> None:
    if before is not None and (before.status, before.at) != (report.status, report.at):
        raise TrackingConflict(
            f"Tracking event {report.name} was reported before, as {before.status} at {before.at.isoformat()}.",
            external_id=report.name,
        )
