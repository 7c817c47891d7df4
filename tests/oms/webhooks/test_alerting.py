"""Staff learn of an address that the system switched off."""

import pytest

from oms.reactions.alerting import mail_disabled_webhooks
from oms.webhook_events import WebhookDisabled
from tests.make.moments import NOON


def disabled(because):
    facts = {"url": "https://partner.example/hooks", "because": because, "failing_since": None, "waiting": 7}
    return WebhookDisabled(subject="3", by="system", at=NOON, facts=facts)


@pytest.mark.parametrize(("because", "words"), [("GONE", "410 Gone"), ("FAILING", "five days")])
def test_operations_are_told_what_was_switched_off_and_why(settings, mailoutbox, because, words):
    settings.OPERATIONS_EMAILS = ["ops@example.com"]
    mail_disabled_webhooks([disabled(because)])
    (mail,) = mailoutbox
    assert "https://partner.example/hooks" in mail.subject
    assert words in mail.body
    assert "7 messages wait" in mail.body
    assert "/admin/oms/webhookendpoint/3/change/" in mail.body


def test_who_switched_one_off_by_hand_gets_no_mail(settings, mailoutbox):
    settings.OPERATIONS_EMAILS = ["ops@example.com"]
    mail_disabled_webhooks([disabled("ASKED")])
    assert mailoutbox == []
