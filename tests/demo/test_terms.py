"""What the demo's brand takes back."""

from datetime import date

from config.demo.brand import read_table
from returns.policies.terms.choosing import find_conflicts
from returns.policies.terms.floors import find_undercuts
from returns.policies.terms.rows import read_terms
from tests.make.moments import NOON


def shelves() -> dict[str, tuple[str, ...]]:
    parents = {row["code"]: row.get("parent", "") for row in read_table("brand")["category"]}
    return {code: (parent, code) if parent else (code,) for code, parent in parents.items()}


def test_its_terms_keep_every_law_and_leave_no_tie():
    rows = read_terms([{"id": place} | row for place, row in enumerate(read_table("terms")["terms"], 1)])

    assert find_undercuts(rows, NOON, shelves()) == []
    assert find_undercuts(rows, date(2030, 1, 1), shelves()) == []
    assert [each for each in find_conflicts(rows, shelves()) if each.tied] == []


def test_something_is_for_everything_and_something_is_sold_for_good():
    rows = read_terms([{"id": place} | row for place, row in enumerate(read_table("terms")["terms"], 1)])

    assert any(not row.scope for row in rows)
    assert {row.final_sale for row in rows if row.final_sale} == {"INTIMATE", "CUSTOM"}
