"""A partner answers a message by a call to our API."""

import uuid

import pytest

from orders.actions.write_back.queueing import add_messages
from orders.actions.write_back.sending import send_next_write_back
from orders.models import Order, WriteBack
from tests.fakes.partner_server import PartnerServer
from tests.make.moments import NOON
from tests.make.orders import channel, placed_order
from tests.make.partners import make_partner
from tests.make.snapshots import announced, facts_of, nothing_changes
from tests.make.write_backs import queued, state_of, target

pytestmark = pytest.mark.django_db

State = WriteBack.State
DIFFERENCE = {"where": "quantity", "what": "TEE-M-BLK", "ours": "2", "theirs": "1"}


def told_to_partner(**fields) -> WriteBack:
    """A message that is on its way to an ERP."""
    order = placed_order(**fields)
    target("PARTNER", "https://erp.example/hook")
    (message,) = queued(order)
    WriteBack.objects.filter(id=message.pk).update(state=State.SENT, sent_at=NOON)
    return message


def answer(message: WriteBack, partner=None, /, *, key=None, **body):
    return (partner or make_partner("orders:write")).post(
        f"/write-backs/{key or message.key}/acknowledgement", {"accepted": True} | body
    )


def test_a_partner_that_has_taken_it_acknowledges_with_its_own_reference():
    message = told_to_partner()

    answered = answer(message, reference="ERP-4711")

    assert answered.status_code == 200
    assert answered.json()["state"] == "ACKNOWLEDGED"
    assert state_of(message) == State.ACKNOWLEDGED
    assert message.external_id == "ERP-4711"
    assert facts_of("write_back.acknowledged")["reference"] == "ERP-4711"


def test_saying_it_twice_changes_nothing_twice():
    message = told_to_partner()
    partner = make_partner("orders:write")
    answer(message, partner)

    with nothing_changes():
        assert answer(message, partner).json()["state"] == "ACKNOWLEDGED"
        assert answer(message, partner, accepted=False, reason="Oh no").json()["state"] == "ACKNOWLEDGED"


def test_a_refusal_and_a_mismatch_are_kept_apart():
    refused, differing = told_to_partner(), None
    answer(refused, accepted=False, reason="We have sent it already.")
    assert (state_of(refused), refused.last_error) == (State.FAILED, "We have sent it already.")

    order = Order.objects.get()
    (differing,) = add_messages(order, [refused.target], kind="EDIT", at=NOON)
    answer(differing, accepted=False, differences=[DIFFERENCE])

    assert (state_of(differing), differing.differences) == (State.MISMATCHED, [DIFFERENCE])
    assert announced(order.number)[-2:] == ["write_back.failed", "write_back.mismatched"]


def test_a_partner_that_comes_round_after_a_refusal_is_believed():
    message = told_to_partner()
    answer(message, accepted=False, reason="Locked")

    answer(message, reference="ERP-4711")

    assert (state_of(message), message.last_error) == (State.ACKNOWLEDGED, "")


@pytest.mark.parametrize("state", [State.SUPERSEDED, State.DISMISSED])
def test_an_answer_to_what_is_settled_changes_nothing(state):
    message = told_to_partner()
    WriteBack.objects.update(state=state)
    partner = make_partner("orders:write")

    with nothing_changes():
        assert answer(message, partner).json()["state"] == state


def test_nobody_can_acknowledge_what_was_not_sent_to_them():
    message = told_to_partner()
    shopify = target("SHOPIFY", "https://shop.example", channel())
    (other,) = add_messages(message.order, [shopify], kind="EDIT", at=NOON)
    stranger = make_partner("orders:write", channels=(channel("elsewhere").code,))
    reader, friend = make_partner("orders:read"), make_partner("orders:write")

    with nothing_changes():
        assert answer(message, friend, key=uuid.uuid4()).status_code == 404
        assert answer(message, stranger).status_code == 404
        assert answer(message, reader).status_code == 403
        assert answer(other, friend).json()["code"] == "write_back_not_found"


def test_a_malformed_answer_is_refused_with_its_place():
    message = told_to_partner()
    partner = make_partner("orders:write")

    with nothing_changes():
        wrong = answer(message, partner, accepted="yes")
        unknown = answer(message, partner, extra=1)

    assert [error["pointer"] for error in wrong.json()["errors"]] == ["/accepted"]
    assert unknown.status_code == 422


def test_an_answer_that_is_quicker_than_our_own_record_stands(settings):
    settings.CALL_PRIVATE_ADDRESSES = True
    order = placed_order()
    with PartnerServer(now=NOON) as server:
        target("PARTNER", server.url)
        (message,) = queued(order)
        answer(message)

        assert not send_next_write_back(at=NOON)

    assert state_of(message) == State.ACKNOWLEDGED
