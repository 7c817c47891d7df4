"""Operations are told by mail what runs low."""

import pytest

from inventory.events import StockRanLow
from inventory.reactions.alerting import mail_low_stock
from tests.make.moments import ADA, NOON


def ran_low(sku, available, threshold):
    return StockRanLow(subject=sku, by=ADA, at=NOON, facts={"available": available, "threshold": threshold})


@pytest.fixture
def told(settings, mailoutbox):
    settings.OPERATIONS_EMAILS = ["ops@example.com"]
    return mailoutbox


def test_one_mail_names_every_sku(told):
    mail_low_stock([ran_low("TEE", 3, 4.0), ran_low("LINEN", 0.5, 2.5)])
    (mail,) = told
    assert mail.to == ["ops@example.com"]
    assert mail.subject == "Low stock: TEE, LINEN"
    assert "TEE: 3 left, threshold 4\nLINEN: 0.5 left, threshold 2.5\n" in mail.body


def test_nobody_is_named_and_nothing_is_sent(settings, mailoutbox):
    settings.OPERATIONS_EMAILS = []
    mail_low_stock([ran_low("TEE", 3, 4.0)])
    assert mailoutbox == []
