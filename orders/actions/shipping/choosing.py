"""Choosing the carrier of a label: among the offers on record, and those that carriers make when they are asked."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.conf import settings

from oms.transactions import transactional
from oms.writing import update_rows
from orders.actions.shipping.labelling import describe_options, is_asked_live, say_why
from orders.actions.shipping.reaching import describe_ask, reach_carrier
from orders.actions.shipping.recording import lock_leased, postpone, record_refused
from orders.carriers.port import CarrierBusy, CarrierError, CarrierRefused, Rate
from orders.models import CarrierAccount, CarrierService, Label
from orders.policies.shipping.shopping import Choice, Option, Promise, choose_option
from orders.queries.shipping.rates import read_rate_table


def shop_live(label: Label, *, at: datetime) -> bool:
    """Ask the carriers that say their prices only when they are asked, and choose among all offers; True when somebody
    is chosen. Must run outside of a transaction.
    """
    options = read_options(label)
    table = read_rate_table()
    accounts = [each for each in CarrierAccount.objects.filter(active=True) if is_asked_live(each, table)]
    silences = []
    for account in accounts:
        known = [option for option in options if option.account != account.code]
        try:
            options = [*known, *_ask_rates(account, label)]
        except CarrierError as trouble:
            options = [*known, _absent(account, trouble)]
            if not isinstance(trouble, CarrierRefused):
                silences.append(trouble)
    choice = choose_option(options, read_promise(label))
    if choice.chosen is None and silences:
        longest = max((each.retry_after for each in silences if isinstance(each, CarrierBusy)), default=0.0)
        postpone(label, silences[0].sentence, at=at, least=longest)
        return False
    return settle_choice(label, choice, by="system", at=at)


def strike_choice(label: Label, sentence: str, *, by: str, at: datetime) -> bool:
    """The chosen carrier will not after all: the next one is taken; where there is none, a person must look."""
    chosen = (next(rate for rate in label.rates if rate["chosen"])["account"], label.service)
    options = [
        replace(each, why_not="refused") if (each.account, each.service) == chosen else each
        for each in read_options(label)
    ]
    choice = choose_option(options, read_promise(label))
    if choice.chosen is None:
        record_refused(label.pk, label.lease, sentence, rates=describe_options(choice.options, None), by=by, at=at)
        return False
    return settle_choice(label, choice, note=sentence, by=by, at=at)


def settle_choice(label: Label, choice: Choice, *, note: str = "", by: str, at: datetime) -> bool:
    """Write down who is to be asked, and give the label back to be bought by whoever comes next."""
    if choice.chosen is None:
        rates = describe_options(choice.options, None)
        record_refused(label.pk, label.lease, say_why(choice.options), rates=rates, by=by, at=at)
        return False
    return _write_choice(label.pk, label.lease, choice, note, at=at)


@transactional
def _write_choice(label_id: int, lease: int, choice: Choice, note: str, *, at: datetime) -> bool:
    chosen = choice.chosen
    assert chosen is not None
    account = CarrierAccount.objects.get(code=chosen.account)
    labels = [each for each in lock_leased({label_id: lease}) if each.state == Label.State.WANTED]
    for label in labels:
        label.account_id, label.service, label.service_name = account.pk, chosen.service, chosen.name
        label.cost, label.currency, label.days = chosen.cost, chosen.currency, chosen.days
        label.rates = describe_options(choice.options, chosen)
        label.reference, label.doubtful = "", False  # whoever was asked before has refused, so nothing was bought
        label.run_after, label.leased_until, label.attempts, label.last_error = at, None, 0, note[:2000]
        update_rows(
            [label],
            [
                *("account_id", "service", "service_name", "cost", "currency", "days", "rates", "reference"),
                *("doubtful", "run_after", "leased_until", "attempts", "last_error"),
            ],
        )
    return bool(labels)


def read_options(label: Label) -> list[Option]:
    """The offers on record. Which was chosen is worked out anew; who is out of the question stays so."""
    return [_option(each) for each in label.rates]


def read_promise(label: Label) -> Promise:
    parcel = label.parcel
    return Promise(
        leaves=date.fromisoformat(parcel["leaves"]),
        due=date.fromisoformat(parcel["due"]) if parcel["due"] else None,
        express=parcel["express"],
        currency=settings.SHOP_CURRENCY,
    )


_FOR_GOOD = ("too_heavy", "no_rate", "refused")


def _option(document: dict[str, Any]) -> Option:
    cost = document["cost"]
    return Option(
        account=document["account"],
        service=document["service"],
        name=document["name"],
        cost=None if cost is None else Decimal(cost),
        currency=document["currency"],
        days=document["days"],
        express=document["express"],
        why_not=document["why_not"] if document["why_not"] in _FOR_GOOD else "",
    )


def _ask_rates(account: CarrierAccount, label: Label) -> list[Option]:
    """What the account's carriers ask. Where services of it are listed here, only the active ones are used."""
    rates = reach_carrier(account).rate(describe_ask(label))
    listed = {service.code: service for service in CarrierService.objects.filter(account=account)}
    allowed = [rate for rate in rates if not listed or (rate.service in listed and listed[rate.service].active)]
    return [_live_option(account, rate, listed.get(rate.service)) for rate in allowed]


def _live_option(account: CarrierAccount, rate: Rate, listed: CarrierService | None) -> Option:
    return Option(
        account=account.code,
        service=rate.service,
        name=listed.name if listed else rate.name,
        cost=rate.cost,
        currency=rate.currency,
        days=rate.days,
        express=listed.express if listed else rate.express,
    )


def _absent(account: CarrierAccount, trouble: CarrierError) -> Option:
    why = "refused" if isinstance(trouble, CarrierRefused) else "silent"
    return Option(account=account.code, service="", name=account.name, why_not=why)
