"""What speaks against telling a customer of room in the parcel."""

import pytest

from upsell.policies.room import Recipient, find_objection

FINE = {"test": False, "has_address": True, "editable": True, "given_back": False}
FINE |= {"unsubscribed": False, "refuses_all": False}


def test_nothing_speaks_against_an_order_that_can_still_be_changed():
    assert find_objection(Recipient(**FINE)) is None


@pytest.mark.parametrize(
    ("fact", "why"),
    [
        ({"test": True}, "TEST"),
        ({"has_address": False}, "NO_ADDRESS"),
        ({"editable": False}, "NOT_EDITABLE"),
        ({"given_back": True}, "REFUNDED"),
        ({"unsubscribed": True}, "UNSUBSCRIBED"),
        ({"refuses_all": True}, "REFUSED"),
    ],
)
def test_each_objection_is_named(fact, why):
    assert find_objection(Recipient(**FINE | fact)) == why
