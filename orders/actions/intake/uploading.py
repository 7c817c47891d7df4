"""A file of orders that somebody uploads: looked at, kept, and left for a worker to take in."""

import secrets
import tomllib
from pathlib import Path

from django.core.files import File
from django.db import transaction

from oms.errors import FieldError, Invalid
from oms.models import Channel
from orders.actions.intake.importing import make_plan
from orders.actions.intake.stocking import find_shelf
from orders.channels.csv_columns import BadColumnMap
from orders.errors import ImportImpossible
from orders.models import ImportRun

LONGEST_NAME = 50
"""Letters of the file's own name that it is kept under; a file system has room for 255 bytes."""


def upload_file(file: File, *, channel: Channel, format: str, columns: str, create_skus: bool, by: str) -> ImportRun:
    """Keep the file as a run that waits. `columns` is a column map in TOML, for CSV alone.

    Raises:
        ImportImpossible: the channel is switched off, a CSV file comes without its map, or there is no room for it.
        Invalid: the map is wrong.
    """
    try:
        mapped = tomllib.loads(columns) if format == "csv" else {}
        make_plan(channel=channel, format=format, columns=mapped, by=by, shelf=find_shelf() if create_skus else None)
    except (tomllib.TOMLDecodeError, BadColumnMap) as wrong:
        raise _wrong_columns(str(wrong)) from wrong
    run = ImportRun(
        channel=channel,
        format=format,
        name=(file.name or "upload")[-255:],
        columns=mapped,
        create_skus=create_skus,
        state=ImportRun.State.WAITING,
        bytes_total=file.size or 0,
        by=by,
    )
    _keep(run, file)
    return run


def _keep(run: ImportRun, file: File) -> None:
    """The row and its file: both are there afterwards, or neither. On a full disk half a file would stay for ever."""
    storage = run.file.storage
    name = run.file.field.generate_filename(run, f"{secrets.token_hex(8)}-{Path(run.name).name[-LONGEST_NAME:]}")
    try:
        with transaction.atomic():
            run.save()
            run.file.name = storage.save(name, file)
            run.save(update_fields=["file"])
    except OSError as error:
        storage.delete(name)
        raise ImportImpossible(f"The file cannot be kept: {error.strerror}. Nothing was imported.") from error
    except Exception:
        storage.delete(name)
        raise


def _wrong_columns(detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError("/columns", "bad_column_map", detail)])
