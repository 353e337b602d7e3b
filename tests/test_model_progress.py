"""What progress is."""

import copy
import pickle
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goalkit import Progress, Reason


@pytest.mark.parametrize(("raw", "value"), [(0.5, 0.5), (1.5, 1.0), (-0.25, 0.0), (0.0, 0.0), (1.0, 1.0), (inf, 1.0)])
def test_known_progress_keeps_the_raw_figure_beside_the_clamped_one(raw: float, value: float) -> None:
    progress = Progress.of(raw)
    assert (progress.value, progress.raw, progress.reason) == (value, raw, None)


@given(st.floats(allow_nan=False))
def test_known_progress_lies_within_nothing_and_everything(raw: float) -> None:
    value = Progress.of(raw).value
    assert value is not None
    assert 0 <= value <= 1


@pytest.mark.parametrize("reason", Reason)
def test_unknown_progress_has_a_reason_and_no_figure(reason: Reason) -> None:
    progress = Progress.unknown(reason)
    assert (progress.value, progress.raw, progress.reason) == (None, None, reason)
    assert Reason(reason.value) is reason
    assert reason.value == reason.name.lower()


def test_progress_is_a_value() -> None:
    progress = Progress.of(0.5)
    for other in (pickle.loads(pickle.dumps(progress)), copy.deepcopy(progress), Progress.of(0.5)):  # noqa: S301 - our own bytes
        assert other == progress
        assert hash(other) == hash(progress)
    with pytest.raises(AttributeError):
        progress.value = 1.0  # type: ignore[misc]  # that it cannot be set is the point
