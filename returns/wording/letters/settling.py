"""Letters about what came back: it is here, what it brought, and what could not be accepted."""

from collections.abc import Sequence

from django.utils.translation import gettext

from oms.mailing import Letter
from oms.templatetags.portal import say_amount
from orders.wording.letters.parts import link_note
from returns.choices import Resolution
from returns.models import Advance, Return, ReturnItem, Settlement
from returns.wording.advances import say_advance
from returns.wording.findings import say_finding
from returns.wording.letters.parts import list_items, name_number, open_page
from returns.wording.sums import name_total

Items = Sequence[ReturnItem]


def write_received(return_: Return, items: Items) -> Letter:
    return Letter(
        subject=gettext("Your return %(number)s is here") % name_number(return_),
        headline=gettext("We have received your parcel"),
        paragraphs=[gettext("We check it and write to you. That takes a day or two.")],
        goods=list_items(items, with_value=False),
        deed=open_page(return_),
        closing=[link_note()],
    )


def write_settled(return_: Return, settlement: Settlement, items: Items) -> Letter:
    """With its sums, from what the goods cost to what was given."""
    headline, then = _say_remedy(settlement)
    advance = Advance.objects.filter(settlement=settlement).first() if settlement.advanced else None
    currency = settlement.currency
    total = settlement.given + settlement.bonus
    parts = [
        (gettext("Value of the items"), settlement.value),
        (gettext("Shipping, given back"), settlement.shipping),
        (gettext("Fees"), -settlement.fees),
        (gettext("Bonus on store credit"), settlement.bonus),
    ]
    named = [(name, say_amount(amount, currency)) for name, amount in parts if amount]
    brought = [(name_total({settlement.remedy}), say_amount(total, currency))] if total else []
    return Letter(
        subject=_name_subject(settlement) % {**name_number(return_), "amount": say_amount(total, currency)},
        headline=headline,
        preview=then,
        paragraphs=[each for each in (then, say_advance(advance) if advance else "") if each],
        goods=list_items(items, with_value=bool(total)),
        figures=[*(named if len(named) > 1 else []), *brought],
        sum_up=True,
        deed=open_page(return_),
        closing=[link_note()],
    )


def _name_subject(settlement: Settlement) -> str:
    return {
        Resolution.REFUND: gettext("%(amount)s goes back to you: return %(number)s"),
        Resolution.STORE_CREDIT: gettext("%(amount)s of store credit: return %(number)s"),
        Resolution.EXCHANGE: gettext("Your exchange is arranged: return %(number)s"),
        Resolution.REPLACEMENT: gettext("Your replacement is arranged: return %(number)s"),
    }[Resolution(settlement.remedy)]


def _say_remedy(settlement: Settlement) -> tuple[str, str]:
    order = {"order": settlement.order.number if settlement.order else ""}
    return {
        Resolution.REFUND: (
            gettext("Your money is on its way back"),
            gettext("It goes back the way you paid. With most banks that takes three to five working days."),
        ),
        Resolution.STORE_CREDIT: (
            gettext("Your store credit is there"),
            gettext("You can spend it at once, in our shop and at our tills."),
        ),
        Resolution.EXCHANGE: (
            gettext("Your exchange is arranged"),
            gettext("What you chose instead comes with order %(order)s.") % order if order["order"] else "",
        ),
        Resolution.REPLACEMENT: (
            gettext("A new one is on its way to you"),
            gettext("It comes with order %(order)s, free of charge.") % order if order["order"] else "",
        ),
    }[Resolution(settlement.remedy)]


def write_rejected(return_: Return, items: Items) -> Letter:
    """What was looked at and could not be accepted."""
    found = [said for item in items if (said := say_finding(item))]
    return Letter(
        subject=gettext("About your return %(number)s") % name_number(return_),
        headline=gettext("We could not accept all that came back"),
        paragraphs=[gettext("We have looked at it, and nothing can be given for this:")],
        goods=list_items(items, with_value=False),
        points=list(dict.fromkeys(found)),
        deed=open_page(return_),
        closing=[gettext("Do you see it differently? Then write to us."), link_note()],
    )
