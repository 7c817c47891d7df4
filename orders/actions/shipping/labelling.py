from collections.abc import Sequence
from datetime import datetime


def want_labels(numbers: Sequence[str], *, by: str, at: datetime) -> None:
    return None
