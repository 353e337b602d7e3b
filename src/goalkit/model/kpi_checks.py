"""Whether KPIs, what is observed of them, and the goals that name them make a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .facts import ObservationLog
from .findings import Finding, Suggestions, finding
from .goals import Goal, KeyResult
from .kpis import KPI, KpiKind, Observation
from .structure import loops


def check_links(goal: Goal, kpis: Mapping[str, KPI], suggest: Suggestions) -> Iterator[Finding]:
    """
    Yield which KPIs that a goal names are not there, or are of another unit than what they measure.

    Args:
        goal: The goal.
        kpis: Every KPI by id.
        suggest: What finds the id that was probably meant, as long as there are few to find.
    """
    named = [("affects", other) for other in goal.affects]
    if isinstance(goal, KeyResult) and goal.measured_by is not None:
        named.append(("measured_by", goal.measured_by))
    for path, other in named:
        if other not in kpis:
            hint = suggest(other, "add that KPI, or leave it out", kpis)
            yield finding(goal, "unknown_kpi", f"there is no KPI {other!r}", path, hint, other)
        elif path == "measured_by" and goal.unit not in {None, kpis[other].unit} and kpis[other].unit is not None:
            message = f"it is in {goal.unit}, and {other!r} in {kpis[other].unit}"
            yield finding(goal, "unlike_units", message, path, "measure both in one unit", other)


def check_kpis(kpis: Mapping[str, KPI], subjects: Iterable[KPI]) -> Iterator[Finding]:
    """
    Yield what is wrong with some KPIs among all of them.

    Args:
        kpis: Every KPI by id.
        subjects: The KPIs to look at.
    """
    suggest = Suggestions(kpis)
    found = list(subjects)
    for kpi in found:
        named = [] if kpi.predicts is None else [("predicts", kpi.predicts)]
        named += [] if kpi.formula is None else [("formula", other) for other in kpi.formula.of]
        for path, other in named:
            if other not in kpis:
                hint = suggest(other, "add that KPI, or leave it out")
                yield finding(kpi, "unknown_kpi", f"there is no KPI {other!r}", path, hint, other)
    for loop in loops([kpi.id for kpi in found], lambda kpi_id: _operands(kpis, kpi_id)):
        message = f"it is worked out from itself: {' -> '.join(loop)}"
        yield finding(kpis[loop[-2]], "loop", message, "formula", "leave one out", loop[-1])


def _operands(kpis: Mapping[str, KPI], kpi_id: str) -> list[str]:
    formula = kpis[kpi_id].formula
    return [] if formula is None else [other for other in formula.of if other in kpis]


def check_observations(
    kpis: Mapping[str, KPI], log: ObservationLog, subjects: Iterable[Observation]
) -> Iterator[Finding]:
    """
    Yield what is wrong with some observations, each seen beside its KPI.

    Args:
        kpis: Every KPI by id.
        log: Every observation, the subjects among them.
        subjects: The observations to look at.
    """
    suggest = Suggestions(kpis)
    corrections: dict[str, Observation] = {}
    for subject in subjects:
        kpi = kpis.get(subject.kpi)
        if kpi is None:
            hint = suggest(subject.kpi, "add that KPI first")
            yield finding(subject, "unknown_kpi", f"there is no KPI {subject.kpi!r}", "kpi", hint, subject.kpi)
            continue
        yield from _observation(kpi, subject, kpis)
        if subject.supersedes is not None:
            corrections[subject.id] = subject
            yield from _correction(subject, log)
    for loop in loops(corrections, lambda fact_id: _corrected(corrections, fact_id)):
        message = f"it corrects itself: {' -> '.join(loop)}"
        yield finding(corrections[loop[-2]], "loop", message, "supersedes", "leave one out", loop[-1])


def _corrected(corrections: Mapping[str, Observation], fact_id: str) -> list[str]:
    other = corrections[fact_id].supersedes
    return [other] if other is not None and other in corrections else []


def _observation(kpi: KPI, subject: Observation, kpis: Mapping[str, KPI]) -> Iterator[Finding]:
    what = kpi.kind.value
    # A formula that names nothing is wrong itself, and may go without what was observed.
    if kpi.formula is not None and all(other in kpis for other in kpi.formula.of):
        message = f"{kpi.id!r} is worked out from others: {kpi.formula.describe()}"
        yield finding(subject, "value_beside_formula", message, "value", "observe the others")
        return
    if subject.numerator is not None and kpi.kind is not KpiKind.RATIO:
        message = f"{kpi.id!r} is a {what}, which has no parts"
        yield finding(subject, "no_parts", message, "numerator", "give the value, or make the KPI a ratio")
    if subject.count is not None and kpi.kind is not KpiKind.AVERAGE:
        message = f"{kpi.id!r} is a {what}, which is not of a number of cases"
        yield finding(subject, "no_cases", message, "count", "leave it out, or make the KPI an average")
    if subject.unit is not None and kpi.unit is not None and subject.unit != kpi.unit:
        message = f"it is in {subject.unit}, and {kpi.id!r} in {kpi.unit}"
        yield finding(subject, "unlike_units", message, "unit", f"convert it to {kpi.unit}")


def _correction(subject: Observation, log: ObservationLog) -> Iterator[Finding]:
    other = log.get(subject.supersedes or "")
    if other is None or other.kpi != subject.kpi:
        message = f"{subject.kpi!r} has no observation {subject.supersedes!r} to correct"
        hint = "name an observation of the same KPI"
        yield finding(subject, "unknown_observation", message, "supersedes", hint)
    elif other.on > subject.on:
        message = f"it corrects an observation of {other.on}, which is not known on {subject.on}"
        hint = "correct it on its own day"
        yield finding(subject, "corrects_later", message, "supersedes", hint)
