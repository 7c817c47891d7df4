"""Each test begins with nobody having asked anything."""

from collections.abc import Iterator

import pytest

from oms.api import throttling


@pytest.fixture(autouse=True)
def _fresh_meters() -> Iterator[None]:
    throttling.keys.forget()
    throttling.strangers.forget()
    yield
