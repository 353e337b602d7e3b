"""What several writers did at once is explained by one order, and what no order explains is told."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from attrs import evolve

from goalkit.storage import Batch, Change, Clash, Commit, Guard, Key, Kind, Page, Position, Put, Query, Quiet, Store
from goalkit.storage.memory import MemoryStore
from goalkit.testing import History, Operation, StoreFactory, check_history, concurrent_history
from goalkit.testing.model import Refused
from saboteurs import ChecksBeforeItLocks, Wrapped

A, B = Key(Kind.GOAL, "a"), Key(Kind.GOAL, "b")
GOALS = Query(kind=Kind.GOAL)
AT = datetime(2026, 7, 1, tzinfo=UTC)
GONE = Refused("Conflict", frozenset({Clash(what=str(A), expected=1, actual=0)}))


class Memory(StoreFactory):
    def create(self) -> Store:
        return MemoryStore()


def put(key: Key = A, expect: int = 0, doc: str | None = "{}") -> Put:
    return Put(key=key, expect=expect, doc=doc)


def commit(seq: int, first: int | None = None, *, replayed: bool = False) -> Commit:
    return Commit(seq=seq, first=seq if first is None else first, at=AT, replayed=replayed)


def did(at: tuple[int, int], asked: Batch | Query, told: Commit | Page | Refused, worker: int = 0) -> Operation:
    return Operation(worker=worker, called=at[0], returned=at[1], workspace="acme", asked=asked, told=told)


def history(*operations: Operation) -> History:
    """A history with the feed that its commits make in a sound store."""
    store = MemoryStore()
    commits = [each for each in operations if isinstance(each.told, Commit) and not each.told.replayed]
    for each in sorted(commits, key=lambda each: getattr(each.told, "seq", 0)):
        assert isinstance(each.asked, Batch)
        store.apply("acme", evolve(each.asked, guards=(), quiet=()))
    return History(operations=operations, feeds={"acme": store.changes("acme", Position())})


def page(seq: int, *keys: Key, more: int | None = None) -> Page:
    store = MemoryStore()
    for key in (A, B)[:seq]:
        store.apply("acme", Batch(puts=[put(key)]))
    return Page(records=store.read("acme", keys).records, head=store.head("acme").position, more=more)


FIRST = did((1, 2), Batch(puts=[put()], key="k", fingerprint="f"), commit(1))
SECOND = did((3, 4), Batch(puts=[put(B)]), commit(2), worker=1)

RIGHT = {
    "one after the other": (FIRST, SECOND),
    "both at once": (did((1, 9), FIRST.asked, commit(2)), did((2, 8), SECOND.asked, commit(1))),
    "a page of what was there": (FIRST, SECOND, did((5, 6), GOALS, page(2, A, B))),
    "a page of what was there meanwhile": (FIRST, SECOND, did((3, 6), GOALS, page(1, A))),
    "the beginning of a longer page": (FIRST, SECOND, did((5, 6), GOALS, page(2, A, more=1))),
    "refused rightly": (
        FIRST,
        did((3, 4), Batch(puts=[put()]), Refused("Conflict", frozenset({Clash(what=str(A), expected=0, actual=1)}))),
    ),
    "refused because of what is there meanwhile": (did((2, 5), Batch(puts=[put(expect=1)]), GONE), FIRST),
    "refused because something moved": (
        FIRST,
        did((3, 4), Batch(quiet=[Quiet(kind=Kind.GOAL, since=0)]), Refused("Conflict")),
    ),
    "sent again": (FIRST, did((3, 4), FIRST.asked, commit(1, replayed=True))),
    "sent again meanwhile": (FIRST, did((1, 2), Batch(key="k"), commit(1, replayed=True))),
    "a key that was used": (FIRST, did((3, 4), Batch(key="k", fingerprint="g"), Refused("KeyReused"))),
    "an empty batch": (FIRST, did((3, 4), Batch(guards=[Guard(key=A, expect=1)]), commit(1, 2)), SECOND),
}

WRONG = {
    "the same number twice": ((FIRST, did((3, 4), SECOND.asked, commit(1))), "is right"),
    "a gap": ((FIRST, did((3, 4), SECOND.asked, commit(3))), "is right"),
    "a lost update": ((FIRST, did((3, 4), Batch(puts=[put(expect=0)]), commit(2))), "is right"),
    "a guard that did not hold": (
        (FIRST, did((3, 4), Batch(puts=[put(B)], guards=[Guard(key=A, expect=2)]), commit(2))),
        "is right",
    ),
    "a commit for a question": ((did((1, 2), GOALS, commit(1)),), "asked for records and was told a commit"),
    "against the clock": (
        (evolve(FIRST, told=commit(2)), evolve(SECOND, called=5, returned=6, told=commit(1))),
        "told before",
    ),
    "a page of the past": ((FIRST, SECOND, did((5, 6), GOALS, page(1, A))), "2 to 2 were possible"),
    "a page of the future": (
        (FIRST, did((3, 4), GOALS, page(2, A, B)), evolve(SECOND, called=5, returned=6)),
        "1 to 1",
    ),
    "a page with too much": ((FIRST, did((3, 4), GOALS, page(1, A, A, A)), did((5, 6), GOALS, page(1))), "was not so"),
    "a page with too little": ((FIRST, SECOND, did((5, 6), GOALS, page(2, A))), "was not so"),
    "a page of other records": ((FIRST, SECOND, did((5, 6), GOALS, page(2, B))), "was not so"),
    "refused wrongly": ((FIRST, did((3, 4), Batch(puts=[put(expect=1)]), GONE)), "was not so from 1 to 1"),
    "refused though done before": ((FIRST, did((3, 4), Batch(puts=[put()], key="k"), GONE)), "done before"),
    "a key that nobody used": ((did((1, 2), Batch(key="k", fingerprint="f"), Refused("KeyReused")),), "it was not"),
    "the key of the same request": ((FIRST, did((3, 4), FIRST.asked, Refused("KeyReused"))), "it was not"),
    "a key that is used later": (
        (evolve(FIRST, called=5, returned=6), did((1, 2), Batch(key="k", fingerprint="g"), Refused("KeyReused"))),
        "it was not",
    ),
    "again what never was": ((did((1, 2), Batch(key="k"), commit(1, replayed=True)),), "nobody has made"),
    "again another answer": ((FIRST, SECOND, did((5, 6), FIRST.asked, commit(2, replayed=True))), "another answer"),
    "again for another request": (
        (FIRST, did((3, 4), Batch(key="k", fingerprint="g"), commit(1, replayed=True))),
        "another request with its key",
    ),
    "again before it was": (
        (evolve(FIRST, called=5, returned=6), did((1, 2), Batch(key="k"), commit(1, replayed=True))),
        "before it was made",
    ),
}


@pytest.mark.parametrize("operations", RIGHT.values(), ids=RIGHT)
def test_a_history_that_an_order_explains_is_right(operations: tuple[Operation, ...]) -> None:
    assert check_history(history(*operations)) == ()
    assert check_history(history(*reversed(operations))) == ()


@pytest.mark.parametrize(("operations", "told"), WRONG.values(), ids=WRONG)
def test_what_no_order_explains_is_told(operations: tuple[Operation, ...], told: str) -> None:
    found = check_history(History(operations=operations, feeds={}))
    assert any(told in wrong for wrong in found), found


CHANGES: dict[str, Callable[[tuple[Change, ...]], tuple[Change, ...]]] = {
    "without the last": lambda feed: feed[:-1],
    "in another order": lambda feed: feed[::-1],
    "with another document": lambda feed: (evolve(feed[0], doc="[]"), *feed[1:]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_feed_that_the_commits_do_not_make_is_told(
    change: Callable[[tuple[Change, ...]], tuple[Change, ...]],
) -> None:
    right = history(FIRST, SECOND)
    assert check_history(evolve(right, feeds={"acme": change(right.feeds["acme"])})) == (
        "acme: the feed is not what the commits make",
    )


def test_a_commit_that_nobody_was_told_is_told() -> None:
    right = history(FIRST, SECOND)
    assert "acme: the feed is not what the commits make" in check_history(evolve(right, operations=(FIRST,)))


@pytest.mark.parametrize("seed", range(3))
def test_what_threads_did_to_a_sound_store_is_explained(seed: int) -> None:
    made = Memory()
    found = concurrent_history(made, made.create(), threads=4, operations=30, seed=seed)
    assert len(found.operations) == 4 * 30 * 2
    assert {each.worker for each in found.operations} == {0, 1, 2, 3}
    told = [each.told for each in found.operations if isinstance(each.asked, Batch)]
    assert {type(each) for each in told} == {Commit, Refused}
    assert check_history(found) == ()


def test_what_threads_did_to_a_store_that_loses_updates_is_told() -> None:
    store = ChecksBeforeItLocks()
    found = concurrent_history(Memory(), store, threads=4, operations=30)
    assert any("is right" in wrong for wrong in check_history(found))


def test_processes_need_a_store_that_can_be_opened_again() -> None:
    with pytest.raises(AssertionError, match="can be opened again"):
        concurrent_history(Memory(), Wrapped(), threads=0, processes=1, operations=1)
