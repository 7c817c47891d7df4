"""Gathering members from files: whatever the format, one after the other, none twice and none left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from oms.models import Channel
from orders.actions.intake.opening import LINE_NAMES, Opened, Source, Unreadable
from orders.actions.intake.parsing import open_rows
from orders.actions.intake.splitting import Piece, split_documents, split_lines
from orders.actions.intake.taking import Member, Message, Said, read_members
from orders.channels.csv_columns import BadColumnMap, ColumnMap
from orders.channels.port import CannotTake, NotAnOrder

SOURCE_LENGTH = 255


@dataclass(frozen=True, slots=True)
class Gathered:
    """A member and how many rows of a CSV file it was made of."""

    member: Member
    rows: int = 0


def gather_members(
    source: Source, opened: Opened, *, channel: Channel, format: str, columns: ColumnMap | None
) -> Iterator[Gathered]:
    """Each member of an open file, as it was read.

    Raises:
        Unreadable: the file cannot be read, or no further; what came before stands.
    """
    if format == "csv":
        assert columns is not None
        return _gather_rows(source, opened, channel=channel, columns=columns)
    return _gather_json(source, opened, channel=channel, format=format)


def _gather_json(source: Source, opened: Opened, *, channel: Channel, format: str) -> Iterator[Gathered]:
    for piece in _split(source, opened, format):
        message = Message(body=piece.body, source=_place(source, piece.place))
        for member in read_members(message, channel=channel, format=format):
            yield Gathered(member)


def _split(source: Source, opened: Opened, format: str) -> Iterator[Piece]:
    """JSON Lines by name or, where the name says nothing, by format: there a broken line is alone in its trouble."""
    named = source.bare_name.endswith(LINE_NAMES)
    if named or (format == "jsonl" and not source.bare_name.endswith(".json")):
        return split_lines(opened.stream)
    return split_documents(opened.stream)


def _gather_rows(source: Source, opened: Opened, *, channel: Channel, columns: ColumnMap) -> Iterator[Gathered]:
    try:
        table = open_rows(opened.stream, columns)
    except BadColumnMap as error:
        raise Unreadable(str(error)) from error
    for group in table.split_orders():
        said: Said
        try:
            said = table.read_order(group, channel=channel.code)
        except (CannotTake, NotAnOrder) as refusal:
            said = refusal
        first, last = group.lines[0], group.lines[-1]
        place = f"line {first}" if first == last else f"lines {first} to {last}"
        body = table.to_body(group)
        yield Gathered(Member(said=said, body=body, source=_place(source, place)), rows=len(group.rows))


def _place(source: Source, place: str) -> str:
    """File and place; of a long name the end is kept."""
    return f"{source.name[-(SOURCE_LENGTH - len(place) - 2) :]}, {place}"
