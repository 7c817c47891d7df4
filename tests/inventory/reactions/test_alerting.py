"""Operations are told by mail what runs low."""

import pytest

from inventory.events import StockRanLow
from inventory.reactions.alerting import mail_low_stock
from oms.actions.mailing import send_messages
from tests.make.moments import ADA, NOON

pytestmark = pytest.mark.django_db


def ran_low(sku, available, threshold):
    return StockRanLow(subject=sku, by=ADA, at=NOON, facts={"available": available, "threshold": threshold})


@pytest.fixture
def told(settings, mailoutbox):
    settings.OPERATIONS_EMAILS = ["ops@example.com"]
    return mailoutbox


def test_one_mail_names_every_sku(told):
    for _ in range(2):  # as often as it is told
        mail_low_stock([ran_low("TEE", 3, 4.0), ran_low("LINEN", 0.5, 2.5)])
        send_messages(at=NOON)
    (mail,) = told
    assert mail.to == ["ops@example.com"]
    assert mail.subject == "Low stock: TEE, LINEN"
    assert "- TEE: 3 left, threshold 4\n- LINEN: 0.5 left, threshold 2.5\n" in mail.body


def test_nobody_is_named_and_nothing_is_sent(settings, mailoutbox):
    settings.OPERATIONS_EMAILS = []
    mail_low_stock([ran_low("TEE", 3, 4.0)])
    send_messages(at=NOON)
    assert mailoutbox == []
