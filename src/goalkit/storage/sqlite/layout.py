"""
The tables of the file, and the steps from every earlier layout to the present one.

A document is stored once, in the log. ``gk_change`` is the feed and the state in one table: of each record
the newest line is the current one, and the lines before it say in ``replaced`` which line came after them. So what is
current is found by indexes over those lines alone, an append touches nothing that was written before, and state and
feed cannot drift apart.

A line's place in the file is one number: the workspace, times 2^40, plus the number of the change. It is the table's
own key, so that a feed is read in one sweep, and indexes need no column for the workspace.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

from ..errors import StoreDamaged, StoreTooNew, StoreUnavailable

#: What tells a file of this library from others: "goal", in the header of the file.
APPLICATION: Final = 0x676F616C

#: How many changes a workspace may have: its part of all places.
ROOM: Final = 2**40

#: How many workspaces a file may have: the place at which the next one begins is still a number of SQLite.
MOST_WORKSPACES: Final = 2**63 // ROOM - 2

#: What lines the index by type has: not those of check-ins and observations, which are nearly all lines, and are asked
#: for by what they are about. A query that takes the index has to say so in the same words.
RARE: Final = "replaced IS NULL AND type NOT IN (7, 13)"

_PREFIX: Final = "gk_"

#: What executes a statement.
Executor = sqlite3.Connection | sqlite3.Cursor


@frozen(kw_only=True)
class Step:
    """
    One step from the layout before it.

    Attributes:
        version: The layout that it makes, from 1.
        min_reader: The earliest layout whose library can read that one.
        statements: What is done, all of it at once or not at all.
    """

    version: int
    min_reader: int
    statements: tuple[str, ...]


#: All steps. What was released is never changed: a new layout is a new step.
STEPS: Final = (
    Step(
        version=1,
        min_reader=1,
        statements=(
            """
            CREATE TABLE gk_meta (
              key TEXT PRIMARY KEY,
              value INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE gk_workspace (
              id INTEGER PRIMARY KEY,
              name TEXT NOT NULL UNIQUE,
              seq INTEGER NOT NULL,
              digest BLOB NOT NULL
            ) STRICT
            """,
            # place and born: workspace * 2^40 + seq. kind and type: numbers, see rows.py; a type without one as text.
            # id: text, or the bytes of one that is hexadecimal. day: since the first of January of the year 1.
            # The document comes last, so that everything before it is read without it.
            """
            CREATE TABLE gk_change (
              place INTEGER PRIMARY KEY,
              kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
              id ANY NOT NULL,
              rev INTEGER NOT NULL CHECK (rev >= 1),
              type ANY NOT NULL,
              about TEXT NOT NULL,
              day INTEGER,
              born INTEGER NOT NULL,
              replaced INTEGER,
              deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
              digest BLOB NOT NULL CHECK (length(digest) = 16),
              doc TEXT,
              CHECK (doc IS NULL OR deleted = 0)
            ) STRICT
            """,
            "CREATE INDEX gk_by_id ON gk_change (kind, id)",
            "CREATE INDEX gk_by_born ON gk_change (kind, born) WHERE replaced IS NULL",
            "CREATE INDEX gk_by_about ON gk_change (about, born, type) WHERE replaced IS NULL AND about <> ''",
            f"CREATE INDEX gk_by_type ON gk_change (type, born) WHERE {RARE}",
            # no: 0 for a commit with changes, 1 and up for those without any that came after it; only those with
            # an idempotency key are kept. at: microseconds since 1970.
            """
            CREATE TABLE gk_commit (
              ws INTEGER NOT NULL REFERENCES gk_workspace (id),
              seq INTEGER NOT NULL,
              no INTEGER NOT NULL,
              first INTEGER NOT NULL,
              at INTEGER NOT NULL,
              who TEXT,
              why TEXT NOT NULL,
              key TEXT,
              fingerprint ANY NOT NULL,
              PRIMARY KEY (ws, seq, no)
            ) STRICT, WITHOUT ROWID
            """,
            "CREATE UNIQUE INDEX gk_by_key ON gk_commit (ws, key) WHERE key IS NOT NULL",
        ),
    ),
)

_TABLES: Final = frozenset({"gk_meta", "gk_workspace", "gk_change", "gk_commit"})


def newest(steps: Sequence[Step] = STEPS) -> int:
    """
    Return the layout that this library writes.

    Args:
        steps: All steps.
    """
    return steps[-1].version


@frozen(kw_only=True)
class Found:
    """
    What a file says of itself.

    Attributes:
        version: Its layout; 0 where nothing was made yet.
        min_reader: The earliest layout whose library can read it.
    """

    version: int
    min_reader: int


def found_in(connection: sqlite3.Connection) -> Found:
    """
    Return what a file says of itself, without writing anything.

    Args:
        connection: A connection to the file.

    Raises:
        StoreDamaged: If it belongs to something else, or tables are missing.
    """
    application, version = _pragma(connection, "application_id"), _pragma(connection, "user_version")
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')")}
    tables = {name for name in tables if not name.startswith("sqlite_")}
    if not application and not version and not tables:
        return Found(version=0, min_reader=0)
    if application != APPLICATION or any(not name.startswith(_PREFIX) for name in tables):
        message = "the file is a database of something else"
        raise StoreDamaged(f"{message}; give another path, or bind a store to a connection of its application")
    if version < 1 or not tables >= _TABLES:
        message = f"the file says that it has layout {version}, and has not its tables"
        raise StoreDamaged(f"{message}; put a backup back")
    return Found(version=version, min_reader=_meta(connection, "min_reader"))


def found_beside(connection: Executor) -> Found:
    """
    Return what is known of the tables of a store that stand beside those of a host.

    Args:
        connection: A connection of the host, or a cursor of it.
    """
    there = connection.execute("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'gk_meta'")
    if not next(iter(there.fetchone())):
        return Found(version=0, min_reader=0)
    return Found(version=_meta(connection, "layout"), min_reader=_meta(connection, "min_reader"))


def _pragma(connection: Executor, name: str) -> int:
    (value,) = connection.execute(f"PRAGMA {name}").fetchone()
    return int(value)


def _meta(connection: Executor, key: str) -> int:
    row = connection.execute("SELECT value FROM gk_meta WHERE key = ?", (key,)).fetchone()
    if row is None:
        raise StoreDamaged(f"the file does not say its {key}: put a backup back")
    return int(row[0])


def check_readable(found: Found, steps: Sequence[Step] = STEPS) -> None:
    """
    Check that this library can read a layout.

    Args:
        found: What the file says.
        steps: All steps.

    Raises:
        StoreTooNew: If it cannot.
    """
    if found.min_reader > newest(steps):
        raise too_new(found.version, steps)


def too_new(version: int, steps: Sequence[Step] = STEPS) -> StoreTooNew:
    """
    Return the error that a file is of a later layout.

    Args:
        version: Its layout.
        steps: All steps.
    """
    message = f"a newer goalkit has written the file, in layout {version}; this one knows {newest(steps)}"
    return StoreTooNew(f"{message}. Nothing was touched: use the newer one")


def advance(connection: Executor, step: Step, *, owned: bool) -> None:
    """
    Make one step, within a transaction that somebody else begins and ends.

    Args:
        connection: The connection.
        step: The step.
        owned: Whether the file is the store's own, so that its header is too.
    """
    for statement in step.statements:
        connection.execute(statement)
    told = (("layout", step.version), ("min_reader", step.min_reader))
    connection.executemany("INSERT INTO gk_meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", told)
    if owned:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute(f"PRAGMA user_version = {step.version}")


def migrate(connection: sqlite3.Connection, path: Path, steps: Sequence[Step] = STEPS) -> Found:
    """
    Bring a file to the newest layout, step by step, each of them all or nothing.

    Whoever comes first holds the lock and does a step; the others wait, and find it done. A file that holds
    something is copied before, to its path with ``.before-`` and the layout that the step makes.

    Args:
        connection: A connection to the file, outside of a transaction.
        path: The path of the file.
        steps: All steps.

    Raises:
        StoreTooNew: If a newer library wrote the file.
        StoreDamaged: If the file belongs to something else.
    """
    while True:
        connection.execute("BEGIN IMMEDIATE")
        try:
            found = found_in(connection)
            step = next((each for each in steps if each.version > found.version), None)
            if step is None:
                return found
            if found.version:
                _keep(path, Path(f"{path}.before-{step.version}"))
            advance(connection, step, owned=True)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def _keep(path: Path, target: Path) -> None:
    # SQLite copies nothing from a connection that is about to write; beside it, everybody may still read.
    reader = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        copy_to(reader, target)
    finally:
        reader.close()


def copy_to(connection: sqlite3.Connection, path: Path) -> None:
    """
    Copy all of a database to a file, which is there as a whole or not at all.

    Args:
        connection: A connection that has written nothing in its transaction, if it is within one.
        path: The file; what is there is replaced.

    Raises:
        StoreUnavailable: If it cannot be written.
    """
    try:
        _copy(connection, path, Path(f"{path}.part"))
    except OSError as error:
        raise StoreUnavailable(f"the copy cannot be written: {error.strerror}") from error


def _copy(connection: sqlite3.Connection, path: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    target = sqlite3.connect(part, isolation_level=None)
    try:
        target.execute("PRAGMA synchronous = FULL")
        connection.backup(target)
        # A copy is one file: what others would have to know of its log is in it.
        target.execute("PRAGMA journal_mode = DELETE")
    finally:
        target.close()
    part.replace(path)
    if os.name == "posix":  # pragma: no branch - elsewhere, a folder cannot be opened
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
