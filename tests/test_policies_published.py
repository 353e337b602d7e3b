"""The choices that other systems have published, and the figure that each is known by."""

import json
from datetime import date
from math import isclose
from typing import Any

import pytest

import goalkit.policies
from goalkit import (
    AtLeast,
    AtMost,
    CheckIn,
    Decrease,
    Increase,
    Initiative,
    KeyResult,
    Milestone,
    Objective,
    Plan,
    Policy,
    Transition,
    Within,
    rollup,
)
from goalkit.analysis.rollup import Rollup
from goalkit.model.goals import Goal
from goalkit.model.progress import Reason
from goalkit.policies import (
    BURNING_OKR,
    FIFTEEN_FIVE,
    LARK,
    LEAPSOME,
    OKR_TRACKER,
    OPEN_PROJECT,
    OPERATELY,
    PERDOO,
    PUBLISHED,
    PUZZLE,
    QUANTIVE,
    SYNERGITA,
    VIVA_GOALS,
)
from goalkit.policies import published as module

AS_OF = date(2026, 8, 15)
ON = date(2026, 8, 10)

#: What each published policy chooses otherwise than the default does.
CHOSEN: dict[str, dict[str, Any]] = {
    "BurningOKR": {"unmeasured": "skip", "zero_span": "zero"},
    "15Five": {"clamp": "objective"},
    "Lark": {"weights": "sum_to_one"},
    "Leapsome": {"blend": "key_results_first", "initiatives": "ignore"},
    "okr-tracker": {"unmeasured": "at_start"},
    "OpenProject": {"closed": "complete", "unmeasured": "skip"},
    "Operately": {"zero_span": "zero"},
    "Perdoo": {"clamp": "entering", "threshold": "inclusive", "parent_status": "worst", "override": "sticky"},
    "puzzle/okr": {"cap": None},
    "Quantive": {"clamp": "none", "threshold": "strict"},
    "Synergita": {"blend": "key_results_as_one"},
    "Viva Goals": {
        "threshold": "strict",
        "day_count": "closed",
        "thresholds": {"by": "gap", "on_track": 0.0, "at_risk": 0.25, "strict": False},
    },
    "Engagedly": {"thresholds": {"by": "gap", "on_track": 0.165, "at_risk": 0.33, "strict": True}},
    "InnovationMinds": {"thresholds": {"by": "gap", "on_track": 0.0, "at_risk": 0.1, "strict": False}},
    "Mooncamp": {"thresholds": {"by": "ratio", "on_track": 0.9, "at_risk": 0.7, "strict": False}},
    "Planview": {"thresholds": {"by": "gap", "on_track": 0.1, "at_risk": None, "strict": False}},
    "ServiceNow": {
        "threshold": "inclusive",
        "thresholds": {"by": "ratio", "on_track": 0.9, "at_risk": 0.75, "strict": False},
        "parent_status": "worst",
        "override": "once",
    },
    "UpRaise": {"thresholds": {"by": "ratio", "on_track": 0.95, "at_risk": 0.75, "strict": False}},
}


def per_cent(name: str, measured: float | None, parent: str = "o", **given: Any) -> tuple[Goal | CheckIn, ...]:
    """A key result of a hundred, and what was measured of it."""
    goal = KeyResult(id=name, title=name, parent=parent, metric=Increase(start=0, target=100), **given)
    return (goal,) if measured is None else (goal, CheckIn(goal=name, on=ON, value=measured))


def objective(name: str = "o", parent: str | None = None, **given: Any) -> Objective:
    return Objective(id=name, title=name, parent=parent, **given)


def figures(policy: Policy, *things: Any) -> Rollup:
    parts = [part for thing in things for part in (thing if isinstance(thing, tuple) else (thing,))]
    return rollup(Plan.of(*parts), as_of=AS_OF, policy=policy)


def of_pair(policy: Policy, one: float | None, other: float | None) -> float | None:
    """The figure of an objective with two key results of equal weight."""
    return figures(policy, objective(), per_cent("a", one), per_cent("b", other))["o"].value


def of_limit(policy: Policy, metric: Any, value: Any) -> float | None:
    goal = KeyResult(id="k", title="K", metric=metric)
    return figures(policy, goal, CheckIn(goal="k", on=ON, value=value))["k"].value


def of_zero_span(policy: Policy, value: float) -> float | None:
    nowhere = {"kind": "increase", "start": 10, "target": 10}
    rows: list[dict[str, Any]] = [
        {"kind": "key_result", "id": "k", "title": "K", "metric": nowhere},
        {"kind": "check_in", "goal": "k", "on": ON.isoformat(), "value": value},
    ]
    plan, problems = Plan.salvage(rows)
    assert [problem.code for problem in problems] == ["zero_span"]
    return rollup(plan, as_of=AS_OF, policy=policy)["k"].value


# -- the list -------------------------------------------------------------------------------------


def test_every_policy_of_the_module_is_published_under_its_own_name() -> None:
    there = [each for name, each in vars(module).items() if name.isupper() and isinstance(each, Policy)]
    assert len(there) == 18
    assert [*PUBLISHED.values()] == there
    assert [*PUBLISHED] == [policy.name for policy in there]
    assert len({policy.name for policy in there}) == len({policy.source for policy in there}) == len(there)
    for name in goalkit.policies.__all__:
        assert hasattr(goalkit.policies, name)
    assert {name for name, each in vars(module).items() if isinstance(each, Policy)} <= {*goalkit.policies.__all__}


@pytest.mark.parametrize("policy", PUBLISHED.values(), ids=PUBLISHED)
def test_a_published_policy_names_its_source_and_what_that_states(policy: Policy) -> None:
    assert policy.source
    assert policy.to_dict() == Policy().to_dict() | CHOSEN[policy.name] | {"name": policy.name, "source": policy.source}
    assert policy.describe().startswith(f"{policy.name} (")


@pytest.mark.parametrize("policy", PUBLISHED.values(), ids=PUBLISHED)
def test_a_published_policy_is_plain_data_and_read_again_as_it_was_written(policy: Policy) -> None:
    assert Policy.from_dict(json.loads(json.dumps(policy.to_dict()))) == policy


# -- beyond all of the way, and below nothing -----------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "two_hundred", "mean"),
    [
        (Policy(), 1.0, 0.5),
        (OKR_TRACKER, 1.0, 0.5),
        (OPERATELY, 1.0, 0.5),
        (PERDOO, 2.0, 0.5),
        (FIFTEEN_FIVE, 2.0, 1.0),
        (QUANTIVE, 2.0, 1.0),
        (PUZZLE, 2.0, 1.0),
    ],
    ids=lambda got: getattr(got, "name", None),
)
def test_none_and_twice_the_target_together(policy: Policy, two_hundred: float, mean: float) -> None:
    made = figures(policy, objective(), per_cent("a", 0), per_cent("b", 200))
    assert (made["b"].value, made["o"].value) == (two_hundred, mean)


@pytest.mark.parametrize(
    ("policy", "below", "mean"),
    [
        (Policy(), 0.0, 0.5),
        (OKR_TRACKER, 0.0, 0.5),
        (PERDOO, -0.5, 0.5),
        (FIFTEEN_FIVE, -0.5, 0.25),
        (QUANTIVE, -0.5, 0.25),
        (PUZZLE, 0.0, 0.5),
    ],
    ids=lambda got: getattr(got, "name", None),
)
def test_worse_than_the_start_and_all_of_the_way_together(policy: Policy, below: float, mean: float) -> None:
    made = figures(policy, objective(), per_cent("a", -50), per_cent("b", 100))
    assert (made["a"].value, made["o"].value) == (below, mean)


def test_fifteen_fives_objective_is_held_within_all_of_the_way() -> None:
    assert of_pair(FIFTEEN_FIVE, 150, 200) == 1.0
    assert of_pair(FIFTEEN_FIVE, -150, -200) == 0.0
    assert of_pair(QUANTIVE, 150, 200) == 1.75


def test_fifteen_fives_items_count_once_each() -> None:
    children = [(objective(f"c{at}", parent="o"), per_cent(f"k{at}", 0, parent=f"c{at}")) for at in range(4)]
    made = figures(FIFTEEN_FIVE, objective(), per_cent("a", 100), *(part for each in children for part in each))
    assert made["o"].value == 0.2
    assert [part.share for part in made["o"].contributions] == [0.2] * 5


@pytest.mark.parametrize(("value", "progress"), [(80, 0.5), (70, 0.75), (50, 1.25)])
def test_quantive_keeps_what_is_beyond_the_target(value: float, progress: float) -> None:
    goal = KeyResult(id="k", title="K", metric=Decrease(start=100, target=60))
    assert figures(QUANTIVE, goal, CheckIn(goal="k", on=ON, value=value))["k"].value == progress


def test_quantives_objective_counts_key_results_and_objectives_alike() -> None:
    made = figures(
        QUANTIVE,
        objective(),
        per_cent("a", 27),
        per_cent("b", 18),
        objective("c", parent="o"),
        per_cent("d", 85, parent="c"),
        per_cent("e", 60, parent="c"),
    )
    assert made["c"].value == 0.725
    assert made["o"].value is not None
    assert isclose(made["o"].value, (0.27 + 0.18 + 0.725) / 3)


# -- on the limit ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policy", "plain", "strict"),
    [(Policy(), 1.0, 0.0), (PERDOO, 1.0, 1.0), (QUANTIVE, 0.0, 0.0), (VIVA_GOALS, 0.0, 0.0)],
    ids=lambda got: getattr(got, "name", None),
)
def test_a_value_on_its_limit(policy: Policy, plain: float, strict: float) -> None:
    for kind in (AtLeast, AtMost):
        assert of_limit(policy, kind(5), 5) == plain
        assert of_limit(policy, kind(5, strict=True), 5) == strict
    for edge in (4, 5):
        assert of_limit(policy, Within(4, 5), edge) == plain
        assert of_limit(policy, Within(4, 5, strict=True), edge) == strict
    assert of_limit(policy, AtLeast(5), "5.1") == of_limit(policy, AtMost(5), "4.9") == 1.0
    assert of_limit(policy, AtLeast(5), "4.9") == of_limit(policy, AtMost(5), "5.1") == 0.0
    assert of_limit(policy, Within(5, 5), 5) == 1.0


# -- what was not measured ------------------------------------------------------------------------


@pytest.mark.parametrize("policy", [BURNING_OKR, OPEN_PROJECT], ids=lambda policy: policy.name)
def test_what_is_not_measured_is_left_out_of_the_mean(policy: Policy) -> None:
    made = figures(policy, objective(), per_cent("a", 80), per_cent("b", None))
    assert (made["o"].value, made["o"].coverage) == (0.8, 0.5)
    assert of_pair(Policy(), 80, None) == 0.4
    assert figures(policy, objective(), per_cent("a", None))["o"].reason is Reason.NOT_MEASURED


def test_okr_trackers_unmeasured_key_result_stands_at_its_start() -> None:
    late = KeyResult(id="late", title="Late", parent="o", metric=AtMost(1, start=0))
    unknown = KeyResult(id="unknown", title="Unknown", parent="p", metric=AtMost(1))
    made = figures(OKR_TRACKER, objective(), per_cent("a", None), late, objective("p"), unknown)
    assert [(made[name].value, made[name].coverage) for name in ("a", "late", "o")] == [(0, 0), (1, 0), (0.5, 0)]
    assert [made[name].reason for name in ("a", "o", "unknown", "p")] == [
        None,
        None,
        Reason.NOT_MEASURED,
        Reason.NOT_MEASURED,
    ]
    with_one = figures(OKR_TRACKER, objective(), per_cent("a", None), per_cent("b", 100))["o"]
    assert (with_one.value, with_one.coverage) == (0.5, 0.5)


# -- a target that equals its start ---------------------------------------------------------------


@pytest.mark.parametrize("value", [9, 10, 11])
def test_a_way_of_nothing_is_no_progress_or_unknown(value: float) -> None:
    assert of_zero_span(BURNING_OKR, value) == of_zero_span(OPERATELY, value) == 0.0
    assert of_zero_span(PUZZLE, value) is None


# -- objectives beside key results ----------------------------------------------------------------


def synergita(*key_results: tuple[str, float, float]) -> tuple[Any, ...]:
    return tuple(part for name, got, weight in key_results for part in per_cent(name, got, weight=weight))


def test_synergitas_key_results_are_one_item_beside_each_objective() -> None:
    key_results = synergita(("a", 30, 0.4), ("b", 30, 0.2), ("c", 40, 0.4))
    children = (
        objective("d", parent="o"),
        *per_cent("e", 50, parent="d"),
        objective("f", parent="o"),
        *per_cent("g", 75, parent="f"),
    )
    alone = figures(SYNERGITA, objective(), key_results)["o"].value
    both = figures(SYNERGITA, objective(), key_results, children)["o"].value
    assert alone is not None
    assert both is not None
    assert isclose(alone, 0.34)
    assert isclose(both, 0.53)
    assert figures(SYNERGITA, objective(), children)["o"].value == 0.625
    # The weights among the key results need not sum to one for that.
    tenfold = figures(SYNERGITA, objective(), synergita(("a", 30, 4), ("b", 30, 2), ("c", 40, 4)), children)["o"].value
    assert tenfold is not None
    assert isclose(tenfold, 0.53)


def test_leapsomes_objectives_count_only_where_there_is_no_key_result() -> None:
    child = (objective("c", parent="o"), *per_cent("d", 100, parent="c"))
    assert figures(LEAPSOME, objective(), child)["o"].value == 1.0
    made = figures(LEAPSOME, objective(), child, per_cent("a", 20))["o"]
    assert made.value == 0.2
    assert [part.reason for part in made.contributions] == [Reason.KEY_RESULTS_ONLY, None]


def test_leapsomes_initiatives_never_count() -> None:
    work = Initiative(id="i", title="I", parent="o", weight=1)
    counted: dict[str, Any] = {"to": "o", "counts": True}
    linked = Initiative(id="j", title="J", parent=goalkit.Link(**counted))
    said = (CheckIn(goal="i", on=ON, value=1), CheckIn(goal="j", on=ON, value=1))
    things = (objective(), per_cent("a", 20), work, linked, *said)
    assert figures(LEAPSOME, *things)["o"].value == 0.2
    assert figures(PERDOO, *things)["o"].value == 0.6
    assert figures(LEAPSOME, objective(), linked, said[1])["o"].value is None


# -- weights --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "value"),
    [((0.5, 0.5), 0.5), ((0.25, 0.75), 0.75), ((0.1, 0.9), 0.9), ((0.5, 0.4), None), ((1, 1), None), ((0, 1), 1.0)],
)
def test_larks_weights_that_do_not_sum_to_one_make_a_figure_unknown(
    weights: tuple[float, float], value: float | None
) -> None:
    things = (objective(), per_cent("a", 0, weight=weights[0]), per_cent("b", 100, weight=weights[1]))
    got = figures(LARK, *things)["o"]
    assert (got.value, got.reason) == (value, Reason.WEIGHTS_NOT_ONE if value is None else None)
    assert figures(Policy(), *things)["o"].value is not None


# -- what is closed -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "value"), [(None, 1.0), ("achieved", 1.0), ("partial", 0.3), ("missed", 0.3), ("dropped", None)]
)
def test_open_projects_closed_work_is_complete(outcome: str | None, value: float | None) -> None:
    moved = Transition(goal="a", on=ON, stage="closed", outcome=outcome)
    things = (objective(), per_cent("a", 30), moved)
    assert figures(OPEN_PROJECT, *things)["o"].value == value
    assert figures(Policy(), *things)["o"].value == (None if outcome == "dropped" else 0.3)


def test_open_projects_closed_work_is_complete_though_nobody_measured_it() -> None:
    made = figures(
        OPEN_PROJECT,
        objective(),
        Milestone(id="m", title="M", parent="o"),
        Transition(goal="m", on=ON, stage="closed"),
        per_cent("b", 50),
    )
    assert (made["m"].value, made["o"].value, made["o"].coverage) == (1.0, 0.75, 1.0)
