"""A file that is only ever replaced as a whole: by one writer at a time, and never half."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from stat import S_IMODE, S_ISREG
from time import monotonic, sleep
from typing import Final, NamedTuple

from .errors import CommitUnknown, StoreBusy, StoreDamaged, StoreUnavailable
from .turns import Turns, kept_from_forks, release

if sys.platform != "win32":  # pragma: no branch - Windows
    import fcntl

_PAUSE: Final = 0.02
_PIECE: Final = 2**20


class Mark(NamedTuple):
    """
    By what one state of a file is told from another.

    Attributes:
        inode: The number of the file, which is another after it was replaced.
        modified: When it was written, in nanoseconds.
        size: Its bytes.
        beginning: Its first bytes, in which whoever writes it says which state it is.
    """

    inode: int
    modified: int
    size: int
    beginning: bytes


class Disk:
    """What is done to files, one method an operation, so that each of them can be made to fail."""

    def open(self, path: Path, flags: int) -> int:
        """Open a file, which is not handed on to other programs."""
        return os.open(path, flags | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0), 0o666)

    def write(self, fd: int, piece: memoryview) -> int:
        """Write bytes; return how many were."""
        return os.write(fd, piece)

    def mode(self, fd: int, mode: int) -> None:
        """Say who may read and write a file."""
        if sys.platform != "win32":  # pragma: no branch - Windows
            os.fchmod(fd, mode)

    def sync(self, fd: int) -> None:
        """Wait until what was written outlives a power cut."""
        if sys.platform == "darwin":  # pragma: no cover - macOS keeps it in the disk's own memory otherwise
            fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
        else:
            os.fsync(fd)

    def link(self, path: Path, other: Path) -> None:
        """Give a file another name."""
        other.hardlink_to(path)

    def replace(self, path: Path, other: Path) -> None:
        """Put a file in the place of another."""
        path.replace(other)

    def remove(self, path: Path) -> None:
        """Take a file away, if there is one."""
        path.unlink(missing_ok=True)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the names in a folder outlive a power cut."""
        if sys.platform == "win32":  # pragma: no cover - Windows cannot
            return
        fd = self.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)


class WholeFile:
    """
    A file that is read at any time, and replaced as a whole under a lock.

    The lock is a file beside it, which stays: a file that is replaced cannot be locked, as whoever waits for it would
    get the lock of the one that is gone. While several wait for it, they line up in a folder beside it.

    Attributes:
        path: The file, with symbolic links followed.
        previous: Where the state before the last one is kept.
        disk: What is done to files.
    """

    def __init__(self, path: str | PathLike[str], disk: Disk | None = None) -> None:
        self.path: Final = Path(os.path.realpath(path))
        self.previous: Final = self._beside("previous")
        self.disk = disk or Disk()
        self._lock: Final = self._beside("lock")
        self._turns: Final = Turns(self._beside("waiting"))
        self._writing: Final = self._beside("writing")

    def _beside(self, what: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{what}")

    def __repr__(self) -> str:
        return repr(self.path.name)

    # -- reading --------------------------------------------------------------------------------

    def read(self, known: Mark | None, beginning: int, most: int) -> tuple[Mark, bytes] | Mark | None:
        """
        Return the mark and the bytes of the file; the known mark where that is its state; None where there is none.

        Args:
            known: The mark of the state that is known; None for none.
            beginning: How many bytes tell one state from another.
            most: The most bytes that are read.

        Raises:
            StoreUnavailable: If it cannot be read, is no file, or is too large.
            StoreDamaged: If it is gone and the state before it is not.
        """
        try:
            fd = self.disk.open(self.path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            try:
                state = os.fstat(fd)
                self._check(state, most)
                with os.fdopen(fd, "rb", closefd=False) as file:
                    start = file.read(beginning)
                    mark = Mark(state.st_ino, state.st_mtime_ns, state.st_size, start)
                    return mark if mark == known else (mark, start + file.read())
            finally:
                os.close(fd)
        except FileNotFoundError:
            return self.read(known, beginning, most) if self._has_come() else None
        except StoreUnavailable:
            raise
        except OSError as error:
            raise self._unavailable("read", error) from None

    def _has_come(self) -> bool:
        if self.previous.exists():
            if self.path.exists():  # the first commits were made while it was looked for
                return True
            hint = f"put {self.previous.name!r} in its place, or delete that too to begin anew"
            raise StoreDamaged(f"{self!r} is gone, and what it was before the last commit is there; {hint}")
        if not self.path.parent.is_dir():
            raise StoreUnavailable(f"{self!r} has no folder to be in; make that first")
        return False

    def _check(self, state: os.stat_result, most: int) -> None:
        if not S_ISREG(state.st_mode):
            raise StoreUnavailable(f"{self!r} is no file; name one")
        if state.st_size > most:
            message = f"{self!r} has {state.st_size:,} bytes, and {most:,} are the most"
            raise StoreUnavailable(f"{message}; keep that much in a SQLite database")

    # -- the lock -------------------------------------------------------------------------------

    @contextmanager
    def locked(self, timeout: float) -> Iterator[None]:
        """
        Hold the lock, under which alone the file may be replaced. Who has waited longest is next.

        Args:
            timeout: For how many seconds it is waited for.

        Raises:
            StoreBusy: If others held it all the time.
            StoreUnavailable: If there can be no lock.
        """
        try:
            opened = self.disk.open(self._lock, os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise self._unavailable("written", error) from None
        with kept_from_forks(opened) as fd:
            try:
                is_mine = self._turns.take(fd, timeout)
            except OSError as error:  # as of a network drive that knows no locks
                raise self._unavailable("locked", error) from None
            if not is_mine:
                raise StoreBusy(f"others are writing {self!r} for {timeout:g} seconds; try again")
            try:
                yield
            finally:
                release(fd)

    # -- writing --------------------------------------------------------------------------------

    def replace(self, data: bytes, beginning: int, *, keep: bool) -> Mark:
        """
        Replace the file, under the lock. It is the old one or the new one at every moment, whatever happens.

        Args:
            data: What it will hold.
            beginning: How many bytes tell one state from another.
            keep: Whether what it held is kept beside it; else what was kept is taken away, before anything else.

        Returns:
            The mark of its new state.

        Raises:
            StoreUnavailable: If it cannot be; nothing has changed.
            CommitUnknown: If it was, and would perhaps not outlive a power cut.
        """
        disk = self.disk
        try:
            before = self.path.stat() if self.path.exists() else None
            mode = None if before is None else S_IMODE(before.st_mode)
            self._check_names(before)
            disk.remove(self._writing)  # that of a writer that died, as nobody else has the lock
            state = self._fill(self._writing, data, mode)
            if not keep:
                disk.remove(self.previous)
                disk.sync_folder(self.path.parent)
            elif mode is not None:
                disk.remove(self.previous)
                self._keep(mode)
            self._put_in_place()
        except OSError as error:
            with suppress(OSError):
                disk.remove(self._writing)
            raise error if isinstance(error, StoreUnavailable) else self._unavailable("written", error) from None
        self.settle()
        return Mark(state.st_ino, state.st_mtime_ns, state.st_size, data[:beginning])

    def settle(self) -> None:
        """
        Wait until the file, as it is, outlives a power cut.

        Raises:
            CommitUnknown: If the disk does not say so.
        """
        try:
            self.disk.sync_folder(self.path.parent)
        except OSError as error:
            message = f"{self!r} was written, and nobody knows whether that outlives a power cut: {_told(error)}"
            raise CommitUnknown(message) from None

    def _check_names(self, before: os.stat_result | None) -> None:
        if before is None or before.st_nlink == 1:
            return
        kept = self.previous.stat() if self.previous.exists() else None
        # A writer that died between keeping and replacing has left it under both names.
        if before.st_nlink == 2 and kept is not None and os.path.samestat(before, kept):  # noqa: PLR2004 - both
            return
        message = f"{self!r} has {before.st_nlink} names (hard links), and the others would go on with what was there"
        raise StoreUnavailable(f"{message}; make it a file of its own")

    def _fill(self, path: Path, data: bytes, mode: int | None) -> os.stat_result:
        fd = self.disk.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            if mode is not None:
                self.disk.mode(fd, mode)
            left = memoryview(data)
            while left:
                left = left[self.disk.write(fd, left[:_PIECE]) :]
            self.disk.sync(fd)
            return os.fstat(fd)
        finally:
            os.close(fd)

    def _keep(self, mode: int) -> None:
        try:
            self.disk.link(self.path, self.previous)
        except OSError:
            # Not every file system gives a file two names.
            self._fill(self.previous, self.path.read_bytes(), mode)

    def _put_in_place(self) -> None:
        if sys.platform == "win32":  # pragma: no cover - Windows
            # Nobody can replace a file there while somebody reads it.
            until = monotonic() + 1
            while monotonic() < until:
                with suppress(PermissionError):
                    self.disk.replace(self._writing, self.path)
                    return
                sleep(_PAUSE)
        self.disk.replace(self._writing, self.path)

    def forget(self) -> None:
        """
        Take away the state before the last one, and what a writer that died has left, under the lock.

        Raises:
            StoreUnavailable: If it cannot be.
        """
        try:
            self.disk.remove(self._writing)
            self.disk.remove(self.previous)
            self.disk.sync_folder(self.path.parent)
        except OSError as error:
            raise self._unavailable("written", error) from None

    def _unavailable(self, verb: str, error: OSError) -> StoreUnavailable:
        return StoreUnavailable(f"{self!r} cannot be {verb}: {_told(error)}")


def _told(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
