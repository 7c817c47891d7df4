"""Each test begins with nobody having asked anything."""

from collections.abc import Iterator

import pytest

from oms.api import throttling
from tests.make.partners import Partner, make_partner


@pytest.fixture(autouse=True)
def _fresh_meters() -> Iterator[None]:
    throttling.keys.forget()
    throttling.strangers.forget()
    yield


@pytest.fixture
def partner(db: None) -> Partner:
    """One that may do everything."""
    return make_partner()
