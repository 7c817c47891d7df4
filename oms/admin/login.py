"""The login form: it does not say which part was wrong, and it makes guessing slow."""

import math
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from unfold.forms import AuthenticationForm

from oms.actions.admitting import forget_attempts, note_attempt


class StaffLoginForm(AuthenticationForm):
    """Ten attempts in a quarter of an hour for one name from one address, whether the name exists or not."""

    def clean(self) -> dict[str, Any]:
        username, address = self.cleaned_data.get("username", "").lower(), client_address(self.request)
        if not username or not self.cleaned_data.get("password"):
            return super().clean()

        if wait := note_attempt(username=username, address=address, at=timezone.now()):
            raise ValidationError(_say_wait(wait), code="throttled")
        cleaned = super().clean()
        forget_attempts(username=username, address=address)
        return cleaned


def client_address(request: HttpRequest) -> str:
    """Who asks, seen past as many proxies as we run ourselves (NUM_PROXIES); what lies beyond can be made up."""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    proxies = settings.REST_FRAMEWORK["NUM_PROXIES"]
    if proxies and forwarded:
        return forwarded[-min(proxies, len(forwarded))]
    return request.META.get("REMOTE_ADDR", "")


def _say_wait(wait: timedelta) -> str:
    minutes = math.ceil(wait / timedelta(minutes=1))
    unit = "minute" if minutes == 1 else "minutes"
    return f"Too many failed attempts. Wait {minutes} {unit}, then try again."
