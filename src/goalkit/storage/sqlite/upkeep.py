"""What an operator does: verify, erase for good, and copy."""

# ruff: noqa: S608 - statements are made of the names of columns, which are here; values are given apart

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

from attrs import evolve

from ...errors import InvalidValue, shown
from ..batches import Batch, Put
from ..checking import wrong_with
from ..errors import StorageError, StoreBusy
from ..records import MOST_IN_A_PAGE, Change, Key, Position, Record
from .connection import OwnFile
from .failures import told
from .layout import ROOM, copy_to
from .modes import Journal, Session, Standing, standing
from .queries import feed, rows_of
from .rows import KIND_NUMBERS, RECORD, packed, records_of
from .writing import applied


def verified(session: Session) -> tuple[str, ...]:
    """
    Return everything that is not as it should be.

    Args:
        session: Where the store is.
    """
    with session.reading() as cursor:
        return tuple(_wrong(cursor))


def _wrong(cursor: sqlite3.Cursor) -> Iterator[str]:
    try:
        with told():
            found = cursor.execute("PRAGMA integrity_check").fetchall()
            yield from (f"SQLite: {each}" for (each,) in found if each != "ok")
            for table, *_ in cursor.execute("PRAGMA foreign_key_check").fetchall():
                yield f"SQLite: a row of {table} refers to one that is not there"
            names = [name for (name,) in cursor.execute("SELECT name FROM gk_workspace ORDER BY name").fetchall()]
            lost = "SELECT count(*) FROM gk_change WHERE place / ? NOT IN (SELECT id FROM gk_workspace)"
            (count,) = cursor.execute(lost, (ROOM,)).fetchone()
            if count:
                yield f"{count} changes belong to no workspace"
            for name in names:
                number, seq, digest = standing(cursor, name) or (0, 0, b"")
                records, changes = _current(cursor, number), _changes(cursor, number)
                yield from wrong_with(name, records, changes, Position(seq, digest.hex()))
    except StorageError as error:
        yield str(error)


def _current(cursor: sqlite3.Cursor, number: int) -> Iterator[Record]:
    base = number * ROOM
    # By the index, so that it is held to the feed, which is read from the table.
    statement = (
        f"SELECT {RECORD} FROM gk_change INDEXED BY gk_by_born "
        "WHERE kind = ? AND replaced IS NULL AND born > ? AND born < ? ORDER BY born LIMIT ?"
    )
    for kind in KIND_NUMBERS.values():
        after = base
        while rows := cursor.execute(statement, (kind, after, base + ROOM, MOST_IN_A_PAGE)).fetchall():
            yield from records_of(rows)
            after = base + rows[-1][7] % ROOM


def _changes(cursor: sqlite3.Cursor, number: int) -> Iterator[Change]:
    after = 0
    while changes := [*feed(cursor, number, after, None, MOST_IN_A_PAGE)]:
        yield from changes
        after = changes[-1].seq


def purge(session: Session, workspace: str, keys: Sequence[Key], *, by: str, why: str) -> int:
    """
    Erase the content of records from the feed, and from every part of the file.

    Args:
        session: Where the store is.
        workspace: The workspace.
        keys: The records.
        by: The id of who erases.
        why: Why.

    Returns:
        How many changes lost their content.
    """
    with session.writing(workspace) as (cursor, place):
        (secure,) = cursor.execute("PRAGMA secure_delete").fetchone()
        cursor.execute("PRAGMA secure_delete = ON")
        try:
            count = _erased(cursor, workspace, place, keys, Batch(by=by, why=why))
        finally:
            cursor.execute(f"PRAGMA secure_delete = {int(secure)}")
    if isinstance(session, OwnFile):
        with session.alone() as cursor:
            # Pages that were rearranged may hold what was moved away from them: new pages hold what is there.
            cursor.execute("VACUUM")
            _empty_log(cursor)
    return count


def _erased(cursor: sqlite3.Cursor, workspace: str, place: Standing | None, keys: Sequence[Key], told_of: Batch) -> int:
    number = place[0] if place is not None else 0
    base = number * ROOM
    records = records_of(rows_of(cursor, base, keys))
    puts = [Put(key=record.key, expect=record.rev, doc=None) for record in records if not record.is_deleted]
    if place is None:
        return 0
    applied(cursor, workspace, place, evolve(told_of, puts=puts))
    statement = "UPDATE gk_change SET doc = NULL WHERE kind = ? AND id = ? AND place > ? AND place < ? AND doc NOTNULL"
    return sum(
        cursor.execute(statement, (KIND_NUMBERS[kind], packed(name), base, base + ROOM)).rowcount for kind, name in keys
    )


def _empty_log(cursor: sqlite3.Cursor) -> None:
    (mode,) = cursor.execute("PRAGMA journal_mode").fetchone()
    if mode != Journal.WAL:
        return  # the journal is emptied by every commit
    (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise StoreBusy("what was erased is still in the log of the file, which others read; purge again")


def back_up(session: Session, path: Path) -> None:
    """
    Copy all of a store to another file.

    Args:
        session: Where the store is.
        path: The other file.

    Raises:
        InvalidValue: If it is there already, or the store has no file of its own.
    """
    if not isinstance(session, OwnFile):
        message, hint = "a store that is bound to a connection has no file of its own", "copy the database of the host"
        raise InvalidValue.of("not_supported", message, hint=hint)
    if path.exists():
        hint = "give the path of a file that is not there yet"
        raise InvalidValue.of("duplicate_path", f"{shown(path.name)} is there already", path="path", hint=hint)
    with session.reading() as cursor:
        # The first look at the file makes the moment.
        cursor.execute("SELECT count(*) FROM gk_workspace").fetchone()
        copy_to(cursor.connection, path)
