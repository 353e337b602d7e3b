"""Values come from plain data, or say everything that is wrong with it."""

from typing import Any

import pytest

from goalkit import Band, InvalidValue
from goalkit.analysis.plain import read


def test_a_field_has_its_name_without_underscores_around_it() -> None:
    assert read(Band, {"from": 0.7, "label": "good"}, "band") == Band(from_=0.7, label="good")


def test_unknown_missing_and_refused_fields_are_told_together() -> None:
    with pytest.raises(InvalidValue) as error:
        read(Band, {"form": 0.7, "points": "many"}, "band")
    assert [(problem.code, problem.path) for problem in error.value.problems] == [
        ("unknown_field", "form"),
        ("missing_field", "label"),
        ("not_a_number", "points"),
    ]
    assert error.value.problems[0].hint == "did you mean 'from'?"


def test_what_is_no_mapping_is_refused() -> None:
    wrong: Any = [("label", "good")]
    with pytest.raises(InvalidValue, match="is not a mapping"):
        read(Band, wrong, "band")
