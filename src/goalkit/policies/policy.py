"""The choices around the arithmetic: each has a name, and a policy says which one was taken."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from attrs import asdict, field, fields, frozen

from ..calendars import DayCount
from ..errors import InvalidValue, Problem, did_you_mean, shown
from ..model.courses import Profile
from ..model.methods import RollupMethod
from ..model.profiles import LinearProfile
from ..quantities import Number, number, plain, whole
from ..texts import text
from ..values import checked, choice, field_problems, instance
from .judging import Hysteresis, Override, ParentStatus, Thresholds, made

_MAPPING: type[Any] = Mapping


class Clamp(StrEnum):
    """
    Which figures are held within 0 and the cap; raw progress is always kept beside them.

    - ``everything``: every figure.
    - ``entering``: what enters a parent. A goal's own figure is shown as it is: Perdoo.
    - ``objective``: figures that are made up of others. What enters them is taken as it is: 15Five.
    - ``none``: no figure: Quantive.

    Example:
        >>> Clamp("entering") is Clamp.ENTERING
        True
    """

    EVERYTHING = "everything"
    ENTERING = "entering"
    OBJECTIVE = "objective"
    NONE = "none"


class Unmeasured(StrEnum):
    """
    What a goal is to its parent that has begun and that nobody has measured; coverage always says so.

    - ``zero``: nothing done, once some sibling is measured: ServiceNow for a period without a value.
    - ``skip``: it is left out: BurningOKR.
    - ``unknown``: the parent is unknown too.
    - ``at_start``: it stands where it began, and is shown so: okr-tracker.

    Example:
        >>> Unmeasured("skip") is Unmeasured.SKIP
        True
    """

    ZERO = "zero"
    SKIP = "skip"
    UNKNOWN = "unknown"
    AT_START = "at_start"


class Blend(StrEnum):
    """
    How an objective blends what is measured under it, such as key results and milestones, with objectives.

    - ``each_item``: each counts once: 15Five, Quantive, ServiceNow.
    - ``key_results_as_one``: all key results together are one item of weight 1 beside each objective:
      Synergita.
    - ``key_results_first``: objectives count only where no key result does: Leapsome.
    - ``key_results_only``: objectives never count: Perdoo and Quantive, where so chosen.

    Example:
        >>> Blend("key_results_only") is Blend.KEY_RESULTS_ONLY
        True
    """

    EACH_ITEM = "each_item"
    KEY_RESULTS_AS_ONE = "key_results_as_one"
    KEY_RESULTS_FIRST = "key_results_first"
    KEY_RESULTS_ONLY = "key_results_only"


class Weights(StrEnum):
    """
    What weights have to be.

    - ``relative``: anything from 0; only proportions matter: Asana, ServiceNow, Perdoo, Lattice.
    - ``sum_to_one``: those of all that contributes to a goal sum to 1, or the goal is unknown: Lark,
      Profit.co.

    Example:
        >>> Weights("relative") is Weights.RELATIVE
        True
    """

    RELATIVE = "relative"
    SUM_TO_ONE = "sum_to_one"


class Threshold(StrEnum):
    """
    Whether a value on a limit keeps it.

    - ``as_written``: as each limit says, with or without ``strict``: Oboard.
    - ``inclusive``: it does: ServiceNow, Perdoo.
    - ``strict``: it does not: Viva Goals, Quantive. Limits with a single value between them stay inclusive.

    Example:
        >>> Threshold("strict") is Threshold.STRICT
        True
    """

    AS_WRITTEN = "as_written"
    INCLUSIVE = "inclusive"
    STRICT = "strict"


class ZeroSpan(StrEnum):
    """
    What a start that equals its target means, where salvaged data has one.

    - ``unknown``: nothing: puzzle, which refuses it.
    - ``zero``: 0 % whatever is measured: Operately, BurningOKR, Leantime.
    - ``one``: 100 % whatever is measured: the primitives of dot-org-ai.
    - ``step``: 100 % where the value has reached the target, else 0 %: MetaPulse, okrs-tracker.

    Example:
        >>> ZeroSpan("step") is ZeroSpan.STEP
        True
    """

    UNKNOWN = "unknown"
    ZERO = "zero"
    ONE = "one"
    STEP = "step"


class Initiatives(StrEnum):
    """
    Whether initiatives count.

    - ``as_linked``: where their link says so: Perdoo, with weight 0 unless somebody gives one.
    - ``count``: everywhere, unless their link says otherwise.
    - ``ignore``: nowhere, whatever their link says: Leapsome.

    Example:
        >>> Initiatives("ignore") is Initiatives.IGNORE
        True
    """

    AS_LINKED = "as_linked"
    COUNT = "count"
    IGNORE = "ignore"


class Closed(StrEnum):
    """
    What a closed goal is to its parent; a dropped one is always left out.

    - ``count``: it counts with the figure that it has: Viva Goals.
    - ``complete``: it counts as all done, unless it was partial or missed: OpenProject, Frappe HR.
    - ``leave_out``: it does not count any more.

    Example:
        >>> Closed("count") is Closed.COUNT
        True
    """

    COUNT = "count"
    COMPLETE = "complete"
    LEAVE_OUT = "leave_out"


# Each has its own, because a converter's signature is what a constructor's argument accepts.


def _clamp(value: Clamp | str) -> Clamp:
    return choice(Clamp, value)


def _unmeasured(value: Unmeasured | str) -> Unmeasured:
    return choice(Unmeasured, value)


def _blend(value: Blend | str) -> Blend:
    return choice(Blend, value)


def _weights(value: Weights | str) -> Weights:
    return choice(Weights, value)


def _method(value: RollupMethod | str) -> RollupMethod:
    return choice(RollupMethod, value)


def _threshold(value: Threshold | str) -> Threshold:
    return choice(Threshold, value)


def _zero_span(value: ZeroSpan | str) -> ZeroSpan:
    return choice(ZeroSpan, value)


def _initiatives(value: Initiatives | str) -> Initiatives:
    return choice(Initiatives, value)


def _closed(value: Closed | str) -> Closed:
    return choice(Closed, value)


def _late_days(value: object) -> int:
    return whole(value, least=0, most=9999)  # as the grace of a cadence


def _day_count(value: DayCount | str) -> DayCount:
    return choice(DayCount, value)


def _profile(value: Profile | Mapping[str, Any]) -> Profile:
    if isinstance(value, Mapping):
        return Profile.from_dict(value)
    return instance(Profile, value, "give a profile such as WorkdayProfile()")  # type: ignore[type-abstract] # any kind


def _thresholds(value: Thresholds | Mapping[str, Any]) -> Thresholds:
    found: Thresholds = made(Thresholds, value, "give Thresholds(by='gap', on_track=0.1, at_risk=0.25)")
    return found


def _parent_status(value: ParentStatus | str) -> ParentStatus:
    return choice(ParentStatus, value)


def _override(value: Override | str) -> Override:
    return choice(Override, value)


def _hysteresis(value: Hysteresis | Mapping[str, Any] | None) -> Hysteresis | None:
    return None if value is None else made(Hysteresis, value, "give Hysteresis(margin=0.05), or None")


def _cap(value: Number | None) -> float | None:
    if value is None:
        return None
    got = number(value)
    if got < 1:
        hint = "give 1.2 for 120 %, or None for no cap"
        raise InvalidValue.of("out_of_range", f"a cap of {plain(got)} is less than all of the way", hint=hint)
    return float(got)


@checked
@frozen(kw_only=True)
class Policy:
    """
    The choices behind a figure. Without arguments, it is the documented default.

    It is plain data: `to_dict` and `from_dict` take it to JSON and back.

    Attributes:
        name: What the policy is called; empty where nobody has named it.
        source: Where it is published, or who decided it.
        clamp: Which figures are held within 0 and the cap.
        cap: The most that a figure may be, 1.0 for all of the way; None for no upper limit.
        unmeasured: What a goal that nobody has measured is to its parent.
        blend: How key results and objectives under one objective are blended.
        weights: What weights have to be.
        method: How the figures of children become their parent's, where the goal does not say itself.
        threshold: Whether a value on a limit keeps it.
        zero_span: What a start that equals its target means.
        initiatives: Whether initiatives count.
        closed: What a closed goal is to its parent.
        late_days: For how many days after a goal was closed a check-in still counts for its grade, 0 to 9999.
        day_count: What is counted as passed on a day, where progress is expected.
        profile: How much of the way is expected by when, where nothing else is said for a goal.
        thresholds: From where on a goal is at risk, and from where on off track.
        parent_status: What the status of a goal that is made up of others follows.
        override: Whether a reported status stands above the computed one.
        hysteresis: What keeps a status from fluttering; None for nothing.

    Raises:
        InvalidValue: If a choice is unknown; the error names those that there are. If a cap is less
            than 1, or is given where nothing is clamped. If days are not a whole number, or are out of
            range. If thresholds are out of order.

    Example:
        >>> from datetime import date
        >>> from goalkit import CheckIn, Increase, KeyResult, Objective, Plan, rollup
        >>> plan = Plan.of(
        ...     Objective(id="app", title="A joy to use"),
        ...     KeyResult(id="nps", title="Reach an NPS of 70", parent="app", metric=Increase(start=42, target=70)),
        ...     KeyResult(id="stars", title="Reach 4.5 stars", parent="app", metric=Increase(start=4, target=4.5)),
        ... ).record(CheckIn(goal="nps", on="2026-08-10", value=56))
        >>> rollup(plan, as_of=date(2026, 8, 15))["app"].value
        0.25
        >>> rollup(plan, as_of=date(2026, 8, 15), policy=Policy(name="ours", unmeasured="skip"))["app"].value
        0.5
    """

    name: str = field(default="", converter=text)
    source: str = field(default="", converter=text)
    clamp: Clamp = field(default=Clamp.EVERYTHING, converter=_clamp)
    cap: float | None = field(default=1.0, converter=_cap)
    unmeasured: Unmeasured = field(default=Unmeasured.ZERO, converter=_unmeasured)
    blend: Blend = field(default=Blend.EACH_ITEM, converter=_blend)
    weights: Weights = field(default=Weights.RELATIVE, converter=_weights)
    method: RollupMethod = field(default=RollupMethod.WEIGHTED_MEAN, converter=_method)
    threshold: Threshold = field(default=Threshold.AS_WRITTEN, converter=_threshold)
    zero_span: ZeroSpan = field(default=ZeroSpan.UNKNOWN, converter=_zero_span)
    initiatives: Initiatives = field(default=Initiatives.AS_LINKED, converter=_initiatives)
    closed: Closed = field(default=Closed.COUNT, converter=_closed)
    late_days: int = field(default=0, converter=_late_days)
    day_count: DayCount = field(default=DayCount.END_OF_DAY, converter=_day_count)
    profile: Profile = field(default=LinearProfile(), converter=_profile)
    thresholds: Thresholds = field(default=Thresholds(), converter=_thresholds)
    parent_status: ParentStatus = field(default=ParentStatus.PACE, converter=_parent_status)
    override: Override = field(default=Override.NEVER, converter=_override)
    hysteresis: Hysteresis | None = field(default=None, converter=_hysteresis)

    def __attrs_post_init__(self) -> None:
        if self.clamp is Clamp.NONE and self.cap != 1:
            message = "nothing is clamped, so there is nothing to cap"
            raise InvalidValue.of("two_answers", message, path="cap", hint="leave out the cap, or clamp")

    def describe(self) -> str:
        """
        Return the choices that are not the default, in a few words; empty where there are none.

        Example:
            >>> Policy(name="ours", unmeasured="skip", cap=1.2).describe()
            'ours (cap 1.2, unmeasured skip)'
        """
        choices = [
            f"{column.name} {_in_words(getattr(self, column.name))}"
            for column in fields(Policy)
            if column.name not in {"name", "source"} and getattr(self, column.name) != column.default
        ]
        return f"{self.name or 'a policy without a name'} ({', '.join(choices)})" if choices else ""

    def to_dict(self) -> dict[str, Any]:
        """
        Return the policy as plain data, with every choice, so that a later default does not change it.

        Example:
            >>> Policy(name="ours", cap=1.2).to_dict()["cap"]
            1.2
        """
        return asdict(self, value_serializer=_plainly)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Policy:
        """
        Make a policy from plain data; choices that are not in it are the default's.

        Args:
            document: What `to_dict` returned, or a part of it.

        Raises:
            InvalidValue: If it is not a mapping, or a name or a choice in it is unknown; all of them
                are named.

        Example:
            >>> Policy.from_dict({"name": "ours", "unmeasured": "skip"}).unmeasured.value
            'skip'
        """
        said = instance(_MAPPING, document, "give a dict, as to_dict returns it")
        names = [column.name for column in fields(Policy)]
        given = {name: value for name, value in said.items() if name in names}
        problems = [
            Problem(
                code="unknown_field",
                path=name if isinstance(name, str) else "",
                message=f"a policy has no choice {shown(name)}",
                hint=did_you_mean(name, names) or f"it has {', '.join(names)}",
            )
            for name in said
            if name not in names
        ]
        if problems:
            raise InvalidValue(*problems, *field_problems(cls, given))
        return cls(**given)


def _in_words(got: Any) -> Any:
    return got.describe() if isinstance(got, (Profile, Thresholds, Hysteresis)) else got


def _plainly(_: Any, __: Any, got: Any) -> Any:
    if isinstance(got, Profile):
        return got.to_dict()
    return str(got) if isinstance(got, StrEnum) else got


#: The policy of whoever does not choose.
DEFAULT = Policy()
