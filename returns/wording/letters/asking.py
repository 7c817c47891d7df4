"""Letters of a return's beginning: asked for, approved, declined, canceled, about to run out; and the receipt of a
withdrawal."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext

from oms.mailing import Letter
from oms.portal.zones import name_zone
from oms.templatetags.portal import say_amount, say_day
from orders.wording.letters.parts import link_note
from returns.choices import Method, PhotoOf
from returns.models import Return, ReturnItem
from returns.queries.prospects import foresee_sums
from returns.wording.letters.parts import list_items, name_number, open_page
from returns.wording.nexts import say_kept
from returns.wording.refusals import explain_refusal
from returns.wording.sums import describe_sums
from returns.wording.todo import list_todo
from returns.wording.words import name_way, say_exactly

Items = Sequence[ReturnItem]


def write_requested(return_: Return, items: Items) -> Letter:
    """A person decides."""
    claim = return_.kind == Return.Kind.CLAIM
    subject = gettext("We have your claim %(number)s") if claim else gettext("We have your return %(number)s")
    return Letter(
        subject=subject % name_number(return_),
        headline=gettext("We have what you told us") if claim else gettext("Your return is with us"),
        paragraphs=[gettext("We look at it and write to you. Keep the goods until then.")],
        goods=list_items(items),
        deed=open_page(return_),
        closing=[link_note()],
    )


def write_photo_asked(return_: Return, items: Items, *, show: str, detail: str) -> Letter:
    """Somebody wants to see it first. The page takes the photo, and so does an answer to the mail."""
    shown = {
        PhotoOf.FAULT: gettext("Please send us a photo of the whole item, and one of the fault from close up."),
        PhotoOf.LABEL: gettext("Please send us a photo of the label with size and article number."),
        PhotoOf.PARCEL: gettext("Please send us a photo of the parcel as it arrived, with the label of the carrier."),
    }
    return Letter(
        subject=gettext("Return %(number)s: please send us a photo") % name_number(return_),
        headline=gettext("Please show it to us"),
        paragraphs=[
            *filter(None, [shown.get(PhotoOf(show)), detail]),
            gettext("Add it on the page of your return, or answer this mail with it. We decide once we have seen it."),
        ],
        goods=list_items(items),
        deed=open_page(return_),
        closing=[link_note()],
    )


def write_approved(return_: Return, items: Items) -> Letter:
    """What to do now, step by step."""
    if return_.method == Method.KEEP_IT:
        return _write_kept(return_, items)
    words = {
        Method.PREPAID_LABEL: gettext("Print the label"),
        Method.QR_DROP_OFF: gettext("Show the QR code"),
        Method.OWN_CARRIER: gettext("Tell us the tracking number"),
    }
    figures = [(gettext("Return number"), return_.number), (gettext("Way back"), name_way(return_.method))]
    if return_.expires_at:
        figures.append((gettext("Send it by"), say_day(return_.expires_at - timedelta(microseconds=1))))
    sums = describe_sums(foresee_sums(return_, items), [item.resolution for item in items])
    figures += [(each.name, say_amount(each.amount, return_.order.currency)) for each in sums]
    return Letter(
        subject=gettext("Return %(number)s: how to send it back") % name_number(return_),
        headline=gettext("Your return is approved"),
        paragraphs=[gettext("Here is what comes back, and what you do now.")],
        points=list_todo(return_),
        goods=list_items(items),
        figures=figures,
        sum_up=True,
        deed=open_page(return_, words.get(Method(return_.method), "")),
        closing=[link_note()],
    )


def write_ready(return_: Return, items: Items) -> Letter:
    """The label, or the code, came later than the approval."""
    return Letter(
        subject=gettext("Return %(number)s: now you can send it") % name_number(return_),
        headline=gettext("Everything is ready for sending it"),
        paragraphs=[gettext("What you need stands on the page of your return:")],
        points=list_todo(return_),
        goods=list_items(items, with_value=False),
        deed=open_page(return_),
        closing=[link_note()],
    )


def _write_kept(return_: Return, items: Items) -> Letter:
    return Letter(
        subject=gettext("Return %(number)s: you may keep it") % name_number(return_),
        headline=gettext("You may keep it"),
        paragraphs=[gettext("You do not need to send it back. We settle it now and write to you once that is done.")],
        goods=list_items(items),
        deed=open_page(return_),
        closing=[link_note()],
    )


def write_refused(return_: Return, items: Items) -> Letter:
    """With why, and what can be done about it."""
    why = explain_refusal(return_) or gettext("Our team looked at it and could not accept it.")
    return Letter(
        subject=gettext("We cannot take back return %(number)s") % name_number(return_),
        headline=gettext("We cannot take this back"),
        preview=why,
        paragraphs=[why, gettext("Please do not send anything. Do you see it differently? Then write to us.")],
        goods=list_items(items, with_value=False),
        deed=open_page(return_),
        closing=[gettext("Rights that the law gives you are not touched by this."), link_note()],
    )


def write_canceled(return_: Return, items: Items, *, own: bool) -> Letter:
    return Letter(
        subject=gettext("Return %(number)s was canceled") % name_number(return_),
        headline=gettext("Your return was canceled"),
        paragraphs=[
            gettext("As you asked, we do not expect anything any more.")
            if own
            else gettext("We do not expect anything any more. You do not know why? Write to us."),
            say_kept(return_),
        ],
        goods=list_items(items, with_value=False),
        deed=open_page(return_),
        closing=[link_note()],
    )


def write_expiring(return_: Return, items: Items) -> Letter:
    """Nothing was sent yet, and soon it is too late."""
    day = say_day(return_.expires_at - timedelta(microseconds=1)) if return_.expires_at else ""
    return Letter(
        subject=gettext("Return %(number)s runs out on %(day)s") % {**name_number(return_), "day": day},
        headline=gettext("Are you still sending it?"),
        paragraphs=[
            gettext("We have not seen your parcel yet. Send it by %(day)s; after that the return is closed.")
            % {"day": day},
            gettext("You keep the goods after all? Then there is nothing you need to do."),
        ],
        points=list_todo(return_),
        goods=list_items(items),
        deed=open_page(return_),
        closing=[gettext("You have sent it already? Then this mail and your parcel have crossed."), link_note()],
    )


def write_withdrawal(return_: Return, items: Items, *, name: str) -> Letter:
    """The acknowledgement of receipt that Directive 2011/83/EU, article 11a(4), asks for: the content of the statement,
    with date and time, on a durable medium."""
    order = return_.order
    withdrawn_at: datetime = return_.withdrawn_at or return_.requested_at
    moment = {"at": say_exactly(withdrawn_at), "zone": name_zone()}
    stated = gettext("I withdraw from the contract of order %(order)s, placed on %(day)s, for the following goods:")
    figures = [
        (gettext("Received on"), gettext("%(at)s (%(zone)s)") % moment),
        (gettext("Contract"), gettext("Order %(order)s") % name_number(return_)),
        (gettext("Name"), name),
        (gettext("Acknowledged to"), order.email),
        (gettext("Return number"), return_.number),
    ]
    return Letter(
        subject=gettext("We have received your withdrawal: order %(order)s") % name_number(return_),
        headline=gettext("We have received your withdrawal"),
        paragraphs=[
            gettext("This is the acknowledgement of your withdrawal. Keep this mail. You declared:"),
            f"“{stated % {**name_number(return_), 'day': say_day(order.placed_at)}}”",
        ],
        goods=list_items(items, with_value=False),
        figures=[(label, said) for label, said in figures if said],
        deed=open_page(return_),
        closing=[
            gettext("Send the goods back within 14 days. How that is done we tell you in another mail."),
            link_note(),
        ],
    )
