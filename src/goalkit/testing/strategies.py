"""
Values for generated tests: every kind of value that a plan can hold, whole plans that are valid, and what stores keep.

``plans()`` is what most laws need. Its switches leave out what a law is not about, so that examples stay small and
quick.

Example:
    >>> from hypothesis import given, settings
    >>> from goalkit import rollup
    >>> from goalkit.testing.strategies import days, plans
    >>> @settings(max_examples=5)
    ... @given(plans(max_goals=3, max_facts=2, details=False), days())
    ... def test_progress_is_unknown_or_at_most_one(plan, on):
    ...     assert all(progress.value is None or progress.value <= 1 for progress in rollup(plan, as_of=on).values())
    >>> test_progress_is_unknown_or_at_most_one()
"""

from .strategies_calendars import cadences, custom_cycles, cycles
from .strategies_facts import approvals, check_ins, grades, life_facts, retrospectives, revisions, transitions
from .strategies_goals import (
    APPROVERS,
    DETAILS,
    checklists,
    curves,
    goals,
    limits,
    linear_metrics,
    links,
    metrics,
    policies,
    zones,
)
from .strategies_kpis import kpi_bands, kpis, observations, targets, things
from .strategies_plans import plans, related_plans
from .strategies_records import batches, docs, keys, queries
from .strategies_words import (
    FIRST_DAY,
    LAST_DAY,
    any_days,
    days,
    extras,
    fractions,
    ids,
    measures,
    plain_data,
    texts,
    titles,
    weights,
    words,
)

__all__ = [
    "APPROVERS",
    "DETAILS",
    "FIRST_DAY",
    "LAST_DAY",
    "any_days",
    "approvals",
    "batches",
    "cadences",
    "check_ins",
    "checklists",
    "curves",
    "custom_cycles",
    "cycles",
    "days",
    "docs",
    "extras",
    "fractions",
    "goals",
    "grades",
    "ids",
    "keys",
    "kpi_bands",
    "kpis",
    "life_facts",
    "limits",
    "linear_metrics",
    "links",
    "measures",
    "metrics",
    "observations",
    "plain_data",
    "plans",
    "policies",
    "queries",
    "related_plans",
    "retrospectives",
    "revisions",
    "targets",
    "texts",
    "things",
    "titles",
    "transitions",
    "weights",
    "words",
    "zones",
]
