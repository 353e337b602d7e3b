"""The dated facts: what was measured, what was changed, and where a goal was in its life."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, fields, frozen
from attrs.converters import optional

from ..calendars import day
from ..errors import InvalidValue, Problem, did_you_mean
from ..quantities import Number, fraction, number
from ..texts import given_id, identifier, text, words
from ..values import EMPTY, FrozenDict, checked, choice, content_id, extra, instance, plain_bool
from .goals import GOALS
from .stages import Outcome, Stage, Status, to_outcome, to_stage, to_status


def measured(value: Number | bool | None) -> Decimal | bool | None:
    """
    Return a measured value: an exact number, or true or false, or None.

    Args:
        value: A number, a boolean, or None where a check-in says nothing of the value.

    Raises:
        InvalidValue: If it is something else.

    Example:
        >>> measured("54.6"), measured(True)
        (Decimal('54.6'), True)
    """
    value = plain_bool(value)
    return value if value is None or isinstance(value, bool) else number(value)


def _outcome(value: Outcome | str) -> Outcome:
    return choice(Outcome, value)


def _done(value: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if value is None else words(value)


@frozen(kw_only=True)
class Fact:
    """
    What every dated fact carries.

    Attributes:
        goal: The id of the goal that it is about.
        on: The day that it applies to, which may be long before it was stored.
        by: The id of who said so.
        id: The fact's name; derived from its content where none is given, so that the same fact
            recorded twice is one fact. Give one yourself where two equal facts are two.
        extra: What the host application wants to keep with it.
    """

    kind: ClassVar[str]
    goal: str = field(converter=identifier)
    on: date = field(converter=day)
    by: str | None = field(default=None, converter=optional(identifier))
    id: str = field(default="", converter=given_id)
    extra: FrozenDict[str, Any] = field(default=EMPTY, converter=extra)

    def __attrs_post_init__(self) -> None:
        if type(self) is Fact:
            message = f"a fact is a {', a '.join(fact.__name__ for fact in FACTS.values())}"
            raise TypeError(message)
        if not self.id:
            object.__setattr__(self, "id", content_id(self.kind, self))


@checked
@frozen(kw_only=True)
class CheckIn(Fact):
    """
    What is known of one goal on a day: its value, how it stands, what happened and what is next.

    A check-in is never edited. Where the latest is read, a later one on the same day replaces an
    earlier one; ``supersedes`` corrects one of any day before.

    Attributes:
        value: The measured value, or true or false; None where the check-in says nothing of it.
        done: The names of all items of a checklist, or actions of an initiative, that are done by then;
            None where the check-in says nothing of them.
        status: How its author says it stands.
        confidence: The author's probability, 0 to 1, that the goal will be met.
        note: What happened.
        next_steps: What is next.
        supersedes: The id of a check-in of the same goal that this one corrects.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> CheckIn(goal="nps", on="2026-08-10", value=56, confidence=0.7, by="ida").value
        Decimal('56')
    """

    kind: ClassVar[str] = "check_in"
    value: Decimal | bool | None = field(default=None, converter=measured)
    done: tuple[str, ...] | None = field(default=None, converter=_done)
    status: Status | None = field(default=None, converter=to_status)
    confidence: float | None = field(default=None, converter=optional(fraction))
    note: str = field(default="", converter=text)
    next_steps: str = field(default="", converter=text)
    supersedes: str | None = field(default=None, converter=optional(identifier))

    def __attrs_post_init__(self) -> None:
        Fact.__attrs_post_init__(self)
        if self.supersedes == self.id:
            message = "a check-in cannot correct itself"
            raise InvalidValue.of("loop", message, path="supersedes", hint="give the corrected one its own id")


#: The converter of every field of a goal that a dated revision may change, by name.
REVISABLE: dict[str, Any] = {
    column.name: column.converter for goal in GOALS.values() for column in fields(goal) if column.name != "id"
}


_MAPPING: type[Any] = Mapping


def _changes(value: Mapping[str, object]) -> FrozenDict[str, Any]:
    hint = "give the fields that change, such as {'weight': 2}"
    if not instance(_MAPPING, value, hint):
        raise InvalidValue.of("no_changes", "a revision without changes changes nothing", hint=hint)
    problems: list[Problem] = []
    changed: dict[str, Any] = {}
    for name, got in value.items():
        if name not in REVISABLE:
            hint = did_you_mean(name, list(REVISABLE)) or f"a revision may change {', '.join(sorted(REVISABLE))}"
            problems.extend(
                InvalidValue.of("unknown_field", f"a goal has no field {name!r} to revise", hint=hint).problems
            )
            continue
        try:
            changed[name] = REVISABLE[name](got)
        except InvalidValue as error:
            problems.extend(problem.under(name) for problem in error.problems)
    if problems:
        raise InvalidValue(*problems)
    return FrozenDict(changed)


@checked
@frozen(kw_only=True)
class Revision(Fact):
    """
    A dated change of a goal's definition: from that day on, not before.

    Attributes:
        changes: The new content of each field that changes, by the field's name.
        why: Why it was changed.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> from goalkit import Increase
        >>> nearer = Revision(goal="nps", on="2026-09-01", changes={"metric": Increase(start=42, target=62)})
        >>> nearer.changes["metric"].target
        Decimal('62')
    """

    kind: ClassVar[str] = "revision"
    changes: FrozenDict[str, Any] = field(converter=_changes)
    why: str = field(default="", converter=text)


@checked
@frozen(kw_only=True)
class Transition(Fact):
    """
    A move of a goal to another stage of its life, from that day on.

    A goal that is drafted, proposed, paused, dropped or archived is left out of its parents.

    Attributes:
        stage: The stage that begins.
        outcome: What became of it; only for a goal that is closed.
        why: Why it was moved.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Transition(goal="nps", on="2026-08-01", stage="closed", outcome="dropped", why="we have no users").stage
        <Stage.CLOSED: 'closed'>
    """

    kind: ClassVar[str] = "transition"
    stage: Stage = field(converter=to_stage)
    outcome: Outcome | None = field(default=None, converter=to_outcome)
    why: str = field(default="", converter=text)

    def __attrs_post_init__(self) -> None:
        Fact.__attrs_post_init__(self)
        if self.outcome is not None and self.stage is not Stage.CLOSED:
            message = f"a goal that is {self.stage.value} has no outcome yet"
            raise InvalidValue.of(
                "outcome_too_early", message, path="outcome", hint="close it, or leave the outcome out"
            )


@checked
@frozen(kw_only=True)
class Approval(Fact):
    """
    The word of one stakeholder that a goal is right as it is proposed.

    A goal that names its approvers is approved once each of them has said so since it was last
    proposed. Whether the goal came from above or from below makes no difference. A goal that two
    people agree on (MBO) names both, and has an approval of each.

    Attributes:
        by: The id of who approves; an approval by nobody is none.
        note: What they said to it.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Approval(goal="app", on="2026-06-18", by="cpo").by
        'cpo'
    """

    kind: ClassVar[str] = "approval"
    by: str = field(converter=identifier)
    note: str = field(default="", converter=text)


@checked
@frozen(kw_only=True)
class Grade(Fact):
    """
    The judgement at the end, by a person: it closes the goal.

    Attributes:
        by: The id of who decided.
        outcome: What became of the goal.
        score: The final score, 0 to 1; None where only the outcome was decided.
        why: Why it was decided so, above all where that is not what was computed.

    Raises:
        InvalidValue: If a field is refused; every refused field is named.

    Example:
        >>> Grade(goal="app", on="2026-10-02", outcome="partial", score=0.65, by="cpo").outcome
        <Outcome.PARTIAL: 'partial'>
    """

    kind: ClassVar[str] = "grade"
    by: str = field(converter=identifier)
    outcome: Outcome = field(converter=_outcome)
    score: float | None = field(default=None, converter=optional(fraction))
    why: str = field(default="", converter=text)


@checked
@frozen(kw_only=True)
class Retrospective(Fact):
    """
    What was learnt from a goal.

    Attributes:
        reached: What was reached.
        helped: What helped.
        hindered: What hindered.
        reword: How the goal should have been worded.
        next_time: What to do differently next time.

    Raises:
        InvalidValue: If a field is refused, every refused field is named; or if nothing is said.

    Example:
        >>> Retrospective(goal="app", on="2026-10-02", helped="weekly interviews").helped
        'weekly interviews'
    """

    kind: ClassVar[str] = "retrospective"
    reached: str = field(default="", converter=text)
    helped: str = field(default="", converter=text)
    hindered: str = field(default="", converter=text)
    reword: str = field(default="", converter=text)
    next_time: str = field(default="", converter=text)

    def __attrs_post_init__(self) -> None:
        Fact.__attrs_post_init__(self)
        said = (self.reached, self.helped, self.hindered, self.reword, self.next_time)
        if not any(map(str.strip, said)):
            hint = "fill in reached, helped, hindered, reword or next_time"
            raise InvalidValue.of("says_nothing", "a retrospective without a word says nothing", hint=hint)


#: Every kind of fact by its name in documents.
FACTS: dict[str, type[Fact]] = {
    fact.kind: fact for fact in (CheckIn, Revision, Approval, Transition, Grade, Retrospective)
}
