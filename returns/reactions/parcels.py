"""What follows for parcels: prepared when a return is approved, taken back when it ends, moved when carriers say so."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from orders.return_label_events import ReturnLabelBought, ReturnParcelMoved
from returns.actions.labelling_back import attach_label
from returns.actions.locking import lock_return
from returns.actions.scanning import Scan, record_scan
from returns.actions.sending_back import prepare_parcel, withdraw_parcels
from returns.events import ReturnApproved, ReturnCanceled, ReturnClosed
from returns.models import Return

Ended = ReturnCanceled | ReturnClosed


def prepare_approved(told: Sequence[ReturnApproved]) -> None:
    """Where it goes is decided, and a label is wanted where one was promised. One that has one is left alone."""
    for event in told:
        with transaction.atomic():
            prepare_parcel(lock_return(event.subject), by="system", at=event.at)


def withdraw_ended(told: Sequence[Ended]) -> None:
    """Labels that nobody used go back to their carriers. One that was opened again meanwhile keeps what it has."""
    for event in told:
        if not Return.objects.underway().filter(number=event.subject).exists():
            withdraw_parcels(number=event.subject, by="system", at=event.at)


def attach_labels(told: Sequence[ReturnLabelBought]) -> None:
    for event in told:
        attach_label(number=event.facts["return"], label_id=event.facts["label"], by=event.by, at=event.at)


def move_parcels(told: Sequence[ReturnParcelMoved]) -> None:
    for event in told:
        facts = event.facts
        scan = Scan(
            id=facts["report"],
            status=facts["status"],
            at=datetime.fromisoformat(facts["at"]),
            place=facts["place"],
            description=facts["description"],
        )
        record_scan(number=facts["return"], label=facts["label"], scans=[scan], by=event.by, at=event.at)
