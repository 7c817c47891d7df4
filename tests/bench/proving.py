"""Was anything sold twice? Asked of the database, not of the answers."""

from tests.bench.databases import ask

OVERSOLD = """
SELECT count(*) FROM inventory_availability stock
LEFT JOIN (
    SELECT variant_id, sum(quantity) AS quantity FROM inventory_reservation WHERE state = 'PROMISED' GROUP BY 1
) AS reserved USING (variant_id)
WHERE stock.promised > stock.sellable OR stock.promised <> coalesce(reserved.quantity, 0)
"""


def count_oversold(url: str) -> int:
    """SKUs of which more is promised than there is, or something else than what the reservations say."""
    return ask(url, OVERSOLD)[0][0]
