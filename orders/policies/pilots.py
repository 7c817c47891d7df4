"""Who may edit their own order while a shop tries it out: a share of the customers, always the same ones."""

import hashlib

PILOT, CONTROL, EVERYBODY = "PILOT", "CONTROL", ""


def judge_pilot(*, channel: str, customer: str, share: int) -> str:
    """PILOT or CONTROL for a share of 0 to 100 per cent; "" when the channel lets everybody.

    The draw hangs on channel and customer alone: whoever buys again falls on the same side, and raising the share
    keeps everybody who was in. An order without a customer is drawn into the control group: nobody could prove to be
    its owner.
    """
    if share >= 100:
        return EVERYBODY
    if not customer:
        return CONTROL
    return PILOT if _draw(channel, customer) < share else CONTROL


def _draw(channel: str, customer: str) -> int:
    """0 to 99, evenly."""
    digest = hashlib.sha256(f"{channel}\0{customer.strip().lower()}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100
