"""The receivers of these tests run on this machine."""

import pytest


@pytest.fixture(autouse=True)
def _calls_this_machine(settings):
    settings.CALL_PRIVATE_ADDRESSES = True
