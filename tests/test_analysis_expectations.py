"""Ambition changes what is expected, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Ambition, Expectations, InvalidValue, Outcome


def test_what_is_expected_follows_the_ambition() -> None:
    expected = Expectations()
    assert [expected.of(each) for each in ("committed", "aspirational", "learning", None)] == [1.0, 0.7, None, 1.0]
    assert expected.scale("learning") is None
    assert Expectations(learning=0.5).of("learning") == 0.5


@given(
    st.fixed_dictionaries(
        {name: st.floats(0.4, 1) for name in ("committed", "aspirational", "learning", "undeclared")}
    ),
    st.sampled_from([*Ambition, None]),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_more_is_never_a_worse_outcome(
    said: dict[str, float], ambition: Ambition | None, one: float, other: float
) -> None:
    scale = Expectations.from_dict(said).scale(ambition)
    assert scale is not None
    low, high = (scale.grade(score).outcome for score in sorted((one, other)))
    best_first = [*Outcome]
    assert low is not None
    assert high is not None
    assert best_first.index(high) <= best_first.index(low)


def test_expectations_come_back_from_their_document() -> None:
    ours = Expectations(aspirational=0.6, learning=0.5)
    assert Expectations.from_dict(ours.to_dict()) == ours


@pytest.mark.parametrize(
    ("said", "path"),
    [({"committed": 0}, "committed"), ({"undeclared": 1.1}, "undeclared"), ({"aspirational": 0.3}, "partial")],
)
def test_what_cannot_be_expected_is_refused(said: dict[str, float], path: str) -> None:
    with pytest.raises(InvalidValue) as error:
        Expectations.from_dict(said)
    assert [(problem.code, problem.path) for problem in error.value.problems] == [("out_of_range", path)]


def test_an_unknown_ambition_is_refused() -> None:
    with pytest.raises(InvalidValue, match="not one of the choices"):
        Expectations().of("huge")
