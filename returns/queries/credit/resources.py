"""Accounts of store credit as webhooks and the log of events tell of them: as `GET /credit-accounts/{id}` does."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from oms.resources import Mention, Resource, Wanted
from returns.models import CreditAccount
from returns.queries.credit.access import buyers_on
from returns.queries.credit.documents import describe_account
from returns.queries.credit.standings import read_standings


def read_credit_resources(wanted: Sequence[Wanted], at: datetime) -> dict[Wanted, Resource]:
    """Who is limited to channels gets the event alone, and only of those who bought there."""
    keys = {subject for subject, limits in wanted if not limits}
    accounts = list(CreditAccount.objects.filter(key__in=keys).select_related("customer"))
    found = {standing.account.key: standing for standing in read_standings(accounts, at=at).values()}
    return {
        (subject, limits): Resource(
            orjson.Fragment(orjson.dumps(describe_account(found[subject]))), found[subject].account.version
        )
        for subject, limits in wanted
        if subject in found and not limits
    }


def see_credit_events(mentions: Sequence[Mention]) -> list[bool]:
    """Who is limited to warehouses is told of nobody's credit."""
    asked = {int(mention.facts["customer"]) for mention in mentions if mention.limits.channels}
    channels = {code for mention in mentions for code in mention.limits.channels}
    by_channel = {code: buyers_on([code], asked) for code in sorted(channels)} if asked else {}
    return [
        not mention.limits.warehouses
        and any(int(mention.facts["customer"]) in by_channel.get(code, set()) for code in mention.limits.channels)
        for mention in mentions
    ]
