"""The store in one JSON file: what it says, what is refused, and that nothing is lost whatever happens."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest
from hypothesis import given

from file_feeds import Erase, Step, everything, feeds, feeds_with_erasures, play
from file_processes import PLAN, TORTURE, check_in, child, go_on, planned, told
from goalkit import Objective, Plan
from goalkit.errors import InvalidValue
from goalkit.storage import (
    Batch,
    CommitUnknown,
    InvalidDocument,
    Key,
    Kind,
    Maintained,
    Position,
    Put,
    Query,
    StorageError,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreTooNew,
    StoreUnavailable,
    open_store,
)
from goalkit.storage import json_file as module
from goalkit.storage.json_file import JsonFileStore
from goalkit.storage.jsonl import Remembering
from goalkit.storage.layout import Drawn
from goalkit.storage.memory import MemoryStore
from goalkit.storage.whole_file import Disk, WholeFile

APP = Key(Kind.GOAL, "app")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plans.json"


def canonical_digest(tree: dict[str, Any]) -> str:
    """The digest as anybody would take it, from what the page says."""
    told = {name: value for name, value in tree.items() if name != "sha256"}
    return sha256(json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


# -- what is kept ---------------------------------------------------------------------------------


@given(feed=feeds)
def test_it_says_what_a_store_in_memory_says(feed: list[Step]) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        MemoryStore() as memory,
        JsonFileStore(Path(folder, "plans.json")) as store,
    ):
        assert play(store, feed) == play(memory, feed)
        assert everything(store) == everything(memory)
        assert store.requests("acme", 0, 99) == memory.requests("acme", 0, 99)


@given(feed=feeds_with_erasures)
def test_it_says_the_same_when_it_is_opened_again(feed: list[Step | Erase]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "plans.json")
        with JsonFileStore(path) as store, JsonFileStore(path) as beside:
            play(store, feed)
            with JsonFileStore(path) as again:
                for each in (beside, again):
                    assert everything(each) == everything(store)
                    assert each.requests("acme", 0, 99) == store.requests("acme", 0, 99)
                    assert each.verify() == ()


@given(feed=feeds_with_erasures)
def test_the_digest_is_that_of_the_rest_as_canonical_json(feed: list[Step | Erase]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "plans.json")
        with JsonFileStore(file) as store:
            play(store, [Step(puts=((APP, '{"id":"app"}', False),), key="", why="", hours=0, off=0), *feed])
            tree = json.loads(file.read_text(encoding="utf-8"))
            assert tree["sha256"] == canonical_digest(tree)
            # What a commit draws anew is what drawing all of it gives.
            assert {name: Drawn.of(kept).lines() for name, kept in store._state.workspaces.items()} == {
                name: drawn.lines() for name, drawn in (store._state.drawings or {}).items()
            }


def test_people_can_read_it(path: Path) -> None:
    with JsonFileStore(path) as store:
        store.apply("acme", Batch(puts=[Put(key=APP, expect=0, doc='{"id":"app","title":"Apps"}', type="objective")]))
        store.apply(
            "acme", Batch(puts=[Put(key=APP, expect=1, doc='{"id":"app","title":"App"}', type="objective")], key="r")
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["{", '  "format": "goalkit plans",']
    assert '            "title": "App"' in lines
    assert [each for each in lines if '"Apps"' in each] == [each for each in lines if '"seq":1,' in each]


def test_a_plan_written_by_one_is_read_by_another_that_was_open_before(path: Path) -> None:
    with JsonFileStore(path) as reader, planned(path) as writer:
        assert reader.workspace("acme").snapshot().plan == PLAN
        writer.workspace("acme").record(check_in(1))
        assert reader.head("acme").position == writer.head("acme").position
        path.unlink()
        Path(f"{path}.previous").unlink()
        assert reader.head("acme").position == Position()
        assert writer.workspaces() == ()


def test_what_was_read_is_read_again_only_where_the_file_is_another(path: Path) -> None:
    with planned(path) as store, JsonFileStore(path) as reader:
        before = reader._now()
        assert reader._now() is before
        store.workspace("acme").record(check_in(1))
        assert reader._now() is not before


def test_it_is_a_store_that_operators_can_maintain(path: Path) -> None:
    with open_store(f"file:{path}") as store:
        assert isinstance(store, JsonFileStore)
        assert isinstance(store, Maintained)
        assert isinstance(store, Remembering)
        assert repr(store) == "<JsonFileStore 'plans.json'>"
        store.workspace("b").save(PLAN)
        store.workspace("a").save(PLAN)
        assert store.workspaces() == ("a", "b")


def test_reading_writes_nothing(path: Path) -> None:
    with JsonFileStore(path) as store:
        assert store.read("acme", Query(kind="goal")).records == ()
        assert store.changes("acme", Position()) == ()
        assert store.head("acme", "key").answered is None
        assert store.verify() == ()
        assert store.purge("acme", [APP], by="ida", why="asked") == 0
    assert not path.exists()


def test_a_request_whose_key_is_known_writes_nothing(path: Path) -> None:
    with planned(path) as store:
        first = store.apply("acme", Batch(key="r"))
        before = path.read_bytes()
        assert store.apply("acme", Batch(key="r")).replayed
        assert (first.replayed, path.read_bytes()) == (False, before)


def test_after_closing_nothing_works_and_closing_twice_is_nothing(path: Path) -> None:
    store = planned(path)
    store.close()
    store.close()
    for attempt in (
        lambda: store.read("acme", [APP]),
        lambda: store.apply("acme", Batch()),
        lambda: store.changes("acme", Position()),
        lambda: store.head("acme"),
        lambda: store.purge("acme", [APP], by="ida", why=""),
        store.verify,
        store.workspaces,
        lambda: store.requests("acme", 1, 2),
    ):
        with pytest.raises(StoreClosed):
            attempt()


# -- erasing --------------------------------------------------------------------------------------


def test_nothing_of_what_was_erased_is_in_the_file_or_the_one_before_it(path: Path) -> None:
    with JsonFileStore(path) as store:
        workspace = store.workspace("acme")
        workspace.save(Plan.of(Objective(id="app", title="secret one"), Objective(id="b", title="B")), by="ida")
        workspace.update(lambda plan: plan.amend("app", title="secret two"))
        assert store.purge("acme", [APP], by="eve", why="asked") == 2
        assert [each.name for each in path.parent.iterdir() if b"secret" in each.read_bytes()] == []
        assert not Path(f"{path}.previous").exists()
        assert store.verify() == ()
        # Where a writer died before the one before it was gone, erasing again takes it away, and what it was writing.
        for left in (Path(f"{path}.previous"), Path(f"{path}.writing")):
            left.write_text("secret", encoding="utf-8")
        assert store.purge("acme", [APP], by="eve", why="asked") == 0
        assert sorted(each.name for each in path.parent.iterdir()) == [path.name, f"{path.name}.lock"]


@pytest.mark.skipif(os.name == "nt", reason="there are other locks")
def test_a_drive_without_locks_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with JsonFileStore(path) as store:
        monkeypatch.setattr("fcntl.flock", refuse)
        with pytest.raises(StoreUnavailable, match="cannot be locked: no locks available"):
            store.apply("acme", Batch())
        monkeypatch.undo()
        assert store.workspaces() == ()


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("given", [None, 1, "", b"plans.json", "a\0b"])
def test_what_is_no_path_is_refused(given: Any) -> None:
    with pytest.raises(InvalidValue, match="no path"):
        JsonFileStore(given)


@pytest.mark.parametrize("given", [-1, 86_401, float("nan"), True, "1"])
def test_what_is_no_time_to_wait_is_refused(path: Path, given: Any) -> None:
    with pytest.raises(InvalidValue, match="no time to wait"):
        JsonFileStore(path, timeout=given)


def forged(tree: dict[str, Any]) -> bytes:
    """A file with the right digest, whatever it says."""
    return json.dumps({**tree, "sha256": canonical_digest(tree)}).encode()


@pytest.fixture
def tree(path: Path) -> dict[str, Any]:
    with planned(path) as store:
        store.apply("acme", Batch(key="r"))
    found: dict[str, Any] = json.loads(path.read_bytes())
    assert forged(found) != path.read_bytes()
    path.write_bytes(forged(found))
    with JsonFileStore(path) as store:
        assert store.workspace("acme").snapshot().plan == PLAN
    return found


def refused(path: Path, data: bytes, error: type[StorageError] = StoreDamaged) -> str:
    """Check that a file is refused and left alone, and return why."""
    path.write_bytes(data)
    with pytest.raises(error) as caught:
        JsonFileStore(path)
    assert path.read_bytes() == data
    return str(caught.value)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"null", b"\xff", b"{" * 10_000, b"[" * 200_000, b"1" * 5_000, b'{"format":"other"}']
)
def test_what_is_something_else_is_refused(path: Path, data: bytes) -> None:
    refused(path, data)


def test_a_file_of_a_newer_version_is_refused(path: Path, tree: dict[str, Any]) -> None:
    assert "version 2" in refused(path, forged({**tree, "version": 2}), StoreTooNew)
    refused(path, forged({**tree, "version": 0}))
    refused(path, forged({**tree, "version": True}))


def test_a_file_that_was_edited_is_refused(path: Path, tree: dict[str, Any]) -> None:
    assert "changed" in refused(path, json.dumps(tree).replace('"K"', '"L"').encode())
    del tree["sha256"]
    refused(path, json.dumps(tree).encode())


def _without_change(acme: dict[str, Any]) -> None:
    acme["changes"][0]["seq"] = 2


def _alone(acme: dict[str, Any]) -> None:
    acme["records"]["goal"]["other"] = {}


def _missing(acme: dict[str, Any]) -> None:
    acme["records"] = {}


def _kind(acme: dict[str, Any]) -> None:
    acme["changes"][0]["kind"] = "team"


def _list(acme: dict[str, Any]) -> None:
    acme["changes"] = 1


def _request(acme: dict[str, Any]) -> None:
    acme["answered"]["r"]["more"] = 1


@pytest.mark.parametrize("change", [_without_change, _alone, _missing, _kind, _list, _request])
def test_a_file_that_does_not_fit_together_is_refused(path: Path, tree: dict[str, Any], change: Any) -> None:
    change(tree["workspaces"]["acme"])
    refused(path, forged(tree))


@pytest.mark.parametrize("generation", [0, "1", None, True])
def test_a_file_without_a_generation_is_refused(path: Path, tree: dict[str, Any], generation: Any) -> None:
    refused(path, forged({**tree, "generation": generation}))
    del tree["workspaces"]
    refused(path, forged(tree))


def test_other_line_ends_and_another_layout_are_read(path: Path, tree: dict[str, Any]) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(tree, indent=4).replace("\n", "\r\n").encode())
    with JsonFileStore(path) as store:
        assert store.workspace("acme").snapshot().plan == PLAN
        assert store.workspace("acme").record(check_in(1)).seq == 2


def test_damaged_files_are_refused_and_never_read_as_something_else(path: Path) -> None:
    with planned(path) as store:
        for number in range(5):
            store.workspace("acme").record(check_in(number), key=f"r{number}")
        wanted = everything(store)
    whole, chance = path.read_bytes(), Random(7)  # noqa: S311 - no secret
    refusals = 0
    for _ in range(2_000 if TORTURE else 60):
        data = bytearray(whole)
        place = chance.randrange(len(data))
        how = chance.randrange(4)
        if how == 0:
            data[place] ^= 1 << chance.randrange(8)
        elif how == 1:
            del data[place:]
        elif how == 2:
            data[place : place + 64] = bytes(64)
        else:
            data[place:place] = data[: chance.randrange(64)]
        path.write_bytes(data)
        try:
            with JsonFileStore(path) as store:
                # White space may be another; what is said may not.
                assert everything(store) == wanted
        except StoreDamaged:
            refusals += 1
        assert path.read_bytes() == data
    assert refusals > 40


def test_a_damaged_file_can_be_replaced_by_the_one_before_it(path: Path) -> None:
    with planned(path) as store:
        store.workspace("acme").record(check_in(1))
        path.write_bytes(path.read_bytes()[:-100])
        with pytest.raises(StoreDamaged):
            store.head("acme")
        with pytest.raises(StoreDamaged):
            store.workspace("acme").record(check_in(2))
        Path(f"{path}.previous").replace(path)
        assert store.workspace("acme").snapshot().plan == PLAN


def test_a_file_that_is_gone_without_the_one_before_it_is_no_empty_store(path: Path) -> None:
    with planned(path) as store:
        store.workspace("acme").record(check_in(1))
    path.unlink()
    with pytest.raises(StoreDamaged, match=r"put 'plans.json.previous' in its place"):
        JsonFileStore(path)


def test_a_folder_a_pipe_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in (".", "pipe", "missing/plans.json", "loop", "x" * 300):
        with pytest.raises(StoreUnavailable):
            JsonFileStore(tmp_path / name)


def test_a_file_of_more_than_64_mib_is_neither_read_nor_written(path: Path) -> None:
    with planned(path) as store:
        before = path.read_bytes()
        puts = [
            Put(key=Key(Kind.GOAL, f"large{number}"), expect=0, doc=f'{{"x":"{"x" * 2**20}"}}') for number in range(64)
        ]
        with pytest.raises(StoreUnavailable, match="67,108,864 are the most"):
            store.apply("acme", Batch(puts=puts))
        assert path.read_bytes() == before
        with pytest.warns(UserWarning, match="SQLite"):
            store.apply("acme", Batch(puts=puts[:8]))
        store.workspace("acme").record(check_in(1))  # one warning is enough
    with path.open("r+b") as file:
        file.truncate(module.MOST + 1)
    with pytest.raises(StoreUnavailable, match="67,108,864 are the most"):
        JsonFileStore(path)


def test_half_a_character_is_refused_before_anything_is_written(path: Path) -> None:
    with planned(path) as store:
        before = path.read_bytes()
        for put in (
            Put(key=APP, expect=0, doc="\ud800"),
            Put(key=Key(Kind.GOAL, "\ud800"), expect=0, doc="{}"),
        ):
            with pytest.raises(
                (InvalidDocument, InvalidValue), match=r"half a character|holds the character '\\ud800'"
            ):
                store.apply("acme", Batch(puts=[put]))
        assert path.read_bytes() == before


# -- the file itself ------------------------------------------------------------------------------


def test_symbolic_links_are_followed_and_stay(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    link, file = tmp_path / "plans.json", tmp_path / "far" / "real.json"
    link.symlink_to(file)
    with planned(link) as store:
        store.workspace("acme").record(check_in(1))
    assert link.is_symlink()
    assert sorted(each.name for each in file.parent.iterdir()) == ["real.json", "real.json.lock", "real.json.previous"]


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664])
def test_who_may_read_it_stays_as_it_was(path: Path, mode: int) -> None:
    with planned(path) as store:
        path.chmod(mode)
        store.workspace("acme").record(check_in(1))
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_a_file_with_another_name_is_refused(path: Path) -> None:
    with planned(path) as store:
        other = path.with_name("other.json")
        other.hardlink_to(path)
        before = path.read_bytes()
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match="2 names"):
                store.workspace("acme").record(check_in(1))
        assert (path.read_bytes(), other.read_bytes()) == (before, before)
        other.unlink()
        # A writer that died before the new file was in place has left it as the one before it too.
        Path(f"{path}.previous").hardlink_to(path)
        assert store.workspace("acme").record(check_in(1)).seq == 2
        assert Path(f"{path}.previous").read_bytes() == before


def test_what_a_dead_writer_left_is_ignored_and_cleaned(path: Path) -> None:
    left = Path(f"{path}.writing")
    left.write_text("half", encoding="utf-8")
    with planned(path) as store:
        assert not left.exists()
        left.symlink_to(path)
        store.workspace("acme").record(check_in(1))
        assert not left.is_symlink()
        assert store.verify() == ()


# -- everything that can fail ---------------------------------------------------------------------


class Failing(Disk):
    """A disk of which an operation fails, once or from then on."""

    def __init__(self, fails_at: int, *, for_good: bool) -> None:
        self.count = 0
        self.fails_at = fails_at
        self.for_good = for_good

    def _next(self) -> None:
        self.count += 1
        if self.count == self.fails_at or (self.for_good and self.count > self.fails_at):
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    def open(self, path: Path, flags: int) -> int:
        self._next()
        return super().open(path, flags)

    def write(self, fd: int, piece: memoryview) -> int:
        self._next()
        return super().write(fd, piece[:1_000])

    def mode(self, fd: int, mode: int) -> None:
        self._next()
        super().mode(fd, mode)

    def sync(self, fd: int) -> None:
        self._next()
        super().sync(fd)

    def link(self, path: Path, other: Path) -> None:
        self._next()
        super().link(path, other)

    def replace(self, path: Path, other: Path) -> None:
        self._next()
        super().replace(path, other)

    def remove(self, path: Path) -> None:
        self._next()
        super().remove(path)

    def sync_folder(self, folder: Path) -> None:
        self._next()
        super().sync_folder(folder)


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("how", ["apply", "purge", "purge nothing"])
def test_at_every_operation_that_fails_nothing_is_lost(tmp_path: Path, how: str, for_good: bool) -> None:
    number, ends = 0, set()
    disk = Failing(0, for_good=False)
    while disk.count >= number:
        number += 1
        folder = tmp_path / f"{number}"
        folder.mkdir()
        path = folder / "plans.json"
        with planned(path) as store:
            store.workspace("acme").record(check_in(1))
            old, wanted = path.read_bytes(), everything(store)
            batch = Batch(puts=[Put(key=APP, expect=0, doc="{}")], key="r")
            gone = [Key(Kind.GOAL, "k")] if how == "purge" else []
            store._file.disk = disk = Failing(number, for_good=for_good)
            try:
                store.apply("acme", batch) if how == "apply" else store.purge("acme", gone, by="eve", why="")
                ends.add("well")
            except CommitUnknown:
                ends.add("unknown")
            except StoreUnavailable as error:
                ends.update({"unavailable", str(error)[-18:]})
                refused_as_it_was = path.read_bytes()
                ends.update(() if refused_as_it_was == old else ("changed",))
            store._file.disk = Disk()
            if path.read_bytes() == old:
                assert everything(store) == wanted
            # The next write works, and there it is told whether that before it did.
            if how == "apply":
                assert store.apply("acme", batch).seq == 3
            else:
                store.purge("acme", gone, by="eve", why="")
                assert not Path(f"{path}.previous").exists()
            with JsonFileStore(path) as again:
                assert again.verify() == ()
            assert not Path(f"{path}.writing").exists()
    sorts = {"well", "unavailable", "input/output error"}
    assert ends == (sorts if how == "purge nothing" else {*sorts, "unknown"})


class Late(Disk):
    """A disk that looks for a file, and does not find it, right before others make it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.made = False

    def open(self, path: Path, flags: int) -> int:
        if path != self.path or self.made:
            return super().open(path, flags)
        self.made = True
        with planned(path) as store:
            store.workspace("acme").record(check_in(1))
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)


def test_a_file_whose_first_commits_are_made_while_it_is_looked_for_is_read(path: Path) -> None:
    with JsonFileStore(path) as store:
        store._file.disk = Late(path)
        assert Path(f"{path}.previous").exists() is False
        assert len(store.workspace("acme").snapshot().plan.check_ins("k")) == 1
        assert Path(f"{path}.previous").exists()


class WithoutLinks(Disk):
    """A disk on which a file has one name."""

    def link(self, path: Path, other: Path) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path, None, other)


def test_where_files_have_one_name_the_one_before_it_is_copied(path: Path) -> None:
    with planned(path) as store:
        path.chmod(0o600)
        before = path.read_bytes()
        store._file.disk = WithoutLinks()
        for number in (1, 2):
            store.workspace("acme").record(check_in(number))
        assert Path(f"{path}.previous").read_bytes() != before
        assert b'"generation": 2' in Path(f"{path}.previous").read_bytes()
        assert stat.S_IMODE(Path(f"{path}.previous").stat().st_mode) == 0o600


@pytest.mark.parametrize(("what", "least", "why"), [("size", 100, "file too large"), ("files", 3, "too many open")])
def test_where_there_is_no_room_nothing_is_lost_and_the_next_write_works(
    path: Path, what: str, least: int, why: str
) -> None:
    planned(path).close()
    with child("limit", path, what, least) as process:
        assert why in told(process)
        assert told(process) == "0 1"
        assert told(process) == "2"


@contextmanager
def open_to_all() -> Iterator[Path]:
    """A folder that everybody may look into and nobody may write to."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_where_only_reading_is_allowed_it_is_read_and_not_written() -> None:
    with open_to_all() as folder:
        path = folder / "plans.json"
        planned(path).close()
        path.chmod(0o644)
        for each in (Path(f"{path}.lock"), folder):
            each.chmod(0o555)
        with child("forbidden", path) as process:
            assert told(process) == "1"
            assert told(process) == "'plans.json' cannot be written: permission denied True"
        folder.chmod(0o755)
        path.chmod(0o000)
        with child("forbidden", path) as process:
            assert told(process) == ""
            assert process.wait(30) == 1


# -- several at once ------------------------------------------------------------------------------


def test_a_writer_waits_so_long_and_no_longer_and_readers_do_not_wait(path: Path) -> None:
    with planned(path) as store, JsonFileStore(path, timeout=0) as hasty, child("hold", path) as holder:
        assert told(holder) == "ready"
        with pytest.raises(StoreBusy, match="0 seconds"):
            hasty.apply("acme", Batch())
        with JsonFileStore(path, timeout=0.05) as other, pytest.raises(StoreBusy):
            other.purge("acme", [APP], by="ida", why="")
        assert hasty.head("acme").position.seq == 1
        waiting = Thread(target=store.apply, args=("acme", Batch(key="r")))
        waiting.start()
        go_on(holder)
        waiting.join(30)
        assert hasty.head("acme", "r").answered is not None


def test_a_writer_that_is_killed_lets_go(path: Path) -> None:
    with planned(path) as store, child("hold", path) as holder:
        assert told(holder) == "ready"
        holder.kill()
        assert store.apply("acme", Batch(key="r")).seq == 1


def test_a_child_that_was_forked_does_not_hold_what_its_parent_held(path: Path) -> None:
    with planned(path) as store, child("fork", path) as parent:
        assert told(parent) == "ready"
        parent.kill()
        assert store.apply("acme", Batch(key="r")).seq == 1


def test_a_lock_is_free_again_after_whatever_happened(path: Path) -> None:
    file = WholeFile(path)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), file.locked(0):
            raise ZeroDivisionError
    with file.locked(0), pytest.raises(StoreBusy), file.locked(0):
        raise AssertionError("nobody gets here")


def test_threads_lose_nothing(path: Path) -> None:
    with planned(path) as store:
        threads = [
            Thread(target=lambda at=at: [store.workspace("acme").record(check_in(at * 10 + n)) for n in range(10)])
            for at in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(store.workspace("acme").snapshot().plan.check_ins("k")) == 40
        assert store.verify() == ()


def test_processes_that_count_the_same_thing_count_everything(path: Path) -> None:
    times = 500 if TORTURE else 25
    planned(path).close()
    with ExitStack() as stack:
        children = [stack.enter_context(child("increment", path, times)) for _ in range(4)]
        for process in children:
            assert told(process) == "ready"
        for process in children:
            go_on(process)
        assert [told(process) for process in children] == ["done"] * 4
    with JsonFileStore(path) as store:
        assert store.workspace("acme").snapshot().plan["k"].weight == 1 + 4 * times
        assert store.head("acme").position.seq == 1 + 4 * times
        assert store.verify() == ()


def test_a_writer_that_is_killed_at_any_time_loses_nothing_that_it_told(tmp_path: Path) -> None:
    path = tmp_path
    chance, first = Random(11), 0  # noqa: S311 - no secret
    for kill in range(500 if TORTURE else 25):
        if kill % 25 == 0:  # a file that grows and grows would only make it slow
            path, first = tmp_path / f"plans{kill}.json", 0
            planned(path).close()
        with child("append", path, first) as writer:
            number, seq = map(int, told(writer).split())
            for _ in range(chance.randrange(20)):
                number, seq = map(int, told(writer).split())
            Thread(target=writer.kill).start()
            for line in iter(lambda: told(writer), ""):
                number, seq = map(int, line.split())
        with JsonFileStore(path) as store:
            assert store.verify() == ()
            head = store.head("acme").position.seq
            assert seq <= head <= seq + 1
            kept = store.head("acme", f"r{number}").answered
            assert kept is not None
            assert kept.commit.seq == seq
            assert len(store.workspace("acme").snapshot().plan.check_ins("k")) == head - 1
        first = number + 1
