"""A channel changes an order: goods, address, money. The newer message wins."""

from datetime import date
from decimal import Decimal

import pytest

from oms.errors import Invalid
from oms.transactions import run_transaction
from orders.actions.intake.updating import update_order
from orders.channels.port import CannotTake
from orders.models import Address, Order
from tests.make.fulfillments import accepted, allocated, fulfillment, parts, route, routed_order
from tests.make.moments import NOON, ONE_HOUR, ONE_MINUTE
from tests.make.orders import BERLIN, channel, incoming, line, open_holds, placed_order, released_order
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.stock import promises, reservations, stocked_variant

pytestmark = pytest.mark.django_db

SHOP = "channel:shop"


@pytest.fixture(autouse=True)
def _shelves():
    channel("shop", already_sold=True)
    stocked_variant("TEE", 5), stocked_variant("CAP", 5)


def tee(quantity=1, **fields):
    return line("TEE", quantity, external_id="l1", **fields)


def cap(quantity=1, **fields):
    return line("CAP", quantity, external_id="l2", **fields)


def order_of(*lines, **fields):
    return placed_order(list(lines) or [tee()], channel="shop", **fields)


def update(order, *lines, minutes=1, **fields):
    """What the channel says so many minutes later; the outcome, and the order as it is then."""
    moment = NOON + minutes * ONE_MINUTE
    fields = {"channel": "shop", "external_id": order.external_id, "updated_at": moment.isoformat()} | fields
    status = run_transaction(
        lambda: update_order(order.number, incoming(list(lines) or [tee()], **fields), by=SHOP, at=moment)
    )
    order.refresh_from_db()
    return status


def refuse(order, *lines, **fields):
    with nothing_changes(), pytest.raises((CannotTake, Invalid)) as refusal:
        update(order, *lines, **fields)
    return refusal.value


def test_more_units_are_promised_too():
    order = order_of(tee(2))
    assert update(order, tee(3)) == "updated"
    assert sum(units for _, _, units, _ in reservations(order.number)) == 3
    assert (order.total, promises("TEE")) == (Decimal("59.70"), (5, 3))
    assert announced(order.number) == ["order.placed", "order.updated"]
    assert facts_of("order.updated")["changes"]["line 1"]["quantity"] == {"before": "2", "after": "3"}


def test_fewer_units_come_free():
    order = order_of(tee(4))
    update(order, tee(1))
    assert reservations() == [(order.number, "TEE", 1, "PROMISED")]
    assert promises("TEE") == (5, 1)


def test_a_line_that_is_gone_has_nothing_on_it_and_a_new_one_is_added():
    order = order_of(tee(2))
    update(order, cap(1))
    gone, new = order.lines.all()
    assert (gone.sku, gone.quantity, gone.open_quantity) == ("TEE", 0, 0)
    assert (new.sku, new.position, new.open_quantity, new.title) == ("CAP", 2, 1, "Linen tee")
    assert reservations() == [(order.number, "CAP", 1, "PROMISED")]


def test_a_line_of_another_sku_takes_its_title_along():
    stocked_variant("HAT", 5)
    order = order_of(tee(), cap())
    update(order, tee() | {"sku": "HAT"}, cap())
    assert [(one.sku, one.variant.sku) for one in order.lines.all()] == [("HAT", "HAT"), ("CAP", "CAP")]
    assert {sku for _, sku, _, _ in reservations()} == {"HAT", "CAP"}


def test_lines_without_ids_are_matched_by_sku():
    order = placed_order([line("TEE", 1), line("CAP", 1)], channel="shop")
    update(order, line("CAP", 2), line("TEE", 1))
    assert [(one.sku, one.open_quantity) for one in order.lines.all()] == [("TEE", 1), ("CAP", 2)]


def test_more_than_is_left_waits_and_the_order_is_held():
    order = order_of(tee(2))
    update(order, tee(7))
    assert reservations() == [(order.number, "TEE", 2, "PROMISED"), (order.number, "TEE", 5, "SHORT")]
    assert open_holds(order) == ["EDIT_WINDOW", "STOCK_SHORT"]
    assert order.holds.get(reason="STOCK_SHORT").detail == "Waits for stock: 5 × TEE."


def test_an_order_that_no_longer_wants_what_was_short_waits_no_more():
    order = order_of(tee(7), payment=None)
    assert "STOCK_SHORT" in open_holds(order)
    update(order, tee(7) | {"cancelled_quantity": 7}, cap(1), payment=None)
    assert reservations() == [(order.number, "CAP", 1, "PROMISED")]
    assert "STOCK_SHORT" not in open_holds(order)


def test_its_units_go_to_who_waits_for_them():
    order, waiting = order_of(tee(4)), order_of(tee(2))
    update(order, tee(3))
    assert reservations(waiting.number) == [(waiting.number, "TEE", 2, "PROMISED")]
    assert facts_of("stock.promised") == {"references": [waiting.number]}


def test_an_older_or_equal_message_changes_nothing():
    order = order_of()
    update(order, tee(2), minutes=5)
    for minutes in (5, 4):
        with nothing_changes():
            assert update(order, tee(4), minutes=minutes) == "known"


def test_a_message_without_a_clock_is_a_replay():
    order = order_of()
    with nothing_changes():
        assert update(order, tee(4), updated_at=None) == "known"


def test_a_newer_message_with_nothing_new_is_known_and_announces_nothing():
    order = order_of()
    before = announced()
    assert update(order) == "known"
    assert announced() == before
    assert order.channel_updated_at == NOON + ONE_MINUTE


def test_another_address_is_another_row_and_the_old_one_stays():
    order = order_of()
    first = order.shipping_address
    update(order, shipping_address=BERLIN | {"city": "Paris", "country": "FR"})
    assert (order.shipping_address.city, order.country) == ("Paris", "FR")
    assert Address.objects.get(pk=first.pk).city == "Berlin"
    assert "Paris" in facts_of("order.updated")["changes"]["shipping_address"]["after"]


def test_tags_note_and_contact_follow():
    order = order_of(tags=["a"])
    update(order, tags=["b", "b"], note="Ring.", customer={"email": "eve@example.com"}, external_number="#9")
    assert (order.tags, order.note, order.email, order.external_number) == (["b"], "Ring.", "eve@example.com", "#9")


def test_the_day_before_which_it_must_not_leave_follows_where_the_channel_names_one():
    order = order_of(placed_at="2026-11-21T12:00:00Z")

    update(order, placed_at="2026-11-21T12:00:00Z", ship_after="2026-12-03")
    update(order, minutes=2, note="Ring.")

    assert order.ship_after == date(2026, 12, 3)
    assert order.note == "Ring."


def test_a_released_order_that_no_warehouse_has_accepted_takes_the_change_and_is_routed_anew():
    order = routed_order(lines=[tee(2)], channel="shop")

    assert update(order, tee(3)) == "updated"
    assert parts(order) == [("LEJ", "CANCELLED", "SUBMITTED")]
    route()

    assert fulfillment(order).lines.get().quantity == 3
    assert allocated("TEE") == 3


def test_what_the_channel_shipped_itself_is_taken_back_from_the_warehouse():
    waiting, working = (routed_order(lines=[tee(2)], channel="shop", external_id=name) for name in "ab")
    accepted(working)

    for order in (waiting, working):
        update(order, tee(2), fulfilled_at=NOON.isoformat())

    assert parts(waiting) == [("LEJ", "CANCELLED", "SUBMITTED")]
    assert parts(working) == [("LEJ", "IN_PROGRESS", "CANCELLATION_REQUESTED")]
    assert allocated("TEE") == 2


def test_once_a_warehouse_has_accepted_goods_and_address_stay_but_prices_and_notes_may_change():
    order = routed_order(lines=[tee(2)], channel="shop")
    accepted(order)
    for fields in ({"lines": [tee(3)]}, {"lines": [tee(1)]}, {"lines": [tee(2), cap()]}, {"lines": [cap(2)]}):
        assert refuse(order, *fields["lines"]).reason == "changed_too_late"
    assert refuse(order, tee(2), shipping_address=BERLIN | {"city": "Bonn"}).reason == "changed_too_late"

    assert update(order, tee(2, discount="1.00"), note="Ring.") == "updated"
    assert (order.status, order.total, order.note) == ("RELEASED", Decimal("38.80"), "Ring.")


def test_totals_that_no_longer_add_up_hold_the_order_and_mended_ones_free_it():
    order = order_of(tee(2))
    update(order, tee(2), total="1.00")
    assert "TOTALS_MISMATCH" in open_holds(order)
    update(order, tee(2), total="39.80", minutes=2)
    assert "TOTALS_MISMATCH" not in open_holds(order)
    assert order.stated_total is None


def test_a_payment_that_came_lets_the_order_go():
    order = order_of(payment=None, placed_at=(NOON - ONE_HOUR).isoformat())
    assert open_holds(order) == ["PAYMENT"]
    update(order, payment={"status": "PAID", "reference": "ch_1"})
    assert (order.financial_status, order.paid, order.status) == ("PAID", Decimal("19.90"), "RELEASED")
    assert announced(order.number)[-1] == "order.released"


def test_a_payment_that_was_given_up_holds_the_order():
    order = order_of(payment={"status": "AUTHORIZED", "reference": "a1"})
    update(order, payment={"status": "VOIDED", "reference": "a1"})
    assert (order.financial_status, order.payments.get().status) == ("VOIDED", "VOIDED")
    assert "PAYMENT" in open_holds(order)


def test_an_order_that_became_dearer_waits_for_the_rest():
    order = order_of(tee(1), payment={"status": "PAID", "reference": "1", "amount": "19.90"})
    update(order, tee(2), payment={"status": "PAID", "reference": "1", "amount": "19.90"})
    assert (order.financial_status, order.balance.amount) == ("PARTIALLY_PAID", Decimal("19.90"))
    assert "PAYMENT" in open_holds(order)


def test_a_payment_hold_that_a_person_lifted_is_not_opened_again_for_nothing():
    order = order_of(payment=None)
    order.holds.filter(reason="PAYMENT").update(closed_at=NOON, closed_by="staff:ada")
    update(order, payment=None, note="Ring.")
    assert "PAYMENT" not in open_holds(order)


def test_payments_without_reference_are_counted_once_however_often_they_are_told():
    halves = [{"status": "PAID", "amount": "9.95"}] * 2
    order = order_of(payment=None, payments=halves)
    for minutes in (1, 2):
        update(order, payment=None, payments=halves, minutes=minutes, note=f"{minutes}")
    assert (order.payments.count(), order.paid) == (2, Decimal("19.90"))


def test_refunds_are_recorded_once():
    order = order_of()
    refund = {"external_id": "r1", "amount": "9.90", "refunded_at": NOON.isoformat()}
    update(order, refunds=[refund])
    update(order, refunds=[refund], minutes=2)
    assert (order.refunded, order.refunds.count(), order.financial_status) == (
        Decimal("9.90"), 1, "PARTIALLY_REFUNDED",
    )  # fmt: skip
    assert announced(order.number).count("refund.issued") == 1


def test_a_cancellation_in_the_message_cancels():
    order = order_of(tee(2))
    assert update(order, tee(2), cancelled_at=NOON.isoformat(), cancel_reason="customer") == "cancelled"
    assert (order.status, order.cancel_reason, reservations()) == ("CANCELLED", "customer", [])


def test_a_cancelled_order_stays_cancelled_and_keeps_its_lines():
    order = order_of(tee(2))
    update(order, tee(2), cancelled_at=NOON.isoformat())
    update(order, tee(4), minutes=2, note="Too late.")
    assert (order.status, order.note, order.total) == ("CANCELLED", "Too late.", Decimal("39.80"))
    assert reservations() == []


def test_a_cancellation_that_comes_too_late_says_so_and_changes_nothing():
    order = order_of(tee(2), fulfilled_at=NOON.isoformat())
    assert refuse(order, tee(2), cancelled_at=NOON.isoformat()).reason == "cancelled_too_late"


def test_what_the_channel_shipped_itself_closes_the_order_and_frees_its_promise():
    order = released_order(lines=[tee(2)], channel="shop")
    update(order, tee(2), fulfilled_at=NOON.isoformat())
    assert (order.status, order.fulfillment_status, order.closed_at) == ("CLOSED", "FULFILLED", NOON + ONE_MINUTE)
    assert (order.lines.get().fulfilled_quantity, reservations()) == (2, [])
    assert announced(order.number)[-1] == "order.closed"


def test_what_the_channel_shipped_in_part_needs_no_promise_any_more():
    order = order_of(tee(3))
    update(order, tee(3, fulfilled_quantity=1))
    assert (order.fulfillment_status, order.status) == ("PARTIALLY_FULFILLED", "HELD")
    assert reservations() == [(order.number, "TEE", 2, "PROMISED")]


def test_an_unknown_sku_refuses_the_whole_change():
    order = order_of(tee(2))
    refusal = refuse(order, tee(3), line("NONE"), note="New.")
    assert [error.code for error in refusal.errors] == ["unknown_sku"]


def test_amounts_that_make_no_order_refuse_the_whole_change():
    assert isinstance(refuse(order_of(), tee(), discount="99.00", note="New."), Invalid)


def test_a_test_order_takes_no_stock_however_it_changes():
    order = order_of(tee(2), test=True)
    update(order, tee(9), test=True)
    assert (reservations(), Order.objects.get().total) == ([], Decimal("179.10"))


def test_a_sum_told_after_its_payments_adds_nothing():
    parts = [
        {"status": "PAID", "reference": "t1", "amount": "9.90"},
        {"status": "PAID", "reference": "t2", "amount": "10.00"},
    ]
    order = order_of(payment=None, payments=parts)
    update(order, payment={"status": "PAID"}, note="Paid in full, says the channel.")
    assert (order.payments.count(), order.paid) == (2, Decimal("19.90"))


def test_payments_told_after_their_sum_take_its_place():
    order = order_of(payment={"status": "PAID"})
    update(order, payment=None, payments=[{"status": "PAID", "reference": "t1", "amount": "19.90"}], note="In detail.")
    assert sorted(order.payments.values_list("reference", "status")) == [("", "VOIDED"), ("t1", "CAPTURED")]
    assert (order.paid, order.financial_status) == (Decimal("19.90"), "PAID")
