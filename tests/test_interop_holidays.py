"""Work calendars of countries, from the package holidays in an environment of its own, and from a stand-in."""

import sys
from collections.abc import Callable
from datetime import date
from types import ModuleType
from typing import Any

import pytest

from goalkit.calendars import Cadence, Cycle, WorkCalendar, count_workdays, shifted
from goalkit.errors import InvalidValue
from goalkit.interop.holidays import work_calendar


def problem_of(make: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(InvalidValue) as caught:
        make()
    (problem,) = caught.value.problems
    assert problem.hint
    return problem.code, problem.path


# -- with the package -----------------------------------------------------------------------------


@pytest.mark.holidays
@pytest.mark.parametrize(
    ("country", "categories", "quarters"),
    [
        ("SE", ("public",), [62, 61, 66, 65]),
        ("SE", None, [62, 60, 66, 63]),
        ("NO", None, [63, 59, 66, 65]),
        ("DK", None, [63, 60, 66, 65]),
        ("FI", None, [62, 60, 66, 64]),
        ("IS", None, [63, 57, 65, 65]),
    ],
)
def test_the_quarters_of_2026_have_their_working_days(
    country: str, categories: tuple[str, ...] | None, quarters: list[int]
) -> None:
    calendar = work_calendar(country, categories=categories)
    assert [count_workdays(Cycle.quarter(2026, at), calendar) for at in range(1, 5)] == quarters


@pytest.mark.holidays
@pytest.mark.parametrize("eve", [date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31), date(2027, 6, 25)])
def test_the_swedish_eves_are_not_worked_unless_only_public_holidays_are_meant(eve: date) -> None:
    assert not work_calendar("SE").is_workday(eve)
    assert work_calendar("SE", categories="public").is_workday(eve)


@pytest.mark.holidays
def test_the_last_working_day_of_a_swedish_year_is_before_the_eve() -> None:
    assert Cadence.last_workday().slots(Cycle.month(2026, 12), workdays=work_calendar("SE")) == (date(2026, 12, 30),)
    assert shifted(date(2026, 6, 19), "modified_preceding", work_calendar("SE")) == date(2026, 6, 18)


@pytest.mark.holidays
def test_what_is_answered_does_not_depend_on_what_was_asked_before() -> None:
    # The new year of 2022 was a Saturday, and kept on the Friday before.
    fresh, asked = work_calendar("US"), work_calendar("US")
    assert asked.is_workday(date(2022, 1, 3))
    assert not fresh.is_workday(date(2021, 12, 31))
    assert not asked.is_workday(date(2021, 12, 31))
    assert work_calendar("US", observed=False).is_workday(date(2021, 12, 31))


@pytest.mark.holidays
def test_weekends_and_parts_of_a_country_are_its_own() -> None:
    assert not work_calendar("IL").is_workday(date(2026, 7, 3))  # a Friday
    assert work_calendar("IL", weekend=["saturday"]).is_workday(date(2026, 7, 3))
    assert not work_calendar("DE", subdivision="BY").is_workday(date(2026, 1, 6))
    assert work_calendar("DE", subdivision="BE").is_workday(date(2026, 1, 6))


@pytest.mark.holidays
@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_time_have_an_answer(day: date) -> None:
    assert isinstance(work_calendar("SE").is_workday(day), bool)


@pytest.mark.holidays
@pytest.mark.parametrize("given", [{"country": "XX"}, {"country": 5}, {"country": "SE", "subdivision": "nowhere"}])
def test_a_country_that_is_not_known_is_refused(given: dict[str, Any]) -> None:
    assert problem_of(lambda: work_calendar(**given)) == ("unknown_country", "")


@pytest.mark.holidays
def test_a_category_that_a_country_has_not_is_refused() -> None:
    assert problem_of(lambda: work_calendar("SE", categories=["nothing"])) == ("unknown_country", "")
    assert problem_of(lambda: work_calendar("SE", categories=[5])) == ("not_text", "categories[0]")  # type: ignore[list-item] # it is refused
    assert problem_of(lambda: work_calendar(["SE"])) == ("unknown_country", "")  # type: ignore[arg-type] # it is refused


# -- with a stand-in ------------------------------------------------------------------------------


class Country:
    """As much of a country as is used, with Christmas as its only holiday."""

    def __init__(self, country: str, **asked: Any) -> None:
        if country != "SE":
            raise NotImplementedError(country)
        self.asked = asked

    def __contains__(self, on: date) -> bool:
        return on.year in self.asked["years"] and (on.month, on.day) == (12, 25)

    def is_working_day(self, on: date) -> bool:
        return on.weekday() < 5 and on not in self


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> list[Country]:
    made: list[Country] = []

    def country_holidays(country: str, **asked: Any) -> Country:
        made.append(Country(country, **asked))
        return made[-1]

    module = ModuleType("holidays")
    module.country_holidays = country_holidays  # type: ignore[attr-defined] # a module is made as one goes
    monkeypatch.setitem(sys.modules, "holidays", module)
    return made


def test_a_year_is_asked_for_once_and_with_its_neighbours(stand_in: list[Country]) -> None:
    calendar = work_calendar("SE")
    assert isinstance(calendar, WorkCalendar)
    assert count_workdays(Cycle.month(2026, 12), calendar) == 22
    assert [made.asked["years"] for made in stand_in] == [[], [2025, 2026, 2027]]
    assert stand_in[-1].asked["categories"] == ("public", "de_facto")
    assert calendar.is_workday(date.min)
    assert calendar.is_workday(date.max)
    assert [made.asked["years"] for made in stand_in][2:] == [[1, 2], [9998, 9999]]


@pytest.mark.usefixtures("stand_in")
def test_the_weekend_may_be_another() -> None:
    calendar = work_calendar("SE", categories="public", weekend=["friday"])
    assert calendar.is_workday(date(2026, 12, 26))
    assert not calendar.is_workday(date(2026, 12, 25))
    assert not calendar.is_workday(date(2026, 12, 18))
    assert not work_calendar("SE", weekend=["sunday"]).is_workday(date(2027, 12, 25))
    everything = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    assert problem_of(lambda: work_calendar("SE", weekend=everything)) == ("no_workdays", "weekend")
    assert problem_of(lambda: work_calendar("SE", weekend=["someday"])) == ("unknown_choice", "weekend[0]")
    assert problem_of(lambda: work_calendar("SE", weekend="sunday")) == ("not_a_list", "weekend")


@pytest.mark.usefixtures("stand_in")
def test_what_the_package_does_not_know_is_refused() -> None:
    assert problem_of(lambda: work_calendar("XX")) == ("unknown_country", "")


@pytest.mark.usefixtures("stand_in")
def test_a_calendar_says_whose_it_is() -> None:
    assert repr(work_calendar("SE")) == "<HolidayCalendar of SE: public, de_facto>"
    assert repr(work_calendar("SE", subdivision="AB", categories="bank")) == "<HolidayCalendar of SE-AB: bank>"


def test_without_the_package_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "holidays", None)
    with pytest.raises(ImportError, match=r"goalkit-okr\[holidays\]"):
        work_calendar("SE")


@pytest.mark.holidays
@pytest.mark.parametrize("country", ["SE", "SWE", "Sweden"])
def test_a_country_keeps_its_eves_by_whatever_name(country: str) -> None:
    assert not work_calendar(country).is_workday(date(2026, 6, 19))


def test_categories_are_words() -> None:
    with pytest.raises(InvalidValue) as caught:
        work_calendar("SE", categories=[5])  # type: ignore[list-item]
    assert caught.value.problems[0].path == "categories[0]"
