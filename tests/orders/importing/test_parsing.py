"""Rows of a CSV file; a broken line costs its own order and no other."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orders.actions.intake.opening import Unreadable
from orders.actions.intake.parsing import AT_ONCE, LONGEST_LINE, PatientReader, open_rows, sniff_delimiter
from orders.channels.csv_columns import BadColumnMap, read_column_map


def rows(text: str, *, width: int = 2) -> list[tuple[int, list[str]]]:
    """Each row of the text and the line it ends on; the first is the header."""
    reader = PatientReader(io.StringIO(text, newline=""), first="", delimiter=",")
    reader.read_header()
    reader._width = width
    return [(reader.line_num, row) for row in reader]


def column_map(**members):
    names = {"external_id": "No", "placed_at": "Date", "sku": "Code", "quantity": "Units", "unit_price": "Price"}
    return read_column_map({"columns": names, "constants": {"currency": "EUR"}} | members)


def groups(content: bytes, **members):
    table = open_rows(io.BufferedReader(io.BytesIO(content)), column_map(**members))
    return [group.rows for group in table.split_orders()]


def test_quoted_cells_may_hold_delimiters_quotes_and_line_ends():
    assert rows('a,"x, ""y"""\r\n"1\n2",b\r\nc,d') == [(1, ["a", 'x, "y"']), (3, ["1\n2", "b"]), (4, ["c", "d"])]


def test_a_quote_that_is_never_closed_spoils_its_own_line_only():
    assert rows('1,"open\n2,b\n3,c\n') == [(1, ["1", '"open', ""]), (2, ["2", "b"]), (3, ["3", "c"])]


def test_a_line_that_cannot_be_parsed_never_has_as_many_cells_as_the_header():
    assert rows('1,"a"b\n2,c\n') == [(1, ["1", '"a"b', ""]), (2, ["2", "c"])]
    assert rows('1,"a"b,3\n2,c\n') == [(1, ["1", '"a"b', "3"]), (2, ["2", "c"])]


def test_trouble_far_into_the_file_is_found_where_it_stands():
    lines = [f"{number},x" for number in range(3 * AT_ONCE)]
    lines[2_500] = '2500,"x'
    read = rows("\n".join(lines))
    assert len(read) == len(lines)
    assert read[2_500] == (2_501, ["2500", '"x', ""])
    assert read[2_501] == (2_502, ["2501", "x"])


cells = st.text(st.sampled_from('ab ,"\n\r;'), max_size=5)


@given(st.lists(st.lists(cells, min_size=2, max_size=2), max_size=12), st.sampled_from(["\n", "\r\n"]))
def test_what_a_csv_writer_wrote_is_read_back(written, ending):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator=ending, quoting=csv.QUOTE_ALL).writerows(written)
    assert [row for _, row in rows(file.getvalue())] == written


@given(st.lists(st.lists(st.text("abc", min_size=1), min_size=2, max_size=2), min_size=3, max_size=9), st.data())
def test_one_stray_quote_costs_one_row(written, data):
    lines = [",".join(row) for row in written]
    spoilt = data.draw(st.integers(0, len(lines) - 1))
    lines[spoilt] = '"' + lines[spoilt]
    read = [row for _, row in rows("\n".join(lines))]
    assert len(read) == len(written)
    assert [row for place, row in enumerate(read) if place != spoilt] == [
        row for place, row in enumerate(written) if place != spoilt
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_the_header_has_most_of(delimiter):
    header = delimiter.join(["No", "Date", "Code", "Units", '"Price, net; a|b"'])
    assert sniff_delimiter(header) == delimiter


def test_a_map_that_names_the_delimiter_is_believed():
    content = b"No;Date;Code;Units;Price;a,b,c,d,e,f,g\nA1;;;1;2;x\n"
    assert groups(content, delimiter=";") == [[["A1", "", "", "1", "2", "x"]]]


def test_blanks_around_the_names_of_columns_do_not_matter():
    assert groups(b"\xef\xbb\xbf No , Date,Code ,Units,Price\nA1,,,1,2\n") == [[["A1", "", "", "1", "2"]]]


@pytest.mark.parametrize("content", [b"", b"\n", b",,,\n"])
def test_a_file_without_a_header_says_so(content):
    with pytest.raises(BadColumnMap, match="not even a header"):
        groups(content)


def test_a_column_that_is_missing_is_named_beside_those_that_are_there():
    with pytest.raises(BadColumnMap, match=r"no column Units.*it has No, Date, Code, Amount, Price"):
        groups(b"No,Date,Code,Amount,Price\n")


def test_a_line_without_end_is_no_row():
    with pytest.raises(Unreadable, match="too long"):
        groups(b"No,Date,Code,Units,Price\n" + b"x" * (LONGEST_LINE + 1))
