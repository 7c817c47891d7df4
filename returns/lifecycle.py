"""The life of a return, as a table: from each status, where it may go. The database enforces the same table."""

RETURN_TRANSITIONS: dict[str, tuple[str, ...]] = {
    "REQUESTED": ("OPEN", "DECLINED", "CANCELED"),
    "OPEN": ("CLOSED", "CANCELED"),
    "CLOSED": ("OPEN",),  # something came after all: lost parcels are found, and surplus has to be judged
    "DECLINED": ("OPEN",),  # staff decide otherwise
    "CANCELED": (),
}
