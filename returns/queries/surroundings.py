"""What there is around a customer who sends something back: carriers, places and shops.

As the text of a subquery, an object with what `Surroundings` has: whoever reads an order `o` asks for it beside.
Weights are left to whoever sells the label.
"""

# A lane is one that a rate table knows, or that a carrier without a table of ours says when it is asked. A shop without
# nodes takes returns where it sends from.
SURROUNDINGS = """
WITH place AS (SELECT o.country),
takes AS (
    SELECT n.warehouse_id FROM returns_returnnode n JOIN inventory_warehouse w ON w.id = n.warehouse_id, place
    WHERE n.active AND w.active AND (n.countries = '{}' OR place.country = ANY(n.countries))
      AND (n.kind = 'WAREHOUSE' OR n.kind = 'PARTNER' AND w.country = place.country)
),
bare AS (SELECT NOT EXISTS (SELECT FROM returns_returnnode) AS yes)
SELECT json_build_object(
    'lane', (bare.yes OR EXISTS (SELECT FROM takes)) AND (
        EXISTS (
            SELECT FROM orders_carrierrate r
            JOIN orders_carrierservice s ON s.id = r.service_id AND s.active
            JOIN orders_carrieraccount a ON a.id = s.account_id AND a.active, place
            WHERE r.country IN ('', place.country)
              AND (r.warehouse_id IS NULL OR bare.yes OR r.warehouse_id IN (SELECT warehouse_id FROM takes))
        ) OR EXISTS (
            SELECT FROM orders_carrieraccount a WHERE a.active AND a.kind <> 'HOUSE' AND NOT EXISTS (
                SELECT FROM orders_carrierrate r JOIN orders_carrierservice s ON s.id = r.service_id
                WHERE s.account_id = a.id
            )
        )
    ),
    'store', EXISTS (
        SELECT FROM returns_returnnode n JOIN inventory_warehouse w ON w.id = n.warehouse_id, place
        WHERE n.active AND w.active AND n.kind = 'STORE' AND w.country = place.country
          AND (n.countries = '{}' OR place.country = ANY(n.countries))
    )
) FROM bare
"""
