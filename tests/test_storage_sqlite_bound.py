"""A store in the transactions of its host: on the host's connection, beside the host's tables."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from goalkit import InvalidValue, Objective, Plan
from goalkit.storage import (
    Batch,
    Conflict,
    Key,
    Kind,
    Position,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreTooNew,
    StoreUnavailable,
)
from goalkit.storage.sqlite import Durability, SqliteStore
from processes import fact

APP = Plan.of(Objective(id="app", title="App"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "host.db"


@contextmanager
def connected(path: Path, **given: object) -> Iterator[sqlite3.Connection]:
    """Open a connection as a host does, with a table of its own."""
    connection = sqlite3.connect(path, timeout=0.05, **given)  # type: ignore[call-overload] # any
    try:
        connection.execute("CREATE TABLE IF NOT EXISTS orders (id INTEGER PRIMARY KEY, text TEXT)")
        yield connection
    finally:
        connection.close()


def seen_by_others(path: Path) -> tuple[int, int]:
    """Return how many rows of the host, and how many changes, another connection sees."""
    with connected(path) as other:
        (orders,) = other.execute("SELECT count(*) FROM orders").fetchone()
        (changes,) = other.execute("SELECT count(*) FROM gk_change").fetchone()
        return orders, changes


@contextmanager
def atomic(connection: sqlite3.Connection) -> Iterator[None]:
    """Begin, and commit or roll back, as a web framework does on a connection that it keeps in autocommit."""
    connection.execute("BEGIN")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def test_what_is_written_within_atomic_becomes_seen_when_the_host_commits(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)
        with atomic(connection):
            connection.execute("INSERT INTO orders (text) VALUES ('one')")
            store.workspace("acme").save(APP, by="ida")
            assert store.workspace("acme").snapshot().plan == APP
            assert seen_by_others(path) == (0, 0)
        assert seen_by_others(path) == (1, 1)
        assert store.verify() == ()


def test_what_is_written_within_atomic_is_rolled_back_with_the_host(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)

        def fail() -> None:
            with atomic(connection):
                store.workspace("acme").save(APP, by="ida", key="request-1")
                connection.execute("INSERT INTO orders (text) VALUES ('one')")
                message = "changed my mind"
                raise RuntimeError(message)

        with pytest.raises(RuntimeError):
            fail()
        assert seen_by_others(path) == (0, 0)
        assert store.head("acme", "request-1").answered is None
        with atomic(connection):
            assert store.workspace("acme").save(APP, by="ida", key="request-1").seq == 1
        assert seen_by_others(path) == (0, 1)


def test_without_a_transaction_of_the_host_every_write_is_committed_by_itself(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        SqliteStore.bind(connection).workspace("acme").save(APP, by="ida")
        assert not connection.in_transaction
        assert seen_by_others(path) == (0, 1)


def test_a_driver_that_begins_by_itself_commits_the_store_with_everything_else(path: Path) -> None:
    # As SQLAlchemy uses the module: nothing is begun until something is written, and then commit() or rollback().
    with connected(path) as connection:
        store = SqliteStore.bind(connection)
        store.workspace("acme").save(APP, by="ida")
        assert connection.in_transaction
        connection.execute("INSERT INTO orders (text) VALUES ('one')")
        assert seen_by_others(path) == (0, 0)
        connection.rollback()
        assert seen_by_others(path) == (0, 0)
        store.workspace("acme").save(APP, by="ida")
        connection.execute("INSERT INTO orders (text) VALUES ('one')")
        connection.commit()
        assert seen_by_others(path) == (1, 1)


def test_reading_begins_nothing(path: Path) -> None:
    with connected(path) as connection:
        store = SqliteStore.bind(connection)
        assert store.workspace("acme").snapshot().plan == Plan.of()
        assert store.changes("acme", Position()) == ()
        assert store.requests("acme", 1, 9) == ()
        assert not connection.in_transaction


def test_a_conflict_undoes_the_batch_and_nothing_of_the_host(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)
        with atomic(connection):
            connection.execute("INSERT INTO orders (text) VALUES ('one')")
            store.apply("acme", Batch(puts=[fact("a")]))
            with pytest.raises(Conflict):
                store.apply("acme", Batch(puts=[fact("b"), fact("a")]))
            store.apply("acme", Batch(puts=[fact("c")]))
        assert seen_by_others(path) == (1, 2)
        assert [record.key.id for record in store.read("acme", [Key(Kind.FACT, name) for name in "abc"]).records] == [
            "a",
            "c",
        ]


def test_it_waits_for_the_lock_of_a_writer_as_the_host_would(path: Path) -> None:
    with connected(path, isolation_level=None) as connection, connected(path, isolation_level=None) as other:
        store = SqliteStore.bind(connection)
        with atomic(other):
            other.execute("INSERT INTO orders (text) VALUES ('one')")
            with pytest.raises(StoreBusy):
                store.apply("acme", Batch(puts=[fact("a")]))
        assert not connection.in_transaction
        with atomic(connection):
            store.apply("acme", Batch(puts=[fact("a")]))
            with pytest.raises(StoreBusy):
                SqliteStore.bind(other).apply("acme", Batch(puts=[fact("b")]))


def test_a_transaction_that_read_before_others_wrote_has_to_begin_again(path: Path) -> None:
    with connected(path, isolation_level=None) as connection, connected(path, isolation_level=None) as other:
        connection.execute("PRAGMA journal_mode = WAL")
        acme, theirs = (SqliteStore.bind(each).workspace("acme") for each in (connection, other))
        connection.execute("BEGIN")
        acme.snapshot()
        theirs.save(APP)
        with pytest.raises(StoreBusy, match="roll it back"):
            acme.update(lambda plan: plan.add(Objective(id="more", title="More")))
        connection.execute("ROLLBACK")
        with atomic(connection):
            assert acme.update(lambda plan: plan.add(Objective(id="more", title="More"))).seq == 2


def test_rows_and_texts_that_the_host_reads_in_its_own_way_stay_so(path: Path) -> None:
    with connected(path) as connection:
        connection.row_factory = lambda cursor, row: {"columns": len(cursor.description), "row": row}
        connection.text_factory = bytes
        store = SqliteStore.bind(connection)
        store.workspace("acme").save(APP, by="ida")
        assert store.workspace("acme").snapshot().plan == APP
        assert connection.execute("SELECT 'a'").fetchone() == {"columns": 1, "row": (b"a",)}


def test_tables_that_the_host_rolled_back_are_made_again(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        connection.execute("BEGIN")
        store = SqliteStore.bind(connection)
        store.apply("acme", Batch(puts=[fact("a")]))
        connection.execute("ROLLBACK")
        assert store.head("acme").position.seq == 0
        connection.execute("DROP TABLE gk_change")
        with pytest.raises(StoreDamaged):
            store.apply("acme", Batch(puts=[fact("a")]))
        assert not connection.in_transaction


def test_tables_of_a_newer_library_are_refused_or_read_only(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)
        store.apply("acme", Batch(puts=[fact("a")]))
        connection.execute("UPDATE gk_meta SET value = 9 WHERE key = 'layout'")
        readable = SqliteStore.bind(connection)
        assert readable.head("acme").position.seq == 1
        with pytest.raises(StoreTooNew):
            readable.apply("acme", Batch(puts=[fact("b")]))
        connection.execute("UPDATE gk_meta SET value = 9")
        with pytest.raises(StoreTooNew):
            SqliteStore.bind(connection)


def test_a_disk_that_is_full_ends_the_transaction_of_the_host_and_that_is_told(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)
        connection.execute("BEGIN")
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreUnavailable, match="SQLITE_FULL"):
            store.apply("acme", Batch(puts=[fact("a", "x" * 100_000)]))
        connection.execute("PRAGMA max_page_count = 100000")
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        assert store.apply("acme", Batch(puts=[fact("a")])).seq == 1


def test_what_is_erased_leaves_the_rows_and_goes_with_the_transaction_of_the_host(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)
        store.apply("acme", Batch(puts=[fact("a", "private")]))
        with atomic(connection):
            assert store.purge("acme", [Key(Kind.FACT, "a")], by="ida", why="asked for") == 1
        assert connection.execute("SELECT count(*) FROM gk_change WHERE doc NOTNULL").fetchone() == (0,)
        assert connection.execute("PRAGMA secure_delete").fetchone() in {(0,), (1,), (2,)}
        assert store.verify() == ()


def test_it_says_what_it_is_and_copies_nothing(path: Path) -> None:
    with connected(path, isolation_level=None) as connection:
        store = SqliteStore.bind(connection)
        info = store.info()
        assert (info.path, info.layout, info.journal, info.durability) == (None, 1, "delete", Durability.FULL)
        connection.execute("PRAGMA synchronous = OFF")
        assert store.info().durability is Durability.RELAXED
        with pytest.raises(InvalidValue, match="no file of its own"):
            store.backup(path.with_suffix(".copy"))
    with pytest.raises(StoreClosed):
        store.head("acme")


def test_closing_the_store_leaves_the_connection_open(path: Path) -> None:
    with connected(path) as connection:
        with SqliteStore.bind(connection) as store:
            store.head("acme")
        with pytest.raises(StoreClosed):
            store.head("acme")
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_only_a_connection_of_the_module_is_bound() -> None:
    with pytest.raises(InvalidValue, match="driver_connection"):
        SqliteStore.bind("plans.db")  # type: ignore[arg-type] # on purpose
