"""What is refused about webhooks.

Refused (oms.errors)
├── WebhookEndpointOff            the address is switched off
├── WebhookReplayRunning          a span is being sent again already
└── NotFound
    ├── WebhookEndpointNotFound
    ├── WebhookDeliveryNotFound
    └── WebhookReplayNotFound
"""

from oms.errors import NotFound, Refused


class WebhookEndpointOff(Refused):
    """The address is switched off; switch it on first."""

    code = "webhook_endpoint_off"

    def __init__(self) -> None:
        super().__init__("This address is switched off. Switch it on first.")


class WebhookReplayRunning(Refused):
    """A span is being sent to this address again already; wait until that is done."""

    code = "webhook_replay_running"

    def __init__(self) -> None:
        super().__init__("A span is being sent to this address again already.")


class WebhookEndpointNotFound(NotFound):
    """There is no such address, or not for you."""

    code = "webhook_endpoint_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such webhook endpoint.")


class WebhookDeliveryNotFound(NotFound):
    """There is no such delivery, or not for you."""

    code = "webhook_delivery_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such delivery.")


class WebhookReplayNotFound(NotFound):
    """There is no such replay, or not for you."""

    code = "webhook_replay_not_found"

    def __init__(self) -> None:
        super().__init__("There is no such replay.")
