"""Strategies for KPIs and their observations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .. import (
    KPI,
    BandsBy,
    Benchmark,
    Direction,
    Formula,
    Frequency,
    Indicator,
    KpiBands,
    KpiKind,
    Observation,
    Operation,
    Plan,
    Reads,
    Target,
)
from ..calendars import CycleKind
from ..model.building import Thing
from .strategies_facts import SAID_BY
from .strategies_goals import some
from .strategies_words import any_days, days, extras, ids, measures, texts, titles, words

_PERIODS = (CycleKind.WEEK, CycleKind.MONTH, CycleKind.QUARTER, CycleKind.TERTIAL, CycleKind.HALF, CycleKind.YEAR)


_READABLE = (KpiKind.STOCK, KpiKind.SCORE)


@st.composite
def kpi_bands(draw: DrawFn, *, by: BandsBy | None = None) -> KpiBands:
    """Bands that are open on one side, or on none, with and without yellow."""
    limits = draw(st.lists(measures(), min_size=4, max_size=4).map(sorted))
    yellow_from, green_from, green_to, yellow_to = (limit if draw(st.booleans()) else None for limit in limits)
    if green_from is None and green_to is None:
        green_from = limits[1]
    return KpiBands(
        by=draw(st.sampled_from(BandsBy)) if by is None else by,
        green_from=green_from,
        green_to=green_to,
        yellow_from=None if green_from is None else yellow_from,
        yellow_to=None if green_to is None else yellow_to,
    )


def targets() -> SearchStrategy[list[Target]]:
    """Targets from a day on, and for a period, each at most once."""
    since = st.builds(Target, measures(), since=any_days())
    cycle = st.builds(Target, measures(), cycle=st.sampled_from(("2026-Q3", "2026", "2026-08")) | ids())
    return st.lists(since | cycle, max_size=3, unique_by=lambda target: (target.since, target.cycle))


#: What the fields of a KPI hold that may hold anything, by name.
_KPI_DETAILS: Mapping[str, SearchStrategy[Any]] = {
    "why": texts(),
    "unit": st.none() | st.sampled_from(("number", "percent", "EUR")) | ids(),
    "direction": st.none() | st.sampled_from(Direction),
    "target": st.none() | measures(),
    "targets": targets(),
    "bands": st.none() | kpi_bands(),
    "frequency": st.none() | st.sampled_from(Frequency),
    "indicator": st.none() | st.sampled_from(Indicator),
    "category": st.none() | ids(),
    "perspective": st.none() | ids(),
    "source": texts(),
    "owner": st.none() | ids(),
    "benchmarks": st.lists(
        st.builds(Benchmark, value=measures(), label=titles(), source=texts(), on=st.none() | any_days()), max_size=2
    ),
    "labels": words(),
    "extra": extras(),
}


@st.composite
def kpis(
    draw: DrawFn,
    *,
    id: str | None = None,  # noqa: A002 - the field's word
    above: Sequence[str] = (),
    details: bool = True,
) -> KPI:
    """KPIs of every kind. ``above`` are those that it may predict, or be worked out from."""
    kind = draw(st.sampled_from(KpiKind))
    given: dict[str, Any] = {
        "id": draw(ids()) if id is None else id,
        "title": draw(titles()) if details else "A KPI",
        "kind": kind,
    }
    if details:
        given |= draw(some(_KPI_DETAILS))
    else:
        given["target"] = draw(st.none() | measures())
    others = [other for other in above if other != given["id"]]
    if others:
        given["predicts"] = draw(st.none() | st.sampled_from(others))
    if len(others) > 1 and not draw(st.integers(0, 2)):
        operation = draw(st.sampled_from(Operation))
        most = 2 if operation is Operation.RATIO else 3
        given["formula"] = Formula(
            operation, draw(st.lists(st.sampled_from(others), min_size=2, max_size=most, unique=True))
        )
    elif kind in _READABLE:
        given["reads"] = draw(st.sampled_from([reads for reads in Reads if reads is not Reads.SUM]))
    if given.get("bands") is not None:  # what is better may not be green without an end
        bounds = {Direction.UP: given["bands"].green_from, Direction.DOWN: given["bands"].green_to}
        given["direction"] = draw(
            st.sampled_from([None, Direction.WITHIN, *(way for way in bounds if bounds[way] is not None)])
        )
    has_target = given.get("target") is not None or any(target.since for target in given.get("targets", ()))
    if kind is KpiKind.FLOW and has_target:
        given["target_per"] = draw(st.none() | st.sampled_from(_PERIODS))
    return KPI(**given)


@st.composite
def observations(
    draw: DrawFn, kpi: KPI, *, on: date | None = None, supersedes: Sequence[str] = (), details: bool = True
) -> Observation:
    """Observations of every form that fits a KPI: parts of a ratio, cases of an average, values of everything."""
    said: dict[str, Any] = {"value": draw(measures())}
    if kpi.kind is KpiKind.RATIO and draw(st.booleans()):
        said = {"numerator": draw(measures()), "denominator": draw(measures().map(abs))}
    if kpi.kind is KpiKind.AVERAGE and draw(st.booleans()):
        said["count"] = draw(measures().map(abs).filter(bool))
    if draw(st.booleans()) and supersedes:
        said["supersedes"] = draw(st.sampled_from(supersedes))
    if details:
        unit = st.none() | (ids() if kpi.unit is None else st.just(kpi.unit))
        said |= draw(some({**SAID_BY, "note": texts(), "unit": unit}))
    return Observation(kpi=kpi.id, on=draw(days()) if on is None else on, **said)


@st.composite
def several_kpis(draw: DrawFn, *, most: int, details: bool) -> list[KPI]:
    """Some KPIs that may be worked out from each other, in any order."""
    names = draw(st.lists(ids(), max_size=most, unique=True)) if details else [f"k{n}" for n in range(most)]
    found: list[KPI] = []
    for name in names:
        found.append(draw(kpis(id=name, above=[kpi.id for kpi in found], details=details)))
    return draw(st.permutations(found))


@st.composite
def several_observations(draw: DrawFn, of: Sequence[KPI], *, most: int, details: bool) -> list[Observation]:
    """Some observations of some KPIs, in any order, corrections among them."""
    drawn: list[Observation] = []
    observable = [kpi for kpi in of if kpi.formula is None]
    for on in sorted(draw(st.lists(days(), max_size=most))) if observable else ():
        kpi = draw(st.sampled_from(observable))
        earlier = [each.id for each in drawn if each.kpi == kpi.id]
        seen = draw(observations(kpi, on=on, supersedes=earlier, details=details))
        own_id = draw(st.sampled_from((None, f"observation {len(drawn)}")))
        drawn.append(seen if own_id is None else evolve(seen, id=own_id))
    return draw(st.permutations(drawn))


def things(plan: Plan) -> list[Thing]:
    """Return everything that a plan was made of, in the order of its documents."""
    return [*plan.cycles, *plan.goals, *plan.kpis, *plan.facts, *plan.observed]
