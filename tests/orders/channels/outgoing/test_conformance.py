"""The table of docs/connectors.md says what happens, not what somebody hopes; `make connectors` writes it anew."""

import os
from pathlib import Path

import pytest

from tests.orders.channels.outgoing.conformance import find_cells, write_table

GUIDE = Path(__file__).resolve().parents[4] / "docs" / "connectors.md"
BEGIN, END = "<!-- conformance -->\n", "\n<!-- end -->"


@pytest.mark.django_db
def test_the_table_of_connectors_is_what_they_do(settings):
    settings.CALL_PRIVATE_ADDRESSES = True
    cells = find_cells()
    table, (head, _, rest) = write_table(cells), GUIDE.read_text().partition(BEGIN)
    if os.environ.get("CONNECTORS_WRITE"):
        GUIDE.write_text(head + BEGIN + table + END + rest.partition(END)[2])

    assert GUIDE.read_text().partition(BEGIN)[2].partition(END)[0] == table
    assert [name for name, row in cells.items() if "fail" in row.values()] == []
