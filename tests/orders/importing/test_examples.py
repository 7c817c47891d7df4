"""The examples of the documentation, imported as it says."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from orders.models import Order
from tests.orders.importing.files import import_orders

pytestmark = pytest.mark.django_db

EXAMPLES = Path(settings.BASE_DIR) / "docs" / "examples"


def totals() -> dict[str, Decimal]:
    return dict(Order.objects.values_list("external_id", "total"))


@pytest.fixture
def copy(tmp_path):
    """A copy to read from: the report is written beside it."""

    def make(name: str) -> Path:
        path = tmp_path / name
        path.write_bytes((EXAMPLES / name).read_bytes())
        return path

    return make


def test_the_shop_export_is_taken_by_its_map(copy):
    told = import_orders(
        copy("shop_export.csv"), format="csv", columns=str(EXAMPLES / "shop_export.toml"), create_skus=True
    )
    assert told.statuses == {"placed": 2}
    assert totals() == {"10-1001": Decimal("46.70"), "10-1002": Decimal("1024.90")}
    assert not Order.objects.exclude(stated_total=None).exists()
    assert Order.objects.get(external_id="10-1002").note == "Please ring\ntwice"


def test_the_json_lines_are_taken(copy):
    told = import_orders(copy("orders.jsonl"), create_skus=True)
    assert told.statuses == {"placed": 2}
    assert totals() == {"gid-1001": Decimal("44.70"), "gid-1002": Decimal("1024.90")}
