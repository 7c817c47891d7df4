"""`POST /channels/{code}/webhooks/{topic…}`: what channels call. Each is believed by its own signature only."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from oms.api.problems import Problem, answer_exception
from oms.api.rendering import render_json
from oms.api.throttling import count_failure
from oms.errors import NotFound
from oms.models import Channel
from orders.actions.intake.refusing import refuse_signature
from orders.actions.intake.taking import Message, Outcome, take_messages
from orders.channels.registry import FORMAT_OF_CONNECTOR, mapping_named

LARGEST_MESSAGE = 5 * 2**20


@csrf_exempt
def take_webhook(request: HttpRequest, code: str, topic: str) -> HttpResponse:
    """200 once the message is safe: taken, known, or in quarantine. Anything else makes the channel send it again."""
    try:
        return _take(request, code, topic)
    except Exception as error:
        return answer_exception(error, request)


def _take(request: HttpRequest, code: str, topic: str) -> HttpResponse:
    if request.method != "POST":
        raise Problem(405, "method_not_allowed", "Channels POST their messages here.", headers={"Allow": "POST"})
    channel = Channel.objects.filter(code=code).first()
    format_ = FORMAT_OF_CONNECTOR.get(channel.connector) if channel else None
    if channel is None or format_ is None or not topic.isprintable():
        raise NotFound("No channel takes messages here.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > LARGEST_MESSAGE:
        raise Problem(413, "body_too_large", "A message may have 5 MiB.")

    body = request.body
    if not mapping_named(format_).verify_signature(body, request.headers, channel.webhook_secret):
        count_failure(request)
        refuse_signature(channel, topic=topic, at=timezone.now())
        raise Problem(401, "signature_invalid", "The signature does not fit this body and this channel's secret.")

    message = Message(body=body, topic=topic, source="webhook")
    outcomes = take_messages([message], channel=channel, format=format_, by=channel.actor, at=timezone.now())
    return HttpResponse(
        render_json({"results": [_present(each) for each in outcomes]}), content_type="application/json"
    )


def _present(outcome: Outcome) -> dict[str, str | None]:
    return {"status": outcome.status, "number": outcome.number or None, "reason": outcome.reason or None}
