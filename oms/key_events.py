"""What is announced about API keys. The subject is the key's id."""

from oms.events import Event


class ApiKeyEvent(Event):
    subject_kind = "api_key"


class ApiKeyIssued(ApiKeyEvent):
    """A key was made. Facts: name, prefix, scopes, channels, warehouses; never the key itself."""

    type = "api_key.issued"


class ApiKeyEndSet(ApiKeyEvent):
    """A key was given the moment at which it ends. Facts: name, prefix, expires_at."""

    type = "api_key.end_set"


class ApiKeyRevoked(ApiKeyEvent):
    """A key opens nothing any more. Facts: name, prefix."""

    type = "api_key.revoked"
