"""Connections to the file: one a thread, none taken over by a forked process, and how durable what they write is."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, local
from time import monotonic, sleep
from typing import Final, final
from weakref import WeakSet

from ..errors import CommitUnknown, StoreUnavailable
from .failures import primary_of, told, translated
from .layout import STEPS, Found, Step, check_readable, found_in, migrate, newest, too_new
from .modes import (
    Durability,
    Info,
    Journal,
    Standing,
    check_library,
    check_mode,
    closed,
    log_is_safe,
    mode_of,
    standing,
)

_PAUSE: Final = 0.01
_FULL: Final = 2
# How many milliseconds SQLite waits before it is asked anew.
_TURN: Final = 10

# Closing what a parent process opened would let go of its locks, or undo what it is writing.
_INHERITED: Final[list[sqlite3.Connection]] = []


def roll_back(connection: sqlite3.Connection) -> None:
    """
    End a transaction without its writes; where SQLite has done so itself, as when the disk is full, do nothing.

    Args:
        connection: The connection.
    """
    if connection.in_transaction:
        connection.execute("ROLLBACK")


@final
class _Held:
    """The connection of one thread. When the thread ends, so does it."""

    __slots__ = ("__weakref__", "connection", "lock", "pid", "version")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection: Final = connection
        # Closing a connection beneath a statement that runs would end the process.
        self.lock: Final = Lock()
        self.pid: Final = os.getpid()
        # What the file said of itself when this connection wrote last; others have written where that has changed.
        self.version = -1

    def __del__(self) -> None:
        if self.pid == os.getpid():
            self.connection.close()
        else:
            _INHERITED.append(self.connection)


@final
class OwnFile:
    """The file of a store, with a connection for each thread that uses it."""

    def __init__(
        self, path: Path, *, journal: Journal, durability: Durability, timeout: float, steps: tuple[Step, ...] = STEPS
    ) -> None:
        check_library()
        self.path: Final = path
        self._durability: Final = durability
        self._timeout: Final = timeout
        self._steps: Final = steps
        self._readable_only = False
        self._closed = False
        self._begin_anew()
        with told():
            self._prepare(journal)

    def _begin_anew(self) -> None:
        self._pid = os.getpid()
        self._lock = Lock()
        self._all: WeakSet[_Held] = WeakSet()
        self._mine = local()

    # -- opening ----------------------------------------------------------------------------------

    def _prepare(self, journal: Journal) -> None:
        found = self._looked_at()
        if found is not None:
            check_readable(found, self._steps)
            self._readable_only = found.version > newest(self._steps)
        if self._readable_only:
            return
        self._settle()
        connection = self._connected("rwc")
        try:
            is_new = found is not None and not found.version
            if journal is not Journal.AUTO:
                self._switch(connection, journal)
            elif is_new and (self._durability is Durability.RELAXED or log_is_safe()):
                self._switch(connection, Journal.WAL)
            migrated = migrate(connection, self.path, self._steps)
        finally:
            connection.close()
        check_readable(migrated, self._steps)
        self._readable_only = migrated.version > newest(self._steps)

    def _looked_at(self) -> Found | None:
        """Return what the file says without writing a byte; None where only a writer can tell, after a crash."""
        try:
            is_empty = not self.path.stat().st_size
        except FileNotFoundError:
            is_empty = True
        except OSError as error:
            raise StoreUnavailable(f"the file cannot be looked at: {error.strerror}") from error
        if is_empty:
            return Found(version=0, min_reader=0)
        try:
            connection = self._opened("ro")
            try:
                connection.execute("BEGIN")
                return found_in(connection)
            finally:
                connection.close()
        except sqlite3.OperationalError as error:
            if primary_of(error) in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
                return None
            raise

    def _settle(self) -> None:
        # A writer that was killed may have emptied its journal without waiting for the disk. Were the power cut while
        # the next one fills it, some of what it held could stand among the new, and be taken for what is to be undone.
        try:
            journal = os.open(f"{os.path.realpath(self.path)}-journal", os.O_RDWR | getattr(os, "O_CLOEXEC", 0))
        except OSError:
            return  # there is none, or nobody may write
        try:
            os.fsync(journal)
        except OSError as error:
            raise StoreUnavailable(f"the disk cannot be waited for: {error.strerror}") from error
        finally:
            os.close(journal)

    def _opened(self, mode: str) -> sqlite3.Connection:
        target = f"{self.path.as_uri()}?mode={mode}"
        return sqlite3.connect(target, timeout=self._timeout, isolation_level=None, check_same_thread=False, uri=True)

    def _connected(self, mode: str = "rw") -> sqlite3.Connection:
        connection = self._opened("ro" if self._readable_only else mode)
        try:
            for pragma in ("foreign_keys = ON", "trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("PRAGMA secure_delete = ON")
            if not self._readable_only:
                self._set_durability(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _set_durability(self, connection: sqlite3.Connection) -> None:
        # Whether there is a write-ahead log is a property of the file; anything else, of each connection.
        mode = mode_of(connection)
        if mode != Journal.WAL:
            mode = mode_of(connection, Journal.TRUNCATE)
            check_mode(mode, Journal.TRUNCATE)
        relaxed = self._durability is Durability.RELAXED and mode == Journal.WAL
        connection.execute(f"PRAGMA synchronous = {'NORMAL' if relaxed else 'FULL'}")

    def _switch(self, connection: sqlite3.Connection, journal: Journal) -> None:
        # SQLite does not wait by itself for what it needs to switch: that nobody else is there.
        deadline = monotonic() + self._timeout
        while True:
            try:
                check_mode(mode_of(connection, journal), journal)
                break
            except sqlite3.OperationalError as error:
                if primary_of(error) != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise
            sleep(_PAUSE)
        self._set_durability(connection)

    # -- using ------------------------------------------------------------------------------------

    def _held(self) -> _Held:
        if self._pid != os.getpid():
            self._leave_behind()
        held: _Held | None = getattr(self._mine, "held", None)
        if held is None:
            self._check_open()
            with told():
                held = _Held(self._connected())
            with self._lock:
                self._check_open()
                self._all.add(held)
            self._mine.held = held
        return held

    def _leave_behind(self) -> None:
        _INHERITED.extend(held.connection for held in self._all)
        self._begin_anew()

    def _check_open(self) -> None:
        if self._closed:
            raise closed()

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Cursor]:
        """Return a cursor outside of a transaction; what is begun and not committed is rolled back."""
        held = self._held()
        with held.lock, told():
            self._check_open()
            cursor = held.connection.cursor()
            try:
                yield cursor
            finally:
                # A statement of which not all rows were read would keep its lock beyond the end of the transaction.
                cursor.close()
                roll_back(held.connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Cursor]:
        """Return a cursor within a transaction that sees one moment."""
        with self.alone() as cursor:
            cursor.execute("BEGIN")
            yield cursor

    @contextmanager
    def writing(self, workspace: str) -> Iterator[tuple[sqlite3.Cursor, Standing | None]]:
        """
        Return a cursor within a transaction that nobody else writes beside; committed unless something is raised.

        Args:
            workspace: What is written to; where it stands is returned too.
        """
        with self.alone() as cursor:
            if self._readable_only:
                raise too_new(found_in(cursor.connection).version, self._steps)
            self._take_turn(cursor)
            self._settle_after_others(cursor)
            (version,) = cursor.execute("PRAGMA user_version").fetchone()
            if version > newest(self._steps):  # somebody has migrated the file since
                raise too_new(version, self._steps)
            before = standing(cursor, workspace)
            yield cursor, before
            try:
                cursor.execute("COMMIT")
            except sqlite3.OperationalError as error:
                if primary_of(error) != sqlite3.SQLITE_IOERR:
                    raise
                raise lost(cursor.connection, error, lambda: standing(cursor, workspace) == before) from error

    def _settle_after_others(self, cursor: sqlite3.Cursor) -> None:
        (version,) = cursor.execute("PRAGMA data_version").fetchone()
        held: _Held = self._mine.held
        if version != held.version:
            self._settle()
            held.version = version

    def _take_turn(self, cursor: sqlite3.Cursor) -> None:
        # SQLite asks ever more rarely, so that whoever waits longest is the last to get the lock, or never does.
        deadline = monotonic() + self._timeout
        cursor.execute(f"PRAGMA busy_timeout = {_TURN}")
        try:
            while True:
                try:
                    cursor.execute("BEGIN IMMEDIATE")
                    break
                except sqlite3.OperationalError as error:
                    if primary_of(error) != sqlite3.SQLITE_BUSY or monotonic() >= deadline:
                        raise
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(self._timeout * 1000)}")

    def info(self) -> Info:
        """Return what the store is."""
        with self.alone() as cursor:
            mode = mode_of(cursor.connection)
            (synchronous,) = cursor.execute("PRAGMA synchronous").fetchone()
            (version,) = cursor.execute("PRAGMA user_version").fetchone()
        return Info(
            path=self.path,
            layout=version,
            journal=mode,
            durability=Durability.FULL if synchronous >= _FULL else Durability.RELAXED,
            sqlite=sqlite3.sqlite_version,
        )

    def close(self) -> None:
        """Close the connections of all threads, each after what it is at."""
        if self._pid != os.getpid():
            self._leave_behind()
        with self._lock:
            self._closed = True
            for held in [*self._all]:
                with held.lock:
                    held.connection.close()


def lost(
    connection: sqlite3.Connection, error: sqlite3.Error, is_as_before: Callable[[], bool]
) -> CommitUnknown | StoreUnavailable:
    """
    Return what to tell of a commit during which the disk failed.

    A rollback journal that is still there undoes it, which shows at once. With a write-ahead log nothing shows: what is
    in the log may be found there after a crash.

    Args:
        connection: The connection.
        error: What SQLite said.
        is_as_before: Tells whether what was to be written is not there.
    """
    name = getattr(error, "sqlite_errorname", "")
    unknown = CommitUnknown(f"the disk failed while it was written ({name}); apply it again with the same key")
    try:
        roll_back(connection)
        if mode_of(connection) == Journal.WAL or not is_as_before():
            return unknown
    except sqlite3.Error:
        return unknown
    return StoreUnavailable(str(translated(error)))
