"""An account of store credit, and what is held of it, as JSON."""

from typing import Any

from oms.money import round_amount
from returns.models import CreditAuthorization
from returns.queries.credit.standings import Standing


def describe_account(standing: Standing) -> dict[str, Any]:
    """`balance` is base and bonus, with what is held."""
    account = standing.account
    currency = account.currency
    return {
        "id": account.key,
        "version": account.version,
        "customer": {"name": account.customer.name, "email": account.customer.email},
        "currency": currency,
        "balance": _money(account.balance, currency),
        "bonus": _money(account.bonus, currency),
        "held": _money(account.held, currency),
        "available": _money(standing.available, currency),
        "receivable": _money(account.receivable, currency),
        "frozen": account.frozen_at is not None,
        "lots": [
            {
                "source": lot.source,
                "issued_at": lot.issued_at,
                "earned": lot.earned,
                "base": _money(lot.base_left, currency),
                "base_expires_at": lot.base_expires_at,
                "bonus": _money(lot.bonus_left, currency),
                "bonus_expires_at": lot.bonus_expires_at,
            }
            for lot in standing.lots
        ],
    }


def describe_authorization(held: CreditAuthorization, *, account: str, order: str | None) -> dict[str, Any]:
    return {
        "id": held.key,
        "account": account,
        "state": held.state,
        "amount": _money(held.amount, held.currency),
        "captured": _money(held.captured, held.currency),
        "reversed": _money(held.reversed, held.currency),
        "reference": held.reference,
        "order": order,
        "authorized_at": held.authorized_at,
        "expires_at": held.expires_at,
        "ended_at": held.ended_at,
    }


def _money(amount: Any, currency: str) -> dict[str, str]:
    return {"amount": str(round_amount(amount, currency)), "currency": currency}
