"""Strategies for metrics, policies, links, and goals of every kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from .. import (
    Ambition,
    AtLeast,
    AtMost,
    Binary,
    Checklist,
    CommitTargetStretch,
    Curve,
    CurveShape,
    Decrease,
    FindBaseline,
    Increase,
    Initiative,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Policy,
    Reads,
    RollupMethod,
    Score,
    Within,
)
from ..calendars import DayCount
from ..model.goals import Goal, own_metric
from ..model.limits import is_shared
from ..model.linear import Metric
from ..policies import (
    Blend,
    Closed,
    Initiatives,
    Override,
    ParentStatus,
    Threshold,
    Thresholds,
    Unmeasured,
    Weights,
    ZeroSpan,
)
from .strategies_calendars import cadences
from .strategies_words import days, extras, fractions, ids, measures, texts, titles, weights, words


@st.composite
def metrics(draw: DrawFn) -> Metric:
    """Metrics of every kind."""
    metric: Metric = draw(draw(st.sampled_from(_METRICS)))
    return metric


@st.composite
def linear_metrics(draw: DrawFn) -> Increase | Decrease:
    """Metrics from a start to a target."""
    low, high = draw(st.lists(measures(), min_size=2, max_size=2, unique=True).map(sorted))
    return Increase(start=low, target=high) if draw(st.booleans()) else Decrease(start=high, target=low)


@st.composite
def limits(draw: DrawFn) -> AtLeast | AtMost | Within:
    """Limits with every score, with and without a start."""
    score = draw(st.sampled_from(Score))
    outside, low, high = draw(st.lists(measures(), min_size=3, max_size=3, unique=True).map(sorted))
    given: dict[str, Any] = {"score": score, "start": outside}
    if score is not Score.DISTANCE:
        given = {"score": score, "start": draw(st.none() | measures()), "strict": draw(st.booleans())}
    kind = draw(st.sampled_from((AtLeast, AtMost, Within)))
    return Within(low, high, **given) if kind is Within else kind(draw(st.sampled_from((low, high))), **given)


@st.composite
def zones(draw: DrawFn) -> CommitTargetStretch:
    """Ways with three marks, given by any two of the four."""
    names = draw(
        st.lists(st.sampled_from(("baseline", "commit", "target", "stretch")), min_size=2, max_size=2, unique=True)
    )
    one, other = draw(st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=2, unique=True))
    return CommitTargetStretch(**{names[0]: one, names[1]: other})


@st.composite
def curves(draw: DrawFn) -> Curve:
    """Tables that rise or fall."""
    values = draw(st.lists(measures(), min_size=2, max_size=5, unique=True).map(sorted))
    heights = st.integers(-50, 200).map(lambda height: Decimal(height) / 100)
    rising = draw(
        st.lists(heights, min_size=len(values), max_size=len(values)).map(sorted).filter(lambda h: h[0] < h[-1])
    )
    heights_in_order = rising if draw(st.booleans()) else rising[::-1]
    return Curve(dict(zip(values, heights_in_order, strict=True)), shape=draw(st.sampled_from(CurveShape)))


def checklists() -> SearchStrategy[Checklist]:
    """Lists of which something weighs something."""
    items = st.dictionaries(ids(), weights(), min_size=1, max_size=4)
    return items.filter(lambda items: any(items.values())).map(Checklist)


_METRICS: tuple[SearchStrategy[Metric], ...] = (
    linear_metrics(),
    limits(),
    zones(),
    curves(),
    checklists(),
    st.just(Binary()),
    st.just(FindBaseline()),
)


def policies() -> SearchStrategy[Policy]:
    """Every combination of choices."""
    choices = st.fixed_dictionaries(
        {},
        optional={
            "unmeasured": st.sampled_from(Unmeasured),
            "blend": st.sampled_from(Blend),
            "weights": st.sampled_from(Weights),
            "method": st.sampled_from(RollupMethod),
            "threshold": st.sampled_from(Threshold),
            "zero_span": st.sampled_from(ZeroSpan),
            "initiatives": st.sampled_from(Initiatives),
            "closed": st.sampled_from(Closed),
            "day_count": st.sampled_from(DayCount),
            "parent_status": st.sampled_from(ParentStatus),
            "override": st.sampled_from(Override),
            "thresholds": st.sampled_from(
                (Thresholds(by="ratio", on_track=0.9, at_risk=0.7), Thresholds(by="level", on_track=0.7, at_risk=0.4))
            ),
        },
    )
    clamped = st.sampled_from(
        ({}, {"clamp": "none"}, {"cap": 1.2}, {"cap": None}, {"clamp": "entering"}, {"clamp": "objective"})
    )
    return st.tuples(choices, clamped).map(lambda both: Policy(name="any", **both[0], **both[1]))


#: Who may have to approve a goal.
APPROVERS = ("ada", "bo")


#: What the fields hold that figures do not depend on, by name.
DETAILS: Mapping[str, SearchStrategy[Any]] = {
    "why": texts(),
    "owner": st.none() | ids(),
    "level": st.none() | st.sampled_from(("company", "team", "person")) | ids(),
    "unit": st.none() | st.sampled_from(("number", "percent", "EUR")) | ids(),
    "ambition": st.none() | st.sampled_from(Ambition),
    "cadence": st.none() | cadences(),
    "grading_criteria": texts(),
    "labels": words(),
    "continues": st.none() | ids(),
    "extra": extras(),
}


@st.composite
def links(draw: DrawFn, above: Sequence[str], *, most: int = 3) -> tuple[Link, ...]:
    """Links to some of the goals that are there, each once."""
    if not above:
        return ()
    chosen = draw(st.lists(st.sampled_from(above), max_size=most, unique=True))
    weight, counts = st.none() | weights(), st.sampled_from((None, True, False))
    return tuple(Link(to, weight=draw(weight), counts=draw(counts)) for to in chosen)


@st.composite
def goals(
    draw: DrawFn,
    *,
    id: str | None = None,  # noqa: A002 - the field's word
    above: Mapping[str, Goal] | None = None,
    cycles: Sequence[str] = (),
    kpis: Sequence[str] = (),
    dag: bool = True,
    details: bool = True,
) -> Goal:
    """
    Goals of every kind.

    ``above`` are the goals that it may refer to: as parents, and as what it depends on. ``cycles``
    are the ids of those that it may be in, ``kpis`` of those that it may affect or be measured by. ``dag``
    lets it have several parents, and ``details`` fills the fields that figures do not depend on.
    """
    above = above or {}
    kind: type[Goal] = draw(st.sampled_from((KeyResult, Objective, Milestone, Initiative)))
    given: dict[str, Any] = {
        "id": draw(ids()) if id is None else id,
        "title": draw(titles()) if details else "A goal",
        "parent": draw(links(list(above), most=3 if dag else 1)),
        "weight": draw(weights()),
    }
    if not draw(st.integers(0, 3)):
        given["approvers"] = draw(st.lists(st.sampled_from(APPROVERS), unique=True))
    if cycles:
        given["cycle"] = draw(st.none() | st.sampled_from(cycles))
    if kpis:
        given["affects"] = draw(st.lists(st.sampled_from(kpis), max_size=2, unique=True))
    if draw(st.booleans()):
        given |= draw(_own_days())
    if details:
        given |= draw(some(DETAILS))
        if given.get("continues") == given["id"]:
            del given["continues"]
    if issubclass(kind, Milestone):
        given |= draw(_milestones(given["parent"], above))
    elif issubclass(kind, Initiative):
        given["actions"] = draw(words())
    else:
        given |= draw(_measured(kind))
        if kpis and kind is KeyResult and _may_be_measured_by_a_kpi(given):
            given["measured_by"] = draw(st.none() | st.sampled_from(kpis))
    goal: Goal = kind(**given)
    return goal


@st.composite
def _measured(draw: DrawFn, kind: type[Goal]) -> dict[str, Any]:
    """How an objective or a key result is measured, or made up of others."""
    metric = draw(st.none() | metrics()) if kind is Objective else draw(metrics() | st.none())
    if metric is None:
        made_up = [method for method in RollupMethod if method is not RollupMethod.SUM_OF_VALUES]
        return {"rollup": draw(st.none() | st.sampled_from(made_up))}
    shared = is_shared(metric)
    if metric.is_numeric and not shared and not draw(st.integers(0, 3)):
        return {"metric": metric, "rollup": RollupMethod.SUM_OF_VALUES}
    if kind is KeyResult and metric.is_numeric and not shared:
        return {"metric": metric, "reads": draw(st.sampled_from(Reads))}
    return {"metric": metric}


def _may_be_measured_by_a_kpi(given: Mapping[str, Any]) -> bool:
    metric = given.get("metric")
    numeric = metric is None or (metric.is_numeric and not is_shared(metric))
    return numeric and given.get("reads", Reads.LATEST) is Reads.LATEST and given.get("rollup") is None


@st.composite
def some(draw: DrawFn, fields: Mapping[str, SearchStrategy[Any]]) -> dict[str, Any]:
    """Some of the fields, often few of them, so that examples stay small."""
    names = draw(st.lists(st.sampled_from(sorted(fields)), max_size=4, unique=True))
    return {name: draw(fields[name]) for name in names}


@st.composite
def _own_days(draw: DrawFn) -> dict[str, Any]:
    first, last = sorted((draw(days()), draw(days())))
    return draw(st.sampled_from(({"first_day": first}, {"last_day": last}, {"first_day": first, "last_day": last})))


@st.composite
def _milestones(draw: DrawFn, parent: Sequence[Link], above: Mapping[str, Goal]) -> dict[str, Any]:
    given: dict[str, Any] = {"due": draw(st.none() | days()), "delegate": draw(st.none() | ids())}
    if above:
        given["depends_on"] = draw(st.lists(st.sampled_from(list(above)), max_size=2, unique=True))
    if len(parent) == 1 and own_metric(above[parent[0].to]) is not None and draw(st.booleans()):
        given["share"] = draw(fractions().filter(bool))
    else:
        given["done_on"] = draw(st.none() | days())
    return given
