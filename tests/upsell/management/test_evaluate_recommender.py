"""The command on files of its own: what it says, and what it refuses."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

MAP = """
[columns]
external_id = "invoice"
placed_at = "date"
sku = "code"
quantity = "units"
unit_price = "price"
customer_name = "buyer"
[constants]
currency = "EUR"
fulfilled = true
[[codes]]
match = ["POST"]
kind = "FEE"
[[rules]]
when = { external_id = "C" }
then = "not_an_order"
reason = "credit_note"
"""


def write_shop(folder: Path) -> tuple[str, str]:
    """Forty days in which kettles go with tea, and soap with towels; postage and credit notes between."""
    rows = ["invoice,date,code,units,price,buyer"]
    for day in range(1, 29):
        for number, pair in enumerate((("TEA", "KETTLE"), ("SOAP", "TOWEL"))):
            for code in (*pair, "POST"):
                rows.append(f"{day}-{number},2026-10-{day:02},{code},1,5.00,Ada")
        rows.append(f"C{day},2026-10-{day:02},TEA,-1,5.00,Ada")
    (folder / "shop.csv").write_text("\n".join(rows))
    (folder / "map.toml").write_text(MAP)
    return str(folder / "shop.csv"), str(folder / "map.toml")


def evaluate(*words: str) -> str:
    out = StringIO()
    call_command("evaluate_recommender", *words, stdout=out)
    return out.getvalue()


def test_what_always_goes_together_is_always_found(tmp_path):
    file, columns = write_shop(tmp_path)
    report = tmp_path / "report.json"
    said = evaluate(file, "--columns", columns, "--train-until", "2026-10-21", "--report", str(report))

    assert "40 baskets of 4 items teach, 16 ask." in said
    told = json.loads(report.read_text())["rankings"]
    assert list(told) == ["popularity", "co-purchase count", "item cosine", "ours", "as offers are ranked"]
    assert told["ours"]["hit_rate"] == told["item cosine"]["hit_rate"] == 1.0
    assert told["ours"]["reciprocal_rank"] == 1.0


def test_bare_baskets_are_split_by_share(tmp_path):
    file = tmp_path / "baskets.csv"
    file.write_text("tea,kettle\nsoap,towel\n" * 10)
    assert "16 baskets of 4 items teach, 4 ask." in evaluate(str(file), "--baskets")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--columns", "{columns}"], "Say with --train-until which baskets teach."),
        (["--columns", "{columns}", "--train-until", "2020-01-01"], "must be baskets before and after the split"),
        (["--columns", "{columns}.gone", "--train-until", "2026-10-21"], "cannot be read"),
        (["--columns", "{file}", "--train-until", "2026-10-21"], "The column map"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_what_to_do(tmp_path, words, sentence):
    file, columns = write_shop(tmp_path)
    with pytest.raises(CommandError, match=sentence):
        evaluate(file, *(word.format(file=file, columns=columns) for word in words))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"gone\.csv"):
        evaluate(str(tmp_path / "gone.csv"), "--baskets")
