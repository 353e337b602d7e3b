"""How a store is kept: what SQLite is asked for, and what it says of itself."""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from attrs import frozen

from ..errors import StoreClosed, StoreUnavailable
from .rows import damaged

#: The first SQLite with strict tables.
LEAST: Final = (3, 37, 0)

# Before these, two connections could lose pages of a write-ahead log that was just begun anew.
_FIXED: Final = (3, 51, 3)
_FIXED_IN: Final = {(3, 50): 7, (3, 44): 6}

#: What tells whether a write of a workspace has happened: its number in the file, its last change, and its digest.
Standing = tuple[int, int, bytes]


class Journal(StrEnum):
    """
    How SQLite keeps what is needed to undo or redo a write.

    ``auto`` takes ``wal`` for a new file where the linked SQLite has no known fault in it, and ``truncate`` everywhere
    else; a file that is there stays as it is.

    Example:
        >>> Journal("auto") is Journal.AUTO
        True
    """

    AUTO = "auto"
    WAL = "wal"
    TRUNCATE = "truncate"


class Durability(StrEnum):
    """
    What a commit outlives: ``full`` a power cut, ``relaxed`` only the end of the process, and is quicker.

    Example:
        >>> Durability("full") is Durability.FULL
        True
    """

    FULL = "full"
    RELAXED = "relaxed"


@frozen(kw_only=True)
class Info:
    """
    What a store is, for whoever runs it.

    Attributes:
        path: The file; None for a store that is bound to a connection of its host.
        layout: The number of its layout.
        journal: How SQLite journals it, as SQLite says.
        durability: What a commit outlives.
        sqlite: The version of SQLite that is linked.
    """

    path: Path | None
    layout: int
    journal: str
    durability: Durability
    sqlite: str


class Session(Protocol):
    """Where a store's statements are executed: a file of its own, or a connection of a host."""

    def reading(self) -> AbstractContextManager[sqlite3.Cursor]:
        """Return a cursor within a transaction that sees one moment."""

    def writing(self, workspace: str) -> AbstractContextManager[tuple[sqlite3.Cursor, Standing | None]]:
        """
        Return a cursor within a transaction that nobody else writes beside; committed unless something is raised.

        Args:
            workspace: What is written to; where it stands is returned too.
        """

    def info(self) -> Info:
        """Return what the store is."""

    def close(self) -> None:
        """Let go of everything."""


def standing(cursor: sqlite3.Cursor, workspace: str) -> Standing | None:
    """
    Return the number of a workspace in the file, its last change and the digest of that; None where it is new.

    Args:
        cursor: The cursor.
        workspace: The workspace.

    Raises:
        StoreDamaged: If that is not what was written.
    """
    row = cursor.execute("SELECT id, seq, digest FROM gk_workspace WHERE name = ?", (workspace,)).fetchone()
    if row is None:
        return None
    number, seq, digest = row
    if type(seq) is not int or type(digest) is not bytes:
        raise damaged()
    return number, seq, digest


def check_library(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> None:
    """
    Check that the linked SQLite is new enough.

    Args:
        version: Its version.

    Raises:
        StoreUnavailable: If it is not.
    """
    if version < LEAST:
        has, needs = ".".join(map(str, version)), ".".join(map(str, LEAST[:2]))
        raise StoreUnavailable(f"Python is linked with SQLite {has}, and {needs} is the first that can be used")


def log_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """
    Tell whether a version of SQLite has no known fault in its write-ahead log.

    Args:
        version: The version.

    Example:
        >>> [log_is_safe(each) for each in ((3, 40, 1), (3, 44, 6), (3, 51, 2), (3, 51, 3))]
        [False, True, False, True]
    """
    return version >= _FIXED or version[2] >= _FIXED_IN.get((version[0], version[1]), version[2] + 1)


def closed() -> StoreClosed:
    """Return the error that the store was closed."""
    return StoreClosed("the store was closed")


def mode_of(connection: sqlite3.Connection, wanted: Journal | None = None) -> str:
    """
    Return how a file is journaled, as SQLite says.

    Args:
        connection: A connection to the file.
        wanted: How it is to be journaled; None to leave it as it is.
    """
    statement = "PRAGMA journal_mode" if wanted is None else f"PRAGMA journal_mode = {wanted.value}"
    (mode,) = connection.execute(statement).fetchone()
    return str(mode)


def check_mode(mode: str, wanted: Journal) -> None:
    """
    Check that SQLite has done what it was asked for.

    Args:
        mode: How it says that the file is journaled.
        wanted: How the file was to be journaled.

    Raises:
        StoreUnavailable: If it has not.
    """
    if mode != wanted:
        raise StoreUnavailable(f"the file cannot be journaled as {wanted.value}: SQLite stays with {mode}")
