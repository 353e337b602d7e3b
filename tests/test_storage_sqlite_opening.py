"""Opening a SQLite file: what is made, what is refused untouched, how it is journaled, and steps to a later layout."""

import errno
import gc
import os
import sqlite3
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest

from goalkit.storage import (
    Batch,
    CommitUnknown,
    Key,
    Kind,
    Position,
    Query,
    StorageError,
    StoreBusy,
    StoreDamaged,
    StoreTooNew,
    StoreUnavailable,
)
from goalkit.storage.sqlite import Durability, Journal, SqliteStore
from goalkit.storage.sqlite import connection as connections
from goalkit.storage.sqlite.connection import OwnFile, lost
from goalkit.storage.sqlite.layout import APPLICATION, STEPS, Step, copy_to
from goalkit.storage.sqlite.modes import check_library, check_mode, log_is_safe
from processes import all_of, fact, told_error

# A file as layout 1 made it, with a workspace, a record that changed once, and a request.
HISTORIC = """
CREATE TABLE gk_meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE gk_workspace (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL,
  digest BLOB NOT NULL) STRICT;
CREATE TABLE gk_change (place INTEGER PRIMARY KEY, kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 4),
  id ANY NOT NULL, rev INTEGER NOT NULL CHECK (rev >= 1), type ANY NOT NULL, about TEXT NOT NULL, day INTEGER,
  born INTEGER NOT NULL, replaced INTEGER, deleted INTEGER NOT NULL CHECK (deleted IN (0, 1)),
  digest BLOB NOT NULL CHECK (length(digest) = 16), doc TEXT, CHECK (doc IS NULL OR deleted = 0)) STRICT;
CREATE INDEX gk_by_id ON gk_change (kind, id);
CREATE INDEX gk_by_born ON gk_change (kind, born) WHERE replaced IS NULL;
CREATE INDEX gk_by_about ON gk_change (about, born, type) WHERE replaced IS NULL AND about <> '';
CREATE INDEX gk_by_type ON gk_change (type, born) WHERE replaced IS NULL AND type NOT IN (7, 13);
CREATE TABLE gk_commit (ws INTEGER NOT NULL REFERENCES gk_workspace (id), seq INTEGER NOT NULL, no INTEGER NOT NULL,
  first INTEGER NOT NULL, at INTEGER NOT NULL, who TEXT, why TEXT NOT NULL, key TEXT, fingerprint ANY NOT NULL,
  PRIMARY KEY (ws, seq, no)) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX gk_by_key ON gk_commit (ws, key) WHERE key IS NOT NULL;
PRAGMA application_id = 1735352684;
PRAGMA user_version = 1;
INSERT INTO gk_meta VALUES ('layout', 1), ('min_reader', 1);
"""
ACME = "INSERT INTO gk_workspace VALUES (1, 'acme', 0, x'')"
NO_META = "DELETE FROM gk_meta"
NEWER = "PRAGMA user_version = 9; UPDATE gk_meta SET value = 9"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plans.db"


def made(path: Path, script: str) -> str:
    """Make a file with a script, and return the digest of its bytes."""
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return digest(path)


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def own_file(path: Path, steps: tuple[Step, ...] = STEPS, timeout: float = 10) -> OwnFile:
    return OwnFile(path, journal=Journal.AUTO, durability=Durability.FULL, timeout=timeout, steps=steps)


# -- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("CREATE TABLE theirs (a)", StoreDamaged),
        ("CREATE VIEW theirs AS SELECT 1", StoreDamaged),
        ("PRAGMA application_id = 7", StoreDamaged),
        ("PRAGMA user_version = 7", StoreDamaged),
        (HISTORIC + "CREATE TABLE theirs (a)", StoreDamaged),
        (HISTORIC + "DROP TABLE gk_commit", StoreDamaged),
        (HISTORIC + "PRAGMA user_version = 0", StoreDamaged),
        (HISTORIC + "PRAGMA application_id = 7", StoreDamaged),
        (f"{HISTORIC}{NO_META}", StoreDamaged),
        (f"{HISTORIC}{NEWER}", StoreTooNew),
    ],
)
def test_what_is_not_ours_or_newer_is_refused_without_touching_a_byte(
    path: Path, script: str, error: type[StorageError]
) -> None:
    before = made(path, script)
    for journal in ("auto", "wal"):
        with pytest.raises(error):
            SqliteStore(path, journal=journal)
    assert digest(path) == before
    assert [*path.parent.iterdir()] == [path]


def test_a_newer_file_that_can_be_read_is_read_and_never_written(path: Path) -> None:
    with SqliteStore(path, journal="truncate") as store:
        store.apply("acme", Batch(puts=[fact("a")]))
    made(path, "PRAGMA user_version = 9; UPDATE gk_meta SET value = 9 WHERE key = 'layout'")
    before = digest(path)
    with SqliteStore(path) as store:
        assert len(store.read("acme", Query(kind="fact")).records) == 1
        assert len(store.changes("acme", Position())) == 1
        assert store.verify() == ()
        with pytest.raises(StoreTooNew):
            store.apply("acme", Batch(puts=[fact("b")]))
        with pytest.raises(StoreTooNew):
            store.purge("acme", [Key(Kind.FACT, "a")], by="ida", why="")
    assert digest(path) == before


def test_a_file_that_somebody_migrates_meanwhile_is_written_no_more(path: Path) -> None:
    with SqliteStore(path) as store:
        store.apply("acme", Batch(puts=[fact("a")]))
        made(path, "PRAGMA user_version = 9")
        with pytest.raises(StoreTooNew):
            store.apply("acme", Batch(puts=[fact("b")]))
        assert store.head("acme").position.seq == 1


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid"), reason="permissions are another matter there"
)
def test_a_folder_that_cannot_be_looked_into_is_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(StoreUnavailable, match="cannot be looked at"):
        SqliteStore(tmp_path / "loop")


def test_an_old_sqlite_is_refused_and_its_log_is_used_only_where_it_is_sound() -> None:
    check_library((3, 37, 0))
    with pytest.raises(StoreUnavailable, match=r"SQLite 3\.36\.0, and 3\.37"):
        check_library((3, 36, 0))
    sound = [(3, 44, 6), (3, 44, 7), (3, 50, 7), (3, 51, 3), (3, 52, 0), (4, 0, 0)]
    faulty = [(3, 37, 0), (3, 40, 1), (3, 44, 5), (3, 45, 9), (3, 50, 6), (3, 51, 2)]
    assert all(map(log_is_safe, sound))
    assert not any(map(log_is_safe, faulty))


# -- how it is journaled ------------------------------------------------------------------------------


def test_a_new_file_is_journaled_as_is_safe_here(path: Path) -> None:
    with SqliteStore(path) as store:
        assert store.info().journal == ("wal" if log_is_safe() else "truncate")
        assert store.info().durability is Durability.FULL


@pytest.mark.parametrize("is_safe", [True, False])
def test_what_is_safe_is_what_the_library_says(path: Path, is_safe: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "log_is_safe", lambda: is_safe)
    with SqliteStore(path) as store:
        assert store.info().journal == ("wal" if is_safe else "truncate")


def test_a_file_stays_as_it_is_until_somebody_says_otherwise(path: Path) -> None:
    def journal(**given: str) -> tuple[str, str]:
        with SqliteStore(path, **given) as store:  # type: ignore[arg-type] # no timeout
            told: list[str] = []
            thread = Thread(target=lambda: told.append(store.info().journal))
            thread.start()
            thread.join()
            info = store.info()
            assert told == [info.journal]
            return info.journal, info.durability.value

    assert journal(durability="relaxed") == ("wal", "relaxed")
    assert journal() == ("wal", "full")
    assert journal(journal="truncate") == ("truncate", "full")
    assert journal() == ("truncate", "full")
    # Without a write-ahead log, less than everything could break the file itself.
    assert journal(durability="relaxed") == ("truncate", "full")
    assert journal(journal="wal") == ("wal", "full")


def test_a_file_that_others_use_is_not_switched(path: Path) -> None:
    with SqliteStore(path, journal="truncate") as store:
        store.apply("acme", Batch(puts=[fact("a")]))
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM gk_meta").fetchall()
        with pytest.raises(StoreBusy):
            SqliteStore(path, journal="wal", timeout=0.05)
        reader.close()
        assert store.info().journal == "truncate"
        with SqliteStore(path, journal="wal"):
            pass
    with SqliteStore(path) as store:
        store.head("acme")
        with pytest.raises(StoreBusy):
            SqliteStore(path, journal="truncate", timeout=0.05)
        assert store.info().journal == "wal"


def test_an_answer_that_was_not_asked_for_is_told() -> None:
    check_mode("wal", Journal.WAL)
    with pytest.raises(StoreUnavailable, match="stays with memory"):
        check_mode("memory", Journal.WAL)


def test_every_connection_is_set_up_with_care(path: Path) -> None:
    with SqliteStore(path) as store:
        connection = store._session._held().connection  # type: ignore[attr-defined] # its own
        asked = ["foreign_keys", "trusted_schema", "cell_size_check", "mmap_size", "secure_delete", "busy_timeout"]
        told = {name: [*connection.execute(f"PRAGMA {name}")] for name in asked}
        assert told == {
            "foreign_keys": [(1,)],
            "trusted_schema": [(0,)],
            "cell_size_check": [(1,)],
            "mmap_size": [(0,)],
            "secure_delete": [(1,)],
            "busy_timeout": [(10_000,)],
        }
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION,)


def test_a_connection_that_cannot_be_set_up_is_let_go(path: Path) -> None:
    with SqliteStore(path) as store:
        path.unlink()
        path.mkdir()
        with pytest.raises(StoreUnavailable):
            store.head("acme")
        path.rmdir()
        path.write_bytes(b"no database at all, however one looks at it" * 100)
        with pytest.raises(StoreDamaged):
            store.head("acme")


# -- after a crash --------------------------------------------------------------------------------------


def test_a_journal_that_was_left_by_a_crash_is_rolled_back_when_the_file_is_opened(path: Path) -> None:
    with SqliteStore(path, journal="truncate") as store:
        store.apply("acme", Batch(puts=[fact(f"f{number}", "x" * 500) for number in range(50)]))
    target = path.with_suffix(".crashed")
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE gk_change SET doc = doc || doc")
    for suffix in ("", "-journal"):
        Path(f"{target}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
    connection.execute("ROLLBACK")
    connection.close()
    with SqliteStore(target) as store:
        assert store.verify() == ()
        assert len(store.read("acme", Query(kind="fact")).records) == 50


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_copy_that_is_put_back_after_a_crash_is_whole_where_nothing_of_the_crash_is_left(
    path: Path, journal: str
) -> None:
    copy, crashed = path.with_suffix(".copy"), path.with_suffix(".crashed")
    with SqliteStore(path, journal=journal) as store:
        store.apply("acme", Batch(puts=[fact("first")]))
        store.backup(copy)
        store.apply("acme", Batch(puts=[fact(f"f{number}", "x" * 500) for number in range(500)]))
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("UPDATE gk_change SET doc = doc || doc")
        left = [suffix for suffix in ("-journal", "-wal", "-shm") if Path(f"{path}{suffix}").exists()]
        for suffix in ("", *left):
            Path(f"{crashed}{suffix}").write_bytes(Path(f"{path}{suffix}").read_bytes())
        connection.execute("ROLLBACK")
        connection.close()
    assert left
    for suffix in left:  # as docs/operations.md says
        Path(f"{crashed}{suffix}").unlink()
    copy.replace(crashed)
    with SqliteStore(crashed) as store:
        assert store.verify() == ()
        assert [change.key.id for change in store.changes("acme", Position())] == ["first"]


def test_whoever_writes_after_somebody_else_waits_for_the_journal_first(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with SqliteStore(path, journal="truncate") as one, SqliteStore(path) as other:
        for store in (one, other):
            store.apply("acme", Batch(puts=[fact(f"first of {id(store)}")]))
        waited: list[int] = []
        monkeypatch.setattr(os, "fsync", waited.append)
        told: list[int] = []
        for number, store in enumerate((one, one, other, other, one)):
            store.apply("acme", Batch(puts=[fact(str(number))]))
            told.append(len(waited))
        assert told == [1, 1, 2, 2, 3]


def test_a_journal_that_the_disk_does_not_keep_is_told_before_anything_is_written(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SqliteStore(path, journal="truncate").close()
    before = path.read_bytes()
    Path(f"{path}-journal").touch()

    def fail(_fd: int) -> None:
        raise OSError(errno.EIO, "input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StoreUnavailable, match="input/output error"):
        SqliteStore(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    SqliteStore(path).close()


@pytest.mark.parametrize("journal", ["truncate", "wal"])
def test_a_commit_is_told_as_unknown_unless_it_is_known_that_nothing_was_written(path: Path, journal: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE t (a)")
    error = sqlite3.OperationalError("disk I/O error")
    connection.execute("BEGIN")
    is_known = journal == "truncate"
    assert type(lost(connection, error, lambda: True)) is (StoreUnavailable if is_known else CommitUnknown)
    assert not connection.in_transaction
    assert type(lost(connection, error, lambda: False)) is CommitUnknown
    connection.close()
    assert type(lost(connection, error, lambda: True)) is CommitUnknown


# -- forks ----------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_a_forked_process_opens_the_file_anew_and_leaves_the_connections_of_its_parent_alone(path: Path) -> None:
    with SqliteStore(path, timeout=0.1) as store:
        store.apply("acme", Batch(puts=[fact("parent")]))
        session = store._session
        assert isinstance(session, OwnFile)
        mine = session._held().connection
        mine.execute("BEGIN IMMEDIATE")
        reads, writes = os.pipe()
        child = os.fork()
        if not child:  # pragma: no cover - another process
            try:
                # The parent holds the lock: a child that used its connection would write into its transaction.
                seen = store.head("acme").position.seq
                other = session._held().connection is not mine
                kind = told_error(lambda: store.apply("acme", Batch(puts=[fact("child")])))
                store.close()
                gc.collect()
                os.write(writes, f"{seen} {other} {kind}".encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.close(writes)
        assert os.read(reads, 100) == b"1 True StoreBusy"
        os.close(reads)
        assert mine.in_transaction
        mine.execute("ROLLBACK")
        assert store.apply("acme", Batch(puts=[fact("parent 2")])).seq == 2
        assert store.verify() == ()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
def test_what_was_forked_is_noticed_by_the_number_of_the_process(path: Path) -> None:
    before = len(connections._INHERITED)
    with SqliteStore(path) as store:
        store.apply("acme", Batch(puts=[fact("a")]))
        session = store._session
        assert isinstance(session, OwnFile)
        held = session._held()
        # As it is in a child: the numbers are those of another process.
        session._pid = -1
        object.__setattr__(held, "pid", -1)
        assert store.head("acme").position.seq == 1
        assert session._held() is not held
        assert connections._INHERITED[before:] == [held.connection]
        kept = held.connection
        del held
        gc.collect()
        assert connections._INHERITED[before:] == [kept, kept]
        assert kept.execute("SELECT 1").fetchone() == (1,)
        session._pid = -1
    del connections._INHERITED[before:]
    kept.close()
    with pytest.raises(StorageError):
        store.head("acme")


# -- steps ------------------------------------------------------------------------------------------------

TOMORROW = Step(version=2, min_reader=1, statements=("ALTER TABLE gk_workspace ADD COLUMN label TEXT",))
LATER = Step(
    version=3,
    min_reader=3,
    statements=("CREATE TABLE gk_label (name TEXT) STRICT", "INSERT INTO gk_label SELECT name FROM gk_workspace"),
)


def test_a_new_file_has_the_layout_of_today_and_a_historic_one_is_the_same(path: Path) -> None:
    assert [step.version for step in STEPS] == [*range(1, len(STEPS) + 1)]
    made(path, HISTORIC)
    with SqliteStore(path) as store, SqliteStore(path.with_suffix(".new")) as new:
        assert store.apply("acme", Batch(puts=[fact("a")])).seq == 1
        assert store.verify() == ()
        assert columns(path) == columns(path.with_suffix(".new"))
        assert new.info().layout == store.info().layout == STEPS[-1].version


def columns(path: Path) -> list[tuple[str, ...]]:
    connection = sqlite3.connect(path)
    rows = connection.execute(
        "SELECT m.name, c.name, c.type, c.'notnull', c.pk "
        "FROM sqlite_schema m, pragma_table_xinfo(m.name) c ORDER BY 1, 2"
    ).fetchall()
    connection.close()
    return rows


def test_an_earlier_layout_is_copied_and_brought_forward_step_by_step(path: Path) -> None:
    made(path, f"{HISTORIC}{ACME}")
    own_file(path, (*STEPS, TOMORROW, LATER)).close()
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (3,)
    assert [*connection.execute("SELECT * FROM gk_meta ORDER BY 1")] == [("layout", 3), ("min_reader", 3)]
    assert [*connection.execute("SELECT * FROM gk_label")] == [("acme",)]
    connection.close()
    # The copies are what was there before, and open by themselves.
    with SqliteStore(Path(f"{path}.before-2")) as store:
        assert store.workspaces() == ("acme",)
        assert store.info().layout == 1
    assert Path(f"{path}.before-3").exists()
    with pytest.raises(StoreTooNew):
        SqliteStore(path)


def test_a_step_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    made(path, HISTORIC)
    broken = Step(version=2, min_reader=2, statements=("CREATE TABLE gk_more (a)", "INSERT INTO nowhere VALUES (1)"))
    before = digest(path)
    with pytest.raises(StoreDamaged):
        own_file(path, (*STEPS, broken))
    assert digest(path) == before
    with SqliteStore(path) as store:
        assert store.verify() == ()
    own_file(path, (*STEPS, TOMORROW)).close()


def open_stepwise(path: Path, tell: Callable[[object], None]) -> None:
    session = own_file(path, (*STEPS, TOMORROW, LATER))
    tell(session.info().layout)
    session.close()


def test_of_eight_processes_that_open_an_old_file_one_migrates_and_the_others_find_it_done(path: Path) -> None:
    made(path, f"{HISTORIC}{ACME}")
    assert all_of(open_stepwise, *[(path,)] * 8) == [[3]] * 8
    connection = sqlite3.connect(path)
    assert [*connection.execute("SELECT * FROM gk_label")] == [("acme",)]
    connection.close()
    names = {each.name for each in path.parent.iterdir()}
    assert names - {"plans.db-journal"} == {"plans.db", "plans.db.before-2", "plans.db.before-3"}


def test_a_file_that_became_too_new_between_looking_and_locking_is_told(path: Path) -> None:
    session = own_file(path)
    made(path, "PRAGMA user_version = 9; UPDATE gk_meta SET value = 9")
    look = session._looked_at
    assert look() is not None
    session._looked_at = lambda: None  # type: ignore[method-assign] # as after a crash, when only a writer can tell
    with pytest.raises(StoreTooNew):
        session._prepare(Journal.AUTO)
    session.close()


def test_a_copy_that_is_there_is_replaced_as_a_whole(path: Path) -> None:
    made(path, HISTORIC)
    target = path.with_suffix(".copy")
    target.write_text("old")
    connection = sqlite3.connect(path)
    copy_to(connection, target)
    connection.close()
    assert columns(target) == columns(path)
