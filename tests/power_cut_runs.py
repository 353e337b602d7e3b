"""Programs that write to stores while the power is cut, and what is found of their commits afterwards."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final

from attrs import Factory, define

from goalkit.storage import (
    Batch,
    Change,
    Head,
    Key,
    Kind,
    Maintained,
    Position,
    Put,
    Query,
    Record,
    StorageError,
    Store,
)
from goalkit.storage.codec import canonical
from goalkit.storage.json_file import JsonFileStore
from goalkit.storage.memory import MemoryStore
from goalkit.storage.sqlite import Durability, Journal, SqliteStore
from goalkit.storage.sqlite.connection import OwnFile
from goalkit.storage.sqlite.layout import STEPS, Step
from goalkit.storage.whole_file import Disk
from power_cuts import SECTOR, Cut, Folder, Image, cuts, recorded
from processes import fact

#: How a journal of SQLite begins.
_JOURNAL: Final = bytes.fromhex("d9d505f920a163d7")

# -- the programs -----------------------------------------------------------------------------------

#: Opens the store in a folder.
Opener = Callable[[Path], AbstractContextManager[Store]]

_COUNTER: Final = Key(Kind.GOAL, "counter")


def batches(commits: int) -> list[Batch]:
    """Return what is written: short and long facts, one that is deleted again, and a goal that changes each time."""
    return [_batch(number) for number in range(commits)]


def _batch(number: int) -> Batch:
    doc = canonical({"id": "counter", "kind": "objective", "title": str(number)})
    puts = [Put(key=_COUNTER, expect=number, doc=doc, type="objective")]
    puts += [fact(f"{number}-{part}", "x" * (number * part * 1237 % 5000)) for part in range(3)]
    if number % 3 == 2:
        puts.append(Put(key=Key(Kind.FACT, f"{number - 1}-0"), expect=1, doc=None))
    at = datetime(2026, 7, 6, 12, number, tzinfo=UTC)
    return Batch(puts=puts, key=f"key-{number}", by="ida", why=f"commit {number}", at=at)


@contextmanager
def bound(path: Path, journal: str, synchronous: str) -> Iterator[Store]:
    """Open a store in a database whose host says how durable it is."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        yield SqliteStore.bind(connection)
    finally:
        connection.close()


class Hasty(Disk):
    """A disk for which nobody waits."""

    def sync(self, fd: int) -> None:
        """Wait for nothing."""

    def sync_folder(self, folder: Path) -> None:
        """Wait for nothing."""


class Nameless(Disk):
    """A disk on which nobody waits for names."""

    def sync_folder(self, folder: Path) -> None:
        """Wait for nothing."""


class Linkless(Disk):
    """A disk on which a file has one name."""

    def link(self, path: Path, other: Path) -> None:
        """Refuse to."""
        raise OSError(errno.EPERM, os.strerror(errno.EPERM), str(path), None, str(other))


def _json(folder: Path, disk: Disk) -> JsonFileStore:
    store = JsonFileStore(folder / "plans.json")
    store._file.disk = disk
    return store


#: Two steps to layouts that are not there yet, and that the library of today can read.
LATER: Final = tuple(
    Step(version=STEPS[-1].version + 1 + number, min_reader=1, statements=statements)
    for number, statements in enumerate(
        (
            ("ALTER TABLE gk_workspace ADD COLUMN label TEXT", "UPDATE gk_workspace SET label = name"),
            ("CREATE TABLE gk_label (name TEXT) STRICT", "INSERT INTO gk_label SELECT label FROM gk_workspace"),
        )
    )
)


class _Watched(OwnFile):  # type: ignore[misc] # final for all but a test
    """A file of whose statements somebody is told before they are executed."""

    def __init__(self, path: Path, told: Callable[[str], None]) -> None:
        self._told = told
        steps = (*STEPS, *LATER)
        super().__init__(path, journal=Journal.AUTO, durability=Durability.FULL, timeout=10, steps=steps)

    def _opened(self, mode: str) -> sqlite3.Connection:
        connection = super()._opened(mode)
        connection.set_trace_callback(self._told)
        return connection


def migrate(path: Path, told: Callable[[str], None] = lambda _statement: None) -> None:
    """Open a file as a library would that knows later layouts."""
    _Watched(path, told).close()


def migrate_until(path: Path, last: int, tell: Callable[[object], None]) -> None:
    """Migrate a file, and be killed before a statement."""
    counted = count(1)

    def stop(_statement: str) -> None:
        if next(counted) == last:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate(path, stop)
    tell("done")


@contextmanager
def migrated(folder: Path) -> Iterator[Store]:
    """Open a store that is brought to a later layout; of each step that was done, what was before it is there."""
    with SqliteStore(folder / "plans.db") as store:
        layout, head = store.info().layout, store.head("acme")
    for step in LATER:
        if step.version <= layout:
            with SqliteStore(folder / f"plans.db.before-{step.version}") as copy:
                if copy.verify() or copy.head("acme") != head or copy.info().layout != step.version - 1:
                    raise StorageError(f"there is no copy of layout {step.version - 1}")
    migrate(folder / "plans.db")
    connection = sqlite3.connect(folder / "plans.db")
    found = connection.execute("SELECT name FROM gk_label").fetchall()
    found += connection.execute("SELECT value FROM gk_meta WHERE key = 'layout'").fetchall()
    connection.close()
    if found != [("acme",), (LATER[-1].version,)]:
        raise StorageError(str(found))
    with SqliteStore(folder / "plans.db") as store:
        yield store


OPENERS: Final[Mapping[str, Opener]] = {
    "sqlite": lambda folder: SqliteStore(folder / "plans.db"),
    "sqlite truncate": lambda folder: SqliteStore(folder / "plans.db", journal="truncate"),
    "sqlite wal": lambda folder: SqliteStore(folder / "plans.db", journal="wal"),
    "sqlite relaxed": lambda folder: SqliteStore(folder / "plans.db", journal="wal", durability="relaxed"),
    "sqlite delete": lambda folder: bound(folder / "plans.db", "delete", "full"),
    "sqlite off": lambda folder: bound(folder / "plans.db", "truncate", "off"),
    "json": lambda folder: JsonFileStore(folder / "plans.json"),
    "json linkless": lambda folder: _json(folder, Linkless()),
    "json hasty": lambda folder: _json(folder, Hasty()),
    "json nameless": lambda folder: _json(folder, Nameless()),
    "migration": migrated,
}


def _run(case: str, folder: str, commits: str) -> None:
    if case == "migration":
        migrate(Path(folder) / "plans.db")
        return
    opener, many = partial(OPENERS[case], Path(folder)), int(commits)
    with opener() as store:
        begin = next(number for number in count() if store.head("acme", f"key-{number}").answered is None)
    begin = max(0, begin - 1)  # whoever was not told sends the last request again
    half = (begin + many) // 2
    # Closing a store and opening it anew does something to its files too.
    for part in (range(begin, half), range(half, many)):
        with opener() as store:
            for number in part:
                store.apply("acme", _batch(number))
                os.write(1, b"done\n")


# -- what is there afterwards -----------------------------------------------------------------------

#: All that a store tells.
Told = tuple[tuple[Record, ...], tuple[Change, ...], tuple[Head, ...]]


def told(store: Store, commits: int) -> Told:
    """Return all that a store tells of what was written."""
    records = [record for kind in (Kind.GOAL, Kind.FACT) for record in store.read("acme", Query(kind=kind)).records]
    answers = tuple(store.head("acme", f"key-{number}") for number in range(commits))
    return tuple(records), store.changes("acme", Position()), answers


def expected(commits: int) -> list[Told]:
    """Return what a store tells before the first commit and after each, as the one in memory has it."""
    with MemoryStore() as store:
        found = [told(store, commits)]
        for batch in batches(commits):
            store.apply("acme", batch)
            found.append(told(store, commits))
    return found


@define
class Tally:
    """
    What became of the images.

    Attributes:
        images: How many there were.
        distinct: How many of them were not the same as another.
        lost: In how many a commit was missing that had been acknowledged.
        broken: What was wrong with those that were refused, or held something else than whole commits.
        early: In how many there was a commit that had not been acknowledged yet.
    """

    images: int = 0
    distinct: int = 0
    lost: int = 0
    broken: list[str] = Factory(list)
    early: int = 0


@contextmanager
def scratch() -> Iterator[Path]:
    """Make a folder, in memory where that can be: syncing costs nothing there, and what is told is the same."""
    shared = Path("/dev/shm")  # noqa: S108 - nothing there has a name that others could guess
    with TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder).resolve()


def surveyed(case: str, *, commits: int, images: int, before: Folder | None = None) -> Tally:
    """
    Run a program, cut the power at every call, open what is left each time, and return what became of it.

    Args:
        case: The store.
        commits: How many commits there are at the end.
        images: What is made of each cut.
        before: What is there already.
    """
    tally, states, chance = Tally(), expected(commits), Random(case)  # noqa: S311 - no secret
    known: dict[str, int | str] = {}
    with scratch() as left:
        there = opened(case, before.image(None, 1), left, states) if before else 0
        assert isinstance(there, int)
        least = max(0, there - 1)  # the last request is sent again
        for cut in _ran(case, commits, images, before or Folder(), chance):
            tally.images += 1
            if (found := known.get(digest := cut.image.digest)) is None:
                known[digest] = found = opened(case, cut.image, left, states)
                tally.distinct += 1
            if isinstance(found, str):
                tally.broken.append(found)
            else:
                tally.lost += found < least + cut.acknowledged
                tally.early += found > least + cut.acknowledged
    return tally


def unfinished(case: str, *, commits: int, many: int) -> list[Image]:
    """Return some of what cuts leave in the midst of commits, of which something has to be done or undone."""
    chance = Random(case)  # noqa: S311 - no secret
    images = {cut.image.digest: cut.image for cut in _ran(case, commits, 2, Folder(), chance)}
    return chance.sample([image for image in images.values() if any(map(_is_unfinished, image.files))], many)


def killed(case: str, *, commits: int) -> list[Folder]:
    """Return what is there, synced or not, where the program is killed at any call after its first commit."""
    every = _ran(case, commits, 1, Folder(), Random(case))  # noqa: S311 - no secret
    return [deepcopy(cut.folder) for cut in every if cut.acknowledged]


def _is_unfinished(file: tuple[tuple[str, ...], bytes]) -> bool:
    (name, *_), content = file
    # A journal counts where its header is there, and says that there is something to be undone.
    is_journal = name.endswith("-journal") and content.startswith(_JOURNAL) and any(content[8:12])
    return is_journal or (name.endswith("-wal") and len(content) > SECTOR) or name.endswith(".writing")


def _ran(case: str, commits: int, images: int, before: Folder, chance: Random) -> Iterator[Cut]:
    with scratch() as there:
        folder, trace = there / "files", there / "trace"
        folder.mkdir()
        before.image(None, 1).write(folder)
        recorded([__file__, case, str(folder), str(commits)], trace)
        yield from cuts(trace, folder, before, images, chance)


def opened(case: str, image: Image, scratch: Path, states: list[Told]) -> int | str:
    """Return how many commits are in an image, wholly; or what is wrong."""
    folder = scratch / "left"
    folder.mkdir()
    try:
        image.write(folder)
        return _found(case, folder, states)
    finally:
        shutil.rmtree(folder)


def _found(case: str, folder: Path, states: list[Told]) -> int | str:
    commits = len(states) - 1
    try:
        with OPENERS[case](folder) as store:
            assert isinstance(store, Maintained)
            if wrong := store.verify():
                return wrong[0]
            if (state := told(store, commits)) not in states:
                return "something else than whole commits"
            number = states.index(state)
            if number < commits:  # and it goes on
                store.apply("acme", _batch(number))
                if told(store, commits) != states[number + 1]:
                    return "something else after the next commit"
            return number
    except (StorageError, sqlite3.Error) as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    _run(*sys.argv[1:])
