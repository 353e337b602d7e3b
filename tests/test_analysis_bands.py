"""A band has one colour, and scores are read and written without a loss."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Band, Colour, InvalidValue, Outcome
from goalkit.analysis.bands import COLOURS, score_of, score_text, written


def test_the_colour_is_that_of_the_outcome() -> None:
    assert Band(label="b", outcome="partial").colour is Colour.YELLOW
    assert Band(label="b", outcome="partial", colour="yellow").colour is Colour.YELLOW
    assert Band(label="b", colour="red").outcome is None
    with pytest.raises(InvalidValue) as error:
        Band(label="b", outcome="partial", colour="green")
    assert [(problem.code, problem.path) for problem in error.value.problems] == [("two_answers", "colour")]


def test_every_outcome_but_dropped_has_a_colour_of_its_own() -> None:
    assert set(COLOURS) == {*Outcome} - {Outcome.DROPPED}
    assert set(COLOURS.values()) == {*Colour}
    with pytest.raises(InvalidValue, match="a person does"):
        Band(label="b", outcome="dropped")


@given(st.floats(0.0001, 0.9999))
def test_no_score_reads_as_nothing_or_everything_that_is_not(score: float) -> None:
    assert score_text(score) not in {"0", "1"}
    assert abs(float(score_text(score)) - score) < 0.0011


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_reads_as_it_was(value: float) -> None:
    assert float(written(value)) == value
    assert score_of(value) == value


@pytest.mark.parametrize("value", [float("nan"), "x", None, True], ids=str)
def test_what_is_no_score_is_refused(value: Any) -> None:
    with pytest.raises(InvalidValue):
        score_of(value)
