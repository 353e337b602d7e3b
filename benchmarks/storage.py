"""
Time of the SQLite store beside the same statements by hand, and beside SQLAlchemy.

Everyone has the same tables, the same journal and the same durability, and everything is held to the same
answers. Run it from the root of the repository with ``python -m benchmarks.storage``; ``--folder /dev/shm`` leaves the
disk out, so that what is compared is the work.
"""

from __future__ import annotations

import sqlite3
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from importlib import import_module
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, Final

from goalkit import CheckIn
from goalkit.storage import Batch, Conflict, Key, Kind, Put, Query
from goalkit.storage.codec import encoded, key_of, type_of
from goalkit.storage.sqlite import SqliteStore
from goalkit.storage.sqlite.layout import ROOM
from goalkit.storage.sqlite.rows import packed

from .company import SEED
from .measure import Case, duration, machine, measured, ratio, show, table

BY_HAND: Final = "sqlite3 by hand"
STORE: Final = "goalkit, store.apply"
_GOALS: Final = 1000
_PAGE: Final = 1000
_AT: Final = datetime(2026, 7, 6, tzinfo=UTC)
_FACT: Final = 3
_CHECK_IN: Final = 7
_BASE: Final = ROOM  # the workspace has number 1

_CURRENT: Final = "SELECT rev FROM gk_change WHERE kind = ? AND id = ? AND place > ? AND place < ? ORDER BY place DESC"
_ADD: Final = "INSERT INTO gk_change VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 0, ?, ?)"
_COMMITTED: Final = "INSERT INTO gk_commit VALUES (1, ?, 0, ?, ?, 'ida', '', NULL, '')"
_MOVED: Final = "UPDATE gk_workspace SET seq = ?, digest = ? WHERE id = 1"
_READ: Final = (
    "SELECT place, kind, id, rev, type, about, day, born, doc FROM gk_change INDEXED BY gk_by_born "
    "WHERE kind = ? AND born > ? AND born < ? AND replaced IS NULL AND deleted = 0 ORDER BY born LIMIT ?"
)


def check_ins(many: int) -> list[CheckIn]:
    """Return check-ins of many goals, day by day."""
    chance = Random(SEED)
    return [
        CheckIn(
            goal=f"kr-{number % _GOALS:04}",
            on=date(2026, 1, 1) + timedelta(number // _GOALS),
            value=chance.randrange(1000),
            confidence=0.7,
            by="ida",
        )
        for number in range(many)
    ]


def put(fact: CheckIn) -> Put:
    """Return a check-in as the store is given it."""
    return Put(key=key_of(fact), expect=0, doc=encoded(fact), type=type_of(fact), about=fact.goal, on=fact.on)


# -- by hand --------------------------------------------------------------------------------------


class ByHand:
    """The same file, written with the module alone."""

    def __init__(self, path: Path) -> None:
        with SqliteStore(path) as store:
            store.apply("acme", Batch())
            mode = store.info().journal
        self.connection: Final = sqlite3.connect(path, isolation_level=None)
        for pragma in (f"journal_mode = {mode}", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
            self.connection.execute(f"PRAGMA {pragma}")

    def append(self, puts: Sequence[Put]) -> int:
        """Write facts that are not there yet, as one commit of which each has its digest."""
        execute = self.connection.execute
        execute("BEGIN IMMEDIATE")
        seq, digest = execute("SELECT seq, digest FROM gk_workspace WHERE name = 'acme'").fetchone()
        first = seq + 1
        rows = []
        for each in puts:
            name = packed(each.key.id)
            if execute(_CURRENT, (_FACT, name, _BASE, _BASE * 2)).fetchone() is not None:
                raise ValueError(each.key)
            seq += 1
            doc, on = each.doc or "", each.on or date.min
            digest = sha256(digest + doc.encode()).digest()[:16]
            place = _BASE + seq
            rows.append((place, _FACT, name, 1, _CHECK_IN, each.about, on.toordinal(), place, digest, doc))
        self.connection.executemany(_ADD, rows)
        execute(_COMMITTED, (seq, first, int(_AT.timestamp() * 10**6)))
        execute(_MOVED, (seq, digest))
        execute("COMMIT")
        return int(seq)

    def pages(self) -> Iterator[list[tuple[Any, ...]]]:
        """Yield all facts, page by page, as tuples."""
        after = _BASE
        while rows := self.connection.execute(_READ, (_FACT, after, _BASE * 2, _PAGE)).fetchall():
            yield rows
            after = rows[-1][7]


# -- SQLAlchemy -----------------------------------------------------------------------------------


class Alchemy:
    """The same tables through SQLAlchemy, with a mapped class for changes."""

    def __init__(self, path: Path) -> None:
        hand = ByHand(path)
        (mode,) = hand.connection.execute("PRAGMA journal_mode").fetchone()
        sa, orm = import_module("sqlalchemy"), import_module("sqlalchemy.orm")
        self.sa: Final[Any] = sa
        self.engine: Final = sa.create_engine(f"sqlite:///{path}")

        def connected(connection: sqlite3.Connection, _: object) -> None:
            connection.isolation_level = None
            for pragma in (f"journal_mode = {mode}", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")

        def begun(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

        sa.event.listen(self.engine, "connect", connected)
        sa.event.listen(self.engine, "begin", begun)
        held = sa.MetaData()
        kinds = {"id": sa.types.NullType, "type": sa.types.NullType, "digest": sa.LargeBinary, "doc": sa.Text}
        names = [row[1] for row in hand.connection.execute("PRAGMA table_info(gk_change)")]
        columns = [sa.Column(name, kinds.get(name, sa.Integer), primary_key=name == "place") for name in names]
        columns[5].type = sa.Text()
        hand.connection.close()
        self.change: Final = sa.Table("gk_change", held, *columns)
        self.commit: Final = sa.Table("gk_commit", held, autoload_with=self.engine)
        self.workspace: Final = sa.Table("gk_workspace", held, autoload_with=self.engine)
        self.mapped: Final = type("Changed", (), {})
        orm.registry().map_imperatively(self.mapped, self.change)
        self.session: Final = orm.Session

    def rows(self, puts: Sequence[Put], seq: int, digest: bytes) -> list[dict[str, Any]]:
        """Return facts as rows."""
        rows = []
        for each in puts:
            seq += 1
            doc, on = each.doc or "", each.on or date.min
            digest = sha256(digest + doc.encode()).digest()[:16]
            place = _BASE + seq
            told = {"place": place, "kind": _FACT, "id": packed(each.key.id), "rev": 1, "type": _CHECK_IN}
            told |= {"about": each.about, "day": on.toordinal(), "born": place, "deleted": 0}
            rows.append({**told, "digest": digest, "doc": doc})
        return rows

    def append(self, puts: Sequence[Put], *, mapped: bool) -> int:
        """Write facts, as rows or as objects."""
        sa, change, workspace = self.sa, self.change, self.workspace
        with self.session(self.engine) as session, session.begin():
            seq, digest = session.execute(sa.select(workspace.c.seq, workspace.c.digest)).one()
            for each in puts:
                asked = sa.select(change.c.rev).where(change.c.kind == _FACT, change.c.id == packed(each.key.id))
                if session.execute(asked).first() is not None:
                    raise ValueError(each.key)
            rows = self.rows(puts, seq, digest)
            if mapped:
                made = []
                for row in rows:
                    one: Any = self.mapped()
                    for name, value in row.items():
                        setattr(one, name, value)
                    made.append(one)
                session.add_all(made)
            else:
                session.execute(sa.insert(change), rows)
            last = seq + len(rows)
            told = {"ws": 1, "seq": last, "no": 0, "first": seq + 1, "at": 0, "why": "", "fingerprint": 0}
            session.execute(sa.insert(self.commit), told)
            session.execute(sa.update(workspace).values(seq=last, digest=rows[-1]["digest"]))
        return int(last)

    def read(self, *, mapped: bool) -> int:
        """Read all facts, page by page, as rows or as objects."""
        sa, c = self.sa, self.change.c
        after, many = _BASE, 0
        with self.session(self.engine) as session:
            while True:
                what = self.mapped if mapped else self.change
                asked = sa.select(what).where(c.kind == _FACT, c.born > after, c.replaced.is_(None), c.deleted == 0)
                found = session.execute(asked.order_by(c.born).limit(_PAGE))
                rows = found.scalars().all() if mapped else found.all()
                if not rows:
                    return many
                many += len(rows)
                after = rows[-1].born
                session.expunge_all()


# -- D1: append one -------------------------------------------------------------------------------


def append_one(folder: Path, rounds: int, size: int) -> None:
    """Measure one check-in at a time, each durable before the next."""
    many = max(size // 500, 20)
    facts = iter(check_ins(10 * (rounds + 1) * many + 10))
    hand, alchemy = ByHand(folder / "hand.db"), Alchemy(folder / "alchemy.db")
    with SqliteStore(folder / "store.db") as store, SqliteStore(folder / "record.db") as recorded:
        acme = recorded.workspace("acme")
        _add_goals(acme)

        def case(work: Callable[[CheckIn], object]) -> Case:
            def run(_: int) -> None:
                for _ in range(many):
                    work(next(facts))

            return Case(run=run, items=many)

        cases = {
            BY_HAND: case(lambda fact: hand.append([put(fact)])),
            STORE: case(lambda fact: store.apply("acme", Batch(puts=[put(fact)], by="ida"))),
            "SQLAlchemy Core": case(lambda fact: alchemy.append([put(fact)], mapped=False)),
            "SQLAlchemy ORM": case(lambda fact: alchemy.append([put(fact)], mapped=True)),
            "goalkit, workspace.record": case(lambda fact: acme.record(fact, by="ida")),
        }
        show("Append one check-in, durable", measured(cases, rounds), BY_HAND)
    hand.connection.close()
    alchemy.engine.dispose()


def _add_goals(acme: Any) -> None:
    from goalkit import Increase, KeyResult, Plan  # noqa: PLC0415 - for this alone

    goals = [
        KeyResult(id=f"kr-{n:04}", title="A key result", metric=Increase(start=0, target=1000)) for n in range(_GOALS)
    ]
    acme.save(Plan.of(*goals))


# -- D2: many at once, and read back ----------------------------------------------------------------


def batch_and_read(folder: Path, rounds: int, size: int) -> None:
    """Measure check-ins as one batch into a new file, reading all of them, and how many bytes they take."""
    puts = [put(fact) for fact in check_ins(size)]
    made = count()

    def new() -> Path:
        return folder / f"batch-{next(made)}.db"

    held: dict[str, Any] = {}

    def case(name: str, make: Callable[[], Any], write: Callable[[Any], object]) -> Case:
        def before(_: int) -> None:
            held[name] = make()

        return Case(before=before, run=lambda _: float(_seq(write(held[name]))), items=size)

    cases = {
        BY_HAND: case("hand", lambda: ByHand(new()), lambda hand: hand.append(puts)),
        STORE: case("store", lambda: SqliteStore(new()), lambda store: store.apply("acme", Batch(puts=puts))),
        "SQLAlchemy Core": case("core", lambda: Alchemy(new()), lambda it: it.append(puts, mapped=False)),
        "SQLAlchemy ORM": case("orm", lambda: Alchemy(new()), lambda it: it.append(puts, mapped=True)),
    }
    show(f"Append {size:,} check-ins as one batch", measured(cases, min(rounds, 3)), BY_HAND)
    store: SqliteStore = held["store"]

    def facts() -> Iterator[CheckIn]:
        reading = import_module("goalkit.documents.reading")
        decoded = import_module("goalkit.storage.codec").decoded
        for page in pages(store):
            for record in page:
                yield reading.read_row(decoded(record.doc)).thing

    def reading(read: Callable[[], int]) -> Case:
        return Case(run=lambda _: float(read()), items=size)

    reads = {
        "sqlite3 by hand, tuples": reading(lambda: sum(map(len, held["hand"].pages()))),
        "goalkit, records": reading(lambda: sum(map(len, pages(store)))),
        "SQLAlchemy Core, rows": reading(lambda: held["core"].read(mapped=False)),
        "SQLAlchemy ORM, objects": reading(lambda: held["orm"].read(mapped=True)),
        "goalkit, check-ins one by one": reading(lambda: sum(1 for _ in facts())),
    }
    show(f"Read {size:,} check-ins back", measured(reads, min(rounds, 3)), "sqlite3 by hand, tuples")
    documents = sum(len((each.doc or "").encode()) for each in puts)
    path = store.info().path
    assert path is not None
    table(
        "Bytes",
        ["what", "bytes a check-in", "× documents"],
        [
            ["documents", f"{documents / size:.0f}", "1"],
            ["file", f"{path.stat().st_size / size:.0f}", ratio(path.stat().st_size / documents)],
        ],
    )


def _seq(commit: Any) -> int:
    return int(commit if isinstance(commit, int) else commit.seq)


def pages(store: SqliteStore) -> Iterator[Sequence[Any]]:
    """Yield all facts of a store, page by page."""
    after: int | None = 0
    while after is not None:
        page = store.read("acme", Query(kind=Kind.FACT), after=after, limit=_PAGE)
        yield page.records
        after = page.more


# -- D5: two processes on one record ----------------------------------------------------------------

_COUNTER: Final = Key(Kind.GOAL, "counter")


def count_by_store(path: Path, times: int) -> int:
    """Count a record up, and decide again where somebody else was quicker; return how often that was."""
    again = 0
    with SqliteStore(path, timeout=60) as store:
        for _ in range(times):
            while True:
                (record,) = store.read("acme", [_COUNTER]).records
                doc = str(int(record.doc or "0") + 1)
                try:
                    store.apply("acme", Batch(puts=[Put(key=_COUNTER, expect=record.rev, doc=doc, type="objective")]))
                    break
                except Conflict:
                    again += 1
    return again


def count_by_hand(path: Path, times: int) -> int:
    """Do the same with the module alone, in a table of one row and a log."""
    again = 0
    connection = sqlite3.connect(path, isolation_level=None, timeout=60)
    connection.execute("PRAGMA journal_mode = TRUNCATE")
    connection.execute("PRAGMA synchronous = FULL")
    for _ in range(times):
        while True:
            rev, doc = connection.execute("SELECT rev, doc FROM counter").fetchone()
            connection.execute("BEGIN IMMEDIATE")
            new = (rev + 1, str(int(doc) + 1), rev)
            done = connection.execute("UPDATE counter SET rev = ?, doc = ? WHERE rev = ?", new).rowcount
            if done:
                connection.execute("INSERT INTO log VALUES (?, ?)", new[:2])
            connection.execute("COMMIT")
            if done:
                break
            again += 1
    connection.close()
    return again


def contended(folder: Path, rounds: int, size: int) -> None:
    """Measure two processes that count the same record up."""
    times = max(size // 500, 20) * min(rounds, 3)
    hand, path = folder / "counter.db", folder / "contended.db"
    connection = sqlite3.connect(hand, isolation_level=None)
    connection.execute("CREATE TABLE counter (rev INTEGER, doc TEXT)")
    connection.execute("CREATE TABLE log (rev INTEGER PRIMARY KEY, doc TEXT)")
    connection.execute("INSERT INTO counter VALUES (1, '0')")
    with SqliteStore(path) as store:
        store.apply("acme", Batch(puts=[Put(key=_COUNTER, expect=0, doc="0", type="objective")]))
        rows, base = [], 0.0
        with get_context("spawn").Pool(2) as pool:
            for name, work in ((BY_HAND, partial(count_by_hand, hand)), (STORE, partial(count_by_store, path))):
                pool.map(work, [1, 1], chunksize=1)  # warm
                begun = perf_counter()
                again = sum(pool.map(work, [times, times], chunksize=1))
                seconds = (perf_counter() - begun) / (2 * times)
                base = base or seconds
                rows.append([name, duration(seconds), ratio(seconds / base), str(again)])
        (record,) = store.read("acme", [_COUNTER]).records
    (told,) = connection.execute("SELECT doc FROM counter").fetchone()
    connection.close()
    assert told == record.doc == str(2 * times + 2)
    head = ["case", "time a step", f"× {BY_HAND}", "decided again"]
    table(f"Two processes count one record up, {times:,} times each", head, rows)


# -- all of it ------------------------------------------------------------------------------------

#: What can be measured, by name: each is given a folder, the number of turns and a size, and prints its tables.
PARTS: Final[Mapping[str, Callable[[Path, int, int], None]]] = {
    "one": append_one,
    "batch": batch_and_read,
    "contended": contended,
}


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.storage", description="Measure the SQLite store.")
    parser.add_argument("--only", default=",".join(PARTS), help="parts, with commas between: %(default)s")
    parser.add_argument("--quick", action="store_true", help="fewer turns, and a tenth of the size")
    parser.add_argument("--folder", type=Path, help="where the files are; a temporary folder unless given")
    given = parser.parse_args()
    given.only = given.only.split(",")
    if unknown := sorted({*given.only} - {*PARTS}):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    return given


def main() -> None:
    """Measure what is asked for."""
    given = _arguments()
    rounds, size = (3, 10_000) if given.quick else (5, 100_000)
    print(f"{machine('sqlalchemy')}, SQLite {sqlite3.sqlite_version}")
    print("\nEvery table holds the least time of several turns; × is a ratio of least times.")
    for name, run in PARTS.items():
        if name in given.only:
            with TemporaryDirectory(dir=given.folder) as folder:
                run(Path(folder), rounds, size)


if __name__ == "__main__":
    main()
