"""On a SKU's page: what each channel shows of it, as far as we have told it."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from inventory.models import Availability, ChannelStock


def show_told(request: HttpRequest, subject: Availability) -> str:
    """Nothing where no channel is told of stock."""
    if not request.user.has_perm("inventory.view_availability"):
        return ""
    told = (
        ChannelStock.objects.filter(variant_id=subject.variant_id).select_related("channel").order_by("channel__code")
    )
    rows = list(told)
    return render_to_string("inventory/admin/told.html", {"rows": rows}) if rows else ""
