"""Several threads and processes that write to one store at the same time, and remember what they were told."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from random import Random
from threading import Barrier
from time import monotonic_ns

from attrs import frozen

from ..storage import Batch, Commit, Conflict, Guard, Key, Kind, Page, Put, Query, Quiet, Store
from .cases import pages
from .factories import StoreFactory
from .histories import History, Operation
from .model import Refused

_KEYS = tuple(Key(Kind.GOAL, each) for each in "abc")


def concurrent_history(
    made: StoreFactory,
    store: Store,
    *,
    threads: int = 4,
    processes: int = 0,
    operations: int = 50,
    seed: int = 0,
    workspaces: Sequence[str] = ("acme", "other"),
) -> History:
    """
    Let threads, and processes, write to a store at the same time, and return all that they asked and were told.

    Most of what they do is to read records and change them, as whoever counts something does; some of it is stale,
    guarded, or sent again under a key that others use too.

    Args:
        made: The factory that has made the store.
        store: The store; the threads share it.
        threads: How many threads.
        processes: How many processes, each of which opens the store again.
        operations: How many things each of them does.
        seed: What their choices begin with.
        workspaces: Where they do it.

    Example:
        >>> from goalkit.storage import open_store
        >>> from goalkit.testing import StoreFactory, check_history
        >>> class Memory(StoreFactory):
        ...     def create(self):
        ...         return open_store("memory:")
        >>> made = Memory()
        >>> history = concurrent_history(made, made.create(), threads=2, operations=10)
        >>> len(history.operations) > 10, check_history(history)
        (True, ())
    """
    begin = Barrier(max(threads, 1))
    task = _Task(operations=operations, seed=seed, workspaces=tuple(workspaces))
    done: list[Operation] = []
    with ProcessPoolExecutor(max(processes, 1), multiprocessing.get_context("spawn")) as others:
        answers = [others.submit(_opened, made, number, task) for number in range(processes)]
        with ThreadPoolExecutor(max(threads, 1)) as pool:
            numbers = range(processes, processes + threads)
            answers += [pool.submit(_worked, store, number, task, begin.wait) for number in numbers]
            for answer in answers:
                done += answer.result()
    feeds = {workspace: tuple(pages(store, workspace)) for workspace in workspaces}
    return History(operations=tuple(done), feeds=feeds)


@frozen(kw_only=True)
class _Task:
    operations: int
    seed: int
    workspaces: tuple[str, ...]


def _opened(made: StoreFactory, number: int, task: _Task) -> list[Operation]:
    store = made.open_again()
    if store is None:
        message = "a store that several processes share can be opened again"
        raise AssertionError(message)
    with store:
        return _worked(store, number, task)


def _worked(store: Store, number: int, task: _Task, wait: Callable[[], object] | None = None) -> list[Operation]:
    random = Random(f"{task.seed} {number}")  # noqa: S311 - no secret
    done: list[Operation] = []
    if wait is not None:
        wait()
    for turn in range(task.operations):
        workspace = random.choice(task.workspaces)
        query = Query(kind=Kind.GOAL, deleted=random.random() < _OFTEN, newest_first=random.random() < _SELDOM)
        called = monotonic_ns()
        page = store.read(workspace, query)
        done.append(_done(number, called, workspace, query, page))
        batch = _batch(random, page, number, turn)
        called = monotonic_ns()
        told = _told(store, workspace, batch)
        done.append(_done(number, called, workspace, batch, told))
    return done


def _done(number: int, called: int, workspace: str, asked: Batch | Query, told: Commit | Page | Refused) -> Operation:
    returned = monotonic_ns()
    return Operation(worker=number, called=called, returned=returned, workspace=workspace, asked=asked, told=told)


def _batch(random: Random, seen: Page, number: int, turn: int) -> Batch:
    alive = {record.key: record.rev for record in seen.records if not record.is_deleted}
    keys = random.sample(_KEYS, random.randint(1, 2))
    if random.random() < _SELDOM:  # a request that others make as well
        name = f"shared-{random.randrange(10)}"
        fingerprint = random.choice(("", "one", "one", "another"))
        return Batch(key=name, fingerprint=fingerprint, by=f"w{number}", puts=[_put(random, key, 0) for key in keys])
    puts = [_put(random, key, alive.get(key, 0)) for key in keys]
    guards = [Guard(key=key, expect=alive.get(key, 0)) for key in _KEYS if random.random() < _SELDOM]
    quiet = [Quiet(kind=Kind.GOAL, since=seen.head.seq)] if random.random() < _SELDOM else []
    key = f"{number}-{turn // 2}" if random.random() < _OFTEN else ""
    return Batch(puts=puts, guards=guards, quiet=quiet, key=key, by=f"w{number}", why=str(turn))


def _put(random: Random, key: Key, expect: int) -> Put:
    deletes = expect and random.random() < _SELDOM
    doc = None if deletes else f'{{"n":{random.randrange(1000)}}}'
    return Put(key=key, expect=expect, doc=doc, type="objective", anew=random.random() < _SELDOM)


def _told(store: Store, workspace: str, batch: Batch) -> Commit | Refused:
    try:
        return store.apply(workspace, batch)
    except Conflict as error:
        return Refused(type(error).__name__, frozenset(error.clashes))


_SELDOM = 0.15
_OFTEN = 0.4
