"""Named measures whose definition is settled, each with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ..errors import InvalidValue, Problem, shown
from ..quantities import Number, whole
from .recipes import Measure

#: What is no list of answers, though it can be gone through.
_UNLISTED: Final = (str, bytes, bytearray, Mapping, set, frozenset)

#: How likely people are to recommend, from all to none of them.
NPS: Final = Measure(
    id="nps",
    title="Net Promoter Score",
    counts={
        "promoters": "people who answered 9 or 10",
        "passives": "people who answered 7 or 8",
        "detractors": "people who answered 0 to 6",
    },
    numerator={"promoters": 100, "detractors": -100},
    denominator={"promoters": 1, "passives": 1, "detractors": 1},
    unit="points",
    direction="up",
    least=-100,
    most=100,
    definition="Per cent of promoters less per cent of detractors; passives stay in what is divided by.",
    source="Reichheld, The One Number You Need to Grow, Harvard Business Review, December 2003",
)

#: What was solved without a second contact.
FIRST_CONTACT_RESOLUTION: Final = Measure(
    id="first_contact_resolution",
    title="Solved at first contact",
    counts={"solved": "contacts that were solved at once", "contacts": "contacts that were to be solved"},
    numerator={"solved": 1},
    denominator={"contacts": 1},
    unit="percent",
    direction="up",
    least=0,
    most=1,
    definition="Contacts solved at once over all that were to be solved; a repeated contact was not solved at once.",
    source="common use in customer service",
)

#: How many of the staff left, of the mean of head counts at both ends.
STAFF_TURNOVER: Final = Measure(
    id="staff_turnover",
    title="Staff turnover",
    counts={
        "leavers": "people who left in the period",
        "start": "head count on the first day of the period",
        "end": "head count on the last day of the period",
    },
    numerator={"leavers": 1},
    denominator={"start": "0.5", "end": "0.5"},
    unit="percent",
    direction="down",
    least=0,
    definition=(
        "Leavers of a period over the average head count in it, here the mean of both ends; more than 1 is possible. "
        "Over several periods it is a rate for one of them: of three months, that of a month."
    ),
    source="common use in personnel statistics, as the crude turnover rate of the CIPD",
)

#: How many of the staff left, of an average head count that is known.
STAFF_TURNOVER_OF_AVERAGE: Final = Measure(
    id="staff_turnover_of_average",
    title="Staff turnover",
    counts={"leavers": "people who left in the period", "average": "average head count in the period"},
    numerator={"leavers": 1},
    denominator={"average": 1},
    unit="percent",
    direction="down",
    least=0,
    definition=(
        "Leavers of a period over the average head count in it; more than 1 is possible. "
        "Over several periods it is a rate for one of them: of three months, that of a month."
    ),
    source="common use in personnel statistics, as the crude turnover rate of the CIPD",
)

#: How many customers were lost, of those at the start.
CUSTOMER_CHURN: Final = Measure(
    id="customer_churn",
    title="Customer churn",
    counts={
        "lost": "customers of the first day who were none on the last",
        "start": "customers on the first day of the period",
    },
    numerator={"lost": 1},
    denominator={"start": 1},
    unit="percent",
    direction="down",
    least=0,
    most=1,
    definition=(
        "Customers lost in a period over those at its start; who came and went within it is in neither. "
        "Over several periods it is a rate for one of them: of three months, that of a month."
    ),
    source="common use in subscription business",
)

#: How many visits end in what they are to end in.
CONVERSION_RATE: Final = Measure(
    id="conversion_rate",
    title="Conversion rate",
    counts={"converted": "visits with what was wanted, such as a purchase", "visits": "all visits"},
    numerator={"converted": 1},
    denominator={"visits": 1},
    unit="percent",
    direction="up",
    least=0,
    most=1,
    definition="Visits with a conversion over all visits; a visit with two conversions counts once.",
    source="common use in web analytics, as the session conversion rate of Google Analytics",
)

#: How many deployments had to be repaired.
CHANGE_FAIL_RATE: Final = Measure(
    id="change_fail_rate",
    title="Change fail rate",
    counts={
        "failed": "deployments that needed immediate repair, such as a rollback or a hotfix",
        "deployments": "deployments to production",
    },
    numerator={"failed": 1},
    denominator={"deployments": 1},
    unit="percent",
    direction="down",
    least=0,
    most=1,
    definition="Deployments that needed immediate repair over all deployments to production.",
    source="DORA, the four keys of software delivery",
)

#: The measures that come with goalkit, by id.
MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        measure.id: measure
        for measure in (
            NPS,
            FIRST_CONTACT_RESOLUTION,
            STAFF_TURNOVER,
            STAFF_TURNOVER_OF_AVERAGE,
            CUSTOMER_CHURN,
            CONVERSION_RATE,
            CHANGE_FAIL_RATE,
        )
    }
)


class NpsGroup(StrEnum):
    """
    Who somebody is who answered how likely they are to recommend, from 0 to 10.

    Example:
        >>> NpsGroup("promoter") is NpsGroup.PROMOTER
        True
    """

    PROMOTER = "promoter"  # 9 or 10
    PASSIVE = "passive"  # 7 or 8
    DETRACTOR = "detractor"  # 0 to 6


_PROMOTER_FROM: Final = 9
_PASSIVE_FROM: Final = 7


def nps_group(score: Number) -> NpsGroup:
    """
    Return who somebody is by their answer (Reichheld, 2003): from 9 a promoter, 7 and 8 passive, to 6 a detractor.

    Args:
        score: The answer, a whole number from 0 to 10.

    Raises:
        InvalidValue: If it is anything else.

    Example:
        >>> [nps_group(score).value for score in (9, 8, 6)]
        ['promoter', 'passive', 'detractor']
    """
    got = whole(score, least=0, most=10)
    if got >= _PROMOTER_FROM:
        return NpsGroup.PROMOTER
    return NpsGroup.PASSIVE if got >= _PASSIVE_FROM else NpsGroup.DETRACTOR


def nps_groups(scores: Iterable[Number]) -> dict[str, int]:
    """
    Return how many answers are of each group, as `NPS` takes them.

    Args:
        scores: The answers, whole numbers from 0 to 10; a set is refused, because it has each answer once.

    Raises:
        InvalidValue: If it is no list, or an answer is refused; every one that is, is named by its place.

    Example:
        >>> nps_groups([3, 4, 5, 6, 8, 8, 8, 9, 10, 10])
        {'promoters': 3, 'passives': 3, 'detractors': 4}
        >>> NPS.value(nps_groups([3, 4, 5, 6, 8, 8, 8, 9, 10, 10]))
        Decimal('-10')
    """
    given: object = scores
    # A number of numpy's only looks like a list.
    if isinstance(given, _UNLISTED) or not isinstance(given, Iterable) or getattr(given, "ndim", 1) == 0:
        hint = "give a list of whole numbers from 0 to 10"
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of answers", hint=hint)
    found = {f"{group.value}s": 0 for group in NpsGroup}
    problems: list[Problem] = []
    for at, score in enumerate(given):
        try:
            found[f"{nps_group(score).value}s"] += 1
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    return found
