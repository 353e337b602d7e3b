"""
Power cuts: what a program does to its files is recorded, and every state in which a cut may leave the disk is made.

The program runs under strace, which tells each call to the system with its bytes. From that a disk is made that keeps
apart what was synced and what was not. After a cut, what was synced is there. Of all else anything may be there or not,
however it was ordered: each sector of 512 bytes that was written, each change of a size, and each name that was given
or taken away while its folder was not synced. A file that is mapped may hold anything.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from copy import deepcopy
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Final, NamedTuple, TypeVar

from attrs import Factory, define, field, frozen

SECTOR: Final = 512

# -- the disk ---------------------------------------------------------------------------------------


class Write(NamedTuple):
    """Bytes of one sector."""

    at: int
    data: bytes


class Resize(NamedTuple):
    """A change of the size: to exactly so many bytes, or to no less."""

    size: int
    exactly: bool


@define
class File:
    """What is in a file: for certain, and what was done to it since."""

    synced: bytes = b""
    since: list[Write | Resize] = Factory(list)
    is_mapped: bool = False

    def write(self, at: int, data: bytes) -> None:
        self.since.append(Resize(at + len(data), exactly=False))
        while data:
            room = SECTOR - at % SECTOR
            self.since.append(Write(at, data[:room]))
            at, data = at + len(data[:room]), data[room:]

    def sync(self) -> None:
        self.synced = self.after(self.since)
        self.since.clear()

    def after(self, done: Sequence[Write | Resize]) -> bytes:
        content = bytearray(self.synced)
        for each in done:
            size = each.size if isinstance(each, Resize) else each.at + len(each.data)
            content.extend(bytes(max(0, size - len(content))))
            if isinstance(each, Write):
                content[each.at : size] = each.data
            elif each.exactly:
                del content[size:]
        return bytes(content)


class Named(NamedTuple):
    """A change of names: what a name stands for from then on (None for nothing), and a name that ends with that."""

    name: str
    file: File | None
    ends: str = ""


_Done = TypeVar("_Done", Write | Resize, Named)

#: The names in a folder.
Names = dict[str, File]


@frozen(kw_only=True)
class Image:
    """What a cut has left: the files, by all of their names."""

    files: Sequence[tuple[tuple[str, ...], bytes]]

    def folder(self) -> Folder:
        """Return the folder in which that is, for certain."""
        each = [(names, File(content)) for names, content in self.files]
        return Folder({name: file for names, file in each for name in names})

    @property
    def digest(self) -> str:
        """What tells it from others."""
        each = [(names, sha256(content).hexdigest()) for names, content in sorted(self.files)]
        return sha256(repr(each).encode()).hexdigest()

    def write(self, folder: Path) -> None:
        """Make the files in an empty folder."""
        for (first, *others), content in self.files:
            (folder / first).write_bytes(content)
            for other in others:
                (folder / other).hardlink_to(folder / first)


@define
class Folder:
    """The names in a folder: for certain, and what was done to them since."""

    synced: Names = Factory(dict)
    since: list[Named] = Factory(list)

    def sync(self) -> None:
        self.synced = self.after(self.since)
        self.since.clear()

    def after(self, done: Sequence[Named]) -> Names:
        names = dict(self.synced)
        for each in done:
            names.pop(each.ends, None)
            if each.file is None:
                names.pop(each.name, None)
            else:
                names[each.name] = each.file
        return names

    def now(self) -> Names:
        return self.after(self.since)

    def image(self, chance: Random | None, share: float) -> Image:
        """Return what a cut leaves now where such a share of what was not synced was done; by chance, if there is."""

        def done(all_: Sequence[_Done]) -> Sequence[_Done]:
            return [each for each in all_ if (chance.random() if chance else 0.5) < share]

        ordered = chance is not None and chance.random() < 0.5  # as where the system keeps a journal of names
        names = self.since[: chance.randint(0, len(self.since))] if chance and ordered else done(self.since)
        found: dict[int, tuple[File, list[str]]] = {}
        for name, file in self.after(names).items():
            found.setdefault(id(file), (file, []))[1].append(name)
        files = [(tuple(called), file.after(done(file.since)), file) for file, called in found.values()]
        return Image(files=[(called, _noisy(data, chance, file)) for called, data, file in files])


def _noisy(data: bytes, chance: Random | None, file: File) -> bytes:
    if chance is None or not file.is_mapped:
        return data
    pieces = [data[at : at + SECTOR] for at in range(0, len(data), SECTOR)]
    return b"".join(chance.choice((piece, chance.randbytes(len(piece)))) for piece in pieces)


# -- what a program did -----------------------------------------------------------------------------

_CALL: Final = re.compile(r"(\w+)\((.*)\) += (-?\w+)")
_NAMING: Final = "creat,link,linkat,open,openat,rename,renameat,renameat2,truncate,unlink,unlinkat"
_WRITING: Final = "close,fdatasync,fsync,ftruncate,lseek,mmap,pwrite64,write"
#: Ways to write that the replay does not know: a store that begins to use one is told, rather than misjudged.
_UNKNOWN: Final = "copy_file_range,dup,dup2,dup3,fallocate,mkdir,mkdirat,pwritev,pwritev2,sendfile,symlinkat,writev"


@define
class _Open:
    """An open file."""

    file: File
    at: int = 0


@define
class Replay:
    """What a program did to the files of a folder, call by call, and how many commits it was told of meanwhile."""

    path: bytes
    folder: Folder
    acknowledged: int = 0
    _open: dict[str, _Open | None] = field(factory=dict)  # None: the folder itself

    def did(self, line: str) -> bool:
        """Do what a line of strace tells; return whether a cut may leave something else now."""
        found = _CALL.match(line)
        if found is None or found[3].startswith(("-", "?")):
            return False
        given = found[2].split(", ")
        call = getattr(self, f"_{found[1]}", None)
        if call is not None:
            return bool(call(given, found[3]))
        names = [self._name(each) for each in given if each.startswith('"')]
        if any(names) or given[0] in self._open:
            raise NotImplementedError(found[1])
        return False

    def _name(self, given: str) -> str | None:
        folder, _, name = _bytes(given).rpartition(b"/")
        return name.decode() if folder == self.path else None

    def _openat(self, given: list[str], result: str) -> bool:
        path, flags = given[1], given[2]
        if _bytes(path) == self.path:
            self._open[result] = None
        if (name := self._name(path)) is None:
            return False
        file = self.folder.now().get(name)
        is_new = file is None
        if file is None:
            file = File()
            self.folder.since.append(Named(name, file))
        if "O_TRUNC" in flags and not is_new:
            file.since.append(Resize(0, exactly=True))
        if "O_APPEND" in flags:
            raise NotImplementedError(flags)
        self._open[result] = _Open(file)
        return is_new or "O_TRUNC" in flags

    def _close(self, given: list[str], _result: str) -> bool:
        self._open.pop(given[0], None)
        return False

    def _write(self, given: list[str], result: str) -> bool:
        fd, data = given[0], _bytes(given[1])[: int(result)]
        if fd == "1":
            self.acknowledged += data.count(b"\n")
            return True
        if (opened := self._open.get(fd)) is None:
            return False
        opened.file.write(opened.at, data)
        opened.at += len(data)
        return True

    def _pwrite64(self, given: list[str], result: str) -> bool:
        if opened := self._open.get(given[0]):
            opened.file.write(int(given[3]), _bytes(given[1])[: int(result)])
        return opened is not None

    def _lseek(self, given: list[str], result: str) -> bool:
        if opened := self._open.get(given[0]):
            opened.at = int(result)
        return False

    def _ftruncate(self, given: list[str], _result: str) -> bool:
        if opened := self._open.get(given[0]):
            opened.file.since.append(Resize(int(given[1]), exactly=True))
        return opened is not None

    def _mmap(self, given: list[str], _result: str) -> bool:
        if (opened := self._open.get(given[4])) and "PROT_WRITE" in given[2] and "MAP_SHARED" in given[3]:
            opened.file.is_mapped = True
        return False

    def _fsync(self, given: list[str], _result: str) -> bool:
        if given[0] not in self._open:
            return False
        opened = self._open[given[0]]
        (self.folder if opened is None else opened.file).sync()
        return True

    _fdatasync = _fsync

    def _rename(self, given: list[str], _result: str) -> bool:
        old, new = (self._name(each) for each in given if each.startswith('"'))
        if old is None and new is None:
            return False
        self.folder.since.append(Named(new or "", self.folder.now()[old or ""], ends=old or ""))
        return True

    _renameat = _renameat2 = _rename

    def _link(self, given: list[str], _result: str) -> bool:
        old, new = (self._name(each) for each in given if each.startswith('"'))
        if old is None and new is None:
            return False
        self.folder.since.append(Named(new or "", self.folder.now()[old or ""]))
        return True

    _linkat = _link

    def _unlink(self, given: list[str], _result: str) -> bool:
        (name,) = (self._name(each) for each in given if each.startswith('"'))
        if name is not None:
            self.folder.since.append(Named(name, None))
        return name is not None

    _unlinkat = _unlink


def _bytes(given: str) -> bytes:
    if not given.endswith('"'):  # strace tells so what it has cut off
        raise NotImplementedError(given[-20:])
    return bytes.fromhex(given.strip('"').replace("\\x", ""))


class Cut(NamedTuple):
    """A power cut: how many commits were acknowledged before, what it left, and what a kill would have left instead."""

    acknowledged: int
    image: Image
    folder: Folder


def recorded(program: Sequence[str], trace: Path) -> None:
    """Run a Python program under strace, which tells what it does in a file."""
    calls = ",".join(f"?{each}" for each in f"{_NAMING},{_WRITING},{_UNKNOWN}".split(","))
    line = ["strace", "-xx", "-s", str(2**22), "-e", f"trace={calls}", "-e", "signal=none", "-o", str(trace)]
    subprocess.run([*line, sys.executable, "-W", "error", *program], check=True, stdout=subprocess.DEVNULL)


def cuts(trace: Path, folder: Path, before: Folder, images: int, chance: Random) -> Iterator[Cut]:
    """
    Yield the cuts at every call of a program: where nothing that was not synced is there, and by chance.

    At the end, what the calls have made is compared with what is there, so that none was missed.
    """
    replay = Replay(os.fsencode(folder), deepcopy(before))
    with trace.open(encoding="ascii") as lines:
        for line in ["", *lines]:
            if replay.did(line) or not line:
                yield Cut(replay.acknowledged, replay.folder.image(None, 0), replay.folder)
                for number in range(1, images):
                    share = chance.choice((0.1, 0.5, 0.9))
                    image = replay.folder.image(*((chance, share) if number != 2 else (None, 1)))
                    yield Cut(replay.acknowledged, image, replay.folder)
    made = {name: file.after(file.since) for name, file in replay.folder.now().items() if not file.is_mapped}
    mapped = {name for name, file in replay.folder.now().items() if file.is_mapped}
    if made != {each.name: each.read_bytes() for each in folder.iterdir() if each.name not in mapped}:
        raise NotImplementedError(*made, "are not as they were recorded")
