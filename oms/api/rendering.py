"""Python into JSON, the one way for every answer."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from pydantic import BaseModel
from rest_framework.renderers import BaseRenderer

from oms.money import Money, round_amount


def render_json(value: Any) -> bytes:
    """UTF-8; moments as RFC 3339 with Z, decimals as strings, money as `{"amount", "currency"}`."""
    return orjson.dumps(value, default=_render_other, option=orjson.OPT_UTC_Z | orjson.OPT_PASSTHROUGH_DATACLASS)


def render_money(amount: Decimal, currency: str) -> dict[str, str]:
    """Money as every body writes it: to the currency's minor unit."""
    return {"amount": str(round_amount(amount, currency)), "currency": currency}


def _render_other(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Money):
        return render_money(value.amount, value.currency)
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, set | frozenset | Mapping):
        return dict(value) if isinstance(value, Mapping) else sorted(value)
    raise TypeError(f"{type(value).__name__} has no JSON form.")


class OrjsonRenderer(BaseRenderer):
    """The same for plain REST framework views."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else render_json(data)
