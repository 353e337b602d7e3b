"""A file that is replaced as a whole: what is told where the disk does not do its part."""

import errno
from pathlib import Path

import pytest

from goalkit.storage import CommitUnknown
from goalkit.storage.whole_file import Disk, WholeFile


class Unsettled(Disk):
    def sync_folder(self, folder: Path) -> None:
        raise OSError(errno.EIO, f"no answer from {folder.name}")


class Late(Disk):
    """A file that is looked for once before it is there, and is there right after, with what was before it."""

    def __init__(self) -> None:
        self.is_there = False

    def open(self, path: Path, flags: int) -> int:
        if not self.is_there:
            self.is_there = True
            path.write_bytes(b"two")
            path.with_name(f"{path.name}.previous").write_bytes(b"one")
            raise FileNotFoundError(path)
        return super().open(path, flags)


def test_a_name_that_may_not_outlive_a_power_cut_is_told_with_the_file_and_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CommitUnknown) as caught:
        WholeFile(tmp_path / "plans.json", Unsettled()).settle()
    assert str(caught.value) == (
        f"'plans.json' was written, and nobody knows whether that outlives a power cut: no answer from {tmp_path.name}"
    )


def test_a_file_that_comes_while_it_is_looked_for_is_read(tmp_path: Path) -> None:
    file = WholeFile(tmp_path / "plans.json", Late())
    found = file.read(None, 1, 100)
    assert isinstance(found, tuple)
    assert found[1] == b"two"
