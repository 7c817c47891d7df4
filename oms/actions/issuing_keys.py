"""API keys: issued and shown once, given an end, revoked for good."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from oms.errors import FieldError, Invalid, NotFound
from oms.events import publish
from oms.key_events import ApiKeyEndSet, ApiKeyIssued, ApiKeyRevoked
from oms.models import ApiKey, Channel
from oms.models.api_key import Scope, digest_of

PREFIX_LENGTH = 12


@transaction.atomic
def issue_api_key(
    *,
    name: str,
    scopes: Sequence[str],
    channels: Sequence[str] = (),
    warehouses: Sequence[str] = (),
    by: str,
    at: datetime,
) -> tuple[ApiKey, str]:
    """A new key and its secret, which nobody can read again later. No channels: all; no warehouses: all.

    Raises:
        Invalid: no name, no or unknown scopes, an unknown channel.
    """
    _refuse_nonsense(name=name, scopes=scopes, channels=channels)

    secret = f"oms_{secrets.token_urlsafe(32)}"
    key = ApiKey.objects.create(
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        channels=sorted(set(channels)),
        warehouses=sorted(set(warehouses)),
    )
    limits = {"scopes": key.scopes, "channels": key.channels, "warehouses": key.warehouses}
    publish([ApiKeyIssued(subject=str(key.pk), by=by, at=at, facts={"name": name, "prefix": key.prefix, **limits})])
    return key, secret


@transaction.atomic
def end_api_key(*, key_id: int, expires_at: datetime, by: str, at: datetime) -> ApiKey:
    """The key opens doors until then: for a guest, or for the old key while its holder changes to a new one.

    Raises:
        NotFound
        Invalid: the moment is past; to end a key now, revoke it.
    """
    key = _locked_key(key_id)
    if expires_at <= at:
        error = FieldError("/expires_at", "already_over", "A key cannot end in the past; revoke it.")
        raise Invalid(error.detail, errors=[error])

    key.expires_at = expires_at
    key.save(update_fields=["expires_at"])
    facts = {"name": key.name, "prefix": key.prefix, "expires_at": expires_at}
    publish([ApiKeyEndSet(subject=str(key.pk), by=by, at=at, facts=facts)])
    return key


@transaction.atomic
def revoke_api_key(*, key_id: int, by: str, at: datetime) -> ApiKey:
    """From now on the key opens nothing. Revoking twice is harmless.

    Raises:
        NotFound
    """
    key = _locked_key(key_id)
    if key.revoked_at is not None:
        return key

    key.revoked_at = at
    key.save(update_fields=["revoked_at"])
    publish([ApiKeyRevoked(subject=str(key.pk), by=by, at=at, facts={"name": key.name, "prefix": key.prefix})])
    return key


def _locked_key(key_id: int) -> ApiKey:
    key = ApiKey.objects.select_for_update(no_key=True).filter(pk=key_id).first()
    if key is None:
        raise NotFound(f"There is no API key {key_id}.")
    return key


def _refuse_nonsense(*, name: str, scopes: Sequence[str], channels: Sequence[str]) -> None:
    errors = []
    if not name.strip() or len(name) > 120:
        errors.append(FieldError("/name", "name_missing", "Say who holds the key, in at most 120 characters."))
    if not scopes:
        errors.append(FieldError("/scopes", "scope_needed", "A key needs at least one scope."))
    known = ", ".join(Scope.values)
    errors += [
        FieldError("/scopes", "unknown_scope", f"{scope} is not a scope. There are: {known}.")
        for scope in scopes
        if scope not in Scope.values
    ]
    existing = set(Channel.objects.filter(code__in=channels).values_list("code", flat=True))
    errors += [
        FieldError("/channels", "unknown_channel", f"There is no channel {code}.")
        for code in channels
        if code not in existing
    ]
    if errors:
        raise Invalid(" ".join(error.detail for error in errors), errors=errors)
