"""A connection to a database: what it promises, and what is told of a commit during which the disk failed."""

from pathlib import Path
from sqlite3 import OperationalError, connect, sqlite_version

import pytest

from goalkit.storage import CommitUnknown, StoreUnavailable
from goalkit.storage.sqlite import Durability, SqliteStore
from goalkit.storage.sqlite.connection import lost


def failure(name: str) -> OperationalError:
    error = OperationalError("disk I/O error")
    error.sqlite_errorname = name
    return error


@pytest.mark.parametrize("name", ["SQLITE_IOERR_FSYNC", "SQLITE_IOERR_WRITE"])
def test_a_commit_of_which_nobody_knows_is_told_with_what_the_disk_said(name: str) -> None:
    connection = connect(":memory:")
    connection.execute("BEGIN")
    error = lost(connection, failure(name), lambda: False)
    assert type(error) is CommitUnknown
    assert str(error) == f"the disk failed while it was written ({name}); apply it again with the same key"
    assert not connection.in_transaction
    connection.close()


def test_a_commit_that_was_undone_was_not_made() -> None:
    connection = connect(":memory:")
    connection.execute("BEGIN")
    error = lost(connection, failure("SQLITE_IOERR_FSYNC"), lambda: True)
    assert type(error) is StoreUnavailable
    assert not connection.in_transaction
    connection.close()


def test_nobody_knows_what_became_of_a_commit_after_which_nothing_can_be_asked() -> None:
    connection = connect(":memory:")
    connection.close()
    assert type(lost(connection, failure("SQLITE_IOERR"), lambda: True)) is CommitUnknown


@pytest.mark.parametrize(
    ("journal", "synchronous", "durability"),
    [
        ("delete", "EXTRA", Durability.FULL),
        ("delete", "NORMAL", Durability.FULL),
        ("delete", "OFF", Durability.RELAXED),
        ("wal", "FULL", Durability.FULL),
        ("wal", "NORMAL", Durability.RELAXED),
    ],
)
def test_what_a_host_has_set_is_what_its_store_promises(
    journal: str, synchronous: str, durability: Durability, tmp_path: Path
) -> None:
    connection = connect(tmp_path / "host.db", isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute(f"PRAGMA synchronous = {synchronous}")
    info = SqliteStore.bind(connection).info()
    assert (info.journal, info.durability, info.sqlite) == (journal, durability, sqlite_version)
    connection.close()
