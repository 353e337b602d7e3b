"""The SQLite store: plans in one file."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Self, TypeVar, final

from ...errors import InvalidValue, shown
from ...values import choice, instance
from ..batches import Batch
from ..checking import (
    check_place,
    checked_batch,
    checked_born,
    checked_keys,
    checked_limit,
    checked_name,
    checked_of,
    checked_path,
    checked_place,
    checked_request,
    checked_timeout,
    checked_what,
)
from ..protocol import Store
from ..records import Answered, Change, Commit, Head, Key, Page, Position, Query
from . import upkeep
from .bound import HostConnection
from .connection import OwnFile
from .layout import ROOM
from .modes import Durability, Info, Journal, Session, standing
from .queries import answered, digest_at, feed, page_of, requests, rows_of
from .rows import records_of
from .writing import applied


@final
class SqliteStore(Store):
    """
    Plans in a SQLite database: one file, for all threads and processes of one machine. The usual choice.

    What is committed outlives the process, and a power cut too, unless ``durability`` is ``relaxed``. Writers wait for
    each other, readers hardly at all. The file belongs on a disk of this machine, not on one in the network, and is
    copied with `backup`, not by hand. The changes of all threads of a process go through one store.

    Args:
        path: The file; what is not there comes about, its folder excepted.
        journal: How SQLite journals; ``auto`` leaves a file as it is, and takes what is safe for a new one. Anything
            else switches a file that is journaled in another way.
        durability: What a commit outlives.
        timeout: How many seconds to wait for others, from 0 to 86,400, which is a day.

    Raises:
        StoreUnavailable: If the file cannot be opened, or the linked SQLite is older than 3.37.
        StoreDamaged: If it is no database, or one of something else. Nothing is touched.
        StoreTooNew: If a newer goalkit wrote it, so that this one cannot read it. Nothing is touched.
        StoreBusy: If others hold it for too long.
        InvalidValue: If an argument is wrong.

    Example:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from goalkit import Objective, Plan
        >>> with TemporaryDirectory() as folder, SqliteStore(Path(folder) / "plans.db") as store:
        ...     acme = store.workspace("acme")
        ...     commit = acme.save(Plan.of(Objective(id="app", title="App")), by="ida")
        ...     acme.snapshot().plan["app"].title
        'App'
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        journal: Journal | str = Journal.AUTO,
        durability: Durability | str = Durability.FULL,
        timeout: float = 10.0,
    ) -> None:
        self._session: Session = OwnFile(
            _path(path),
            journal=_named("journal", Journal, journal),
            durability=_named("durability", Durability, durability),
            timeout=checked_timeout(timeout),
        )

    @classmethod
    def bind(cls, connection: sqlite3.Connection) -> Self:
        """
        Return a store that lives in the database of a host, and in its transactions.

        It makes tables whose names begin with ``gk_`` beside those of the host, and sets savepoints, which it releases:
        what it writes is committed or rolled back with everything else that the host writes. Where the host has not
        begun a transaction and its driver begins none, every write is committed by itself. From the first write until
        the host commits, nobody else can write. Timeouts, durability and threads are those of the connection.

        Args:
            connection: The connection; it stays open when the store is closed.

        Raises:
            StoreTooNew: If a newer goalkit made the tables.
            InvalidValue: If it is no connection of the module ``sqlite3``.

        Example:
            >>> import sqlite3
            >>> from goalkit import Objective, Plan
            >>> connection = sqlite3.connect(":memory:", isolation_level=None)
            >>> acme = SqliteStore.bind(connection).workspace("acme")
            >>> _ = connection.execute("BEGIN")
            >>> acme.save(Plan.of(Objective(id="app", title="App")), by="ida").seq
            1
            >>> _ = connection.execute("ROLLBACK")
            >>> acme.snapshot().seq
            0
            >>> connection.close()
        """
        hint = "give a connection of the module sqlite3; SQLAlchemy has it in connection.connection.driver_connection"
        store = cls.__new__(cls)
        store._session = HostConnection(instance(sqlite3.Connection, connection, hint))  # noqa: SLF001 - its own
        return store

    def info(self) -> Info:
        """
        Return what the store is: its file, layout, journal, durability, and the version of SQLite.

        Example:
            >>> import sqlite3
            >>> connection = sqlite3.connect(":memory:", isolation_level=None)
            >>> SqliteStore.bind(connection).info().layout
            1
            >>> connection.close()
        """
        return self._session.info()

    # -- the four operations ----------------------------------------------------------------------

    def read(self, workspace: str, what: Query | Iterable[Key], *, after: int = 0, limit: int = 1000) -> Page:
        """
        Return current records: those with some keys, or one page of those that are asked for.

        Args:
            workspace: The workspace.
            what: The keys, or a query.
            after: The ``born`` after which the page begins.
            limit: The most records, from 1 to 1000.
        """
        most, name, begin = checked_limit(limit), checked_name(workspace), checked_born(after)
        wanted = checked_what(what)
        with self._session.reading() as cursor:
            place = standing(cursor, name)
            if place is None:
                return Page(records=(), head=Position())
            number, seq, digest = place
            head = Position(seq, digest.hex())
            if not isinstance(wanted, Query):
                return Page(records=records_of(rows_of(cursor, number * ROOM, wanted)), head=head)
            rows = page_of(cursor, number * ROOM, wanted, begin, most + 1)
        records = records_of(rows[:most])
        return Page(records=records, head=head, more=records[-1].born if len(rows) > most else None)

    def apply(self, workspace: str, batch: Batch) -> Commit:
        """
        Write a batch: all of it or nothing.

        Args:
            workspace: The workspace.
            batch: The batch.
        """
        name, given = checked_name(workspace), checked_batch(batch)
        with self._session.writing(name) as (cursor, place):
            return applied(cursor, name, place, given)

    def changes(
        self, workspace: str, after: Position, *, of: Key | None = None, limit: int = 1000
    ) -> tuple[Change, ...]:
        """
        Return the changes after a place in the feed.

        Args:
            workspace: The workspace.
            after: The place.
            of: The record of which changes are told; None for all.
            limit: The most changes, from 1 to 1000.
        """
        most, name, record = checked_limit(limit), checked_name(workspace), checked_of(of)
        checked_place(after)
        with self._session.reading() as cursor:
            number, seq, _ = standing(cursor, name) or (0, 0, b"")
            is_there = 0 < after.seq <= seq
            check_place(after, digest_at(cursor, number * ROOM, after.seq) if is_there else None)
            return tuple(feed(cursor, number, after.seq, record, most))

    def head(self, workspace: str, key: str = "") -> Head:
        """
        Return the last change of a workspace, and what became of a request.

        Args:
            workspace: The workspace.
            key: The idempotency key of the request; empty for none.
        """
        name, request = checked_name(workspace), checked_request(key)
        with self._session.reading() as cursor:
            place = standing(cursor, name)
            if place is None:
                return Head()
            number, seq, digest = place
            return Head(Position(seq, digest.hex()), answered(cursor, number, request))

    def close(self) -> None:
        """Close the connections of all threads, each after what it is at. What was committed stays."""
        self._session.close()

    # -- what an operator needs ---------------------------------------------------------------------

    def workspaces(self) -> tuple[str, ...]:
        """Return the names of all workspaces that were written to, sorted."""
        with self._session.reading() as cursor:
            return tuple(sorted(name for (name,) in cursor.execute("SELECT name FROM gk_workspace").fetchall()))

    def verify(self) -> tuple[str, ...]:
        """
        Return everything that is not as it should be, in the file as SQLite sees it and in the feed.

        All of the file is read, in one transaction: writers may have to wait for it.
        """
        return upkeep.verified(self._session)

    def requests(self, workspace: str, first: int, last: int) -> tuple[tuple[str, Answered], ...]:
        """
        Return the requests that had a key, with what became of them, in the order of their commits.

        Args:
            workspace: The workspace.
            first: The number of the first change with which their commits begin.
            last: That of the last one.
        """
        name = checked_name(workspace)
        with self._session.reading() as cursor:
            place = standing(cursor, name)
            return () if place is None else requests(cursor, place[0], first, last)

    def purge(self, workspace: str, keys: Iterable[Key], *, by: str, why: str) -> int:
        """
        Erase the content of records, in the feed too, and from the file: no part of it holds the text any more.

        The file is written anew for that, which takes a while and needs the room of a second one, and that nobody else
        reads. Where that fails, purge again. Copies stay: those that `backup` made, and those from before a migration.
        A store that is bound to a host erases the rows; writing the file anew (``VACUUM``) is up to the host.

        Args:
            workspace: The workspace.
            keys: The records.
            by: The id of who erases.
            why: Why.

        Raises:
            StoreBusy: If others read for too long; what was erased is then still in unused parts of the file.
        """
        return upkeep.purge(self._session, checked_name(workspace), checked_keys(keys), by=by, why=why)

    def backup(self, path: str | os.PathLike[str]) -> None:
        """
        Copy all of the store to another file, as it is at one moment, while others go on.

        Args:
            path: The file; it must not be there yet.

        Raises:
            StoreUnavailable: If it cannot be written.
            InvalidValue: If there is a file already, or the store is bound to a connection of its host.

        Example:
            >>> from pathlib import Path
            >>> from tempfile import TemporaryDirectory
            >>> with TemporaryDirectory() as folder:
            ...     with SqliteStore(Path(folder) / "plans.db") as store:
            ...         store.backup(Path(folder) / "copy.db")
            ...     with SqliteStore(Path(folder) / "copy.db") as copy:
            ...         copy.verify()
            ()
        """
        upkeep.back_up(self._session, _path(path))


_Choice = TypeVar("_Choice", Journal, Durability)


def _named(name: str, cls: type[_Choice], value: _Choice | str) -> _Choice:
    try:
        return choice(cls, value)
    except InvalidValue as error:
        raise error.under(name) from None


def _path(path: str | os.PathLike[str]) -> Path:
    text = checked_path(path)
    if text == ":memory:":
        hint = "give the path of a file; memory: is a store in memory"
        raise InvalidValue.of("not_a_path", f"{shown(text)} is no path of a file", path="path", hint=hint)
    return Path(text).absolute()
