"""The report: a member that is counted twice or not at all is a bug, not a rounding error."""

import orjson
import pytest

from orders.queries.import_report import STATUSES, Counted, DoesNotAddUp, FileReport, ImportReport, describe_report
from tests.make.moments import NOON, ONE_MINUTE, ONE_SECOND

FILE = "orders.csv"


def report_of(*ends: Counted) -> ImportReport:
    report = ImportReport("web", "csv", started_at=NOON, files=[FileReport(FILE)])
    for end in ends:
        report.read(report.files[0], rows=end.rows)
        report.count(end)
    return report


def end(status: str = "placed", **fields) -> Counted:
    return Counted(status=status, **({"rows": 2, "lines": 2} | fields))


def test_every_member_is_in_exactly_one_count():
    report = report_of(*(end(status) for status in STATUSES), end("placed"))
    report.check()
    written = report.as_json(at=NOON)
    assert written["members"] == sum(written[status] for status in STATUSES) == 7
    assert written["rows"] == sum(written["rows_by_status"].values()) == 14
    assert written["files"] == [{"name": FILE, "bytes": 0, "members": 7, "rows": 14, "problem": ""}]


def test_a_member_that_is_read_and_not_counted_is_a_bug():
    report = report_of(end())
    report.read(report.files[0], rows=0)
    with pytest.raises(DoesNotAddUp, match="2 members were read, 1 are accounted for"):
        report.check()


def test_a_row_that_is_counted_twice_is_a_bug():
    report = report_of(end())
    report.rows -= 1
    with pytest.raises(DoesNotAddUp, match="1 rows were read, 2 are accounted for"):
        report.check()


def test_a_status_that_nobody_knows_is_a_bug():
    with pytest.raises(DoesNotAddUp, match="vanished"):
        report_of(end("vanished")).check()


def test_each_reason_is_counted_and_keeps_its_first_example():
    ends = [
        end(
            "quarantined",
            reason="unknown_sku",
            source=f"{FILE}, line {place}",
            external_id=f"A{place}",
            detail="There is none.",
        )
        for place in (2, 3)
    ]
    written = report_of(*ends, end("not_an_order", reason="other_kind")).as_json(at=NOON)

    example = {"source": f"{FILE}, line 2", "external_id": "A2", "detail": "There is none."}
    assert written["quarantined_by_reason"] == {"unknown_sku": {"members": 2, "rows": 4, "example": example}}
    assert list(written["not_an_order_by_reason"]) == ["other_kind"]


def test_speed_is_told_as_lines_a_second():
    report = report_of(end(lines=120))
    assert report.as_json(at=NOON + ONE_MINUTE)["lines_per_second"] == 2.0
    report.finished_at = NOON + ONE_SECOND
    assert report.as_json(at=NOON + ONE_MINUTE)["seconds"] == 1.0


def test_a_report_can_be_written_as_json_before_anything_was_read():
    written = ImportReport("web", "csv", started_at=NOON).as_json(at=NOON)
    assert orjson.loads(orjson.dumps(written)) == written
    assert written["lines_per_second"] is None


def test_the_columns_of_the_table_stand_under_each_other():
    table = list(describe_report(report_of(end(), end("quarantined", reason="unknown_sku")), at=NOON + ONE_SECOND))
    rows = [line for line in table[: len(STATUSES) + 3] if line]
    assert len({len(line) for line in rows}) == 1
    assert rows[0].split() == ["members", "rows"]
    assert rows[-1].split() == ["read", "2", "4"]


def test_a_file_that_was_not_read_to_its_end_is_named_with_its_reason():
    report = report_of(end())
    report.files[0].problem = "It breaks off."
    report.left_aside = [f"{place}.md" for place in range(7)]
    words = "\n".join(describe_report(report, at=NOON))
    assert "Not read to the end: orders.csv: It breaks off." in words
    assert "4.md and 2 more" in words
