"""
The figures of a whole plan as flat columns: how they are filled, and what can be asked of them.

Goals are positions, figures are ``array('d')`` columns. Everything else (rows, contributions,
sentences) is made from them when it is asked for.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Final, Self

from ..model.definitions import Definitions
from ..model.goals import Goal, own_metric
from ..model.methods import RollupMethod
from ..model.plan import Plan
from ..model.progress import Reason
from ..model.reading import Reading
from ..model.records import CheckIn
from ..policies import Clamp, Policy
from ..quantities import clamp, same
from .measures import actual, shown
from .parts import MEASURED, Source, State
from .shape import Shape, shape

# What of the figures is written to; everything else is shared with a copy.
_CHANGING: Final = frozenset({array, bytearray, dict, list, set})


class Figures:
    """
    The figures of every goal of a plan on a day, by position.

    Attributes:
        plan: The plan.
        as_of: The day.
        policy: The choices behind the figures.
        definitions: The goals as defined on that day.
        goals: The same by position.
        structure: The ids and the shape.
        periods: The first and last day of every goal.
        shape: What was worked out from the goals and the policy before.
        source: Where each figure comes from.
        state: What each goal is to its parents.
        value: Progress, where ``reason`` is None.
        coverage: The measured share of the weight behind the value.
        raw: Unclamped progress of what is measured, or summed; None for all others.
        reason: Why the value is unknown; None where it is known.
        excluded: Why the goal's own last record leaves it out of its parents; None where it does not.
        reading: What the goal's own check-ins say, where it is read from them; a check-in where that is all.
        total: The sum of values that a goal is read from, by position.
        unheld: The figure of a goal that is made up of others before it was held within bounds, where
            that made a difference, by position.
        complete: The positions of the goals that are closed, and complete by the policy.
    """

    __slots__ = (
        "as_of",
        "complete",
        "coverage",
        "definitions",
        "excluded",
        "goals",
        "periods",
        "plan",
        "policy",
        "raw",
        "reading",
        "reason",
        "shape",
        "source",
        "state",
        "structure",
        "total",
        "unheld",
        "value",
    )

    def __init__(self, plan: Plan, as_of: date, policy: Policy, definitions: Definitions) -> None:
        goals = tuple(definitions.goals.values())
        self.plan = plan
        self.as_of = as_of
        self.policy: Final = policy
        self.goals: Final[tuple[Goal, ...]] = goals
        self.definitions: Final = definitions
        self.structure: Final = definitions.structure
        self.periods: Final = definitions.periods
        zeros = bytes(8 * len(goals))
        self.value: Final = array("d", zeros)
        self.coverage: Final = array("d", zeros)
        self.raw: Final[list[float | None]] = [None] * len(goals)
        self.reason: Final[list[Reason | None]] = [None] * len(goals)
        self.excluded: Final[list[Reason | None]] = [None] * len(goals)
        self.reading: Final[list[Reading | CheckIn | None]] = [None] * len(goals)
        self.total: Final[dict[int, Decimal]] = {}
        self.unheld: Final[dict[int, float]] = {}
        self.complete: Final[set[int]] = set()
        self.state: Final = bytearray(len(goals))
        self.shape: Final[Shape] = shape(definitions, policy)
        self.source: Final = list(self.shape.sources)

    def copy(self, *, shares: Collection[str] = ()) -> Self:
        """
        Return figures of their own that are equal to these ones.

        Args:
            shares: The names of columns that will not be written to, and so need no copy.
        """
        twin = type(self).__new__(type(self))
        for kind in type(self).__mro__[:-1]:
            for name in vars(kind)["__slots__"]:
                value = getattr(self, name)
                setattr(twin, name, copy(value) if type(value) in _CHANGING and name not in shares else value)
        return twin

    # -- emptying -----------------------------------------------------------------------------------

    def clear(self, position: int) -> None:
        """
        Take a goal's figure away, so that it can be worked out again.

        Args:
            position: The goal's position.
        """
        self.value[position] = self.coverage[position] = 0.0
        self.state[position] = State.OUT
        self.raw[position] = self.reason[position] = None
        self.total.pop(position, None)
        self.unheld.pop(position, None)

    def forget(self, position: int) -> None:
        """
        Take away all that a goal's own facts have said of it, its figure too.

        Args:
            position: The goal's position.
        """
        self.clear(position)
        self.excluded[position] = self.reading[position] = None
        self.complete.discard(position)
        self.source[position] = self.source_of(position)

    # -- filling in -------------------------------------------------------------------------------

    def put(self, position: int, raw: float | None, reason: Reason | None = None, *, measured: bool = True) -> None:
        """
        Set what a goal's own check-ins say.

        Args:
            position: The goal's position.
            raw: Its unclamped progress; None where it is unknown.
            reason: Why it is unknown; None where it is known.
            measured: Whether known progress was measured, rather than taken from where the goal began.
        """
        self.raw[position] = raw
        self.reason[position] = reason
        self.state[position] = State.UNMEASURED
        if raw is not None:
            self.state[position] = State.KNOWN
            self.value[position] = shown(raw, self.policy, made_up=False)
            self.coverage[position] = float(measured)

    def say(self, position: int, raw: float, check_in: CheckIn) -> None:
        """
        Set what a goal's last check-in says.

        Args:
            position: The goal's position.
            raw: Its unclamped progress.
            check_in: The check-in.
        """
        self.reading[position] = check_in
        self.raw[position] = raw
        self.state[position] = State.KNOWN
        self.value[position] = raw if 0 <= raw <= 1 else shown(raw, self.policy, made_up=False)
        self.coverage[position] = 1.0

    def settle(self, position: int, figure: float | None, coverage: float) -> None:
        """
        Set the figure of a goal that is made up of others.

        Args:
            position: The goal's position.
            figure: Its figure, unclamped; None where nobody has measured what it is made up of.
            coverage: The measured share of it.
        """
        self.coverage[position] = coverage
        if figure is None:
            self.state[position] = State.UNMEASURED
            self.reason[position] = Reason.NOT_MEASURED
            return
        self.state[position] = State.KNOWN
        self.hold(position, figure)

    def hold(self, position: int, figure: float) -> None:
        """
        Set the progress of a goal that is made up of others, within the bounds of the policy.

        Args:
            position: The goal's position.
            figure: Its figure, unclamped.
        """
        value = figure if 0 <= figure <= 1 else shown(figure, self.policy, made_up=True)
        self.value[position] = value
        if value != figure and not same(value, figure):  # the last digit may be rounding alone
            self.unheld[position] = figure
        elif self.unheld:
            self.unheld.pop(position, None)

    def has_begun(self, position: int) -> bool:
        """
        Tell whether a goal's period has begun.

        Args:
            position: The goal's position.
        """
        first_day = self.periods[position][0]
        return first_day is None or self.as_of >= first_day

    def source_of(self, position: int) -> Source:
        """
        Return where a goal's figure is to come from, before it shows whether there is anything.

        Args:
            position: The goal's position.
        """
        return self.shape.sources[position]

    def method(self, position: int) -> RollupMethod:
        """
        Return how the figures of a goal's children become its own.

        Args:
            position: The goal's position.
        """
        return self.goals[position].rollup or self.policy.method

    def is_made_up(self, position: int) -> bool:
        """
        Tell whether a goal's figure is made up of others.

        Args:
            position: The goal's position.
        """
        return not self.is_measured(position) and position not in self.complete

    def is_measured(self, position: int) -> bool:
        """
        Tell whether a goal is read from check-ins, its own or those of the goal of which it is a share.

        Args:
            position: The goal's position.
        """
        return self.source[position] in MEASURED

    # -- what is asked for ------------------------------------------------------------------------

    def known(self, position: int) -> float | None:
        """
        Return a goal's progress, or None where it is unknown.

        Args:
            position: The goal's position.
        """
        return None if self.reason[position] is not None else self.value[position]

    def entering(self, position: int) -> float:
        """
        Return what of a goal's progress enters its parents; 0 where it is unknown.

        Args:
            position: The goal's position.
        """
        value = self.value[position]
        return value if 0 <= value <= 1 or self.policy.clamp is not Clamp.ENTERING else clamp(value, self.policy.cap)

    def all_entering(self) -> array[float]:
        """Return what enters parents as a column: that of the figures itself, where those enter as they are."""
        if self.policy.clamp is not Clamp.ENTERING:
            return self.value
        return array("d", map(self.entering, range(len(self.value))))

    def holds_means(self) -> bool:
        """Tell whether a mean of what enters parents may have to be held within bounds itself."""
        held = self.policy.clamp is not Clamp.NONE and self.policy.cap not in {None, 1.0}
        return held or self.policy.clamp is Clamp.OBJECTIVE

    def is_clamped(self, position: int) -> bool:
        """
        Tell whether what enters a goal's parents was held within 0 and the cap for that.

        Args:
            position: The goal's position.
        """
        raw = self.unheld.get(position, self.raw[position])
        return raw is not None and raw != self.entering(position)

    def check_in(self, position: int) -> CheckIn | None:
        """
        Return the check-in that a goal was read from, the last of several; None where it comes from elsewhere.

        Args:
            position: The goal's position.
        """
        reading = self.reading[position]
        return reading.check_in if isinstance(reading, Reading) else reading

    def actual(self, position: int) -> Decimal | None:
        """
        Return the number that a goal's figure rests on; None where there is none.

        Args:
            position: The goal's position.
        """
        if position in self.total:
            return self.total[position]
        reading, metric = self.reading[position], own_metric(self.goals[position])
        if isinstance(reading, Reading):
            return actual(metric, reading)
        value = None if reading is None else reading.value
        return value if isinstance(value, Decimal) else None
