"""
What a commit to the JSON file costs, and what it costs to write and read documents, beside what is written by hand.

A file that is written as a whole costs its size with every commit, whoever writes it. Run it from the root of the
repository with ``python -m benchmarks.storage_json``. TinyDB is measured too where it can be imported; nothing here
needs it.
"""

from __future__ import annotations

import fcntl
import json
import os
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from goalkit import CheckIn, Increase, KeyResult, Plan
from goalkit.storage import Batch, Key, Kind, Put, Record
from goalkit.storage.codec import about, decoded, encoded, key_of, loaded, type_of
from goalkit.storage.json_file import JsonFileStore

from .measure import Case, machine, measured, show, show_growth

SIZES: Final = (100, 1_000, 10_000)
RECORDS: Final = 100_000
_FIRST_DAY: Final = date(2000, 1, 1)
_BY_HAND: Final = "whole file by hand, compact"


def check_in(number: int) -> CheckIn:
    """Return the check-in with a number."""
    return CheckIn(goal="k", on=_FIRST_DAY + timedelta(number % 9_000), value=number, by="ida", id=f"check-in-{number}")


def plan(size: int) -> Plan:
    """Return a plan of one key result with so many check-ins."""
    goal = KeyResult(id="k", title="Reach an NPS of 70", metric=Increase(start=0, target=10**9))
    return Plan.of(goal, *map(check_in, range(size)))


# -- one check-in more ------------------------------------------------------------------------------


class Way:
    """A way to keep check-ins."""

    def append(self, number: int) -> None:
        """Keep one more."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of what is open."""


class WholeByHand(Way):
    """What people write: a dict in memory, and all of it written anew, as durably as goalkit does it."""

    def __init__(self, path: Path, size: int, indent: int | None) -> None:
        self.path = path
        self.indent = indent
        self.rows = {each.id: json.loads(encoded(each)) for each in map(check_in, range(size))}
        self.write()

    def append(self, number: int) -> None:
        """Keep one more."""
        each = check_in(number)
        self.rows[each.id] = {
            "kind": "check_in",
            "goal": each.goal,
            "on": each.on.isoformat(),
            "value": str(each.value),
            "by": each.by,
        }
        self.write()

    def write(self) -> None:
        """Write everything under a lock, beside the file, and put it in its place."""
        lock = os.open(f"{self.path}.lock", os.O_RDWR | os.O_CREAT)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            writing, previous = Path(f"{self.path}.writing"), Path(f"{self.path}.previous")
            with writing.open("wb") as file:
                file.write(json.dumps(self.rows, sort_keys=True, indent=self.indent).encode())
                file.flush()
                os.fsync(file.fileno())
            if self.path.exists():
                previous.unlink(missing_ok=True)
                previous.hardlink_to(self.path)
            writing.replace(self.path)
            folder = os.open(self.path.parent, os.O_RDONLY)
            os.fsync(folder)
            os.close(folder)
        finally:
            os.close(lock)


class Line(Way):
    """The least that is durable: one line more at the end of a file."""

    def __init__(self, path: Path) -> None:
        self.fd = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def append(self, number: int) -> None:
        """Keep one more."""
        os.write(self.fd, f"{encoded(check_in(number))}\n".encode())
        os.fsync(self.fd)

    def close(self) -> None:
        """Let go of what is open."""
        os.close(self.fd)


class Applied(Way):
    """The store alone: a batch of one record."""

    def __init__(self, path: Path, size: int) -> None:
        self.store = JsonFileStore(path)
        self.store.workspace("acme").save(plan(size), by="ida")

    def append(self, number: int) -> None:
        """Keep one more."""
        each = check_in(number)
        put = Put(key=key_of(each), expect=0, doc=encoded(each), type=type_of(each), about=about(each), on=each.on)
        self.store.apply("acme", Batch(puts=[put], by="ida"))


class Recorded(Applied):
    """What an application calls: the check-in is checked beside its goal."""

    def append(self, number: int) -> None:
        """Keep one more."""
        self.store.workspace("acme").record(check_in(number), by="ida")


class Opened(Applied):
    """The same from a program that has just begun: the file is read first."""

    def append(self, number: int) -> None:
        """Keep one more."""
        with JsonFileStore(self.store._file.path) as store:  # noqa: SLF001 - where it is
            store.workspace("acme").record(check_in(number), by="ida")


class Tiny(Way):
    """TinyDB as it is by default: the whole file too, and without waiting for the disk."""

    def __init__(self, path: Path, size: int) -> None:
        self.db: Any = import_module("tinydb").TinyDB(path)
        self.db.insert_multiple(json.loads(encoded(each)) for each in map(check_in, range(size)))

    def append(self, number: int) -> None:
        """Keep one more."""
        self.db.insert(json.loads(encoded(check_in(number))))

    def close(self) -> None:
        """Let go of what is open."""
        self.db.close()


def _ways(folder: Path, size: int) -> Iterator[tuple[str, Way]]:
    yield "one line more, fsync", Line(folder / "lines.jsonl")
    yield _BY_HAND, WholeByHand(folder / "compact.json", size, None)
    yield "whole file by hand, indented", WholeByHand(folder / "indented.json", size, 2)
    yield "goalkit, store.apply", Applied(folder / "applied.json", size)
    yield "goalkit, workspace.record", Recorded(folder / "recorded.json", size)
    yield "goalkit, opened anew, record", Opened(folder / "opened.json", size)
    with suppress(ImportError):
        yield "TinyDB, without fsync", Tiny(folder / "tiny.json", size)


def appending(rounds: int) -> None:
    """
    Measure one check-in more where many are kept.

    Args:
        rounds: How many turns each case has.
    """
    sizes: dict[int, Mapping[str, float]] = {}
    for size in SIZES:
        with TemporaryDirectory() as folder:
            ways = dict(_ways(Path(folder), size))
            sizes[size] = measured({name: _case(way, size) for name, way in ways.items()}, rounds)
            for way in ways.values():
                way.close()
            written = {path.name: path.stat().st_size for path in sorted(Path(folder).glob("*.json"))}
        print(f"\n{size:,} kept, bytes: {', '.join(f'{name} {bytes_:,}' for name, bytes_ in written.items())}")
    show_growth("One check-in more, by how many are kept", sizes)


def _case(way: Way, size: int) -> Case:
    numbers = iter(range(size, size + 10_000))

    def run(_: int) -> None:
        way.append(next(numbers))

    return Case(run=run, repeat=5)


# -- documents --------------------------------------------------------------------------------------


def by_hand(each: CheckIn) -> str:
    """Return a check-in as JSON, of the fields that these have."""
    told = {
        "by": each.by,
        "goal": each.goal,
        "id": each.id,
        "kind": "check_in",
        "on": each.on.isoformat(),
        "value": str(each.value),
        "version": 1,
    }
    return json.dumps(told, separators=(",", ":"), ensure_ascii=False)


def documents(rounds: int) -> None:
    """
    Measure documents of check-ins as text and back.

    Args:
        rounds: How many turns each case has.
    """
    things = [check_in(number) for number in range(RECORDS)]
    docs = [*map(encoded, things)]
    assert docs == [*map(by_hand, things)]
    goal = encoded(plan(0)["k"])
    records = [
        Record(key=Key(Kind.GOAL, "k"), rev=1, doc=goal, type="key_result", about="", on=None, seq=1, born=1),
        *(
            Record(key=key_of(each), rev=1, doc=doc, type="check_in", about="k", on=each.on, seq=at, born=at)
            for at, (each, doc) in enumerate(zip(things, docs, strict=True), 2)
        ),
    ]
    least = measured(
        {
            "json.dumps of a dict by hand": _counted(lambda: [*map(by_hand, things)]),
            "codec.encoded": _counted(lambda: [*map(encoded, things)]),
        },
        rounds,
    )
    show(f"S1: {RECORDS:,} check-ins as documents, each", least, "json.dumps of a dict by hand")
    least = measured(
        {
            "json.loads": _counted(lambda: [*map(json.loads, docs)]),
            "codec.decoded": _counted(lambda: [*map(decoded, docs)]),
            "codec.loaded, a plan": _counted(lambda: loaded(records)[0].log),
        },
        rounds,
    )
    show(f"S2: {RECORDS:,} documents as check-ins, each", least, "json.loads")


def _counted(work: Callable[[], Any]) -> Case:
    return Case(run=lambda _: float(len(work())), items=RECORDS)


# -- all of it ------------------------------------------------------------------------------------

#: What can be measured, by name: each is given the number of turns, and prints its tables.
PARTS: Final[Mapping[str, Callable[[int], None]]] = {"append": appending, "documents": documents}


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.storage_json", description="Measure the JSON file.")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between: %(default)s")
    parser.add_argument("--quick", action="store_true", help="fewer turns")
    given = parser.parse_args()
    given.only = given.only.split(",")
    if unknown := sorted({*given.only} - {*PARTS}):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return given


def main() -> None:
    """Measure what is asked for."""
    given = _arguments()
    rounds = 3 if given.quick else 7
    print(f"{machine('tinydb')}\n\nEvery table holds the least time of several turns; × is a ratio of least times.")
    for name in given.only:
        PARTS[name](rounds)


if __name__ == "__main__":
    main()
