"""What is asked of the tables."""

# ruff: noqa: S608 - statements are made of the names of columns, which are here; values are given apart

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Final

from ..batches import Quiet
from ..errors import StoreDamaged
from ..records import Answered, Change, Commit, Key, Query
from .layout import RARE, ROOM
from .rows import (
    CHANGE,
    COMMIT,
    KIND_NUMBERS,
    RECORD,
    Row,
    answered_of,
    changes_of,
    commit_of,
    damaged,
    number_of,
    packed,
    text_of,
)

#: The types that the index by type does not have, and no type at all.
_NOT_RARE: Final = frozenset({"", "check_in", "observation"})

_ONE: Final = (
    f"SELECT {RECORD} FROM gk_change INDEXED BY gk_by_id "
    "WHERE kind = ? AND id = ? AND place > ? AND place < ? ORDER BY place DESC LIMIT 1"
)
_FEED: Final = f"SELECT {CHANGE} FROM gk_change WHERE place > ? AND place < ? ORDER BY place LIMIT ?"
_FEED_OF: Final = (
    f"SELECT {CHANGE} FROM gk_change INDEXED BY gk_by_id "
    "WHERE kind = ? AND id = ? AND place > ? AND place < ? ORDER BY place LIMIT ?"
)
_COMMIT_AT: Final = f"SELECT {COMMIT} FROM gk_commit WHERE ws = ? AND seq >= ? AND no = 0 ORDER BY seq LIMIT 1"
_ANSWERED: Final = f"SELECT {COMMIT}, fingerprint FROM gk_commit WHERE ws = ? AND key = ?"
_REQUESTS: Final = (
    f"SELECT key, {COMMIT}, fingerprint FROM gk_commit "
    "WHERE ws = ? AND seq >= ? AND first >= ? AND first <= ? AND key IS NOT NULL ORDER BY first, seq, key"
)


def rows_of(cursor: sqlite3.Cursor, base: int, keys: Iterable[Key]) -> list[Row]:
    """
    Return the current rows of records, deleted ones too.

    Args:
        cursor: The cursor.
        base: The place at which the workspace begins.
        keys: The keys of the records.
    """
    span = (base, base + ROOM)
    rows = (cursor.execute(_ONE, (KIND_NUMBERS[kind], packed(name), *span)).fetchone() for kind, name in keys)
    return [row for row in rows if row is not None]


def page_of(cursor: sqlite3.Cursor, base: int, query: Query, after: int, limit: int) -> list[Row]:
    """
    Return the rows of some current records, in the order that is asked for.

    Args:
        cursor: The cursor.
        base: The place at which the workspace begins.
        query: Which records.
        after: The ``born`` after which they begin, in that order; 0 for the first of them.
        limit: The most rows.
    """
    where = ["kind = ? AND born > ? AND born < ? AND replaced IS NULL"]
    span = (0, after or ROOM) if query.newest_first else (after, ROOM)
    given: list[str | int] = [KIND_NUMBERS[query.kind], *(base + min(each, ROOM) for each in span)]
    if query.about:
        where.append("about = ? AND about <> ''")
        given.append(query.about)
    if query.type:
        where.append("type = ?")
        given.append(number_of(query.type))
    if query.since is not None:
        where.append("day >= ?")
        given.append(query.since.toordinal())
    if query.until is not None:
        where.append("day <= ?")
        given.append(query.until.toordinal())
    if not query.deleted:
        where.append("deleted = 0")
    index = "gk_by_about" if query.about else "gk_by_born"
    if query.type not in _NOT_RARE and not query.about:
        index = "gk_by_type"
        where.append(RARE)
    order = "born DESC" if query.newest_first else "born"
    table = f"gk_change INDEXED BY {index}"
    statement = f"SELECT {RECORD} FROM {table} WHERE {' AND '.join(where)} ORDER BY {order} LIMIT ?"
    return cursor.execute(statement, (*given, limit)).fetchall()


def is_disturbed(cursor: sqlite3.Cursor, base: int, quiet: Quiet) -> bool:
    """
    Tell whether something has changed that must not have.

    Args:
        cursor: The cursor.
        base: The place at which the workspace begins.
        quiet: What must not have changed since when.
    """
    # What happened since is mostly little, and lies together.
    where = ["place > ? AND place < ? AND kind = ?"]
    given: list[str | int] = [base + min(quiet.since, ROOM - 1), base + ROOM, KIND_NUMBERS[quiet.kind]]
    if quiet.about:
        where.append("about = ?")
        given.append(quiet.about)
    if quiet.type:
        where.append("type = ?")
        given.append(number_of(quiet.type))
    statement = f"SELECT 1 FROM gk_change NOT INDEXED WHERE {' AND '.join(where)} LIMIT 1"
    return cursor.execute(statement, given).fetchone() is not None


def digest_at(cursor: sqlite3.Cursor, base: int, seq: int) -> str | None:
    """
    Return the digest of a change; None where there is none.

    Args:
        cursor: The cursor.
        base: The place at which the workspace begins.
        seq: The number of the change, within the room of a workspace.
    """
    row = cursor.execute("SELECT digest FROM gk_change WHERE place = ?", (base + seq,)).fetchone()
    if row is None:
        return None
    (digest,) = row
    if type(digest) is not bytes:
        raise damaged()
    return digest.hex()


def feed(cursor: sqlite3.Cursor, number: int, after: int, of: Key | None, limit: int) -> Iterator[Change]:
    """
    Yield changes, in their order.

    Args:
        cursor: The cursor.
        number: The number of the workspace in the file.
        after: The number of the change after which they begin.
        of: The record of which changes are told; None for all.
        limit: The most changes.

    Raises:
        StoreDamaged: If a row is not what was written.
    """
    base = number * ROOM
    span = (base + after, base + ROOM, limit)
    if of is None:
        rows = cursor.execute(_FEED, span).fetchall()
    else:
        rows = cursor.execute(_FEED_OF, (KIND_NUMBERS[of.kind], packed(of.id), *span)).fetchall()
    return changes_of(_with_commits(cursor, number, rows))


def _with_commits(cursor: sqlite3.Cursor, number: int, rows: Iterable[Row]) -> Iterator[tuple[Row, Commit]]:
    commit: Commit | None = None
    for row in rows:
        seq = row[0] % ROOM
        if commit is None or seq > commit.seq:
            found = cursor.execute(_COMMIT_AT, (number, seq)).fetchone()
            commit = None if found is None else commit_of(found)
            if commit is None or commit.first > seq:
                raise StoreDamaged(f"change {seq} is in no commit: verify the file, and put a backup back")
        yield row, commit


def answered(cursor: sqlite3.Cursor, number: int, key: str) -> Answered | None:
    """
    Return what became of a request; None where its key is not known.

    Args:
        cursor: The cursor.
        number: The number of the workspace in the file.
        key: The idempotency key; empty for none.
    """
    row = cursor.execute(_ANSWERED, (number, key)).fetchone() if key else None
    return None if row is None else answered_of(row)


def requests(cursor: sqlite3.Cursor, number: int, first: int, last: int) -> tuple[tuple[str, Answered], ...]:
    """
    Return the requests that had a key, with what became of them, in the order of their commits.

    Args:
        cursor: The cursor.
        number: The number of the workspace in the file.
        first: The number of the first change with which their commits begin.
        last: That of the last one.
    """
    # A commit is found by its last change, which an empty one has before its first.
    span = (number, max(first - 1, 0), min(max(first, 0), ROOM), min(max(last, 0), ROOM))
    rows = cursor.execute(_REQUESTS, span).fetchall()
    return tuple((text_of(key), answered_of(row)) for key, *row in rows)
