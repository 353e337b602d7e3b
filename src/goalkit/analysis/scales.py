"""Scales as values: what a score is called, and which outcome and colour it has."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import floor
from types import MappingProxyType
from typing import Any, Final, overload

from attrs import field, frozen
from attrs.converters import optional

from ..errors import InvalidValue, Problem, shown
from ..quantities import TOLERANCE, Number, whole
from ..texts import text, title
from ..values import checked
from . import tables
from .bands import WORST_FIRST, Band, score_of, written
from .plain import read


def _band(value: object) -> Band:
    if isinstance(value, Band):
        return value
    return read(Band, value, "band")


def _bands(value: Iterable[Band | Mapping[str, Any]]) -> tuple[Band, ...]:
    hint = "give a list of bands, such as [Band(label='no'), Band(from_=1, label='yes')]"
    given: object = value
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise InvalidValue.of("not_a_list", f"{shown(given)} is not a list of bands", hint=hint)
    bands: list[Band] = []
    problems: list[Problem] = []
    for at, each in enumerate(given):
        try:
            bands.append(_band(each))
        except InvalidValue as error:
            problems += error.under(f"[{at}]").problems
    if problems:
        raise InvalidValue(*problems)
    if not bands:
        raise InvalidValue.of("no_bands", "a scale without bands says nothing", hint=hint)
    bands.sort(key=_beginning)
    found = [*_ends(bands), *_falls(bands)]
    if found:
        raise InvalidValue(*found)
    return tuple(bands)


def _beginning(band: Band) -> float:
    return float("-inf") if band.from_ is None else band.from_


def _ends(bands: list[Band]) -> Iterable[Problem]:
    """Tell where bands leave a gap, or claim a score twice."""
    first, last = bands[0], bands[-1]
    if first.from_ is not None and first.from_ > 0:
        yield _wrong("gap", f"nothing is said of scores below {written(first.from_)}", "begin at 0")
    for lower, upper in pairwise(bands):
        if upper.from_ is None or upper.from_ - _beginning(lower) <= TOLERANCE:
            message = f"{shown(lower.label)} and {shown(upper.label)} begin at the same score"
            yield _wrong("overlap", message, "give each band a beginning of its own")
        elif lower.until is not None and abs(lower.until - upper.from_) > TOLERANCE:
            code, what = ("gap", "nothing is said") if lower.until < upper.from_ else ("overlap", "two things are said")
            low, high = sorted((lower.until, upper.from_))
            message = f"{what} of scores from {written(low)} up to {written(high)}"
            yield _wrong(code, message, f"end {shown(lower.label)} where {shown(upper.label)} begins")
    if last.until is not None:
        message = f"nothing is said of scores from {written(last.until)} on"
        yield _wrong("gap", message, f"leave out where {shown(last.label)} ends")


def _falls(bands: list[Band]) -> Iterable[Problem]:
    """Tell where a higher score would be worth less."""
    for name in ("outcome", "colour", "points"):
        said = [got for band in bands if (got := getattr(band, name)) is not None]
        ranks = [got if isinstance(got, float) else WORST_FIRST[got] for got in said]
        if any(upper < lower for lower, upper in pairwise(ranks)):
            yield _wrong("not_monotone", f"the {name} of a higher score is worse", "the more, the better")


def _wrong(code: str, message: str, hint: str) -> Problem:
    return Problem(code=code, message=message, hint=hint)


def _places(value: Number) -> int:
    return whole(value, least=0, most=9)


@checked
@frozen(kw_only=True)
class Scale:
    """
    Names for scores: bands that follow each other without a gap and without an overlap.

    A band begins where it says and ends where the next one begins, so that every score lies in
    exactly one. The first reaches down without end and the last up without end. A score that misses
    the beginning of a band by rounding alone, at most 1e-9, has reached it.

    Attributes:
        name: What the scale is called.
        bands: Its bands, given in any order and kept with the lowest first.
        source: Where it is published, or who decided it.
        round_to: To how many digits after the point a score is rounded first, half up; None for not at
            all, which is the default.

    Raises:
        InvalidValue: If there are no bands (``no_bands``), they leave a ``gap`` or ``overlap``, or a
            higher score would be worth less (``not_monotone``); everything that is wrong is named.

    Example:
        >>> ours = Scale(name="ours", bands=[Band(label="not yet"), Band(from_=0.8, label="done", outcome="achieved")])
        >>> ours.grade(0.8).label, ours.grade(0.79).label
        ('done', 'not yet')
    """

    name: str = field(converter=title)
    bands: tuple[Band, ...] = field(converter=_bands)
    source: str = field(default="", converter=text)
    round_to: int | None = field(default=None, converter=optional(_places))

    @overload
    def grade(self, score: Number) -> Band: ...
    @overload
    def grade(self, score: None) -> None: ...
    def grade(self, score: Number | None) -> Band | None:
        """
        Return the band of a score; of an unknown score, None.

        Args:
            score: The score, mostly 0 to 1; whatever lies outside belongs to the first or the last band.

        Raises:
            InvalidValue: If it is not a number.

        Example:
            >>> REWORK.grade(0.65).label, REWORK.grade("0.7").outcome.value, REWORK.grade(None)
            ('yellow', 'achieved', None)
        """
        if score is None:
            return None
        got = score_of(score)
        if self.round_to is not None and abs(got) < _WHOLE_FROM:
            got = floor(got * 10**self.round_to + 0.5 + TOLERANCE) / 10**self.round_to
        return self.bands[max(bisect_right(self.bands, got + TOLERANCE, key=_beginning) - 1, 0)]

    def to_dict(self) -> dict[str, Any]:
        """
        Return the scale as plain data.

        Example:
            >>> GROVE.to_dict()["bands"][1]
            {'label': 'yes', 'from': 1.0, 'outcome': 'achieved', 'colour': 'green', 'points': 1.0}
        """
        told: dict[str, Any] = {"name": self.name, "bands": [band.to_dict() for band in self.bands]}
        if self.source:
            told["source"] = self.source
        if self.round_to is not None:
            told["round_to"] = self.round_to
        return told

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Scale:
        """
        Make a scale from plain data.

        Args:
            document: What `to_dict` returned.

        Raises:
            InvalidValue: If it is not a mapping, or something in it is refused.

        Example:
            >>> Scale.from_dict(GROVE.to_dict()) == GROVE
            True
        """
        return read(cls, document, "scale")

    def __str__(self) -> str:
        rows = [
            (
                "" if band.from_ is None else written(band.from_),
                band.label,
                band.outcome or "",
                band.colour or "",
                "" if band.points is None else written(band.points),
            )
            for band in self.bands
        ]
        return tables.as_text(("from", "label", "outcome", "colour", "points"), rows, frozenset({0, 4}))


def outcomes(expectation: Number = 1, *, partial: Number = 0.4, name: str = "outcomes") -> Scale:
    """
    Return the scale of outcomes of goals of which so much is expected.

    Args:
        expectation: The score from which a goal is achieved, more than 0.
        partial: The score from which it is partly achieved; below it, it is missed. It is left out
            where it is not below the expectation.
        name: What the scale is called.

    Raises:
        InvalidValue: If a number is refused, or is not above 0.

    Example:
        >>> print(outcomes(0.7))
        from  label     outcome   colour  points
              missed    missed    red
         0.4  partial   partial   yellow
         0.7  achieved  achieved  green
    """
    most, some = score_of(expectation), score_of(partial)
    for path, got in (("expectation", most), ("partial", some)):
        if got <= TOLERANCE:
            message = f"{written(got)} is reached before anything is done"
            raise InvalidValue.of("out_of_range", message, path=path, hint="give more than 0")
    between = [Band(from_=some, label="partial", outcome="partial")] if some < most - TOLERANCE else []
    achieved = Band(from_=most, label="achieved", outcome="achieved")
    return Scale(name=name, bands=[Band(label="missed", outcome="missed"), *between, achieved])


def _named(name: str, source: str, *bands: tuple[float | None, str] | Band) -> Scale:
    made = [band if isinstance(band, Band) else Band(from_=band[0], label=band[1]) for band in bands]
    return Scale(name=name, source=source, bands=made)


#: From here on a float has no digits after the point that could be rounded.
_WHOLE_FROM: Final = 2.0**53

#: Google's bands, red below 0.4, yellow below 0.7, then green. They are printed with one digit, 0.0-0.3,
#: 0.4-0.6 and 0.7-1.0; what lies between is closed here.
REWORK: Final = _named(
    "re:Work",
    "Google's OKR playbook as WhatMatters prints it; Google re:Work, how to grade OKRs",
    Band(label="red", outcome="missed"),
    Band(from_=0.4, label="yellow", outcome="partial"),
    Band(from_=0.7, label="green", outcome="achieved"),
)
#: What became of a committed goal: all of it is expected. Asana's words; where partial begins is our choice.
COMMITTED: Final = outcomes(1, name="committed")
#: What became of an aspirational goal: 0.7 is expected (Google's OKR playbook).
ASPIRATIONAL: Final = outcomes(0.7, name="aspirational")
#: Yes or no, no arguments (Andrew Grove, High Output Management).
GROVE: Final = _named(
    "Grove",
    "Andrew Grove, High Output Management",
    Band(label="no", outcome="missed", points=0),
    Band(from_=1, label="yes", outcome="achieved", points=1),
)
#: The zones on the way from a baseline to a stretch (puzzle's tracker).
ZONES: Final = _named(
    "zones",
    "puzzle/okr, the zones of a key result",
    (None, "fail"),
    (0.3, "commit"),
    (0.7, "target"),
    (1, "stretch"),
)
#: Five points by per cent (PrismERP, a sample rating format). It prints whole numbers, 91-100, 81-90, 71-80,
#: 61-70 and 1-60; what lies between belongs to the lower band here.
FIVE_POINT: Final = _named(
    "five-point",
    "PrismERP, sample rating format of KPIs",
    *(
        Band(from_=from_, label=str(worth), points=worth)
        for worth, from_ in enumerate((None, 0.61, 0.71, 0.81, 0.91), start=1)
    ),
)
#: Letters by tens, as many schools have them. No system of goals publishes its own.
LETTERS: Final = _named("letters", "a habit of schools", (None, "F"), (0.6, "D"), (0.7, "C"), (0.8, "B"), (0.9, "A"))
#: A projected score as Atlassian reads it, closed between 0.3 and 0.4 and between 0.6 and 0.7.
ATLASSIAN: Final = _named(
    "Atlassian",
    "Atlassian support, use goal status",
    Band(label="off_track", colour="red"),
    Band(from_=0.4, label="at_risk", colour="yellow"),
    Band(from_=0.7, label="on_track", colour="green"),
)
#: Thirds (Qulture.Rocks, help 3980362).
QULTURE_ROCKS: Final = _named(
    "Qulture.Rocks",
    "Qulture.Rocks help 3980362",
    Band(label="red", colour="red"),
    Band(from_=0.3333, label="yellow", colour="yellow"),
    Band(from_=0.6666, label="green", colour="green"),
)
#: A confidence from 1 to 10 as Koan reads it (help 3459501).
KOAN: Final = _named(
    "Koan",
    "Koan help 3459501",
    Band(label="at_risk", colour="red"),
    Band(from_=4, label="has_issues", colour="yellow"),
    Band(from_=8, label="on_track", colour="green"),
)
#: What was reached as a part of the target (ClearPoint, a sample policy of lights).
CLEARPOINT: Final = _named(
    "ClearPoint",
    "ClearPoint, a sample RAG policy",
    Band(label="red", colour="red"),
    Band(from_=0.9, label="yellow", colour="yellow"),
    Band(from_=1, label="green", colour="green"),
)

#: The scales with a name, by it.
SCALES: Final[Mapping[str, Scale]] = MappingProxyType(
    {
        scale.name: scale
        for scale in (
            REWORK,
            COMMITTED,
            ASPIRATIONAL,
            GROVE,
            ZONES,
            FIVE_POINT,
            LETTERS,
            ATLASSIAN,
            QULTURE_ROCKS,
            KOAN,
            CLEARPOINT,
        )
    }
)
