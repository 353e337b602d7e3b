"""The status of every goal of a plan, worked out over the columns of its roll-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import fsum
from typing import Final, final

from ..calendars import DayCount
from ..model.courses import Profile
from ..model.facts import standing
from ..model.goals import own_metric
from ..model.inheriting import handed_down
from ..model.limits import Limit, is_shared
from ..model.methods import Reads
from ..model.moves import last_move
from ..model.progress import Reason
from ..model.reading import Reading
from ..model.records import CheckIn, Fact, Revision
from ..model.stages import Outcome, Stage, Status
from ..model.structure import Period
from ..policies import By, Override, ParentStatus
from ..quantities import TOLERANCE, clamp
from .columns import Columns
from .measures import as_read
from .pace import UNKNOWN, Clock, Pace, due_pace, kept_pace
from .verdicts import AHEAD, CONFIDENCE, ENDS, RUNNING, ZONE_OF, ZONES, Kind, Verdict, Why, confident, kinds, worst_of

_PLAIN: Final = tuple((status, Why.PACE) for status in ZONES)


@final
class Judge:
    """
    The status of every goal of a plan.

    Args:
        columns: The figures of the plan.
        profiles: What is expected by when, by the ids of goals; those below follow the nearest.
        previous: The statuses that goals had before, by id.
    """

    __slots__ = (
        "_below",
        "_clocks",
        "_effective",
        "_expected_in",
        "_facts",
        "_has_profiles",
        "_is_special",
        "_profiles",
        "_resting",
        "_stages",
        "_verdicts",
        "_words",
        "columns",
        "kinds",
        "previous",
    )

    def __init__(self, columns: Columns, profiles: Mapping[str, Profile], previous: Mapping[str, Status]) -> None:
        self.columns: Final = columns
        self.previous: Final = previous
        self.kinds: Final = kinds(columns)
        self._facts: Final = columns.plan.log.by_goal()
        self._clocks: Final[dict[tuple[Period, int], Clock | None]] = {}
        self._expected_in: Final[dict[Period, float | None]] = {}
        self._has_profiles: Final = bool(profiles)
        policy = columns.policy
        by_gap = policy.thresholds.by is By.GAP and policy.parent_status is ParentStatus.PACE
        self._is_special: Final = bool(profiles) or policy.hysteresis is not None or not by_gap
        self._profiles: Final = self._inherited(profiles) if profiles else []
        self._stages: Final = self._moved()
        self._resting: Final = {at for at, (stage, _) in self._stages.items() if stage not in RUNNING}
        self._words: Final[dict[int, date | None]] = {}
        self._verdicts: Final[list[Verdict | None]] = [None] * len(columns.goals)
        #: The statuses that count, where parents follow them.
        self._effective: Final[dict[int, Status | None]] = {}
        if columns.policy.parent_status is not ParentStatus.PACE:
            for position in columns.structure.children_first:
                if columns.policy.parent_status is ParentStatus.LATEST:
                    self._words[position] = self._last_word(position)
                self._effective[position] = self.status(position)

    # -- what holds for a goal ------------------------------------------------------------------------

    def _inherited(self, profiles: Mapping[str, Profile]) -> list[Profile]:
        """Return every goal's own profile, else its nearest ancestor's, else the policy's."""
        columns = self.columns
        at = columns.structure.at
        own = {at[goal_id]: profile for goal_id, profile in profiles.items()}
        found = handed_down(columns.structure, columns.goals, own)
        return [found.get(position, columns.policy.profile) for position in range(len(columns.goals))]

    def _moved(self) -> dict[int, tuple[Stage, Outcome | None]]:
        """Return the stages of all goals that were moved, and of those below them."""
        columns, structure = self.columns, self.columns.structure
        moved: dict[int, tuple[Stage, Outcome | None]] = {}
        for goal_id, facts in self._facts.items():
            if all(type(fact) is CheckIn or type(fact) is Revision for fact in facts):
                continue
            position = structure.at[goal_id]
            move = last_move(facts, columns.as_of, columns.goals[position].approvers)
            if move is not None:
                moved[position] = (move.stage, move.outcome)
        found = handed_down(structure, columns.goals, moved, supported=False)
        # What was dropped is dropped with all that is under it; any other outcome is the goal's own.
        return {
            position: stands if position in moved or stands[1] is Outcome.DROPPED else (stands[0], None)
            for position, stands in found.items()
        }

    def stage(self, position: int) -> tuple[Stage, Outcome | None]:
        """
        Return where a goal is in its life, and what became of it where it is closed.

        Args:
            position: The goal's position.
        """
        return self._stages.get(position, (Stage.ACTIVE, None))

    def clock(self, position: int) -> Clock | None:
        """
        Return the clock of a goal's period; None where it has no first or no last day.

        Args:
            position: The goal's position.
        """
        columns = self.columns
        period = columns.periods[position]
        profile = self._profiles[position] if self._has_profiles else columns.policy.profile
        key = (period, id(profile))
        if key not in self._clocks:
            first, last = period
            known = first is not None and last is not None and first <= last
            count: DayCount = columns.policy.day_count
            self._clocks[key] = (
                Clock.of(first, last, columns.as_of, count, profile) if known and first and last else None
            )
        return self._clocks[key]

    def check_ins(self, position: int) -> tuple[CheckIn, ...]:
        """
        Return a goal's check-ins that stand, oldest day first.

        Args:
            position: The goal's position.
        """
        facts: Sequence[Fact] = self._facts.get(self.columns.structure.ids[position], ())
        return standing(facts, self.columns.as_of) if facts else ()

    def reported(self, position: int) -> CheckIn | None:
        """
        Return the last check-in that says how a goal stands; None where none does.

        Args:
            position: The goal's position.
        """
        return next((each for each in reversed(self.check_ins(position)) if each.status is not None), None)

    # -- the status -----------------------------------------------------------------------------------

    def status(self, position: int) -> Status | None:
        """
        Return the status of a goal that counts: computed, or reported where the policy says so.

        Args:
            position: The goal's position.
        """
        computed, why = self.verdict(position)
        if why is Why.STAGE or why is Why.ENDED:
            return computed
        override = self.columns.policy.override
        unsaid = computed is None or why is Why.NO_CHECK_IN
        if override is Override.NEVER and not unsaid:
            return computed
        reported = self.reported(position)
        if reported is None:
            return computed
        if not unsaid:
            if override is Override.ONCE and reported is not self.check_ins(position)[-1]:
                return computed
            if computed in ENDS and reported.status not in ENDS:
                return computed
        return reported.status

    def verdict(self, position: int) -> Verdict:
        """
        Return the computed status of a goal, and why it has that.

        Args:
            position: The goal's position.
        """
        found = self._verdicts[position]
        if found is None:
            found = self._verdicts[position] = self._plainly(position) or self._verdict(position)
        return found

    def _plainly(self, position: int) -> Verdict | None:
        """Return what the thresholds say of a goal that is in the midst of it, and nothing else matters to."""
        columns = self.columns
        if (
            self.kinds[position] is not Kind.WAY
            or columns.reason[position] is not None
            or not columns.coverage[position]
            or self._is_special
            or position in self._resting
        ):
            return None
        progress, raw = columns.value[position], columns.raw[position]
        if (progress if raw is None else raw) >= 1 - TOLERANCE:
            return None
        period = columns.periods[position]
        if period not in self._expected_in:
            first, last = period
            within = first is not None and last is not None and first <= columns.as_of <= last
            self._expected_in[period] = self._expected(position) if within else None
        expected = self._expected_in[period]
        return None if expected is None else _PLAIN[columns.policy.thresholds.zone(expected - progress)]

    def _verdict(self, position: int) -> Verdict:
        columns = self.columns
        stage, outcome = self._stages.get(position, (Stage.ACTIVE, None))
        if stage not in RUNNING and (stage is not Stage.CLOSED or outcome is not None):
            ends = {Outcome.ACHIEVED: Status.ACHIEVED, Outcome.MISSED: Status.MISSED}
            return (None, Why.STAGE) if outcome is None else (ends.get(outcome), Why.ENDED)
        reason, kind, as_of = columns.reason[position], self.kinds[position], columns.as_of
        last = columns.periods[position][1]
        unsaid = reason is Reason.NOT_MEASURED or (reason is None and not columns.coverage[position])
        is_known = reason is None and not unsaid
        if (
            is_known
            and self._is_all(position)
            and ((last is not None and as_of >= last) or (kind is not Kind.KEPT and not self._keeps(position)))
        ):
            return Status.ACHIEVED, Why.ACHIEVED
        if last is not None and as_of > last and (is_known or unsaid or reason in AHEAD):
            return Status.MISSED, Why.MISSED
        if reason in AHEAD:
            return Status.NOT_STARTED, Why.NOT_BEGUN
        if columns.policy.parent_status is not ParentStatus.PACE and columns.is_made_up(position):
            found = self._of_children(position)
            if found is not None:
                return found, Why.CHILDREN
        if unsaid:
            return Status.NOT_STARTED, Why.NO_CHECK_IN
        if not is_known:
            return None, Why.UNKNOWN
        if kind is Kind.KEPT:
            return (Status.ON_TRACK if self._is_kept(position) else Status.OFF_TRACK), Why.KEPT
        return self._by_thresholds(position)

    def _is_all(self, position: int) -> bool:
        raw = self.columns.raw[position]
        return (self.columns.value[position] if raw is None else raw) >= 1 - TOLERANCE

    def _keeps(self, position: int) -> bool:
        """Tell whether a goal is made up of something that is to be kept until the end, so that it is not done yet."""
        columns = self.columns
        if columns.is_measured(position) or position in columns.complete:
            return False
        row, seen = [position], {position}
        for at in row:  # it grows while it is read, level by level
            for child, _ in columns.counting(at):
                last = columns.periods[child][1]
                if self.kinds[child] is Kind.KEPT and (last is None or columns.as_of < last):
                    return True
                if child not in seen:
                    seen.add(child)
                    row.append(child)
        return False

    def _is_kept(self, position: int) -> bool:
        """Tell whether a limit is kept now, whatever was before."""
        columns = self.columns
        metric = as_read(own_metric(columns.goals[position]), columns.policy)
        check_in = columns.check_in(position)
        if isinstance(metric, Limit) and is_shared(metric) and check_in is not None and check_in.value is not None:
            return metric.met(metric.read(check_in.value))
        return self._is_all(position)

    def _expected(self, position: int) -> float | None:
        """Return what is expected of a goal by the day; None where nobody has said from when to when it runs."""
        columns = self.columns
        if self.kinds[position] is Kind.DUE:
            last = columns.periods[position][1]
            return None if last is None else float(columns.as_of >= last)
        clock = self.clock(position)
        return None if clock is None else clock.expected

    def zone(self, position: int) -> int | None:
        """
        Return 0 where a goal is on track by the thresholds, 1 where it is at risk, 2 where it is off track.

        Args:
            position: The position of a goal whose progress is known.
        """
        return self._zone(position, self.columns.value[position], self._expected(position))

    def _by_thresholds(self, position: int) -> Verdict:
        columns = self.columns
        expected = self._expected(position)
        zone = self._zone(position, columns.value[position], expected)
        if zone is None:
            return None, Why.NO_PERIOD
        if columns.policy.hysteresis is not None:
            before = ZONE_OF.get(self.previous.get(columns.structure.ids[position], Status.ON_TRACK), 0)
            if before > zone and (held := self._held(position, expected, before, zone)) > zone:
                return ZONES[held], Why.HELD
        return ZONES[zone], Why.PACE

    def _zone(self, position: int, progress: float, expected: float | None, margin: float = 0.0) -> int | None:
        """Return 0 where progress is on track, 1 where it is at risk, 2 where it is off track."""
        thresholds = self.columns.policy.thresholds
        if margin:
            thresholds = thresholds.eased(margin)
        if thresholds.by is By.LEVEL:
            is_early = self.kinds[position] is Kind.DUE and not expected
            return 0 if is_early else thresholds.zone(progress)
        if expected is None:
            return None
        if thresholds.by is By.GAP:
            return thresholds.zone(expected - progress)
        return thresholds.zone(progress / expected) if expected > 0 else 0

    def _held(self, position: int, expected: float | None, before: int, zone: int) -> int:
        """Return the zone that a goal stays in until it is clear that it is better."""
        hysteresis = self.columns.policy.hysteresis
        if hysteresis is None or self._is_confirmed(position, zone, hysteresis.confirm):
            return zone
        eased = self._zone(position, self.columns.value[position], expected, hysteresis.margin)
        return min(before, zone if eased is None else eased)

    def _is_confirmed(self, position: int, zone: int, times: int) -> bool:
        """Tell whether each of the last check-ins was as good, on its own day."""
        columns, goal = self.columns, self.columns.goals[position]
        metric = own_metric(goal)
        reading = columns.reading[position]
        summed = isinstance(reading, Reading) and reading.actual is not None
        if metric is None or summed or getattr(goal, "reads", None) not in {None, Reads.LATEST}:
            return False
        said = [each for each in self.check_ins(position) if each.value is not None][-times:]
        clock = self.clock(position)
        return len(said) == times and all(
            self._was(position, clock, each, clamp(metric.raw(metric.read(each.value)))) <= zone for each in said
        )

    def _was(self, position: int, clock: Clock | None, check_in: CheckIn, progress: float) -> int:
        """Return the zone that a goal was in on the day of a check-in."""
        if self.kinds[position] is Kind.DUE or clock is None:
            last = self.columns.periods[position][1]
            expected = None if last is None else float(check_in.on >= last)
        else:
            expected = Clock(clock.first_day, clock.last_day, check_in.on, clock.count, clock.course).expected
        found = self._zone(position, progress, expected)
        return 0 if found is None else found

    # -- what follows its children ----------------------------------------------------------------------

    def _of_children(self, position: int) -> Status | None:
        rule = self.columns.policy.parent_status
        said = [
            (child, weight, status)
            for child, weight in self.columns.counting(position)
            if (status := self._effective[child]) is not None
        ]
        if not said:
            return None
        if rule is ParentStatus.WORST:
            return worst_of([status for _, _, status in said])
        if rule is ParentStatus.LATEST:
            dated = [(on, status) for child, _, status in said if (on := self._words[child]) is not None]
            if not dated:
                return None
            newest = max(on for on, _ in dated)
            return worst_of([status for on, status in dated if on == newest])
        sure = [
            (weight, confidence)
            for child, weight, status in said
            if (confidence := self._confidence(child, status)) is not None
        ]
        if not sure:
            return Status.NOT_STARTED
        mean = fsum(weight * confidence for weight, confidence in sure) / fsum(weight for weight, _ in sure)
        return confident(mean)

    def _confidence(self, position: int, status: Status) -> float | None:
        said = next((each for each in reversed(self.check_ins(position)) if each.confidence is not None), None)
        if said is not None and said.confidence is not None and status not in ENDS:
            return said.confidence
        return CONFIDENCE.get(status)

    def _last_word(self, position: int) -> date | None:
        """Return the day of the last check-in of a goal, or of what counts towards it; None where there is none."""
        own = [each.on for each in self.check_ins(position)[-1:]]
        below = [self._words[child] for child, _ in self.columns.counting(position)]
        return max([*own, *(on for on in below if on is not None)], default=None)

    # -- the pace -------------------------------------------------------------------------------------

    def pace(self, position: int) -> Pace:
        """
        Return how a goal's progress compares with what is expected of it.

        Args:
            position: The goal's position.
        """
        columns = self.columns
        progress = columns.known(position)
        first, last = columns.periods[position]
        if self.verdict(position)[1] is Why.STAGE:
            return Pace(progress=progress)
        if self.kinds[position] is Kind.KEPT:
            begun = columns.has_begun(position)
            left = None if last is None else max((last - max(columns.as_of, first or columns.as_of)).days, 0)
            return kept_pace(progress, left) if begun else UNKNOWN
        if self.kinds[position] is Kind.DUE:
            return Pace(progress=progress) if last is None else due_pace(progress, last, columns.as_of)
        clock = self.clock(position)
        if clock is None:
            return Pace(progress=progress)
        metric = own_metric(columns.goals[position])
        span = None if metric is None else metric.span
        return clock.pace(progress, None if span is None else (float(span[0]), float(span[1])))
