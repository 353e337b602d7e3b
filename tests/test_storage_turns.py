"""Writers of a file take turns: nobody waits for more than those who came before, whatever became of them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Final

import pytest

from file_processes import child, told
from goalkit.storage import Batch, Key, Kind, Put, turns
from goalkit.storage.json_file import JsonFileStore
from goalkit.storage.turns import Turns
from goalkit.storage.whole_file import Disk, WholeFile
from processes import all_of

WRITERS: Final = 8
TIMES: Final = 10
#: How often somebody may be overtaken while they wait: in a fair line by each of the others once. The rest is for a
#: machine that lets nobody get into the line for long.
OVERTAKEN: Final = 4 * WRITERS


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "plans.json"


@pytest.fixture
def line(path: Path) -> Path:
    return Path(f"{path}.waiting")


# -- the order --------------------------------------------------------------------------------------


class Slow(Disk):
    """A disk that takes its time."""

    def sync(self, fd: int) -> None:
        sleep(0.01)
        super().sync(fd)


def restless(store: JsonFileStore, writer: int) -> list[int]:
    """Write over and over, without a rest, and return how many others wrote during each wait."""
    store._file.disk = Slow()
    overtaken = []
    for time in range(TIMES):
        before = store.head("acme").position.seq
        batch = Batch(puts=[Put(key=Key(Kind.GOAL, f"{writer}-{time}"), expect=0, doc="{}")])
        overtaken.append(store.apply("acme", batch).seq - before - 1)
    return overtaken


def wait_for_all(path: Path, writer: int) -> None:
    """Wait until all writers are there."""
    path.with_name(f"{writer} is there").touch()
    while len([*path.parent.glob("* is there")]) < WRITERS:
        sleep(0.001)


def restless_away(path: Path, writer: int, tell: Callable[[object], None]) -> None:
    with JsonFileStore(path) as store:
        wait_for_all(path, writer)
        tell(restless(store, writer))


def among_processes(path: Path) -> list[list[int]]:
    return [overtaken for (overtaken,) in all_of(restless_away, *((path, writer) for writer in range(WRITERS)))]


def among_threads(path: Path) -> list[list[int]]:
    with JsonFileStore(path) as store, ThreadPoolExecutor(WRITERS) as pool:
        return [*pool.map(restless, [store] * WRITERS, range(WRITERS))]


def among_threads_with_stores(path: Path) -> list[list[int]]:
    with ExitStack() as stack, ThreadPoolExecutor(WRITERS) as pool:
        stores = [stack.enter_context(JsonFileStore(path)) for _ in range(WRITERS)]
        return [*pool.map(restless, stores, range(WRITERS))]


@pytest.mark.parametrize("among", [among_processes, among_threads, among_threads_with_stores])
def test_of_eight_restless_writers_none_is_overtaken_again_and_again(
    path: Path, line: Path, among: Callable[[Path], list[list[int]]]
) -> None:
    overtaken = among(path)
    assert max(max(each) for each in overtaken) < OVERTAKEN
    assert not line.exists()
    with JsonFileStore(path) as store:
        assert store.head("acme").position.seq == WRITERS * TIMES
        assert store.verify() == ()


# -- who is in line ---------------------------------------------------------------------------------


def tickets(line: Path) -> list[str]:
    return sorted(each.name for each in line.iterdir()) if line.is_dir() else []


def wait_for(line: Path, many: int) -> list[str]:
    """Wait until so many are in line."""
    while Turns(line)._ahead() != many:
        sleep(0.001)
    return tickets(line)


def hold_at_all(file: WholeFile) -> None:
    with file.locked(30):
        pass


def test_who_finds_nobody_makes_no_line(path: Path, line: Path) -> None:
    with WholeFile(path).locked(0):
        assert not line.exists()


def test_whoever_comes_first_is_first_and_the_last_takes_the_line_away(path: Path, line: Path) -> None:
    served: list[int] = []

    def serve(number: int) -> None:
        with WholeFile(path).locked(30):
            served.append(number)

    threads = [Thread(target=serve, args=(number,)) for number in range(5)]
    with WholeFile(path).locked(0):
        for number, thread in enumerate(threads):
            thread.start()
            wait_for(line, number + 1)
    for thread in threads:
        thread.join()
    assert served == [*range(5)]
    assert not line.exists()


def test_who_cannot_wait_any_longer_leaves_the_line(path: Path, line: Path) -> None:
    file = WholeFile(path)
    with file.locked(0):
        for timeout in (0, 0.05):
            with pytest.raises(TimeoutError), file.locked(timeout):
                raise AssertionError("nobody gets here")
            assert not line.exists()


def test_who_comes_when_others_wait_does_not_take_the_lock_although_it_is_free(path: Path, line: Path) -> None:
    file = WholeFile(path)
    with ExitStack() as held:
        held.enter_context(file.locked(0))
        with child("hold", path) as waiting:
            wait_for(line, 1)
            waiting.send_signal(signal.SIGSTOP)
            held.close()
            with pytest.raises(TimeoutError), file.locked(0):
                raise AssertionError("nobody gets here")
            waiting.send_signal(signal.SIGCONT)
            assert told(waiting) == "ready"


def test_who_is_killed_in_line_holds_up_nobody(path: Path, line: Path) -> None:
    file = WholeFile(path)
    with file.locked(0), child("hold", path) as waiting:
        wait_for(line, 1)
        waiting.kill()
        waiting.wait(30)
        assert len(tickets(line)) == 1
    with file.locked(0):
        assert not line.exists()


def test_who_is_stopped_in_line_holds_up_others_for_a_moment_and_keeps_their_place(
    path: Path, line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_STANDSTILL", 0.02)
    file = WholeFile(path)
    with ExitStack() as held:
        held.enter_context(file.locked(0))
        with child("hold", path) as waiting:
            (place,) = wait_for(line, 1)
            waiting.send_signal(signal.SIGSTOP)
            # As long as somebody holds the lock, nobody can go on, however long that takes.
            with pytest.raises(TimeoutError), file.locked(0.2):
                raise AssertionError("nobody gets here")
            held.close()
            hold_at_all(file)
            assert tickets(line) == [place]
            waiting.send_signal(signal.SIGCONT)
            assert told(waiting) == "ready"
    assert tickets(line) == []


def test_a_child_that_was_forked_in_line_does_not_keep_the_place_of_its_parent(
    path: Path, line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_STANDSTILL", 60)
    file = WholeFile(path)
    with ExitStack() as held:
        held.enter_context(file.locked(0))
        with child("fork_in_line", path) as parent:
            assert told(parent) == "ready"
            parent.kill()
            parent.wait(30)
            assert len(tickets(line)) == 1
            held.close()
            with file.locked(30):  # the child lets go as soon as it runs at all
                assert not line.exists()


# -- where lining up is hard ------------------------------------------------------------------------


def test_where_there_can_be_no_line_the_lock_is_taken_all_the_same(path: Path, line: Path) -> None:
    line.write_text("a file")
    file = WholeFile(path)
    with file.locked(0):
        thread = Thread(target=hold_at_all, args=(file,))
        thread.start()
        sleep(0.02)
    thread.join(30)
    assert not thread.is_alive()
    assert line.read_text() == "a file"


def test_what_is_no_ticket_stays_and_does_not_count(path: Path, line: Path) -> None:
    line.mkdir()
    (line / ".DS_Store").touch()
    file = WholeFile(path)
    with file.locked(0), pytest.raises(TimeoutError), file.locked(0.01):
        raise AssertionError("nobody gets here")
    assert tickets(line) == [".DS_Store"]


def test_a_pipe_that_looks_like_a_ticket_is_not_waited_for(path: Path, line: Path) -> None:
    line.mkdir()
    os.mkfifo(line / "000000000001.00000000")
    with WholeFile(path).locked(0):
        pass


def test_a_ticket_that_nobody_can_open_does_not_count(path: Path, line: Path) -> None:
    line.mkdir()
    ticket = line / "000000000001.00000000"
    ticket.symlink_to("nowhere")
    with WholeFile(path).locked(0):
        assert ticket.is_symlink()


def test_whoever_lines_up_while_the_line_is_taken_away_does_so_again(
    line: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["00000001", "00000002", "00000003"])

    def draw(_: int) -> str:
        if (token := next(drawn)) == "00000001":
            line.rmdir()
        return token

    monkeypatch.setattr(turns, "token_hex", draw)
    with ExitStack() as stack:
        assert Turns(line)._line_up(stack) == "000000000001.00000002"
        assert Turns(line)._line_up(stack) == "000000000002.00000003"
    assert not line.exists()


@pytest.mark.parametrize("times", [1, 100])
def test_a_ticket_that_was_taken_for_that_of_one_who_died_is_drawn_again(
    line: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    left = times

    def acquired(fd: int) -> bool:
        nonlocal left
        left -= 1
        if left >= 0:
            for each in line.iterdir():
                each.unlink()
        return really(fd)

    really = turns.acquired
    monkeypatch.setattr(turns, "acquired", acquired)
    with ExitStack() as stack:
        ticket = Turns(line)._line_up(stack)
        assert tickets(line) == ([ticket] if times == 1 else [])
        assert bool(ticket) is (times == 1)
    assert not line.exists()


def test_what_a_fork_takes_along_is_closed(path: Path) -> None:
    fd = os.open(path, os.O_RDWR | os.O_CREAT)
    turns._held.add(fd)
    turns._let_go()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)
    assert not turns._held
