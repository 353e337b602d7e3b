"""Scales have a band for every score, and never less for more."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Band, InvalidValue, Outcome, Scale
from goalkit.analysis.bands import COLOURS
from goalkit.analysis.scales import FIVE_POINT, GROVE, LETTERS, REWORK, SCALES, ZONES, outcomes
from goalkit.quantities import TOLERANCE

SCORES = st.floats(-2, 3)
_RANK: dict[Outcome | None, int] = {None: 0, Outcome.MISSED: 1, Outcome.PARTIAL: 2, Outcome.ACHIEVED: 3}


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    """Return a scale of up to six bands."""
    cuts = sorted({round(cut, 3) for cut in draw(st.lists(st.floats(0.001, 1.5), max_size=5))})
    outcome = sorted(
        draw(st.lists(st.sampled_from([*COLOURS]), min_size=len(cuts) + 1, max_size=len(cuts) + 1)),
        key=_RANK.__getitem__,
    )
    first = draw(st.sampled_from([None, 0, -1]))
    bands = [
        Band(from_=cut, label=f"band {cut}", outcome=each) for cut, each in zip([first, *cuts], outcome, strict=True)
    ]
    return Scale(
        name="drawn", bands=draw(st.permutations(bands)), round_to=draw(st.sampled_from([None, 1, 3])), source="a test"
    )


def codes(error: pytest.ExceptionInfo[InvalidValue]) -> list[tuple[str, str]]:
    assert all(problem.message and problem.hint for problem in error.value.problems)
    return [(problem.code, problem.path) for problem in error.value.problems]


# -- laws -----------------------------------------------------------------------------------------


@given(scales(), SCORES, SCORES)
def test_more_is_never_worth_less(scale: Scale, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert scale.bands.index(scale.grade(low)) <= scale.bands.index(scale.grade(high))
    assert _RANK[scale.grade(low).outcome] <= _RANK[scale.grade(high).outcome]


@given(scales(), SCORES)
def test_every_score_lies_in_exactly_one_band(scale: Scale, score: float) -> None:
    if scale.round_to is not None:
        return
    edges = [float("-inf"), *(band.from_ or 0 for band in scale.bands[1:]), float("inf")]
    within = [
        band
        for band, (low, high) in zip(scale.bands, pairwise(edges), strict=True)
        if low - TOLERANCE <= score < high - TOLERANCE
    ]
    assert within == [scale.grade(score)]


@given(scales())
def test_a_scale_comes_back_from_its_document(scale: Scale) -> None:
    assert Scale.from_dict(scale.to_dict()) == scale


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda scale: str(scale.name))
def test_a_named_scale_comes_back_from_its_document_and_says_where_it_is_from(scale: Scale) -> None:
    assert Scale.from_dict(scale.to_dict()) == scale
    assert SCALES[scale.name] is scale
    assert scale.source or scale.name in {"committed", "aspirational"}


# -- grading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scale", "score", "label"),
    [
        (REWORK, 0.39, "red"),
        (REWORK, 0.4, "yellow"),
        (REWORK, 0.65, "yellow"),
        (REWORK, 0.7, "green"),
        (REWORK, 0.1 + 0.6, "green"),  # 0.7 but for rounding
        (GROVE, 0.99, "no"),
        (GROVE, 1, "yes"),
        (ZONES, 0.3, "commit"),
        (FIVE_POINT, "0.905", "4"),
        (LETTERS, 0.9, "A"),
        (LETTERS, -1, "F"),
    ],
)
def test_a_score_has_the_label_of_its_band(scale: Scale, score: Any, label: str) -> None:
    assert scale.grade(score).label == label


def test_an_unknown_score_has_no_band() -> None:
    assert REWORK.grade(None) is None


def test_a_scale_that_rounds_rounds_half_up_first() -> None:
    rounded = Scale(name="one decimal", bands=REWORK.bands, round_to=1)
    assert [rounded.grade(score).label for score in (0.34, 0.35, 0.64, 0.65)] == ["red", "yellow", "yellow", "green"]


def test_no_score_is_judged_that_is_not_a_number() -> None:
    wrong: Any = "good"
    with pytest.raises(InvalidValue, match="not a number"):
        REWORK.grade(wrong)


def test_outcomes_follow_what_is_expected() -> None:
    assert [outcomes(0.7).grade(score).outcome for score in (0.39, 0.4, 0.7)] == ["missed", "partial", "achieved"]
    assert [band.label for band in outcomes(0.4).bands] == ["missed", "achieved"]
    with pytest.raises(InvalidValue) as error:
        outcomes(0)
    assert codes(error) == [("out_of_range", "expectation")]


def test_a_scale_prints_as_a_table() -> None:
    head, first, *_ = str(FIVE_POINT).splitlines()
    assert head == "from  label  outcome  colour  points"
    assert first.split() == ["1", "1"]  # a label, and what it is worth


# -- what is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("bands", "code"),
    [
        ([], "no_bands"),
        ("bands", "not_a_list"),
        (3, "not_a_list"),
        ([Band(from_=0.5, label="a")], "gap"),
        ([Band(label="a", until=0.3), Band(from_=0.4, label="b")], "gap"),
        ([Band(label="a", until=0.5), Band(from_=0.4, label="b")], "overlap"),
        ([Band(label="a"), Band(from_=0.4, label="b"), Band(from_=0.4, label="c")], "overlap"),
        ([Band(label="a"), Band(label="b")], "overlap"),
        ([Band(label="a", until=1)], "gap"),
        ([Band(label="a", outcome="achieved"), Band(from_=0.5, label="b", outcome="missed")], "not_monotone"),
        ([Band(label="a", colour="green"), Band(from_=0.5, label="b", colour="red")], "not_monotone"),
        ([Band(label="a", points=2), Band(from_=0.5, label="b", points=1)], "not_monotone"),
    ],
)
def test_bands_that_do_not_follow_each_other_are_refused(bands: Any, code: str) -> None:
    with pytest.raises(InvalidValue) as error:
        Scale(name="s", bands=bands)
    assert {found for found, _ in codes(error)} == {code}


def test_an_end_that_is_said_twice_in_the_same_way_is_accepted() -> None:
    scale = Scale(name="s", bands=[Band(from_=0, until=0.4, label="a"), Band(from_=0.4, label="b")])
    assert [scale.grade(score).label for score in (0.39, 0.4)] == ["a", "b"]


def test_everything_that_is_wrong_with_a_document_is_named() -> None:
    with pytest.raises(InvalidValue) as error:
        Scale.from_dict({"bands": [{"label": "a", "form": 1}, {"outcome": "dropped"}], "colour": "red"})
    assert codes(error) == [
        ("unknown_field", "colour"),
        ("missing_field", "name"),
        ("unknown_field", "bands[0].form"),
        ("missing_field", "bands[1].label"),
        ("unknown_choice", "bands[1].outcome"),
    ]
    wrong: Any = ["name"]
    with pytest.raises(InvalidValue, match="not a mapping"):
        Scale.from_dict(wrong)
    with pytest.raises(InvalidValue) as error:
        Scale.from_dict({1: 2, "name": "s", "bands": [{"label": "a"}]})  # type: ignore[dict-item]  # a wrong document
    assert codes(error) == [("unknown_field", "")]


def test_a_score_without_digits_after_the_point_is_not_rounded() -> None:
    assert Scale(name="a", bands=[Band(label="x")], round_to=9).grade(1e308).label == "x"
