"""The floor of a list: fifty orders of one status, newest first, by the index, and one order by its number."""

import psycopg

from tests.bench.floor.clients import Job
from tests.bench.floor.placing import GENERIC_PLANS

PAGE = """
SELECT id, number, external_id, external_number, status, financial_status, fulfillment_status, email, country, currency,
       total, paid, refunded, tags, placed_at, recorded_at, updated_at, version, channel_id, customer_id
FROM orders_order WHERE status = %s ORDER BY placed_at DESC, id DESC LIMIT 50
"""


def list_orders(job: Job) -> int:
    """Lists read. `wanted`: status."""
    read = 0
    connection = psycopg.connect(job.url, autocommit=True, prepare_threshold=0, options=GENERIC_PLANS)
    with connection, connection.cursor() as cursor:
        job.wait()
        while job.lasts:
            cursor.execute(PAGE, [job.wanted["status"]])
            assert len(cursor.fetchall()) == 50
            read += 1
    return read
