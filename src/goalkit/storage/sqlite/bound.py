"""The host's own connection, for a store that lives in the transactions of its host."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, final

from .failures import told
from .layout import STEPS, advance, check_readable, found_beside, newest, too_new
from .modes import Durability, Info, Standing, check_library, closed, standing

# Writes nothing, and yet makes SQLite take the lock of a writer, and Python begin a transaction where it does that.
_NOTHING: Final = "UPDATE gk_meta SET value = value WHERE 0"


@final
class HostConnection:
    """A connection that somebody else opened, and whose transactions somebody else begins and ends."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        check_library()
        self._connection: Final = connection
        self._closed = False
        with self._using() as cursor:
            found = found_beside(cursor)
            check_readable(found)
            if found.version <= newest():
                self._make_ready(cursor)

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Cursor]:
        if self._closed:
            raise closed()
        connection = self._connection
        with told():
            cursor = connection.cursor()
            # The host may read rows and texts in its own way.
            cursor.row_factory = None
            reads, connection.text_factory = connection.text_factory, str
            try:
                yield cursor
            finally:
                cursor.close()
                connection.text_factory = reads

    @contextmanager
    def _within(self, cursor: sqlite3.Cursor) -> Iterator[None]:
        cursor.execute("SAVEPOINT goalkit")
        try:
            yield
        except BaseException:
            if self._connection.in_transaction:  # SQLite undoes all of it by itself, as when the disk is full
                cursor.execute("ROLLBACK TO goalkit")
                cursor.execute("RELEASE goalkit")
            raise
        cursor.execute("RELEASE goalkit")

    def _make_ready(self, cursor: sqlite3.Cursor) -> None:
        """Make the tables, or bring them to the newest layout; the host may have rolled back what was made before."""
        version = found_beside(cursor).version
        if version > newest():
            raise too_new(version)
        if version < newest():
            with self._within(cursor):
                for step in STEPS[version:]:
                    advance(cursor, step, owned=False)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """Return a cursor that sees one moment."""
        with self._using() as cursor:
            if not found_beside(cursor).version:
                self._make_ready(cursor)
            with self._within(cursor):
                yield cursor

    @contextmanager
    def writing(self, workspace: str) -> Iterator[tuple[sqlite3.Cursor, Standing | None]]:
        """
        Return a cursor whose writes become part of what the host is writing, unless something is raised.

        Args:
            workspace: What is written to; where it stands is returned too.
        """
        with self._using() as cursor:
            self._make_ready(cursor)
            if not self._connection.in_transaction and self._connection.isolation_level is not None:
                # What Python begins before a write of the host, it does not begin before a savepoint, whose end would
                # then be a commit.
                cursor.execute(_NOTHING)
            with self._within(cursor):
                cursor.execute(_NOTHING)
                yield cursor, standing(cursor, workspace)

    def info(self) -> Info:
        """Return what the store is."""
        with self._using() as cursor:
            (mode,) = cursor.execute("PRAGMA journal_mode").fetchone()
            (synchronous,) = cursor.execute("PRAGMA synchronous").fetchone()
            version = found_beside(cursor).version
        durability = Durability.FULL if synchronous > 1 or (synchronous and mode != "wal") else Durability.RELAXED
        return Info(path=None, layout=version, journal=mode, durability=durability, sqlite=sqlite3.sqlite_version)

    def close(self) -> None:
        """Use the connection no more; it stays open, as it is the host's."""
        self._closed = True
