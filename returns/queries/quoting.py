"""What a return would bring: every line of an order with what is offered for it, and the sums of a wish."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from oms.sql import fetch_all
from orders.models import Order
from returns.choices import Method, Resolution
from returns.models import Return
from returns.policies.amounts import NOTHING, Worth
from returns.policies.bonuses import Rated, bonus_on
from returns.policies.quotes import (
    ExchangeQuote,
    InMoney,
    ItemTerms,
    LineQuote,
    MethodQuote,
    ResolutionQuote,
    ReturnQuote,
    Sums,
    label_fee,
)
from returns.policies.sentences import say_code
from returns.policies.wishes import ReturnWish
from returns.queries.appraising import appraise_wish, describe_terms, value_units
from returns.queries.eligibility import LineVerdict, judge_lines
from returns.queries.grounds import BoughtLine, Ground, read_ground
from returns.queries.money_parts import read_in_money
from returns.queries.offering import (
    find_order_fault,
    is_claimable,
    is_eligible,
    offered_resolutions,
    offered_ways,
)

Exchanges = Mapping[int, tuple[ExchangeQuote, ...]]

_NOTES = {
    Resolution.REFUND: "To the original payment.",
    Resolution.STORE_CREDIT: "To spend in the shop.",
    Resolution.EXCHANGE: "For another variant.",
    Resolution.REPLACEMENT: "The same again.",
}
_WAYS = {
    Method.PREPAID_LABEL: "A label of ours, to print.",
    Method.QR_DROP_OFF: "A code that a drop-off point scans.",
    Method.IN_STORE: "Brought to a store.",
    Method.OWN_CARRIER: "With a carrier of the customer's choice.",
    Method.KEEP_IT: "It does not have to come back.",
}


@dataclass(frozen=True, slots=True)
class _Sale:
    """What all lines share. `fault`: why nothing of the order can come back at all."""

    order: Order
    ground: Ground
    kind: str
    fault: str
    exchanges: Exchanges
    in_money: InMoney


def quote_return(
    order: Order, wish: ReturnWish | None, *, at: datetime, source: str = Return.Source.PORTAL
) -> ReturnQuote:
    """Lines with the units that are left, or those of the wish, and what they are worth. Changes nothing.

    Raises:
        Invalid, NotReturnable, NotThatManyToReturn: what is wrong with the wish, as `request_return` would.
    """
    appraisal = appraise_wish(order, wish, source=source, at=at) if wish and wish.items else None
    ground = appraisal.ground if appraisal else read_ground(order)
    verdicts = appraisal.verdicts if appraisal else judge_lines(order, at=at)
    units = wish.units if appraisal and wish else {}
    kind = wish.kind if wish else Return.Kind.RETURN

    in_money = read_in_money(order, spent_credit=ground.spent_credit)
    sale = _Sale(order, ground, kind, find_order_fault(order), _read_exchanges(order, ground), in_money)
    lines = tuple(
        _quote_line(sale, line, verdicts[line.id], units.get(line.id, line.left)) for line in ground.lines.values()
    )
    items = tuple(item.terms for item in appraisal.items) if appraisal else ()
    meant = list(units) or [line.line for line in lines if line.eligible]
    terms = items or [_terms_of(order, ground.lines[line], verdicts[line]) for line in meant]
    methods = _quote_methods(ground, [verdicts[line] for line in meant], terms)
    return ReturnQuote(order.currency, lines, methods, appraisal.sums if appraisal else Sums(), items)


def _quote_line(sale: _Sale, line: BoughtLine, judged: LineVerdict, units: Decimal) -> LineQuote:
    verdict = judged.verdict
    eligible = not sale.fault and line.left > 0 and is_eligible(judged, sale.kind, merchant_fault=True)
    code = sale.fault or ("no_withdrawal" if verdict.eligible and not eligible else verdict.code)
    others = sale.exchanges.get(line.product_id or 0, ()) if eligible else ()
    return LineQuote(
        line=line.id,
        sku=line.sku,
        title=line.title,
        left=line.left,
        eligible=eligible,
        code=code,
        sentence=say_code(code, verdict.facts),
        ends_at=verdict.ends_at,
        ended_on=verdict.ended_on,
        resolutions=_quote_resolutions(sale, line, judged, units) if eligible else (),
        claim_ends_at=judged.claim_ends_at if line.left > 0 and not sale.fault and judged.claimable else None,
        exchanges=others,
        claimable=not sale.fault and line.left > 0 and is_claimable(judged),
    )


def _quote_resolutions(
    sale: _Sale, line: BoughtLine, judged: LineVerdict, units: Decimal
) -> tuple[ResolutionQuote, ...]:
    order = sale.order
    left = order.total - order.credited - sale.ground.promised
    amount = value_units(sale.ground, line.id, units, line.taken, most=left).value
    quotes = []
    for resolution in offered_resolutions(judged, sale.kind):
        bonus = NOTHING
        if resolution == Resolution.STORE_CREDIT:
            rated = [Rated(amount, judged.terms.credit_rate)]
            bonus = bonus_on(sale.in_money(amount), rated, currency=order.currency)
        there = _is_there(resolution, line, units, sale.exchanges.get(line.product_id or 0, ()))
        quotes.append(ResolutionQuote(resolution, amount, bonus, _NOTES[Resolution(resolution)], there))
    return tuple(quotes)


def _is_there(resolution: str, line: BoughtLine, units: Decimal, others: tuple[ExchangeQuote, ...]) -> bool:
    """Goods that are to be sent must be on some shelf."""
    if resolution == Resolution.EXCHANGE:
        return any(each.available >= units for each in others if each.sku != line.sku)
    if resolution == Resolution.REPLACEMENT:
        return any(each.available >= units for each in others if each.sku == line.sku)
    return True


def _terms_of(order: Order, line: BoughtLine, judged: LineVerdict) -> ItemTerms:
    return describe_terms(order, line, judged, Worth(), resolution=Resolution.REFUND)


def _quote_methods(
    ground: Ground, judged: Sequence[LineVerdict], terms: Sequence[ItemTerms]
) -> tuple[MethodQuote, ...]:
    """Those of the terms that the surroundings make possible: where no carrier goes there is no label."""
    if not judged:
        return ()
    fee = label_fee(terms, Method.PREPAID_LABEL)
    ways = offered_ways(judged, ground.around, label_fee=fee)
    return tuple(MethodQuote(way.method, way.fee, _WAYS[way.method]) for way in ways)


def _read_exchanges(order: Order, ground: Ground) -> Exchanges:
    """The variants of each product that was bought, by product, with what may be promised of them now."""
    products = sorted({line.product_id for line in ground.lines.values() if line.product_id and line.left > 0})
    found: dict[int, list[ExchangeQuote]] = {}
    for product, *columns in fetch_all(_SIBLINGS, {"products": products, "currency": order.currency}):
        found.setdefault(product, []).append(ExchangeQuote(*columns))
    return {product: tuple(quotes) for product, quotes in found.items()}


_SIBLINGS = """
SELECT v.product_id, v.sku, p.title, v.options::json, greatest(coalesce(a.sellable - a.promised, 0), 0),
       CASE WHEN v.currency = %(currency)s::text THEN v.price END
FROM inventory_variant v JOIN inventory_product p ON p.id = v.product_id
LEFT JOIN inventory_availability a ON a.variant_id = v.id
WHERE v.product_id = ANY(%(products)s::bigint[]) AND v.active ORDER BY v.product_id, v.id
"""
