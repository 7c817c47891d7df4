from pathlib import Path

import pytest

from config.local.mirror import LINES_AT_A_TIME, Mirror, last_words
from config.local.parts import VISITORS_MISTAKE, Part


@pytest.fixture
def log(folder: Path) -> Path:
    path = folder / "web.log"
    path.write_text("ERROR of yesterday\n")
    return path


def show(log: Path, said: list[str], text: str) -> list[str]:
    mirror = Mirror(Part("web", [], hushed=VISITORS_MISTAKE), log, said.append)
    with log.open("a") as file:
        file.write(text)
    mirror.look()
    return said


def test_only_new_warnings_and_errors_reach_the_terminal(log: Path, said: list[str]) -> None:
    text = "INFO all is well\nWARNING low on paper\nWARNING django.request: Not Found: /favicon.ico\nERROR unfinish"

    assert show(log, said, text) == ["     web | WARNING low on paper"]


def test_of_a_traceback_only_the_line_that_names_the_error(log: Path, said: list[str]) -> None:
    text = 'Traceback (most recent call last):\n  File "x.py", line 1\n    raise\nValueError: no such SKU\nINFO next\n'

    assert show(log, said, text) == ["     web | ValueError: no such SKU"]


def test_a_flood_is_cut_short_with_a_pointer_to_the_file(log: Path, said: list[str]) -> None:
    show(log, said, "ERROR again\n" * 100)

    assert len(said) == LINES_AT_A_TIME + 1
    assert said[-1].endswith(f"more in {log}")


def test_the_last_words_are_the_end_of_the_log(log: Path) -> None:
    log.write_text("".join(f"line {number}\n" for number in range(100)))

    assert last_words(log, lines=2) == "line 98\nline 99"
