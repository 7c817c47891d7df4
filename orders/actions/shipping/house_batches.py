"""The house carrier's labels, many at a time: nobody outside is asked, so a batch has a constant number of statements.

Its numbers are written on the labels as they are leased. Who dies after that has bought nothing else: the next one
draws the same label with the same number.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from oms.reading import fetch_objects
from oms.writing import update_rows
from orders.actions.shipping.choosing import strike_choice
from orders.actions.shipping.reaching import describe_ask, reach_house
from orders.actions.shipping.recording import postpone, record_bought, record_returned
from orders.carriers.house import HouseCarrier
from orders.carriers.port import Bought, CarrierRefused, LabelAsk
from orders.models import CarrierAccount, Label

log = logging.getLogger(__name__)

AT_ONCE = 200
LEASE = timedelta(minutes=1)
"""A batch takes a second or two and asks nobody: what a dead worker had is soon another one's."""

_DUE = """
WHERE id IN (
    SELECT l.id FROM orders_label l
    WHERE l.state IN ('WANTED', 'VOIDING') AND l.account_id = %s AND l.run_after <= %s
      AND (l.leased_until IS NULL OR l.leased_until <= %s)
    ORDER BY l.run_after, l.id LIMIT %s FOR NO KEY UPDATE SKIP LOCKED
)
ORDER BY id
"""


def work_off_house(account: CarrierAccount, *, at: datetime, limit: int) -> int:
    """Buy and take back what is due of one house account, in batches; how many labels were looked at."""
    done = 0
    while done < limit and (labels := _work_off_batch(account, at=at, limit=min(AT_ONCE, limit - done))):
        done += labels
    return done


def _work_off_batch(account: CarrierAccount, *, at: datetime, limit: int) -> int:
    carrier, by = reach_house(account), f"carrier:{account.code}"
    labels = lease_house_labels(account, carrier, at=at, limit=limit)
    leases = {label.pk: label.lease for label in labels}
    ending = {label.pk for label in labels if label.state == Label.State.VOIDING}
    if ending:
        record_returned(ending, {pk: leases[pk] for pk in ending}, by=by, at=at)
    bought = _draw_all(carrier, [label for label in labels if label.pk not in ending], by=by, at=at)
    if bought:
        record_bought(bought, {pk: leases[pk] for pk in bought}, by=by, at=at)
    return len(labels)


@transaction.atomic
def lease_house_labels(account: CarrierAccount, carrier: HouseCarrier, *, at: datetime, limit: int) -> list[Label]:
    """Take some, so that nobody else takes them too, each with its number."""
    labels = fetch_objects(Label, _DUE, [account.pk, at, at, limit])
    for label in labels:
        label.lease += 1
        label.attempts += 1
        label.leased_until = at + LEASE
    nameless = [label for label in labels if label.state == Label.State.WANTED and not label.reference]
    nameless = nameless if account.active else []
    _number(carrier, nameless)
    update_rows(labels, ["lease", "attempts", "leased_until", "reference"])
    return labels


def _number(carrier: HouseCarrier, labels: Sequence[Label]) -> None:
    """Who cannot have a number, or not be read, keeps none: it is refused, or tried again, when it is drawn."""
    asks = {label.pk: ask for label in labels if (ask := _read_ask(label)) and carrier.has_numbers_for(ask)}
    numbers = dict(zip(asks, carrier.prepare_all(list(asks.values())), strict=True))
    for label in labels:
        label.reference = numbers.get(label.pk, "")


def _read_ask(label: Label) -> LabelAsk | None:
    try:
        return describe_ask(label)
    except (TypeError, KeyError, ValueError):
        return None


def _draw_all(carrier: HouseCarrier, labels: Sequence[Label], *, by: str, at: datetime) -> dict[int, Bought]:
    """The labels that could be drawn, by id; the others are refused, or tried again later."""
    bought: dict[int, Bought] = {}
    for label in labels:
        try:
            bought[label.pk] = carrier.buy(describe_ask(label))
        except CarrierRefused as refusal:
            strike_choice(label, refusal.sentence, by=by, at=at)
        except Exception as error:  # one label that cannot be drawn must not stop the others
            log.exception("Label %s could not be drawn.", label.pk)
            postpone(label, f"It could not be drawn ({type(error).__name__}).", at=at)
    return bought
