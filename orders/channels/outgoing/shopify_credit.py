"""Giving a customer store credit at Shopify, once.

Shopify keeps no key of ours with a credit. So what was given before is noted before anything is asked for; asked again,
a credit of that amount which has come since is the one that was asked for.
https://shopify.dev/docs/api/admin-graphql/2026-07/mutations/storeCreditAccountCredit
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from orders.channels.outgoing.port import ChannelCredit, ChannelRefused, Keep
from orders.channels.outgoing.shopify_api import ShopifyApi, gid, tail

ADJUSTMENT = "ADJUSTMENT"
"""What Shopify calls a credit that was given by hand or by an app."""

READ_CUSTOMER = """
query ReadCredit($id: ID!) {
  order(id: $id) {
    customer {
      id
      storeCreditAccounts(first: 10) {
        nodes {
          balance { amount currencyCode }
          transactions(first: 20, reverse: true) {
            nodes { ... on StoreCreditAccountCreditTransaction { id event amount { amount currencyCode } } }
          }
        }
      }
    }
  }
}
"""
CREDIT = """
mutation GiveCredit($id: ID!, $creditInput: StoreCreditAccountCreditInput!) {
  storeCreditAccountCredit(id: $id, creditInput: $creditInput) {
    storeCreditAccountTransaction { id } userErrors { field message }
  }
}
"""


def credit_customer(api: ShopifyApi, credit: ChannelCredit, *, keep: Keep) -> str:
    """The id of the credit.

    Raises:
        ChannelRefused: there is no such order, it has no customer, or Shopify will not give it.
    """
    order = api.ask(READ_CUSTOMER, id=gid("Order", credit.order.external_id))["order"]
    if order is None:
        raise ChannelRefused(f"Shopify has no order {credit.order.external_id}.")
    customer = order["customer"]
    if customer is None:
        raise ChannelRefused("The order has no customer at Shopify, so nobody there can have the credit.")

    known = [each["id"] for each in _given(customer, credit)]
    if "before" in credit.noted:
        if since := [name for name in known if name not in credit.noted["before"]]:
            return tail(since[-1])
    else:
        keep({"before": known})
    wanted: dict[str, Any] = {
        "creditAmount": {"amount": str(credit.amount), "currencyCode": credit.currency},
        "notify": False,
    }
    if credit.expires_at:
        wanted["expiresAt"] = credit.expires_at.isoformat()
    made = api.do("storeCreditAccountCredit", CREDIT, id=customer["id"], creditInput=wanted)
    return tail(made["storeCreditAccountTransaction"]["id"])


def _given(customer: Mapping[str, Any], credit: ChannelCredit) -> Iterator[Mapping[str, Any]]:
    """Credits of exactly this amount, the newest first; what was spent is no credit, and empty here."""
    for account in customer["storeCreditAccounts"]["nodes"]:
        if account["balance"]["currencyCode"] == credit.currency:
            for each in account["transactions"]["nodes"]:
                if each and each["event"] == ADJUSTMENT and Decimal(each["amount"]["amount"]) == credit.amount:
                    yield each
