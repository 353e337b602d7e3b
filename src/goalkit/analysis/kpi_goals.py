"""Which goals and which KPIs belong together, and which stand alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model.definitions import Definitions
from ..model.goals import Goal, KeyResult


def kpis_of(goal: Goal) -> tuple[str, ...]:
    """
    Return the ids of the KPIs that a goal names: those that it is meant to move, and the one that measures it.

    Args:
        goal: The goal.

    Example:
        >>> from goalkit import Objective
        >>> kpis_of(Objective(id="o", title="O", affects=["turnover"]))
        ('turnover',)
    """
    measured_by = goal.measured_by if isinstance(goal, KeyResult) else None
    return goal.affects if measured_by is None else tuple(dict.fromkeys((*goal.affects, measured_by)))


def without_goal(definitions: Definitions) -> list[str]:
    """
    Return the ids of the KPIs that no goal names, nor what they are worked out from, nor what is worked out from them.

    Args:
        definitions: The goals and the KPIs.

    Example:
        >>> from datetime import date
        >>> from goalkit import KPI, Formula, KeyResult, Plan
        >>> made = KPI(id="profit", title="Profit", kind="flow", formula=Formula("difference", ["revenue", "cost"]))
        >>> flows = [KPI(id=each, title=each, kind="flow") for each in ("revenue", "cost")]
        >>> plan = Plan.of(made, *flows, KeyResult(id="k", title="K", affects=["cost"]))
        >>> without_goal(plan.definitions(date(2026, 9, 30)))
        ['revenue']
    """
    named = {kpi_id for goal in definitions.goals.values() for kpi_id in kpis_of(goal)}
    parts = {kpi.id: () if kpi.formula is None else kpi.formula.of for kpi in definitions.kpis.values()}
    wholes: dict[str, list[str]] = {}
    for whole, of in parts.items():
        for part in of:
            wholes.setdefault(part, []).append(whole)
    found = _reached(named, parts) | _reached(named, wholes)
    return [kpi_id for kpi_id in parts if kpi_id not in found]


def _reached(start: Iterable[str], following: Mapping[str, Iterable[str]]) -> set[str]:
    found = set(start)
    row = list(found)
    for each in row:  # it grows while it is read
        fresh = {other for other in following.get(each, ()) if other not in found}
        row.extend(fresh)
        found.update(fresh)
    return found


def without_kpi(definitions: Definitions) -> list[str]:
    """
    Return the ids of the goals that name no KPI, with nothing above or below them that does.

    Args:
        definitions: The goals.

    Example:
        >>> from datetime import date
        >>> from goalkit import KPI, KeyResult, Objective, Plan
        >>> plan = Plan.of(KPI(id="nps", title="NPS", kind="score"), Objective(id="o", title="O"),
        ...     KeyResult(id="k", title="K", parent="o", affects=["nps"]), KeyResult(id="l", title="L", parent="o"))
        >>> without_kpi(plan.definitions(date(2026, 9, 30)))
        ['l']
    """
    structure, goals = definitions.structure, [*definitions.goals.values()]
    below = [bool(kpis_of(goal)) for goal in goals]
    above = list(below)
    for position in structure.children_first:
        below[position] = below[position] or any(below[child] for child in structure.down[position])
    for position in reversed(structure.children_first):
        above[position] = above[position] or any(above[parent] for parent in structure.up[position])
    return [goal.id for at, goal in enumerate(goals) if not below[at] and not above[at]]
