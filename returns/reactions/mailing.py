"""Mails to customers about their returns, one at each step: each is told once, whatever is repeated."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial

from django.db.models import QuerySet

from oms.events import Event
from oms.mailing import Letter
from orders.actions.telling import Note, tell_customer
from returns.events import (
    PhotoAsked,
    ReturnApproved,
    ReturnCanceled,
    ReturnInspected,
    ReturnParcelReady,
    ReturnReceived,
    ReturnRefused,
    ReturnRequested,
    ReturnRunningOut,
    ReturnSettled,
    WithdrawalAcknowledged,
)
from returns.models import Return, ReturnItem, Settlement, Withdrawal
from returns.wording.letters.asking import (
    write_approved,
    write_canceled,
    write_expiring,
    write_photo_asked,
    write_ready,
    write_refused,
    write_requested,
    write_withdrawal,
)
from returns.wording.letters.settling import write_received, write_rejected, write_settled
from returns.wording.letters.withdrawing import write_left
from returns.wording.words import name_customer

Status = Return.Status
SOON = timedelta(minutes=10)
"""By then a label that is bought at once is there."""
Writer = Callable[[Return, Sequence[ReturnItem]], Letter]


def mail_return_requested(told: Sequence[ReturnRequested]) -> None:
    """Where a person decides; a decision that was made at once is told by itself."""
    for event in told:
        found = _find(event)
        if found and found.status == Status.REQUESTED:
            _tell(found, write_requested, kind="return_requested", event=event)


def mail_photo_asked(told: Sequence[PhotoAsked]) -> None:
    """As long as nobody has decided."""
    for event in told:
        found = _find(event)
        if found and found.status == Status.REQUESTED:
            write = partial(write_photo_asked, show=event.facts["show"], detail=event.facts["detail"])
            _tell(found, write, kind="return_photo_asked", event=event, again=True)


def mail_withdrawal(told: Sequence[WithdrawalAcknowledged]) -> None:
    """Its receipt; where it was declared, and acknowledged, before the goods left: that they left all the same."""
    for event in told:
        if found := _find(event):
            declared = Withdrawal.objects.filter(of=found).first()
            write = partial(write_withdrawal, name=name_customer(found.order))
            if declared is not None:
                write = partial(write_left, declared)
            _tell(found, write, kind="withdrawal", event=event)


def mail_return_approved(told: Sequence[ReturnApproved]) -> None:
    """As long as there is something to send: whoever brought it at once needs no advice."""
    for event in told:
        found = _find(event)
        if found and found.status == Status.OPEN and found.moved_at is None:
            _tell(found, write_approved, kind="return_approved", event=event, again=True)


def mail_parcel_ready(told: Sequence[ReturnParcelReady]) -> None:
    """Only where it took its time: mostly the mail of the approval leads to a page that has the label already."""
    for event in told:
        found = _find(event)
        if found is None or found.status != Status.OPEN or found.moved_at or found.decided_at is None:
            continue
        if event.at - found.decided_at > SOON:
            _tell(found, write_ready, kind="return_ready", event=event)


def mail_running_out(told: Sequence[ReturnRunningOut]) -> None:
    """As long as nothing is on its way."""
    for event in told:
        found = _find(event)
        if found and found.status == Status.OPEN and found.moved_at is None and found.expires_at:
            _tell(found, write_expiring, kind="return_running_out", event=event)


def mail_return_refused(told: Sequence[ReturnRefused]) -> None:
    for event in told:
        found = _find(event)
        if found and found.status == Status.DECLINED:
            _tell(found, write_refused, kind="return_refused", event=event, again=True)


def mail_return_canceled(told: Sequence[ReturnCanceled]) -> None:
    for event in told:
        if found := _find(event):
            _tell(found, partial(write_canceled, own=event.by == "customer"), kind="return_canceled", event=event)


def mail_return_received(told: Sequence[ReturnReceived]) -> None:
    """The first parcel of it; where everything was settled with it, that tells enough."""
    for event in told:
        found = _find(event)
        if found and found.status == Status.OPEN:
            _tell(found, write_received, kind="return_received", event=event)


def mail_return_rejected(told: Sequence[ReturnInspected]) -> None:
    for event in told:
        named = [item.get("item") for item in event.facts.get("items", ())]
        found = _find(event)
        rejected = _items(found).filter(id__in=named, acceptance=ReturnItem.Acceptance.REJECTED) if found else ()
        if found and rejected:
            key = f"return.{found.number}.rejected.{min(item.pk for item in rejected)}"
            write = partial(write_rejected, found, list(rejected))
            _post(found, key=key, kind="return_rejected", write=write, event=event)


def mail_return_settled(told: Sequence[ReturnSettled]) -> None:
    for event in told:
        settlement = Settlement.objects.select_related("order").filter(id=event.facts["settlement"]).first()
        found = _find(event)
        if found and settlement and settlement.of_id == found.pk:
            items = list(_items(found).filter(settlement=settlement))
            write = partial(write_settled, found, settlement, items)
            _post(found, key=f"settled.{settlement.pk}", kind="return_settled", write=write, event=event)


def _tell(found: Return, write: Writer, *, kind: str, event: Event, again: bool = False) -> None:
    """`again`: it can happen to a return more than once, each time anew."""
    key = f"{kind}.{found.number}" + (f".{event.at.timestamp():.0f}" if again else "")
    _post(found, key=key, kind=kind, write=partial(write, found, list(_items(found))), event=event)


def _post(found: Return, *, key: str, kind: str, write: Callable[[], Letter], event: Event) -> None:
    note = Note(key=key, kind=kind, write=lambda order: write())
    tell_customer(found.order, note, at=event.at)


def _find(event: Event) -> Return | None:
    related = ("order__channel", "order__customer", "order__shipping_address", "node__warehouse")
    return Return.objects.select_related(*related).filter(number=event.subject).first()


def _items(found: Return) -> QuerySet[ReturnItem]:
    return found.items.select_related("of__order", "line__variant", "exchange_variant").filter(line__isnull=False)
