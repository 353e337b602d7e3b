"""What the durable stores hold after a power cut, wherever it comes, and a simulator of cuts that would tell."""

import os
import shutil
import signal
import sys
from itertools import count
from pathlib import Path
from random import Random
from sqlite3 import connect
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit.storage import Query, StoreDamaged
from goalkit.storage.sqlite import SqliteStore
from goalkit.storage.sqlite.modes import log_is_safe
from power_cut_runs import batches, expected, killed, migrate_until, migrated, scratch, surveyed, told, unfinished
from power_cuts import SECTOR, File, Folder, Named, Replay, Resize, cuts
from processes import DEADLINE, LONG, begun, heard, often

#: The commits of a run, and the images of each cut: a few always, and all that was promised where it is asked for.
COMMITS, IMAGES = often(4, 12), often(2, 6)
#: How SQLite does not journal a new file by itself.
OTHER = "sqlite truncate" if log_is_safe() else "sqlite wal"


@pytest.fixture
def traced() -> None:
    """Skip what needs strace where it is missing; but where everything has to be tested, fail."""
    if sys.platform != "linux":
        pytest.skip("what a program does to files is recorded by strace, which is there on Linux alone")
    if shutil.which("strace") is None:
        message = "power cuts need the program strace, which is not installed; install it, as with: apt install strace"
        (pytest.fail if LONG or os.environ.get("CI") else pytest.skip)(message)


# -- the stores -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("case", ["sqlite", OTHER, "json", "json linkless"])
def test_wherever_the_power_is_cut_every_acknowledged_commit_is_there_and_each_other_one_wholly_or_not(
    case: str,
) -> None:
    tally = surveyed(case, commits=COMMITS, images=IMAGES)
    assert tally.broken == []
    assert tally.lost == 0
    # There were cuts in the midst of commits, after which some of those were there.
    assert tally.early > 0
    assert tally.images > COMMITS * IMAGES * 5


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("case", ["sqlite relaxed", "sqlite delete"])
def test_what_is_less_durable_loses_the_last_commits_and_never_a_part_of_one(case: str) -> None:
    tally = surveyed(case, commits=often(2, 12), images=IMAGES)
    assert tally.broken == []
    assert tally.lost > 0


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("case", ["sqlite off", "json hasty", "json nameless"])
def test_a_store_that_waits_for_no_disk_is_found_to_lose_what_it_has_acknowledged(case: str) -> None:
    tally = surveyed(case, commits=often(2, 12), images=IMAGES)
    assert tally.lost > 0
    # Names alone are lost or not; contents that nobody waited for are torn.
    assert (len(tally.broken) > tally.images / 10) is (case != "json nameless")


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("case", ["sqlite truncate", "sqlite wal", "json"])
def test_a_second_cut_while_the_first_is_recovered_from_or_after_loses_nothing_either(case: str) -> None:
    for before in unfinished(case, commits=often(2, 12), many=often(1, 5)):
        tally = surveyed(case, commits=often(3, 13), images=IMAGES, before=before.folder())
        assert tally.broken == []
        assert tally.lost == 0
        assert tally.distinct > 5


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("case", ["sqlite truncate", "sqlite wal", "json"])
def test_a_request_that_is_answered_again_after_a_kill_is_certain_to_stay_then(case: str) -> None:
    for before in killed(case, commits=2)[-often(6, 1000) :]:
        tally = surveyed(case, commits=2, images=often(1, 4), before=before)
        assert tally.broken == []
        assert tally.lost == 0


@pytest.mark.usefixtures("traced")
def test_a_journal_that_was_emptied_by_a_writer_that_was_killed_does_not_come_back_in_parts() -> None:
    states = [each for each in killed("sqlite truncate", commits=2) if any(map(is_emptied, each.now().values()))]
    assert states
    for before in states:
        tally = surveyed("sqlite truncate", commits=2, images=4, before=before)
        assert tally.broken == []
        assert tally.lost == 0


def is_emptied(file: File) -> bool:
    return any(isinstance(done, Resize) and done.exactly for done in file.since)


def test_a_day_that_is_none_as_a_torn_page_may_have_it_is_told_as_damage(tmp_path: Path) -> None:
    of_today(tmp_path / "plans.db")
    connection = connect(tmp_path / "plans.db")
    with connection:
        connection.execute("UPDATE gk_change SET day = 0")
    connection.close()
    with SqliteStore(tmp_path / "plans.db") as store:
        assert len(store.verify()) == 1
        with pytest.raises(StoreDamaged):
            store.read("acme", Query(kind="fact"))


# -- a migration ----------------------------------------------------------------------------------------


def of_today(path: Path) -> bytes:
    """Make a file of the present layout, with some commits, and return it."""
    with SqliteStore(path, journal="truncate") as store:
        for batch in batches(COMMITS):
            store.apply("acme", batch)
    return path.read_bytes()


@pytest.mark.usefixtures("traced")
def test_a_migration_whose_power_is_cut_anywhere_is_done_by_whoever_opens_the_file_next(tmp_path: Path) -> None:
    before = Folder({"plans.db": File(of_today(tmp_path / "plans.db"))})
    tally = surveyed("migration", commits=COMMITS, images=IMAGES, before=before)
    assert tally.broken == []
    assert tally.lost == 0
    assert tally.distinct > 20


@pytest.mark.skipif(sys.platform == "win32", reason="nobody is killed there by a signal")
def test_a_migration_that_is_killed_at_any_statement_is_done_by_whoever_opens_the_file_next() -> None:
    whole = expected(COMMITS)[-1]
    with scratch() as there:
        content = of_today(there / "plans.db")
        for last in count(1):
            folder = there / str(last)
            folder.mkdir()
            (folder / "plans.db").write_bytes(content)
            with begun(migrate_until, folder / "plans.db", last) as (process, pipe):
                is_done = [*heard(pipe)] == ["done"]
                process.join(DEADLINE)
                assert process.exitcode == (0 if is_done else -signal.SIGKILL)
            with migrated(folder) as store:
                assert isinstance(store, SqliteStore)
                assert store.verify() == ()
                assert told(store, COMMITS) == whole
            if is_done:
                break
    assert last > 20


# -- the simulator itself -------------------------------------------------------------------------------

WRITES = st.lists(st.tuples(st.integers(0, 3000), st.binary(min_size=1, max_size=2000)), max_size=5)


@given(synced=WRITES, later=WRITES, seed=st.integers(0, 2**32))
def test_a_cut_leaves_what_was_synced_and_of_the_rest_each_sector_as_it_was_or_as_some_write_made_it(
    synced: list[tuple[int, bytes]], later: list[tuple[int, bytes]], seed: int
) -> None:
    file = File()
    for at, data in synced:
        file.write(at, data)
    file.sync()
    before = file.synced
    for at, data in later:
        file.write(at, data)
    folder = Folder({"a": file})
    ((_, nothing),) = folder.image(None, 0).files
    ((_, everything),) = folder.image(None, 1).files
    ((_, left),) = folder.image(Random(seed), 0.5).files  # noqa: S311 - no secret
    assert nothing == before
    assert everything == written((before, *later))
    assert len(before) <= len(left) <= len(everything)
    touched = {sector for at, data in later for sector in range(at // SECTOR, (at + len(data) - 1) // SECTOR + 1)}
    for sector in range(len(before) // SECTOR + 1):
        if sector not in touched:
            part = slice(sector * SECTOR, min(len(before), (sector + 1) * SECTOR))
            assert left[part] == before[part]


def written(parts: tuple[bytes | tuple[int, bytes], ...]) -> bytes:
    """Return what is in a file after some writes, as a file says."""
    first, *others = parts
    assert isinstance(first, bytes)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(first)
        with path.open("r+b") as file:
            for other in others:
                assert isinstance(other, tuple)
                file.seek(other[0])
                file.write(other[1])
        return path.read_bytes()


def test_a_write_over_two_sectors_is_found_whole_torn_at_either_side_or_not_at_all() -> None:
    file = File(b"a" * 2 * SECTOR)
    file.write(0, b"b" * 2 * SECTOR)
    folder, chance = Folder({"a": file}), Random(7)  # noqa: S311 - no secret
    found = {folder.image(chance, 0.5).files[0][1] for _ in range(100)}
    assert found == {one * SECTOR + other * SECTOR for one in (b"a", b"b") for other in (b"a", b"b")}


def test_a_size_that_was_not_synced_is_found_as_it_was_or_as_it_became() -> None:
    file = File(b"abc", [Resize(1, exactly=True)])
    folder, chance = Folder({"a": file}), Random(7)  # noqa: S311 - no secret
    assert {folder.image(chance, 0.5).files[0][1] for _ in range(100)} == {b"abc", b"a"}


def test_names_of_a_folder_that_was_not_synced_are_found_in_every_way_they_were() -> None:
    old, new = File(b"old"), File(b"new")
    folder = Folder({"a": old}, [Named("b", new), Named("kept", old), Named("a", new, ends="b")])
    chance = Random(7)  # noqa: S311 - no secret
    found = {tuple(sorted(folder.image(chance, 0.5).files)) for _ in range(200)}
    assert found == {
        ((("a",), b"old"),),
        ((("a",), b"old"), (("b",), b"new")),
        ((("a", "kept"), b"old"), (("b",), b"new")),
        ((("a", "kept"), b"old"),),
        ((("a",), b"new"),),
        ((("a",), b"new"), (("kept",), b"old")),
    }
    folder.sync()
    assert folder.image(chance, 0.5) == folder.image(None, 0) == folder.image(None, 1)


def test_what_is_mapped_may_hold_anything_after_a_cut() -> None:
    folder = Folder({"a": File(bytes(2 * SECTOR), is_mapped=True)})
    chance = Random(7)  # noqa: S311 - no secret
    assert len({folder.image(chance, 0.5).digest for _ in range(20)}) > 10


def line(call: str, *given: object, result: int = 0) -> str:
    """Return a line as strace writes it."""
    return f"{call}({', '.join(map(shown, given))}) = {result}\n"


def shown(given: object) -> str:
    if isinstance(given, bytes):
        return '"' + "".join(f"\\x{byte:02x}" for byte in given) + '"'
    return str(given)


OPEN = ("openat", "AT_FDCWD", b"/files/a", "O_RDWR|O_CREAT", "0666")


def test_calls_are_replayed_as_they_were_made() -> None:
    replay = Replay(b"/files", Folder())
    assert replay.did(line(*OPEN, result=3))
    assert replay.did(line("write", 3, b"abcdef", 6, result=4))  # not all was written
    assert replay.did(line("write", 3, b"ef", 2, result=2))
    assert replay.did(line("pwrite64", 3, b"X", 1, 1, result=1))
    assert not replay.did(line("lseek", 3, 2, "SEEK_SET", result=2))
    assert replay.did(line("write", 3, b"Y", 1, result=1))
    assert replay.folder.image(None, 1).files == [(("a",), b"aXYdef")]
    assert replay.folder.image(None, 0).files == []
    assert replay.did(line("fsync", 3))
    assert replay.folder.image(None, 0).files == []  # what is in it is there, and its name is not
    replay.did(line("openat", "AT_FDCWD", b"/files", "O_RDONLY", result=4))
    assert replay.did(line("fsync", 4))
    assert replay.folder.image(None, 0).files == [(("a",), b"aXYdef")]
    assert replay.did(line("ftruncate", 3, 2))
    assert replay.did(line("link", b"/files/a", b"/files/b"))
    assert replay.folder.image(None, 1).files == [(("a", "b"), b"aX")]
    assert replay.did(line("rename", b"/files/a", b"/files/c"))
    assert replay.did(line("unlink", b"/files/b"))
    assert replay.folder.image(None, 1).files == [(("c",), b"aX")]
    replay.did(line("openat", "AT_FDCWD", b"/files/c", "O_WRONLY|O_CREAT|O_TRUNC", result=5))
    assert replay.folder.image(None, 1).files == [(("c",), b"")]
    replay.did(line("close", 5))
    assert not replay.did(line("write", 5, b"elsewhere", 9, result=9))
    assert not replay.did(line("rename", b"/elsewhere/a", b"/elsewhere/b"))
    assert not replay.did(line("unlink", b"/files/none", result=-1))
    assert not replay.did("+++ exited with 0 +++\n")
    assert replay.acknowledged == 0
    assert replay.did(line("write", 1, b"done\n", 5, result=5))
    assert replay.acknowledged == 1


@pytest.mark.parametrize(
    "unknown",
    [
        line("writev", 3, "[...]", 1, result=1),
        line("mkdir", b"/files/more", "0777"),
        line("openat", "AT_FDCWD", b"/files/b", "O_WRONLY|O_APPEND", result=4),
        'pwrite64(3, "\\x61"..., 9, 0) = 9\n',
    ],
)
def test_what_the_replay_does_not_know_is_told_rather_than_misjudged(unknown: str) -> None:
    replay = Replay(b"/files", Folder())
    replay.did(line(*OPEN, result=3))
    with pytest.raises(NotImplementedError):
        replay.did(unknown)
    assert not replay.did(line("writev", 9, "[...]", 1, result=1))


def test_a_call_that_was_missed_is_told_at_the_end(tmp_path: Path) -> None:
    trace, folder = tmp_path / "trace", tmp_path / "files"
    folder.mkdir()
    path = os.fsencode(folder) + b"/a"
    trace.write_text(line("openat", "AT_FDCWD", path, "O_RDWR|O_CREAT", "0666", result=3))
    (folder / "a").touch()
    chance = Random(7)  # noqa: S311 - no secret
    assert len([*cuts(trace, folder, Folder(), 3, chance)]) == 6
    (folder / "a").write_bytes(b"by nobody")
    with pytest.raises(NotImplementedError):
        [*cuts(trace, folder, Folder(), 3, chance)]
