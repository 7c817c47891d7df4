"""The figures of days, counted from the offers and exposures themselves: what is kept is made of it, read where the
kept is not true any more, and proven by it.

Each is a part of a WITH that begins with `days(campaign_id, day)` and ends with the rows of one table. Days are those
of %(zone)s. Test orders never count.
"""

SUMS = ("shown", "seen", "accepted", "refused", "expired", "gross", "revenue", "margin", "unknown")
SIDE_SUMS = ("orders", "net", "net_squares", "before", "before_squares", "products")

_SINCE, _UNTIL = "(days.day::timestamp AT TIME ZONE %(zone)s)", "((days.day + 1)::timestamp AT TIME ZONE %(zone)s)"

# Nobody knows beforehand how few days there are: LATERAL with OFFSET 0 goes from day to day and from offer to offer by
# the indexes, where a join would be planned for all offers there are.
# In one place an offer counts as taken where it was taken, and as refused or run out wherever it was shown.
PLACED = f"""
offers AS MATERIALIZED (
    SELECT f.*, days.day FROM days CROSS JOIN LATERAL (
        SELECT f.id, f.campaign_id, f.currency, f.state, f.accepted_through AS through, f.price,
               f.net_revenue AS revenue, f.net_margin AS margin
        FROM upsell_offer f
        WHERE f.campaign_id = days.campaign_id AND f.made_at >= {_SINCE} AND f.made_at < {_UNTIL}
          AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = f.order_id AND o.test) OFFSET 0
    ) AS f
), showings AS MATERIALIZED (
    SELECT offers.*, s.placement, s.seen FROM offers CROSS JOIN LATERAL (
        SELECT placement, seen_at IS NOT NULL AS seen FROM upsell_offershowing WHERE offer_id = offers.id OFFSET 0
    ) AS s
), placed AS (
    SELECT id, campaign_id, day, currency, state, price, revenue, margin, placement, seen,
           state = 'ACCEPTED' AND through = placement AS taken
    FROM showings
    UNION ALL
    SELECT id, campaign_id, day, currency, state, price, revenue, margin, '', bool_or(seen), state = 'ACCEPTED'
    FROM showings GROUP BY id, campaign_id, day, currency, state, price, revenue, margin
)"""
# The parts are rounded before they are added: sums of days are then the sum of all, to the last digit.
PARTED = """
parted AS (
    SELECT part.variant_id, campaign_id, day, currency, state, placement, seen, taken,
           round(price * part.share, 8) AS price,
           round(revenue * part.share, 8) AS revenue, round(margin * part.share, 8) AS margin
    FROM placed CROSS JOIN LATERAL (
        SELECT variant_id, CASE WHEN price > 0 THEN (quantity * unit_price - discount) / price ELSE 1 END AS share
        FROM upsell_offeritem WHERE offer_id = placed.id OFFSET 0
    ) AS part
)"""
_FUNNEL = """
    count(*) AS shown, count(*) FILTER (WHERE seen) AS seen, count(*) FILTER (WHERE taken) AS accepted,
    count(*) FILTER (WHERE state = 'REFUSED') AS refused, count(*) FILTER (WHERE state = 'EXPIRED') AS expired,
    coalesce(sum(price) FILTER (WHERE taken), 0) AS gross, coalesce(sum(revenue) FILTER (WHERE taken), 0) AS revenue,
    coalesce(sum(margin) FILTER (WHERE taken), 0) AS margin, count(*) FILTER (WHERE taken AND margin IS NULL) AS unknown
"""
OFFER_DAYS = f"""
SELECT campaign_id, day, placement, currency, {_FUNNEL} FROM placed GROUP BY campaign_id, day, placement, currency
"""
PRODUCT_DAYS = f"""
SELECT variant_id, campaign_id, day, placement, currency, {_FUNNEL}
FROM parted GROUP BY variant_id, campaign_id, day, placement, currency
"""
SIDE_DAYS = f"""
SELECT e.campaign_id, days.day, e.currency, e."group", count(*) AS orders, sum(e.net_revenue) AS net,
       sum(e.net_revenue * e.net_revenue) AS net_squares, sum(e.baseline) AS before,
       sum(e.baseline * e.baseline) AS before_squares, sum(e.net_revenue * e.baseline) AS products
FROM days CROSS JOIN LATERAL (
    SELECT * FROM upsell_exposure e
    WHERE e.campaign_id = days.campaign_id AND e.assigned_at >= {_SINCE} AND e.assigned_at < {_UNTIL}
      AND NOT EXISTS (SELECT FROM orders_order o WHERE o.id = e.order_id AND o.test) OFFSET 0
) AS e
GROUP BY e.campaign_id, days.day, e.currency, e."group"
"""
# Days of which something changed since they were kept; all of them, where what is kept is of another zone's days.
CHANGED_DAYS = """
days AS MATERIALIZED (
    SELECT DISTINCT campaign_id, (at AT TIME ZONE %(zone)s)::date AS day FROM upsell_figuremark
    WHERE campaign_id = ANY(%(campaigns)s::bigint[]) AND at >= (%(first)s::date::timestamp AT TIME ZONE %(zone)s)
      AND at < ((%(last)s::date + 1)::timestamp AT TIME ZONE %(zone)s)
    UNION
    SELECT campaign_id, day::date
    FROM unnest(%(campaigns)s::bigint[]) AS campaign_id,
         generate_series(%(first)s::date, %(last)s::date, '1 day') AS day
    WHERE EXISTS (SELECT FROM upsell_offerday WHERE zone <> %(zone)s)
       OR EXISTS (SELECT FROM upsell_sideday WHERE zone <> %(zone)s)
)"""
