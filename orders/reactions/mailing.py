"""Mails to customers: what they asked for, what has changed, what is waited for. Test orders get none."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext

from oms.events import Event
from oms.mailing import Letter, send_letter, speaking_to
from oms.models import EventRecord
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_amount, say_clock, say_moment
from orders.actions.admitting import CODE_LASTS, spell_code
from orders.actions.confirming import is_to_be_confirmed
from orders.events import CodeAsked, EditEnded, EditRequested, OrderConfirmed, OrderEdited, WindowEnded
from orders.models import Edit, Hold, Order, PortalCode
from orders.queries.portal_links import make_link
from orders.wording.changes import describe_edit
from orders.wording.windows import say_ended, was_never_open

Writer = Callable[[Order], Letter]


def mail_code(told: Sequence[CodeAsked]) -> None:
    """The digits, to the order's own address; nothing where number and e-mail fitted no order, or it is too late."""
    for event in told:
        code = PortalCode.objects.select_related("order").filter(handle=event.subject, used_at=None).first()
        if code is None or code.order is None or code.expires_at <= timezone.now():
            continue
        digits = spell_code(code.handle)
        _send(code.order, f"code.{code.handle}", partial(_write_code, digits=digits))


def mail_confirmation(told: Sequence[OrderConfirmed]) -> None:
    for event in told:
        if order := _find(event):
            _send(order, f"confirmation.{order.number}", partial(_write_confirmation, at=event.at))


def mail_edit_requested(told: Sequence[EditRequested]) -> None:
    """What is waited for, as long as it still is."""
    for event in told:
        edit = _find_edit(event)
        if edit and edit.state == event.facts["state"]:
            write = _write_payment if edit.state == Edit.State.AWAITING_PAYMENT else _write_approval
            _send(edit.order, f"edit.{edit.pk}.{edit.state}", partial(write, edit=edit))


def mail_edited(told: Sequence[OrderEdited]) -> None:
    for event in told:
        if edit := _find_edit(event):
            _send(edit.order, f"edit.{edit.pk}.done", partial(_write_done, edit=edit))
            _part_from_address(edit, event)


def mail_edit_ended(told: Sequence[EditEnded]) -> None:
    """Who took a change back knows it."""
    for event in told:
        edit = _find_edit(event)
        if edit and edit.state in (Edit.State.DECLINED, Edit.State.EXPIRED, Edit.State.SUPERSEDED):
            _send(edit.order, f"edit.{edit.pk}.ended", partial(_write_ended, edit=edit))


def mail_window_ended(told: Sequence[WindowEnded]) -> None:
    """Only where stock ended it: every other end was expected, or told already. What ended before the confirmation is
    told by that: two mails in a minute would say one thing.
    """
    for event in told:
        order = _find(event) if event.facts.get("code") == "low_stock" else None
        if order and not _confirmation_tells(order, event):
            _send(order, f"window.{order.number}", partial(_write_window_ended, event=event))


def _confirmation_tells(order: Order, event: Event) -> bool:
    record = EventRecord.objects.filter(subject_kind="order", subject=order.number, type=OrderConfirmed.type).first()
    return record.at >= event.at if record else is_to_be_confirmed(order, at=timezone.now())


def _send(order: Order, key: str, write: Writer) -> None:
    if order.test or not order.email:
        return
    with speaking_to(order.locale, country=order.country):
        send_letter(write(order), to=order.email, key=key)


def _part_from_address(edit: Edit, event: OrderEdited) -> None:
    """Where the customer's own change moved the order's mail: who did not ask for that learns of it.

    The letter says nothing of the order and bears no link, for the former address may be somebody else's by now.
    """
    order, former = edit.order, event.facts.get("changes", {}).get("email", {}).get("before", "")
    if not former or edit.actor != Edit.Actor.CUSTOMER or order.test:
        return
    with speaking_to(order.locale, country=order.country):
        letter = Letter(
            subject=gettext("Another e-mail address for order %(number)s") % {"number": order.number},
            headline=gettext("Your order has another e-mail address"),
            paragraphs=[gettext("All further news of it goes there. This was our last mail to this address.")],
            closing=[gettext("You did not ask for this? Write to us at once.")],
        )
        send_letter(letter, to=former, key=f"edit.{edit.pk}.former")


def _write_code(order: Order, digits: str) -> Letter:
    valid = gettext("Type it on the page where you asked for it. It is valid for %(n)s minutes.")
    return Letter(
        subject=gettext("%(code)s opens your order") % {"code": digits},
        headline=gettext("Your code"),
        paragraphs=[valid % {"n": int(CODE_LASTS.total_seconds() // 60)}],
        code=digits,
        closing=[gettext("You did not ask for it? Then do nothing; without this code nobody can see your order.")],
    )


def _write_confirmation(order: Order, at: datetime) -> Letter:
    """As of that moment."""
    window = order.holds.filter(reason=Hold.Reason.EDIT_WINDOW).order_by("-id").first()
    paragraphs = [gettext("We have your order %(number)s.") % {"number": order.number}]
    if window and window.closed_at is None and window.until and not window.staff_only:
        until = {"at": say_clock(window.until), "zone": name_zone()}
        paragraphs.append(
            gettext("You can change it until %(at)s (%(zone)s): address, sizes, quantities, or add something.") % until
        )
    if window and window.closed_at and window.closed_at <= at and window.closed_because.get("code") == "low_stock":
        why = say_ended(window.closed_because, _titles(order), at_once=was_never_open(window))
        paragraphs += [why, gettext("It cannot be changed online any more.")]
    lines = order.lines.order_by("position")
    return Letter(
        subject=gettext("Your order %(number)s") % {"number": order.number},
        headline=gettext("Thank you for your order"),
        paragraphs=paragraphs,
        points=[f"{line.quantity.normalize():f} × {line.title or line.sku}" for line in lines],
        figures=[(gettext("Total"), say_amount(order.total, order.currency))],
        deed=(gettext("See or change your order"), make_link(order)),
        closing=[_link_note()],
    )


def _write_payment(order: Order, edit: Edit) -> Letter:
    due = edit.checkouts.order_by("-id").first()
    amount = due.amount if due else max(edit.total_after - edit.total_before, Decimal(0))
    deadline = {"at": say_clock(edit.deadline), "zone": name_zone()} if edit.deadline else {"at": "", "zone": ""}
    return Letter(
        subject=gettext("Your change of order %(number)s waits for payment") % {"number": order.number},
        headline=gettext("One step is left: the payment"),
        paragraphs=[
            gettext("Paid by %(at)s (%(zone)s) your change is done. If not, your order stays as it was.") % deadline
        ],
        points=describe_edit(edit),
        figures=[(gettext("To pay"), say_amount(amount, edit.currency))],
        deed=(gettext("Go to the payment"), make_link(order)),
        closing=[_link_note()],
    )


def _write_approval(order: Order, edit: Edit) -> Letter:
    return Letter(
        subject=gettext("Your change of order %(number)s is with us") % {"number": order.number},
        headline=gettext("We look at your change"),
        paragraphs=[gettext("You hear from us soon. Until then your order stays as it was and does not leave.")],
        points=describe_edit(edit),
        deed=(gettext("See your order"), make_link(order)),
        closing=[_link_note()],
    )


def _write_done(order: Order, edit: Edit) -> Letter:
    own = edit.actor == Edit.Actor.CUSTOMER
    repaid = order.repayments.filter(edit=edit).values_list("amount", flat=True)
    figures = [(gettext("Total of the order"), say_amount(edit.total_after, edit.currency))]
    if repaid:
        figures.append((gettext("Goes back to you"), say_amount(sum(repaid, Decimal(0)), edit.currency)))
    return Letter(
        subject=gettext("Order %(number)s was changed") % {"number": order.number},
        headline=gettext("Your change is done") if own else gettext("We changed your order"),
        paragraphs=[gettext("This is what changed in order %(number)s:") % {"number": order.number}],
        points=describe_edit(edit),
        figures=figures,
        deed=(gettext("See your order"), make_link(order)),
        closing=[gettext("You did not ask for this? Write to us at once."), _link_note()],
    )


def _write_ended(order: Order, edit: Edit) -> Letter:
    headline, why = {
        Edit.State.DECLINED: (
            gettext("We could not make this change"),
            edit.note or gettext("Our team looked at it and could not do it."),
        ),
        Edit.State.EXPIRED: (
            gettext("The time for this change ran out"),
            gettext("It was not paid or decided in time. A payment that still arrives goes back to you by itself."),
        ),
    }.get(
        Edit.State(edit.state),
        (gettext("Another change came first"), gettext("Your order was changed elsewhere in the meantime.")),
    )
    return Letter(
        subject=gettext("Your change of order %(number)s was not made") % {"number": order.number},
        headline=headline,
        paragraphs=[why, gettext("Your order stays as it was:")],
        points=describe_edit(edit),
        deed=(gettext("See your order"), make_link(order)),
        closing=[_link_note()],
    )


def _write_window_ended(order: Order, event: Event) -> Letter:
    window = order.holds.filter(reason=Hold.Reason.EDIT_WINDOW, closed_at=event.at).order_by("-id").first()
    at_once = window is not None and was_never_open(window)
    ended = gettext("That was at %(at)s (%(zone)s). It cannot be changed online any more.")
    return Letter(
        subject=gettext("Order %(number)s is on its way to the warehouse") % {"number": order.number},
        headline=gettext("Your order left earlier than planned"),
        paragraphs=[
            say_ended(event.facts, _titles(order), at_once=at_once),
            ended % {"at": say_moment(event.at), "zone": name_zone()},
        ],
        deed=(gettext("See your order"), make_link(order)),
        closing=[_link_note()],
    )


def _titles(order: Order) -> dict[str, str]:
    return dict(order.lines.exclude(sku="").values_list("sku", "title"))


def _link_note() -> str:
    return gettext("The link opens your order without a password: do not pass this mail on.")


def _find(event: Event) -> Order | None:
    return Order.objects.select_related("channel").filter(number=event.subject).first()


def _find_edit(event: Event) -> Edit | None:
    return Edit.objects.select_related("order").filter(pk=event.facts["edit"]).first()
