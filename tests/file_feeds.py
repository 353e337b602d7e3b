"""Feeds for tests of stores: batches of every sort, some of which are refused, played into any store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from attrs import frozen
from hypothesis import strategies as st

from goalkit.storage import Batch, Commit, Conflict, Key, Kind, Maintained, Position, Put, Query, Store
from goalkit.storage.records import Answered, Change, Record

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)

DOCS = (
    '{"id":"a","n":1}',
    '{"a":{"b":[1,"ü"]},"text":"line\\nline"}',
    "{}",
    '{"z":1, "a":2}',
    '{"a":1,"a":2}',
    '"text"',
    "no JSON at all",
    "[" * 500,
    '{"n":1e5}',
    '{"n":NaN}',
    "\u2028é\x7f",
    "",
)


@frozen(kw_only=True)
class Step:
    """What one batch puts: which records, which document or None, and whether each is put anew; and its request."""

    puts: tuple[tuple[Key, str | None, bool], ...]
    key: str
    why: str
    hours: int
    off: int


@frozen(kw_only=True)
class Erase:
    """That some records are erased."""

    keys: tuple[Key, ...]


_keys = st.builds(Key, st.sampled_from(Kind), st.sampled_from(["a", "b", 'ü"\\', "c d"]))
_puts = st.lists(
    st.tuples(_keys, st.none() | st.sampled_from(DOCS), st.booleans()), max_size=4, unique_by=lambda put: put[0]
)
steps = st.builds(
    Step,
    puts=_puts.map(tuple),
    key=st.sampled_from(["", "", "r1", "r2", "r3"]),
    why=st.sampled_from(["", "why", "ß\n"]),
    hours=st.integers(0, 3),
    off=st.sampled_from([0, 0, 0, 0, 1]),
)
erasures = st.builds(Erase, keys=st.lists(_keys, max_size=2).map(tuple))
feeds = st.lists(steps, max_size=12)
feeds_with_erasures = st.lists(steps | erasures, max_size=12)


def play(store: Store, feed: list[Step] | list[Step | Erase], name: str = "acme") -> list[Commit | int | str]:
    """Write a feed into a store, and return what came of each batch."""
    told: list[Commit | int | str] = []
    for step in feed:
        if isinstance(step, Erase):
            assert isinstance(store, Maintained)
            told.append(store.purge(name, step.keys, by="eve", why=""))
            continue
        page = store.read(name, [key for key, _, _ in step.puts])
        revs = {record.key: record.rev for record in page.records if not record.is_deleted}
        puts = [
            Put(
                key=key,
                expect=revs.get(key, 0) + step.off,
                doc=doc,
                type="t",
                about="x" if key.kind is Kind.FACT else "",
                on=date(2026, 7, 1) if key.kind is Kind.FACT else None,
                anew=anew,
            )
            for key, doc, anew in step.puts
        ]
        at = NOON + timedelta(hours=step.hours)
        try:
            told.append(store.apply(name, Batch(puts=puts, key=step.key, by="ida", why=step.why, at=at)))
        except Conflict as error:
            told.append(str(error))
    return told


def everything(
    store: Store, name: str = "acme"
) -> tuple[tuple[Change, ...], list[tuple[Record, ...]], list[Answered | None], Position]:
    """Return all that a store tells of a workspace."""
    records = [store.read(name, Query(kind=kind, deleted=True)).records for kind in Kind]
    answered = [store.head(name, key).answered for key in ("r1", "r2", "r3")]
    return store.changes(name, Position()), records, answered, store.head(name).position
