"""Living the wishes: edits asked, decided on, paid, or left until their time is over, all by the product's actions."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from config.demo.living import Act, Stage
from config.demo.stories import Story
from config.demo.wishes import Wish
from oms.errors import Refused
from orders.actions.edits.approving import approve_edit, decline_edit, expire_edits
from orders.actions.edits.editing import edit_order
from orders.actions.money.paying import Receipt, record_payment
from orders.models import Edit, Order

DESK = "staff:jonas"
LATER = timedelta(seconds=7)
"""How long after its end a deadline is noticed."""


def list_edit_acts(stage: Stage, stories: Sequence[Story], *, now: datetime) -> Iterator[Act]:
    """None of them later than now."""
    acts = (act for story in stories for wish in story.life.wishes for act in _acts_of(stage, story, wish))
    return (act for act in acts if act.at <= now)


def _acts_of(stage: Stage, story: Story, wish: Wish) -> Iterator[Act]:
    yield Act(wish.at, partial(_ask, stage, story, wish))
    if wish.decided_at:
        yield Act(wish.decided_at, partial(_decide, stage, story, wish))
    if wish.paid_at:
        yield Act(wish.paid_at, partial(_pay, stage, story))
    yield Act(wish.at + story.sale.shop.payment_time + LATER, _expire)


def _ask(stage: Stage, story: Story, wish: Wish, at: datetime) -> None:
    """On some days the SKU has just run low: then the customer hears no, like any other."""
    number = stage.numbers[story.sale.number]
    operations = wish.wanted(Order.objects.select_related("shipping_address").get(number=number))
    with suppress(Refused):
        edit_order(number=number, operations=operations, actor=wish.actor, by=wish.by, at=at)


def _decide(stage: Stage, story: Story, wish: Wish, at: datetime) -> None:
    decide = approve_edit if wish.decision == "approve" else decline_edit
    if edit := _open_edit(stage, story):
        decide(edit_id=edit.pk, note=wish.note, by=DESK, at=at)


def _pay(stage: Stage, story: Story, at: datetime) -> None:
    """The customer pays what the edit costs more."""
    edit = _open_edit(stage, story)
    checkout = edit.checkouts.first() if edit else None
    if checkout is None:
        return
    receipt = Receipt(
        amount=checkout.amount,
        currency=checkout.currency,
        gateway=checkout.gateway,
        reference=f"edit-{story.sale.number}",
    )
    record_payment(number=stage.numbers[story.sale.number], receipt=receipt, by=f"gateway:{checkout.gateway}", at=at)


def _open_edit(stage: Stage, story: Story) -> Edit | None:
    return Edit.objects.open().filter(order__number=stage.numbers[story.sale.number]).first()


def _expire(at: datetime) -> None:
    expire_edits(at=at)
