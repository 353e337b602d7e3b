"""What SQLite says when it cannot do something, told as an error of a store."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from ..errors import StorageError, StoreBusy, StoreClosed, StoreDamaged, StoreUnavailable

_PRIMARY: Final = 0xFF
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL})
_DAMAGED: Final = frozenset(
    {
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_SCHEMA,
        sqlite3.SQLITE_FORMAT,
        # A table or a column that is not there, and a row that must not be: the file is not what was made.
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
    }
)


def primary_of(error: sqlite3.Error) -> int | None:
    """
    Return SQLite's own code of an error, without what it adds to it; None where Python made the error.

    Args:
        error: The error.
    """
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & _PRIMARY


def translated(error: sqlite3.Error) -> StorageError:
    """
    Return an error of SQLite as one of a store. It names SQLite's code and none of its texts, which may quote data.

    Args:
        error: The error.
    """
    code = primary_of(error)
    if code is None:
        if not isinstance(error, sqlite3.ProgrammingError):
            return StoreDamaged("the file holds text that is no text: verify it, and put a backup back")
        if "closed" in str(error):
            return StoreClosed("the connection was closed")
        return StoreUnavailable("the connection cannot be used here: it belongs to another thread")
    name = getattr(error, "sqlite_errorname", str(code))
    if error.sqlite_errorcode == sqlite3.SQLITE_BUSY_SNAPSHOT:
        message = f"others wrote since the transaction began to read ({name})"
        return StoreBusy(f"{message}; roll it back, and begin it again, with BEGIN IMMEDIATE")
    if code in _BUSY:
        return StoreBusy(f"others hold the file for too long ({name}); try again")
    if code in _DAMAGED:
        return StoreDamaged(f"the file is not what was written ({name}): verify it, and put a backup back")
    return StoreUnavailable(f"the file cannot be used ({name}): look at the disk, its room and its permissions")


@contextmanager
def told() -> Iterator[None]:
    """
    Tell what SQLite cannot do as an error of a store.

    Raises:
        StorageError: If SQLite raises anything.
    """
    try:
        yield
    except sqlite3.Error as error:
        # What Python says of text that is no text quotes it, and a cause is shown with what it has caused.
        raise translated(error) from (error if primary_of(error) is not None else None)
    except UnicodeDecodeError as error:
        # What SQLite says of a damaged schema quotes it, and Python cannot read that.
        raise StoreDamaged("the tables of the file are not what was written: put a backup back") from error
