"""What several writers did to a store at the same time, and whether it could have been one after the other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from ..storage import Batch, Change, Commit, Page, Query
from .model import Model, Refused, answer_of, rows_of


@frozen(kw_only=True)
class Operation:
    """
    One thing that a worker asked of a store, and what it was told.

    Attributes:
        worker: The number of the worker.
        called: When it asked, on a clock that all workers share.
        returned: When it was told.
        workspace: The workspace.
        asked: The batch that was applied, or the query that was read, in one page.
        told: The commit, the page, or why it was refused.
    """

    worker: int
    called: int
    returned: int
    workspace: str
    asked: Batch | Query
    told: Commit | Page | Refused


@frozen(kw_only=True)
class History:
    """
    Everything that was asked of a store, and its feeds afterwards.

    Attributes:
        operations: What was asked, in any order.
        feeds: The whole feed of each workspace, when all was done.
    """

    operations: tuple[Operation, ...]
    feeds: dict[str, tuple[Change, ...]]


def check_history(history: History) -> tuple[str, ...]:
    """
    Return everything in a history that no sequence of operations, one after the other, explains.

    Every commit says its number, so no order has to be searched for: the commits are replayed by their numbers on
    the model, which says what each had to be told. What was refused, or read, has to be right at some moment between
    call and return; and what returned before something else was called comes before it.

    Args:
        history: The history. Every commit of the feeds has to be in it.

    Returns:
        A sentence for each; nothing where all is well.

    Example:
        >>> check_history(History(operations=(), feeds={}))
        ()
    """
    by_workspace: defaultdict[str, list[Operation]] = defaultdict(list)
    for operation in history.operations:
        by_workspace[operation.workspace].append(operation)
    return tuple(
        f"{workspace}: {wrong}"
        for workspace in sorted({*by_workspace, *history.feeds})
        for wrong in _Checked(by_workspace[workspace], history.feeds.get(workspace, ())).wrong()
    )


class _Checked:
    def __init__(self, operations: Sequence[Operation], feed: Sequence[Change]) -> None:
        self._operations = operations
        self._feed = feed
        self._model = Model()
        written = [(each, each.told) for each in operations if isinstance(each.told, Commit)]
        first = [(each, told) for each, told in written if not told.replayed]
        self._commits = sorted(first, key=lambda both: (both[1].seq, both[1].first, both[0].called))
        self._returned = _Latest((each.returned, _seen(each)) for each in operations)
        self._called = _Latest((each.called, told.seq) for each, told in first)

    def wrong(self) -> Iterator[str]:
        yield from self._replayed()
        if rows_of(self._feed) != self._model.rows:
            yield "the feed is not what the commits make"
        first = {each.asked.key: each for each, _ in self._commits if isinstance(each.asked, Batch) and each.asked.key}
        for each in self._operations:
            asked, told = each.asked, each.told
            if isinstance(told, Page) and isinstance(asked, Query):
                yield from self._read(each, asked, told)
            elif isinstance(told, Refused) and isinstance(asked, Batch):
                yield from self._refused(each, asked, told, first.get(asked.key))
            elif isinstance(told, Commit) and told.replayed and isinstance(asked, Batch):
                yield from self._again(each, asked, told, first.get(asked.key))
            yield from self._in_time(each)

    def _replayed(self) -> Iterator[str]:
        for each, told in self._commits:
            if not isinstance(each.asked, Batch):
                yield f"{_who(each)} asked for records and was told a commit"
                continue
            wanted = self._model.apply(each.asked)
            if wanted != answer_of(told):
                yield f"{_who(each)} was told {answer_of(told)}, and {wanted} is right"

    def _window(self, each: Operation) -> tuple[int, int]:
        """Return the first and the last state in which an operation may have happened."""
        return self._returned.before(each.called), max(self._called.until(each.returned), 0)

    def _in_time(self, each: Operation) -> Iterator[str]:
        if isinstance(each.told, Commit) and not each.told.replayed:
            state = each.told.first - 1
            earliest = self._returned.before(each.called)
            if state < earliest:
                yield f"{_who(each)} was written after {state}, though {earliest} had been told before it was asked"

    def _read(self, each: Operation, query: Query, page: Page) -> Iterator[str]:
        earliest, latest = self._window(each)
        if not earliest <= page.head.seq <= latest:
            yield f"{_who(each)} read the state {page.head.seq}, and {earliest} to {latest} were possible"
        elif rows_of(page.records) != self._model.asked(query, page.head.seq)[: len(page.records)] or (
            page.more is None and len(page.records) != len(self._model.asked(query, page.head.seq))
        ):
            yield f"{_who(each)} read what was not so in the state {page.head.seq}"

    def _refused(self, each: Operation, batch: Batch, told: Refused, first: Operation | None) -> Iterator[str]:
        if told.error == "KeyReused":
            if first is None or first.called > each.returned or not _differ(first, batch):
                yield f"{_who(each)} was told that its key was used, and it was not"
            return
        if first is not None and first.returned < each.called:
            yield f"{_who(each)} was refused, though its request was done before"
            return
        earliest, latest = self._window(each)
        if all(self._model.refusal(batch, seq) != told for seq in range(earliest, latest + 1)):
            yield f"{_who(each)} was refused with {told}, which was not so from {earliest} to {latest}"

    def _again(self, each: Operation, batch: Batch, told: Commit, first: Operation | None) -> Iterator[str]:
        if first is None or not isinstance(first.told, Commit):
            yield f"{_who(each)} was told what became of a request that nobody has made"
        elif _differ(first, batch):
            yield f"{_who(each)} was told what became of another request with its key"
        elif answer_of(first.told)._replace(replayed=True) != answer_of(told):
            yield f"{_who(each)} was told another answer than the first one"
        elif first.called > each.returned:
            yield f"{_who(each)} was told what became of a request before it was made"


class _Latest:
    """The highest number so far, by time."""

    def __init__(self, told: Iterable[tuple[int, int]]) -> None:
        self._times: list[int] = []
        self._highest: list[int] = []
        highest = 0
        for time, seq in sorted(told):
            highest = max(highest, seq)
            self._times.append(time)
            self._highest.append(highest)

    def before(self, time: int) -> int:
        at = bisect_left(self._times, time)
        return self._highest[at - 1] if at else 0

    def until(self, time: int) -> int:
        at = bisect_right(self._times, time)
        return self._highest[at - 1] if at else 0


def _seen(each: Operation) -> int:
    """Return the state of which an operation proves that it was there."""
    if isinstance(each.told, Commit):
        return each.told.seq
    return each.told.head.seq if isinstance(each.told, Page) else 0


def _differ(first: Operation, batch: Batch) -> bool:
    prints = {first.asked.fingerprint if isinstance(first.asked, Batch) else "", batch.fingerprint}
    return len(prints) > 1 and "" not in prints


def _who(each: Operation) -> str:
    return f"worker {each.worker} at {each.called}"
