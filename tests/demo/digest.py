"""What a database says, as one figure a table: two runs of the demo must say the same."""

from django.apps import apps
from django.db import connection
from django.db.models import AutoField

APPS = ("oms", "inventory", "orders", "returns", "upsell")
BY_CHANCE_OR_CLOCK = [
    "recorded_at",
    "created_at",
    "run_after",
    "seconds",
    "date_joined",
    "password",
    "webhook_secret",
    "prefix",
    "digest",
    "key",
    "token",
    "code_digest",
    "code_sealed",
    "text",
    "html",
    "memory",
    "figures",
    "touched_at",
    "trained_turn",
    "noted_turn",
    "strength",
]
"""Secrets (mails bear signed links), and when the rows were written (not what they tell); how long solvers took."""


def digest_tables() -> dict[str, str]:
    """The MD5 of each table's rows, whatever order they lie in."""
    tables = [model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models()]
    with connection.cursor() as cursor:
        return {table: _digest(cursor, table) for table in sorted(tables)}


def restart_ids() -> None:
    """As in a database that was just made: from 1, or behind the rows that migrations have left."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    tables = [model._meta.db_table for model in models if isinstance(model._meta.pk, AutoField)]
    with connection.cursor() as cursor:
        for table in tables:
            newest = f"SELECT coalesce(max(id), 0) + 1 FROM {table}"
            cursor.execute(f"SELECT setval(pg_get_serial_sequence(%s, 'id'), ({newest}), false)", [table])


def _digest(cursor, table: str) -> str:
    ignored = [*BY_CHANCE_OR_CLOCK, *(["updated_at"] if table.startswith(("inventory_", "returns_")) else [])]
    if table == "oms_eventrecord":  # a credit account is named by chance: who knows its name may ask for it
        row = "to_jsonb(t) - CASE t.subject_kind WHEN 'credit_account' THEN 'subject' ELSE '' END"
    else:
        row = "to_jsonb(t)"
    for fact in (
        "prefix",
        "seconds",
        "memory",
        "figures",
    ):  # the last three: how long a training took, how well it does
        row = f"({row} #- '{{facts,{fact}}}')"
    rows = f"SELECT ({row} - %s::text[])::text AS row FROM {table} t"
    cursor.execute(f"SELECT count(*), md5(string_agg(row, '' ORDER BY row)) FROM ({rows}) AS rows", [ignored])
    count, digest = cursor.fetchone()
    return f"{count} rows, {digest}"
