"""Bounces as a provider reports them: Postmark's own webhook, through django-anymail."""

import json

import pytest
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from django.core.exceptions import SuspiciousOperation
from django.test import RequestFactory

from config import mail_provider
from oms.actions.mailing import envelop, send_messages
from oms.models import Message
from tests.make.mails import posted
from tests.make.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def provider(settings):
    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:word"}
    mail_provider.connect()
    yield
    mail_provider.tracking.disconnect(dispatch_uid="mail_provider")


def hear(kind, message, credentials="Basic dXNlcjp3b3Jk"):
    body = {"RecordType": kind, "Type": "HardBounce", "TypeCode": 1, "MessageID": "x", "Email": "ada@example.com"}
    body |= {"BouncedAt": "2026-11-21T13:00:00Z", "Details": "smtp;550 unknown user"}
    body |= {"Metadata": envelop(message).metadata}
    request = RequestFactory().post("/", json.dumps(body), "application/json", headers={"authorization": credentials})
    return PostmarkTrackingWebhookView.as_view()(request)


def test_a_bounce_stands_with_its_mail():
    message = posted()
    send_messages(at=NOON)
    assert hear("Bounce", message).status_code == 200
    message.refresh_from_db()
    assert (message.state, message.why) == (Message.State.BOUNCED, Message.Why.BOUNCED)
    assert "550 unknown user" in message.last_error


def test_an_opened_mail_is_nobody_s_business():
    message = posted()
    send_messages(at=NOON)
    hear("Open", message)
    message.refresh_from_db()
    assert message.state == Message.State.SENT


def test_who_does_not_know_the_secret_marks_nothing():
    message = posted()
    send_messages(at=NOON)
    with pytest.raises(SuspiciousOperation):
        hear("Bounce", message, "Basic bm9ib2R5")
    message.refresh_from_db()
    assert message.state == Message.State.SENT
