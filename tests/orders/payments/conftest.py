"""A Stripe of our own for the tests that speak with it."""

from collections.abc import Iterator

import pytest

from tests.fakes.stripe_server import StripeServer


@pytest.fixture
def stripe() -> Iterator[StripeServer]:
    with StripeServer() as server:
        yield server
