"""How often somebody may be wrong about a code, by key and by address: kept like the other limits (oms.api.throttling).

A code has 80 bits: at this pace nobody finds one before the sun goes out. Who is over the limit is not answered at all,
right or wrong, so that trying on teaches nothing.
"""

from collections.abc import Hashable

from oms.api.calls import ApiCall
from oms.api.throttling import Meter, address_of, share_of
from oms.policies.throttling import whole_seconds
from returns.errors import TooManyGuesses

WRONG_BY_KEY = 60
WRONG_BY_ADDRESS = 20
"""A minute. Tills mistype; a shop's tills may share one address."""

guesses = Meter()


def refuse_guessing(call: ApiCall) -> None:
    """Raises:
    TooManyGuesses
    """
    for who, limit in _limits(call):
        pace = guesses.look(who, per_minute=limit)
        if not pace.allowed:
            raise TooManyGuesses(max(1, whole_seconds(pace.wait)))


def count_guess(call: ApiCall) -> None:
    """One more that was wrong."""
    for who, limit in _limits(call):
        guesses.count(who, per_minute=limit)


def _limits(call: ApiCall) -> list[tuple[Hashable, int]]:
    return [
        (("key", call.key.pk), share_of(WRONG_BY_KEY)),
        (("address", address_of(call.http)), share_of(WRONG_BY_ADDRESS)),
    ]
