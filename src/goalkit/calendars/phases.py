"""What a goal year is made of: phases, milestones, and how long they take by what is published."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from attrs import Attribute, field, frozen

from ..texts import title
from ..values import checked, choice
from .days import day, in_order


class Organisation(StrEnum):
    """
    How much planning a goal year needs.

    Nothing published says how many people are small or large, so it must always be told.

    Attributes:
        TEAM: A single team, which drafts nothing for a company first.
        SMALL: A small organisation.
        LARGE: A large one.

    Example:
        >>> Organisation("large")
        <Organisation.LARGE: 'large'>
    """

    TEAM = "team"
    SMALL = "small"
    LARGE = "large"


class PhaseName(StrEnum):
    """
    What is done with goals in a part of the goal year (Asana, on the process of tracking goals).

    Example:
        >>> [name.value for name in PhaseName]
        ['draft', 'finalise', 'execute', 'grade']
    """

    DRAFT = "draft"
    FINALISE = "finalise"
    EXECUTE = "execute"
    GRADE = "grade"


#: How many months a company drafts its goals at most.
COMPANY_DRAFT_MONTHS: Final = 2
#: How many weeks its teams draft theirs; of a large one, a month or more, of which the month is taken.
TEAM_DRAFT_WEEKS: Final = {Organisation.TEAM: 1, Organisation.SMALL: 2, Organisation.LARGE: None}
#: How many weeks it takes until goals are final, at least and at most. A single team is taken as small.
FINALISE_WEEKS: Final = {Organisation.TEAM: (1, 2), Organisation.SMALL: (1, 2), Organisation.LARGE: (3, 4)}
#: How many weeks before a quarter its planning begins, of the published four to six.
QUARTER_LEAD_WEEKS: Final = 6
#: How many weeks grading takes.
GRADE_WEEKS: Final = 2


def _name(value: PhaseName | str) -> PhaseName:
    return choice(PhaseName, value)


def _phase_in_order(phase: Phase, _: Attribute[date], last_day: date) -> None:
    in_order(phase.first_day, last_day)


@checked
@frozen(kw_only=True)
class Phase:
    """
    A part of the goal year.

    Attributes:
        name: What is done in it.
        first_day: The first day that belongs to it.
        last_day: The last day that belongs to it, not before the first.

    Raises:
        InvalidValue: ``days_out_of_order``, or what is wrong with a field.

    Example:
        >>> print(Phase(name="draft", first_day="2026-10-01", last_day="2026-12-03"))
        2026-10-01 to 2026-12-03  draft
    """

    name: PhaseName = field(converter=_name)
    first_day: date = field(converter=day)
    last_day: date = field(converter=day, validator=_phase_in_order)

    def __contains__(self, on: object) -> bool:
        """
        Tell whether a day belongs to the phase.

        Args:
            on: The day.

        Raises:
            InvalidValue: ``not_a_day``.

        Example:
            >>> date(2026, 12, 4) in Phase(name="draft", first_day="2026-10-01", last_day="2026-12-03")
            False
        """
        return self.first_day <= day(on) <= self.last_day

    def __str__(self) -> str:
        return f"{self.first_day} to {self.last_day}  {self.name}"


@checked
@frozen(kw_only=True)
class YearMilestone:
    """
    A day of the goal year on which something starts, ends or is due.

    Attributes:
        name: What happens, in words that no other milestone of the year has.
        on: The day.
        phase: The phase in which it lies.

    Raises:
        InvalidValue: What is wrong with a field.

    Example:
        >>> print(YearMilestone(name="goals are final", on="2026-12-31", phase="finalise"))
        2026-12-31  goals are final
    """

    name: str = field(converter=title)
    on: date = field(converter=day)
    phase: PhaseName = field(converter=_name)

    def __str__(self) -> str:
        return f"{self.on}  {self.name}"
