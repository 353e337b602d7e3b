"""Whose turn it is, where several writers want one lock: who came first is first."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import random
from secrets import token_hex
from time import monotonic, sleep
from typing import Final

if sys.platform == "win32":  # pragma: no cover - Windows
    import msvcrt
else:
    import fcntl

_FIRST_PAUSE: Final = 0.0005
#: By how much the longest pause grows with each who is ahead, in seconds, and the most that it grows to.
_STEP: Final = 0.004
_LONGEST_PAUSE: Final = 0.02
#: For how many seconds nobody moves before the lock is looked at by somebody who is not next.
_STANDSTILL: Final = 1.0
#: How often somebody tries to line up while others take the line away.
_ATTEMPTS: Final = 10

# A pipe that somebody has put there would be waited for until somebody writes to it.
_LOOK: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)

_TICKET: Final = re.compile(r"[0-9]{12}\.[0-9a-f]{8}")

#: The files that this process has locked or waits to lock: what a fork must not take along.
_held: Final[set[int]] = set()


class Turns:
    """
    The line of those who wait for a lock.

    A lock alone goes to whoever asks at the right moment, and that is mostly the one who has just let go of it. So
    whoever waits holds a ticket: a file with a number, locked for as long as they wait, in a folder that is there only
    while somebody waits. Where they die, the system lets go of it, and the ticket counts no more.

    The line is a courtesy, and the lock alone decides who may write: where there can be no tickets, whoever wants the
    lock asks for it as well as they can; and where somebody ahead does not move, as a process that was stopped, those
    behind go on after a second.

    Args:
        folder: Where the tickets are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder

    def take(self, lock: int, timeout: float) -> bool:
        """
        Lock an open file when it is one's turn; return whether that came.

        Args:
            lock: The file.
            timeout: For how many seconds it is waited for.

        Raises:
            OSError: If the file cannot be locked at all.
        """
        until = monotonic() + timeout
        if self._ahead() == 0 and acquired(lock):
            return True
        if monotonic() >= until:
            return False
        with ExitStack() as stack:
            return self._wait(lock, self._line_up(stack), until)

    def _wait(self, lock: int, ticket: str, until: float) -> bool:
        place, pause, since = -1, _FIRST_PAUSE, monotonic()
        while True:
            before, place, now = place, self._ahead(ticket), monotonic()
            if place != before:
                pause, since = _FIRST_PAUSE, now
            if place == 0 or now - since >= _STANDSTILL:
                if acquired(lock):
                    return True
                since = now
            if now >= until:
                return False
            sleep(pause * random())  # noqa: S311 - no secret
            pause = min(2 * pause, _STEP * (place + 1), _LONGEST_PAUSE)

    def _line_up(self, stack: ExitStack) -> str:
        """Return a ticket, which is given back with the stack; empty where there can be none."""
        try:
            for _ in range(_ATTEMPTS):
                with suppress(FileNotFoundError):  # the last one in line has taken the folder away just now
                    self._folder.mkdir(exist_ok=True)
                    last = max(self._names(), default="0")
                    name = f"{int(last.partition('.')[0]) + 1:012}.{token_hex(4)}"
                    fd = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
                    stack.callback(self._remove, name)
                    stack.enter_context(kept_from_forks(fd))
                    # Where somebody looked at it before it was locked, it went as that of one who died.
                    if acquired(fd) and os.fstat(fd).st_nlink:
                        return name
        except OSError:
            pass
        return ""

    def _ahead(self, ticket: str | None = None) -> int:
        """Return how many are ahead of a ticket, or in line at all; the last of them is alive."""
        ahead = [name for name in self._names() if ticket is None or name < ticket]
        while ahead and self._is_over(ahead[-1]):
            ahead.pop()
        return len(ahead)

    def _names(self) -> list[str]:
        if not os.access(self._folder, os.F_OK):  # as where nobody waits: the quickest way to know
            return []
        try:
            return sorted(each.name for each in self._folder.iterdir() if _TICKET.fullmatch(each.name))
        except OSError:  # it is gone just now, or no folder, or nobody may look into it
            return []

    def _is_over(self, name: str) -> bool:
        try:
            with kept_from_forks(os.open(self._folder / name, _LOOK)) as fd:
                if not acquired(fd):
                    return False
                self._remove(name)
        except OSError:  # it was given back just now, or nobody may know
            return True
        self._remove(name)  # Windows removes no file that is open
        return True

    def _remove(self, name: str) -> None:
        with suppress(OSError):
            (self._folder / name).unlink(missing_ok=True)
            self._folder.rmdir()  # which is refused as long as somebody is in line


@contextmanager
def kept_from_forks(fd: int) -> Iterator[int]:
    """Close a file at the end, and in a child at once that is forked meanwhile: it would go on holding its lock."""
    _held.add(fd)
    try:
        yield fd
    finally:
        _held.discard(fd)
        os.close(fd)


def acquired(fd: int) -> bool:
    """Lock an open file, if nobody else has; return whether that is so."""
    if sys.platform == "win32":  # pragma: no cover - Windows
        try:
            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def release(fd: int) -> None:
    """Let go of the lock of an open file: not by closing alone, as another process may have it open by then."""
    if sys.platform == "win32":  # pragma: no cover - Windows
        os.lseek(fd, 0, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(fd, fcntl.LOCK_UN)


def _let_go() -> None:
    # A child that goes on holding what its parent has locked would lock out everybody when the parent dies.
    for fd in _held:
        os.close(fd)
    _held.clear()


if sys.platform != "win32":  # pragma: no branch - Windows
    os.register_at_fork(after_in_child=_let_go)
