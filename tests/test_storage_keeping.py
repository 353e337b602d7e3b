"""A workspace in memory, which the stores share that hold all of it at once."""

from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from file_feeds import Erase, Step, feeds, feeds_with_erasures, play
from goalkit.storage import Batch, Conflict, Kind, Position, Put, Quiet, StoreClosed, open_store
from goalkit.storage.keeping import Kept
from goalkit.storage.memory import MemoryStore
from goalkit.storage.records import Key, Query, Record

APP = Key(Kind.GOAL, "app")


@given(feed=feeds_with_erasures)
def test_whatever_was_written_and_erased_fits_together(feed: list[Step | Erase]) -> None:
    with MemoryStore() as store:
        play(store, feed)
        assert store.verify() == ()


@given(feed=feeds)
def test_a_copy_holds_the_same_and_goes_its_own_way(feed: list[Step]) -> None:
    kept = Kept()
    batch = Batch(puts=[Put(key=APP, expect=0, doc="{}")], key="first")
    kept.write(batch, kept.decision(batch))
    with MemoryStore() as store:
        play(store, feed)
        kept = store._open().setdefault("acme", kept)
        other = kept.copy()
        assert (other.records, other.changes, other.answered, other.head) == (
            kept.records,
            kept.changes,
            kept.answered,
            kept.head,
        )
        assert [*other.answered] == [*kept.answered]
        play(store, [Step(puts=((Key(Kind.KPI, "own"), "{}", False),), key="", why="", hours=0, off=0)])
        assert other.head.seq == kept.head.seq - 1


@pytest.mark.parametrize(
    ("quiet", "is_disturbed"),
    [
        (Quiet(kind=Kind.FACT, since=1), True),
        (Quiet(kind=Kind.FACT, since=0, about="app", type="check_in"), True),
        (Quiet(kind=Kind.FACT, since=-1), True),
        (Quiet(kind=Kind.FACT, since=2), False),
        (Quiet(kind=Kind.FACT, since=99), False),
        (Quiet(kind=Kind.FACT, since=0, about="other"), False),
        (Quiet(kind=Kind.FACT, since=0, type="grade"), False),
        (Quiet(kind=Kind.KPI, since=0), False),
    ],
)
def test_what_must_be_quiet_is_looked_for_among_what_changed_since(quiet: Quiet, is_disturbed: bool) -> None:
    with MemoryStore() as store:
        fact = Put(key=Key(Kind.FACT, "f"), expect=0, doc="{}", type="check_in", about="app")
        store.apply("acme", Batch(puts=[Put(key=APP, expect=0, doc="{}"), fact]))
        if is_disturbed:
            with pytest.raises(Conflict, match="changed since"):
                store.apply("acme", Batch(quiet=[quiet]))
        else:
            assert store.apply("acme", Batch(quiet=[quiet])).seq == 2


def test_requests_are_told_in_the_order_of_their_commits() -> None:
    with MemoryStore() as store:
        for key, ids in (("z", []), ("a", []), ("m", ["x", "y"]), ("b", []), ("", ["w"]), ("c", ["v"])):
            store.apply("acme", Batch(puts=[Put(key=Key(Kind.GOAL, id_), expect=0, doc="{}") for id_ in ids], key=key))
        told = [(key, each.commit.first, each.commit.seq) for key, each in store.requests("acme", 0, 99)]
        assert told == [("a", 1, 0), ("z", 1, 0), ("m", 1, 2), ("b", 3, 2), ("c", 4, 4)]
        assert [key for key, _ in store.requests("acme", 2, 3)] == ["b"]
        assert store.requests("nobody", 0, 99) == ()


def test_reading_and_erasing_nothing_bring_about_no_workspace() -> None:
    with open_store("memory:") as store:
        assert isinstance(store, MemoryStore)
        assert store.changes("acme", Position()) == ()
        assert store.purge("acme", [APP], by="ida", why="asked") == 0
        assert store.workspaces() == ()


def test_what_is_erased_is_deleted_and_gone_from_the_feed() -> None:
    with MemoryStore() as store:
        store.apply("acme", Batch(puts=[Put(key=APP, expect=0, doc='{"n":1}')]))
        store.apply("acme", Batch(puts=[Put(key=APP, expect=1, doc='{"n":2}')]))
        assert store.purge("acme", [APP, APP], by="eve", why="asked") == 2
        assert store.purge("acme", [APP], by="eve", why="asked") == 0
        assert [(each.doc, each.deleted, each.by) for each in store.changes("acme", Position())] == [
            (None, False, None),
            (None, False, None),
            (None, True, "eve"),
        ]
        assert store.verify() == ()


def test_a_store_that_was_closed_has_no_requests() -> None:
    store = MemoryStore()
    store.close()
    with pytest.raises(StoreClosed):
        store.requests("acme", 0, 1)


@given(st.lists(st.integers(1, 50), unique=True), st.integers(0, 50), st.integers(1, 10), st.booleans())
def test_pages_follow_each_other_without_a_gap(borns: list[int], after: int, limit: int, newest_first: bool) -> None:
    kept = Kept()
    blank = Record(key=Key(Kind.FACT, ""), rev=1, doc="{}", type="", about="a", on=None, seq=1, born=1)
    kept.put(evolve(blank, key=Key(Kind.FACT, str(born)), born=born) for born in borns)
    kept.put([evolve(blank, key=Key(Kind.FACT, str(born)), born=born, rev=2) for born in borns[:5]])  # in its place
    found: list[int] = []
    place: int | None = after
    while place is not None:
        page = kept.page(Query(kind="fact", about="a", newest_first=newest_first), place, limit)
        place = page.more
        assert len(page.records) <= limit
        found += [record.born for record in page.records]
    wanted = [born for born in borns if not after or (born < after if newest_first else born > after)]
    assert found == sorted(wanted, reverse=newest_first)
