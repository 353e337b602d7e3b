"""The SQLite store where machines fail: killed writers, full disks, damaged files, and crowds at the door."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from goalkit import Objective, Plan
from goalkit.storage import (
    Batch,
    CommitUnknown,
    Key,
    Kind,
    Position,
    Put,
    Query,
    Record,
    StorageError,
    StoreUnavailable,
)
from goalkit.storage.sqlite import SqliteStore
from processes import (
    DEADLINE,
    IN_A_BATCH,
    all_of,
    begun,
    fact,
    heard,
    increment,
    often,
    open_and_write,
    told_error,
    write_batches,
)

MODES = pytest.mark.parametrize("journal", ["truncate", "wal"])
#: The longest that a damaged file may keep somebody busy, in seconds.
LONGEST = 5.0


# -- killed -----------------------------------------------------------------------------------------


@MODES
def test_a_writer_that_is_killed_loses_nothing_that_it_was_told_and_leaves_no_half_batch(
    tmp_path: Path, journal: str
) -> None:
    path, chance = tmp_path / "plans.db", Random(journal)  # noqa: S311 - no secret
    opener = partial(SqliteStore, path, journal=journal)
    acknowledged: set[str] = set()
    for turn in range(often(25, 500)):
        with begun(write_batches, opener, str(turn)) as (process, pipe):
            told = heard(pipe)
            acknowledged.add(f"{turn}-{next(told)}")
            process.join(chance.uniform(0, 0.05))  # it never ends by itself: this is how long it may go on
            process.kill()
            acknowledged |= {f"{turn}-{number}" for number in told}
    with opener() as store:
        assert store.verify() == ()
        there = [record.key.id for record in records(store)]
        batches = [name.rpartition("-")[0] for name in there]
        assert acknowledged <= {*batches}
        assert all(batches.count(name) == IN_A_BATCH for name in {*batches})
        # Of each turn, at most the batch that was on its way is there without having been told.
        assert len({*batches} - acknowledged) <= often(25, 500)


# -- in a crowd -------------------------------------------------------------------------------------


@MODES
def test_four_processes_that_count_up_together_lose_no_step(tmp_path: Path, journal: str) -> None:
    times = often(50, 500)
    opener = partial(SqliteStore, tmp_path / "plans.db", journal=journal)
    with opener() as store:
        store.workspace("acme").save(Plan.of(Objective(id="counter", title="0")))
    assert all_of(increment, *[(opener, times)] * 4) == [[times]] * 4
    with opener() as store:
        acme = store.workspace("acme")
        assert acme.snapshot().plan["counter"].title == str(4 * times)
        assert len(acme.history("counter")) == 4 * times + 1
        assert store.verify() == ()


@MODES
def test_eight_processes_that_open_a_new_file_at_once_all_find_it_made(tmp_path: Path, journal: str) -> None:
    for turn in range(often(3, 50)):
        opener = partial(SqliteStore, tmp_path / f"{turn}.db", journal=journal)
        told = all_of(open_and_write, *[(opener, f"f{number}") for number in range(8)])
        assert sorted(seq for (seq,) in told) == [*range(1, 9)]
        with opener() as store:
            assert store.verify() == ()


# -- without room -----------------------------------------------------------------------------------


def test_a_file_that_may_not_grow_refuses_a_batch_as_a_whole_at_every_page(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "plans.db") as store:
        store.apply("acme", Batch(puts=[fact("first")]))
        connection = store._session._held().connection  # type: ignore[attr-defined] # its own
        batch = Batch(puts=[fact(f"f{number}", "x" * 3000) for number in range(often(12, 200))])
        refused = 0
        while True:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages + refused}")
            if not told_error(lambda: store.apply("acme", batch)):
                break
            with pytest.raises(StoreUnavailable, match="SQLITE_FULL"):
                store.apply("acme", batch)
            assert store.head("acme").position.seq == 1
            refused += 1
        assert refused > 5
        assert store.head("acme").position.seq == 1 + len(batch.puts)
        assert store.verify() == ()


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """Let the system refuse to write beyond a size, as where the disk is full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@MODES
@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_a_disk_that_takes_no_more_bytes_is_told_and_nothing_is_half_written(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "plans.db"
    told: set[str] = set()
    with SqliteStore(path, journal=journal) as store:
        store.apply("acme", Batch(puts=[fact("first")]))
        batch = Batch(puts=[fact(f"f{number}", "x" * 900) for number in range(40)])
        room = 0
        while store.head("acme").position.seq == 1:
            with no_file_larger_than(path.stat().st_size + room):
                kind = told_error(lambda: store.apply("acme", batch))
            told.add(kind)
            assert store.head("acme").position.seq == (1 if kind else 1 + len(batch.puts))
            assert store.verify() == ()
            room += often(4096, 512)
        assert store.apply("acme", Batch(puts=[fact("last")])).seq == 2 + len(batch.puts)
    # Of what is in a write-ahead log, nobody knows what a crash would make of it.
    assert (
        told == {"", "StoreUnavailable"} if journal == "truncate" else told <= {"", "CommitUnknown", "StoreUnavailable"}
    )


@pytest.mark.skipif(sys.platform == "win32", reason="the system has no such limit")
def test_after_an_unknown_commit_the_same_request_is_done_once(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    with SqliteStore(path, journal="wal") as store:
        store.apply("acme", Batch(puts=[fact("first")]))
        batch = Batch(puts=[fact("f", "x" * 20_000)], key="request-1")
        with no_file_larger_than(8192), pytest.raises(CommitUnknown) as caught:
            store.apply("acme", batch)
        assert isinstance(caught.value.__cause__, sqlite3.OperationalError)
        store.apply("acme", batch)
        assert store.apply("acme", batch).replayed
        assert store.head("acme").position.seq == 2


# -- damaged ----------------------------------------------------------------------------------------


def records(store: SqliteStore) -> list[Record]:
    """Read all facts and goals."""
    found: list[Record] = []
    for kind in (Kind.FACT, Kind.GOAL):
        after: int | None = 0
        while after is not None:
            page = store.read("acme", Query(kind=kind), after=after)
            found += page.records
            after = page.more
    return found


def whole(path: Path) -> dict[Key, tuple[int, str | None]]:
    """Make a file with records that changed, came and went; return what it says."""
    with SqliteStore(path, journal="truncate") as store:
        for number in range(40):
            store.apply("acme", Batch(puts=[fact(f"f{number}", "y" * (number * 37 % 1500))], key=f"key-{number}"))
        for number in range(10):
            put = Put(key=Key(Kind.GOAL, f"g{number}"), expect=0, doc="{}", type="objective")
            store.apply("acme", Batch(puts=[put]))
        for number in range(5):
            changed = Put(key=Key(Kind.GOAL, f"g{number}"), expect=1, doc='{"a":1}', type="objective")
            gone = Put(key=Key(Kind.FACT, f"f{number}"), expect=1, doc=None)
            store.apply("acme", Batch(puts=[changed, gone], by="ida", why="because"))
        return {record.key: (record.rev, record.doc) for record in records(store)}


def hot(path: Path, target: Path) -> None:
    """Copy a file and its journal in the middle of a write that already reached the file."""
    shutil.copy(path, target)
    connection = sqlite3.connect(target, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE gk_change SET doc = doc || doc || doc, rev = rev + 1 WHERE doc NOTNULL")
    for suffix in ("", "-journal"):
        shutil.copy(f"{target}{suffix}", f"{target}.hot{suffix}")
    connection.execute("ROLLBACK")
    connection.close()
    for suffix in ("", "-journal"):
        Path(f"{target}.hot{suffix}").replace(f"{target}{suffix}")


def flip(path: Path, chance: Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 1, 3])):
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


def cut(path: Path, chance: Random) -> None:
    os.truncate(path, chance.randrange(path.stat().st_size))


def zeros(path: Path, chance: Random) -> None:
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data) // 4096) * 4096
    data[at : at + 4096] = bytes(4096)
    path.write_bytes(data)


def head_of_another(path: Path, chance: Random) -> None:
    data = bytearray(path.read_bytes())
    data[68:72] = chance.randbytes(4)
    path.write_bytes(data)


def without_journal(path: Path, _: Random) -> None:
    hot(path, path.with_suffix(".hot"))
    path.with_suffix(".hot").replace(path)


def with_journal(path: Path, _: Random) -> None:
    without_journal(path, _)
    Path(f"{path.with_suffix('.hot')}-journal").replace(f"{path}-journal")


def noise(path: Path, chance: Random) -> None:
    path.write_bytes(chance.randbytes(5000))


def other_journal(path: Path, chance: Random) -> None:
    with_journal(path, chance)
    journal = Path(f"{path}-journal")
    chance.choice([flip, cut, noise])(journal, chance)


DAMAGES: list[Callable[[Path, Random], None]] = [
    flip,
    flip,
    flip,
    cut,
    zeros,
    head_of_another,
    without_journal,
    with_journal,
    other_journal,
]


def examine(path: Path, said: dict[Key, tuple[int, str | None]], tell: Callable[[object], None]) -> None:
    """Open damaged files, read all of each, and tell what became of it."""
    chance = Random(20260706)  # noqa: S311 - no secret
    for number in range(often(60, 2000)):
        damage = DAMAGES[number % len(DAMAGES)]
        mutant = path.parent / f"mutant-{number}.db"
        shutil.copy(path, mutant)
        damage(mutant, chance)
        begin = monotonic()
        verdict = _examined(mutant, said)
        tell((number, damage.__name__, verdict, monotonic() - begin))
        for each in path.parent.glob("mutant-*"):
            each.unlink()


def _examined(path: Path, said: dict[Key, tuple[int, str | None]]) -> str:
    try:
        with SqliteStore(path, timeout=1) as store:
            found = {record.key: (record.rev, record.doc) for record in records(store)}
            after = Position()
            while changes := store.changes("acme", after, limit=20):
                after = changes[-1].position
            if wrong := store.verify():
                return f"verify: {wrong[0]}"
            return "unharmed" if found == said else "silently changed"
    except StorageError as error:
        return type(error).__name__


def test_a_damaged_file_is_an_error_or_found_by_verify_and_never_a_document_that_changed(tmp_path: Path) -> None:
    path = tmp_path / "plans.db"
    said = whole(path)
    with begun(examine, path, said) as (process, pipe):
        told = [*heard(pipe)]
        process.join(DEADLINE)
        assert process.exitcode == 0, f"it ended after {told[-1:]}"
    assert len(told) == often(60, 2000)
    assert [each for each in told if each[2] == "silently changed" or each[3] > LONGEST] == []
    # A journal that fits is no damage: SQLite undoes with it what was half written.
    assert {verdict for _, damage, verdict, _ in told if damage == "with_journal"} == {"unharmed"}
    assert {verdict for _, damage, verdict, _ in told if damage == "head_of_another"} == {"StoreDamaged"}
    assert len({verdict for _, _, verdict, _ in told}) > 3
