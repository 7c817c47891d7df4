"""What a database says, as one figure a table: two runs of the demo must say the same."""

from django.apps import apps
from django.db import connection

APPS = ("oms", "inventory", "orders")
BY_CHANCE_OR_CLOCK = [
    "recorded_at",
    "created_at",
    "run_after",
    "date_joined",
    "password",
    "webhook_secret",
    "prefix",
    "digest",
]
"""Secrets, and when the rows were written (not what they tell)."""


def digest_tables() -> dict[str, str]:
    """The MD5 of each table's rows, whatever order they lie in."""
    tables = [model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        return {table: _digest(cursor, table) for table in sorted(tables)}


def restart_ids() -> None:
    """As in a database that was just made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, start_value, false) "
            "FROM pg_sequences WHERE split_part(sequencename, '_', 1) = ANY(%s)",
            [list(APPS)],
        )


def _digest(cursor, table: str) -> str:
    ignored = [*BY_CHANCE_OR_CLOCK, *(["updated_at"] if table.startswith("inventory_") else [])]
    rows = f"SELECT (to_jsonb(t) - %s::text[] #- '{{facts,prefix}}')::text AS row FROM {table} t"
    cursor.execute(f"SELECT count(*), md5(string_agg(row, '' ORDER BY row)) FROM ({rows}) AS rows", [ignored])
    count, digest = cursor.fetchone()
    return f"{count} rows, {digest}"
