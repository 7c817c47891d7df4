"""Which returns a person sees: all, or of a partner's people those that go to their warehouses."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from oms.models import User
from returns.models import Return
from returns.queries.access import returns_for_staff

JOINED = ("order__channel", "order__customer", "order__shipping_address", "node__warehouse", "rule", "abuse_score")


def user_of(request: HttpRequest) -> User:
    """Whoever is logged in; the admin lets in nobody else."""
    return cast(User, request.user)


def return_for_page(request: HttpRequest, number: str) -> Return:
    """The return, with what its page joins to it.

    Raises:
        PermissionDenied: this person may not see returns.
        Http404: there is no such one, or not for them.
    """
    if not request.user.has_perm("returns.view_return"):
        raise PermissionDenied("Your role does not include reading returns.")
    seen = returns_for_staff(user_of(request)).select_related(*JOINED)
    found = seen.filter(number=number.upper()).first()
    if found is None:
        raise Http404(f"There is no return {number}.")
    return found


def sees_money(request: HttpRequest) -> bool:
    """A partner grades goods; what they cost the customer is not theirs to know."""
    return not user_of(request).warehouses
