"""Cases: several threads use one store, and several handles and processes the same data."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from time import monotonic
from typing import ClassVar, TypeVar

from attrs import evolve

from ..storage import Batch, Commit, Conflict, Kind, Position, Query, Store
from .cases import ACME, Cases, every_record, goal, pages, put, puts
from .histories import check_history
from .proving import holds, refused, same
from .workers import concurrent_history

_T = TypeVar("_T")

_THREADS = 4
_EACH = 25


class ThreadCases(Cases):
    """One store, used by several threads at once."""

    def test_threads_lose_no_update(self) -> None:
        """Each of many increments of one figure is there in the end."""
        self.write(put("count", doc="0"))
        begin = Barrier(_THREADS)

        def count() -> None:
            begin.wait()
            for _ in range(_EACH):
                _increment(self.store)

        _at_once([count] * _THREADS)
        same(self.kept(goal("count")).doc, str(_THREADS * _EACH), "the figure")
        same(self.kept(goal("count")).rev, _THREADS * _EACH + 1, "its revision")

    def test_of_threads_that_want_the_same_one_gets_it(self) -> None:
        """Where many put the same new record, one does, and all others are refused."""
        begin = Barrier(_THREADS)

        def make() -> bool:
            begin.wait()
            try:
                self.write(put("nps"))
            except Conflict:
                return False
            return True

        same(sum(_at_once([make] * _THREADS)), 1, "how many did")
        same(len(self.feed()), 1, "the changes")

    def test_a_request_that_threads_send_at_once_is_done_once(self) -> None:
        """All are told the same commit, and one that it was the first."""
        begin = Barrier(_THREADS)

        def send() -> Commit:
            begin.wait()
            return self.write(*puts("ab"), key="request-1")

        commits = _at_once([send] * _THREADS)
        firsts = [commit for commit in commits if not commit.replayed]
        same((len(firsts), len(self.feed())), (1, 2), "how many were the first, and the changes")
        same(commits.count(evolve(firsts[0], replayed=True)), _THREADS - 1, "how many were told again")

    def test_whoever_follows_sees_every_change_once_while_others_write(self) -> None:
        """A follower that never waits for writers sees numbers without a gap, and batches in one piece."""
        begin = Barrier(_THREADS)

        def write(worker: int) -> list[int]:
            begin.wait()
            for n in range(_EACH):
                self.write(*puts(f"{worker}-{n}-{m}" for m in range(3)))
            return []

        def follow() -> list[int]:
            begin.wait()
            told: list[int] = []
            after = Position()
            deadline = _Deadline()
            while len(told) < (_THREADS - 1) * _EACH * 3:
                deadline.check()
                for change in self.store.changes(ACME, after, limit=7):
                    told.append(change.seq)
                    after = change.position
            return told

        writers: list[Callable[[], list[int]]] = [partial(write, worker) for worker in range(_THREADS - 1)]
        told = _at_once([follow, *writers])[0]
        same(told, [*range(1, (_THREADS - 1) * _EACH * 3 + 1)], "the numbers")
        in_threes = [self.feed()[at : at + 3] for at in range(0, len(told), 3)]
        holds(all(len({c.key.id.rpartition("-")[0] for c in three}) == 1 for three in in_threes), "batches are whole")

    def test_a_page_never_shows_half_of_a_batch(self) -> None:
        """Two records that are always changed together are always read together, and at the head of the page."""
        self.write(*puts("ab"))
        begin = Barrier(2)

        def write() -> None:
            begin.wait()
            for rev in range(1, 2 * _EACH):
                self.write(put("a", rev, str(rev)), put("b", rev, str(rev)))

        def read() -> None:
            begin.wait()
            rev, deadline = 0, _Deadline()
            while rev < 2 * _EACH:
                deadline.check()
                for page in (self.store.read(ACME, [goal("a"), goal("b")]), self.store.read(ACME, _GOALS)):
                    first, second = page.records
                    same((first.rev, page.head.seq), (second.rev, 2 * second.rev), "the two revisions, and the head")
                    rev = first.rev

        _at_once([write, read])

    def test_what_threads_do_at_once_could_be_one_after_the_other(self) -> None:
        """Every answer is explained by the order of the commits."""
        history = concurrent_history(self.made, self.store, threads=_THREADS, operations=_EACH, seed=self.seed)
        same(check_history(history), (), "what nothing explains")


class SharedCases(Cases):
    """Several handles on the same data, in one process and in several."""

    processes: ClassVar[int] = 2

    def test_what_one_handle_has_written_the_other_reads(self) -> None:
        """Each sees at once what the other has committed, records, feed, head and requests."""
        other = self.again()
        for n in range(5):
            commit = self.write(put("a", 2 * n, f'{{"n":{n}}}'), key=f"request-{n}")
            same(other.read(ACME, [goal("a")]).records, (self.kept(goal("a")),), "the record")
            same((tuple(pages(other, ACME)), other.head(ACME)), (self.feed(), self.store.head(ACME)), "feed and head")
            same(other.head(ACME, f"request-{n}").answered, self.store.head(ACME, f"request-{n}").answered, "request")
            same(other.apply(ACME, Batch(key=f"request-{n}")), evolve(commit, replayed=True), "the request again")
            same(other.apply(ACME, Batch(puts=[put("a", 2 * n + 1)])).first, commit.seq + 1, "the next number")
            same(self.kept(goal("a")).rev, 2 * n + 2, "the revision")

    def test_a_stale_revision_of_another_handle_is_refused(self) -> None:
        """Expectations hold for all handles together."""
        other = self.again()
        self.write(put("a"))
        other.apply(ACME, Batch(puts=[put("a", 1)]))
        refused(Conflict, lambda: self.write(put("a", 1)))
        refused(Conflict, lambda: other.apply(ACME, Batch(puts=[put("a", 0)])))
        same(len(self.feed()), 2, "the changes")

    def test_closing_one_handle_leaves_the_other(self) -> None:
        """They share the data, and nothing else."""
        other = self.again()
        self.write(put("a"))
        other.close()
        same(self.write(put("b")).seq, 2, "the next number")
        same([*every_record(self.again(), ACME, _GOALS, 1)][1].key.id, "b", "what a third handle reads")

    def test_handles_lose_no_update(self) -> None:
        """Each of many increments through several handles is there in the end."""
        self.write(put("count", doc="0"))
        begin = Barrier(_THREADS)

        def count(store: Store) -> None:
            begin.wait()
            for _ in range(_EACH):
                _increment(store)

        _at_once([partial(count, self.again()) for _ in range(_THREADS)])
        same(self.kept(goal("count")).doc, str(_THREADS * _EACH), "the figure")

    def test_what_processes_do_at_once_could_be_one_after_the_other(self) -> None:
        """Every answer that threads and processes got is explained by the order of the commits."""
        history = concurrent_history(
            self.made, self.store, threads=2, processes=self.processes, operations=_EACH, seed=self.seed
        )
        workers = {operation.worker for operation in history.operations}
        same(len(workers), 2 + self.processes, "how many took part")
        same(check_history(history), (), "what nothing explains")


_GOALS = Query(kind=Kind.GOAL)


def _increment(store: Store) -> None:
    done, deadline = False, _Deadline()
    while not done:
        deadline.check()
        record = store.read(ACME, [goal("count")]).records[0]
        try:
            store.apply(ACME, Batch(puts=[put("count", record.rev, str(int(record.doc or "0") + 1))]))
        except Conflict:
            continue
        done = True


class _Deadline:
    """The moment until which something has to be done, so that a broken store fails and does not hang."""

    def __init__(self) -> None:
        self._last = monotonic() + _PATIENCE

    def check(self) -> None:
        holds(monotonic() < self._last, f"all is done within {_PATIENCE} seconds")


def _at_once(functions: list[Callable[[], _T]]) -> list[_T]:
    with ThreadPoolExecutor(len(functions)) as pool:
        return [answer.result() for answer in [pool.submit(function) for function in functions]]


# Only a store that hangs takes this long; in seconds.
_PATIENCE = 30
