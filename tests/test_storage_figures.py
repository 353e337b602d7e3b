"""
What is promised of every store that comes along, as figures: a few of each always, all of them with GOALKIT_TORTURE=1.

Full disks, damage, contended writers, migrations and most kills have tests beside their stores. docs/reliability.md has
what was found.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from io import BytesIO
from itertools import chain, count, islice, pairwise
from pathlib import Path
from random import Random
from threading import Event
from time import perf_counter
from typing import Any, Final, TypeAlias

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from goalkit import CheckIn, GoalkitError
from goalkit.storage import (
    Batch,
    Commit,
    Conflict,
    Guard,
    Key,
    Kind,
    Maintained,
    Position,
    Put,
    Query,
    Store,
    StoreDamaged,
    deciding,
    open_store,
)
from goalkit.storage.codec import canonical, decoded, encoded, key_of, type_of
from goalkit.storage.jsonl import export_workspace, import_workspace
from goalkit.testing import StoreFactory, check_history, concurrent_history
from goalkit.testing.cases import pages
from goalkit.testing.corpus import NO_NAMES
from processes import LONG, all_of, begun, heard, often, request, send_requests
from test_storage_conformance import File, Memory, Sqlite
from test_testing_machine import machine

FACTORIES: Final[dict[str, type[StoreFactory]]] = {"memory": Memory, "file": File, "sqlite": Sqlite}
EACH = pytest.mark.parametrize("name", FACTORIES)
IN_FILES = pytest.mark.parametrize("name", ["file", "sqlite"])
AT: Final = datetime(2026, 7, 1, tzinfo=UTC)


def as_often(name: str, quick: dict[str, int], long: dict[str, int]) -> int:
    """Return how often something is done to a store: every commit to a JSON file writes all of it anew."""
    return often(quick[name], long[name])


# -- as if one after the other ----------------------------------------------------------------------

OPERATIONS: Final = {"memory": 250, "file": 8, "sqlite": 15}
LONG_OPERATIONS: Final = {"memory": 2_000, "file": 250, "sqlite": 2_000}


@EACH
@pytest.mark.parametrize("seed", range(often(1, 20)))
def test_what_eight_threads_did_is_explained_by_one_order(name: str, seed: int) -> None:
    made = FACTORIES[name]()
    operations = as_often(name, OPERATIONS, LONG_OPERATIONS)
    with made.create() as store:
        history = concurrent_history(made, store, threads=8, operations=operations, seed=seed)
    made.destroy()
    assert len(history.operations) == 8 * operations * 2
    assert check_history(history) == ()


@IN_FILES
@pytest.mark.parametrize("seed", range(often(1, 20)))
def test_what_four_processes_and_four_threads_did_is_explained_by_one_order(name: str, seed: int) -> None:
    made = FACTORIES[name]()
    operations = as_often(name, OPERATIONS, LONG_OPERATIONS)
    with made.create() as store:
        history = concurrent_history(made, store, threads=4, processes=4, operations=operations, seed=seed)
    made.destroy()
    assert len(history.operations) == 8 * operations * 2
    assert check_history(history) == ()


# -- as the model -------------------------------------------------------------------------------------


@EACH
def test_a_store_and_the_model_agree_after_every_step(name: str) -> None:
    many = settings(
        max_examples=often(3, 200),
        stateful_step_count=often(10, 50),
        deadline=None,
        suppress_health_check=[*HealthCheck],
    )
    run_state_machine_as_test(machine(FACTORIES[name]), settings=many)


# -- requests -----------------------------------------------------------------------------------------

SENDERS: Final = 4
#: How many answers a sender gets at most before it is killed, but for those that come in the moment until then.
ANSWERS: Final = 20 if LONG else 4


def sent_until_killed(
    opener: Callable[[], Store], left: list[range], chance: Random
) -> tuple[list[list[tuple[int, int]]], int]:
    """Send requests from several processes at once, kill each at some moment; return what was told, and the kills."""
    with ExitStack() as stack:
        senders = [stack.enter_context(begun(send_requests, opener, numbers)) for numbers in left]
        answered: list[list[tuple[int, int]]] = [[] for _ in senders]
        for at in chance.sample(range(len(senders)), len(senders)):
            process, pipe = senders[at]
            telling = heard(pipe)
            answered[at] += islice(telling, chance.randint(1, ANSWERS))
            process.join(chance.uniform(0, 0.01))  # so that it is killed in the midst of anything
            process.kill()
            answered[at] += telling
            process.join()
        return answered, sum(process.exitcode != 0 for process, _ in senders)


@IN_FILES
def test_requests_from_several_processes_that_are_sent_again_after_kills_are_done_exactly_once(
    name: str, tmp_path: Path
) -> None:
    opener, chance = partial(open_store, f"{name}:{tmp_path / 'plans'}"), Random(7)  # noqa: S311 - no secret
    many = often(80, 1_000)
    left = [range(many)[at::SENDERS] for at in range(SENDERS)]
    told: dict[int, set[int]] = {number: set() for number in range(many)}
    kills = 0
    while left:
        answered, killed = sent_until_killed(opener, left, chance)
        for number, seq in chain(*answered):
            told[number].add(seq)
        # Whoever was killed sends the last one that was answered again, and the one of which nobody knows.
        rest = [range(each[-1][0], many, SENDERS) for each in answered]
        left = [numbers for numbers in rest if len(numbers) > 1]
        kills += killed
    assert kills > 0
    with opener() as store:
        # What was told to the one, and to the one after it, and what is told to whoever asks again, is one commit.
        again = [store.apply("acme", request(number)) for number in range(many)]
        assert all(commit.replayed for commit in again)
        assert [{commit.seq} for commit in again] == [*told.values()]
        assert sorted(commit.seq for commit in again) == [*range(1, many + 1)]
        feed = [change.key.id for change in pages(store, "acme")]
        assert feed == [f"request-{number}" for number in sorted(range(many), key=lambda number: again[number].seq)]
        assert store.verify() == ()  # type: ignore[attr-defined] # both of them can


# -- the feed -----------------------------------------------------------------------------------------

WRITERS, FOLLOWERS = 8, 4
COMMITS: Final = {"memory": 200, "file": 24, "sqlite": 80}
LONG_COMMITS: Final = dict.fromkeys(FACTORIES, 5_000)
#: Among processes each commit to a JSON file is read by all others, so that 5,000 take an hour.
LONG_AMONG_PROCESSES: Final = LONG_COMMITS | {"file": 1_000}


def written_in(turn: int) -> int:
    return 1 + turn % 3


def write(store: Store, writer: int, turns: int, tell: Callable[[object], object] = lambda _: None) -> None:
    for turn in range(turns):
        ids = [f"{writer}-{turn}-{part}" for part in range(written_in(turn))]
        store.apply("acme", Batch(puts=[put(Key(Kind.GOAL, each), "{}") for each in ids], by=f"w{writer}"))
        tell(turn)


def follow(store: Store, until: int, pause: Callable[[], object]) -> list[tuple[int, str, str]]:
    """Follow a feed to a change, a few at a time, and return what was told in the order in which it was told."""
    told: list[tuple[int, str, str]] = []
    after = Position()
    while after.seq < until:
        changes = store.changes("acme", after, limit=7)
        if not changes:
            pause()
            continue
        told += [(change.seq, change.digest, change.key.id) for change in changes]
        after = changes[-1].position
    return told


def put(key: Key, doc: str | None, expect: int = 0) -> Put:
    return Put(key=key, expect=expect, doc=doc, type=key.kind.value)


def check_feed(store: Store, every: list[list[tuple[int, str, str]]], turns: int) -> None:
    feed = [(change.seq, change.digest, change.key.id) for change in pages(store, "acme")]
    assert [seq for seq, _, _ in feed] == [*range(1, len(feed) + 1)]
    assert every == [feed] * FOLLOWERS
    for writer in range(WRITERS):  # what one has written is told in the order in which it was written
        wanted = [f"{writer}-{turn}-{part}" for turn in range(turns) for part in range(written_in(turn))]
        assert [each for _, _, each in feed if each.startswith(f"{writer}-")] == wanted


@EACH
def test_every_follower_among_threads_is_told_every_change_once_and_in_order(name: str, tmp_path: Path) -> None:
    failed, address = Event(), "memory:" if name == "memory" else f"{name}:{tmp_path / 'plans'}"
    turns = as_often(name, COMMITS, LONG_COMMITS) // WRITERS
    until = WRITERS * sum(map(written_in, range(turns)))

    def pause() -> None:  # a follower waits for nobody, so that it looks again and again
        assert not failed.wait(0.002), "a writer could not go on"

    def write_on(store: Store, writer: int) -> None:
        try:
            write(store, writer, turns)
        except BaseException:
            failed.set()
            raise

    with open_store(address) as store, ThreadPoolExecutor(WRITERS + FOLLOWERS) as pool:
        writing = [pool.submit(write_on, store, writer) for writer in range(WRITERS)]
        following = [pool.submit(follow, store, until, pause) for _ in range(FOLLOWERS)]
        for each in writing:
            each.result()
        check_feed(store, [each.result() for each in following], turns)


def write_away(address: str, writer: int, turns: int, tell: Callable[[object], None]) -> None:
    with open_store(address) as store:
        write(store, writer, turns, tell)


def follow_away(address: str, until: int, tell: Callable[[object], None]) -> None:
    pausing = Event()
    with open_store(address) as store:
        tell(follow(store, until, lambda: pausing.wait(0.002)))


@IN_FILES
def test_every_follower_among_processes_is_told_every_change_once_and_in_order(name: str, tmp_path: Path) -> None:
    address = f"{name}:{tmp_path / 'plans'}"
    turns = as_often(name, COMMITS, LONG_AMONG_PROCESSES) // WRITERS
    until = WRITERS * sum(map(written_in, range(turns)))
    with open_store(address) as store:
        begins = [begun(follow_away, address, until) for _ in range(FOLLOWERS)]
        following = [begin.__enter__() for begin in begins]
        try:
            all_of(write_away, *((address, writer, turns) for writer in range(WRITERS)))
            every = [next(iter(heard(pipe))) for _, pipe in following]
        finally:
            for begin in begins:
                begin.__exit__(None, None, None)
        check_feed(store, every, turns)


# -- workspaces ---------------------------------------------------------------------------------------

#: They differ by case, by how the accent is written, and in that one begins another.
NAMES: Final = ("caf\u00e9", "cafe\u0301", "CAF\u00c9", "caf")
CALLS: Final = dict.fromkeys(FACTORIES, 300)
LONG_CALLS: Final = dict.fromkeys(FACTORIES, 10_000)


@EACH
def test_nothing_of_a_workspace_is_ever_told_in_another(name: str) -> None:
    made, chance = FACTORIES[name](), Random(5)  # noqa: S311 - no secret
    # All use the same ids and the same requests; what each writes says whose it is.
    keys = [Key(kind, each) for kind in (Kind.GOAL, Kind.FACT) for each in ("a", "A", "caf\u00e9", "caf")]
    revs: dict[tuple[str, Key], int] = {}
    commits: dict[tuple[str, str], int] = {}
    writes = dict.fromkeys(NAMES, 0)
    with made.create() as store:
        for call in range(as_often(name, CALLS, LONG_CALLS)):
            of, key = chance.choice(NAMES), chance.choice(keys)
            mine, by = canonical({"of": of}), f"by {NAMES.index(of)}"
            there = {each: rev for (whose, each), rev in revs.items() if whose == of}
            match chance.randrange(8):
                case 0 | 1:
                    doc = None if key in there and chance.random() < 0.3 else mine
                    store.apply(of, Batch(puts=[put(key, doc, there.get(key, 0))], by=by))
                    writes[of] += 1
                    if doc is None:
                        del revs[of, key]
                    else:
                        revs[of, key] = store.read(of, [key]).records[0].rev
                case 2:
                    request = f"request-{chance.randrange(call // 4 + 1)}"
                    commit = store.apply(of, Batch(key=request, by=by, why=of))
                    assert (commit.by, commit.why) == (by, of)
                    assert commit.replayed is ((of, request) in commits)
                    assert commit.seq == commits.setdefault((of, request), commit.seq)
                case 3:
                    request = f"request-{chance.randrange(call // 4 + 1)}"
                    answered = store.head(of, request).answered
                    assert (answered and answered.commit.seq) == commits.get((of, request))
                case 4:
                    found = store.read(of, keys).records
                    assert {each.key: each.rev for each in found if not each.is_deleted} == there
                    assert {each.doc for each in found} <= {mine, None}
                case 5:
                    found = store.read(of, Query(kind=key.kind)).records
                    assert {each.key for each in found} == {each for each in there if each.kind is key.kind}
                    assert {each.doc for each in found} <= {mine}
                case 6:
                    changes = store.changes(of, Position(max(0, writes[of] - 50)))
                    assert {each.by for each in changes} <= {by}
                    assert len(changes) == min(writes[of], 50)
                    assert {each.doc for each in changes} <= {mine, None}
                case _:
                    stale = there.get(key, 0) + 1
                    with pytest.raises(Conflict):
                        store.apply(of, Batch(puts=[put(key, mine, stale)]))
            assert store.head(of).position.seq == writes[of]
    made.destroy()


# -- round trips --------------------------------------------------------------------------------------

_LETTERS: Final = "aZ09 .,;'\"\\/\n\t\x01\x7f\u00e9e\u0301\u05d0\u202e\u2028\ufeff\U0001f3af\U0010ffff%_?*{}[]"


def text(chance: Random) -> str:
    return "".join(chance.choices(_LETTERS, k=chance.randrange(12)))


def plain(chance: Random, depth: int = 0) -> Any:
    """Return anything that JSON can hold."""
    match chance.randrange(8 if depth < 3 else 6):
        case 0:
            return chance.choice([None, True, False])
        case 1:
            return chance.randrange(-(10 ** chance.randrange(1, 40)), 10 ** chance.randrange(1, 40))
        case 2:
            return chance.choice([-0.0, 1e-07, 0.1, 1e300, chance.random(), chance.uniform(-1e9, 1e9)])
        case 6:
            return [plain(chance, depth + 1) for _ in range(chance.randrange(4))]
        case 7:
            return {text(chance): plain(chance, depth + 1) for _ in range(chance.randrange(4))}
        case _:
            return text(chance)


def a_check_in(chance: Random, number: int) -> CheckIn:
    return CheckIn(
        goal=f"kr-{number % 10}",
        on=date(2026, 1, 1) + timedelta(chance.randrange(365)),
        value=f"{chance.randrange(-(10**9), 10**9)}.{chance.randrange(100):02}",
        confidence=chance.choice([None, 0.5, 1]),
        note=text(chance),
        by=f"ida {number}",
    )


def documents(seed: int, many: int) -> list[Put]:
    """Return documents of which half are any JSON object, and half are check-ins."""
    chance, puts = Random(seed), []  # noqa: S311 - no secret
    for number in range(many):
        if number % 2:
            fact = a_check_in(chance, number)
            known = Put(key=key_of(fact), expect=0, doc=encoded(fact), type=type_of(fact), about=fact.goal, on=fact.on)
            puts.append(known)
        else:
            found = {text(chance): plain(chance) for _ in range(chance.randrange(1, 5))}
            doc = canonical(found)
            assert canonical(decoded(doc)) == doc
            puts.append(put(Key(Kind.GOAL, f"g{number}"), doc))
    return puts


@pytest.mark.parametrize("seed", range(often(1, 20)))
def test_documents_are_the_same_in_all_stores_and_after_an_export(seed: int) -> None:
    puts = documents(seed, often(300, 5_000))
    wanted = [(each.key, each.doc, each.type, each.about, each.on) for each in puts]
    exports, heads = set(), set()
    for factory in FACTORIES.values():
        made = factory()
        with made.create() as store, open_store("memory:") as other, BytesIO() as file:
            for begin in range(0, len(puts), 500):
                store.apply("acme", Batch(puts=puts[begin : begin + 500], by="ida", at=AT))
            export_workspace(store, "acme", file)
            exports.add(file.getvalue())
            file.seek(0)
            heads |= {store.head("acme").position, import_workspace(other, "acme", file).head}
            for each in (store, made.open_again() or store, other):
                told = [(c.key, c.doc, c.type, c.about, c.on) for c in pages(each, "acme")]
                assert told == wanted
        made.destroy()
    assert (len(exports), len(heads)) == (1, 1)


# -- clocks -------------------------------------------------------------------------------------------


def with_clock(steps: list[int], address: str, writer: int, times: int, tell: Callable[[object], None]) -> None:
    """Write where the clock of the machine is hours off, and steps from one reading to the next."""
    hours = count()

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # as the caller needs it
            return datetime.now(tz) + timedelta(hours=steps[next(hours) % len(steps)])

    vars(deciding)["datetime"] = Clock  # this process has no other clock
    with open_store(address) as store:
        for number in range(times):
            request, at = f"{writer}-{number}", None
            if number % 3 == 2:
                at = datetime.now(UTC) - timedelta(days=number)
            batch = Batch(puts=[put(Key(Kind.FACT, request), "{}")], key=request, at=at)
            first = store.apply("acme", batch)
            again = store.apply("acme", batch)
            tell((first.seq, again.seq, again.replayed, again.at == first.at))
            while True:
                (record,) = store.read("acme", [COUNTER]).records
                try:
                    store.apply("acme", Batch(puts=[put(COUNTER, f"{int(record.doc or 0) + 1}", record.rev)]))
                    break
                except Conflict:
                    continue


COUNTER: Final = Key(Kind.GOAL, "counter")
#: The hours by which a clock is off, in the order in which it is read.
CLOCKS: Final = ([-24], [24], [0, -24, 5, -3], [0])


@IN_FILES
def test_clocks_that_are_a_day_apart_or_step_back_change_nothing_but_times(name: str, tmp_path: Path) -> None:
    address, times = f"{name}:{tmp_path / 'plans'}", often(3, 100)
    with open_store(address) as store:
        store.apply("acme", Batch(puts=[put(COUNTER, "0")]))
        told = all_of(with_clock, *((steps, address, writer, times) for writer, steps in enumerate(CLOCKS)))
        feed = [*pages(store, "acme")]
        assert store.verify() == ()  # type: ignore[attr-defined] # both of them can
    for each in told:
        firsts = [first for first, *_ in each]
        assert firsts == sorted(firsts)
        assert each == [(first, first, True, True) for first in firsts]
    total = len(CLOCKS) * times
    assert [change.seq for change in feed] == [*range(1, 2 + 2 * total)]
    assert [change.rev for change in feed if change.key == COUNTER] == [*range(1, total + 2)]
    assert {change.key.id for change in feed if change.key != COUNTER} == {
        f"{writer}-{number}" for writer in range(len(CLOCKS)) for number in range(times)
    }
    # The clocks were off indeed: what comes later in the feed was written earlier, by a day and more.
    moments = [change.at for change in feed]
    assert max(moments) - min(moments) > timedelta(days=2) - timedelta(minutes=30)
    assert any(after < before for before, after in pairwise(moments))


@EACH
def test_the_time_that_a_batch_gives_decides_nothing(name: str) -> None:
    made, chance = FACTORIES[name](), Random(3)  # noqa: S311 - no secret
    moments = [AT + timedelta(hours=chance.randrange(-24, 25)) for _ in range(often(20, 500))]
    with made.create() as store:
        for number, at in enumerate(moments):
            batch = Batch(puts=[put(Key(Kind.GOAL, "a"), f"{number}", number)], key=f"r{number}", at=at)
            assert store.apply("acme", batch).seq == number + 1
            again = Commit(seq=number + 1, first=number + 1, at=at, replayed=True)
            assert store.apply("acme", batch) == again
        feed = [*pages(store, "acme")]
    made.destroy()
    assert [(change.seq, change.rev, change.at) for change in feed] == [
        (number, number, at) for number, at in enumerate(moments, 1)
    ]


# -- what is hostile ----------------------------------------------------------------------------------

#: A word that stands in all that is refused, and that no message may show: it might be a password, or a document.
SECRET: Final = "hunter2"  # noqa: S105 - that nobody has
LONGEST_MESSAGE: Final = 500
#: The longest that a refusal takes, in seconds: where little time is there, others may have what is left of it.
LONGEST: Final = 0.1 if LONG else 1.0
MOST_MEMORY: Final = 50 * 2**20

Refusal: TypeAlias = Callable[[], object]

_SCHEMES: Final = (
    "",
    ":",
    "sqlit:",
    "SQLITE:",
    "//",
    "postgres:",
    "http:",
    "\0:",
    "\ud800:",
    "sqlite",
    "é:",
    "memory:",
    "m:" * 99,
)


def hostile_addresses(folder: Path) -> Iterator[tuple[str, Refusal]]:
    given: list[Any] = [f"{scheme}{SECRET}" for scheme in _SCHEMES]
    given += [f"{scheme}:{folder}{end}" for scheme in ("file", "sqlite") for end in ("", "/", "/a\0b", "/there/plans")]
    given += [f"sqlite:{folder}/{'x' * 5_000}", f"sqlite:{folder}/nowhere/plans"]
    given += [None, 5, SECRET.encode(), [SECRET], {SECRET: 1}, Path(SECRET), 10**400, float("nan"), SECRET * 10**5]
    (folder / "there").touch()
    for at, address in enumerate(given):
        yield f"address {at}", partial(open_store, address)


def hostile_names(store: Store) -> Iterator[tuple[str, Refusal]]:
    for name, of in {
        **NO_NAMES,
        "very long": "x" * 10**6,
        "list": [],
        "a store": store,
        "separator": "a\u2028b",
    }.items():
        given: Any = of
        yield f"{name} to read", partial(store.read, given, [])
        yield f"{name} to write", partial(store.apply, given, Batch())
        yield f"{name} to follow", partial(store.changes, given, Position())
        yield f"{name} to ask", partial(store.head, given)
        yield f"{name} to open", partial(store.workspace, given)


_NO_KEYS: Final[dict[str, Any]] = {
    "a tuple": ("goal", "nps"),
    "a kind that is text": Key("goal", "nps"),  # type: ignore[arg-type] # that is what is refused
    "no kind": Key(None, "nps"),  # type: ignore[arg-type] # as above
    "a number": Key(Kind.GOAL, 5),  # type: ignore[arg-type] # as above
    "bytes": Key(Kind.GOAL, b"nps"),  # type: ignore[arg-type] # as above
    "a list": Key(Kind.GOAL, ["nps"]),  # type: ignore[arg-type] # as above
    "none": None,
    "text": "nps",
    "a long tuple": ("nps",) * 10**5,
}


def hostile_keys(store: Store) -> Iterator[tuple[str, Refusal]]:
    for name, key in _NO_KEYS.items():
        yield f"{name} to read", partial(store.read, "acme", [key])
        yield f"{name} to write", partial(written, store, puts=[Put(key=key, expect=0, doc="{}")])
        yield f"{name} to guard", partial(written, store, guards=[Guard(key=key, expect=0)])
    for at, what in enumerate((5, None, "nps", b"nps", 1.5)):
        yield f"keys {at}", partial(store.read, "acme", what)  # type: ignore[arg-type] # as above


def written(store: Store, **fields: Any) -> object:
    return store.apply("acme", Batch(**fields))


def asked(store: Store, fields: dict[str, Any]) -> object:
    return store.read("acme", Query(**fields))


def imported(store: Store, data: bytes) -> object:
    return import_workspace(store, "new", BytesIO(data))


def hostile_batches(store: Store) -> Iterator[tuple[str, Refusal]]:
    goal = Key(Kind.GOAL, "a")
    fields: dict[str, list[Any]] = {
        "puts": [[None], [5], ["nps"], ["x" * 10**6], [Guard(key=goal, expect=0)], [put(goal, 5)], [put(goal, {})]],  # type: ignore[arg-type] # as above
        "guards": [[None], [5], ["nps"], [put(goal, "{}")]],
        "quiet": [[None], [5], ["nps"]],
        "key": [5, "x" * 256, "\0", "\ud800", " a", "a\nb", [], b"a", "x" * 10**6],
        "fingerprint": [5, None, "\0", "\ud800", []],
        "by": [5, "x" * 256, "\0", "\ud800", " a", [], "x" * 10**6],
        "why": [5, None, "\0", "\ud800", [], b"a"],
        "at": [5, "nps", datetime(2026, 7, 1), date(2026, 7, 1), float("nan"), []],  # noqa: DTZ001 - as above
    }
    for name, values in fields.items():
        for at, value in enumerate(values):
            yield f"{name} {at}", partial(written, store, **{name: value})
    for at, doc in enumerate(("\ud800", '{"half":"\udfff"}', "half" + "\ud800")):
        yield f"half a character {at}", partial(written, store, puts=[put(goal, doc)])
    revs: tuple[Any, ...] = (1, -1, 2**70, "1", None, 1.5, float("nan"), [])
    for at, expect in enumerate(revs):
        yield f"expect {at}", partial(written, store, puts=[put(goal, "{}", expect)])
    for at, after in enumerate((Position(1), Position(2**70), Position(-1), Position(None), None, 5, (0, ""), "nps")):  # type: ignore[arg-type] # as above
        yield f"place {at}", partial(store.changes, "acme", after)  # type: ignore[arg-type] # as above
    queries: list[dict[str, Any]] = [{"kind": "nps"}, {"about": "\0"}, {"type": 5}, {"since": "nps"}, {"until": 10**9}]
    for at, query in enumerate(queries):
        yield f"query {at}", partial(asked, store, {"kind": "goal", **query})
    for at, limit in enumerate((0, -1, 1001, None, "many", 1.5, float("inf"), 10**400)):
        yield f"limit {at}", partial(store.changes, "acme", Position(), limit=limit)  # type: ignore[arg-type] # as above


_NO_DOCUMENTS: Final[tuple[Any, ...]] = (
    *(
        "",
        SECRET,
        "null",
        "true",
        "1",
        "[]",
        '"x"',
        "{",
        "}",
        "{]",
        f'{{"{SECRET}"',
        f'{{"{SECRET}":}}',
        "{,}",
        "{'a':1}",
    ),
    *(f'{{"{SECRET}":{each}}}' for each in ("NaN", "Infinity", "-Infinity", "1e400", "-1e400", "01", "1.", ".5", "+1")),
    *(
        f'{{"{SECRET}":{each}}}'
        for each in ("0x1", "1" * 500, "1" * 10**6, "1." + "1" * 500, "1e999999999", "undefined")
    ),
    *(f'{{"{SECRET}":{each}}}' for each in (r'"\ud800"', r'"\u0000"', '"\0"', '"\n"', r'"\x"', '"', r'"\u12"', "'x'")),
    *(
        f'{{"a":1,"{SECRET}":1,"a":1}}',
        f'{{"{SECRET}":"\ud800"}}',
        r'{"\ud800":1}',
        r'{"\u0000":1}',
        "\ufeff{}",
        "{}{}",
    ),
    *("[" * 10**5, "{" * 10**5, '{"a":' * 10**5, '{"a":' * 200 + "1" + "}" * 200, "[" * 101 + "]" * 101),
    *('{"a":[' + "[]," * 30_000 + "[]]}", '{"a":"' + SECRET * 200_000 + '"}', '"' + "\\" * 10**6, "{}" + " " * 2**20),
    *(
        "{" + '"a":1,' * 10**5 + '"a":1}',
        "\0" * 1000,
        "<html>",
        "!!python/object:os.system",
        "(dp0\n.",
        "/*c*/{}",
        "{}//",
    ),
    *(None, 5, b"{}", [], {}, 1.5),
)


def hostile_documents() -> Iterator[tuple[str, Refusal]]:
    for at, doc in enumerate(_NO_DOCUMENTS):
        yield f"document {at}", partial(decoded, doc)


def damages(data: bytes) -> Iterator[bytes]:
    """Yield what somebody might give for a file that begins as this one."""
    chance = Random(9)  # noqa: S311 - no secret
    word = SECRET.encode()
    yield from (data[: len(data) * part // 8] + word for part in range(1, 8))
    yield from (word, word * 10**5, b"\0" * 10**6, b"\xff\xfe" * 1000, b"{" * 10**5, b"[" * 10**5, b'{"a":' * 10**5)
    yield from (b"[]", b"{}", b"null", b"1" * 10**5, b"\n" * 10**5, b'{"format":"' + word + b'"}', b"\x1f\x8b" + word)
    yield from (b"SQLite format 3\0" + word, b"SQLite format 3\0" + b"\0" * 4096, b"PK\3\4" + word, b"%PDF" + word)
    yield from (chance.randbytes(10**5), data[1:], data[::-1], gzip.compress(data)[:-9])


def written_by(store: Store) -> None:
    for number in range(20):
        doc = canonical({"note": SECRET, "number": number})
        store.apply("acme", Batch(puts=[put(Key(Kind.GOAL, f"g{number}"), doc)], key=f"r{number}", at=AT))


def hostile_files(folder: Path) -> Iterator[tuple[str, Refusal]]:
    for scheme in ("file", "sqlite"):
        path = folder / f"{scheme} sound"
        with open_store(f"{scheme}:{path}") as store:
            written_by(store)
        for at, data in enumerate(damages(path.read_bytes())):
            damaged = folder / f"{scheme} {at}"
            damaged.write_bytes(data)
            yield f"{scheme} {at}", partial(read_all, f"{scheme}:{damaged}")


def read_all(address: str) -> None:
    with open_store(address) as store:
        [*pages(store, "acme")]
        if wrong := store.verify():  # type: ignore[attr-defined] # all stores in files can
            raise StoreDamaged(wrong[0])


def hostile_exports(store: Store, folder: Path) -> Iterator[tuple[str, Refusal]]:
    with BytesIO() as file:
        export_workspace(store, "acme", file)
        data = file.getvalue()
    lines = data.splitlines(keepends=True)
    given = [*damages(data), data + b"\n", data + data, data[:-1] + b" ", b"".join(reversed(lines))]
    chance = Random(8)  # noqa: S311 - no secret
    places_in_it = [chance.randrange(len(data)) for _ in range(20)]
    given += [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in places_in_it]
    given += [b"".join(lines[:at] + lines[at + 1 :]) for at in range(len(lines))]
    given += [b"".join([*lines[:at], lines[at], *lines[at:]]) for at in range(len(lines))]
    for at, each in enumerate(given):
        yield f"export {at}", partial(imported, store, each)
        path = folder / f"export {at}.gz"
        path.write_bytes(gzip.compress(each) if at % 2 else each)
        yield f"packed export {at}", partial(import_workspace, store, "new", path)
    bomb = folder / "bomb.gz"
    bomb.write_bytes(gzip.compress(lines[0] + b"{}\n" * 10**7))
    yield "bomb", partial(import_workspace, store, "new", bomb)
    places: tuple[Any, ...] = (None, 5, "", folder, folder / "nowhere", [], SECRET * 1000)
    for at, place in enumerate(places):
        yield f"place of an export {at}", partial(import_workspace, store, "new", place)


def hostile(folder: Path) -> Iterator[tuple[str, Refusal]]:
    yield from hostile_addresses(folder)
    yield from hostile_documents()
    yield from hostile_files(folder)
    for name in FACTORIES:
        with open_store("memory:" if name == "memory" else f"{name}:{folder / 'hostile'}{name}") as store:
            for find in (hostile_names, hostile_keys, hostile_batches):
                yield from ((f"{name}: {case}", refusal) for case, refusal in find(store))
            if name == "memory":
                written_by(store)
                yield from hostile_exports(store, folder)


def refused(refusal: Refusal) -> GoalkitError:
    with pytest.raises(GoalkitError) as caught:
        refusal()
    return caught.value


def seconds_of(refusal: Refusal) -> float:
    begun_at = perf_counter()
    refused(refusal)
    return perf_counter() - begun_at


def test_whatever_is_hostile_is_refused_at_once_in_few_words_and_never_shown(tmp_path: Path) -> None:
    wrong: list[tuple[str, object]] = []
    cases = 0
    tracemalloc.start()
    try:
        for case, refusal in hostile(tmp_path):
            cases += 1
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            try:
                told = str(refused(refusal))
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is told with all the others
                wrong.append((case, error))
                continue
            memory = tracemalloc.get_traced_memory()[1] - before
            tracemalloc.stop()  # it makes everything slow
            seconds = min(seconds_of(refusal), *(seconds_of(refusal) for _ in range(2)))
            tracemalloc.start()
            if len(told) > LONGEST_MESSAGE or SECRET in told:
                wrong.append((case, told))
            if seconds > LONGEST or memory > MOST_MEMORY:
                wrong.append((case, f"{seconds:.3f} s, {memory / 2**20:.1f} MiB"))
    finally:
        tracemalloc.stop()
    assert wrong == []
    assert cases >= 300


_GOAL: Final = Key(Kind.GOAL, "a")


def _put_with(field: str, value: object) -> Callable[[Store, Path], object]:
    wrong: Any = {"key": _GOAL, "expect": 0, "doc": "{}", field: value}
    return lambda store, _: store.apply("acme", Batch(puts=[Put(**wrong)]))


#: What is refused in the same way before anything is looked up.
ARGUMENTS: Final[dict[str, Callable[[Any, Path], object]]] = {
    "a type that is a number": _put_with("type", 5),
    "an id of what it is about that is a number": _put_with("about", 5),
    "an id of what it is about that is bytes": _put_with("about", b"nps"),
    "a type that is a list": _put_with("type", []),
    "a day that is text": _put_with("on", "2026-07-01"),
    "a day that is a number": _put_with("on", 5),
    "a head that is a number": lambda store, _: store.apply("acme", Batch(head=5)),  # type: ignore[arg-type] # as above
    "no batch": lambda store, _: store.apply("acme", None),
    "half a character in a path": lambda _, folder: open_store(f"file:{folder}/\ud800"),
    "half a character in the path of a database": lambda _, folder: open_store(f"sqlite:{folder}/\ud800"),
    "NUL in the path of an export": lambda store, _: import_workspace(store, "new", "\0"),
    "half a character in the path of an export": lambda store, _: import_workspace(store, "new", "\ud800"),
    "a long path": lambda _, folder: refused_in_few_words(lambda: open_store(f"file:{folder}/{'x' * 5_000}")),
}


def refused_in_few_words(refusal: Refusal) -> None:
    error = refused(refusal)
    assert len(str(error)) <= LONGEST_MESSAGE
    raise error


@pytest.mark.parametrize("case", ARGUMENTS)
def test_this_is_refused_too(case: str, tmp_path: Path) -> None:
    for name in FACTORIES:
        with open_store("memory:" if name == "memory" else f"{name}:{tmp_path / name}") as store:
            refused(lambda store=store: ARGUMENTS[case](store, tmp_path))  # type: ignore[misc] # mypy cannot tell its type
            assert isinstance(store, Maintained)
            assert store.verify() == ()


# -- what an import costs -----------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["goalkit", "goalkit.storage"])
def test_importing_loads_no_driver_of_any_database(what: str) -> None:
    command = [sys.executable, "-I", "-W", "error", "-c", f"import sys, {what}; print(*sys.modules)"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    loaded = {each.partition(".")[0] for each in done.stdout.split()}
    assert "goalkit" in loaded
    assert loaded.isdisjoint({"sqlite3", "psycopg", "psycopg_pool", "hypothesis", "pytest"})
