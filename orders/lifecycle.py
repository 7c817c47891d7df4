"""Lives, as tables: from each status, where it may go. The database enforces the same tables."""

TRANSITIONS: dict[str, tuple[str, ...]] = {
    "HELD": ("RELEASED", "CANCELLED", "CLOSED"),  # closed from held: the channel fulfilled it itself
    "RELEASED": ("HELD", "CLOSED", "CANCELLED"),  # held again: staff stop it before a warehouse accepts
    "CLOSED": (),
    "CANCELLED": (),
}

FULFILLMENT_TRANSITIONS: dict[str, tuple[str, ...]] = {
    "SCHEDULED": ("OPEN", "ON_HOLD", "IN_PROGRESS", "CANCELLED"),  # in progress: accepted as soon as it is due
    "OPEN": ("SCHEDULED", "ON_HOLD", "IN_PROGRESS", "CANCELLED"),
    "ON_HOLD": ("OPEN", "SCHEDULED", "CANCELLED"),
    "IN_PROGRESS": ("CLOSED", "INCOMPLETE", "CANCELLED"),
    "INCOMPLETE": (),  # what could not be sent is routed again, as another fulfillment
    "CLOSED": (),
    "CANCELLED": (),
}
