"""What tests of files do in processes of their own: write, be killed, have no room, hold a lock."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Thread
from time import sleep
from warnings import catch_warnings, simplefilter

from goalkit import CheckIn, Increase, KeyResult, Plan
from goalkit.storage import StoreUnavailable
from goalkit.storage.json_file import JsonFileStore
from goalkit.storage.turns import Turns
from goalkit.storage.whole_file import WholeFile

#: Whether the long forms are run.
TORTURE = os.environ.get("GOALKIT_TORTURE") == "1"

PLAN = Plan.of(KeyResult(id="k", title="K", metric=Increase(start=0, target=10**9)))


@contextmanager
def child(what: str, *args: object) -> Iterator[Popen[str]]:
    """Run a function of this module in a process of its own, which is gone afterwards."""
    line = [sys.executable, "-W", "error", __file__, what, *map(str, args)]
    with Popen(line, stdin=PIPE, stdout=PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def told(process: Popen[str]) -> str:
    """Return the next line that a child tells, and nothing where it is gone."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def go_on(process: Popen[str]) -> None:
    """Let a child go on that is ready."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def check_in(number: int) -> CheckIn:
    """Return the check-in with a number."""
    return CheckIn(goal="k", on=date(2026, 1, 1) + timedelta(number), value=number)


def append(path: str, first: str) -> None:
    """Record one check-in after the other, and tell each that is kept."""
    with JsonFileStore(path) as store:
        workspace, number = store.workspace("acme"), int(first)
        while True:
            commit = workspace.record(check_in(number), key=f"r{number}")
            tell(number, commit.seq)
            number += 1


def increment(path: str, times: str) -> None:
    """Add one to the weight of the key result, many times, beside others who do so."""
    with JsonFileStore(path, timeout=60) as store:
        workspace = store.workspace("acme")
        told_ready()
        for _ in range(int(times)):
            workspace.update(lambda plan: plan.amend("k", weight=plan["k"].weight + 1))
    tell("done")


def hold(path: str) -> None:
    """Hold the lock until somebody says so."""
    with WholeFile(path).locked(10):
        told_ready()


def fork(path: str) -> None:
    """Hold the lock, and have a child that does not; the child outlives this process."""
    with WholeFile(path).locked(10):
        _have_child()


def fork_in_line(path: str) -> None:
    """Wait for the lock, and have a child that does not; the child outlives this process."""
    Thread(target=hold, args=(path,), daemon=True).start()
    while not Turns(Path(f"{path}.waiting"))._ahead():
        sleep(0.001)
    with catch_warnings():
        simplefilter("ignore", DeprecationWarning)  # about the thread, which is what this is about
        _have_child()


def _have_child() -> None:
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.close(writing)
        os.read(reading, 1)
        sys.stdin.read()
        os._exit(0)
    told_ready()


def limit(path: str, what: str, least: str) -> None:
    """Record while a resource is short, tell what came of it, and record again when it is there."""
    import resource

    kind = {"size": resource.RLIMIT_FSIZE, "files": resource.RLIMIT_NOFILE}[what]
    _, hard = before = resource.getrlimit(kind)
    with JsonFileStore(path) as store:
        workspace = store.workspace("acme")
        seen = workspace.snapshot()
        resource.setrlimit(kind, (int(least), hard))
        try:
            workspace.save(seen.plan.record(check_in(1)), base=seen)
        except StoreUnavailable as error:
            tell(error)
        resource.setrlimit(kind, before)
        tell(len(JsonFileStore(path).verify()), store.head("acme").position.seq)
        tell(workspace.record(check_in(1)).seq)


def forbidden(path: str) -> None:
    """Read and write where only reading is allowed."""
    if os.geteuid() == 0:
        os.seteuid(65534)
    with JsonFileStore(path) as store:
        tell(store.head("acme").position.seq)
        try:
            store.workspace("acme").record(check_in(1))
        except StoreUnavailable as error:
            tell(error, os.strerror(errno.EACCES).lower() in str(error))


def tell(*words: object) -> None:
    """Tell a line to whoever runs this."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


def told_ready() -> None:
    tell("ready")
    sys.stdin.readline()


def planned(path: Path) -> JsonFileStore:
    """Return a store with a plan of one key result in it."""
    store = JsonFileStore(path)
    store.workspace("acme").save(PLAN, by="ida", why="the beginning")
    return store


if __name__ == "__main__":
    works = (append, increment, hold, fork, fork_in_line, limit, forbidden)
    {each.__name__: each for each in works}[sys.argv[1]](*sys.argv[2:])
