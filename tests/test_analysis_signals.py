"""A rule finds what it looks for, all of it, and nothing else; published sets say what their publishers say."""

from collections.abc import Sequence
from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import InvalidValue
from goalkit.analysis.signals import (
    BASIC,
    LIFE_QI,
    NELSON,
    NHS,
    RULE_SETS,
    WHEELER,
    Rule,
    RuleSet,
    Runs,
    fewest_crossings,
    longest_run,
)
from goalkit.analysis.tracks import Finding, RuleKind, Track

EVERY_RULE = [*{rule.name: rule for each in RULE_SETS.values() for rule in each.rules}.values(), Rule("range")]


def track(*values: float, centre: float = 0, reach: float = 3, range_limit: float = 4) -> Track:
    return Track(tuple(map(float, values)), centre, reach, range_limit, slack=1e-9)


def found(rule: Rule, *values: float) -> list[tuple[int, int, tuple[int, ...]]]:
    return [(each.at, each.side, each.members) for each in rule.findings(track(*values))]


# -- the rules ------------------------------------------------------------------------------------


def test_a_point_beyond_a_limit_is_a_signal_and_one_on_it_is_not() -> None:
    assert found(Rule("limit"), 3, 3.0000000005, 3.1, -3, -3.1, 0) == [(2, 1, (2,)), (4, -1, (4,))]
    assert [at for at, _, _ in found(Rule("limit"), *([0] * 99), 4, *([0] * 150), -4)] == [99, 250]


def test_a_run_is_one_signal_for_as_long_as_it_lasts() -> None:
    assert found(Rule("run", 3), -1, 1, 1, 1, 1, -1, -1) == [(3, 1, (1, 2, 3, 4))]
    assert found(Rule("run", 3), -1, -1, -1, 1, 1, 1) == [(5, 1, (3, 4, 5)), (2, -1, (0, 1, 2))]
    assert found(Rule("run", 3), 1, 1, -1, 1, 1) == []


def test_a_point_on_the_centre_line_ends_a_run_or_is_passed_over() -> None:
    values = 1, 1, 0, 1e-10, 1, 1
    assert found(Rule("run", 3), *values) == []
    assert found(Rule("run", 3, ties="skips"), *values) == [(4, 1, (0, 1, 4, 5))]
    assert found(Rule("run", 3, ties="skips"), 0, 0, 0, 0) == []


def test_a_trend_counts_its_points_and_not_its_steps() -> None:
    assert found(Rule("trend", 4), 0, 1, 2) == []
    assert found(Rule("trend", 4), 5, 0, 1, 2, 3, 4, 3) == [(4, 1, (1, 2, 3, 4, 5))]
    assert found(Rule("trend", 3), 3, 2, 1) == [(2, -1, (0, 1, 2))]


def test_a_tie_ends_a_trend_or_is_passed_over() -> None:
    values = 0, 1, 1, 1 + 1e-10, 2
    assert found(Rule("trend", 3), *values) == []
    assert found(Rule("trend", 3, ties="skips"), *values) == [(4, 1, (0, 1, 4))]
    assert found(Rule("trend", 3, ties="skips"), 2, 2, 1, 1, 0) == [(4, -1, (0, 2, 4))]
    assert found(Rule("trend", 3, ties="skips"), 0, 1, 2) == [(2, 1, (0, 1, 2))]


def test_points_in_a_zone_need_not_follow_each_other() -> None:
    rule = Rule("zone", 2, out_of=3, sigma=2)
    assert found(rule, 2.1, 0, 4, 0, 0, 2.1, 0) == [(2, 1, (0, 2))]
    assert found(rule, 2.1, -2.1, 0, 0, 2, 2) == []
    assert found(rule, -2.1, 0, -2.1, 0, -2.1, 0, 0, -2.1, -2.1) == [(2, -1, (0, 2, 4)), (8, -1, (7, 8))]
    assert found(Rule("zone", 4, out_of=5), 2, 2, 0, 2, 2, 2) == [(4, 1, (0, 1, 3, 4, 5))]


def test_points_near_a_limit_are_within_it_and_all_in_a_row_are_on_one_side() -> None:
    rule = Rule("near", 2, out_of=3, sigma=2)
    assert found(rule, 2.1, 1, 2.1, -1) == [(2, 1, (0, 2))]
    assert found(rule, 2.1, -1, 2.1, 2.1) == []
    assert found(rule, 2.1, 4, 1, -1) == []
    assert found(rule, -2.1, -2.1, -1) == [(2, -1, (0, 1))]


def test_points_may_be_too_near_the_centre_for_too_long() -> None:
    assert found(Rule("within", 3), 0.5, -0.5, 0, 1, 0.5, 0.5) == [(2, 0, (0, 1, 2))]


def test_points_may_avoid_the_centre_on_both_sides() -> None:
    rule = Rule("outside", 3)
    assert found(rule, 2, 2, 2, 2) == []
    assert found(rule, 2, 2, 2, 2, -2, 2) == [(4, 0, (0, 1, 2, 3, 4, 5))]
    assert found(rule, -2, 2, -2, 0, 2, 2) == [(2, 0, (0, 1, 2))]


def test_points_may_go_up_and_down_in_turn() -> None:
    assert found(Rule("alternating", 4), 0, 1, 0, 1, 0, -1) == [(3, 0, (0, 1, 2, 3, 4))]
    assert found(Rule("alternating", 4), 0, 1, 1, 0, 1) == []
    assert found(Rule("alternating", 4, ties="skips"), 0, 1, 1, 0, 1) == [(4, 0, (0, 1, 3, 4))]


def test_a_moving_range_belongs_to_two_points_and_has_no_side() -> None:
    assert found(Rule("range"), 0, 4, 8.1, 0) == [(2, 0, (1, 2)), (3, 0, (2, 3))]


@pytest.mark.parametrize("rule", EVERY_RULE, ids=str)
def test_points_that_never_change_are_no_signal(rule: Rule) -> None:
    for length in (0, 1, 2, 40):
        assert rule.findings(track(*([1.0] * length), centre=1, reach=0, range_limit=0)) == []


@pytest.mark.parametrize("rule", EVERY_RULE, ids=str)
@given(values=st.lists(st.sampled_from([-4, -2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 4]), max_size=60))
def test_reversed_signs_mirror_what_is_found(rule: Rule, values: Sequence[float]) -> None:
    there = rule.findings(track(*values))
    mirrored = rule.findings(track(*(-value for value in values)))
    assert sorted(there) == sorted(Finding(at, -side, members) for at, side, members in mirrored)
    for at, _, members in there:
        assert list(members) == sorted(set(members))
        assert set(members) <= set(range(len(values)))
        assert at in members or rule.kind is RuleKind.NEAR


@given(values=st.lists(st.integers(-3, 3), max_size=60), length=st.integers(2, 9))
def test_a_run_is_found_where_looking_at_every_window_finds_one(values: list[int], length: int) -> None:
    flagged = {at for _, _, members in found(Rule("run", length), *values) for at in members}
    windows = (range(first, first + length) for first in range(len(values) - length + 1))
    held = [each for each in windows if all(values[at] > 0 for at in each) or all(values[at] < 0 for at in each)]
    assert flagged == {at for each in held for at in each}


@given(values=st.lists(st.integers(-3, 3), max_size=40))
def test_a_zone_is_found_where_looking_at_every_window_finds_one(values: list[int]) -> None:
    flagged = {at for _, _, members in found(Rule("zone", 2, out_of=3, sigma=1), *values) for at in members}
    wanted = set()
    for first in range(-2, len(values)):
        window = [at for at in range(first, first + 3) if 0 <= at < len(values)]
        for side in (1, -1):
            beyond = [at for at in window if values[at] * side > 1]
            wanted |= set(beyond) if len(beyond) > 1 else set()
    assert flagged == wanted


# -- rules and their sets as values ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"kind": "walk"}, "kind"),
        ({"kind": "run", "length": 1}, "length"),
        ({"kind": "run", "length": 0}, "length"),
        ({"kind": "alternating", "length": 2}, "length"),
        ({"kind": "zone", "length": 2}, "out_of"),
        ({"kind": "near", "length": 3, "out_of": 2}, "out_of"),
        ({"kind": "within", "length": 15, "sigma": 0}, "sigma"),
        ({"kind": "within", "length": 15, "sigma": 3.5}, "sigma"),
        ({"kind": "run", "length": 8, "ties": "ends"}, "ties"),
    ],
    ids=str,
)
def test_a_rule_that_cannot_be_is_refused(given: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        Rule(**given)
    assert [problem.path for problem in error.value.problems] == [path]


def test_a_set_is_made_of_rules() -> None:
    assert RuleSet(name="none", rules=[]).rules == ()
    for rules, paths in (("limit", ["rules"]), (7, ["rules"]), ([Rule("limit"), "run"], ["rules[1]"])):
        given: Any = rules
        with pytest.raises(InvalidValue) as error:
            RuleSet(name="ours", rules=given)
        assert [problem.path for problem in error.value.problems] == paths


def test_published_sets_have_the_rules_that_are_published() -> None:
    told = {each.name: [rule.name for rule in each.rules] for each in RULE_SETS.values()}
    zones = ["2_of_3_beyond_2_sigma", "4_of_5_beyond_1_sigma"]
    assert told == {
        "basic": ["beyond_limit", "run_of_8"],
        "Wheeler": ["beyond_limit", *zones, "run_of_8"],
        "Nelson": [
            *("beyond_limit", "run_of_9", "trend_of_6", "14_alternating"),
            *zones,
            *("15_within_1_sigma", "8_outside_1_sigma"),
        ],
        "NHS": ["beyond_limit", "run_of_7", "trend_of_7", "2_of_3_near_limit"],
        "Life QI": ["beyond_limit", "run_of_8", "trend_of_6"],
    }
    assert all(each.source for each in (BASIC, WHEELER, NELSON, NHS, LIFE_QI))
    assert str(Rule("range")) == "range_beyond_limit"


# -- runs by chance -------------------------------------------------------------------------------


@pytest.mark.parametrize("useful", [1, 2, 3, 10, 20, 24, 100, 1000])
def test_the_fewest_crossings_are_the_quantile_of_fair_coins(useful: int) -> None:
    pairs = useful - 1
    ways = [comb(pairs, crossings) for crossings in range(pairs + 1)]
    wanted = next(most for most in range(pairs + 1) if sum(ways[: most + 1]) * 20 >= 2**pairs)
    assert fewest_crossings(useful) == wanted


@pytest.mark.parametrize("useful", [0, -1, 1.5, True, "many"])
def test_a_number_of_points_is_a_whole_number(useful: Any) -> None:
    for ask in (longest_run, fewest_crossings):
        with pytest.raises(InvalidValue):
            ask(useful)


def test_runs_pass_over_points_on_the_centre_line() -> None:
    runs = Runs.of([1, 1, 0, 1, -1, 0, 1, 1e-10], centre=0, slack=1e-9)
    assert (runs.useful, runs.longest, runs.crossings) == (5, 3, 2)
    nothing = Runs.of([], centre=0)
    assert (nothing.useful, nothing.longest, nothing.crossings, nothing.is_signal) == (0, 0, 0, False)


def test_a_long_run_is_a_signal_and_so_are_few_crossings() -> None:
    assert Runs.of([1] * 8 + [-1, 1] * 6, centre=0).is_signal
    few = Runs.of([1] * 7 + [-1] * 7 + [1] * 6, centre=0)
    assert (few.longest <= few.most, few.is_signal) == (True, True)
    assert not Runs.of([1, -1] * 10, centre=0).is_signal
