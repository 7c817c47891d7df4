"""Whatever customers, staff, partners, gateways and the clock do to orders and their edits: it adds up every time."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inventory.actions.counting import Count, count_stock
from inventory.errors import StockShort
from oms.actions.delivering import deliver_deliveries
from oms.errors import Invalid
from oms.models import Delivery
from oms.transactions import run_transaction
from orders.actions.cancelling import cancel_order
from orders.actions.edits.approving import approve_edit, decline_edit, expire_edits, withdraw_edit
from orders.actions.edits.editing import edit_order
from orders.actions.holding import hold_order, lift_hold
from orders.actions.intake.updating import update_order
from orders.actions.money.charging import expire_checkouts
from orders.actions.money.hearing import record_gateway_news
from orders.actions.money.paying import Receipt, record_payment
from orders.actions.money.reimbursing import record_answer, record_failure, settle_by_hand
from orders.actions.money.repaying import retry_repayment
from orders.actions.releasing import end_edit_window, release_due_orders
from orders.channels.port import CannotTake
from orders.errors import (
    EditAlreadyEnded,
    EditAlreadyOpen,
    EditNotAllowed,
    EditWindowClosed,
    NothingOwedBack,
    OrderAlreadyCancelled,
)
from orders.models import Checkout, Edit, Order, Repayment
from orders.payments.port import GatewayNews, NewsKind, Pending, Refunded
from tests.make.edits import LARGE, MEDIUM, MUNICH, PARIS, SMALL, SOCKS
from tests.make.moments import ADA, ONE_MINUTE
from tests.make.orders import incoming, line, place
from tests.make.snapshots import nothing_changes, refusals_change_nothing
from tests.properties.edits import AFTERWARDS, SKUS, check_everything, open_up
from tests.properties.profiles import STORIES

NEWEST = st.integers(0, 3)
UNITS = st.integers(1, 3)
OTHERS = st.sampled_from(["STAFF", "API", "BOT"])
PAYMENTS = st.sampled_from(["PAID", "PAID", "PENDING", "AUTHORIZED"])
TIMES = [{"op": "set_quantity", "quantity": units} for units in range(5)]
SWAPS = [{"op": "swap_variant", "sku": sku} for sku in (SMALL, MEDIUM, LARGE)]
SWAPS += [swap | {"quantity": 1} for swap in SWAPS]
OF_A_LINE = st.sampled_from([*TIMES, *SWAPS, {"op": "cancel_line"}, {"op": "set_unit_price", "unit_price": "12.34"}])
WHOLE = [
    {"op": "change_address", "address": MUNICH},
    {"op": "change_address", "address": PARIS},
    {"op": "change_contact", "phone": "+49 30 1234567"},
    {"op": "add_item", "sku": SOCKS, "quantity": 1},
    {"op": "add_item", "sku": LARGE, "quantity": 2},
    {"op": "cancel_order", "reason": "changed my mind"},
]
DEARER = [WHOLE[3], WHOLE[4], {"op": "set_quantity", "quantity": 4}]
ASKED_ABOUT = [WHOLE[1], WHOLE[5]]
ASKED = st.lists(st.one_of(OF_A_LINE, OF_A_LINE, st.sampled_from(WHOLE)), min_size=1, max_size=3)
REFUSALS = (Invalid, StockShort, EditAlreadyOpen, EditNotAllowed, EditWindowClosed, OrderAlreadyCancelled)


SEEN: set[str] = set()
"""States that edits were in: where some never come, the stories are about something else."""


class Editing(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.memory = open_up()
        self.references = 0

    def teardown(self):
        SEEN.update(self.memory.seen)
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    def order(self, back):
        """One of the newest orders: those are the ones that most can happen to."""
        orders = Order.objects.order_by("-id")
        return orders[back % orders.count()]

    def fresh(self, kind):
        self.references += 1
        return f"{kind}_{self.references}"

    @initialize(lines=st.lists(st.tuples(st.sampled_from(SKUS), UNITS), min_size=1, max_size=2))
    def somebody_has_bought(self, lines):
        self.buy(lines, "PAID")

    @rule(lines=st.lists(st.tuples(st.sampled_from(SKUS), UNITS), min_size=1, max_size=3), status=PAYMENTS)
    def somebody_buys(self, lines, status):
        self.buy(lines, status)

    def buy(self, lines, status):
        at = self.memory.pass_time()
        told = [line(sku, units, external_id=f"l{at}", tax="0.50") for at, (sku, units) in enumerate(lines)]
        payment = {"status": status, "gateway": "sandbox", "reference": self.fresh("ch")}
        order = incoming(told, placed_at=at.isoformat(), shipping={"amount": "4.90"}, discount="1.00", payment=payment)
        place(order, at=at)

    @rule(back=NEWEST, asked=ASKED)
    def the_customer_edits(self, back, asked):
        self.edit(back, asked, "CUSTOMER")

    @rule(back=NEWEST, asked=ASKED, actor=OTHERS)
    def somebody_else_edits(self, back, asked, actor):
        self.edit(back, asked, actor)

    @rule(back=NEWEST, asked=st.sampled_from(SWAPS))
    def the_customer_swaps_a_size(self, back, asked):
        self.edit(back, [asked], "CUSTOMER")

    @rule(back=NEWEST, asked=st.sampled_from(DEARER), actor=st.sampled_from(["CUSTOMER", "API"]))
    def somebody_wants_more(self, back, asked, actor):
        self.edit(back, [asked], actor)

    @rule(back=NEWEST, asked=st.sampled_from(ASKED_ABOUT))
    def somebody_wants_what_we_must_allow(self, back, asked):
        self.edit(back, [asked], "BOT")

    def edit(self, back, asked, actor):
        """The same line may be named twice, a line may be gone: what is refused changes nothing."""
        order, at = self.order(back), self.memory.pass_time()
        lines = list(order.lines.values_list("id", flat=True))
        operations = [
            each if each in WHOLE else each | {"line": lines[place % len(lines)]} for place, each in enumerate(asked)
        ]
        try:
            with refusals_change_nothing():
                edit_order(number=order.number, operations=operations, actor=actor, by=actor.lower(), at=at)
        except REFUSALS:
            pass

    @precondition(lambda self: Checkout.objects.exists())
    @rule(back=NEWEST, again=st.booleans())
    def a_gateway_says_that_a_page_was_paid(self, back, again):
        """In time, late, or once more; the page may have been given up."""
        pages = Checkout.objects.order_by("-id")
        page = pages[back % pages.count()]
        name = f"paid_{page.pk}" if again or page.state == Checkout.State.PAID else self.fresh("paid")
        news = GatewayNews(
            external_id=name,
            type="paid",
            kind=NewsKind.CHECKOUT_PAID,
            key=str(page.key),
            reference=f"cs_{page.pk}",
            payment_reference=f"pay_{page.pk}",
            amount=page.amount,
            currency=page.currency,
        )
        record_gateway_news(page.gateway, news, at=self.memory.pass_time())
        with nothing_changes():
            record_gateway_news(page.gateway, news, at=self.memory.now)

    @rule(back=NEWEST, amount=st.sampled_from(["1.00", "5.00", "19.90", "24.80", "60.00"]))
    def somebody_transfers_money(self, back, amount):
        """Too little, too much, for nothing in particular."""
        order, at = self.order(back), self.memory.pass_time()
        receipt = Receipt(amount=Decimal(amount), currency="EUR", gateway="bank", reference=self.fresh("t"))
        record_payment(number=order.number, receipt=receipt, by=ADA, at=at)
        order.refresh_from_db()
        on_its_way = sum(order.repayments.standing().values_list("amount", flat=True))
        assert max(-order.balance.amount, Decimal(0)) <= on_its_way, "somebody's money lies here, and nobody acts"

    @precondition(lambda self: Repayment.objects.standing().exists())
    @rule(back=NEWEST, how=st.sampled_from(["done", "done", "pending", "failed"]))
    def money_goes_back(self, back, how):
        standing = Repayment.objects.standing().order_by("-id")
        repayment, at = standing[back % standing.count()], self.memory.pass_time()
        try:
            if repayment.state == "BY_HAND":
                settle_by_hand(repayment_id=repayment.pk, reference=self.fresh("re"), by=ADA, at=at)
            elif repayment.state == "FAILED":
                retry_repayment(repayment_id=repayment.pk, by=ADA, at=at)
            elif how == "failed":
                record_failure(repayment_id=repayment.pk, sentence="No.", by="gateway:sandbox", at=at)
            else:
                answer = (Refunded if how == "done" else Pending)(self.fresh("re"))
                record_answer(repayment_id=repayment.pk, answer=answer, by="gateway:sandbox", at=at)
        except NothingOwedBack:
            assert -repayment.order.balance.amount < sum(
                repayment.order.repayments.standing().values_list("amount", flat=True)
            )

    @precondition(lambda self: Edit.objects.filter(deadline__isnull=False).exists())
    @rule(back=NEWEST, act=st.sampled_from([approve_edit, approve_edit, decline_edit, withdraw_edit]))
    def somebody_decides(self, back, act):
        edits = Edit.objects.filter(deadline__isnull=False).order_by("-id")
        edit, at = edits[back % edits.count()], self.memory.pass_time()
        try:
            with refusals_change_nothing():
                act(edit_id=edit.pk, by=ADA, at=at)
        except EditAlreadyEnded:
            edit.refresh_from_db()
            assert edit.state != "AWAITING_APPROVAL"

    @rule(back=NEWEST)
    def cancel(self, back):
        cancel_order(number=self.order(back).number, reason="", by=ADA, at=self.memory.pass_time())

    @rule(back=NEWEST, lines=st.lists(st.tuples(st.sampled_from(SKUS), UNITS), min_size=1, max_size=2))
    def the_channel_changes_its_order(self, back, lines):
        order, at = self.order(back), self.memory.pass_time()
        told = [line(sku, units, external_id=f"l{place}", tax="0.50") for place, (sku, units) in enumerate(lines)]
        said = {"external_id": order.external_id, "placed_at": order.placed_at.isoformat(), "payment": None}
        message = incoming(told, **said, shipping={"amount": "4.90"}, updated_at=at.isoformat())
        try:
            with refusals_change_nothing():
                run_transaction(lambda: update_order(order.number, message, by="channel:web", at=at))
        except CannotTake:
            assert Order.objects.get(pk=order.pk).status == "RELEASED"

    @rule(back=NEWEST, act=st.sampled_from(["hold", "lift", "end the window"]))
    def staff_hold_and_release(self, back, act):
        order, at = self.order(back), self.memory.pass_time()
        hold = order.holds.filter(reason="STAFF", closed_at=None).first()
        if act == "lift" and hold:
            lift_hold(number=order.number, hold_id=hold.pk, by=ADA, at=at)
        elif act == "hold" and order.status != "CANCELLED":
            hold_order(number=order.number, reason="STAFF", by=ADA, at=at)
        elif act == "end the window" and order.status != "CANCELLED":
            end_edit_window(number=order.number, by=ADA, at=at)

    @rule(sku=st.sampled_from(SKUS), found=st.integers(0, 12))
    def somebody_counts(self, sku, found):
        """Few of them: what was promised may become short, and windows end."""
        count_stock([Count(sku, "LEJ", Decimal(found))], by=ADA, at=self.memory.pass_time())

    @precondition(lambda self: Edit.objects.filter(state="AWAITING_APPROVAL").exists())
    @rule(act=st.sampled_from([decline_edit, approve_edit]))
    def we_decide_on_the_newest(self, act):
        edit = Edit.objects.filter(state="AWAITING_APPROVAL").latest("id")
        act(edit_id=edit.pk, note="Looked at.", by=ADA, at=self.memory.pass_time())

    @precondition(lambda self: Edit.objects.open().exists())
    @rule()
    def nobody_does_anything_until_the_next_deadline(self):
        deadline = Edit.objects.open().order_by("deadline").first().deadline
        self.let_time_pass(max((deadline - self.memory.now) // ONE_MINUTE, 0) + 1)

    @precondition(lambda self: Edit.objects.open().exists())
    @rule(how=st.sampled_from(["declined", "taken back", "its time ran out"]))
    def what_waits_comes_to_nothing(self, how):
        waits = Edit.objects.open().latest("id")
        if how == "declined" and waits.state == "AWAITING_APPROVAL":
            decline_edit(edit_id=waits.pk, note="No.", by=ADA, at=self.memory.pass_time())
        elif how == "taken back":
            withdraw_edit(edit_id=waits.pk, by="customer", at=self.memory.pass_time())
        else:
            self.let_time_pass(max((waits.deadline - self.memory.now) // ONE_MINUTE, 0) + 1)

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes):
        self.let_time_pass(minutes)

    def let_time_pass(self, minutes):
        at = self.memory.pass_time(minutes)
        release_due_orders(by="system", at=at)
        expire_edits(at=at)
        expire_checkouts(at=at)
        assert not Edit.objects.open().filter(deadline__lte=at).exists()

    @rule()
    def what_was_queued_is_worked_off(self):
        deliver_deliveries(at=AFTERWARDS)
        assert not Delivery.objects.exclude(state="DONE").exists()

    @invariant()
    def everything_adds_up(self):
        check_everything(self.memory)


@pytest.mark.django_db
def test_every_story_of_edits_adds_up():
    run_state_machine_as_test(Editing, settings=STORIES)
    assert {"AWAITING_PAYMENT", "AWAITING_APPROVAL", "COMMITTED", "DECLINED", "EXPIRED", "CANCELED"} <= SEEN
