"""Rows of the tables as records and changes, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from ..batches import Batch
from ..errors import StoreDamaged
from ..records import Answered, Change, Commit, Key, Kind, Record
from .layout import ROOM

#: A row as SQLite returns it; what is in a column, SQLite itself has checked.
Row = tuple[Any, ...]

#: The columns of a record, in the order in which `records_of` reads them.
RECORD: Final = "place, kind, id, rev, type, about, day, born, doc"
#: The columns of a change, in the order in which `changes_of` reads them.
CHANGE: Final = f"{RECORD}, deleted, digest"
#: The columns of a commit, in the order in which `commit_of` reads them.
COMMIT: Final = "seq, first, at, who, why"

#: The number of a kind is its position. Like that of a type, it is in every file: add at the end, and nothing else.
KINDS: Final = (Kind.CYCLE, Kind.GOAL, Kind.KPI, Kind.FACT, Kind.OBSERVATION)
TYPES: Final = (
    "",
    "cycle",
    "objective",
    "key_result",
    "milestone",
    "initiative",
    "kpi",
    "check_in",
    "revision",
    "approval",
    "transition",
    "grade",
    "retrospective",
    "observation",
)
KIND_NUMBERS: Final = {kind: number for number, kind in enumerate(KINDS)}
TYPE_NUMBERS: Final = {name: number for number, name in enumerate(TYPES)}

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
# What reading a value ends with that is not of the kind, or not in the range, that was written.
_WRONG: Final = (AttributeError, LookupError, OverflowError, TypeError, ValueError)
# An id that is derived from its content is hexadecimal, and longer: half the bytes, in the row and in the index.
_WORTHWHILE: Final = 16


def packed(word: str) -> str | bytes:
    """
    Return an id, or a fingerprint, as it is kept: one that is hexadecimal as its bytes.

    Args:
        word: The text.

    Example:
        >>> packed("3bbf1b6482eb72836d34").hex(), packed("nps")
        ('3bbf1b6482eb72836d34', 'nps')
    """
    if len(word) >= _WORTHWHILE:
        try:
            held = bytes.fromhex(word)
        except ValueError:
            return word
        if held.hex() == word:  # in lower case, and without blanks
            return held
    return word


def unpacked(held: str | bytes) -> str:
    """
    Return an id, or a fingerprint, that was kept.

    Args:
        held: What `packed` has made of it.

    Example:
        >>> unpacked(packed("3bbf1b6482eb72836d34"))
        '3bbf1b6482eb72836d34'
    """
    return held if isinstance(held, str) else held.hex()


def text_of(held: Any) -> str:
    """
    Return the text that a column holds.

    Args:
        held: What SQLite returned; a file that was damaged has anything in any column.

    Raises:
        StoreDamaged: If it is something else.
    """
    if type(held) is not str:
        raise damaged()
    return held


def number_of(type_name: str) -> str | int:
    """
    Return a type of documents as it is kept: those that are known as a number.

    Args:
        type_name: The type.
    """
    return TYPE_NUMBERS.get(type_name, type_name)


def records_of(rows: Iterable[Row]) -> tuple[Record, ...]:
    """
    Return the records of rows.

    Args:
        rows: The rows, with the columns of `RECORD`.

    Raises:
        StoreDamaged: If a row is not what was written.
    """
    fromordinal = date.fromordinal
    records = []
    try:
        for place, kind, name, rev, held, about, day, born, doc in rows:
            # A file that was damaged has anything in any column.
            if (doc is not None and type(doc) is not str) or type(about) is not str or type(rev) is not int:
                raise damaged()
            records.append(
                Record(
                    key=Key(KINDS[kind], name if type(name) is str else name.hex()),
                    rev=rev,
                    doc=doc,
                    type=TYPES[held] if type(held) is int else text_of(held),
                    about=about,
                    on=None if day is None else fromordinal(day),
                    seq=place % ROOM,
                    born=born % ROOM,
                )
            )
    except _WRONG:
        raise damaged() from None
    return tuple(records)


def changes_of(rows: Iterable[tuple[Row, Commit]]) -> Iterator[Change]:
    """
    Yield the changes of rows.

    Args:
        rows: The rows, with the columns of `CHANGE`, each with the commit that it belongs to.

    Raises:
        StoreDamaged: If a row is not what was written.
    """
    for (*row, deleted, digest), commit in rows:
        (record,) = records_of([(*row,)])
        if type(digest) is not bytes:
            raise damaged()
        yield Change(
            seq=record.seq,
            key=record.key,
            rev=record.rev,
            doc=record.doc,
            type=record.type,
            about=record.about,
            on=record.on,
            born=record.born,
            deleted=bool(deleted),
            at=commit.at,
            by=commit.by,
            why=commit.why,
            digest=digest.hex(),
        )


def row_of(change: Change, base: int) -> Row:
    """
    Return a change as a row.

    Args:
        change: The change.
        base: The place at which its workspace begins.
    """
    kind, name = change.key
    return (
        base + change.seq,
        KIND_NUMBERS[kind],
        packed(name),
        change.rev,
        number_of(change.type),
        change.about,
        None if change.on is None else change.on.toordinal(),
        base + change.born,
        change.deleted,
        bytes.fromhex(change.digest),
        change.doc,
    )


def commit_of(row: Row) -> Commit:
    """
    Return the commit of a row.

    Args:
        row: The row, with the columns of `COMMIT`.

    Raises:
        StoreDamaged: If it is not what was written.
    """
    seq, first, at, who, why = row
    try:
        if type(seq) is not int or type(first) is not int or type(why) is not str or not (who is None or text_of(who)):
            raise damaged()
        return Commit(seq=seq, first=first, at=_EPOCH + at * _MICROSECOND, by=who, why=why)
    except _WRONG:
        raise damaged() from None


def answered_of(row: Row) -> Answered:
    """
    Return what became of a request.

    Args:
        row: The row, with the columns of `COMMIT` and the fingerprint.
    """
    *commit, fingerprint = row
    try:
        return Answered(commit=commit_of((*commit,)), fingerprint=unpacked(fingerprint))
    except _WRONG:
        raise damaged() from None


def commit_row(commit: Commit, batch: Batch) -> Row:
    """
    Return a commit as a row, without its workspace and its number.

    Args:
        commit: The commit.
        batch: The batch that it is of.
    """
    at = (commit.at - _EPOCH) // _MICROSECOND
    return (commit.seq, commit.first, at, commit.by, commit.why, batch.key or None, packed(batch.fingerprint))


def damaged() -> StoreDamaged:
    """Return the error that a row is not what was written."""
    return StoreDamaged("a row of the file is not what was written: verify it, and put a backup back")
