"""`/webhook-endpoints…` and `/deliveries…`: where partners are told of events, and how that went."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from oms.actions.webhooks.managing import Wish, add_endpoint, change_endpoint, remove_endpoint, rotate_secret
from oms.actions.webhooks.pinging import ping_endpoint
from oms.actions.webhooks.replaying import replay_delivery, start_replay
from oms.actions.webhooks.switching import disable_endpoint, enable_endpoint
from oms.api.calls import ApiCall
from oms.api.pagination import Keyset, answer_page
from oms.api.preconditions import read_version
from oms.api.schema import describe
from oms.api.views import Answer, ApiView
from oms.api.webhook_shapes import (
    DeliveryPage,
    DeliveryQuery,
    DeliveryShape,
    EndpointBody,
    EndpointPage,
    EndpointShape,
    NewEndpointBody,
    NewEndpointShape,
    ReplayShape,
    RotationBody,
    SecretShape,
    SpanBody,
    present_delivery,
    present_endpoint,
    present_replay,
)
from oms.bodies import PageQuery
from oms.errors import FieldError, Invalid
from oms.models import ApiKey, WebhookDelivery, WebhookEndpoint, WebhookReplay
from oms.models.api_key import Scope
from oms.resources import Limits
from oms.webhook_errors import WebhookDeliveryNotFound, WebhookEndpointNotFound, WebhookReplayNotFound

ENDPOINTS = Keyset("webhook-endpoints", {"id": int})
DELIVERIES = Keyset("webhook-deliveries", {"id": int}, descending=True)

_OFF = "`webhook_endpoint_off`: the address is switched off."


class EndpointsView(ApiView):
    scopes = {"GET": Scope.WEBHOOKS_WRITE, "POST": Scope.WEBHOOKS_WRITE}

    @describe("List webhook endpoints", query=PageQuery, gives={200: EndpointPage})
    def get(self, call: ApiCall) -> Answer:
        asked = call.ask(PageQuery)
        found = ENDPOINTS.narrow(_visible(call.key), ENDPOINTS.read_cursor(asked.cursor))
        page, cursor = ENDPOINTS.page(list(found[: asked.limit + 1]), limit=asked.limit, place=lambda each: [each.pk])
        return Answer(answer_page(map(present_endpoint, page), cursor))

    @describe(
        "Enter a webhook endpoint",
        takes=NewEndpointBody,
        gives={201: NewEndpointShape},
        refuses={422: "`url_not_https`, `url_private`, `url_malformed`, `unknown_event_type`, `outside_limits`."},
        example={"url": "https://partner.example/hooks", "types": ["order.*", "fulfillment.shipped"]},
    )
    def post(self, call: ApiCall) -> Answer:
        """It is told of what happens from now on. The secret is in this answer, and in no other."""
        body = call.read(NewEndpointBody)
        limits = Limits(
            _within(call.key.channels, body.channels, "channels"),
            _within(call.key.warehouses, body.warehouses, "warehouses"),
        )
        wish = Wish(body.url, body.types, body.description)
        endpoint = add_endpoint(wish=wish, limits=limits, by=call.by, at=call.at)
        document = present_endpoint(endpoint) | {"secret": endpoint.secret}
        location = f"/api/v1/webhook-endpoints/{endpoint.pk}"
        return Answer(document, status=201, location=location, version=endpoint.version, secret=True)


class EndpointView(ApiView):
    scopes = {"GET": Scope.WEBHOOKS_WRITE, "PATCH": Scope.WEBHOOKS_WRITE, "DELETE": Scope.WEBHOOKS_WRITE}

    @describe("Read a webhook endpoint", gives={200: EndpointShape})
    def get(self, call: ApiCall, endpoint_id: int) -> Answer:
        return _answer(require_endpoint(call.key, endpoint_id))

    @describe(
        "Change a webhook endpoint, or switch it off or on",
        takes=EndpointBody,
        gives={200: EndpointShape},
        refuses={412: "`version_stale`.", 422: "As for a new one."},
        example={"types": ["order.*"], "active": True},
    )
    def patch(self, call: ApiCall, endpoint_id: int) -> Answer:
        """Switched on again it goes on where it stopped, unless `skip_missed` says otherwise."""
        body = call.read(EndpointBody)
        require_endpoint(call.key, endpoint_id)
        wish = Wish(body.url, body.types, body.description)
        expected = read_version(call.http)
        endpoint = change_endpoint(endpoint_id=endpoint_id, wish=wish, expected=expected, by=call.by, at=call.at)
        if body.active is True:
            skip = body.skip_missed
            endpoint = enable_endpoint(endpoint_id=endpoint_id, skip_missed=skip, by=call.by, at=call.at)
        elif body.active is False:
            endpoint = disable_endpoint(endpoint_id=endpoint_id, by=call.by, at=call.at)
        return _answer(endpoint)

    @describe("Remove a webhook endpoint", gives={204: None})
    def delete(self, call: ApiCall, endpoint_id: int) -> Answer:
        require_endpoint(call.key, endpoint_id)
        remove_endpoint(endpoint_id=endpoint_id, by=call.by, at=call.at)
        return Answer()


class RotationView(ApiView):
    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @describe("Give a webhook endpoint a new secret", takes=RotationBody, gives={200: SecretShape})
    def post(self, call: ApiCall, endpoint_id: int) -> Answer:
        """Messages bear both signatures until `previous_secret_until`."""
        body = call.read(RotationBody)
        require_endpoint(call.key, endpoint_id)
        keep = timedelta(hours=body.keep_hours)
        endpoint = rotate_secret(endpoint_id=endpoint_id, keep=keep, by=call.by, at=call.at)
        document = {"secret": endpoint.secret, "previous_secret_until": endpoint.previous_secret_until}
        return Answer(document, version=endpoint.version, secret=True)


class PingView(ApiView):
    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @describe("Send a webhook endpoint a test message", gives={202: DeliveryShape}, refuses={409: _OFF})
    def post(self, call: ApiCall, endpoint_id: int) -> Answer:
        """A `webhook.pinged`, sent within seconds; look at the delivery for how it went."""
        require_endpoint(call.key, endpoint_id)
        return Answer(present_delivery(ping_endpoint(endpoint_id=endpoint_id, by=call.by, at=call.at)), status=202)


class DeliveriesView(ApiView):
    scopes = {"GET": Scope.WEBHOOKS_WRITE}

    @describe("List the deliveries of a webhook endpoint", query=DeliveryQuery, gives={200: DeliveryPage})
    def get(self, call: ApiCall, endpoint_id: int) -> Answer:
        """Of the last 30 days."""
        asked = call.ask(DeliveryQuery)
        require_endpoint(call.key, endpoint_id)
        exact = {"endpoint": endpoint_id, "state": asked.state, "subject": asked.subject}
        rows = WebhookDelivery.objects.filter(**{name: value for name, value in exact.items() if value})
        found = DELIVERIES.narrow(rows, DELIVERIES.read_cursor(asked.cursor))
        page, cursor = DELIVERIES.page(list(found[: asked.limit + 1]), limit=asked.limit, place=lambda row: [row.pk])
        return Answer(answer_page(map(present_delivery, page), cursor))


class DeliveryReplayView(ApiView):
    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @describe("Send a delivery again", gives={202: DeliveryShape}, refuses={409: _OFF})
    def post(self, call: ApiCall, delivery_id: int) -> Answer:
        """Under its old `webhook-id`, with the resource as it is now."""
        endpoint = WebhookDelivery.objects.filter(id=delivery_id).values_list("endpoint_id", flat=True).first()
        if endpoint is None or not _visible(call.key).filter(id=endpoint).exists():
            raise WebhookDeliveryNotFound
        return Answer(present_delivery(replay_delivery(delivery_id=delivery_id, by=call.by, at=call.at)), status=202)


class ReplaysView(ApiView):
    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @describe(
        "Send a span of events again",
        takes=SpanBody,
        gives={202: ReplayShape},
        refuses={409: f"{_OFF} `webhook_replay_running`.", 422: "`span_empty`."},
        example={"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z"},
    )
    def post(self, call: ApiCall, endpoint_id: int) -> Answer:
        """Also what was never sent there; each under the `webhook-id` it had or would have had."""
        body = call.read(SpanBody)
        require_endpoint(call.key, endpoint_id)
        replay = start_replay(endpoint_id=endpoint_id, since=body.since, until=body.until, by=call.by, at=call.at)
        location = f"/api/v1/webhook-endpoints/{endpoint_id}/replays/{replay.pk}"
        return Answer(present_replay(replay), status=202, location=location)


class ReplayView(ApiView):
    scopes = {"GET": Scope.WEBHOOKS_WRITE}

    @describe("See how far a span has been sent again", gives={200: ReplayShape})
    def get(self, call: ApiCall, endpoint_id: int, replay_id: int) -> Answer:
        require_endpoint(call.key, endpoint_id)
        replay = WebhookReplay.objects.filter(endpoint=endpoint_id, id=replay_id).first()
        if replay is None:
            raise WebhookReplayNotFound
        return Answer(present_replay(replay))


def require_endpoint(key: ApiKey, endpoint_id: int) -> WebhookEndpoint:
    """Raises:
    WebhookEndpointNotFound: also when it is told of more than this key may see.
    """
    endpoint = _visible(key).filter(id=endpoint_id).first()
    if endpoint is None:
        raise WebhookEndpointNotFound
    return endpoint


def _visible(key: ApiKey) -> QuerySet[WebhookEndpoint]:
    found = WebhookEndpoint.objects.standing()
    if key.channels:
        found = found.filter(~Q(channels=[]), channels__contained_by=key.channels)
    if key.warehouses:
        found = found.filter(~Q(warehouses=[]), warehouses__contained_by=key.warehouses)
    return found


def _within(limits: list[str], asked: list[str], name: str) -> tuple[str, ...]:
    """Raises:
    Invalid: more is asked for than the key may see.
    """
    outside = [place for place, code in enumerate(asked) if limits and code not in limits]
    if outside:
        errors = [
            FieldError(f"/{name}/{place}", "outside_limits", f"This key may not see {asked[place]}.")
            for place in outside
        ]
        raise Invalid("This key may not see all of that.", errors=errors)
    return tuple(asked or limits)


def _answer(endpoint: WebhookEndpoint) -> Answer:
    return Answer(present_endpoint(endpoint), version=endpoint.version)
