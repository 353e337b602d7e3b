"""The choices behind a status: thresholds, whose word counts, and how a parent follows its children."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import field, fields, frozen

from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..quantities import TOLERANCE, Number, fraction, number, plain, whole
from ..values import checked, choice, field_problems, flag, instance


class By(StrEnum):
    """
    What thresholds are compared with.

    - ``gap``: expected minus actual progress, in shares of the way; more is worse: Viva Goals, Engagedly,
      Planview.
    - ``ratio``: actual over expected progress; less is worse: UpRaise, ServiceNow, Mooncamp.
    - ``level``: progress alone, whatever the day; less is worse: Atlassian, Qulture.Rocks.

    Example:
        >>> By("ratio") is By.RATIO
        True
    """

    GAP = "gap"
    RATIO = "ratio"
    LEVEL = "level"


class ParentStatus(StrEnum):
    """
    What the status of a goal that is made up of others follows, before it is achieved or over.

    - ``pace``: its own progress against what is expected of it: Viva Goals, where so chosen.
    - ``worst``: the worst status of what counts towards it: ServiceNow, Perdoo.
    - ``mean_confidence``: the mean confidence in what counts towards it, by weight: Profit.co, UpRaise.
    - ``latest``: the status of that with the latest check-in: ServiceNow for the periods of a cumulative target.

    Example:
        >>> ParentStatus("worst") is ParentStatus.WORST
        True
    """

    PACE = "pace"
    WORST = "worst"
    MEAN_CONFIDENCE = "mean_confidence"
    LATEST = "latest"


class Override(StrEnum):
    """
    Whether a reported status stands above the computed one.

    It never stands above an end: what is achieved or missed by its figures stays so, unless an end is reported.

    - ``never``: it stands beside it, and where they disagree, that is said.
    - ``once``: until the next check-in: ServiceNow.
    - ``sticky``: until another status is reported: Perdoo, Lattice and OKRNest, where owners say how it stands.

    Example:
        >>> Override("sticky") is Override.STICKY
        True
    """

    NEVER = "never"
    ONCE = "once"
    STICKY = "sticky"


def _by(value: By | str) -> By:
    return choice(By, value)


def _number(value: Number) -> float:
    return float(number(value))


def _number_or_none(value: Number | None) -> float | None:
    return None if value is None else _number(value)


@checked
@frozen(kw_only=True)
class Thresholds:
    """
    From where on a goal is at risk, and from where on off track.

    A figure on a threshold is still on the better side of it.

    Attributes:
        by: What is compared: the ``gap``, the ``ratio`` or the ``level``.
        on_track: The worst figure that is on track: the widest gap, the least ratio or level.
        at_risk: The worst figure that is at risk; None where nothing is off track.
        strict: Whether the figure ``on_track`` itself is at risk already.

    Raises:
        InvalidValue: If a field is refused, or the two are ``out_of_order``.

    Example:
        >>> Thresholds(by="ratio", on_track=0.9, at_risk=0.75).describe()
        'ratio 0.9, 0.75'
    """

    by: By = field(default=By.GAP, converter=_by)
    on_track: float = field(default=0.10, converter=_number)
    at_risk: float | None = field(default=0.25, converter=_number_or_none)
    strict: bool = field(default=False, converter=flag)

    def __attrs_post_init__(self) -> None:
        if self.at_risk is None:
            return
        wide = self.by is By.GAP
        if (self.at_risk < self.on_track) if wide else (self.at_risk > self.on_track):
            message = (
                f"at risk ends at {plain(number(self.at_risk))}, before on track does at {plain(number(self.on_track))}"
            )
            hint = "a wider gap is worse" if wide else f"a lower {self.by} is worse"
            raise InvalidValue.of("out_of_order", message, path="at_risk", hint=hint)

    def zone(self, figure: float) -> int:
        """
        Return 0 where a figure is on track, 1 where it is at risk, 2 where it is off track.

        Args:
            figure: The gap, the ratio or the level.

        Example:
            >>> [Thresholds().zone(gap) for gap in (0.1, 0.25, 0.3)]
            [0, 1, 2]
        """
        sign = 1 if self.by is By.GAP else -1
        beyond = sign * (figure - self.on_track)
        if beyond < -TOLERANCE or (beyond <= TOLERANCE and not self.strict):
            return 0
        return 1 if self.at_risk is None or sign * (figure - self.at_risk) <= TOLERANCE else 2

    def eased(self, margin: float) -> Thresholds:
        """
        Return thresholds that are harder to keep.

        Args:
            margin: By how much.

        Example:
            >>> Thresholds().eased(0.05).on_track
            0.05
        """
        by = margin if self.by is not By.GAP else -margin
        at_risk = None if self.at_risk is None else self.at_risk + by
        return Thresholds(by=self.by, on_track=self.on_track + by, at_risk=at_risk, strict=self.strict)

    def describe(self) -> str:
        """Return the thresholds, in a few words."""
        words = ", ".join(plain(number(each)) for each in (self.on_track, self.at_risk) if each is not None)
        strict = ("under " if self.by is By.GAP else "over ") if self.strict else ""
        return f"{self.by} {strict}{words}"


def _margin(value: Number) -> float:
    return fraction(value)


def _confirm(value: int) -> int:
    return whole(value, least=1, most=99)


@checked
@frozen(kw_only=True)
class Hysteresis:
    """
    A status that does not flutter: it worsens at once, and improves only when it is clear that it does.

    Attributes:
        margin: By how much a figure must be better than a threshold, 0 to 1.
        confirm: Or for how many check-ins in a row the better status has held, 1 to 99.

    Raises:
        InvalidValue: If a field is refused.

    Example:
        >>> Hysteresis().describe()
        'margin 0.05, confirm 2'
    """

    margin: float = field(default=0.05, converter=_margin)
    confirm: int = field(default=2, converter=_confirm)

    def describe(self) -> str:
        """Return the choices, in a few words."""
        return f"margin {plain(number(self.margin))}, confirm {self.confirm}"


def made(cls: Any, value: Any, hint: str) -> Any:
    """
    Return a value of a class from itself, or from a mapping of its fields.

    Args:
        cls: The class.
        value: A value of it, or a mapping.
        hint: What would be accepted.

    Raises:
        InvalidValue: If it is neither, or a name in it is unknown.

    Example:
        >>> made(Thresholds, {"by": "gap"}, "") == Thresholds()
        True
    """
    if not isinstance(value, Mapping):
        return instance(cls, value, hint)
    names = [column.name for column in fields(cls)]
    problems = [
        Problem(
            code="unknown_field",
            path=name if isinstance(name, str) else "",
            message=f"there is no field {shown(name)}",
            hint=did_you_mean(name, names) or f"it has {', '.join(names)}",
        )
        for name in value
        if name not in names
    ]
    if problems:
        given = {name: got for name, got in value.items() if name in names}
        raise InvalidValue(*problems, *field_problems(cls, given))
    return cls(**value)
