"""A plan as a tree of text, for terminals, logs and mails."""

from __future__ import annotations

from typing import Final

from attrs import frozen

from ..analysis.contributions import Contribution
from ..analysis.explain import WORDS
from ..analysis.grading import Grades
from ..analysis.rollup import GoalProgress, Rollup
from ..analysis.status import Assessment
from ..errors import InvalidValue
from ..model.progress import Reason
from ..model.stages import Status
from ..quantities import clamp, percent, same, whole
from ..values import instance

# Of one goal, and of the goals that have nothing above them, the most that are shown; the rest are counted.
_MOST_BESIDE: Final = 50
_MOST_LEVELS: Final = 20
_MOST_LINES: Final = 1000
_NARROWEST: Final = 60
_WIDEST: Final = 1000

_BAR: Final = 10
_INDENT: Final = 3
_FIGURES: Final = _BAR + len("  100 %  ")
# So much of a line is kept for words, however deep the goal stands.
_LEAST_FOR_WORDS: Final = 33
_LEAST_FOR_TITLE: Final = 16


def tree(progress: Rollup, *, width: int = 80, status: Assessment | None = None, grades: Grades | None = None) -> str:
    """
    Return a plan as an indented tree: a bar and a figure for each goal, and why where there is none.

    Where they are given, how each goal stands, whether somebody reported otherwise, whether a check-in
    is overdue, and its grade stand behind its title.

    A goal with several parents is shown under each of them, and what is below it once. Of a large
    plan only the upper part is shown, and the text says so: at most 50 goals side by side, as many
    levels as a line has room for (9 in 80 characters, never more than 20), and 1000 lines.

    Args:
        progress: The figures.
        width: The most characters in a line, from 60 to 1000. Longer titles are cut.
        status: How the goals stand, as `goalkit.assess` says.
        grades: Their grades, as `goalkit.grades` says.

    Raises:
        InvalidValue: If it is not a roll-up, what is given beside it is something else or of another day
            (``days_differ``), or the width is out of range.

    Example:
        >>> from datetime import date
        >>> from goalkit import CheckIn, Increase, KeyResult, Objective, Plan, rollup
        >>> plan = Plan.of(
        ...     Objective(id="app", title="A joy to use"),
        ...     KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
        ...     Objective(id="support", title="Praised support", parent="app"),
        ... ).record(CheckIn(goal="nps", on="2026-08-10", value=56))
        >>> print(tree(rollup(plan, as_of=date(2026, 8, 15))))
        Progress on 2026-08-15
        █████░░░░░   50 %  A joy to use
        █████░░░░░   50 %  ├─ Reach an NPS of 70
        ··········      –  └─ Praised support (left out: nothing contributes to it)
    """
    given = instance(Rollup, progress, "rollup makes one")
    try:
        wide = whole(width, least=_NARROWEST, most=_WIDEST)
    except InvalidValue as error:
        raise error.under("width") from None
    for name, other, hint in (("status", status, "assess makes one"), ("grades", grades, "grades makes one")):
        if other is None:
            continue
        kind: type[Assessment | Grades] = Assessment if name == "status" else Grades
        if instance(kind, other, hint).as_of != given.as_of:
            message = f"they are of {other.as_of}, and the figures of {given.as_of}"
            raise InvalidValue.of("days_differ", message, path=name, hint="ask for both as of one day")
    return "\n".join(_Tree(given, wide, status, grades).lines())


@frozen
class _Waiting:
    """A line that is still to be written: of a goal, or, without one, of so many that are only counted."""

    lead: str
    inner: str
    goal: str | None
    part: Contribution | None = None
    uncounted: int = 0


@frozen
class _Shown:
    """What is told of a goal wherever it stands; its whole row would hold each of its children."""

    figures: str
    reason: Reason | None
    measured: str
    has_children: bool

    @classmethod
    def of(cls, row: GoalProgress) -> _Shown:
        partly = row.value is not None and not same(row.coverage, 1)
        return cls(
            figures=f"{_bar(row.value)}  {percent(row.value):>5}  ",
            reason=row.reason,
            measured=f"{percent(row.coverage)} measured" if partly else "",
            has_children=bool(row.contributions),
        )


def _bar(value: float | None) -> str:
    if value is None:
        return "·" * _BAR
    value = clamp(value)  # by some policies a figure may lie outside
    filled = int(value * _BAR + 0.5)
    # As with per cent, nothing looks empty or full that is not.
    filled = filled if same(value, 0) else max(filled, 1)
    filled = filled if same(value, 1) else min(filled, _BAR - 1)
    return "█" * filled + "░" * (_BAR - filled)


class _Tree:
    """One tree that is being written."""

    def __init__(self, progress: Rollup, width: int, status: Assessment | None, grades: Grades | None) -> None:
        self._progress = progress
        self._status = status
        self._grades = grades
        self._width = width
        self._levels = min(_MOST_LEVELS, (width - _FIGURES - _LEAST_FOR_WORDS) // _INDENT)
        self._seen: dict[str, _Shown] = {}
        self._waiting: list[_Waiting] = []

    def lines(self) -> list[str]:
        """Return the lines of the tree."""
        progress, waiting = self._progress, self._waiting
        chosen = progress.policy.describe()
        told = [_cut(f"Progress on {progress.as_of}{chosen and f', by {_one_line(chosen)}'}", self._width)]
        tops = [goal_id for goal_id in progress if not progress.goal(goal_id).parent]
        if len(tops) > _MOST_BESIDE:
            waiting.append(_Waiting(lead="", inner="", goal=None, uncounted=len(tops) - _MOST_BESIDE))
        waiting.extend(_Waiting(lead="", inner="", goal=goal_id) for goal_id in reversed(tops[:_MOST_BESIDE]))
        while waiting and len(told) < _MOST_LINES:
            told.append(self._line(waiting.pop()))
        if waiting:
            told.append(f"… {len(progress) - len(self._seen)} of {len(progress)} goals are not shown")
        return told if tops else [*told, "there are no goals"]

    def _line(self, one: _Waiting) -> str:
        if one.goal is None:
            return f"{'':{_FIGURES}}{one.lead}… and {one.uncounted} more"
        before = self._seen.get(one.goal)
        if before is None:
            row = self._progress[one.goal]
            shown = self._seen[one.goal] = _Shown.of(row)
        else:
            row, shown = None, before
        notes = ["shown above"] if row is None and shown.has_children else []
        if row is not None and row.contributions:
            if len(one.inner) < _INDENT * self._levels:
                self._put_below(row, one.inner)
            else:
                notes.append("more below it")
        if row is not None:
            notes.extend(self._judged(one.goal))
        note = "; ".join(filter(None, (*notes, _why(shown, one.part), shown.measured)))
        return self._fitted(shown.figures + one.lead, self._progress.goal(one.goal).title, note)

    def _judged(self, goal_id: str) -> list[str]:
        """Return how a goal stands and how it was graded, as far as that is asked for and known."""
        told = []
        if self._status is not None and goal_id in self._status:
            row = self._status[goal_id]
            told.append("" if row.status is None else _words(row.status))
            told.append(f"reported as {_words(row.reported)}" if row.disagrees and row.reported is not None else "")
            told.append(f"no check-in since {row.stale_since} was due" if row.stale else "")
        if self._grades is not None and goal_id in self._grades:
            grade = self._grades[goal_id]
            verb = "graded" if grade.grade is not None else "would be"
            told.append("" if grade.outcome is None else f"{verb} {grade.outcome.value}")
        return told

    def _put_below(self, row: GoalProgress, before: str) -> None:
        parts, rest = row.contributions[:_MOST_BESIDE], len(row.contributions) - _MOST_BESIDE
        if rest > 0:
            self._waiting.append(_Waiting(lead=f"{before}└─ ", inner="", goal=None, uncounted=rest))
        for at in reversed(range(len(parts))):
            last = rest <= 0 and at == len(parts) - 1
            lead, inner = (f"{before}└─ ", f"{before}   ") if last else (f"{before}├─ ", f"{before}│  ")
            self._waiting.append(_Waiting(lead=lead, inner=inner, goal=parts[at].goal, part=parts[at]))

    def _fitted(self, before: str, title: str, note: str) -> str:
        note = f" ({note})" if note else ""
        room = max(_LEAST_FOR_TITLE, self._width - len(before) - len(note))
        return _cut(f"{before}{_cut(_one_line(title), room)}{note}", self._width)


def _why(shown: _Shown, part: Contribution | None) -> str:
    if part is not None and not part.counts:
        return f"left out: {WORDS[part.reason]}" if part.reason is not None else "left out"
    return "" if shown.reason is None else WORDS[shown.reason]


def _one_line(title: str) -> str:
    # The length is cut first: a title may be a book.
    return " ".join("".join(c if c.isprintable() or c == "\u200d" else " " for c in title.lstrip()[:_WIDEST]).split())


def _words(status: Status) -> str:
    return status.value.replace("_", " ")


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1].rstrip()}…"
