"""Admitting customers to their order: a code by mail, five tries, ten minutes.

Whether number and e-mail fit an order is never told: both ways the same statements run, the same rows are written and
the same page is shown; only a mail arrives or does not, sent later by a worker. The code itself is stored nowhere: it
follows from the row's handle and the secret key, so that the worker can mail it and nobody can read it.
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import constant_time_compare, salted_hmac

from oms import events
from oms.errors import Refused
from oms.sql import fetch_one
from oms.transactions import transactional
from orders.errors import CodeLocked, CodeOutdated, CodeWrong, TooManyCodes
from orders.events import CodeAsked, CustomerAdmitted
from orders.models import Order, PortalCode

CODE_LASTS = timedelta(minutes=10)
TRIES = 5
ASKED_WITHIN = timedelta(hours=1)
ASKED_AT_MOST = 5
"""Codes an hour for one pair of number and e-mail. With five tries each, guessing right takes years."""
ADDRESS_AT_MOST = 30
"""Codes an hour from one address; families and offices share one."""
KEPT = timedelta(days=2)

_SALT = "orders.portal.code"


class Attempt(NamedTuple):
    """What came of one try: the order, or why not. A refusal must not undo the count, so it is not raised inside."""

    order: Order | None = None
    refusal: Refused | None = None


@transactional
def ask_code(*, number: str, email: str, address: str, by: str, at: datetime) -> PortalCode:
    """Have a code mailed, if number (ours or the shop's) and e-mail fit an order. `address`: where from.

    Raises:
        TooManyCodes: for this pair, or from this address; says so whether or not there is an order.
    """
    number, email = number.strip().removeprefix("#")[:60], email.strip().lower()[:254]
    asked_for = salted_hmac(f"{_SALT}.asked", f"{number.upper()}\n{email}", algorithm="sha256").hexdigest()
    fetch_one("SELECT pg_advisory_xact_lock(hashtextextended(%(pair)s, 0))", {"pair": asked_for})  # one by one
    _refuse_haste(asked_for, address, at)

    code = PortalCode(
        order=_find_order(number, email),
        asked_at=at,
        expires_at=at + CODE_LASTS,
        asked_for=asked_for,
        address=address[:64],
    )
    code.digest = _digest(code.handle, spell_code(code.handle))
    code.save(force_insert=True)
    events.publish([CodeAsked(subject=str(code.handle), by=by, at=at)])
    return code


def spell_code(handle: UUID) -> str:
    """The six digits that were mailed under this handle."""
    drawn = salted_hmac(f"{_SALT}.digits", handle.hex, algorithm="sha256").digest()
    return f"{int.from_bytes(drawn, 'big') % 1_000_000:06d}"


def admit_customer(*, handle: UUID, code: str, by: str, at: datetime) -> Order:
    """The order whose code this is. Every try counts, right or wrong, before it is looked at.

    Raises:
        CodeWrong: with the tries that are left.
        CodeLocked: there is none left.
        CodeOutdated: it is too old, was used, or never was.
    """
    attempt = _try_code(handle=handle, code=code, by=by, at=at)
    if attempt.refusal:
        raise attempt.refusal
    assert attempt.order is not None
    return attempt.order


@transactional
def _try_code(*, handle: UUID, code: str, by: str, at: datetime) -> Attempt:
    row = PortalCode.objects.select_for_update(of=("self",)).select_related("order").filter(handle=handle).first()
    if row is None or row.used_at or row.expires_at <= at:
        return Attempt(refusal=CodeOutdated())
    if row.tries >= TRIES:
        return Attempt(refusal=CodeLocked())

    row.tries += 1
    right = constant_time_compare(_digest(row.handle, _digits_of(code)), row.digest)
    if right and row.order is not None:
        row.used_at = at
        events.publish([CustomerAdmitted(subject=row.order.number, by=by, at=at, facts={"by": "code"})])
    row.save(update_fields=["tries", "used_at"])

    if right and row.order is not None:
        return Attempt(order=row.order)
    left = TRIES - row.tries
    return Attempt(refusal=CodeWrong(left) if left else CodeLocked())


def purge_codes(*, at: datetime) -> int:
    """Forget codes that count for nothing any more."""
    deleted, _ = PortalCode.objects.filter(expires_at__lt=at - KEPT).delete()
    return deleted


def _find_order(number: str, email: str) -> Order | None:
    """The newest, where two channels happen to use one number."""
    written = {number, number.upper()}
    named = Q(number__in=written) | Q(external_number__in=[*written, *(f"#{spelling}" for spelling in written)])
    return Order.objects.filter(named, email=email).exclude(email="").order_by("-placed_at", "-id").first()


def _refuse_haste(asked_for: str, address: str, at: datetime) -> None:
    recent = PortalCode.objects.filter(asked_at__gt=at - ASKED_WITHIN)
    same = recent.filter(asked_for=asked_for).order_by("-asked_at").values_list("asked_at", flat=True)[:ASKED_AT_MOST]
    near = recent.filter(address=address[:64]).order_by("-asked_at").values_list("asked_at", flat=True)
    for asked, most in ((list(same), ASKED_AT_MOST), (list(near[:ADDRESS_AT_MOST]), ADDRESS_AT_MOST)):
        if len(asked) >= most:
            raise TooManyCodes(asked[-1] + ASKED_WITHIN - at)


def _digest(handle: UUID, code: str) -> str:
    return salted_hmac(f"{_SALT}.digest", f"{handle.hex}:{code}", algorithm="sha256").hexdigest()


def _digits_of(code: str) -> str:
    """As it was typed or pasted, with spaces and in whatever digits; never longer than it can be."""
    return "".join(str(int(sign)) for sign in code[:30] if sign.isdecimal())[:6]
