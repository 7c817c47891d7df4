"""The drop folder, OMS_DATA/drop/<channel>/: what is being taken, is done, and failed lies in folders of its own."""

from pathlib import Path

from django.conf import settings

from orders.models import ImportRun

COLUMN_MAP = "columns.toml"


def drop_folder(channel: str) -> Path:
    """Where files for this channel are dropped."""
    return Path(settings.OMS_DATA) / "drop" / channel


def taking_path(run: ImportRun) -> Path:
    """Where a dropped file lies from the moment its run is on record until the run has ended."""
    return drop_folder(run.channel.code) / "taking" / f"{run.pk}-{run.name}"
