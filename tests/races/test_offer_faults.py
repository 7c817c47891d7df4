"""What breaks while an offer is taken leaves nothing behind, and the same again succeeds."""

import pytest
from django.db import OperationalError

from orders.events import EditRequested, OrderEdited
from orders.models import Checkout, Edit
from tests.make.edits import MEDIUM, SOCKS, anybody_may, holds, open_shop, order_of_tees
from tests.make.snapshots import nothing_changes
from tests.make.upsell import accept, offered, state_of, ten_percent
from tests.oms.wirings import rewired
from tests.races.test_faults import kill_who_waits, promise_rows_held
from tests.races.together import run_together
from upsell.events import OfferAccepted
from upsell.reactions.accepting import accept_edited, mark_waiting

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=["paid", "unpaid"])
def offer(request):
    """Of a paid order taking it waits for its payment, of an unpaid one it is done at once."""
    anybody_may(), open_shop(), ten_percent()
    return offered(order_of_tees(**({} if request.param == "paid" else {"payment": None})))


def test_a_connection_that_dies_while_its_stock_is_promised_leaves_nothing_half_done(offer):
    with nothing_changes():
        with promise_rows_held():
            error, killed = run_together(lambda: accept(offer), kill_who_waits)
        assert (type(error), killed) == (OperationalError, 1)

    edit = accept(offer)
    assert Edit.objects.get() == edit
    assert state_of(offer) == ("AWAITING_PAYMENT" if edit.is_open else "ACCEPTED")
    assert Checkout.objects.count() == int(edit.is_open)


def break_down(told):
    raise RuntimeError(f"{len(told)} events, and no power.")


@pytest.mark.parametrize(
    "wiring",
    [
        {EditRequested: [break_down], OrderEdited: [break_down]},
        {EditRequested: [mark_waiting, break_down], OrderEdited: [accept_edited, break_down]},
        {EditRequested: [mark_waiting, break_down], OrderEdited: [accept_edited], OfferAccepted: [break_down]},
    ],
)
def test_where_the_offer_cannot_follow_its_edit_there_is_no_edit(offer, wiring):
    with rewired(together=wiring), nothing_changes(), pytest.raises(RuntimeError, match="no power"):
        accept(offer)

    edit = accept(offer)
    assert holds(offer.order) == ({MEDIUM: 2} if edit.is_open else {MEDIUM: 2, SOCKS: 1})
