"""The drop folder, OMS_DATA/drop/<channel>/: what is being taken, is done, and failed lies in folders of its own."""

from pathlib import Path

from django.conf import settings

from orders.models import ImportRun

COLUMN_MAP = "columns.toml"
"""Lies beside CSV files and says which column is what."""

TAKING, DONE, FAILED = "taking", "done", "failed"


def drop_folder(channel: str = "") -> Path:
    """Where files for this channel are dropped; without a channel, the folder of them all."""
    return Path(settings.OMS_DATA) / "drop" / channel


def taking_path(run: ImportRun) -> Path:
    """Where a dropped file lies from the moment its run is on record until it is laid aside."""
    return drop_folder(run.channel.code) / TAKING / f"{run.pk}-{run.name}"


def run_of_taking(path: Path) -> tuple[int, str]:
    """The run that a file in `taking` belongs to, and the file's own name. Run 0 never was."""
    number, _, name = path.name.partition("-")
    return (int(number), name) if number.isdecimal() and name else (0, path.name)
