"""`/returns/drop-off/{token}`: what the code of a parcel leads to. Whoever scans it gets the label to print.

The token is the key: 120 bits that nobody guesses, good as long as the parcel has not moved.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from oms.portal.pages import is_too_fast, show_too_fast
from orders.absences import LabelNotFound
from returns.choices import Method
from returns.documents.labels import print_return_label
from returns.documents.slips import print_slip
from returns.models import Return, ReturnParcel


@require_safe
def give_label(request: HttpRequest, token: str) -> HttpResponse:
    """The label as a PDF; at a counter of ours, the slip."""
    if is_too_fast(request):
        return show_too_fast(request)
    parcel = _find(token)
    number = parcel.of.number
    try:
        content = print_slip(number) if parcel.label_id is None else print_return_label(number, at=timezone.now())
    except LabelNotFound:
        raise Http404("The label of this return is not ready.") from None
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    answer["Cache-Control"] = "no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _find(token: str) -> ReturnParcel:
    """One that may still be sent, or brought."""
    waiting = ReturnParcel.objects.filter(status=ReturnParcel.Status.ANNOUNCED, of__status=Return.Status.OPEN)
    coded = waiting.filter(of__method__in=[Method.QR_DROP_OFF, Method.IN_STORE, Method.PREPAID_LABEL])
    parcel = coded.select_related("of").filter(token=token).first() if "\x00" not in token else None
    if parcel is None:
        raise Http404("This code is not good any more.")
    return parcel
