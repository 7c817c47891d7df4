"""Writing down customers whom nobody knew, in the midst of others who meet them, too."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from oms.sql import fetch_all

# One after the other by e-mail: two batches that meet the same people wait for each other, and never in a circle.
_MEET = """
INSERT INTO orders_customer (id, email, name, phone, locale, accepts_marketing)
SELECT id, email, name, phone, locale, accepts_marketing
FROM json_to_recordset(%s::json) AS r(id bigint, email text, name text, phone text, locale text,
                                      accepts_marketing boolean)
ORDER BY email
ON CONFLICT (email) DO NOTHING RETURNING email
"""
_FIND = "SELECT email, id FROM orders_customer WHERE email = ANY(%s::text[])"


def meet_customers(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Write these customers; of whom somebody else wrote in the meantime, the id that counts, by e-mail.

    Two statements at most. Without it a batch of five hundred would be undone and run again for one shared customer,
    and among many writers lose each of its tries.
    """
    new = {row["email"]: row for row in rows}
    if not new:
        return {}
    met = {email for (email,) in fetch_all(_MEET, [orjson.dumps(list(new.values())).decode()])}
    theirs = [email for email in new if email not in met]
    return dict(fetch_all(_FIND, [theirs])) if theirs else {}
