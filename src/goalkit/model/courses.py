"""What a profile is, and the course that it takes within one period."""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Final, final

from attrs import asdict, fields

from ..calendars import DayCount, Workweek
from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..quantities import TOLERANCE
from ..values import instance

_MAPPING: type[Any] = Mapping


class Course(ABC):
    """
    What is expected within one period, by how much of its time has passed.

    It never falls, begins with 0 and ends with 1.

    Example:
        >>> from goalkit import LinearProfile
        >>> isinstance(LinearProfile(), Course)
        True
    """

    __slots__ = ()

    @abstractmethod
    def at(self, elapsed: float) -> float:
        """
        Return the share of the way that is expected.

        Args:
            elapsed: How much of the time has passed, 0 to 1.
        """

    @abstractmethod
    def when(self, share: float) -> float:
        """
        Return by when a share of the way is expected; where nothing is expected for a while, the end of that.

        Args:
            share: The share, 0 to 1.
        """


class Profile(ABC):
    """
    How much of the way is expected by when.

    Attributes:
        kind: The profile's name in documents.

    Example:
        >>> from goalkit import LoadedProfile
        >>> isinstance(LoadedProfile(2), Profile)
        True
    """

    __slots__ = ()
    kind: ClassVar[str]

    @abstractmethod
    def course(self, first_day: date, last_day: date, count: DayCount) -> Course:
        """
        Return what is expected within a period.

        Args:
            first_day: The first day.
            last_day: The last day.
            count: What is counted as passed on a day.
        """

    @abstractmethod
    def describe(self) -> str:
        """Return what is expected, in a few words."""

    def to_dict(self) -> dict[str, Any]:
        """
        Return the profile as plain data.

        Raises:
            InvalidValue: ``not_plain_data`` if it holds a work calendar that is not a `Workweek`.

        Example:
            >>> from goalkit import LoadedProfile
            >>> LoadedProfile(2).to_dict()
            {'kind': 'loaded', 'exponent': 2.0}
        """
        given: Any = self
        data: dict[str, Any] = asdict(given, filter=lambda column, _: column.init, value_serializer=_plainly)
        return {"kind": self.kind} | data

    @staticmethod
    def from_dict(document: Mapping[str, Any]) -> Profile:
        """
        Make a profile from plain data.

        Args:
            document: What `to_dict` returned.

        Raises:
            InvalidValue: If there is no such kind, a name in it is unknown, or a field is refused.

        Example:
            >>> Profile.from_dict({"kind": "loaded", "exponent": 2})
            LoadedProfile(exponent=2.0)
        """
        said = dict(instance(_MAPPING, document, "give a dict, as to_dict returns it"))
        kind = said.pop("kind", None)
        if not isinstance(kind, str) or kind not in PROFILES:
            guess = did_you_mean(kind, PROFILES)
            hint = f"{guess}{guess and ' '}give one of {', '.join(PROFILES)}"
            raise InvalidValue.of("unknown_choice", f"{shown(kind)} is no kind of profile", path="kind", hint=hint)
        cls: Any = PROFILES[kind]
        names = [column.name for column in fields(cls) if column.init]
        if problems := [
            Problem(
                code="unknown_field",
                path=name if isinstance(name, str) else "",
                message=f"a profile of this kind has no field {shown(name)}",
                hint=f"it has {', '.join(names) or 'none'}",
            )
            for name in said
            if name not in names
        ]:
            raise InvalidValue(*problems)
        if isinstance(week := said.get("workdays"), Mapping):
            unknown = {str(name) for name in week} - {"weekend", "holidays"}
            if unknown:
                message, hint = f"a working week has no field {shown(min(unknown))}", "it has weekend, holidays"
                raise InvalidValue.of("unknown_field", message, path="workdays", hint=hint)
            said["workdays"] = Workweek(**week)
        try:
            made: Profile = cls(**said)
        except TypeError:
            message = f"the profile does not say its {names[0]}"
            hint = "give what to_dict returned"
            raise InvalidValue.of("missing_field", message, path=names[0], hint=hint) from None
        return made


def _plainly(_: Any, column: Any, got: Any) -> Any:
    if isinstance(got, StrEnum):
        return str(got)
    if isinstance(got, date):
        return got.isoformat()
    if column is not None and column.name == "workdays" and not isinstance(got, Workweek):
        hint = "use a Workweek, which is plain data"
        raise InvalidValue.of("not_plain_data", f"{shown(got)} cannot be written down", path="workdays", hint=hint)
    return got


#: Every profile by its name in documents.
PROFILES: Final[dict[str, type[Profile]]] = {}


@final
class Points(Course):
    """
    Straight lines, or steps, between points.

    Args:
        points: How much time has passed, and what is expected then; the first is nothing at no time.
        steps: Whether what is expected stays until the next point.

    Example:
        >>> Points([(0, 0), (0.5, 0.25), (1, 1)]).at(0.75)
        0.625
    """

    __slots__ = ("_steps", "_xs", "_ys")

    def __init__(self, points: Iterable[tuple[float, float]], *, steps: bool = False) -> None:
        xs, ys = zip(*points, strict=True)
        self._xs: Final[Sequence[float]] = xs
        self._ys: Final[Sequence[float]] = ys
        self._steps: Final = steps

    def at(self, elapsed: float) -> float:
        """
        Return the share of the way that is expected.

        Args:
            elapsed: How much of the time has passed, 0 to 1.
        """
        if elapsed <= 0 or elapsed >= 1:
            return 0.0 if elapsed <= 0 else 1.0
        after = bisect_right(self._xs, elapsed + TOLERANCE)
        before = self._ys[after - 1]
        if self._steps or after == len(self._xs):
            return before
        left, right = self._xs[after - 1], self._xs[after]
        return before + (self._ys[after] - before) * max((elapsed - left) / (right - left), 0.0)

    def when(self, share: float) -> float:
        """
        Return by when a share of the way is expected; where nothing is expected for a while, the end of that.

        Args:
            share: The share, 0 to 1.
        """
        after = bisect_right(self._ys, share + TOLERANCE)
        if after == len(self._ys) or not after:
            return 1.0 if after else 0.0
        left, right = self._xs[after - 1], self._xs[after]
        if self._steps:
            return min(right, 1.0)
        way = self._ys[after] - self._ys[after - 1]
        return min(left + (right - left) * max((share - self._ys[after - 1]) / way, 0.0), 1.0)
