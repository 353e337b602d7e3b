"""Processes that write to a store, to be killed and crowded: what they do, and how they are begun and ended."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from time import sleep
from typing import Any, Final

from goalkit import Plan
from goalkit.storage import Batch, Key, Kind, Put, StorageError, Store
from goalkit.storage.codec import canonical

#: Whether the long forms run, with the numbers that are promised.
LONG: Final = os.environ.get("GOALKIT_TORTURE") == "1"
#: How long one event may take, in seconds, before something hangs.
DEADLINE: Final = 60.0
#: How many records are in a batch of `write_batches`.
IN_A_BATCH: Final = 3

#: Opens the store that a process works on. A function of a module, since it goes to another process.
Opener = Callable[[], Store]


def often(quick: int, long: int) -> int:
    """Return how often something is done: a few times always, and often where somebody wants to know."""
    return long if LONG else quick


def _context() -> BaseContext:
    # Children of a clean process of their own: quick to begin, and without anything that the tests have open.
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["processes", "goalkit.storage.sqlite"])
    return context


_CONTEXT: Final = _context()


@contextmanager
def begun(work: Callable[..., object], *given: object) -> Iterator[tuple[BaseProcess, Connection]]:
    """Begin a process that does some work and tells of it through a pipe; at the end, it is gone."""
    ours, theirs = _CONTEXT.Pipe(duplex=False)
    process: BaseProcess = _CONTEXT.Process(target=_worked, args=(work, given, theirs))  # type: ignore[attr-defined]
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        process.kill()
        process.join(DEADLINE)
        ours.close()


def _worked(work: Callable[..., object], given: tuple[object, ...], told: Connection) -> None:
    work(*given, told.send)


def heard(pipe: Connection) -> Iterator[Any]:
    """Yield what a process tells, until it ends."""
    while True:
        if not pipe.poll(DEADLINE):
            message = f"nothing was heard for {DEADLINE} s"
            raise TimeoutError(message)
        try:
            yield pipe.recv()
        except (EOFError, ConnectionResetError):
            return


def all_of(work: Callable[..., object], *each: tuple[object, ...]) -> list[list[Any]]:
    """Do some work in several processes at once, and return what each has told."""
    begins = [begun(work, *given) for given in each]
    running = [begin.__enter__() for begin in begins]
    try:
        told = [[*heard(pipe)] for _, pipe in running]
        for process, _ in running:
            process.join(DEADLINE)
        assert [process.exitcode for process, _ in running] == [0] * len(each)
    finally:
        for begin in begins:
            begin.__exit__(None, None, None)
    return told


# -- the work -------------------------------------------------------------------------------------


def fact(name: str, text: str = "") -> Put:
    """Return a fact that is not there yet."""
    doc = canonical({"id": name, "kind": "check_in", "goal": "nps", "note": text})
    return Put(key=Key(Kind.FACT, name), expect=0, doc=doc, type="check_in", about="nps", on=date(2026, 7, 6))


def write_batches(opener: Opener, tag: str, tell: Callable[[object], None]) -> None:
    """Write one batch after the other, and tell the number of each when it is written, until somebody ends it."""
    store = opener()
    number = 0
    while True:
        store.apply("acme", Batch(puts=[fact(f"{tag}-{number}-{part}") for part in range(IN_A_BATCH)]))
        tell(number)
        number += 1


def request(number: int) -> Batch:
    """Return a request with its key."""
    return Batch(puts=[fact(f"request-{number}")], key=f"key-{number}")


def send_requests(opener: Opener, numbers: Sequence[int], tell: Callable[[object], None]) -> None:
    """Send requests, not too quickly to be killed, and tell the number and the commit of each when it is answered."""
    store = opener()
    for number in numbers:
        tell((number, store.apply("acme", request(number)).seq))
        sleep(0.002)


def increment(opener: Opener, times: int, tell: Callable[[object], None]) -> None:
    """Count up the title of a goal, over and over, beside others who do the same."""

    def more(plan: Plan) -> Plan:
        return plan.amend("counter", title=str(int(plan["counter"].title) + 1))

    with opener() as store:
        acme = store.workspace("acme")
        for _ in range(times):
            acme.update(more)
        tell(times)


def open_and_write(opener: Opener, name: str, tell: Callable[[object], None]) -> None:
    """Open a store that others open at the same time, and write one record."""
    with opener() as store:
        tell(store.apply("acme", Batch(puts=[fact(name)])).seq)


def told_error(action: Callable[[], object]) -> str:
    """Return the kind of error that an action ends with; empty where it does not."""
    try:
        action()
    except StorageError as error:
        return type(error).__name__
    return ""
