"""
What the embedded stores do with a thousand key results and a hundred thousand check-ins: in, out, and rolled up.

Run it from the root of the repository with ``python -m benchmarks.storage_volume``. Beside each figure stands what is
wanted; nothing fails where it is missed. The JSON file writes all of itself with every commit, and takes no more than
64 MiB, so that it is measured with a tenth of the check-ins.
"""

from __future__ import annotations

import gc
import tracemalloc
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from goalkit import CheckIn, Increase, KeyResult, Objective, Plan, rollup
from goalkit.storage import Batch, Kind, Query, Record, Store, open_store
from goalkit.storage.codec import read
from goalkit.storage.jsonl import export_workspace, import_workspace
from goalkit.storage.saving import put_of

from .company import SEED
from .measure import duration, machine, table

KEY_RESULTS: Final = 1_000
CHECK_INS: Final = 100_000
LATEST: Final = 20
_OBJECTIVES: Final = 100
_IN_A_BATCH: Final = 1_000
_ASKED: Final = 2_000
_FIRST_DAY: Final = date(2026, 1, 1)
_TODAY: Final = date(2026, 12, 31)
_PAGE: Final = 1_000

#: What is wanted, by what is measured.
WANTED: Final = {
    "check-ins imported a second, as batches of 1,000": "≥ 10,000",
    "check-ins imported a second, by record, 1,000 at a time": "≥ 10,000",
    "changes imported a second, from an export": "≥ 10,000",
    "latest 20 of a key result, median": "",
    "latest 20 of a key result, p99": "≤ 2 ms",
    "check-ins read a second, typed": "≥ 20,000",
    "memory that this takes in Python": "≤ 64 MiB",
    "snapshot of all": "",
    "snapshot after one check-in more": "",
    "roll-up of 1,000 key results, the first time": "≤ 1 s",
    "roll-up of 1,000 key results, after one check-in more": "≤ 1 s",
}


def goals() -> Plan:
    """Return the key results, in objectives."""
    objectives = [Objective(id=f"o-{number:03}", title="An objective") for number in range(_OBJECTIVES)]
    results = [
        KeyResult(
            id=_result(number),
            title="A key result",
            parent=f"o-{number % _OBJECTIVES:03}",
            metric=Increase(start=0, target=1000),
        )
        for number in range(KEY_RESULTS)
    ]
    return Plan.of(*objectives, *results)


def _result(number: int) -> str:
    return f"kr-{number:04}"


def check_ins(many: int) -> list[CheckIn]:
    """Return check-ins of all key results, day by day."""
    chance = Random(SEED)
    return [
        CheckIn(
            goal=_result(number % KEY_RESULTS),
            on=_FIRST_DAY + timedelta(number // KEY_RESULTS),
            value=chance.randrange(1000),
            confidence=0.7,
            by="ida",
        )
        for number in range(many)
    ]


def seconds(work: Callable[[], object]) -> float:
    """Return how long some work takes."""
    gc.collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def pages(store: Store) -> Iterator[Sequence[Record]]:
    """Yield all facts, page by page."""
    after: int | None = 0
    while after is not None:
        page = store.read("acme", Query(kind=Kind.FACT), after=after, limit=_PAGE)
        yield page.records
        after = page.more


def streamed(store: Store, many: int) -> None:
    """Read all facts as what they are, one by one."""
    assert sum(isinstance(read(record), CheckIn) for page in pages(store) for record in page) == many


def most_of(work: Callable[[], object]) -> int:
    """Return how many bytes Python took at the most for some work, beside what it had taken before."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def latest(store: Store, goal: str) -> list[CheckIn]:
    """Return the latest check-ins of a key result, as what they are."""
    asked = Query(kind=Kind.FACT, about=goal, type="check_in", newest_first=True)
    found = [read(record) for record in store.read("acme", asked, limit=LATEST).records]
    return [each for each in found if isinstance(each, CheckIn)]


def measured(address: str, other: str, facts: Sequence[CheckIn]) -> Iterator[tuple[str, str]]:
    """
    Yield what was measured, and the figure.

    Args:
        address: Where the store is that all is measured with.
        other: Where others of its kind may be.
        facts: The check-ins.
    """
    many = len(facts)
    with open_store(address) as store:
        acme = store.workspace("acme")
        acme.save(goals(), by="ida")
        batches = [facts[begin : begin + _IN_A_BATCH] for begin in range(0, many, _IN_A_BATCH)]

        def put_all() -> None:
            for batch in batches:
                store.apply("acme", Batch(puts=[put_of(fact, 0) for fact in batch], by="ida"))

        yield "check-ins imported a second, as batches of 1,000", _rate(many, seconds(put_all))
        with open_store(f"{other}recorded" if other else address) as another:
            recorded = another.workspace("acme")
            recorded.save(goals(), by="ida")
            taken = seconds(lambda: [recorded.record(*batch, by="ida") for batch in batches])
            yield "check-ins imported a second, by record, 1,000 at a time", _rate(many, taken)
        with BytesIO() as file, open_store(f"{other}imported" if other else address) as another:
            export_workspace(store, "acme", file)
            file.seek(0)
            taken = seconds(lambda: import_workspace(another, "acme", file))
            yield "changes imported a second, from an export", _rate(many, taken)
            assert another.head("acme").position == store.head("acme").position
        yield from _read(store, many)


def _rate(many: int, taken: float) -> str:
    return f"{many / taken:,.0f}"


def _read(store: Store, many: int) -> Iterator[tuple[str, str]]:
    chance = Random(SEED)
    asked = [_result(chance.randrange(KEY_RESULTS)) for _ in range(_ASKED)]
    assert all(len(latest(store, each)) == min(LATEST, many // KEY_RESULTS) for each in asked[:100])
    taken = sorted(seconds_of_one(store, each) for each in asked)
    yield "latest 20 of a key result, median", duration(taken[_ASKED // 2])
    yield "latest 20 of a key result, p99", duration(quantiles(taken, n=100)[98])
    yield "check-ins read a second, typed", _rate(many, seconds(lambda: streamed(store, many)))
    yield "memory that this takes in Python", f"{most_of(lambda: streamed(store, many)) / 2**20:.1f} MiB"
    acme = store.workspace("acme")
    yield "snapshot of all", duration(seconds(acme.snapshot))
    plan = acme.snapshot().plan
    yield "roll-up of 1,000 key results, the first time", duration(seconds(lambda: rollup(plan, as_of=_TODAY)))
    acme.record(CheckIn(goal=_result(0), on=_FIRST_DAY + timedelta(300), value=5), by="ida")
    yield "snapshot after one check-in more", duration(seconds(acme.snapshot))
    newer = acme.snapshot().plan
    assert len(newer.check_ins(_result(0))) == len(plan.check_ins(_result(0))) + 1
    yield (
        "roll-up of 1,000 key results, after one check-in more",
        duration(seconds(lambda: rollup(newer, as_of=_TODAY))),
    )


def seconds_of_one(store: Store, goal: str) -> float:
    """Return how long it takes to read the latest check-ins of a key result."""
    begun = perf_counter()
    latest(store, goal)
    return perf_counter() - begun


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.storage_volume", description="Measure stores with much in them.")
    parser.add_argument("--quick", action="store_true", help="a tenth of the check-ins")
    parser.add_argument("--folder", type=Path, help="where the files are; a temporary folder unless given")
    return parser.parse_args()


def main() -> None:
    """Measure all stores."""
    given = _arguments()
    facts = check_ins(CHECK_INS // 10 if given.quick else CHECK_INS)
    columns: dict[str, dict[str, str]] = {}
    with TemporaryDirectory(dir=given.folder) as folder:
        columns["memory"] = dict(measured("memory:", "", facts))
        columns["SQLite"] = dict(measured(f"sqlite:{folder}/plans.db", f"sqlite:{folder}/", facts))
        few = facts[: CHECK_INS // 10]
        columns["JSON file, a tenth"] = dict(measured(f"file:{folder}/plans.json", f"file:{folder}/json-", few))
    print(machine())
    head = ["what", "wanted", *columns]
    rows = [[what, wanted, *(column[what] for column in columns.values())] for what, wanted in WANTED.items()]
    table(f"{KEY_RESULTS:,} key results, {len(facts):,} check-ins", head, rows)


if __name__ == "__main__":
    main()
