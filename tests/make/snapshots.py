"""The whole database as a value: what a refusal must leave as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps

from oms.models import EventRecord, StoredAnswer
from oms.sql import fetch_all

OURS = ("oms", "inventory", "orders", "returns", "upsell")


def take_snapshot() -> dict[str, list[str]]:
    """Every row of every table of ours as text, but for stored answers: those keep refusals, too."""
    models = [model for label in OURS for model in apps.get_app_config(label).get_models() if model is not StoredAnswer]
    tables = sorted(model._meta.db_table for model in models)
    return {table: [row for (row,) in fetch_all(f"SELECT t::text FROM {table} t ORDER BY 1", [])] for table in tables}


@contextmanager
def nothing_changes() -> Iterator[None]:
    """No row of ours is another after the block than before it, and no event was announced."""
    before = take_snapshot()
    yield
    after = take_snapshot()
    changed = {table: sorted({*rows} ^ {*before[table]}) for table, rows in after.items() if rows != before[table]}
    assert changed == {}


@contextmanager
def refusals_change_nothing() -> Iterator[None]:
    """The same if the block raises; if it does not, it may have changed whatever it likes."""
    before = take_snapshot()
    try:
        yield
    except Exception:
        assert take_snapshot() == before
        raise


def announced(subject: str = "", kind: str = "") -> list[str]:
    """The types of the events announced so far, in their order."""
    events = EventRecord.objects.order_by("id")
    if subject:
        events = events.filter(subject=subject)
    if kind:
        events = events.filter(subject_kind=kind)
    return list(events.values_list("type", flat=True))


def facts_of(type_: str, subject: str = "") -> dict[str, Any]:
    """The facts of the newest event of that type."""
    events = EventRecord.objects.filter(type=type_)
    return (events.filter(subject=subject) if subject else events).latest("id").facts
