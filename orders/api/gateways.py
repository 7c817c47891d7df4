"""`POST /gateways/{code}/webhooks`: what payment gateways call. Each is believed by its own signature only."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from oms.api.problems import Problem, answer_exception
from oms.api.rendering import render_json
from oms.api.throttling import count_failure
from oms.errors import NotFound
from orders.actions.intake.refusing import refuse_gateway_signature
from orders.actions.money.hearing import record_gateway_news
from orders.payments.port import NotNews
from orders.payments.registry import STRIPE
from orders.payments.stripe_gateway import StripeGateway

LARGEST_MESSAGE = 2**20


@csrf_exempt
def take_gateway_message(request: HttpRequest, code: str) -> HttpResponse:
    """200 once the message is safe, also when it concerns nothing here; else the gateway sends it again."""
    try:
        return _take(request, code)
    except Exception as error:
        return answer_exception(error, request)


def _take(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        raise Problem(405, "method_not_allowed", "Gateways POST their messages here.", headers={"Allow": "POST"})
    if code != STRIPE:
        raise NotFound("No gateway sends messages here.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > LARGEST_MESSAGE:
        raise Problem(413, "body_too_large", "A message may have 1 MiB.")

    body, gateway = request.body, StripeGateway(settings.STRIPE_SECRET_KEY, api_base=settings.STRIPE_API_BASE)
    if not gateway.verify_webhook(body, request.headers, settings.STRIPE_WEBHOOK_SECRET):
        count_failure(request)
        refuse_gateway_signature(code, at=timezone.now())
        raise Problem(401, "signature_invalid", "The signature does not fit this body and this gateway's secret.")
    try:
        news = gateway.read_news(body)
    except NotNews as error:
        raise Problem(400, "request_malformed", str(error)) from error

    messages = [record_gateway_news(code, each, at=timezone.now()) for each in news]
    results = [{"id": message.external_id, "outcome": message.outcome} for message in messages]
    return HttpResponse(render_json({"results": results}), content_type="application/json")
