"""Buying labels, and giving them back: outside of any transaction, after what is asked was written down.

A worker leases a label, has the carrier prepare the purchase, writes the carrier's reference on the label, and only
then buys under it. Should it die at any of these steps, the next one asks what became of that reference first: so a
label is paid for once. Carriers take their time, so theirs go one by one; the house's go in batches.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from orders.actions.shipping.choosing import shop_live, strike_choice
from orders.actions.shipping.house_batches import work_off_house
from orders.actions.shipping.reaching import describe_ask, reach_carrier
from orders.actions.shipping.recording import (
    LEASE,
    pause_account,
    postpone,
    record_bought,
    record_kept,
    record_returned,
)
from orders.carriers.port import Bought, CarrierBusy, CarrierError, CarrierRefused, Voided
from orders.models import CarrierAccount, Label

log = logging.getLogger(__name__)

House = CarrierAccount.Kind.HOUSE

REST = timedelta(seconds=30)
"""A carrier that does not answer is left in peace for so long, whatever waits for it."""
LOOK_AGAIN = timedelta(hours=6)
"""A carrier that looks whether a label was used takes days, or weeks."""
SWITCH_AFTER = 4
"""So often a carrier may keep silent before somebody else is asked, if nothing can have been bought."""


def buy_due_labels(*, at: datetime, limit: int = 1000) -> int:
    """Work off what waits for carriers; how many labels were looked at. Must run outside of a transaction."""
    houses = list(CarrierAccount.objects.filter(kind=House))
    done = sum(work_off_house(account, at=at, limit=limit) for account in houses)
    asked = 0
    while done + asked < limit and (label := lease_next(at=at)):
        asked += 1
        work_off(label, at=at)
    if asked:  # what was shopped for may have been given to the house
        done += sum(work_off_house(account, at=at, limit=limit) for account in houses)
    return done + asked


@transaction.atomic
def lease_next(*, at: datetime) -> Label | None:
    """The label that has waited longest for an outside carrier, so taken that nobody else takes it too."""
    free = Q(leased_until=None) | Q(leased_until__lte=at)
    reachable = Q(account__paused_until=None) | Q(account__paused_until__lte=at)
    outside = ~Q(account__kind=House) & reachable
    due = Label.objects.filter(free, Q(account=None) | outside, state__in=["WANTED", "VOIDING"], run_after__lte=at)
    rows = due.order_by("run_after", "id").select_for_update(skip_locked=True, of=("self",), no_key=True)
    label = rows.select_related("account").first()
    if label is None:
        return None
    label.lease, label.attempts, label.leased_until = label.lease + 1, label.attempts + 1, at + LEASE
    label.save(update_fields=["lease", "attempts", "leased_until"])
    return label


def work_off(label: Label, *, at: datetime) -> None:
    """Take a leased label as far as it goes."""
    try:
        if label.state == Label.State.VOIDING:
            _give_back(label, at=at)
        elif label.account is None:
            shop_live(label, at=at)
        else:
            _buy(label, at=at)
    except CarrierError as trouble:
        _wait(label, trouble, at=at)
    except Exception as error:  # whatever it was, it must be seen and tried again, and not stop the others
        log.exception("Label %s could not be worked off.", label.pk)
        postpone(label, f"Something broke here ({type(error).__name__}).", at=at)


def _buy(label: Label, *, at: datetime) -> None:
    """Raises:
    CarrierBusy, CarrierUnavailable.
    """
    account = label.account
    assert account is not None
    by = f"carrier:{account.code}"
    if not account.active and not label.reference:
        strike_choice(label, f"{account.name} is not used any more.", by=by, at=at)
        return
    carrier = reach_carrier(account)
    try:
        if bought := _find(label):
            _record(label, bought, by=by, at=at)
            return
        if not label.reference and not _keep_reference(label, carrier.prepare(describe_ask(label))):
            return
        bought = carrier.buy(describe_ask(label))
    except CarrierRefused as refusal:
        strike_choice(label, refusal.sentence, by=by, at=at)
    else:
        _record(label, bought, by=by, at=at)


def _find(label: Label) -> Bought | None:
    """What an earlier worker bought without being able to say so."""
    if not label.reference or label.account is None:
        return None
    return reach_carrier(label.account).find(describe_ask(label))


def _record(label: Label, bought: Bought, *, by: str, at: datetime) -> None:
    record_bought({label.pk: bought}, {label.pk: label.lease}, by=by, at=at)


def _keep_reference(label: Label, reference: str) -> bool:
    """From here on it may have been bought, for all that the next worker knows. False: the lease is somebody else's, or
    the label is not wanted any more.
    """
    ours = Label.objects.filter(pk=label.pk, lease=label.lease, state=Label.State.WANTED)
    if not ours.update(reference=reference, doubtful=True):
        Label.objects.filter(pk=label.pk, lease=label.lease).update(leased_until=None)
        return False
    label.reference, label.doubtful = reference, True
    return True


def _give_back(label: Label, *, at: datetime) -> None:
    """Raises:
    CarrierBusy, CarrierUnavailable.
    """
    by = f"carrier:{label.account.code}" if label.account else "system"
    if label.bought_at is None:
        if bought := _find(label):
            _record(label, bought, by=by, at=at)  # its turn to be given back comes next
        else:
            record_returned({label.pk}, {label.pk: label.lease}, by=by, at=at)
        return
    assert label.account is not None
    try:
        answer = reach_carrier(label.account).void(label.reference)
    except CarrierRefused as refusal:
        record_kept(label.pk, label.lease, refusal.sentence, by=by, at=at)
        return
    if answer == Voided.DONE:
        record_returned({label.pk}, {label.pk: label.lease}, by=by, at=at)
    else:
        postpone(label, "", at=at, least=LOOK_AGAIN.total_seconds())


def _wait(label: Label, trouble: CarrierError, *, at: datetime) -> None:
    """Later again; and where nothing can have been bought, after a while of somebody else."""
    least = trouble.retry_after if isinstance(trouble, CarrierBusy) else 0.0
    if label.account:
        pause_account(label.account, until=at + max(REST, timedelta(seconds=least)))
    others = [rate for rate in label.rates if not rate["chosen"] and rate["cost"] is not None]
    may_switch = label.state == Label.State.WANTED and not label.reference and others
    if may_switch and not least and label.attempts >= SWITCH_AFTER:
        strike_choice(label, trouble.sentence, by="system", at=at)
        return
    postpone(label, trouble.sentence, at=at, least=least)
