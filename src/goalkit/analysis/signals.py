"""What is a signal on a process behaviour chart: rules as values, and the sets of them that are published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from math import log2
from types import MappingProxyType
from typing import Final, final

from attrs import field, frozen
from attrs.converters import optional

from ..errors import InvalidValue, Problem, shown
from ..quantities import Number, number, whole
from ..texts import text, title
from ..values import checked, choice
from .bands import written
from .tracks import FINDERS, SIGMAS, Finding, Pattern, RuleKind, Ties, Track


def _length(value: Number) -> int:
    return whole(value, least=1, most=1000)


def _sigmas(value: Number) -> float:
    got = number(value)
    if not 0 < got <= SIGMAS:
        hint = f"give a number above 0, at most {SIGMAS}: there the limits are"
        raise InvalidValue.of("out_of_range", f"{shown(value)} sigmas cannot be looked at", hint=hint)
    return float(got)


def _kind(value: RuleKind | str) -> RuleKind:
    return choice(RuleKind, value)


def _ties(value: Ties | str) -> Ties:
    return choice(Ties, value)


@checked
@frozen
class Rule:
    """
    A rule that tells a signal from noise.

    Attributes:
        kind: What it looks for.
        length: How many points it takes; for points beyond a limit 1, for moving ranges 2.
        out_of: For a zone and for points near a limit, among how many in a row; None else.
        sigma: How many thirds of the way from the centre to a limit its line is.
        ties: What becomes of a run, a trend or an alternation at a tie.

    Raises:
        InvalidValue: If a field is refused, or the length is less than the kind needs or more than it is
            ``out_of`` (``out_of_range``).

    Example:
        >>> print(Rule("run", 8), Rule("zone", 2, out_of=3, sigma=2), sep=", ")
        run_of_8, 2_of_3_beyond_2_sigma
    """

    kind: RuleKind = field(converter=_kind)
    length: int = field(default=1, converter=_length)
    out_of: int | None = field(default=None, converter=optional(_length), kw_only=True)
    sigma: float = field(default=1.0, converter=_sigmas, kw_only=True)
    ties: Ties = field(default=Ties.BREAKS, converter=_ties, kw_only=True)

    def __attrs_post_init__(self) -> None:
        least = _LEAST[self.kind]
        if self.length < least:
            message = f"a rule of the kind {self.kind.value} needs at least {least} points"
            raise InvalidValue.of("out_of_range", message, path="length", hint="give more")
        if self.kind in _OF_SOME and (self.out_of is None or self.out_of < self.length):
            message = f"there are not {self.length} points among {shown(self.out_of)}"
            raise InvalidValue.of("out_of_range", message, path="out_of", hint="say among how many in a row")

    @property
    def name(self) -> str:
        """What the rule is called, by what it looks for."""
        said = {"length": self.length, "out_of": self.out_of, "sigma": written(self.sigma)}
        return _NAMES[self.kind].format(**said)

    def findings(self, track: Track) -> list[Finding]:
        """
        Return where the rule holds, in no certain order; what follows without an end is one finding.

        Args:
            track: The points, and the lines that they are compared with.

        Example:
            >>> from goalkit.analysis.tracks import Track
            >>> track = Track((1.0, 1.2, 1.1, 3.0, 1.0), centre=1.4, reach=1.6, range_limit=1.9)
            >>> Rule("run", 3).findings(track)
            [Finding(at=2, side=-1, members=(0, 1, 2))]
        """
        pattern = Pattern(self.length, self.out_of or 0, self.sigma, self.ties)
        return list(FINDERS[self.kind](pattern, track))

    def __str__(self) -> str:
        return self.name


_LEAST: Final = dict.fromkeys(RuleKind, 2) | {RuleKind.LIMIT: 1, RuleKind.RANGE: 1, RuleKind.ALTERNATING: 3}
_OF_SOME: Final = frozenset({RuleKind.ZONE, RuleKind.NEAR})
_NAMES: Final = {
    RuleKind.LIMIT: "beyond_limit",
    RuleKind.RUN: "run_of_{length}",
    RuleKind.TREND: "trend_of_{length}",
    RuleKind.ZONE: "{length}_of_{out_of}_beyond_{sigma}_sigma",
    RuleKind.NEAR: "{length}_of_{out_of}_near_limit",
    RuleKind.WITHIN: "{length}_within_{sigma}_sigma",
    RuleKind.OUTSIDE: "{length}_outside_{sigma}_sigma",
    RuleKind.ALTERNATING: "{length}_alternating",
    RuleKind.RANGE: "range_beyond_limit",
}


def _rules(value: Iterable[Rule]) -> tuple[Rule, ...]:
    hint = "give a list of rules, such as [Rule('limit'), Rule('run', 8)]"
    given: object = value
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of rules", hint=hint)
    rules = tuple(given)
    problems = [
        Problem(code="wrong_kind", path=f"[{at}]", message=f"{shown(rule)} is not a rule", hint=hint)
        for at, rule in enumerate(rules)
        if not isinstance(rule, Rule)
    ]
    if problems:
        raise InvalidValue(*problems)
    return rules


@checked
@frozen(kw_only=True)
class RuleSet:
    """
    Rules that are used together.

    Attributes:
        name: What the set is called.
        rules: Its rules; without any, no point is a signal.
        source: Where it is published, or who decided it.

    Raises:
        InvalidValue: If a field is refused.

    Example:
        >>> print(RuleSet(name="ours", rules=[Rule("limit"), Rule("run", 7)]))
        ours: beyond_limit, run_of_7
    """

    name: str = field(converter=title)
    rules: tuple[Rule, ...] = field(converter=_rules)
    source: str = field(default="", converter=text)

    def __str__(self) -> str:
        return f"{self.name}: {', '.join(rule.name for rule in self.rules)}"


_LIMIT: Final = Rule("limit")
_TWO_OF_THREE: Final = Rule("zone", 2, out_of=3, sigma=2)
_FOUR_OF_FIVE: Final = Rule("zone", 4, out_of=5, sigma=1)

#: A point beyond a limit, or eight in a row on one side. Every further rule raises more false alarms.
BASIC: Final = RuleSet(
    name="basic",
    rules=[_LIMIT, Rule("run", 8)],
    source="the first and the fourth of Wheeler's detection rules",
)
#: The four zone tests, Wheeler's detection rules one to four.
WHEELER: Final = RuleSet(
    name="Wheeler",
    rules=[_LIMIT, _TWO_OF_THREE, _FOUR_OF_FIVE, Rule("run", 8)],
    source="Western Electric, Statistical Quality Control Handbook (1956); Wheeler and Chambers, "
    "Understanding Statistical Process Control",
)
#: The eight tests.
NELSON: Final = RuleSet(
    name="Nelson",
    rules=[
        _LIMIT,
        Rule("run", 9),
        Rule("trend", 6),
        Rule("alternating", 14),
        _TWO_OF_THREE,
        _FOUR_OF_FIVE,
        Rule("within", 15, sigma=1),
        Rule("outside", 8, sigma=1),
    ],
    source="Nelson, The Shewhart control chart: tests for special causes, Journal of Quality Technology 16(4), 1984",
)
#: The rules of NHS England's Making Data Count; a tie ends a run and a trend.
NHS: Final = RuleSet(
    name="NHS",
    rules=[_LIMIT, Rule("run", 7), Rule("trend", 7), Rule("near", 2, out_of=3, sigma=2)],
    source="NHS England, Making Data Count; as coded in NHSRplotthedots",
)
#: Life QI's; a point on the centre line neither adds nor resets, equal ones count once in a trend.
LIFE_QI: Final = RuleSet(
    name="Life QI",
    rules=[_LIMIT, Rule("run", 8, ties="skips"), Rule("trend", 6, ties="skips")],
    source="Life QI, rules of its control charts",
)

#: The sets with a name, by it.
RULE_SETS: Final[Mapping[str, RuleSet]] = MappingProxyType(
    {each.name: each for each in (BASIC, WHEELER, NELSON, NHS, LIFE_QI)}
)


_MOST_POINTS: Final = 10**9


def longest_run(useful: int) -> int:
    """
    Return how long the longest run on one side of the centre may be by chance alone (Anhøj).

    Args:
        useful: How many points are not on the centre line, 1 or more.

    Raises:
        InvalidValue: If it is not a whole number, or is less than 1.

    Example:
        >>> longest_run(20)
        7
    """
    return round(log2(whole(useful, least=1, most=_MOST_POINTS))) + 3


def fewest_crossings(useful: int) -> int:
    """
    Return how often the centre must be crossed, if chance alone is at work (Anhøj).

    It is the 5 % quantile of so many fair coins as there are pairs of neighbours, in exact integers.

    Args:
        useful: How many points are not on the centre line, 1 or more.

    Raises:
        InvalidValue: If it is not a whole number, or is less than 1.

    Example:
        >>> fewest_crossings(20)
        6
    """
    pairs = whole(useful, least=1, most=_MOST_POINTS) - 1
    ways = reached = 1
    for crossings in range(pairs):
        if 20 * reached >= 1 << pairs:
            return crossings
        ways = ways * (pairs - crossings) // (crossings + 1)
        reached += ways
    return pairs


@final
@frozen(kw_only=True)
class Runs:
    """
    How points lie about the centre: by chance they cross it often, and no run of them is very long.

    Attributes:
        useful: How many points are not on the centre line; from about ten of them it can be judged.
        longest: How many are in the longest run on one side; points on the line neither add nor reset.
        most: How many may be by chance (Anhøj and Olesen, Run charts revisited, PLoS ONE 2014).
        crossings: How often the centre is crossed.
        least: How often it must be, if chance alone is at work.

    Example:
        >>> runs = Runs.of([1, 2, 1, 2, 8, 9, 8, 9], centre=5)
        >>> runs.longest, runs.crossings, runs.is_signal
        (4, 1, False)
    """

    useful: int
    longest: int
    most: int
    crossings: int
    least: int

    @property
    def is_signal(self) -> bool:
        """Whether a run is too long, or the centre is crossed too rarely."""
        return self.longest > self.most or self.crossings < self.least

    @classmethod
    def of(cls, values: Iterable[float], centre: float, slack: float = 0.0) -> Runs:
        """
        Return how values lie about a centre.

        Args:
            values: The values, in order.
            centre: The centre; run charts mostly take the median.
            slack: By how much a value may miss the centre and still be on it.
        """
        sides = (value > centre for value in values if abs(value - centre) > slack)
        runs = [sum(1 for _ in each) for _, each in groupby(sides)]
        useful = sum(runs)
        return cls(
            useful=useful,
            longest=max(runs, default=0),
            most=longest_run(useful or 1),
            crossings=max(len(runs) - 1, 0),
            least=fewest_crossings(useful or 1),
        )
