"""Mails to customers about placing and changing: what they asked for, what has changed, what is waited for."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.utils import timezone

from oms.actions.posting import Envelope, post_letter
from oms.events import Event
from oms.mailing import speaking_to
from oms.models import EventRecord
from orders.actions.admitting import spell_code
from orders.actions.confirming import is_to_be_confirmed
from orders.actions.telling import Note, tell_customer
from orders.events import CodeAsked, EditEnded, EditRequested, OrderConfirmed, OrderEdited, WindowEnded
from orders.models import Edit, Order, PortalCode
from orders.wording.letters.editing import write_approval, write_done, write_ended, write_farewell, write_payment
from orders.wording.letters.placing import write_code, write_confirmation, write_window_ended


def mail_code(told: Sequence[CodeAsked]) -> None:
    """The digits, to the order's own address; nothing where number and e-mail fitted no order, or it is too late."""
    for event in told:
        codes = PortalCode.objects.select_related("order__channel")
        code = codes.filter(handle=event.subject, used_at=None).first()
        if code is None or code.order is None or code.expires_at <= timezone.now():
            continue
        write = partial(write_code, digits=spell_code(code.handle))
        note = Note(key=f"code.{code.handle}", kind="code", write=write, secret=True)
        tell_customer(code.order, note, at=event.at)


def mail_confirmation(told: Sequence[OrderConfirmed]) -> None:
    for event in told:
        if order := _find(event):
            write = partial(write_confirmation, at=event.at)
            tell_customer(
                order, Note(key=f"confirmation.{order.number}", kind="confirmation", write=write), at=event.at
            )


def mail_edit_requested(told: Sequence[EditRequested]) -> None:
    """What is waited for, as long as it still is."""
    for event in told:
        edit = _find_edit(event)
        if edit and edit.state == event.facts["state"]:
            pays = edit.state == Edit.State.AWAITING_PAYMENT
            write = partial(write_payment if pays else write_approval, edit=edit)
            kind = "edit_payment" if pays else "edit_approval"
            tell_customer(edit.order, Note(key=f"edit.{edit.pk}.{edit.state}", kind=kind, write=write), at=event.at)


def mail_edited(told: Sequence[OrderEdited]) -> None:
    for event in told:
        if edit := _find_edit(event):
            tell_customer(
                edit.order,
                Note(key=f"edit.{edit.pk}.done", kind="edited", write=partial(write_done, edit=edit)),
                at=event.at,
            )
            _part_from_address(edit, event, at=event.at)


def mail_edit_ended(told: Sequence[EditEnded]) -> None:
    """Who took a change back knows it."""
    for event in told:
        edit = _find_edit(event)
        if edit and edit.state in (Edit.State.DECLINED, Edit.State.EXPIRED, Edit.State.SUPERSEDED):
            tell_customer(
                edit.order,
                Note(key=f"edit.{edit.pk}.ended", kind="edit_ended", write=partial(write_ended, edit=edit)),
                at=event.at,
            )


def mail_window_ended(told: Sequence[WindowEnded]) -> None:
    """Only where stock ended it: every other end was expected, or told already. What ended before the confirmation is
    told by that: two mails in a minute would say one thing.
    """
    for event in told:
        order = _find(event) if event.facts.get("code") == "low_stock" else None
        if order and not _confirmation_tells(order, event):
            tell_customer(
                order,
                Note(key=f"window.{order.number}", kind="window_ended", write=partial(write_window_ended, event=event)),
                at=event.at,
            )


def _confirmation_tells(order: Order, event: Event) -> bool:
    record = EventRecord.objects.filter(subject_kind="order", subject=order.number, type=OrderConfirmed.type).first()
    return record.at >= event.at if record else is_to_be_confirmed(order, at=timezone.now())


def _part_from_address(edit: Edit, event: OrderEdited, *, at: datetime) -> None:
    """Where the customer's own change moved the order's mail: who did not ask for that learns of it."""
    order, former = edit.order, event.facts.get("changes", {}).get("email", {}).get("before", "")
    if not former or edit.actor != Edit.Actor.CUSTOMER or order.test:
        return
    key = f"edit.{edit.pk}.former"
    envelope = Envelope(key=key, kind="farewell", about_kind="order", about=order.number, to=former)
    with speaking_to(order.locale, country=order.country):
        post_letter(write_farewell(order), envelope, at=at)


def _find(event: Event) -> Order | None:
    return Order.objects.select_related("channel").filter(number=event.subject).first()


def _find_edit(event: Event) -> Edit | None:
    return Edit.objects.select_related("order__channel").filter(pk=event.facts["edit"]).first()
