"""Morrow & Flax: the invented brand of the demo, where it sells and where its goods lie."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Shop:
    """A channel as the demo sees it: what it is, who buys there and how they pay."""

    code: str
    name: str
    connector: str
    currency: str
    edit_window_minutes: int
    share: int
    zone: str
    countries: Mapping[str, int]
    gateways: Mapping[str, int]
    already_sold: bool = False
    buffer: int = 0
    by: str = ""

    @property
    def actor(self) -> str:
        """Who brings its orders: an API key, or the channel itself."""
        return self.by or f"channel:{self.code}"

    @property
    def payment_time(self) -> timedelta:
        """How long an edit waits for its payment."""
        return timedelta(minutes=30)

    @property
    def is_marketplace(self) -> bool:
        return self.connector == "AMAZON"


@cache
def read_table(name: str) -> dict[str, Any]:
    """One of the brand's pages beside this module."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def list_shops() -> list[Shop]:
    return [Shop(**row) for row in read_table("brand")["channel"]]


def shop_named(code: str) -> Shop:
    return next(shop for shop in list_shops() if shop.code == code)
