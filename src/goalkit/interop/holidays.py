"""
Work calendars of countries, from the package holidays.

It comes with ``goalkit-okr[holidays]``. What is a holiday changes with every version of that package: note
the version beside figures that must come out again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from ..calendars.weekdays import WEEK, Weekday
from ..calendars.workdays import Workweek
from ..errors import InvalidValue, shown
from ..texts import words

#: Which kinds of holidays are taken of a country where nothing is said; of all others, the public ones.
CATEGORIES: Final = MappingProxyType(
    # Hardly anybody in Sweden works on the eves of Midsummer, Christmas and the new year.
    {"SE": ("public", "de_facto")}
)

_YEARS: Final = range(date.min.year, date.max.year + 1)


class HolidayCalendar:
    """
    The work calendar of a country: neither its weekend nor its holidays are worked.

    Made by `work_calendar`. It keeps the years that it was asked about, and what it answers does not
    depend on which those were.

    Attributes:
        country: The country's code.
        subdivision: The code of a part of it, or None.
        categories: Which kinds of holidays are not worked.
        observed: Whether a holiday that falls on a weekend may be kept on another day.
        weekend: The weekdays that are not worked, or None for those of the country.

    Example:
        >>> sweden = work_calendar("SE")
        >>> sweden.is_workday(date(2026, 6, 19))
        False
    """

    __slots__ = ("_rest", "_years", "categories", "country", "observed", "subdivision", "weekend")

    def __init__(
        self,
        country: str,
        subdivision: str | None,
        categories: tuple[str, ...],
        weekend: tuple[Weekday, ...] | None,
        observed: bool,
    ) -> None:
        self.country = country
        self.subdivision = subdivision
        self.categories = categories
        self.observed = observed
        self.weekend = weekend
        self._rest = None if weekend is None else frozenset(map(WEEK.index, weekend))
        self._years: dict[int, Any] = {}

    def __repr__(self) -> str:
        place = self.country if self.subdivision is None else f"{self.country}-{self.subdivision}"
        return f"<HolidayCalendar of {place}: {', '.join(self.categories)}>"

    def is_workday(self, on: date) -> bool:
        """
        Tell whether a day is worked.

        Args:
            on: The day.

        Example:
            >>> work_calendar("NO").is_workday(date(2026, 5, 17))
            False
        """
        known = self._years.get(on.year)
        if known is None:
            known = self._years[on.year] = self._asked(on.year)
        if self._rest is None:
            return bool(known.is_working_day(on))
        return on.weekday() not in self._rest and on not in known

    def _asked(self, year: int) -> Any:
        # A holiday of January may be kept in December, so that a year is known with its neighbours alone.
        years = [near for near in (year - 1, year, year + 1) if near in _YEARS]
        return _country(self.country, self.subdivision, self.categories, years, observed=self.observed)


def work_calendar(
    country: str,
    *,
    subdivision: str | None = None,
    categories: Iterable[str] | None = None,
    weekend: Iterable[Weekday] | Iterable[str] | None = None,
    observed: bool = True,
) -> HolidayCalendar:
    """
    Return the work calendar of a country.

    Args:
        country: Its code of two letters, such as ``SE``.
        subdivision: The code of a part of it, where holidays differ.
        categories: Which kinds of holidays are not worked, in the words of the package. Without any, the
            public ones; for Sweden also ``de_facto``, the eves of Midsummer, Christmas and the new year.
        weekend: Which weekdays are not worked; the country's own where None is given.
        observed: Whether a holiday that falls on a weekend may be kept on another day, as some countries do.

    Raises:
        ImportError: If the package is not installed.
        InvalidValue: ``unknown_country`` if it does not know the country, its part or a category; or what
            is wrong with the weekend, as in `Workweek`.

    Example:
        >>> from goalkit.calendars import Cycle, count_workdays
        >>> count_workdays(Cycle.quarter(2026, 2), work_calendar("SE"))
        60
    """
    given = CATEGORIES.get(str(country), ("public",)) if categories is None else categories
    try:
        kinds = (given,) if isinstance(given, str) else words(given)
    except InvalidValue as error:
        raise error.under("categories") from None
    rest = None if weekend is None else Workweek(weekend=weekend).weekend
    made = _country(country, subdivision, kinds, [], observed=observed)
    if categories is None:  # the package knows a country by other names too, such as SWE
        kinds = CATEGORIES.get(getattr(made, "country", country), kinds)
    return HolidayCalendar(country, subdivision, kinds, rest, observed)


def _country(country: str, subdivision: str | None, kinds: tuple[str, ...], years: list[int], *, observed: bool) -> Any:
    try:
        from holidays import country_holidays  # noqa: PLC0415 - an extra
    except ImportError as error:
        message = "work calendars of countries need the package holidays: install goalkit-okr[holidays]"
        raise ImportError(message) from error
    try:
        return country_holidays(
            country, subdiv=subdivision, years=years, expand=False, observed=observed, categories=kinds
        )
    except (NotImplementedError, ValueError, TypeError, AttributeError) as error:
        message = f"{shown(country)} is not known with these parts and categories: {error}"
        raise InvalidValue.of("unknown_country", message, hint="give a code such as SE, and what it has") from None
