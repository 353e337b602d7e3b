"""The choices behind a status: thresholds in order, and what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import InvalidValue, Policy, WorkdayProfile
from goalkit.policies import By, Hysteresis, Thresholds


def problems_of(make: Any) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        make()
    assert all(problem.message and problem.hint for problem in caught.value.problems)
    return [(problem.path, problem.code) for problem in caught.value.problems]


def test_a_figure_on_a_threshold_is_on_its_better_side() -> None:
    assert [Thresholds().zone(gap) for gap in (-1, 0.1, 0.3 - 0.2, 0.11, 0.25, 0.26)] == [0, 0, 0, 1, 1, 2]
    ratio = Thresholds(by="ratio", on_track=0.9, at_risk=0.75)
    assert [ratio.zone(got) for got in (1, 0.9, 0.89, 0.75, 0.74)] == [0, 0, 1, 1, 2]
    level = Thresholds(by="level", on_track=0.7, at_risk=0.4)
    assert [level.zone(got) for got in (0.7, 0.5, 0.39)] == [0, 1, 2]


def test_a_strict_threshold_is_not_enough() -> None:
    assert [Thresholds(strict=True).zone(gap) for gap in (0.09, 0.1, 0.25)] == [0, 1, 1]
    assert Thresholds(by="level", on_track=0.7, at_risk=0.4, strict=True).zone(0.7) == 1


def test_without_a_second_threshold_nothing_is_off_track() -> None:
    assert Thresholds(at_risk=None).zone(1) == 1
    assert Thresholds(at_risk=None).eased(0.05).at_risk is None


@given(st.sampled_from(By), st.floats(-1, 2), st.floats(0, 1))
def test_a_worse_figure_is_never_in_a_better_zone(by: By, figure: float, worse: float) -> None:
    thresholds = Thresholds(by=by, on_track=0.5, at_risk=0.7 if by is By.GAP else 0.3)
    sign = 1 if by is By.GAP else -1
    assert thresholds.zone(figure + sign * worse) >= thresholds.zone(figure)
    assert thresholds.eased(0.1).zone(figure) >= thresholds.zone(figure)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"at_risk": 0.05}, [("at_risk", "out_of_order")]),
        ({"by": "ratio"}, [("at_risk", "out_of_order")]),
        ({"by": "level", "on_track": 0.4, "at_risk": 0.7}, [("at_risk", "out_of_order")]),
        (
            {"by": "gpa", "on_track": "x", "strict": 1},
            [("by", "unknown_choice"), ("on_track", "not_a_number"), ("strict", "not_true_or_false")],
        ),
    ],
)
def test_thresholds_out_of_order_are_refused(given: Any, found: list[tuple[str, str]]) -> None:
    assert problems_of(lambda: Thresholds(**given)) == found
    assert problems_of(lambda: Policy(thresholds=given)) == [(f"thresholds.{path}", code) for path, code in found]


def test_unknown_names_are_refused() -> None:
    strange: dict[Any, Any] = {"byy": "gap", "on_track": "x", 7: 1}
    assert problems_of(lambda: Policy(thresholds=strange)) == [
        ("thresholds.byy", "unknown_field"),
        ("thresholds", "unknown_field"),
        ("thresholds.on_track", "not_a_number"),
    ]
    assert problems_of(lambda: Policy(thresholds=0.1)) == [("thresholds", "wrong_kind")]  # type: ignore[arg-type] # refused
    assert problems_of(lambda: Policy(hysteresis=True)) == [("hysteresis", "wrong_kind")]  # type: ignore[arg-type] # refused
    assert problems_of(lambda: Policy(profile="linear")) == [("profile", "wrong_kind")]  # type: ignore[arg-type] # refused
    assert problems_of(lambda: Policy(profile={"kind": "x"})) == [("profile.kind", "unknown_choice")]
    assert problems_of(lambda: Hysteresis(margin=2, confirm=0)) == [
        ("margin", "out_of_range"),
        ("confirm", "out_of_range"),
    ]


def test_parts_of_a_policy_are_plain_data() -> None:
    policy = Policy(
        thresholds={"by": "ratio", "on_track": 0.9, "at_risk": 0.75}, hysteresis={}, profile={"kind": "workdays"}
    )
    assert policy.thresholds == Thresholds(by="ratio", on_track=0.9, at_risk=0.75)
    assert policy.hysteresis == Hysteresis()
    assert policy.profile == WorkdayProfile()
    assert Policy.from_dict(policy.to_dict()) == policy


def test_a_policy_tells_its_parts_in_words() -> None:
    policy = Policy(name="ours", profile=WorkdayProfile(), thresholds=Thresholds(strict=True), hysteresis=Hysteresis())
    assert policy.describe() == (
        "ours (profile by working days, thresholds gap under 0.1, 0.25, hysteresis margin 0.05, confirm 2)"
    )
    assert Thresholds(by="level", on_track=0.7, at_risk=None, strict=True).describe() == "level over 0.7"
