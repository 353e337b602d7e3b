"""What a cadence may count, and what belongs to it."""

import pytest

from goalkit import Cadence, InvalidValue
from goalkit.calendars import CadenceUnit
from goalkit.calendars.units import count


@pytest.mark.parametrize("unit", CadenceUnit)
def test_a_field_that_does_not_belong_to_a_unit_is_told_where_it_does(unit: CadenceUnit) -> None:
    with pytest.raises(InvalidValue) as caught:
        Cadence(unit=unit, day=1, nth="last", weekday="friday", recurrence="FREQ=DAILY")
    assert all(problem.code == "misplaced_field" and problem.hint for problem in caught.value.problems)
    at_home = {"week": {"weekday"}, "rule": {"recurrence"}, "month": {"day"}}.get(unit, set())
    places = {"weekday", "day", "nth", "recurrence"} - at_home
    assert {problem.path for problem in caught.value.problems} == places


def test_counts_are_read_as_everywhere() -> None:
    assert (count(12), count("12"), count(12.0)) == (12, 12, 12)
    with pytest.raises(InvalidValue):
        count(True)
