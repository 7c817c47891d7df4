"""A file of orders that somebody uploads: looked at, kept, and left for a worker to take in."""

import tomllib

from django.core.files import File
from django.db import transaction

from oms.errors import FieldError, Invalid
from oms.models import Channel
from orders.actions.importing import make_plan
from orders.actions.stocking import find_shelf
from orders.channels.csv_columns import BadColumnMap
from orders.models import ImportRun


@transaction.atomic
def upload_file(file: File, *, channel: Channel, format: str, columns: str, create_skus: bool, by: str) -> ImportRun:
    """Keep the file as a run that waits. `columns` is a column map in TOML, for CSV alone.

    Raises:
        ImportImpossible: the channel is switched off, or a CSV file comes without its map.
        Invalid: the map is wrong.
    """
    try:
        mapped = tomllib.loads(columns) if format == "csv" else {}
        make_plan(channel=channel, format=format, columns=mapped, by=by, shelf=find_shelf() if create_skus else None)
    except (tomllib.TOMLDecodeError, BadColumnMap) as wrong:
        raise _wrong_columns(str(wrong)) from wrong
    return ImportRun.objects.create(
        channel=channel,
        format=format,
        file=file,
        name=(file.name or "upload")[-255:],
        columns=mapped,
        create_skus=create_skus,
        state=ImportRun.State.WAITING,
        bytes_total=file.size or 0,
        by=by,
    )


def _wrong_columns(detail: str) -> Invalid:
    return Invalid(detail, errors=[FieldError("/columns", "bad_column_map", detail)])
