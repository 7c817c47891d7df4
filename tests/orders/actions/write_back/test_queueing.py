from datetime import timedelta

import pytest

from orders.actions.cancelling import cancel_order
from orders.actions.holding import hold_order, lift_hold
from orders.actions.releasing import end_edit_window
from orders.actions.write_back.leasing import lease_next
from orders.actions.write_back.queueing import queue_due_releases
from orders.events import OrderCancelled, OrderEdited, OrderHeld
from orders.models import OrderLine, WriteBack, WriteBackTarget
from orders.reactions.write_back import tell_cancellations, tell_edits, tell_holds
from tests.make.moments import ADA, NOON, ONE_MINUTE
from tests.make.orders import channel, line, placed_order
from tests.make.snapshots import nothing_changes
from tests.make.statements import statements_made
from tests.make.stock import stocked_variant
from tests.make.write_backs import change_order, queued, state_of, target

pytestmark = pytest.mark.django_db

Kind, State = WriteBack.Kind, WriteBack.State


def edited(order, *, by=ADA, **facts) -> OrderEdited:
    return OrderEdited(subject=order.number, by=by, at=NOON, facts=facts)


def targets() -> list[tuple[str, str]]:
    return [(message.target.code, message.kind) for message in WriteBack.objects.order_by("id")]


def shopify(**fields) -> WriteBackTarget:
    return target("SHOPIFY", "https://shop.example", channel("web"), **fields)


def erp(**fields) -> WriteBackTarget:
    return target("PARTNER", "https://erp.example/hook", **({"code": "erp"} | fields))


def test_an_edit_is_told_to_the_orders_channel_and_to_partners_and_to_nobody_else():
    order = placed_order()
    shopify(), erp(), erp(code="other-erp", channel=channel("elsewhere")), erp(code="off", active=False)

    tell_edits([edited(order, changes={"line 1": "TEE-M-BLK"}, actor="STAFF")])

    assert targets() == [("shopify", Kind.EDIT), ("erp", Kind.EDIT)]
    message = WriteBack.objects.first()
    assert message.body["type"] == "order.edited"
    assert message.body["order"]["number"] == order.number
    assert message.body["changes"] == [{"changes": {"line 1": "TEE-M-BLK"}}]
    assert (message.sequence, message.state, message.run_after) == (1, State.WAITING, NOON)


def test_without_targets_nothing_is_queued():
    order = placed_order()

    with nothing_changes():
        tell_edits([edited(order)])


def test_the_same_edit_told_twice_is_queued_once():
    order = placed_order()
    shopify()
    edit = order.edits.create(
        state="COMMITTED", actor="STAFF", by=ADA, operations=[], plan={}, total_before=1, total_after=1,
        currency="EUR", base_version=1, asked_at=NOON, ended_at=NOON,
    )  # fmt: skip

    tell_edits([edited(order, edit=edit.pk), edited(order, edit=edit.pk)])

    assert targets() == [("shopify", Kind.EDIT)]
    assert WriteBack.objects.get().edit == edit


def test_queueing_takes_as_many_statements_for_five_targets_as_for_one():
    order = placed_order()
    erp()
    queued(order)
    with statements_made() as for_one:
        queued(order)
    for number in range(4):
        erp(code=f"erp-{number}")
    with statements_made() as for_five:
        assert len(queued(order)) == 5

    assert len(for_one) == len(for_five)


def test_a_newer_edit_makes_the_one_that_waits_needless_and_takes_its_changes_along():
    order = placed_order()
    shopify()
    (first,) = queued(order, changes=["one"])
    change_order(order, p1={"quantity": 2})

    (second,) = queued(order, changes=["two"], at=NOON + ONE_MINUTE)

    assert (state_of(first), state_of(second)) == (State.SUPERSEDED, State.WAITING)
    assert (second.sequence, second.body["changes"]) == (2, ["one", "two"])
    assert second.body["order"]["lines"][0]["quantity"] == 2


def test_an_edit_that_is_being_sent_is_not_taken_away():
    order = placed_order()
    shopify()
    (first,) = queued(order)
    assert lease_next(at=NOON) == first

    queued(order)

    assert state_of(first) == State.WAITING
    assert lease_next(at=NOON + ONE_MINUTE) is None  # the second waits for the first


def test_the_channel_that_cancelled_is_not_told_but_partners_are():
    order = placed_order()
    shopify(), erp()
    cancel_order(number=order.number, reason="", by=order.channel.actor, at=NOON)

    tell_cancellations([OrderCancelled(subject=order.number, by=order.channel.actor, at=NOON)])

    assert targets() == [("erp", Kind.CANCEL)]


def test_our_own_cancellation_replaces_every_change_that_waits_and_is_told_once():
    order = placed_order()
    shopify()
    (waiting,) = queued(order)
    cancel_order(number=order.number, reason="Changed her mind", by=ADA, at=NOON)
    told = OrderCancelled(subject=order.number, by=ADA, at=NOON, facts={"reason": "Changed her mind"})

    tell_cancellations([told, told])

    assert state_of(waiting) == State.SUPERSEDED
    assert targets() == [("shopify", Kind.EDIT), ("shopify", Kind.CANCEL)]
    assert WriteBack.objects.latest("id").body["order"]["cancel_reason"] == "Changed her mind"


def test_holds_are_told_once_to_channels_that_show_them():
    order = placed_order()
    shopify(), erp()
    hold_order(number=order.number, reason="STAFF", detail="Look at it", by=ADA, at=NOON)
    held = OrderHeld(subject=order.number, by=ADA, at=NOON, facts={"reason": "STAFF"})

    tell_holds([held, held])

    assert targets() == [("shopify", Kind.HOLD)]


def test_an_order_that_goes_out_is_released_there_only_where_it_was_held():
    order, other = placed_order(), placed_order()
    shopify()
    hold = hold_order(number=order.number, reason="STAFF", by=ADA, at=NOON)
    tell_holds([OrderHeld(subject=order.number, by=ADA, at=NOON, facts={"reason": "STAFF"})])
    assert queue_due_releases(at=NOON) == 0
    lift_hold(number=order.number, hold_id=hold.pk, by=ADA, at=NOON)
    for number in (order.number, other.number):
        end_edit_window(number=number, by=ADA, at=NOON)

    assert [queue_due_releases(at=NOON), queue_due_releases(at=NOON)] == [1, 0]

    assert targets() == [("shopify", Kind.HOLD), ("shopify", Kind.RELEASE)]


def test_messages_of_one_order_are_sent_in_their_order_and_those_of_others_beside_them():
    stocked_variant()
    first, second = placed_order([line()]), placed_order([line()])
    erp()
    (one,) = queued(first)
    lease_next(at=NOON)
    (two,), (other,) = queued(first), queued(second)

    assert lease_next(at=NOON) == other
    assert lease_next(at=NOON) is None
    WriteBack.objects.filter(id=one.pk).update(state=State.FAILED)
    assert lease_next(at=NOON) == two


def test_a_lease_that_ran_out_is_taken_by_the_next_worker():
    order = placed_order()
    erp()
    (message,) = queued(order)
    lease_next(at=NOON)

    assert lease_next(at=NOON + timedelta(minutes=14)) is None
    again = lease_next(at=NOON + timedelta(minutes=16))

    assert again == message
    assert (again.lease, again.attempts) == (2, 2)


def test_a_target_that_rests_or_is_switched_off_is_not_asked():
    order = placed_order()
    there = erp()
    queued(order)
    WriteBackTarget.objects.update(paused_until=NOON + ONE_MINUTE)
    assert lease_next(at=NOON) is None
    WriteBackTarget.objects.filter(id=there.pk).update(paused_until=None, active=False)

    assert lease_next(at=NOON) is None


def test_lines_keep_their_ids_in_the_body():
    order = placed_order()
    erp()

    (message,) = queued(order)

    assert [each["id"] for each in message.body["order"]["lines"]] == list(
        OrderLine.objects.filter(order=order).values_list("id", flat=True)
    )
