"""The sandbox gateway's memory, and the one thing that happens there: somebody answers its page."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from oms.sql import fetch_all
from orders.actions.money.hearing import record_gateway_news
from orders.errors import SandboxPageOver
from orders.models import SandboxCharge
from orders.payments.port import GatewayRefused
from orders.payments.sandbox import Charge, SandboxGateway, SandboxRefund

_SIGNER = Signer(salt="orders.sandbox-gateway")


class SandboxLedger:
    """Charges as rows. It is the gateway's own memory: nothing of the product reads it."""

    @contextmanager
    def turn(self, name: str) -> Iterator[None]:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        with transaction.atomic():
            fetch_all("SELECT pg_advisory_xact_lock(%s)", [number])
            yield

    def find(self, reference: str) -> Charge | None:
        return _read(SandboxCharge.objects.filter(reference=reference).first())

    def find_by_key(self, key: str) -> Charge | None:
        return _read(SandboxCharge.objects.filter(key=key).exclude(key="").first())

    def write(self, charge: Charge) -> None:
        refunds = [
            {"key": each.key, "reference": each.reference, "amount": str(each.amount)} for each in charge.refunds
        ]
        SandboxCharge.objects.update_or_create(
            reference=charge.reference,
            defaults={
                "state": charge.state,
                "amount": charge.amount,
                "currency": charge.currency,
                "key": charge.key,
                "fingerprint": charge.fingerprint,
                "title": charge.title,
                "return_url": charge.return_url,
                "expires_at": charge.expires_at,
                "refunds": refunds,
            },
        )


def reach_sandbox(*, at: datetime) -> SandboxGateway:
    """The sandbox as it is at that moment; it refuses everything where it is switched off."""
    return SandboxGateway(SandboxLedger(), page=sandbox_page, at=at, allowed=settings.SANDBOX_GATEWAY)


def sandbox_page(reference: str) -> str:
    """The address where a charge is paid; nobody can guess it."""
    return f"{settings.PUBLIC_URL}/sandbox-gateway/{_SIGNER.sign(reference)}"


def find_charge(token: str) -> Charge | None:
    """The charge that a page's address names, if that address is ours and the sandbox is on."""
    try:
        reference = _SIGNER.unsign(token)
    except BadSignature:
        return None
    return SandboxLedger().find(reference) if settings.SANDBOX_GATEWAY else None


def answer_page(*, reference: str, paid: bool, at: datetime) -> Charge:
    """Pay, or decline; and tell us as a real gateway would. Paying twice is harmless.

    Raises:
        SandboxPageOver: it has run out.
    """
    try:
        news = reach_sandbox(at=at).answer(reference, paid=paid)
    except GatewayRefused as refusal:
        raise SandboxPageOver(str(refusal)) from refusal
    record_gateway_news(SandboxGateway.code, news, at=at)
    charge = SandboxLedger().find(reference)
    assert charge is not None
    return charge


def _read(row: SandboxCharge | None) -> Charge | None:
    if row is None:
        return None
    return Charge(
        reference=row.reference,
        state=row.state,
        amount=row.amount,
        currency=row.currency,
        key=row.key,
        fingerprint=row.fingerprint,
        title=row.title,
        return_url=row.return_url,
        expires_at=row.expires_at,
        refunds=tuple(SandboxRefund(each["key"], each["reference"], Decimal(each["amount"])) for each in row.refunds),
    )
