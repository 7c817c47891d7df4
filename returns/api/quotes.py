"""A quote as the API shows it."""

from decimal import Decimal
from typing import Any

from oms.money import round_amount
from oms.quantities import plain
from orders.models import Order
from returns.models import ReturnReason
from returns.policies.quotes import LineQuote, ReturnQuote

Json = dict[str, Any]


def present_quote(order: Order, quote: ReturnQuote) -> Json:
    return {
        "order": order.number,
        "lines": [_present_line(line, quote.currency) for line in quote.lines],
        "methods": [
            {"method": each.method, "fee": _money(each.fee, quote.currency), "sentence": each.sentence}
            for each in quote.methods
        ],
        "totals": _present_sums(quote) if quote.items else None,
        "reasons": [_present_reason(reason) for reason in ReturnReason.objects.filter(active=True)],
    }


def _present_line(line: LineQuote, currency: str) -> Json:
    return {
        "line": line.line,
        "sku": line.sku,
        "title": line.title,
        "left": plain(line.left),
        "eligible": line.eligible,
        "code": line.code,
        "sentence": line.sentence,
        "ends_at": line.ends_at,
        "ended_on": line.ended_on.isoformat() if line.ended_on else None,
        "claim_ends_at": line.claim_ends_at,
        "claimable": line.claimable,
        "resolutions": [
            {
                "resolution": each.resolution,
                "amount": _money(each.amount, currency),
                "bonus": _money(each.bonus, currency),
                "note": each.note,
                "available": each.available,
            }
            for each in line.resolutions
        ],
        "exchanges": [
            {
                "sku": each.sku,
                "title": each.title,
                "options": each.options,
                "available": plain(each.available),
                "price": None if each.price is None else _money(each.price, currency),
            }
            for each in line.exchanges
        ],
    }


def _present_sums(quote: ReturnQuote) -> Json:
    sums = quote.totals
    amounts = {
        "value": sums.value,
        "label_fee": sums.label_fee,
        "restocking_fee": sums.restocking_fee,
        "shipping_refund": sums.shipping_refund,
        "given": sums.given,
        "bonus": sums.bonus,
    }
    return {name: _money(amount, quote.currency) for name, amount in amounts.items()}


def _present_reason(reason: ReturnReason) -> Json:
    return {
        "code": reason.code,
        "label": str(reason),
        "root_cause": reason.root_cause,
        "needs_photo": reason.needs_photo,
        "needs_comment": reason.needs_comment,
    }


def _money(amount: Decimal, currency: str) -> Json:
    return {"amount": str(round_amount(amount, currency)), "currency": currency}
