"""How a plan is put together from things, and what of it must be looked at again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import frozen

from ..calendars import Cycle
from ..errors import Problem
from .checks import check_days, check_facts, check_goals, is_structural
from .definitions import Definitions
from .facts import FactLog, Log, ObservationLog
from .findings import Finding
from .goals import Goal
from .kpi_checks import check_kpis, check_observations
from .kpis import KPI, Observation
from .records import Fact, Revision

#: What a plan is made of.
Thing: TypeAlias = Goal | Cycle | Fact | KPI | Observation


@frozen(kw_only=True)
class Parts:
    """
    The parts of a plan that is not checked yet, and what in it is new.

    Attributes:
        written: The goals, cycles and KPIs.
        log: The facts.
        observed: What was observed of KPIs.
        goals: The goals that are new, or have changed.
        facts: The facts that are new, or are about goals that have changed.
        kpis: The KPIs that are new, or have changed.
        observations: The observations that are new, or are of KPIs that have changed.
        findings: What was found to be wrong in putting them together.
    """

    written: Definitions
    log: FactLog
    observed: ObservationLog
    goals: tuple[Goal, ...] = ()
    facts: tuple[Fact, ...] = ()
    kpis: tuple[KPI, ...] = ()
    observations: tuple[Observation, ...] = ()
    findings: tuple[Finding, ...] = ()


def assemble(things: Iterable[Thing], written: Definitions, log: FactLog, observed: ObservationLog) -> Parts:
    """
    Put more things to the parts of a plan; what is there already changes nothing.

    Args:
        things: Cycles, goals, KPIs and facts, in any order.
        written: The goals, cycles and KPIs to add to.
        log: The facts to add to.
        observed: The observations to add to.
    """
    goals: dict[str, Goal] = {}
    cycles: dict[str, Cycle] = {}
    facts: dict[str, Fact] = {}
    kpis: dict[str, KPI] = {}
    observations: dict[str, Observation] = {}
    findings: list[Finding] = []
    for thing in things:
        if isinstance(thing, Goal):
            taken = _put(goals, written.goals, thing)
        elif isinstance(thing, Fact):
            taken = _put(facts, log, thing)
        elif isinstance(thing, Observation):
            taken = _put(observations, observed, thing)
        elif isinstance(thing, KPI):
            taken = _put(kpis, written.kpis, thing)
        else:
            taken = _put(cycles, written.cycles, thing)
        if taken:
            message = f"another {_word(thing)} has the id {thing.id!r}"
            hint = "give it an id of its own"
            problem = Problem(code="duplicate_id", path="id", message=message, hint=hint)
            findings.append(Finding(problem=problem, subject=thing))
    if goals or cycles or kpis:
        known = {**written.kpis, **kpis} if kpis else written.kpis
        written = Definitions({**written.goals, **goals}, {**written.cycles, **cycles}, kpis=known)
    return Parts(
        written=written,
        log=log.extended(facts.values()),
        observed=observed.extended(observations.values()),
        goals=tuple(goals.values()),
        facts=tuple(facts.values()),
        kpis=tuple(kpis.values()),
        observations=tuple(observations.values()),
        findings=tuple(findings),
    )


def _put(new: dict[str, Any], old: Mapping[str, Any] | Log[Any], thing: Any) -> bool:
    """Put a thing among the new ones, unless it is there already; tell whether its id is taken by another."""
    taken = new.get(thing.id) or old.get(thing.id)
    if taken is None:
        new[thing.id] = thing
        return False
    return bool(taken != thing)


def _word(thing: Thing) -> str:
    if isinstance(thing, (Cycle, KPI)):
        return "KPI" if isinstance(thing, KPI) else "cycle"
    return thing.kind.replace("_", " ")


def check(parts: Parts, written: Definitions) -> Iterator[Finding]:
    """
    Yield what is wrong in what is new, and in what that may have broken.

    Args:
        parts: The parts of the plan to be.
        written: The goals and cycles of the plan that it comes from.
    """
    goals = parts.written.goals
    changed = parts.written is not written
    found: list[Finding] = []
    if changed:
        found.extend(check_goals(parts.written, parts.goals))
        found.extend(check_kpis(parts.written.kpis, parts.kpis))
    yield from found
    yield from check_observations(parts.written.kpis, parts.observed, parts.observations)
    yield from check_facts(goals, parts.log, (*parts.facts, *_revised_meanwhile(parts)))
    moved = [fact.on for fact in parts.facts if isinstance(fact, Revision) and is_structural(fact)]
    if changed:
        yield from check_days(parts.written, parts.log, known=found)
    elif moved:
        yield from check_days(parts.written, parts.log, since=min(moved))


def _revised_meanwhile(parts: Parts) -> Iterator[Fact]:
    """Yield the facts that are not new, but are now seen beside another definition of their goal."""
    since: dict[str, date] = {}
    for fact in parts.facts:
        if isinstance(fact, Revision):
            since[fact.goal] = min(fact.on, since.get(fact.goal, fact.on))
    if since:
        new = {fact.id for fact in parts.facts}
        for goal_id, first in since.items():
            yield from (fact for fact in parts.log.about(goal_id) if fact.on >= first and fact.id not in new)


def placed(problem: Problem, thing: Thing, places: Mapping[int, str]) -> Problem:
    """
    Return a problem with the place of the thing that has it.

    Args:
        problem: What is wrong; its path starts at the thing.
        thing: The goal, cycle, KPI or fact.
        places: Where each thing was read, by its identity.
    """
    place = places.get(id(thing))
    if place is None:
        place = thing.id
        if isinstance(thing, (Fact, Observation)):
            place = f"{thing.goal if isinstance(thing, Fact) else thing.kpi}[{thing.on}]"
    return problem.under(place)
