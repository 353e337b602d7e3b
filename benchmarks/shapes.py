"""Shapes that are hard: one objective with many below it, a long chain, and paths that part and meet again."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from goalkit import LiveRollup, Plan, rollup

from .company import SEED, Change, Company, chain, star
from .ladder import Ladder
from .measure import Case, measured, show
from .ours import DAY, again, check_ins, full_cases, objective_id, plan_of, value, values
from .peers import Dicts, Flat, Objects, Peer

_ROUNDS = 5
_CHANGES = 10
_LEVELS_OF_LADDER = 20


def shapes(*, children: int, levels: int) -> None:
    """
    Measure a star, a chain and a ladder.

    Args:
        children: How many key results the star has below its one objective.
        levels: How many objectives stand below each other in the chain.
    """
    wide = star(children)
    _one_change(f"Star: one of {children:,} children changes", wide, plan_of(wide))
    _chain(levels)
    _ladder(_LEVELS_OF_LADDER)


def _chain(levels: int) -> None:
    deep = chain(levels)
    plan = plan_of(deep)
    cases: dict[str, Case] = {}
    for made in (Flat, Objects, Dicts):
        peer: Peer = made(deep)
        try:
            peer.full()
        except RecursionError:
            print(f"\n{peer.name} cannot go {levels:,} levels deep.")
        else:
            cases[peer.name] = _case(peer)
    cases |= full_cases(deep, plan)
    show(f"Chain of {levels:,} objectives: full roll-up", measured(cases, _ROUNDS), Flat.name)
    lowest = deep.owner.index(deep.order[-1])
    _one_change(f"Chain of {levels:,} objectives: the lowest key result changes", deep, plan, [lowest])


def _case(peer: Peer) -> Case:
    return Case(run=lambda _: peer.full(), everything=peer.everything)


def _one_change(title: str, company: Company, plan: Plan, among: Sequence[int] = ()) -> None:
    """Measure some changes one after the other: what is recorded, and what is then read."""
    changes = company.changes(_CHANGES * _ROUNDS, among=among)
    turns = [changes[at : at + _CHANGES] for at in range(0, len(changes), _CHANGES)]
    cases: dict[str, Case] = {}
    for made in (Flat, Objects):
        peer: Peer = made(company)
        peer.full()
        cases[peer.name] = _changing(peer, turns)
    for name, reads in {"goalkit, recorded": False, "goalkit, recorded and the top read": True}.items():
        cases[name] = _following(company, plan, turns, reads=reads)
    show(title, measured(cases, _ROUNDS), Flat.name, Objects.name)


def _changing(peer: Peer, turns: list[list[Change]]) -> Case:
    def run(turn: int) -> float:
        answer = 0.0
        for result, new in turns[turn]:
            answer = peer.change(result, new)
        return answer

    return Case(run=run, everything=peer.everything, items=_CHANGES)


def _following(company: Company, plan: Plan, turns: list[list[Change]], *, reads: bool) -> Case:
    live, top = LiveRollup(plan, as_of=DAY), objective_id(company.top)
    facts = [check_ins(changes) for changes in turns]

    def run(turn: int) -> float | None:
        figure = None
        for fact in facts[turn]:
            live.record(fact)
            if reads:
                figure = value(live, top)
        return figure

    return Case(run=run, everything=lambda: values(live, company), items=_CHANGES)


def _ladder(levels: int) -> None:
    ladder = Ladder(levels)
    plan = ladder.plan()
    top = objective_id(0)
    new: list[Plan] = []

    def before(_: int) -> None:
        new[:] = [again(plan)]

    cases = {
        "flat links": Case(run=lambda _: ladder.full(), repeat=100),
        "recursion that remembers": Case(run=lambda _: ladder.recursive(), repeat=100),
        "goalkit, a new plan": Case(run=lambda _: value(rollup(new[0], as_of=DAY), top), before=before),
        "goalkit, the same plan again": Case(run=lambda _: value(rollup(plan, as_of=DAY), top)),
    }
    title = f"Ladder of {levels} levels, {2**levels:,} paths"
    show(f"{title}: full roll-up", measured(cases, _ROUNDS), "flat links")

    chance = Random(SEED)
    lowest = len(ladder.own) - 1
    turns = [[(lowest, chance.random()) for _ in range(_CHANGES)] for _ in range(_ROUNDS)]
    facts = [check_ins(changes) for changes in turns]
    live = LiveRollup(plan, as_of=DAY)

    def followed(turn: int) -> float:
        answer = 0.0
        for each, new in turns[turn]:
            answer = ladder.change(each, new)
        return answer

    def recorded(turn: int) -> float:
        for fact in facts[turn]:
            live.record(fact)
        return value(live, top)

    cases = {
        "flat links, merged on the way": Case(run=followed, items=_CHANGES),
        "goalkit, recorded, the top read once": Case(run=recorded, items=_CHANGES),
    }
    show(f"{title}: the lowest key result changes", measured(cases, _ROUNDS), "flat links, merged on the way")
