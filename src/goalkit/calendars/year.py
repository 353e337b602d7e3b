"""The goal year: when goals are drafted, made final, worked on and graded, counted back from the first day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from attrs import Attribute, evolve, field, frozen
from attrs.converters import optional

from ..errors import InvalidValue, did_you_mean, shown
from ..quantities import whole
from ..texts import words
from ..values import checked, choice, flag, instance
from .cycles import Cycle
from .days import day
from .divisions import CycleKind
from .phases import (
    COMPANY_DRAFT_MONTHS,
    FINALISE_WEEKS,
    GRADE_WEEKS,
    QUARTER_LEAD_WEEKS,
    TEAM_DRAFT_WEEKS,
    Organisation,
    Phase,
    PhaseName,
    YearMilestone,
)
from .weekdays import month_length, month_number

_ONE_DAY: Final = timedelta(1)
_WEEK: Final = timedelta(7)
_MOST_WEEKS: Final = 13
_MOST_GRADE_WEEKS: Final = 8
#: By which parts a cycle may be graded, the usual ones first. A year is graded twice at least.
_GRADED: Final = {
    CycleKind.YEAR: (CycleKind.HALF, CycleKind.TERTIAL, CycleKind.QUARTER),
    CycleKind.HALF: (CycleKind.HALF, CycleKind.QUARTER),
    CycleKind.TERTIAL: (CycleKind.TERTIAL,),
    CycleKind.QUARTER: (CycleKind.QUARTER,),
}
#: The cycles that are planned in the quarter before them; others within a few weeks.
_LONG: Final = (CycleKind.YEAR, CycleKind.HALF)


def _organisation(value: Organisation | str) -> Organisation:
    return choice(Organisation, value)


def _kind(value: CycleKind | str) -> CycleKind:
    return choice(CycleKind, value)


def _weeks(value: object) -> int:
    return whole(value, least=1, most=_MOST_WEEKS)


def _grade_weeks(value: object) -> int:
    return whole(value, least=1, most=_MOST_GRADE_WEEKS)


def _cycle(value: Cycle) -> Cycle:
    cycle = instance(Cycle, value, "give a cycle such as Cycle.year(2027)")
    if cycle.kind in _GRADED:
        return cycle
    message = f"{shown(cycle.id)} is a cycle of the kind {cycle.kind}, which has no goal year"
    hint = f"give a {', '.join(list(_GRADED)[:-1])} or {list(_GRADED)[-1]} of the civil, a fiscal or a retail calendar"
    raise InvalidValue.of("no_goal_year", message, hint=hint)


def _possible(year: GoalYear, _: Attribute[bool], __: bool) -> None:
    year._check()  # noqa: SLF001 - it belongs to the class


@checked
@frozen(kw_only=True)
class GoalYear:
    r"""
    The days by which the goals of a cycle are drafted, made final, worked on and graded.

    `of` is the ordinary way to make one. Its four phases follow each other without a gap: the drafts
    and the final goals are done by the day before the cycle, the goals are worked on during all of it,
    and graded after it.

    A company drafts from the first day of the quarter before a year or half a year, for two months at
    most. Its teams draft for two weeks in a small organisation, a month in a large one, and one week
    where there is a single team. Goals are made final in one to two weeks in a small organisation and
    three to four in a large one (Asana, on the process of tracking goals). Of these ranges the longer
    end is taken; for a single team, of which nothing is published, the shorter of a small organisation.

    A quarter, or a third of a year, is planned from six weeks before it, of the published four to six.
    The shorter ends are taken there, and the month of a large organisation is what remains: three weeks.

    Goals are closed in the last two weeks of a cycle or the first days after it (as goal systems
    publish). Here they are graded in the two weeks after it, since until then the last value is not known.

    Attributes:
        cycle: What is planned: a year, half, third or quarter of the civil, a fiscal or a retail calendar.
        organisation: How much planning it needs: ``team``, ``small`` or ``large``.
        draft_weeks: For how many weeks teams draft, 1 to 13; None for what is published.
        finalise_weeks: How many weeks before the cycle goals are made final, 1 to 13; None for what is published.
        grade_weeks: For how many weeks goals are graded, 1 to 8.
        grade_within: Whether the last weeks of a cycle are for grading, instead of the first after it.
        review_every: The parts of the cycle at whose end there is a formal review. None for quarters,
            and for the months of anything shorter than half a year.
        grade_every: The parts of the cycle after which goals are graded. None for the halves of a year,
            of which the second is graded with the year, and for the end of any other cycle.

    Raises:
        InvalidValue: ``no_goal_year`` if the cycle is none of these, ``too_long`` if the drafts would
            begin before their time, ``beyond_the_calendar`` if there are no such days, or what is wrong
            with a field.

    Example:
        >>> year = GoalYear.of(Cycle.year(2027), organisation="large")
        >>> print(*year.phases, sep="\n")
        2026-10-01 to 2026-12-03  draft
        2026-12-04 to 2026-12-31  finalise
        2027-01-01 to 2027-12-31  execute
        2028-01-01 to 2028-01-14  grade
    """

    cycle: Cycle = field(converter=_cycle)
    organisation: Organisation = field(converter=_organisation)
    draft_weeks: int | None = field(default=None, converter=optional(_weeks))
    finalise_weeks: int | None = field(default=None, converter=optional(_weeks))
    review_every: CycleKind | None = field(default=None, converter=optional(_kind))
    grade_every: CycleKind | None = field(default=None, converter=optional(_kind))
    grade_weeks: int = field(default=GRADE_WEEKS, converter=_grade_weeks)
    grade_within: bool = field(default=False, converter=flag, validator=_possible)

    @classmethod
    def of(
        cls,
        cycle: Cycle,
        organisation: Organisation | str,
        *,
        draft_weeks: int | None = None,
        finalise_weeks: int | None = None,
        review_every: CycleKind | str | None = None,
        grade_every: CycleKind | str | None = None,
        grade_weeks: int = GRADE_WEEKS,
        grade_within: bool = False,
    ) -> GoalYear:
        """
        Return the goal year of a cycle.

        Args:
            cycle: What is planned.
            organisation: ``team``, ``small`` or ``large``. Nothing published says where one ends and the
                next begins.
            draft_weeks: For how many weeks teams draft.
            finalise_weeks: How many weeks before the cycle goals are made final.
            review_every: The parts at whose end there is a formal review, such as ``month``.
            grade_every: The parts after which goals are graded, such as ``quarter``.
            grade_weeks: For how many weeks goals are graded.
            grade_within: Whether the last weeks of a cycle are for grading, instead of the first after it.

        Raises:
            InvalidValue: As the class.

        Example:
            >>> print(GoalYear.of(Cycle.quarter(2027, 2), "small").phases[1])
            2027-03-25 to 2027-03-31  finalise
        """
        return cls(
            cycle=cycle,
            organisation=organisation,
            draft_weeks=draft_weeks,
            finalise_weeks=finalise_weeks,
            review_every=review_every,
            grade_every=grade_every,
            grade_weeks=grade_weeks,
            grade_within=grade_within,
        )

    # -- its parts ------------------------------------------------------------------------------

    @property
    def first_day(self) -> date:
        """The first day of the drafts."""
        return self._team_drafts() if self.organisation is Organisation.TEAM else self._planning()

    @property
    def last_day(self) -> date:
        """The last day of grading."""
        return self._grading(self.cycle)[1]

    @property
    def phases(self) -> tuple[Phase, ...]:
        """
        The four phases, in order.

        Example:
            >>> [phase.name.value for phase in GoalYear.of(Cycle.year(2027), "small").phases]
            ['draft', 'finalise', 'execute', 'grade']
        """
        graded, last_day = self._grading(self.cycle)
        starts = (self.first_day, self._finalising(), self.cycle.first_day, graded)
        ends = (*(following - _ONE_DAY for following in starts[1:]), last_day)
        return tuple(
            Phase(name=name, first_day=start, last_day=end)
            for name, start, end in zip(PhaseName, starts, ends, strict=True)
        )

    @property
    def reviews(self) -> tuple[YearMilestone, ...]:
        """
        The formal reviews, each on the last day of what is reviewed.

        Example:
            >>> print(GoalYear.of(Cycle.year(2027), "small").reviews[0])
            2027-03-31  review of 2027-Q1
        """
        every = self.review_every or (CycleKind.QUARTER if self.cycle.kind in _LONG else CycleKind.MONTH)
        return self._dated((f"review of {part.id}", part.last_day) for part in self.cycle.split(every))

    @property
    def gradings(self) -> tuple[YearMilestone, ...]:
        r"""
        The days on which grading starts, for a year at mid-year and at its end at least.

        Example:
            >>> print(*GoalYear.of(Cycle.year(2027), "small").gradings, sep="\n")
            2027-07-01  grading of 2027-H1 starts
            2028-01-01  grading of 2027 starts
        """
        return self._dated((f"grading of {part.id} starts", self._grading(part)[0]) for part in self._graded())

    @property
    def milestones(self) -> tuple[YearMilestone, ...]:
        r"""
        Everything that starts, ends or is due, in the order of the days.

        Example:
            >>> print(*GoalYear.of(Cycle.year(2027), "team").milestones[:5], sep="\n")
            2026-12-18  team drafts start
            2026-12-24  team drafts are due
            2026-12-25  finalising starts
            2026-12-31  goals are final
            2027-01-01  the year begins
        """
        final, begin = self._finalising(), self.cycle.first_day
        found: list[tuple[str, date]] = []
        if self.organisation is not Organisation.TEAM:
            due = min(_months_on(self.first_day, COMPANY_DRAFT_MONTHS), final) - _ONE_DAY
            found += [("company drafts start", self.first_day), ("company drafts are due", due)]
        found += [
            ("team drafts start", self._team_drafts()),
            ("team drafts are due", final - _ONE_DAY),
            ("finalising starts", final),
            ("goals are final", begin - _ONE_DAY),
            (f"the {self.cycle.kind} begins", begin),
            *((milestone.name, milestone.on) for milestone in (*self.reviews, *self.gradings)),
            *((f"grading of {part.id} ends", self._grading(part)[1]) for part in self._graded()),
        ]
        return self._dated(found)

    def split(self, kind: CycleKind | str) -> tuple[GoalYear, ...]:
        """
        Return the plans of the parts of the year, each with drafts, final goals and grading of its own.

        They keep the organisation and the way of grading; everything else is as published for their kind.

        Args:
            kind: Such as ``half`` or ``quarter``.

        Raises:
            InvalidValue: ``does_not_divide``, ``no_goal_year``, or ``unknown_choice``.

        Example:
            >>> year = GoalYear.of(Cycle.year(2027), "large")
            >>> [str(half.phases[0]) for half in year.split("half")]
            ['2026-10-01 to 2026-12-03  draft', '2027-04-01 to 2027-06-02  draft']
        """
        return tuple(
            GoalYear.of(part, self.organisation, grade_weeks=self.grade_weeks, grade_within=self.grade_within)
            for part in self.cycle.split(kind)
        )

    # -- what it is asked -----------------------------------------------------------------------

    def phase(self, on: date) -> Phase | None:
        """
        Return the phase that holds a day; None before the first draft and after the last grading.

        The phases of one year do not overlap. Those of years in a row do: while the goals of one are
        worked on, those of the next are drafted, and the last are graded. Ask each year for its own.
        Gradings at mid-year lie in the phase in which goals are worked on.

        Args:
            on: The day.

        Raises:
            InvalidValue: ``not_a_day``.

        Example:
            >>> year = GoalYear.of(Cycle.year(2027), "large")
            >>> year.phase(date(2027, 3, 1)).name.value, year.phase(date(2026, 9, 30))
            ('execute', None)
        """
        on = day(on)
        return next((phase for phase in self.phases if on in phase), None)

    def next(self, after: date) -> YearMilestone | None:
        """
        Return the next milestone after a day, or None where there is no more.

        Args:
            after: The day, itself not included.

        Raises:
            InvalidValue: ``not_a_day``.

        Example:
            >>> print(GoalYear.of(Cycle.year(2027), "large").next(date(2026, 12, 4)))
            2026-12-31  goals are final
        """
        after = day(after)
        return next((milestone for milestone in self.milestones if milestone.on > after), None)

    def late(self, on: date, *, done: Iterable[str | YearMilestone] = ()) -> tuple[YearMilestone, ...]:
        """
        Return the milestones whose day has passed and that are not done, the longest late first.

        Args:
            on: The day. What is due on it is not late yet.
            done: The milestones that are done, or their names.

        Raises:
            InvalidValue: ``not_a_day``, ``not_a_list``, or ``unknown_choice`` if no milestone has a name.

        Example:
            >>> year = GoalYear.of(Cycle.year(2027), "team")
            >>> print(*year.late(date(2026, 12, 25), done=["team drafts start"]))
            2026-12-24  team drafts are due
        """
        on, milestones = day(on), self.milestones
        names = [milestone.name for milestone in milestones]
        try:
            given = done if isinstance(done, str) or not isinstance(done, Iterable) else map(_name_of, done)
            known = words(given)
            for at, name in enumerate(known):
                if name not in names:
                    message = f"no milestone of the year is called {shown(name)}"
                    hint = did_you_mean(name, names) or f"give some of {', '.join(names)}"
                    raise InvalidValue.of("unknown_choice", message, path=f"[{at}]", hint=hint)
        except InvalidValue as error:
            raise error.under("done") from None
        return tuple(milestone for milestone in milestones if milestone.on < on and milestone.name not in known)

    # -- counting back --------------------------------------------------------------------------

    def _check(self) -> None:
        for name in ("review_every", "grade_every"):
            every = getattr(self, name)
            kinds = _GRADED[self.cycle.kind] if name == "grade_every" else (*CycleKind,)
            if every is not None and every not in kinds:
                message = f"a {self.cycle.kind} is not graded by the {every}"
                raise InvalidValue.of("unknown_choice", message, path=name, hint=f"give {' or '.join(kinds)}")
            try:
                self.cycle.split(every or self.cycle.kind)
            except InvalidValue as error:
                raise InvalidValue(*(evolve(problem, path=name) for problem in error.problems)) from None
        try:
            planning = self._planning()
        except (InvalidValue, OverflowError):
            message = f"the drafts of {self.cycle.id} would begin before there are days"
            hint = "plan a cycle of a later year"
            raise InvalidValue.of("beyond_the_calendar", message, path="cycle", hint=hint) from None
        try:
            self._grading(self.cycle)
        except OverflowError:
            message = f"the grading of {self.cycle.id} would go on after there are days"
            hint = "grade within the cycle, with grade_within=True"
            raise InvalidValue.of("beyond_the_calendar", message, path="grade_weeks", hint=hint) from None
        lead = (self.cycle.first_day - planning).days // 7
        final, drafts = self._weeks_to_finalise(), self.draft_weeks or 1
        if drafts + final > lead:
            path = "finalise_weeks" if self.draft_weeks is None or final >= lead else "draft_weeks"
            message = f"{drafts} weeks of drafts and {final} to make them final do not fit"
            hint = f"planning begins {lead} whole weeks before the {self.cycle.kind}; both together may take so many"
            raise InvalidValue.of("too_long", message, path=path, hint=hint)

    def _planning(self) -> date:
        """Return the first day on which anybody may draft."""
        if self.cycle.kind in _LONG:
            return self.cycle.split(CycleKind.QUARTER)[0].previous().first_day
        return self.cycle.first_day - QUARTER_LEAD_WEEKS * _WEEK

    def _weeks_to_finalise(self) -> int:
        takes_longer = self.cycle.kind in _LONG and self.organisation is not Organisation.TEAM
        return self.finalise_weeks or FINALISE_WEEKS[self.organisation][takes_longer]

    def _finalising(self) -> date:
        """Return the first day on which goals are made final."""
        return self.cycle.first_day - self._weeks_to_finalise() * _WEEK

    def _team_drafts(self) -> date:
        """Return the first day on which teams draft."""
        weeks, final = self.draft_weeks or TEAM_DRAFT_WEEKS[self.organisation], self._finalising()
        return max(self._planning(), _months_on(final, -1) if weeks is None else final - weeks * _WEEK)

    def _graded(self) -> tuple[Cycle, ...]:
        """Return what is graded: the parts of the cycle, the last of them with all of it."""
        return (*self.cycle.split(self.grade_every or _GRADED[self.cycle.kind][0])[:-1], self.cycle)

    def _grading(self, part: Cycle) -> tuple[date, date]:
        """Return the first and the last day on which a part of the cycle is graded."""
        takes = self.grade_weeks * _WEEK
        last_day = part.last_day if self.grade_within else part.last_day + takes
        return last_day - takes + _ONE_DAY, last_day

    def _dated(self, found: Iterable[tuple[str, date]]) -> tuple[YearMilestone, ...]:
        """Return milestones in the order of their days, each in the phase that holds it."""
        phases = self.phases
        return tuple(
            YearMilestone(name=name, on=on, phase=next(phase.name for phase in phases if on in phase))
            for name, on in sorted(found, key=lambda pair: pair[1])
        )


def _name_of(milestone: str | YearMilestone) -> str:
    return milestone.name if isinstance(milestone, YearMilestone) else milestone


def _months_on(on: date, months: int) -> date:
    """Return the same day so many months on, or the last of a month that is shorter; none is before the first day."""
    number = month_number(on) + months
    if number < month_number(date.min):
        return date.min
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(on.day, month_length(year, month)))
