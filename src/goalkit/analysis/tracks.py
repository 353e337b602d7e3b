"""Where the points of a process behaviour chart do what a rule looks for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import compress, pairwise, repeat
from operator import and_, gt, lt, or_, sub
from types import MappingProxyType
from typing import Final, NamedTuple, final

from attrs import frozen

#: How many sigmas the limits are away from the centre.
SIGMAS: Final = 3


class RuleKind(StrEnum):
    """
    What a rule looks for; n is its length, and a sigma is a third of the way from the centre to a limit.

    - ``limit``: a point beyond a limit.
    - ``run``: n in a row on one side of the centre.
    - ``trend``: n in a row that rise, or that fall.
    - ``zone``: n of so many in a row beyond some sigmas on one side, those beyond a limit among them.
    - ``near``: n of so many in a row, all on one side, beyond some sigmas and not beyond the limit.
    - ``within``: n in a row nearer to the centre than some sigmas.
    - ``outside``: n in a row further from the centre than some sigmas, on both sides of it.
    - ``alternating``: n in a row that go up and down in turn.
    - ``range``: two in a row that are further apart than the limit of moving ranges.

    Example:
        >>> RuleKind("run") is RuleKind.RUN
        True
    """

    LIMIT = "limit"
    RUN = "run"
    TREND = "trend"
    ZONE = "zone"
    NEAR = "near"
    WITHIN = "within"
    OUTSIDE = "outside"
    ALTERNATING = "alternating"
    RANGE = "range"


class Ties(StrEnum):
    """
    What becomes of a run at a point on the centre line, and of a trend at a point that equals the one before.

    Example:
        >>> Ties("skips") is Ties.SKIPS
        True
    """

    BREAKS = "breaks"  # the run ends there
    SKIPS = "skips"  # the point neither adds nor resets: it is passed over


class Finding(NamedTuple):
    """
    Where a rule holds, by positions in what was looked at.

    Attributes:
        at: The position at which it was first seen to hold.
        side: 1 above or rising, -1 below or falling, 0 where there is no side.
        members: The positions of all the points that make it up, in order, until it ends.

    Example:
        >>> Finding(8, 1, (8,)).side
        1
    """

    at: int
    side: int
    members: tuple[int, ...]


@final
@frozen
class Track:
    """
    Points under the same limits, as rules look at them.

    Attributes:
        values: Their values, in order.
        centre: The centre.
        reach: How far the limits are from it.
        range_limit: The limit of moving ranges.
        slack: By how much a value may miss a line, or another value, and still count as on it.

    Example:
        >>> Track((1.0, 3.0, 2.0), centre=2.0, reach=3.99, range_limit=4.9).steps
        (2.0, -1.0)
    """

    values: tuple[float, ...]
    centre: float
    reach: float
    range_limit: float
    slack: float = 0.0

    @property
    def steps(self) -> tuple[float, ...]:
        """How much each value is above the one before, from the second on."""
        return tuple(map(sub, self.values[1:], self.values))

    def above(self, sigmas: float) -> bytes:
        """
        Return for each value 1 where it is above the centre by more than some sigmas, else 0.

        Args:
            sigmas: How many.
        """
        line = self.centre + self.reach * (sigmas / SIGMAS) + self.slack
        return bytes(map(gt, self.values, repeat(line)))

    def below(self, sigmas: float) -> bytes:
        """
        Return for each value 1 where it is below the centre by more than some sigmas, else 0.

        Args:
            sigmas: How many.
        """
        line = self.centre - self.reach * (sigmas / SIGMAS) - self.slack
        return bytes(map(lt, self.values, repeat(line)))

    def near(self, sigmas: float) -> bytes:
        """
        Return for each value 1 where it is nearer to the centre than some sigmas, else 0.

        Args:
            sigmas: How many.
        """
        most = self.reach * (sigmas / SIGMAS) - self.slack
        return bytes(map(lt, map(abs, map(sub, self.values, repeat(self.centre))), repeat(most)))

    def beyond(self) -> list[int]:
        """
        Return the positions of the values beyond a limit.

        Example:
            >>> Track((1.0, 9.0, 2.0), centre=2.0, reach=3.99, range_limit=4.9).beyond()
            [1]
        """
        values = self.values
        low, high = self.centre - self.reach - self.slack, self.centre + self.reach + self.slack
        found: list[int] = []
        # Few are beyond, so it is quickest to look first at the extremes of some at a time.
        for start in range(0, len(values), _SOME):
            part = values[start : start + _SOME]
            if max(part) > high or min(part) < low:
                found += [at for at, value in enumerate(part, start) if value > high or value < low]
        return found


_SOME: Final = 100


@final
@frozen
class Pattern:
    """
    What is looked for, in numbers.

    Attributes:
        length: How many points it takes.
        out_of: Among how many in a row.
        sigma: How many thirds of the way from the centre to a limit the line is.
        ties: What becomes of it at a tie.

    Example:
        >>> Pattern(8).ties.value
        'breaks'
    """

    length: int
    out_of: int = 0
    sigma: float = 1.0
    ties: Ties = Ties.BREAKS


def _stretches(marks: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Find where at least so many marks follow each other: the first of them, and what comes after the last."""
    wanted = b"\x01" * least
    start = marks.find(wanted)
    while start >= 0:
        stop = marks.find(0, start + least)
        stop = len(marks) if stop < 0 else stop
        yield start, stop
        start = marks.find(wanted, stop)


def _gathered(marked: Sequence[int], pattern: Pattern) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Find where enough of the marked positions lie close together; what shares a position is one."""
    found: list[tuple[int, int]] = []
    for last in range(pattern.length - 1, len(marked)):
        first = last - pattern.length + 1
        if marked[last] - marked[first] >= pattern.out_of:
            continue
        if found and first < found[-1][1]:
            found[-1] = found[-1][0], last + 1
        else:
            found.append((first, last + 1))
    for first, stop in found:
        yield marked[first + pattern.length - 1], tuple(marked[first:stop])


def _limit(_: Pattern, track: Track) -> Iterator[Finding]:
    for at in track.beyond():
        yield Finding(at, 1 if track.values[at] > track.centre else -1, (at,))


def _run(pattern: Pattern, track: Track) -> Iterator[Finding]:
    above, below = track.above(0), track.below(0)
    places: Sequence[int] = range(len(above))
    if pattern.ties is Ties.SKIPS:
        off = bytes(map(or_, above, below))
        places, above, below = tuple(compress(places, off)), bytes(compress(above, off)), bytes(compress(below, off))
    for side, marks in ((1, above), (-1, below)):
        for start, stop in _stretches(marks, pattern.length):
            yield Finding(places[start + pattern.length - 1], side, tuple(places[start:stop]))


def _moves(pattern: Pattern, track: Track) -> tuple[Sequence[int], bytes, bytes]:
    """Return the positions that count, and for each but the first whether it rises, and whether it falls."""
    slack, steps = track.slack, track.steps
    up, down = bytes(map(gt, steps, repeat(slack))), bytes(map(lt, steps, repeat(-slack)))
    places: Sequence[int] = range(len(track.values))
    if pattern.ties is Ties.BREAKS or sum(up) + sum(down) == len(steps):
        return places, up, down
    kept: list[int] = []
    for at, value in enumerate(track.values):
        if not kept or abs(value - track.values[kept[-1]]) > slack:
            kept.append(at)
    rising = bytes(track.values[at] > track.values[before] for before, at in pairwise(kept))
    return kept, rising, bytes(1 - each for each in rising)


def _trend(pattern: Pattern, track: Track) -> Iterator[Finding]:
    places, up, down = _moves(pattern, track)
    for side, marks in ((1, up), (-1, down)):
        for start, stop in _stretches(marks, pattern.length - 1):
            yield Finding(places[start + pattern.length - 1], side, tuple(places[start : stop + 1]))


def _alternating(pattern: Pattern, track: Track) -> Iterator[Finding]:
    places, up, down = _moves(pattern, track)
    turns = bytes(map(or_, map(and_, up, down[1:]), map(and_, down, up[1:])))
    for start, stop in _stretches(turns, pattern.length - 2):
        yield Finding(places[start + pattern.length - 1], 0, tuple(places[start : stop + 2]))


def _zone(pattern: Pattern, track: Track) -> Iterator[Finding]:
    for side, marks in ((1, track.above(pattern.sigma)), (-1, track.below(pattern.sigma))):
        for at, members in _gathered(tuple(compress(range(len(marks)), marks)), pattern):
            yield Finding(at, side, members)


def _near(pattern: Pattern, track: Track) -> Iterator[Finding]:
    many, outer = pattern.out_of, frozenset(track.beyond())
    for side, sides, far in (
        (1, track.above(0), track.above(pattern.sigma)),
        (-1, track.below(0), track.below(pattern.sigma)),
    ):
        for start, stop in _stretches(sides, many):
            for at, members in _gathered([at for at in range(start, stop) if far[at] and at not in outer], pattern):
                # All of the points in a row are on one side, so it takes that many before it can be told.
                yield Finding(max(at, start + many - 1), side, members)


def _within(pattern: Pattern, track: Track) -> Iterator[Finding]:
    for start, stop in _stretches(track.near(pattern.sigma), pattern.length):
        yield Finding(start + pattern.length - 1, 0, tuple(range(start, stop)))


def _outside(pattern: Pattern, track: Track) -> Iterator[Finding]:
    above, below = track.above(pattern.sigma), track.below(pattern.sigma)
    for start, stop in _stretches(bytes(map(or_, above, below)), pattern.length):
        other = above.find(1 - above[start], start, stop)
        if other >= 0:
            yield Finding(max(start + pattern.length - 1, other), 0, tuple(range(start, stop)))


def _range(_: Pattern, track: Track) -> Iterator[Finding]:
    most = track.range_limit + track.slack
    for at in compress(range(1, len(track.values)), map(gt, map(abs, track.steps), repeat(most))):
        yield Finding(at, 0, (at - 1, at))


#: How each kind is found; what comes is in no certain order.
FINDERS: Final[Mapping[RuleKind, Callable[[Pattern, Track], Iterator[Finding]]]] = MappingProxyType(
    {
        RuleKind.LIMIT: _limit,
        RuleKind.RUN: _run,
        RuleKind.TREND: _trend,
        RuleKind.ZONE: _zone,
        RuleKind.NEAR: _near,
        RuleKind.WITHIN: _within,
        RuleKind.OUTSIDE: _outside,
        RuleKind.ALTERNATING: _alternating,
        RuleKind.RANGE: _range,
    }
)
