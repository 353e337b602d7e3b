"""A file that is replaced as a whole: what is told where the disk does not do its part."""

import errno
from pathlib import Path

import pytest

from goalkit.storage import CommitUnknown
from goalkit.storage.whole_file import Disk, WholeFile


class Unsettled(Disk):
    def sync_folder(self, folder: Path) -> None:
        raise OSError(errno.EIO, f"no answer from {folder.name}")


def test_a_name_that_may_not_outlive_a_power_cut_is_told_with_the_file_and_the_reason(tmp_path: Path) -> None:
    with pytest.raises(CommitUnknown) as caught:
        WholeFile(tmp_path / "plans.json", Unsettled()).settle()
    assert str(caught.value) == (
        f"'plans.json' was written, and nobody knows whether that outlives a power cut: no answer from {tmp_path.name}"
    )
