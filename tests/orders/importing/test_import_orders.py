"""`manage.py import_orders`: whole files in, and figures that add up to the input."""

import gzip
import json
import os
import signal
import sys
from io import BufferedReader, BytesIO, StringIO, TextIOWrapper

import orjson
import pytest
from django.core.management import CommandError, call_command

from oms.models import Channel
from orders.actions.intake.taking import retry_messages
from orders.models import ImportRun, Order, QuarantinedMessage
from tests.make.moments import ADA, NOON
from tests.make.orders import channel, line, open_holds
from tests.make.snapshots import nothing_changes
from tests.make.stock import stocked_variant
from tests.orders.channels.messages import shopify_line, shopify_order, woo_order
from tests.orders.importing.files import (
    COLUMNS,
    HEADER,
    import_csv,
    import_orders,
    own_orders,
    row,
    write_columns,
    write_csv,
    write_lines,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stock():
    stocked_variant(on_hand=1_000)


def test_each_member_of_a_file_ends_in_one_of_six_ways(tmp_path):
    placed, known = own_orders(2)
    unknown_sku = own_orders(1, lines=[line("NOBODYS")])[0]
    path = write_lines(tmp_path / "o.jsonl", [placed, known, known, unknown_sku, b"{broken\n", {"title": "a product"}])

    told = import_orders(path)

    assert told.statuses == {"placed": 2, "known": 1, "not_an_order": 1, "quarantined": 2}
    assert told.report["members"] == 6
    assert (told.report["lines"], told.report["rows"]) == (2, 0)
    assert Order.objects.count() == 2
    assert told.failure is None


def test_the_second_time_all_is_known_and_nothing_changes_but_what_was_seen_again(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", [*own_orders(3), b"{broken\n"])
    import_orders(path)
    QuarantinedMessage.objects.filter(seen=1).get()
    orders = list(Order.objects.order_by("id").values())

    told = import_orders(path)

    assert told.statuses == {"known": 3, "quarantined": 1}
    assert list(Order.objects.order_by("id").values()) == orders
    assert QuarantinedMessage.objects.get().seen == 2


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("one.json", lambda orders: orjson.dumps(orders[0])),
        ("list.json", orjson.dumps),
        ("orders.json", lambda orders: orjson.dumps({"orders": orders})),
        ("envelope.json", lambda orders: orjson.dumps({"_source": "somewhere", "body": orders})),
        ("packed.json.gz", lambda orders: gzip.compress(orjson.dumps(orders))),
        ("pretty.json", lambda orders: json.dumps(orders, indent=4).encode()),
        ("marked.json", lambda orders: b"\xef\xbb\xbf" + orjson.dumps(orders)),
    ],
)
def test_json_comes_as_an_order_a_list_or_in_an_envelope(tmp_path, name, pack):
    orders = [shopify_order(id=number, name=f"#{number}") for number in (1, 2, 3)]
    (tmp_path / name).write_bytes(pack(orders))

    told = import_orders(tmp_path / name, format="shopify")

    assert told.statuses == {"placed": 1 if name == "one.json" else 3}


def test_every_format_is_read_by_its_own_mapping(tmp_path):
    (tmp_path / "woo.json").write_bytes(orjson.dumps([woo_order()]))
    told = import_orders(tmp_path / "woo.json", format="woocommerce")
    assert told.statuses == {"placed": 1}
    assert Order.objects.get().external_number == "2025-727"


def test_files_and_folders_may_be_mixed_and_one_that_cannot_be_read_stops_no_other(tmp_path):
    (tmp_path / "in").mkdir()
    write_lines(tmp_path / "in" / "a.jsonl.gz", own_orders(2))
    (tmp_path / "in" / "b.jsonl.gz").write_bytes(gzip.compress(os.urandom(5_000))[:-100])
    (tmp_path / "in" / "readme.md").write_text("not for us")
    last = write_lines(tmp_path / "z.jsonl", own_orders(1))

    told = import_orders(tmp_path / "in", tmp_path / "missing.jsonl", last)

    assert told.statuses["placed"] == 3
    problems = {file["name"]: file["problem"] for file in told.report["files"] if file["problem"]}
    assert problems[str(tmp_path / "missing.jsonl")] == "There is no such file."
    assert "breaks off" in problems[str(tmp_path / "in" / "b.jsonl.gz")]
    assert told.report["left_aside"] == [str(tmp_path / "in" / "readme.md")]
    assert str(told.failure) == "2 of 4 files could not be read to the end."
    assert told.failure.returncode == 1


def test_standard_input_is_a_file_like_any_other(tmp_path, monkeypatch):
    content = b"".join(orjson.dumps(each) + b"\n" for each in own_orders(2))
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BufferedReader(BytesIO(content))))
    channel("file", connector="FILE")
    call_command("import_orders", "-", channel="file", format="jsonl")
    assert Order.objects.count() == 2


def test_an_empty_file_holds_nothing(tmp_path):
    told = import_orders(write_lines(tmp_path / "o.jsonl", []))
    assert (told.statuses, told.failure) == ({}, None)


# --- CSV -----------------------------------------------------------------------------------------------


def test_rows_of_one_order_become_one_order_and_every_row_is_counted(tmp_path):
    stocked_variant("MUG")
    rows = [row("A1"), row("A1", "MUG", 2), row("A2"), row("A3", units="many"), row("A3", "MUG")]

    told = import_csv(tmp_path, rows)

    assert told.statuses == {"placed": 2, "quarantined": 1}
    assert told.report["rows"] == 5
    assert told.report["rows_by_status"]["placed"] == 3
    assert told.report["rows_by_status"]["quarantined"] == 2
    assert told.report["quarantined_by_reason"]["unreadable_amount"]["rows"] == 2
    assert sorted(Order.objects.values_list("external_id", flat=True)) == ["A1", "A2"]


def test_a_broken_line_quarantines_its_own_order_whole(tmp_path):
    told = import_csv(tmp_path, [row("A1"), row("A2", name='"open'), row("A2"), row("A3")])

    assert told.statuses == {"placed": 2, "quarantined": 1}
    message = QuarantinedMessage.objects.get()
    assert (message.reason, message.external_id) == ("row_malformed", "A2")
    assert message.source.endswith("orders.csv, lines 3 to 4")


def test_a_quarantined_order_of_a_csv_file_can_be_retried_once_its_sku_exists(tmp_path):
    import_csv(tmp_path, [row("A1", "NEW")])
    stocked_variant("NEW")

    (outcome,) = retry_messages(ids=[QuarantinedMessage.objects.get().pk], by=ADA, at=NOON)

    assert outcome.status == "placed"
    assert Order.objects.get().external_id == "A1"


def test_excel_in_germany_writes_semicolons_commas_and_windows_letters(tmp_path):
    header = HEADER.replace(",", ";")
    text = f"{header}\r\nA1;2025-11-21 09:30:00;TEE-M-BLK;Größe M;1;19,90;DE\r\n"
    (tmp_path / "orders.csv").write_bytes(text.encode("windows-1252"))
    columns = write_columns(tmp_path, f"decimal_comma = true\n{COLUMNS}")

    told = import_orders(tmp_path / "orders.csv", format="csv", columns=str(columns))

    assert told.statuses == {"placed": 1}
    assert Order.objects.get().lines.get().title == "Größe M"


def test_a_nul_byte_in_a_row_is_no_reason_to_lose_the_others(tmp_path):
    told = import_csv(tmp_path, [row("A1", name="a\0b"), row("A2")])
    assert sum(told.statuses.values()) == 2
    assert Order.objects.filter(external_id="A2").exists()


def test_a_column_map_for_another_file_names_the_missing_column_and_those_that_are_there(tmp_path):
    told = import_csv(tmp_path, ["1,2"], header="Order,When")
    (problem,) = [file["problem"] for file in told.report["files"]]
    assert "Units" in problem
    assert "it has Order, When" in problem
    assert told.failure.returncode == 1
    assert not Order.objects.exists()


# --- what is refused before anything is read ------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"code": "nowhere"}, "There is no channel nowhere. Channels: file, old."),
        ({"code": "old"}, "Channel old is switched off."),
        ({"format": "csv"}, "needs a column map"),
        ({"format": "csv", "columns": "nowhere.toml"}, "cannot be read: No such file"),
        ({"create_skus": True, "warehouse": "MARS"}, "There is no active warehouse MARS. Active warehouses: LEJ."),
        ({"create_skus": True, "category": "hats"}, "There is no category hats. Categories: none."),
        ({"report": "/nowhere/report.json"}, "The report cannot be written"),
    ],
)
def test_what_cannot_begin_says_why_and_leaves_no_trace(tmp_path, options, sentence):
    path = write_lines(tmp_path / "o.jsonl", own_orders(1))
    channel("file", connector="FILE")
    channel("old", active=False)
    named = {"format": "jsonl", "channel": options.pop("code", "file")} | options

    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        call_command("import_orders", str(path), **named)


@pytest.mark.parametrize(("text", "sentence"), [("[columns", "is no TOML"), ('[columns]\nsku = "A"', "is wrong")])
def test_a_wrong_column_map_says_where(tmp_path, text, sentence):
    channel("file", connector="FILE")
    write_csv(tmp_path / "o.csv", row())
    options = {"channel": "file", "format": "csv", "columns": str(write_columns(tmp_path, text))}
    with nothing_changes(), pytest.raises(CommandError, match=sentence):
        call_command("import_orders", str(tmp_path / "o.csv"), **options)


# --- what is told ---------------------------------------------------------------------------------------


def test_the_table_adds_up_and_each_reason_has_an_example(tmp_path):
    told = import_orders(write_lines(tmp_path / "o.jsonl", [*own_orders(2), b"{\n", b"[\n"]))

    lines = [each.split() for each in told.out.splitlines()]
    assert ["placed", "2"] in lines
    assert ["quarantined", "2"] in lines
    assert ["broken_json", "2"] in lines
    assert ["read", "4"] in lines
    assert f"broken_json, for example {tmp_path / 'o.jsonl'}, line 3:" in told.out


def test_strict_fails_when_something_was_quarantined(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", [*own_orders(1), b"{\n"])
    told = import_orders(path, strict=True)
    assert str(told.failure) == "1 of 2 members were quarantined."
    assert Order.objects.count() == 1


def test_staff_see_the_run_with_its_report(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", own_orders(2))
    told = import_orders(path)

    run = ImportRun.objects.get()
    assert (run.state, run.name, run.by) == (ImportRun.State.DONE, str(path), "system:import_orders")
    assert run.bytes_read == run.bytes_total == path.stat().st_size
    assert run.report == told.report
    assert (run.leased_until, run.problem) == (None, "")


def test_a_run_with_a_file_that_could_not_be_read_has_failed_and_says_why(tmp_path):
    path = write_lines(tmp_path / "o.jsonl", own_orders(1))
    import_orders(path, tmp_path / "missing.json")
    run = ImportRun.objects.get()
    assert run.state == ImportRun.State.FAILED
    assert run.problem == f"{tmp_path / 'missing.json'}: There is no such file."
    assert Order.objects.count() == 1


def test_ctrl_c_finishes_the_batch_and_says_how_to_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("orders.actions.intake.ingesting.MOST_ORDERS", 2)
    path = write_lines(tmp_path / "o.jsonl", own_orders(6))

    told = import_orders(path, stderr=Terminal(press=True))

    assert told.statuses == {"placed": 2}
    assert told.report["stopped"] is True
    assert told.failure.returncode == 130
    assert "Run it again to go on" in str(told.failure)
    assert "import it again to go on" in ImportRun.objects.get().problem
    assert import_orders(path).statuses == {"placed": 4, "known": 2}


class Terminal(StringIO):
    """Looks like one; with `press`, somebody presses Ctrl-C as soon as something shows."""

    def __init__(self, *, press: bool = False) -> None:
        super().__init__()
        self._press = press

    def isatty(self) -> bool:
        return True

    def write(self, words: str) -> int:
        if self._press:
            self._press = False
            os.kill(os.getpid(), signal.SIGINT)
        return super().write(words)


def test_a_terminal_shows_a_bar_and_leaves_its_line_clean(tmp_path):
    screen = Terminal()
    import_orders(write_lines(tmp_path / "o.jsonl", own_orders(3)), stderr=screen)
    assert "[============================] 100%  3 members  3 lines" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[2K")


def test_elsewhere_no_bar_is_drawn(tmp_path):
    assert "\x1b" not in import_orders(write_lines(tmp_path / "o.jsonl", own_orders(3))).err


def test_with_create_skus_unknown_skus_exist_with_stock_enough(tmp_path):
    told = import_orders(
        write_lines(tmp_path / "o.jsonl", own_orders(2, lines=[line("NEW", 3, title="New thing")])), create_skus=True
    )
    assert told.statuses == {"placed": 2}
    assert told.report["created_skus"] == 1
    assert [open_holds(order) for order in Order.objects.all()] == [[], []]
    assert "Created 1 SKUs, with stock." in told.out


def test_an_update_in_a_file_updates(tmp_path):
    first = shopify_order()
    second = shopify_order(updated_at="2025-11-21T10:35:00+01:00", note="Ring twice")
    (tmp_path / "o.json").write_bytes(orjson.dumps([first, second, first]))

    assert import_orders(tmp_path / "o.json", format="shopify").statuses == {"placed": 1, "updated": 1, "known": 1}
    assert Order.objects.get().note == "Ring twice"


def test_one_order_that_nobody_can_store_does_not_keep_the_batch(tmp_path):
    bad = shopify_order(id=6, line_items=[shopify_line(sku="NOBODYS")])
    orders = [shopify_order(id=number) for number in (4, 5)]
    (tmp_path / "o.json").write_bytes(orjson.dumps([orders[0], bad, orders[1]]))
    assert import_orders(tmp_path / "o.json", format="shopify").statuses == {"placed": 2, "quarantined": 1}
    assert Channel.objects.filter(code="file").exists()
