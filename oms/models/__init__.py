"""The platform's rows: who speaks with us, what was announced, what is still to be told."""

from oms.models.api_key import ApiKey
from oms.models.channel import Channel
from oms.models.delivery import Delivery
from oms.models.event_record import EventRecord
from oms.models.exception_item import ExceptionItem
from oms.models.failed_login import FailedLogin
from oms.models.message import Message
from oms.models.stored_answer import StoredAnswer
from oms.models.user import User
from oms.models.webhook_delivery import WebhookDelivery
from oms.models.webhook_endpoint import WebhookEndpoint
from oms.models.webhook_hour import WebhookHour
from oms.models.webhook_replay import WebhookReplay

__all__ = [
    "ApiKey",
    "Channel",
    "Delivery",
    "EventRecord",
    "ExceptionItem",
    "FailedLogin",
    "Message",
    "StoredAnswer",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookHour",
    "WebhookReplay",
]
