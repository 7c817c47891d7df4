"""A wrong signature leaves a trace, a flood of them one a minute."""

import pytest

from orders.actions.intake.refusing import refuse_signature
from tests.make.moments import NOON, ONE_SECOND
from tests.make.orders import channel
from tests.make.snapshots import announced, facts_of, nothing_changes

pytestmark = pytest.mark.django_db


def refuse(shop, *, seconds=0):
    refuse_signature(shop, topic="orders/create", at=NOON + seconds * ONE_SECOND)


def test_a_wrong_signature_is_recorded():
    refuse(channel("shop"))
    assert announced("shop") == ["message.signature_refused"]
    assert facts_of("message.signature_refused") == {"topic": "orders/create"}


def test_a_flood_is_recorded_once_a_minute():
    shop = channel("shop")
    refuse(shop)
    with nothing_changes():
        refuse(shop), refuse(shop, seconds=59)
    refuse(shop, seconds=60)
    assert len(announced("shop")) == 2


def test_another_channel_is_recorded_for_itself():
    refuse(channel("shop")), refuse(channel("other"))
    assert (len(announced("shop")), len(announced("other"))) == (1, 1)
