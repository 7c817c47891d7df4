"""Secrets that we must be able to read again (a channel's webhook secret) are stored encrypted.

The key is derived from SECRET_KEY (HKDF-SHA256, RFC 5869); SECRET_KEY_FALLBACKS still decrypt, so keys can be rotated.
"""

import base64
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class EncryptedTextField(models.TextField):
    """Text that lies encrypted in the database and is plain in Python. It cannot be searched."""

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        try:
            return _cipher().decrypt(value.encode()).decode()
        except InvalidToken:
            return ""  # written under a SECRET_KEY that is gone: as good as never set

    def get_prep_value(self, value: str | None) -> str | None:
        if not value:
            return value
        return _cipher().encrypt(value.encode()).decode()


def seal(plain: bytes) -> bytes:
    """Bytes as they may lie in the database although they hold a secret."""
    return _cipher().encrypt(plain)


def unseal(sealed: bytes) -> bytes:
    """Raises:
    InvalidToken: written under a SECRET_KEY that is gone.
    """
    return _cipher().decrypt(sealed)


@cache
def _cipher() -> MultiFernet:
    return MultiFernet([_fernet(key) for key in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"oms encrypted fields").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
