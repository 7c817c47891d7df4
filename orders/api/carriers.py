"""`POST /carriers/{code}/webhooks`: what carriers call. Each is believed by its own signature only."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from oms.api.problems import Problem, answer_exception
from oms.api.rendering import render_json
from oms.api.throttling import count_failure
from oms.errors import NotFound
from orders.actions.shipping.following import hear_carrier, refuse_carrier_signature
from orders.actions.shipping.reaching import reach_carrier
from orders.carriers.port import NotNews
from orders.models import CarrierAccount

LARGEST_MESSAGE = 2**20


@csrf_exempt
def take_carrier_message(request: HttpRequest, code: str) -> HttpResponse:
    """200 once the message is safe, also when it concerns nothing here; else the carrier sends it again."""
    try:
        return _take(request, code)
    except Exception as error:
        return answer_exception(error, request)


def _take(request: HttpRequest, code: str) -> HttpResponse:
    if request.method != "POST":
        raise Problem(405, "method_not_allowed", "Carriers POST their messages here.", headers={"Allow": "POST"})
    account = CarrierAccount.objects.filter(code=code).exclude(kind=CarrierAccount.Kind.HOUSE).first()
    if account is None:
        raise NotFound("No carrier sends messages here.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdecimal() and int(length) > LARGEST_MESSAGE:
        raise Problem(413, "body_too_large", "A message may have 1 MiB.")

    body, carrier = request.body, reach_carrier(account)
    if not carrier.verify_webhook(body, request.headers, account.secret):
        count_failure(request)
        refuse_carrier_signature(account, at=timezone.now())
        raise Problem(401, "signature_invalid", "The signature does not fit this body and this carrier's secret.")
    try:
        news = carrier.read_news(body)
    except NotNews as error:
        raise Problem(400, "request_malformed", str(error)) from error

    heard = hear_carrier(account, news, at=timezone.now())
    return HttpResponse(
        render_json({"reports": heard.reports, "refunds": heard.refunds}), content_type="application/json"
    )
