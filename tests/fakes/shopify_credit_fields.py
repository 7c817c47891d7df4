"""What Shopify's Admin GraphQL API says about the store credit of customers."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from graphql import GraphQLResolveInfo

from tests.fakes.shopify_fields import gid, number_of, page_of, payload_of
from tests.fakes.shopify_shop import NOTHING, Refused, Shop

MOST = Decimal(100_000)
CURRENCIES = ("EUR", "USD", "GBP")


class CreditFields:
    """Each method is a field of Query or Mutation, in snake case."""

    _shop: Shop

    def store_credit_account_credit(self, info: GraphQLResolveInfo, id: str, **wanted: Any) -> dict[str, Any]:
        def work() -> dict[str, Any]:
            made = _credit(self._shop, number_of(id, "Customer"), wanted["creditInput"])
            return {"storeCreditAccountTransaction": _transaction(made)}

        return payload_of(work)


def _credit(shop: Shop, customer: int, wanted: dict[str, Any]) -> dict[str, Any]:
    amount, currency = Decimal(wanted["creditAmount"]["amount"]), wanted["creditAmount"]["currencyCode"]
    ends = wanted.get("expiresAt")
    if customer not in [order.customer for order in shop.orders.values()]:
        raise Refused("Owner does not exist")
    if amount <= 0:
        raise Refused("A positive amount must be used to credit a store credit account")
    if currency not in CURRENCIES:
        raise Refused("Currency is not supported")
    if ends and datetime.fromisoformat(ends) <= datetime.now(UTC):
        raise Refused("The expiry date must be in the future")
    held = sum((each["amount"] for each in shop.credits if each["customer"] == customer), NOTHING)
    if held + amount > MOST:
        raise Refused("The operation would cause the account's credit limit to be exceeded")
    made = {"number": shop.next_number(), "customer": customer, "amount": amount, "currency": currency, "ends": ends}
    shop.credits.append(made)
    return made


def customer_document(shop: Shop, customer: int | None) -> dict[str, Any] | None:
    if customer is None:
        return None
    theirs = [each for each in shop.credits if each["customer"] == customer]
    accounts = [
        _account(customer, [each for each in theirs if each["currency"] == currency])
        for currency in dict.fromkeys(each["currency"] for each in theirs)
    ]
    return {"id": gid("Customer", customer), "storeCreditAccounts": page_of(accounts)}


def _account(customer: int, credits: list[dict[str, Any]]) -> dict[str, Any]:
    def newest(info: GraphQLResolveInfo, first: int = 50, *, after: str = "", reverse: bool = False) -> dict[str, Any]:
        shown = [_transaction(each) for each in (reversed(credits) if reverse else credits)]
        return page_of(shown)(info, first, after)

    balance = {"amount": str(sum(each["amount"] for each in credits)), "currencyCode": credits[0]["currency"]}
    return {"id": gid("StoreCreditAccount", customer), "balance": balance, "transactions": newest}


def _transaction(each: dict[str, Any]) -> dict[str, Any]:
    amount = {"amount": str(each["amount"]), "currencyCode": each["currency"]}
    shown = {"amount": amount, "createdAt": "2026-11-21T12:00:00Z", "event": "ADJUSTMENT", "expiresAt": each["ends"]}
    return (
        {"__typename": "StoreCreditAccountCreditTransaction"}
        | shown
        | {"id": gid("StoreCreditAccountCreditTransaction", each["number"])}
    )
