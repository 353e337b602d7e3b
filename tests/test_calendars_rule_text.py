"""The text of a recurrence rule."""

from datetime import date

import pytest

from goalkit.calendars.rule_text import Frequency, parts_of, rule_text
from goalkit.calendars.weekdays import Weekday
from goalkit.errors import InvalidValue


def problems_of(text: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValue) as caught:
        rule_text(text)
    assert all(problem.hint and problem.message for problem in caught.value.problems)
    return [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("FREQ=WEEKLY", "FREQ=WEEKLY"),
        ("rrule:byday=mo,fr;freq=weekly;", "FREQ=WEEKLY;BYDAY=MO,FR"),
        ("WKST=SU;INTERVAL=2;FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;WKST=SU"),
    ],
)
def test_a_rule_has_one_text(text: str, same: str) -> None:
    assert rule_text(text) == same
    assert rule_text(same) == same


def test_a_rule_says_what_it_says() -> None:
    parts = parts_of("FREQ=YEARLY;UNTIL=20301231;INTERVAL=2;BYMONTH=3,1,3;BYDAY=-1FR,MO,+2TU;BYSETPOS=-1;WKST=SU")
    assert parts.frequency is Frequency.YEARLY
    assert (parts.until, parts.times, parts.interval) == (date(2030, 12, 31), None, 2)
    assert dict(parts.by) == {"BYMONTH": (1, 3), "BYDAY": ((-1, 4), (0, 0), (2, 1)), "BYSETPOS": (-1,)}
    assert parts.week_start is Weekday.SUNDAY
    assert parts_of("FREQ=DAILY;COUNT=3").times == 3


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [("empty_id", "")]),
        (5, [("not_text", "")]),
        ("hello", [("bad_rule", "")]),
        ("FREQ=WEEKLY;;BYDAY=MO", [("bad_rule", "")]),
        ("FREQ=WEEKLY;BYDAY=", [("bad_rule", "")]),
        ("FREQ=WEEKLY;FREQ=DAILY", [("two_answers", "FREQ")]),
        ("BYDAY=MO", [("missing_field", "FREQ")]),
        ("FREQ=SECONDLY", [("unknown_choice", "FREQ")]),
        ("FREQ=HOURLY;INTERVAL=0", [("unknown_choice", "FREQ"), ("out_of_range", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=10000", [("out_of_range", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=two", [("not_a_number", "INTERVAL")]),
        ("FREQ=DAILY;INTERVAL=999999999", [("not_a_number", "INTERVAL")]),
        ("FREQ=DAILY;COUNT=0", [("out_of_range", "COUNT")]),
        ("FREQ=DAILY;COUNT=-1", [("out_of_range", "COUNT")]),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231", [("two_answers", "UNTIL")]),
        ("FREQ=DAILY;UNTIL=20260230", [("not_a_day", "UNTIL")]),
        ("FREQ=DAILY;UNTIL=20261231T235959Z", [("not_a_day", "UNTIL")]),
        ("FREQ=DAILY;BYHOUR=9", [("unknown_field", "BYHOUR")]),
        ("FREQ=YEARLY;BYEASTER=0", [("unknown_field", "BYEASTER")]),
        ("FREQ=WEEKLY;BYDAY=XX", [("unknown_choice", "BYDAY")]),
        ("FREQ=MONTHLY;BYDAY=0MO", [("out_of_range", "BYDAY")]),
        ("FREQ=MONTHLY;BYDAY=54MO", [("out_of_range", "BYDAY")]),
        ("FREQ=WEEKLY;BYDAY=1MO", [("misplaced_field", "BYDAY")]),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", [("misplaced_field", "BYDAY")]),
        ("FREQ=MONTHLY;BYMONTHDAY=0", [("out_of_range", "BYMONTHDAY")]),
        ("FREQ=MONTHLY;BYMONTHDAY=32", [("out_of_range", "BYMONTHDAY")]),
        ("FREQ=YEARLY;BYMONTH=13", [("out_of_range", "BYMONTH")]),
        ("FREQ=WEEKLY;BYMONTHDAY=1", [("misplaced_field", "BYMONTHDAY")]),
        ("FREQ=MONTHLY;BYWEEKNO=1", [("misplaced_field", "BYWEEKNO")]),
        ("FREQ=MONTHLY;BYYEARDAY=1", [("misplaced_field", "BYYEARDAY")]),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=1", [("misplaced_field", "BYSETPOS")]),
        ("FREQ=MONTHLY;BYSETPOS=1", [("misplaced_field", "BYSETPOS")]),
        ("FREQ=WEEKLY;WKST=MONDAY", [("unknown_choice", "WKST")]),
        ("FREQ=WEEKLY;" + "BYDAY=MO" * 50, [("bad_id", "")]),
    ],
)
def test_what_is_no_rule_of_days_is_refused_with_everything_that_is_wrong(
    text: object, problems: list[tuple[str, str]]
) -> None:
    assert problems_of(text) == problems
