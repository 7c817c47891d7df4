"""A partner that takes webhooks: it checks each signature with the library that partners use, and has its bad days."""

from datetime import UTC, datetime
from typing import Any

import time_machine
from standardwebhooks import Webhook

from tests.fakes.serving import Answered, Asked, Double


class Receiver(Double):
    """`secret` is what it was given; what is not signed with it is answered 401."""

    def __init__(self, *, secret: str = "") -> None:
        super().__init__()
        self.secret = secret

    def answer(self, asked: Asked) -> Answered:
        return Answered(200 if is_signed(asked, self.secret) else 401, {"taken": True})

    @property
    def ids(self) -> list[str]:
        """Of all that was sent here, in its order, each attempt."""
        return [asked.headers["webhook-id"] for asked in self.asked]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [asked.json() for asked in self.asked]

    @property
    def types(self) -> list[str]:
        return [message["type"] for message in self.messages]


def is_signed(asked: Asked, secret: str) -> bool:
    """As the library says, on the day on which it was signed."""
    signed_at = datetime.fromtimestamp(int(asked.headers["webhook-timestamp"]), tz=UTC)
    try:
        with time_machine.travel(signed_at, tick=False):
            Webhook(secret).verify(asked.body, asked.headers)
    except Exception:
        return False
    return True
