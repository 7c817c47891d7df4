"""Codes for tills: 80 random bits in 16 signs that nobody confuses, and what is stored of them.

Nobody can guess one; a limit on asking (`returns/api/credit_guessing.py`) keeps people from trying. The table holds an
HMAC to find an account by, so that looking up takes as long for a wrong code as for a right one, and the code itself
only encrypted, for its owner to read.
"""

import secrets

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.utils.crypto import salted_hmac

from oms.encryption import unseal
from returns.models import CreditAccount

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 16
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})
_SALT = "returns.credit.code"


def draw_code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def digest_code(code: str, secret: str | None = None) -> str:
    return salted_hmac(_SALT, code, secret=secret, algorithm="sha256").hexdigest()


def read_code(typed: str) -> str:
    """A code as it was typed or scanned; "" when it can be none."""
    code = typed[:60].upper().translate(_READ_AS)
    return code if len(code) == LENGTH and not set(code) - set(SIGNS) else ""


def find_by_code(typed: str) -> CreditAccount | None:
    """The account whose code this is. What can be no code is looked up all the same: no answer comes sooner."""
    code = read_code(typed)
    digests = [digest_code(code, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return CreditAccount.objects.filter(code_digest__in=digests).first()


def spell_code(account: CreditAccount) -> str:
    """For its owner, in groups of four: XXXX-XXXX-XXXX-XXXX; "" where it was sealed under a SECRET_KEY that is gone."""
    try:
        code = unseal(bytes(account.code_sealed)).decode()
    except InvalidToken:
        return ""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))
