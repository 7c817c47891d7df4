"""The sums of a span of days: of what is kept, and of the days of which something changed since from their rows."""

from upsell.queries.day_sums import (
    CHANGED_DAYS,
    OFFER_DAYS,
    PARTED,
    PLACED,
    PRODUCT_DAYS,
    SIDE_DAYS,
    SIDE_SUMS,
    SUMS,
)

_COLUMNS = f"campaign_id, day, placement, currency, {', '.join(SUMS)}"
_ADDED = ", ".join(f"sum({name})" for name in SUMS)
_SIDES_ADDED = ", ".join(f"sum({name})" for name in SIDE_SUMS)
_OF_SPAN = """
    d.campaign_id = ANY(%(campaigns)s::bigint[]) AND d.day BETWEEN %(first)s::date AND %(last)s::date
    AND NOT EXISTS (SELECT FROM days WHERE days.campaign_id = d.campaign_id AND days.day = d.day)
"""
_BY_ALL = f"""
SELECT 'whole', campaign_id, day, NULL, currency, {_ADDED} FROM sums
WHERE placement = %(placement)s GROUP BY GROUPING SETS ((campaign_id, currency), (day, currency))
UNION ALL
SELECT 'placement', NULL, NULL, placement, currency, {_ADDED} FROM sums
WHERE placement <> '' AND %(placement)s IN ('', placement) GROUP BY placement, currency
"""
TOTALS = f"""
WITH {CHANGED_DAYS}, {PLACED}, sums AS MATERIALIZED (
    SELECT {_COLUMNS} FROM upsell_offerday d WHERE {_OF_SPAN}
    UNION ALL SELECT {_COLUMNS} FROM ({OFFER_DAYS}) AS changed
)
{_BY_ALL}
"""
OF_PRODUCT = f"""
WITH {CHANGED_DAYS}, {PLACED}, {PARTED}, sums AS MATERIALIZED (
    SELECT {_COLUMNS} FROM upsell_productday d WHERE d.variant_id = %(variant)s AND {_OF_SPAN}
    UNION ALL SELECT {_COLUMNS} FROM ({PRODUCT_DAYS}) AS changed WHERE variant_id = %(variant)s
)
{_BY_ALL}
"""

# Of each currency those that brought most; only where that is less than a page also what was shown most, for which all
# products of all days must be added up.
_RANK = "row_number() OVER (PARTITION BY currency ORDER BY sum(revenue) DESC, sum(shown) DESC, variant_id) AS rank"
PRODUCTS = f"""
WITH {CHANGED_DAYS}, {PLACED}, {PARTED}, changed AS MATERIALIZED (
    SELECT * FROM ({PRODUCT_DAYS}) AS counted WHERE placement = %(placement)s
), taken AS MATERIALIZED (
    SELECT variant_id, currency, {_RANK} FROM (
        SELECT variant_id, currency, revenue, shown FROM upsell_productday d
        WHERE accepted > 0 AND placement = %(placement)s AND {_OF_SPAN}
        UNION ALL SELECT variant_id, currency, revenue, shown FROM changed WHERE accepted > 0
    ) AS found GROUP BY variant_id, currency
), shown AS (
    SELECT variant_id, currency, {_RANK} FROM (
        SELECT variant_id, currency, revenue, shown FROM upsell_productday d
        WHERE placement = %(placement)s AND {_OF_SPAN}
        UNION ALL SELECT variant_id, currency, revenue, shown FROM changed
    ) AS found WHERE (SELECT count(*) FROM taken) < %(most)s GROUP BY variant_id, currency
), best AS MATERIALIZED (
    SELECT variant_id, currency FROM taken WHERE rank <= %(most)s
    UNION SELECT variant_id, currency FROM shown WHERE rank <= %(most)s
), sums AS (
    SELECT d.variant_id, d.currency, {", ".join(f"d.{name}" for name in SUMS)}
    FROM best CROSS JOIN LATERAL (
        SELECT * FROM upsell_productday d
        WHERE d.variant_id = best.variant_id AND d.currency = best.currency AND d.placement = %(placement)s
          AND d.day BETWEEN %(first)s::date AND %(last)s::date OFFSET 0
    ) AS d WHERE {_OF_SPAN}
    UNION ALL
    SELECT variant_id, currency, {", ".join(SUMS)} FROM best JOIN changed USING (variant_id, currency)
)
SELECT v.sku, p.title, added.currency, {", ".join(SUMS)} FROM (
    SELECT variant_id, currency, {_ADDED} FROM sums GROUP BY variant_id, currency
) AS added(variant_id, currency, {", ".join(SUMS)})
JOIN inventory_variant v ON v.id = variant_id JOIN inventory_product p ON p.id = v.product_id
"""

_SIDES = f"""
WITH {CHANGED_DAYS}, sides AS (
    SELECT campaign_id, day, currency, "group", {", ".join(SIDE_SUMS)} FROM upsell_sideday d WHERE {_OF_SPAN}
    UNION ALL {SIDE_DAYS}
)
"""
SIDES = (
    f'{_SIDES} SELECT campaign_id, currency, "group", {_SIDES_ADDED} FROM sides GROUP BY campaign_id, currency, "group"'
)
SIDES_BY_DAYS = f"""
{_SIDES}
SELECT (day - %(first)s::date) / %(width)s::int AS bin, "group", {_SIDES_ADDED} FROM sides
WHERE currency = %(currency)s GROUP BY bin, "group" ORDER BY bin, "group"
"""
