import pytest

from tests.make.partners import make_partner


@pytest.fixture
def partner(db):
    """One that may do everything."""
    return make_partner()
