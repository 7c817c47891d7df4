"""Every page is asked ten minutes into the edit window of what was placed at noon."""

import pytest

from oms.portal import pages
from tests.make.admin import at_noon, fresh_cache

__all__ = ["at_noon", "fresh_cache"]


@pytest.fixture(autouse=True)
def nobody_was_hasty():
    """The meter of forms is the process's own; a test wants it empty."""
    pages._submissions.forget()
