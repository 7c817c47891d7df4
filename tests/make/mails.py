"""Mails that were posted, without an order behind them."""

from datetime import datetime
from typing import Any

from oms.actions.posting import Envelope, post_letter
from oms.mailing import Letter, speaking_to
from oms.models import Message
from tests.make.moments import NOON


def posted(key: str = "hello.1", *, to: str = "ada@example.com", at: datetime = NOON, **fields: Any) -> Message:
    """A letter on its way, in the language of `locale`."""
    locale, rest = fields.pop("locale", "en"), {"secret": fields.pop("secret", False)}
    rest["unsubscribe"] = fields.pop("unsubscribe", "")
    words = {"subject": "Hello", "headline": "Hello Ada", "paragraphs": ["One thing."]} | fields
    envelope = Envelope(key=key, kind="hello", about_kind="order", about="1001", to=to, **rest)
    with speaking_to(locale):
        post_letter(Letter(**words), envelope, at=at)
    return Message.objects.get(key=key)
