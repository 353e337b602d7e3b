"""
Roll-up beside what people would otherwise write: the same tree, in one process, with equal answers.

Run it from the root of the repository with ``python -m benchmarks.rollup [key results ...]``.
"""

from __future__ import annotations

import gc
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence

from .building import build
from .company import Change, Company, company
from .following import batches, drift
from .libraries import PEERS
from .measure import Case, machine, measured, show, show_growth, undisturbed
from .ours import change_cases, full_cases, plan_of
from .peers import Flat, Objects, Peer
from .shapes import shapes

_PARTS = ("full", "change", "shapes", "batch", "build", "drift")
_QUICK = [1_000, 10_000]
_SIZES = [*_QUICK, 100_000]
_PACKAGES = ("attrs", "numpy", "pandas", "polars", "networkx", "anytree", "duckdb")
_CHANGES = 200
_RECOMPUTED = 3

Least = dict[str, float]


def _rounds(size: int) -> int:
    return 7 if size <= 1_000 else 5 if size <= 10_000 else 3 if size <= 100_000 else 2


def _peers(size: int) -> list[type[Peer]]:
    """Return the peers that are here and up to the size, and say which are not."""
    here: list[type[Peer]] = []
    for peer in PEERS:
        if missing := peer.missing():
            print(f"\nLeft out: {peer.name}, since {' and '.join(missing)} is not installed.")
        elif size > peer.limit:
            print(f"\nLeft out: {peer.name}, since {peer.limit:,} key results are as many as it can do in 20 s.")
        else:
            here.append(peer)
    return here


def _full_case(peer: Peer, size: int) -> Case:
    """Return a roll-up of everything, done so often that it can be timed."""
    return Case(run=lambda _: peer.full(), everything=peer.everything, repeat=max(1, 20_000 // size))


def _change_case(peer: Peer, turns: Sequence[Sequence[Change]]) -> Case:
    """
    Return the changes of each turn, with the company's progress after each.

    Who works everything out for each change is timed for a few of them, and told of the others beforehand.
    """
    timed = _CHANGES if peer.follows else _RECOMPUTED

    def before(turn: int) -> None:
        for result, value in turns[turn][:-timed]:
            peer.put(result, value)

    def run(turn: int) -> float:
        answer = 0.0
        for result, value in turns[turn][-timed:]:
            answer = peer.change(result, value)
        return answer

    return Case(run=run, before=before, everything=peer.everything, items=timed)


def of_size(size: int, parts: Sequence[str]) -> tuple[Least, Least]:
    """
    Measure a company of one size.

    Args:
        size: About how many key results it has.
        parts: Whether the ``full`` roll-up is measured, one ``change``, or both.

    Returns:
        The least seconds of each case, of a full roll-up and of one change.
    """
    with undisturbed():
        given: Company = company(size)
        peers = [peer(given) for peer in _peers(size)]
        plan = plan_of(given)
    described = f"{given.results:,} key results in {given.objectives:,} objectives"
    full: Least = {}
    change: Least = {}
    if "full" in parts:
        cases = {peer.name: _full_case(peer, size) for peer in peers} | full_cases(given, plan)
        full = measured(cases, _rounds(size))
        show(f"Full roll-up of {described}", full, Flat.name, Objects.name)
    if "change" in parts:
        for peer in peers:
            peer.full()
        changes = given.changes(_CHANGES * _rounds(size))
        turns = [changes[at : at + _CHANGES] for at in range(0, len(changes), _CHANGES)]
        cases = {
            f"{peer.name}, {'followed' if peer.follows else 'everything again'}": _change_case(peer, turns)
            for peer in peers
        }
        cases |= change_cases(given, plan, turns)
        change = measured(cases, _rounds(size))
        show(f"One change among {described}", change, f"{Flat.name}, followed", f"{Objects.name}, followed")
    return full, change


def _arguments() -> Namespace:
    parser = ArgumentParser(prog="python -m benchmarks.rollup", description="Measure the roll-up beside its peers.")
    parser.add_argument("sizes", nargs="*", type=int, metavar="key results", help="1000 10000 100000 by default")
    parser.add_argument("--only", default=",".join(_PARTS), help="parts, with commas between: %(default)s")
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--drift", type=int, default=0, metavar="CHANGES", help="100000 by default")
    given = parser.parse_args()
    given.only = given.only.split(",")
    if unknown := sorted({*given.only} - {*_PARTS}):
        parser.error(f"there is no part {', '.join(unknown)}; there are {', '.join(_PARTS)}")
    given.sizes = given.sizes or (_QUICK if given.quick else _SIZES)
    given.drift = given.drift or (10_000 if given.quick else 100_000)
    return given


def main() -> None:
    """Measure what is asked for."""
    given = _arguments()
    print(f"{machine(*_PACKAGES)}\n\nEvery table holds the least time of several turns; × is a ratio of least times.")
    if {"full", "change"} & {*given.only}:
        found = {size: of_size(size, given.only) for size in sorted(given.sizes)}
        for at, title in enumerate(("Full roll-up", "One change")):
            if len(found) > 1 and all(each[at] for each in found.values()):
                show_growth(f"{title}, and how it grows", {size: each[at] for size, each in found.items()})
    tenth = 10 if given.quick else 1
    rest: dict[str, Callable[[], None]] = {
        "shapes": lambda: shapes(children=100_000 // tenth, levels=10_000 // tenth),
        "batch": lambda: batches(100_000 // tenth),
        "build": lambda: build(100_000 // tenth),
        "drift": lambda: drift(given.drift),
    }
    for part, run in rest.items():
        if part in given.only:
            gc.collect()
            run()


if __name__ == "__main__":
    main()
