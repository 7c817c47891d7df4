"""Where credit is not what its entries say: every figure that is kept beside the ledger, against the ledger."""

from dataclasses import dataclass
from decimal import Decimal

from oms.sql import fetch_all


@dataclass(frozen=True, slots=True)
class CreditDrift:
    """`what` names the row: its key. `kept` is what stands there, `ledger` what its entries add up to."""

    what: str
    figure: str
    kept: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        return self.kept - self.ledger


_DRIFT = """
WITH by_lot AS (
    SELECT lot_id, sum(liability_base) AS base_left, sum(liability_bonus) AS bonus_left,
           sum(liability_base) FILTER (WHERE kind = 'ISSUE') AS base,
           sum(liability_bonus) FILTER (WHERE kind = 'ISSUE') AS bonus,
           -sum(advanced) AS advanced, bool_or(kind = 'CLAW_BACK') AS taken_back
    FROM returns_creditentry GROUP BY lot_id
), by_account AS (
    SELECT account_id, sum(liability_base) AS base, sum(liability_bonus) AS bonus, -sum(receivable) AS receivable
    FROM returns_creditentry GROUP BY account_id
), by_authorization AS (
    SELECT authorization_id, sum(sales) FILTER (WHERE kind = 'CAPTURE') AS captured,
           -sum(sales) FILTER (WHERE kind = 'REVERSE') AS reversed
    FROM returns_creditentry WHERE authorization_id IS NOT NULL GROUP BY authorization_id
), by_lots AS (
    SELECT account_id, sum(base_left) AS base, sum(bonus_left) AS bonus FROM returns_creditlot GROUP BY account_id
), by_holds AS (
    SELECT account_id, sum(amount) AS held FROM returns_creditauthorization
    WHERE state = 'AUTHORIZED' GROUP BY account_id
), figures AS (
    SELECT 'lot ' || l.key AS what, f.*
    FROM returns_creditlot l LEFT JOIN by_lot e ON e.lot_id = l.id, LATERAL (VALUES
        ('base', l.base, e.base), ('bonus', l.bonus, e.bonus),
        ('base left', l.base_left, e.base_left), ('bonus left', l.bonus_left, e.bonus_left),
        ('advanced', CASE WHEN l.earned OR e.taken_back THEN 0 ELSE l.base + l.bonus END, e.advanced)
    ) AS f(figure, kept, ledger)
    UNION ALL
    SELECT 'account ' || a.key, f.*
    FROM returns_creditaccount a
    LEFT JOIN by_account e ON e.account_id = a.id
    LEFT JOIN by_lots l ON l.account_id = a.id
    LEFT JOIN by_holds h ON h.account_id = a.id, LATERAL (VALUES
        ('base', a.base, e.base), ('bonus', a.bonus, e.bonus), ('receivable', a.receivable, e.receivable),
        ('base of its lots', l.base, e.base), ('bonus of its lots', l.bonus, e.bonus), ('held', a.held, h.held)
    ) AS f(figure, kept, ledger)
    UNION ALL
    SELECT 'authorization ' || h.key, f.*
    FROM returns_creditauthorization h LEFT JOIN by_authorization e ON e.authorization_id = h.id, LATERAL (VALUES
        ('captured', h.captured, e.captured), ('given back', h.reversed, e.reversed)
    ) AS f(figure, kept, ledger)
    UNION ALL
    SELECT 'entry ' || e.id, 'sum of all sides',
           liability_base + liability_bonus + goods_back + goodwill + bonus_expense + breakage + sales + receivable
           + paid_out + moved + advanced, 0
    FROM returns_creditentry e
    UNION ALL
    SELECT 'entry ' || e.id, 'of another account, or currency', 1, 0
    FROM returns_creditentry e
    JOIN returns_creditlot l ON l.id = e.lot_id JOIN returns_creditaccount a ON a.id = e.account_id
    WHERE l.account_id <> e.account_id OR a.currency <> e.currency
)
SELECT what, figure, coalesce(kept, 0), coalesce(ledger, 0) FROM figures
WHERE coalesce(kept, 0) <> coalesce(ledger, 0) ORDER BY what, figure
"""


def find_credit_drift() -> list[CreditDrift]:
    """Every figure that its entries do not prove; [] when all of them are proven. One statement, one snapshot."""
    return [CreditDrift(*row) for row in fetch_all(_DRIFT, [])]
