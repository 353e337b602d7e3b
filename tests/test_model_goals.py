"""Goals and the links between them."""

import copy
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

import pytest

from goalkit import (
    Ambition,
    AtLeast,
    AtMost,
    Binary,
    Cadence,
    Checklist,
    CommitTargetStretch,
    Curve,
    FindBaseline,
    Increase,
    Initiative,
    InvalidValue,
    KeyResult,
    Link,
    Milestone,
    Objective,
    Reads,
    RollupMethod,
    Within,
)
from goalkit.model.goals import GOALS, Goal, contributes, links, own_metric, weighs
from goalkit.model.linear import Metric

KINDS: list[type[Goal]] = [Objective, KeyResult, Milestone, Initiative]
MADE_UP = (Objective, KeyResult)


def problems_of(make: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def full(kind: type[Goal]) -> Goal:
    return kind(
        id="a",
        title="A",
        why="because",
        owner="ida",
        level="team",
        parent=["p", Link("q", weight="1.5", counts=False)],
        weight="2",
        cycle="2026-Q3",
        first_day="2026-07-01",
        last_day=date(2026, 9, 30),
        unit="EUR",
        ambition="aspirational",
        cadence=Cadence.weekly(),
        grading_criteria="good if it is good",
        **({"rollup": "minimum"} if kind in MADE_UP else {}),
        labels=["x", "y", "x"],
        continues="b",
        extra={"a": [1]},
    )


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_in_any_honest_form_is_kept_in_one(kind: type[Goal]) -> None:
    goal = full(kind)
    assert goal.parent == (Link("p"), Link("q", weight=1.5, counts=False))
    assert goal.weight == 2.0
    assert (goal.first_day, goal.last_day) == (date(2026, 7, 1), date(2026, 9, 30))
    assert goal.ambition is Ambition.ASPIRATIONAL
    assert goal.rollup is (RollupMethod.MINIMUM if kind in MADE_UP else None)
    assert goal.labels == ("x", "y")
    assert goal.extra["a"] == (1,)


@pytest.mark.parametrize("kind", KINDS)
def test_a_goal_is_a_value_that_survives_pickling_and_copying(kind: type[Goal]) -> None:
    goal = full(kind)
    for other in (pickle.loads(pickle.dumps(goal)), copy.deepcopy(goal), copy.copy(goal), full(kind)):  # noqa: S301 - our own bytes
        assert other == goal
        assert hash(other) == hash(goal)
        assert type(other) is kind
    with pytest.raises(AttributeError):
        goal.title = "B"  # type: ignore[misc]  # that it cannot be set is the point
    with pytest.raises(AttributeError):
        goal.colour = "red"  # type: ignore[attr-defined]  # nor anything else
    assert GOALS[goal.kind] is kind


def test_goals_of_different_kinds_are_never_equal() -> None:
    goals: list[Goal] = [kind(id="a", title="A") for kind in KINDS]
    assert len(set(goals)) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_wrong_field_is_named_at_once(kind: type[Goal]) -> None:
    wrong: dict[str, Any] = {
        "id": "",
        "title": " ",
        "why": 1,
        "owner": " ida",
        "level": 2,
        "parent": ["p", 3],
        "weight": -1,
        "cycle": "",
        "first_day": "soon",
        "last_day": datetime(2026, 9, 30, 12, tzinfo=UTC),
        "unit": 4,
        "ambition": "huge",
        "cadence": "weekly",
        "grading_criteria": None,
        "rollup": "worst",
        "labels": "x",
        "continues": "\n",
        "extra": [1],
    }
    assert problems_of(lambda: kind(**wrong)) == [
        ("id", "empty_id"),
        ("title", "no_title"),
        ("why", "not_text"),
        ("owner", "bad_id"),
        ("level", "not_text"),
        ("parent[1].to", "not_text"),
        ("weight", "negative_weight"),
        ("cycle", "empty_id"),
        ("first_day", "not_a_day"),
        ("last_day", "not_a_day"),
        ("unit", "not_text"),
        ("ambition", "unknown_choice"),
        ("cadence", "wrong_kind"),
        ("grading_criteria", "not_text"),
        ("rollup", "unknown_choice"),
        ("labels", "not_a_list"),
        ("continues", "empty_id"),
        ("extra", "not_a_mapping"),
    ]


@pytest.mark.parametrize(
    ("weight", "code"),
    [
        (True, "boolean_value"),
        (float("nan"), "not_finite"),
        (float("inf"), "not_finite"),
        ("1e1000000", "absurd_magnitude"),
        (10**5000, "absurd_magnitude"),
        ("\uff11", "not_a_number"),
        (-0.5, "negative_weight"),
        (None, "not_a_number"),
    ],
    ids=map(str, count()),
)
def test_what_is_no_weight_is_refused(weight: Any, code: str) -> None:
    assert problems_of(lambda: Objective(id="a", title="A", weight=weight)) == [("weight", code)]


def test_a_weight_may_be_nothing_and_never_negative_nothing() -> None:
    assert str(Objective(id="a", title="A", weight="-0").weight) == "0.0"


def test_days_out_of_order_are_refused() -> None:
    for kind in KINDS:
        found = problems_of(
            lambda kind=kind: kind(id="a", title="A", first_day="2026-07-02", last_day="2026-07-01")  # type: ignore[misc]  # a loop's own kind
        )
        assert found == [("last_day", "days_out_of_order")]
    assert Objective(id="a", title="A", first_day="2026-07-01", last_day="2026-07-01").first_day == date(2026, 7, 1)


def test_parents_are_ids_or_links_or_several_of_them() -> None:
    assert links(None) == links([]) == ()
    assert links("a") == links(Link("a")) == links(["a"]) == (Link("a"),)
    assert links(each for each in ("b", Link("a", weight=2))) == (Link("b"), Link("a", weight=2))


def test_parents_in_a_set_come_in_one_order() -> None:
    assert links({"c", "a", "b"}) == links(frozenset({"b", "c", "a"})) == links(["a", "b", "c"])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ({"to": "a"}, [("", "not_a_link")]),
        (7, [("", "not_a_link")]),
        (True, [("", "not_a_link")]),
        ("", [("to", "empty_id")]),
        (["a", "a"], [("", "duplicate_link")]),
        (["a", Link("a", weight=2)], [("", "duplicate_link")]),
        (["a", None], [("[1].to", "not_text")]),
        (b"a", [("[0].to", "not_text")]),
    ],
)
def test_what_is_no_parent_is_refused(value: Any, found: list[tuple[str, str]]) -> None:
    assert problems_of(lambda: links(value)) == found


def test_parents_that_are_made_one_by_one_are_refused_with_their_field() -> None:
    wrong: Any = (parent for parent in ("a", 1))
    assert problems_of(lambda: Objective(id="x", title="X", parent=wrong)) == [("parent[1].to", "not_text")]


def test_a_link_names_what_is_wrong_with_it() -> None:
    assert problems_of(lambda: Link("", weight=-1, counts=1)) == [  # type: ignore[arg-type]  # on purpose
        ("to", "empty_id"),
        ("weight", "negative_weight"),
        ("counts", "not_true_or_false"),
    ]
    assert pickle.loads(pickle.dumps(Link("a", weight=2))) == Link("a", weight="2.0")  # noqa: S301 - our own bytes


def test_a_milestone_keeps_its_days_and_what_it_waits_for() -> None:
    milestone = Milestone(id="m", title="M", due="2026-09-01", depends_on=["a", "b", "a"], delegate="bo", share="0.5")
    assert milestone.due == date(2026, 9, 1)
    assert milestone.depends_on == ("a", "b")
    assert milestone.share == 0.5
    assert milestone.delegate == "bo"


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"share": 0}, ("share", "out_of_range")),
        ({"share": 1.5}, ("share", "out_of_range")),
        ({"share": -1}, ("share", "out_of_range")),
        ({"share": True}, ("share", "boolean_value")),
        ({"share": 0.5, "done_on": "2026-08-01"}, ("done_on", "two_answers")),
        ({"depends_on": "a"}, ("depends_on", "not_a_list")),
        ({"due": datetime(2026, 9, 1, 8)}, ("due", "not_a_day")),  # noqa: DTZ001 - a moment is the point
        ({"first_day": "2026-07-02", "last_day": "2026-07-01"}, ("last_day", "days_out_of_order")),
    ],
)
def test_a_milestone_that_contradicts_itself_is_refused(given: dict[str, Any], found: tuple[str, str]) -> None:
    assert problems_of(lambda: Milestone(id="m", title="M", **given)) == [found]


def test_the_actions_of_an_initiative_are_named_once() -> None:
    assert Initiative(id="i", title="I", actions=["a", "b", "a"]).actions == ("a", "b")


def test_an_initiative_supports_and_everything_else_contributes_unless_the_link_says_otherwise() -> None:
    for kind in KINDS:
        goal = kind(id="g", title="G")
        assert contributes(goal, Link("p")) is (kind is not Initiative)
        assert contributes(goal, Link("p", counts=True)) is True
        assert contributes(goal, Link("p", counts=False)) is False


def test_a_goal_weighs_what_its_link_says_else_what_it_says_itself() -> None:
    goal = Objective(id="a", title="A", weight=2)
    assert weighs(goal, Link("p")) == 2.0
    assert weighs(goal, Link("p", weight=0)) == 0.0


def test_only_objectives_and_key_results_have_a_metric() -> None:
    metric = Increase(start=0, target=1)
    measured = [Objective(id="a", title="A", metric=metric), KeyResult(id="a", title="A", metric=metric)]
    assert [own_metric(goal) for goal in measured] == [metric, metric]
    bare = [kind(id="a", title="A") for kind in KINDS]
    assert [own_metric(goal) for goal in bare] == [None] * 4


def test_a_metric_is_a_metric() -> None:
    wrong: Any = {"kind": "binary"}
    for kind in (Objective, KeyResult):
        assert problems_of(lambda kind=kind: kind(id="a", title="A", metric=wrong)) == [("metric", "wrong_kind")]  # type: ignore[misc]  # as above
        assert kind(id="a", title="A", metric=Binary()).metric == Binary()


def test_what_every_goal_carries_is_no_goal_of_its_own() -> None:
    with pytest.raises(TypeError, match="Objective"):
        Goal(id="g", title="G")


def test_a_goal_does_not_carry_itself_on() -> None:
    with pytest.raises(InvalidValue, match="carry itself on"):
        Objective(id="o", title="O", continues="o")


# -- how check-ins are read, and how children's figures become one ----------------------------------


def refusal(make: Callable[[], object]) -> str:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    return str(problem)


def test_a_key_result_reads_the_latest_check_in_unless_it_says_otherwise() -> None:
    assert KeyResult(id="k", title="K").reads is Reads.LATEST
    for way in Reads:
        for metric in (None, *NUMERIC):
            assert KeyResult(id="k", title="K", metric=metric, reads=way.value).reads is way
    for other in (*NUMERIC, Binary(), Checklist(["a"]), AtLeast(1, score="check_ins")):
        assert KeyResult(id="k", title="K", metric=other, reads="latest").metric == other
    with pytest.raises(TypeError):
        Objective(id="o", title="O", reads="sum")  # type: ignore[call-arg]  # only key results are read from several


NUMERIC: tuple[Metric, ...] = (
    Increase(start=0, target=1),
    AtMost(5),
    AtLeast(5, start=0, score="distance"),
    CommitTargetStretch(baseline=0, stretch=1),
    Curve({0: 0, 1: 1}),
    FindBaseline(),
)


@pytest.mark.parametrize("way", ["sum", "mean", "minimum", "maximum"])
def test_what_is_no_number_has_no_sum_and_no_mean(way: str) -> None:
    for metric in (Binary(), Checklist(["a", "b"])):
        assert refusal(lambda metric=metric: KeyResult(id="k", title="K", metric=metric, reads=way)) == (  # type: ignore[misc]  # a loop's own metric
            f"reads: the check-ins of a {metric.kind} metric have no {way} (two_answers); read the latest"
        )


@pytest.mark.parametrize("way", ["sum", "mean", "minimum", "maximum"])
def test_a_share_of_the_check_ins_is_no_sum_of_them(way: str) -> None:
    limits = (AtLeast(1, score="check_ins"), AtMost(1, score="check_ins"), Within(0, 1, score="check_ins"))
    for metric in limits:
        assert refusal(lambda metric=metric: KeyResult(id="k", title="K", metric=metric, reads=way)) == (  # type: ignore[misc]  # as above
            f"reads: a share of the check-ins is no {way} of them (two_answers); read the latest"
        )


def test_a_sum_of_what_contributes_is_no_sum_of_check_ins() -> None:
    given: dict[str, Any] = {"id": "k", "title": "K", "metric": NUMERIC[0], "rollup": "sum_of_values"}
    assert refusal(lambda: KeyResult(**given, reads="sum")) == (
        "reads: a sum of values is read from what contributes, not from check-ins (two_answers); "
        "leave out reads, or the roll-up"
    )
    assert KeyResult(**given, reads="latest").rollup is RollupMethod.SUM_OF_VALUES


def test_what_is_no_way_to_read_is_refused() -> None:
    assert problems_of(lambda: KeyResult(id="k", title="K", reads="median")) == [("reads", "unknown_choice")]
    assert problems_of(lambda: KeyResult(id="", title="K", reads=None)) == [  # type: ignore[arg-type]  # on purpose
        ("id", "empty_id"),
        ("reads", "unknown_choice"),
    ]


@pytest.mark.parametrize("method", [*RollupMethod])
def test_nothing_rolls_up_into_a_milestone_or_an_initiative(method: RollupMethod) -> None:
    own = "is read from its own check-ins, so nothing rolls up into it (two_answers); leave it out"
    assert refusal(lambda: Milestone(id="m", title="M", rollup=method)) == f"rollup: a milestone {own}"
    assert refusal(lambda: Initiative(id="i", title="I", rollup=method)) == f"rollup: an initiative {own}"


@pytest.mark.parametrize("kind", MADE_UP)
def test_what_is_made_up_of_others_is_so_by_any_method_but_a_sum_without_a_metric(kind: type[Goal]) -> None:
    for method in ("weighted_mean", "minimum", "maximum", "ratio_of_sums"):
        assert kind(id="g", title="G", rollup=method).rollup is RollupMethod(method)
    assert kind(id="g", title="G").rollup is None
    assert refusal(lambda: kind(id="g", title="G", rollup="sum_of_values")) == (
        "rollup: a sum of values is read with a metric of numbers, and there is none (no_metric); "
        "give it a metric, such as Increase(start=0, target=1000)"
    )


@pytest.mark.parametrize("kind", [Objective, KeyResult])
def test_with_a_metric_only_a_sum_of_values_rolls_up(kind: Any) -> None:
    for metric in NUMERIC:
        assert kind(id="g", title="G", metric=metric, rollup="sum_of_values").metric == metric
        for method in ("weighted_mean", "minimum", "maximum", "ratio_of_sums"):
            given: dict[str, Any] = {"metric": metric, "rollup": method}
            assert refusal(lambda given=given: kind(id="g", title="G", **given)) == (  # type: ignore[misc]  # as above
                "rollup: a goal with a metric is read from its own check-ins (two_answers); "
                "leave out the roll-up or the metric, or use sum_of_values"
            )
    for metric in (Binary(), Checklist(["a"])):
        assert problems_of(lambda metric=metric: kind(id="g", title="G", metric=metric, rollup="sum_of_values")) == [  # type: ignore[misc]  # as above
            ("rollup", "no_metric")
        ]


@pytest.mark.parametrize("kind", [Objective, KeyResult])
def test_a_share_of_the_check_ins_is_not_read_from_a_sum(kind: Any) -> None:
    metric = AtLeast(1, score="check_ins")
    assert refusal(lambda: kind(id="g", title="G", metric=metric, rollup="sum_of_values")) == (
        "rollup: a share of the check-ins cannot be read from a sum of values (two_answers); "
        "leave out the roll-up, or score the latest"
    )


def test_a_milestone_that_stands_for_a_share_is_refused_in_words() -> None:
    assert refusal(lambda: Milestone(id="m", title="M", parent="k", share=0)) == (
        "share: a share of 0 is reached before anything is done (out_of_range); give more than 0, or leave it out"
    )
    assert refusal(lambda: Milestone(id="m", title="M", parent="k", share=0.5, done_on="2026-08-01")) == (
        "done_on: a milestone that stands for a share is done when its key result has come that far (two_answers); "
        "leave out done_on, or share"
    )


# -- KPIs


@pytest.mark.parametrize("kind", KINDS)
def test_every_goal_may_say_which_kpis_it_is_to_move(kind: type[Goal]) -> None:
    assert kind(id="a", title="A").affects == ()
    assert kind(id="a", title="A", affects=["nps", "churn", "nps"]).affects == ("nps", "churn")
    wrong: Any = [5, ""]
    assert problems_of(lambda: kind(id="a", title="A", affects=wrong)) == [
        ("affects[0]", "not_text"),
        ("affects[1]", "empty_id"),
    ]
    assert problems_of(lambda: kind(id="a", title="A", affects="nps")) == [("affects", "not_a_list")]


@pytest.mark.parametrize(
    "metric",
    [None, Increase(start=0, target=1), AtLeast(1), Within(1, 2, start=0, score="distance"), FindBaseline()],
    ids=repr,
)
def test_a_key_result_may_be_measured_by_a_kpi_whatever_number_its_metric_reads(metric: Metric | None) -> None:
    assert KeyResult(id="k", title="K", metric=metric, measured_by="nps").measured_by == "nps"
    assert KeyResult(id="k", title="K", metric=metric).measured_by is None


@pytest.mark.parametrize(
    "metric",
    [Binary(), Checklist(["a"]), AtMost(1, score="check_ins"), AtMost(1, score="slots")],
    ids=repr,
)
def test_what_is_no_number_is_not_measured_by_a_kpi(metric: Metric) -> None:
    made = lambda: KeyResult(id="k", title="K", metric=metric, measured_by="nps")  # noqa: E731 - asked for once
    assert problems_of(made) == [("measured_by", "two_answers")]


@pytest.mark.parametrize(
    ("beside", "path"),
    [
        ({"reads": "sum"}, "reads"),
        ({"rollup": "minimum"}, "rollup"),
        ({"rollup": "sum_of_values", "metric": Increase(start=0, target=1)}, "rollup"),
    ],
    ids=str,
)
def test_what_is_measured_by_a_kpi_is_read_from_nothing_else(beside: dict[str, Any], path: str) -> None:
    given: dict[str, Any] = {"metric": Increase(start=0, target=1), **beside}
    if beside.get("rollup") == "minimum":
        given["metric"] = None
    assert problems_of(lambda: KeyResult(id="k", title="K", measured_by="nps", **given)) == [(path, "two_answers")]
