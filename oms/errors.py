"""What an action says when it will not do a thing, and why.

Refused                 the state of the world forbids it (409); `code` is stable, `facts` are for machines
├── Invalid             the request is well-formed but wrong (422), `errors` point at the places
├── NotFound            there is no such thing, or not for you (404)
├── MailNotSendable     a mail that waits already, or whose words or address are not kept (409)
├── VersionStale        it has changed since you read it (412)
└── NotDismissible      only the end of its cause ends it (409)
Raced                   somebody was faster: run the whole transaction again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class Refused(Exception):
    """An action's refusal: nothing has changed. Subclasses state the fact in their name and `code`."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong place in a request: a JSON pointer (RFC 6901), a stable code and a sentence."""

    pointer: str
    code: str
    detail: str


class Invalid(Refused):
    """Well-formed, but wrong; `errors` say where."""

    code = "invalid"
    status = 422

    def __init__(self, message: str, *, errors: Sequence[FieldError] = (), **facts: Any) -> None:
        super().__init__(message, **facts)
        self.errors = list(errors)


class NotFound(Refused):
    """No such thing, or none that you may see: the answer is the same."""

    code = "not_found"
    status = 404


class MailNotSendable(Refused):
    """It waits already, has no address, its words are not kept, or there is no mail server to send it."""

    code = "mail_not_sendable"


class VersionStale(Refused):
    """It has changed since you read it; read it again and decide anew."""

    code = "version_stale"
    status = 412


class NotDismissible(Refused):
    """Somebody waits for it: an exception of this type ends with its cause, not by putting it aside."""

    code = "not_dismissible"


class Raced(Exception):
    """Another transaction changed what this one had read; run this one again from the start."""
