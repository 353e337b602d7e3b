"""A named measure knows what is counted, and a figure over several periods comes from all the counts together."""

import json
import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Cycle, InvalidValue, Observation, Plan, kpi_series
from goalkit.analysis.named_measures import (
    CHANGE_FAIL_RATE,
    CONVERSION_RATE,
    CUSTOMER_CHURN,
    FIRST_CONTACT_RESOLUTION,
    MEASURES,
    NPS,
    STAFF_TURNOVER,
    STAFF_TURNOVER_OF_AVERAGE,
    NpsGroup,
    nps_group,
    nps_groups,
)
from goalkit.analysis.recipes import Measure

JULY, AUGUST, QUARTER = date(2026, 7, 28), date(2026, 8, 28), Cycle.quarter(2026, 3)

scores = st.lists(st.integers(0, 10), max_size=30)
any_count = st.integers(0, 10**6) | st.decimals(0, 10**6, places=2)


def problems_of(error: pytest.ExceptionInfo[InvalidValue]) -> list[tuple[str, str]]:
    for problem in error.value.problems:
        assert problem.message
        assert problem.hint
    return [(problem.code, problem.path) for problem in error.value.problems]


# --- the net promoter score --------------------------------------------------------------------


def test_the_published_answers_come_out() -> None:
    groups = nps_groups([3, 4, 5, 6, 8, 8, 8, 9, 10, 10])
    assert groups == {"promoters": 3, "passives": 3, "detractors": 4}
    assert NPS.value(**groups) == -10


@pytest.mark.parametrize(
    ("counts", "value"), [((30, 50, 20), 10), ((25, 55, 20), 5), ((1, 0, 0), 100), ((0, 0, 3), -100)]
)
def test_shares_of_a_hundred_will_do(counts: tuple[int, int, int], value: int) -> None:
    promoters, passives, detractors = counts
    assert NPS.value(promoters=promoters, passives=passives, detractors=detractors) == value


def test_six_is_a_detractor_and_nine_a_promoter() -> None:
    assert [nps_group(score).value for score in range(11)] == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2
    assert nps_group("9") is NpsGroup.PROMOTER
    assert nps_group(6.0) is NpsGroup.DETRACTOR


def test_answers_may_come_from_an_array() -> None:
    assert nps_groups(np.array([10, 0])) == {"promoters": 1, "passives": 0, "detractors": 1}
    assert nps_groups(iter([7])) == {"promoters": 0, "passives": 1, "detractors": 0}


def test_every_answer_that_is_none_is_named() -> None:
    with pytest.raises(InvalidValue) as error:
        nps_groups([11, 10, -1, 7.5, True, None, float("nan")])  # type: ignore[list-item]  # read at run time
    assert problems_of(error) == [
        ("out_of_range", "[0]"),
        ("out_of_range", "[2]"),
        ("not_whole", "[3]"),
        ("boolean_value", "[4]"),
        ("not_a_number", "[5]"),
        ("not_finite", "[6]"),
    ]


@pytest.mark.parametrize("wrong", ["9", b"8", {9, 10}, frozenset({9}), {9: 1}, 7, None, np.array(9)])
def test_what_is_no_list_of_answers_is_refused(wrong: Any) -> None:
    with pytest.raises(InvalidValue) as error:
        nps_groups(wrong)
    assert problems_of(error) == [("not_a_list", "")]


@given(scores, scores)
def test_joined_answers_are_joined_counts_and_lie_between_their_parts(one: list[int], other: list[int]) -> None:
    first, second = nps_groups(one), nps_groups(other)
    joined = NPS.value(**nps_groups(one + other))
    assert joined == NPS.value(**{name: first[name] + second[name] for name in first})
    values = [value for value in (NPS.value(**first), NPS.value(**second)) if value is not None]
    if joined is None:
        assert values == []
    else:
        assert min(values) <= joined <= max(values)
        assert -100 <= joined <= 100


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(answers: list[int], random: Any) -> None:
    assert nps_groups(random.sample(answers, k=len(answers))) == nps_groups(answers)


# --- every measure -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measure", "counts", "value"),
    [
        (FIRST_CONTACT_RESOLUTION, {"solved": 273, "contacts": 350}, "0.78"),
        (STAFF_TURNOVER, {"leavers": 6, "start": 110, "end": 90}, "0.06"),
        (STAFF_TURNOVER, {"leavers": 3, "start": 1, "end": 0}, "6"),
        (STAFF_TURNOVER_OF_AVERAGE, {"leavers": 6, "average": "99.5"}, "0.0603015075376884422110552763819"),
        (CUSTOMER_CHURN, {"lost": 5, "start": 100}, "0.05"),
        (CONVERSION_RATE, {"converted": 3, "visits": 1000}, "0.003"),
        (CHANGE_FAIL_RATE, {"failed": 0, "deployments": 7}, "0"),
    ],
)
def test_a_measure_is_worked_out_as_it_is_defined(measure: Measure, counts: dict[str, Any], value: str) -> None:
    assert measure.value(**counts) == Decimal(value)


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_a_measure_says_what_it_is_and_where_that_comes_from(measure: Measure) -> None:
    assert MEASURES[measure.id] is measure
    assert measure.definition.endswith(".")
    assert measure.source
    assert measure.direction is not None
    assert measure.least is not None
    assert (measure.unit == "percent") is (measure is not NPS)
    assert pickle.loads(pickle.dumps(measure)) == measure  # noqa: S301 - our own
    assert hash(measure) == hash(Measure.from_dict(measure.to_dict()))
    assert Measure.from_dict(json.loads(json.dumps(measure.to_dict()))) == measure


@pytest.mark.parametrize("measure", MEASURES.values(), ids=MEASURES)
def test_without_a_case_there_is_a_fact_and_no_value(measure: Measure) -> None:
    nothing = dict.fromkeys(measure.counts, 0)
    assert measure.value(**nothing) is None
    fact = measure.observation(nothing, on=JULY)
    assert (fact.kpi, fact.numerator, fact.denominator) == (measure.id, Decimal(0), Decimal(0))
    figure = kpi_series(Plan.of(measure.kpi(), fact), measure.id).over(QUARTER)
    assert (figure.actual, figure.reason and figure.reason.value) == (None, "zero_denominator")


@given(st.sampled_from([*MEASURES.values()]), st.data())
def test_a_figure_over_several_periods_is_that_of_all_counts_together(measure: Measure, data: st.DataObject) -> None:
    drawn = [{name: data.draw(any_count) for name in measure.counts} for _ in range(2)]
    if measure.most == 1:  # what is a part of something is not more than that
        one, whole = (next(iter(sums)) for sums in (measure.numerator, measure.denominator))
        drawn = [{one: min(each.values()), whole: max(each.values())} for each in drawn]
    first, second = drawn
    plan = Plan.of(
        measure.kpi(),
        measure.observation(first, on=JULY, id="first"),
        measure.observation(second, on=AUGUST, id="second"),
    )
    figure = kpi_series(plan, measure.id).over(QUARTER)
    together = {name: Decimal(first[name]) + Decimal(second[name]) for name in first}
    assert figure.actual == measure.value(**together)
    values = [measure.value(first), measure.value(second)]
    known = [Fraction(value) for value in values if value is not None]
    if figure.actual is not None and len(known) == 2:
        slack = Fraction(1, 10**20)
        assert min(known) - slack <= Fraction(figure.actual) <= max(known) + slack


@given(st.sampled_from([*MEASURES.values()]), st.integers(1, 1000), st.data())
def test_more_of_the_same_changes_nothing(measure: Measure, times: int, data: st.DataObject) -> None:
    counts = dict.fromkeys(measure.counts, data.draw(st.integers(0, 10**6)))
    assert measure.value(**counts) == measure.value(**{name: count * times for name, count in counts.items()})


def test_a_kpi_has_what_the_measure_says_and_what_it_is_given() -> None:
    kpi = NPS.kpi()
    assert (kpi.id, kpi.title, kpi.kind.value, kpi.unit) == ("nps", "Net Promoter Score", "ratio", "points")
    assert kpi.direction == "up"
    own = FIRST_CONTACT_RESOLUTION.kpi(id="solved", title="Solved at once", target="0.9", frequency="monthly")
    assert (own.id, own.title, str(own.target), own.unit) == ("solved", "Solved at once", "0.9", "percent")


def test_a_kpi_of_another_kind_is_refused() -> None:
    with pytest.raises(InvalidValue) as error:
        NPS.kpi(kind="flow", formula=None, reads="latest")
    assert problems_of(error) == [("two_answers", "kind"), ("two_answers", "formula"), ("two_answers", "reads")]
    with pytest.raises(InvalidValue) as error:
        NPS.kpi(target="high")
    assert [problem.path for problem in error.value.problems] == ["target"]


def test_an_observation_has_what_it_is_given() -> None:
    given_words: dict[str, Any] = {
        "by": "ida",
        "note": "survey",
        "supersedes": "old",
        "id": "new",
        "extra": {"wave": 3},
    }
    fact = FIRST_CONTACT_RESOLUTION.observation(kpi="solved", on="2026-07-28", solved=81, contacts=87, **given_words)
    assert fact == Observation(kpi="solved", on=JULY, numerator=81, denominator=87, **given_words)
    plain = FIRST_CONTACT_RESOLUTION.observation(on=JULY, solved=81, contacts=87)
    assert plain == Observation(kpi="first_contact_resolution", on=JULY, numerator=81, denominator=87)


def test_wrong_counts_are_named_all_at_once() -> None:
    wrong: dict[str, Any] = {"promoters": -1, "passive": 3, "detractors": float("nan"), "x": 1}
    for ask in (NPS.value, lambda **counts: NPS.observation(on=JULY, **counts)):
        with pytest.raises(InvalidValue) as error:
            ask(**wrong)
        assert problems_of(error) == [
            ("unknown_count", "passive"),
            ("unknown_count", "x"),
            ("out_of_range", "promoters"),
            ("missing_field", "passives"),
            ("not_finite", "detractors"),
        ]
        hints = [problem.hint for problem in error.value.problems[:2]]
        assert hints == ["did you mean 'passives'?", "it has promoters, passives, detractors"]
    with pytest.raises(InvalidValue) as error:
        NPS.value(promoters=True, passives=None, detractors="many")  # type: ignore[arg-type]  # read at run time
    assert problems_of(error) == [
        ("boolean_value", "promoters"),
        ("not_a_number", "passives"),
        ("not_a_number", "detractors"),
    ]


def test_counts_by_name_go_before_those_of_a_mapping() -> None:
    counts = {"solved": 80, "contacts": 100}
    assert FIRST_CONTACT_RESOLUTION.value(counts, solved=90) == Decimal("0.9")
    assert FIRST_CONTACT_RESOLUTION.observation(counts, on=JULY, contacts=160).denominator == 160
    unnamed: dict[Any, Any] = {1: 2, **counts}
    for wrong, found in (([80, 100], [("not_a_mapping", "")]), (unnamed, [("unknown_count", "")])):
        given_counts: Any = wrong
        with pytest.raises(InvalidValue) as error:
            FIRST_CONTACT_RESOLUTION.value(given_counts)
        assert problems_of(error) == found


@pytest.mark.parametrize("contacts", [0, 80])
def test_counts_that_cannot_be_right_together_are_refused(contacts: int) -> None:
    with pytest.raises(InvalidValue, match=f"90 of {contacts} is more than 1") as error:
        FIRST_CONTACT_RESOLUTION.value(solved=90, contacts=contacts)
    assert problems_of(error) == [("out_of_range", "")]
    assert "solved: contacts that were solved at once" in error.value.problems[0].hint


# --- measures of one's own ---------------------------------------------------------------------


def own(**fields: Any) -> Measure:
    told: dict[str, Any] = {
        "id": "margin",
        "title": "Margin",
        "counts": {"income": "money that came in", "cost": "money that went out"},
        "numerator": {"income": 1, "cost": -1},
        "denominator": {"income": 1},
    }
    return Measure(**{**told, **fields})


def test_anybody_can_make_a_measure() -> None:
    margin = own()
    assert margin.value(income=200, cost="150.5") == Decimal("0.2475")
    assert margin.value(income=100, cost=150) == Decimal("-0.5")
    assert margin.kpi().direction is None
    assert margin.to_dict() == {
        "id": "margin",
        "title": "Margin",
        "counts": {"income": "money that came in", "cost": "money that went out"},
        "numerator": {"income": "1", "cost": "-1"},
        "denominator": {"income": "1"},
    }
    assert Measure.from_dict(margin.to_dict()) == margin
    assert own(least=0).value(income=100, cost=100) == 0
    with pytest.raises(InvalidValue, match="-50 of 100 is less than 0"):
        own(least=0).value(income=100, cost=150)
    assert own(counts={"self": "x"}, numerator={"self": 2}, denominator={"self": 1}).value(self=3) == 2


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"id": "", "title": " "}, [("empty_id", "id"), ("no_title", "title")]),
        ({"counts": ["income"]}, [("not_a_mapping", "counts")]),
        ({"counts": {}}, [("no_counts", "counts")]),
        ({"counts": {"": "x", "cost": ""}}, [("empty_id", "counts['']"), ("no_title", "counts['cost']")]),
        ({"numerator": {}}, [("no_counts", "numerator")]),
        (
            {"numerator": {"income": 0, "cost": "x"}},
            [("out_of_range", "numerator['income']"), ("not_a_number", "numerator['cost']")],
        ),
        ({"denominator": {"income": -1}}, [("out_of_range", "denominator['income']")]),
        ({"denominator": {"income": 0}}, [("out_of_range", "denominator['income']")]),
        ({"denominator": {"incom": 1}}, [("unknown_count", "denominator['incom']")]),
        ({"numerator": {"x": 1}}, [("unknown_count", "numerator['x']"), ("unused_count", "counts['cost']")]),
        (
            {"counts": {"on": "x"}, "numerator": {"on": 1}, "denominator": {"on": 1}},
            [("reserved_name", "counts['on']")],
        ),
        ({"least": 1, "most": 1}, [("out_of_range", "most")]),
        ({"direction": "upwards"}, [("unknown_choice", "direction")]),
    ],
)
def test_what_is_no_measure_is_refused(fields: dict[str, Any], found: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidValue) as error:
        own(**fields)
    assert problems_of(error) == found


def test_a_document_that_is_no_measure_is_refused() -> None:
    with pytest.raises(InvalidValue) as error:
        Measure.from_dict({**own().to_dict(), "kind": "flow"})
    assert problems_of(error) == [("unknown_field", "kind")]


def test_a_count_beyond_what_can_be_measured_is_refused() -> None:
    with pytest.raises(InvalidValue, match="absurd_magnitude"):
        NPS.value(promoters="9E+30", passives=0, detractors=0)
