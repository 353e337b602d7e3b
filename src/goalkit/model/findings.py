"""What is wrong with a value of a plan, beside the value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import final

from attrs import frozen

from ..calendars import Cycle
from ..errors import Problem, did_you_mean
from .goals import Goal
from .kpis import KPI, Observation
from .records import Fact


@frozen(kw_only=True)
class Finding:
    """
    A problem with the value that has it, so that it can be placed or mended.

    Attributes:
        problem: What is wrong; its path starts at the value.
        subject: The goal, cycle, KPI or fact that has it.
        other: The id that the offending reference names, where there is one.
    """

    problem: Problem
    subject: Goal | Cycle | Fact | KPI | Observation
    other: str = ""


def finding(  # noqa: PLR0917 - each is one word
    subject: Goal | Fact | KPI | Observation, code: str, message: str, path: str, hint: str, other: str = ""
) -> Finding:
    """
    Return a finding.

    Args:
        subject: What has the problem.
        code: What the problem is, for programs.
        message: The same for people.
        path: The field that has it.
        hint: What would be accepted.
        other: The id that the offending reference names, where there is one.
    """
    return Finding(problem=Problem(code=code, message=message, path=path, hint=hint), subject=subject, other=other)


@final
class Suggestions:
    """The nearest known ids for the first few that are unknown; finding them takes too long for thousands."""

    def __init__(self, known: Mapping[str, object]) -> None:
        self._known = known
        self._left = 20

    def __call__(self, wanted: str, otherwise: str, known: Mapping[str, object] | None = None) -> str:
        """
        Return the id that was probably meant, or something else to do.

        Args:
            wanted: The id that is unknown.
            otherwise: What to do where none is near.
            known: The ids that are known, where it is not those that are usually meant.
        """
        self._left -= 1
        return (did_you_mean(wanted, self._known if known is None else known) if self._left >= 0 else "") or otherwise
