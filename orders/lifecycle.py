"""The life of an order, as a table: from each status, where it may go. The database enforces the same table."""

TRANSITIONS: dict[str, tuple[str, ...]] = {
    "HELD": ("RELEASED", "CANCELLED", "CLOSED"),  # closed from held: the channel fulfilled it itself
    "RELEASED": ("HELD", "CLOSED", "CANCELLED"),  # held again: staff stop it before a warehouse accepts
    "CLOSED": (),
    "CANCELLED": (),
}
