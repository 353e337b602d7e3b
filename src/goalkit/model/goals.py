"""What people write down: objectives, key results, milestones and initiatives, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final, TypeAlias

from attrs import field, frozen
from attrs.converters import optional

from ..calendars import Cadence, day
from ..errors import InvalidValue, shown
from ..quantities import fraction, weight
from ..texts import identifier, text, title, words
from ..values import EMPTY, FrozenDict, checked, extra, flag, instance
from .limits import is_shared
from .linear import Metric
from .methods import Reads, RollupMethod, to_reads, to_rollup_method
from .metrics import metric
from .stages import Ambition, to_ambition

#: The level of an objective that is a key result area: the lasting responsibility of a role.
KEY_RESULT_AREA: Final = "key_result_area"


@checked
@frozen
class Link:
    """
    A link from a goal to one of its parents.

    Attributes:
        to: The parent's id.
        weight: The goal's weight in this parent, 0 or more; None for the goal's own weight.
        counts: Whether the goal contributes to the parent, or only supports it. None for what its
            kind does: an initiative supports, everything else contributes.

    Raises:
        InvalidValue: If the id is empty, or the weight is negative or not a number.

    Example:
        >>> Link("app", weight=2).weight
        2.0
    """

    to: str = field(converter=identifier)
    weight: float | None = field(default=None, converter=optional(weight), kw_only=True)
    counts: bool | None = field(default=None, converter=optional(flag), kw_only=True)


#: What is accepted where parents belong: nothing, an id, a link, or several of them.
Parents: TypeAlias = "str | Link | Iterable[str | Link] | None"


def links(value: Parents) -> tuple[Link, ...]:
    """
    Return a goal's links to its parents.

    Args:
        value: None for no parent, an id, a `Link`, or an iterable of ids and links. Those of a set
            are sorted.

    Raises:
        InvalidValue: If something else is in it, or a parent is named twice.

    Example:
        >>> links("app")
        (Link(to='app', weight=None, counts=None),)
    """
    if value is None:
        return ()
    if isinstance(value, Link):
        return (value,)
    if isinstance(value, str):
        return (Link(value),)
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        hint = "give a goal's id, a Link, or a list of them"
        raise InvalidValue.of("not_a_link", f"{shown(value)} is not a parent", hint=hint)
    found: list[Link] = []
    for at, item in enumerate(value):
        try:
            found.append(item if isinstance(item, Link) else Link(item))
        except InvalidValue as error:
            raise InvalidValue(*(problem.under(f"[{at}]") for problem in error.problems)) from None
    seen: set[str] = set()
    for link in found:
        if link.to in seen:
            hint = "name each parent once, with one weight"
            raise InvalidValue.of("duplicate_link", f"the parent {link.to!r} is named twice", hint=hint)
        seen.add(link.to)
    # A set has no order that two runs would agree on.
    return tuple(sorted(found, key=_parent_of) if isinstance(value, (set, frozenset)) else found)


def _parent_of(link: Link) -> str:
    return link.to


def _cadence(value: Cadence | None) -> Cadence | None:
    return None if value is None else instance(Cadence, value, "give a cadence such as Cadence.weekly('monday')")


@frozen(kw_only=True)
class Goal:
    """
    What every node of a plan carries; use `Objective`, `KeyResult`, `Milestone` or `Initiative`.

    Attributes:
        id: The goal's name in the plan, chosen by the caller.
        title: What is wanted, in words.
        why: Why it matters.
        owner: The id of who answers for it; people belong to the host application.
        level: Company, team, person or any other word.
        parent: Links to what it contributes to, none for a top goal.
        weight: Its weight among its siblings, 0 or more; only proportions matter, 0 leaves it out.
        cycle: The id of its cycle; without one, its parents' where they agree.
        first_day: Its own first day, in place of its cycle's.
        last_day: Its own last day, in place of its cycle's.
        unit: Number, percent, an ISO currency, or any word.
        ambition: Whether all of it is expected, most of it, or to learn something.
        cadence: When check-ins are expected; without one, the nearest ancestor's.
        approvers: The ids of those who have to approve it before it runs; two for an agreement (MBO).
        grading_criteria: What it will be judged by.
        rollup: How its children's figures become its own, where it is made up of them; without one,
            as the policy says. Milestones and initiatives are not made up of others.
        affects: The ids of the KPIs that it is meant to move.
        labels: Words to find it by.
        continues: The id of the goal, perhaps of another plan, that it carries on.
        extra: What the host application wants to keep with it.
    """

    kind: ClassVar[str]
    id: str = field(converter=identifier)
    title: str = field(converter=title)
    why: str = field(default="", converter=text)
    owner: str | None = field(default=None, converter=optional(identifier))
    level: str | None = field(default=None, converter=optional(identifier))
    parent: tuple[Link, ...] = field(default=(), converter=links)
    weight: float = field(default=1.0, converter=weight)
    cycle: str | None = field(default=None, converter=optional(identifier))
    first_day: date | None = field(default=None, converter=optional(day))
    last_day: date | None = field(default=None, converter=optional(day))
    unit: str | None = field(default=None, converter=optional(identifier))
    ambition: Ambition | None = field(default=None, converter=to_ambition)
    cadence: Cadence | None = field(default=None, converter=_cadence)
    approvers: tuple[str, ...] = field(default=(), converter=words)
    grading_criteria: str = field(default="", converter=text)
    rollup: RollupMethod | None = field(default=None, converter=to_rollup_method)
    affects: tuple[str, ...] = field(default=(), converter=words)
    labels: tuple[str, ...] = field(default=(), converter=words)
    continues: str | None = field(default=None, converter=optional(identifier))
    extra: FrozenDict[str, Any] = field(default=EMPTY, converter=extra)

    def __attrs_post_init__(self) -> None:
        if type(self) is Goal:
            message = "a goal is an Objective, a KeyResult, a Milestone or an Initiative"
            raise TypeError(message)
        if self.continues == self.id:
            raise InvalidValue.of("loop", "a goal cannot carry itself on", path="continues", hint="name another goal")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            message = f"the last day {self.last_day} is before the first day {self.first_day}"
            raise InvalidValue.of("days_out_of_order", message, path="last_day", hint="swap them")
        if self.rollup is not None:
            _check_rollup(self, self.rollup)


def _check_rollup(goal: Goal, method: RollupMethod) -> None:
    if not isinstance(goal, (Objective, KeyResult)):
        message = f"{_WITH_ARTICLE[type(goal)]} is read from its own check-ins, so nothing rolls up into it"
        raise InvalidValue.of("two_answers", message, path="rollup", hint="leave it out")
    if method is RollupMethod.SUM_OF_VALUES:
        if goal.metric is None or not goal.metric.is_numeric:
            message = "a sum of values is read with a metric of numbers, and there is none"
            hint = "give it a metric, such as Increase(start=0, target=1000)"
            raise InvalidValue.of("no_metric", message, path="rollup", hint=hint)
        if is_shared(goal.metric):
            message = "a share of the check-ins cannot be read from a sum of values"
            raise InvalidValue.of(
                "two_answers", message, path="rollup", hint="leave out the roll-up, or score the latest"
            )
    elif goal.metric is not None:
        message = "a goal with a metric is read from its own check-ins"
        hint = "leave out the roll-up or the metric, or use sum_of_values"
        raise InvalidValue.of("two_answers", message, path="rollup", hint=hint)


@checked
@frozen(kw_only=True)
class Objective(Goal):
    """
    What is to be achieved, in words; its progress comes from what contributes to it.

    Attributes:
        metric: A way to measure the objective itself; with one, nothing rolls up into it, unless
            ``rollup="sum_of_values"`` feeds it with the values of what contributes.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Objective(id="app", title="Make the mobile app a joy to use", cycle="2026-Q3", owner="mobile").weight
        1.0
    """

    kind: ClassVar[str] = "objective"
    metric: Metric | None = field(default=None, converter=metric)


@checked
@frozen(kw_only=True)
class KeyResult(Goal):
    """
    A measure that tells whether an objective is reached.

    Attributes:
        metric: How a measured value becomes progress. Without one, values can be recorded but mean
            nothing yet: progress comes from what contributes to the key result, and is unknown where
            nothing does.
        reads: How its check-ins become its value: the latest of them, or their sum, mean, minimum or
            maximum.
        measured_by: The id of the KPI whose value over the key result's own period, so far, is its
            value; check-ins then say how it stands, and no value.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> from goalkit import Increase
        >>> KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)).parent
        (Link(to='app', weight=None, counts=None),)
    """

    kind: ClassVar[str] = "key_result"
    metric: Metric | None = field(default=None, converter=metric)
    reads: Reads = field(default=Reads.LATEST, converter=to_reads)
    measured_by: str | None = field(default=None, converter=optional(identifier))

    def __attrs_post_init__(self) -> None:
        Goal.__attrs_post_init__(self)
        if self.measured_by is not None:
            self._check_measured_by()
        if self.reads is Reads.LATEST or self.metric is None:
            return
        hint = "read the latest"
        if not self.metric.is_numeric:
            message = f"the check-ins of a {self.metric.kind} metric have no {self.reads.value}"
            raise InvalidValue.of("two_answers", message, path="reads", hint=hint)
        if is_shared(self.metric):
            message = f"a share of the check-ins is no {self.reads.value} of them"
            raise InvalidValue.of("two_answers", message, path="reads", hint=hint)
        if self.rollup is RollupMethod.SUM_OF_VALUES:
            message = "a sum of values is read from what contributes, not from check-ins"
            raise InvalidValue.of("two_answers", message, path="reads", hint="leave out reads, or the roll-up")

    def _check_measured_by(self) -> None:
        hint = "leave out measured_by, or measure it by a number"
        if self.metric is not None and not self.metric.is_numeric:
            message = f"a {self.metric.kind} metric cannot be read from the value of a KPI"
            raise InvalidValue.of("two_answers", message, path="measured_by", hint=hint)
        if self.metric is not None and is_shared(self.metric):
            message = "a share of the check-ins cannot be read from the value of a KPI"
            raise InvalidValue.of("two_answers", message, path="measured_by", hint="score the latest")
        if self.reads is not Reads.LATEST or self.rollup is not None:
            path = "rollup" if self.rollup is not None else "reads"
            message = "a key result that is measured by a KPI is read from nothing else"
            raise InvalidValue.of("two_answers", message, path=path, hint="leave it out, or measured_by")


@checked
@frozen(kw_only=True)
class Milestone(Goal):
    """
    An achievement on a day: done, or partly done.

    Its check-ins say True, False, or the fraction that is done. A milestone may instead stand for a
    share of the target of the key result above it ("half of the way"): it is then read from that key
    result and is done when the key result has come that far.

    Attributes:
        due: The day it is planned for.
        done_on: The day it was done, where no check-in says so.
        depends_on: The ids of goals that must be reached before it.
        share: The share of its key result's way that it stands for, more than 0 and at most 1.
        delegate: The id of who does it, where that is not who owns it.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Milestone(id="launch", title="Open the help centre", parent="support", due="2026-09-01").due
        datetime.date(2026, 9, 1)
    """

    kind: ClassVar[str] = "milestone"
    due: date | None = field(default=None, converter=optional(day))
    done_on: date | None = field(default=None, converter=optional(day))
    depends_on: tuple[str, ...] = field(default=(), converter=words)
    share: float | None = field(default=None, converter=optional(fraction))
    delegate: str | None = field(default=None, converter=optional(identifier))

    def __attrs_post_init__(self) -> None:
        Goal.__attrs_post_init__(self)
        if self.share == 0:
            hint = "give more than 0, or leave it out"
            raise InvalidValue.of(
                "out_of_range", "a share of 0 is reached before anything is done", path="share", hint=hint
            )
        if self.share is not None and self.done_on is not None:
            message = "a milestone that stands for a share is done when its key result has come that far"
            raise InvalidValue.of("two_answers", message, path="done_on", hint="leave out done_on, or share")


@checked
@frozen(kw_only=True)
class Initiative(Goal):
    """
    Work that is expected to move key results; it counts only where its link says so.

    Its check-ins name the actions that are done, or, where it has none, say the fraction that is.

    Attributes:
        actions: What is to be done, each action named once and of equal weight.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Initiative(id="onboarding", title="Rebuild the onboarding", actions=["interviews", "prototype"]).actions
        ('interviews', 'prototype')
    """

    kind: ClassVar[str] = "initiative"
    actions: tuple[str, ...] = field(default=(), converter=words)


_WITH_ARTICLE: dict[type[Goal], str] = {Milestone: "a milestone", Initiative: "an initiative"}

#: Every kind of goal by its name in documents.
GOALS: dict[str, type[Goal]] = {goal.kind: goal for goal in (Objective, KeyResult, Milestone, Initiative)}


def contributes(child: Goal, link: Link) -> bool:
    """
    Tell whether a goal contributes to a parent or only supports it.

    Args:
        child: The goal.
        link: Its link to the parent.

    Example:
        >>> contributes(Initiative(id="i", title="I"), Link("o")), contributes(Objective(id="a", title="A"), Link("o"))
        (False, True)
    """
    return not isinstance(child, Initiative) if link.counts is None else link.counts


def weighs(child: Goal, link: Link) -> float:
    """
    Return a goal's weight in a parent: the link's, else its own.

    Args:
        child: The goal.
        link: Its link to the parent.

    Example:
        >>> weighs(Objective(id="a", title="A", weight=2), Link("o"))
        2.0
    """
    return child.weight if link.weight is None else link.weight


def own_metric(goal: Goal) -> Metric | None:
    """
    Return the metric that a goal is measured by, or None.

    Args:
        goal: Any goal.

    Example:
        >>> own_metric(Milestone(id="m", title="M")) is None
        True
    """
    return goal.metric if isinstance(goal, (Objective, KeyResult)) else None
