"""The last thing a start says, and the first thing somebody new reads: where to go and how to get in."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from config.local.asking import is_there
from config.local.places import CHECKOUT, Places

Row = tuple[str, str]
PAGES = [("Admin", "/admin/"), ("API docs", "/api/docs/"), ("Portal", "/portal/")]
MANAGE = ".venv/bin/python -m config.local manage"  # manage.py with the settings of what runs here
WITHOUT_DEMO = [
    ("Sign in", f"make yourself an account:  {MANAGE} createsuperuser"),
    ("API key", f"make yourself a key:       {MANAGE} create_api_key --name NAME --scope admin"),
]


def show_banner(places: Places, *, port: int, with_demo: bool, database: str) -> str:
    base = f"http://127.0.0.1:{port}"
    known = _read_credentials(places) if with_demo else {}
    pages = [*PAGES, *known.get("pages", {}).items()]
    rows: list[Row | None] = [(str(name), base + str(path)) for name, path in pages if is_there(port, str(path))]
    rows += [None, *(_keys(known, base) if known else WITHOUT_DEMO)]
    rows += [None, ("Database", database), ("Data, logs", _short(places)), ("Stop", "Ctrl-C")]
    return draw("Order management is running", rows)


def draw(title: str, rows: Iterable[Row | None]) -> str:
    """A frame that stays readable where a terminal breaks long lines: it is open on the right."""
    bold, dim, plain = ("\x1b[1m", "\x1b[2m", "\x1b[0m") if _in_colour() else ("", "", "")
    lines = ["", f"{dim}╭──{plain} {bold}{title}{plain} {dim}{'─' * 40}{plain}"]
    for row in rows:
        lines.append(f"{dim}│{plain}" if row is None else f"{dim}│{plain}  {dim}{row[0]:<11}{plain}{row[1]}")
    return "\n".join([*lines, f"{dim}╰{'─' * 72}{plain}", ""])


def _keys(known: dict[str, Any], base: str) -> list[Row]:
    rows = []
    if staff := known.get("staff"):
        rows.append(("Sign in", f"{staff['username']}   password: {staff['password']}"))
    if key := known.get("api_key"):
        rows.append(("API key", str(key)))
        rows.append(("Try it", f'curl -H "Authorization: Bearer {key}" {base}/api/v1/orders'))
    return rows


def _read_credentials(places: Places) -> dict[str, Any]:
    try:
        known = json.loads(places.credentials.read_text())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _short(places: Places) -> str:
    return f"{places.root.relative_to(CHECKOUT)}/" if places.root.is_relative_to(CHECKOUT) else str(places.root)


def _in_colour() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
