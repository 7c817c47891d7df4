"""Every page is asked ten minutes into the edit window of what was placed at noon."""

import pytest

from oms.portal import pages
from tests.make.admin import at_noon, fresh_cache
from tests.make.edits import open_shop, order_of_tees
from tests.make.portal import customer

__all__ = ["at_noon", "fresh_cache"]


@pytest.fixture(autouse=True)
def nobody_was_hasty():
    """The meter of forms is the process's own; a test wants it empty."""
    pages._submissions.forget()


@pytest.fixture
def order():
    open_shop()
    return order_of_tees()


@pytest.fixture
def client(order):
    return customer(order)
