"""What is announced about partners' addresses. The subject is the address's id."""

from oms.events import Event


class WebhookEvent(Event):
    subject_kind = "webhook_endpoint"


class WebhookEndpointAdded(WebhookEvent):
    """Facts: url, types, channels, warehouses."""

    type = "webhook.added"


class WebhookEndpointChanged(WebhookEvent):
    """Facts: changes (what: before, after)."""

    type = "webhook.changed"


class WebhookEndpointRemoved(WebhookEvent):
    """It is told of nothing any more. Facts: url."""

    type = "webhook.removed"


class WebhookSecretRotated(WebhookEvent):
    """It has a new signing secret. Facts: previous_until (null: the old one ended at once)."""

    type = "webhook.secret_rotated"


class WebhookDisabled(WebhookEvent):
    """It was switched off. Facts: url, because (ASKED, GONE, FAILING), failing_since, waiting (messages)."""

    type = "webhook.disabled"


class WebhookEnabled(WebhookEvent):
    """It was switched on again. Facts: url, skipped (True: what it missed is not sent)."""

    type = "webhook.enabled"


class WebhookPinged(WebhookEvent):
    """Somebody tries whether messages arrive. Facts: url."""

    type = "webhook.pinged"


class WebhookReplayed(WebhookEvent):
    """Messages are sent once more. Facts: since, until, of a span; delivery, of a single one."""

    type = "webhook.replayed"
