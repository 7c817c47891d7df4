"""The statements that read candidates with every fact that speaks for or against them: one answer, one round trip."""

_ABOUT = """
WITH RECURSIVE o AS MATERIALIZED (
    SELECT id, customer_id, currency FROM orders_order WHERE id = %(order)s
), model AS MATERIALIZED (
    SELECT id FROM upsell_recommender WHERE state = 'ACTIVE'
), inside AS MATERIALIZED (
    SELECT l.variant_id, v.product_id, p.category_id, min(l.sku) AS sku, min(l.title) AS title,
           max(l.unit_price) AS price
    FROM orders_orderline l
    JOIN inventory_variant v ON v.id = l.variant_id
    JOIN inventory_product p ON p.id = v.product_id
    WHERE l.order_id = %(order)s AND l.quantity > l.cancelled_quantity
    GROUP BY l.variant_id, v.product_id, p.category_id
), said AS MATERIALIZED (
    SELECT n.item_id AS speaker, n.neighbor_id AS variant_id, n.strength
    FROM model JOIN upsell_neighbor n ON n.recommender_id = model.id
    WHERE n.item_id IN (SELECT variant_id FROM inside)
), learned AS MATERIALIZED (
    SELECT variant_id, sum(strength) AS strength, (array_agg(speaker ORDER BY strength DESC, speaker))[1] AS speaker
    FROM said GROUP BY variant_id
), lately AS MATERIALIZED (
    SELECT neighbor_id AS variant_id, sum(weight) AS weight,
           (array_agg(item_id ORDER BY weight DESC, item_id))[1] AS speaker
    FROM upsell_recentpair WHERE item_id IN (SELECT variant_id FROM inside) GROUP BY neighbor_id
), kinds AS MATERIALIZED (
    SELECT c.neighbor_id AS category_id, max(c.strength) AS strength
    FROM model JOIN upsell_categoryneighbor c ON c.recommender_id = model.id
    WHERE c.category_id IN (SELECT category_id FROM inside) GROUP BY c.neighbor_id
), theirs AS MATERIALIZED (
    SELECT h.id, h.placed_at, h.status FROM orders_order h JOIN o ON h.customer_id = o.customer_id AND h.id <> o.id
    WHERE NOT h.test ORDER BY h.placed_at DESC LIMIT %(orders_looked_at)s
), bought AS MATERIALIZED (
    SELECT l.variant_id, count(DISTINCT l.order_id) AS times,
           max(theirs.placed_at) FILTER (WHERE l.returned_quantity > 0) AS returned_at
    FROM theirs JOIN orders_orderline l ON l.order_id = theirs.id
    WHERE theirs.status <> 'CANCELLED' AND l.variant_id IS NOT NULL AND l.quantity > l.cancelled_quantity
    GROUP BY l.variant_id
), returned AS MATERIALIZED (
    SELECT v.product_id, max(bought.returned_at) AS at
    FROM bought JOIN inventory_variant v ON v.id = bought.variant_id
    WHERE bought.returned_at IS NOT NULL GROUP BY v.product_id
), refused AS MATERIALIZED (
    SELECT r.product_id, r.category_id, r.at FROM upsell_refusal r JOIN o ON r.customer_id = o.customer_id
    WHERE r.taken_back_at IS NULL
    UNION ALL
    SELECT r.product_id, r.category_id, r.at FROM upsell_refusal r
    WHERE r.order_id = %(order)s AND r.customer_id IS NULL AND r.taken_back_at IS NULL
), seen AS MATERIALIZED (
    SELECT v.product_id,
           sum(power(2, -greatest(extract(epoch FROM %(at)s::timestamptz - s.seen_at), 0) / %(half_life)s)) AS times
    FROM theirs
    JOIN upsell_offer f ON f.order_id = theirs.id AND f.state NOT IN ('ACCEPTED', 'AWAITING_PAYMENT')
    JOIN upsell_offershowing s ON s.offer_id = f.id AND s.seen_at IS NOT NULL
    JOIN upsell_offeritem i ON i.offer_id = f.id
    JOIN inventory_variant v ON v.id = i.variant_id
    GROUP BY v.product_id
), chosen AS MATERIALIZED (
"""
_LEARNED = """
    (SELECT variant_id FROM learned ORDER BY strength DESC, variant_id LIMIT %(most)s)
    UNION
    (SELECT variant_id FROM lately ORDER BY weight DESC, variant_id LIMIT %(few)s)
    UNION
    (SELECT variant_id FROM bought WHERE variant_id NOT IN (SELECT variant_id FROM inside)
     ORDER BY times DESC, variant_id LIMIT %(few)s)
"""
_NAMED = """
    SELECT id AS variant_id FROM inventory_variant WHERE sku = ANY(%(skus)s::text[])
"""
_COLD = """
    SELECT v.id AS variant_id FROM (
        SELECT category_id, strength FROM kinds
        UNION ALL
        SELECT DISTINCT category_id, 0.1 FROM inside
        WHERE category_id NOT IN (SELECT category_id FROM kinds)
        ORDER BY strength DESC, category_id LIMIT 5
    ) AS shelf
    JOIN inventory_product p ON p.category_id = shelf.category_id AND p.active
    JOIN inventory_variant v ON v.product_id = p.id AND v.active
    JOIN inventory_availability a ON a.variant_id = v.id AND a.sellable > a.promised
    JOIN o ON v.currency = o.currency
    WHERE v.price BETWEEN (SELECT %(band_from)s * max(price) FROM inside)
                      AND (SELECT %(band_to)s * max(price) FROM inside)
      AND p.id NOT IN (SELECT product_id FROM inside)
    ORDER BY a.velocity * exp(-greatest(extract(epoch FROM %(at)s::timestamptz - a.velocity_at), 0) / %(memory)s)
             * shelf.strength DESC NULLS LAST, v.id
    LIMIT %(most)s
"""
_FACTS = """
), up AS (
    SELECT DISTINCT p.category_id AS leaf, p.category_id AS id, 0 AS height
    FROM chosen JOIN inventory_variant v ON v.id = chosen.variant_id JOIN inventory_product p ON p.id = v.product_id
    WHERE p.category_id IS NOT NULL
    UNION ALL
    SELECT up.leaf, c.parent_id, up.height + 1
    FROM up JOIN inventory_category c ON c.id = up.id WHERE c.parent_id IS NOT NULL AND up.height < 20
), ways AS MATERIALIZED (
    SELECT up.leaf, array_agg(c.code ORDER BY up.height DESC) AS codes,
           min(c.name) FILTER (WHERE up.height = 0) AS name,
           min(c.name) FILTER (WHERE c.id IN (SELECT category_id FROM refused)) AS refused
    FROM up JOIN inventory_category c ON c.id = up.id GROUP BY up.leaf
)
SELECT v.id, v.product_id, v.sku, p.title, v.options, p.product_type, p.tags, p.category_id, ways.codes, ways.name,
       CASE WHEN v.currency = o.currency THEN v.price END, v.unit_cost, v.active AND p.active,
       greatest(a.sellable - a.promised - coalesce((
           SELECT sum(queue.quantity) FROM inventory_reservation queue
           WHERE queue.variant_id = v.id AND queue.state = 'SHORT'
       ), 0), 0),
       coalesce(here.sku, beside.sku), returned.at,
       (SELECT max(r.at) FROM refused r WHERE r.product_id = v.product_id), ways.refused, seen.times,
       learned.strength, lately.weight, kinds.strength, bought.times, a.velocity, a.velocity_at,
       speaker.sku, speaker.title, (SELECT id FROM model)
FROM chosen
CROSS JOIN o
JOIN inventory_variant v ON v.id = chosen.variant_id
JOIN inventory_product p ON p.id = v.product_id
LEFT JOIN inventory_availability a ON a.variant_id = v.id
LEFT JOIN ways ON ways.leaf = p.category_id
LEFT JOIN inside here ON here.variant_id = v.id
LEFT JOIN (SELECT product_id, min(sku) AS sku FROM inside GROUP BY product_id) AS beside
    ON beside.product_id = v.product_id
LEFT JOIN returned ON returned.product_id = v.product_id
LEFT JOIN seen ON seen.product_id = v.product_id
LEFT JOIN learned ON learned.variant_id = v.id
LEFT JOIN lately ON lately.variant_id = v.id
LEFT JOIN kinds ON kinds.category_id = p.category_id
LEFT JOIN bought ON bought.variant_id = v.id
LEFT JOIN inside speaker ON speaker.variant_id = coalesce(
    CASE WHEN learned.strength IS NULL THEN lately.speaker ELSE learned.speaker END
)
"""

LEARNED = _ABOUT + _LEARNED + _FACTS
"""What speaks for itself: learned pairs, those of the orders since, and what this customer buys again."""
NAMED = _ABOUT + _NAMED + _FACTS
"""What a list names."""
COLD = _ABOUT + _COLD + _FACTS
"""What sells best of the categories that go with the order's, at about its prices."""
