"""
The choices that other systems have published.

Each names what its source states and leaves all else at goalkit's default. A source describes one
version of one product: it is evidence of what people expect, not a standard.
"""

from __future__ import annotations

from typing import Final

from .judging import Thresholds
from .policy import Policy

#: BurningOKR: unmeasured key results are left out of the mean, a zero span is 0 %.
BURNING_OKR: Final = Policy(
    name="BurningOKR",
    source="BurningOKR: tests of KeyResultProgressHelper and of the dashboard's helpers",
    unmeasured="skip",
    zero_span="zero",
)

#: Engagedly: points behind what is expected by the end of the day. Its "behind" is at risk here, its "at risk" is
#: off track.
ENGAGEDLY: Final = Policy(
    name="Engagedly",
    source="Engagedly help: automatic status updates for goals",
    day_count="end_of_day",
    thresholds=Thresholds(by="gap", on_track=0.165, at_risk=0.33, strict=True),
)

#: 15Five: a key result may exceed 100 %, its objective may not; every item counts once.
FIFTEEN_FIVE: Final = Policy(
    name="15Five",
    source="15Five help 360019261211 and 360002947331",
    clamp="objective",
    blend="each_item",
)

#: InnovationMinds: what is expected is on track, ten points less is still progressing, which is at risk here.
INNOVATION_MINDS: Final = Policy(
    name="InnovationMinds",
    source="InnovationMinds help: status of goals by expected progress",
    thresholds=Thresholds(by="gap", on_track=0, at_risk=0.10),
)

#: Lark (Feishu): the weights of a level sum to one.
LARK: Final = Policy(name="Lark", source="Lark OKR entities: weights", weights="sum_to_one")

#: Leapsome: child goals count only where there are no key results, initiatives never.
LEAPSOME: Final = Policy(
    name="Leapsome",
    source="Leapsome help 115003565713",
    blend="key_results_first",
    initiatives="ignore",
)

#: Mooncamp: nine tenths of what is expected is on track, seven tenths is progressing, which is at risk here.
MOONCAMP: Final = Policy(
    name="Mooncamp",
    source="Mooncamp help: traffic lights, with the thresholds 70 and 90 times the time that has passed",
    thresholds=Thresholds(by="ratio", on_track=0.9, at_risk=0.7),
)

#: okr-tracker of Oslo kommune: everything is clamped, and what has no value stands at its start.
OKR_TRACKER: Final = Policy(
    name="okr-tracker",
    source="oslokommune/okr-tracker: progress that is stored with an objective",
    clamp="everything",
    unmeasured="at_start",
)

#: OpenProject: closed work is complete, work whose progress is unknown is left out.
OPEN_PROJECT: Final = Policy(
    name="OpenProject",
    source="opf/openproject: specification of the service that updates ancestors",
    closed="complete",
    unmeasured="skip",
)

#: Operately: progress is clamped, a zero span is 0 %.
OPERATELY: Final = Policy(
    name="Operately",
    source="operately/operately: tests of a goal's targets",
    clamp="everything",
    zero_span="zero",
)

#: Perdoo: what enters an objective is held within 0 % and 100 %; a value on its limit keeps it.
PERDOO: Final = Policy(
    name="Perdoo",
    source="Perdoo help 3130225, 4898961 and 5162072",
    clamp="entering",
    threshold="inclusive",
    initiatives="as_linked",
    parent_status="worst",
    override="sticky",
)

#: Planview AgilePlace: more than ten points behind is behind, which is at risk here; nothing is off track.
PLANVIEW: Final = Policy(
    name="Planview",
    source="Planview LeanKit documentation: health of OKRs",
    thresholds=Thresholds(by="gap", on_track=0.10, at_risk=None),
)

#: puzzle/okr: worse than the baseline is 0 %, beyond the stretch goal is shown.
PUZZLE: Final = Policy(name="puzzle/okr", source="puzzle/okr: calculation of the current percentage", cap=None)

#: Quantive (Gtmhub): nothing is clamped, a value on its limit fails, every item counts once.
QUANTIVE: Final = Policy(
    name="Quantive",
    source="Quantive help 3849793, 4865857 and 4867334",
    clamp="none",
    threshold="strict",
    blend="each_item",
)

#: ServiceNow: the share of the planned value, the worst target decides, and a reported status lasts until the next one.
SERVICENOW: Final = Policy(
    name="ServiceNow",
    source="ServiceNow documentation: automatic status calculation for targets, zurich release",
    threshold="inclusive",
    thresholds=Thresholds(by="ratio", on_track=0.90, at_risk=0.75),
    parent_status="worst",
    override="once",
)

#: Synergita: all key results together are one item beside each child objective.
SYNERGITA: Final = Policy(
    name="Synergita",
    source="Synergita support 4000185474",
    blend="key_results_as_one",
)

#: UpRaise: the ratio to what is expected; "lagging" is at risk here.
UPRAISE: Final = Policy(
    name="UpRaise",
    source="UpRaise documentation: default calculation of the confidence status",
    thresholds=Thresholds(by="ratio", on_track=0.95, at_risk=0.75),
)

#: Microsoft Viva Goals: a value on its limit fails; points behind what is expected from the first day, where it is
#: nothing, to the last. Its "behind" is at risk here, its "at risk" off track.
VIVA_GOALS: Final = Policy(
    name="Viva Goals",
    source="MicrosoftDocs/Viva: types of key results, tracking of progress",
    threshold="strict",
    day_count="closed",
    thresholds=Thresholds(by="gap", on_track=0, at_risk=0.25),
)

#: Every published policy, by name.
PUBLISHED: Final = {
    policy.name: policy
    for policy in (
        BURNING_OKR,
        ENGAGEDLY,
        FIFTEEN_FIVE,
        INNOVATION_MINDS,
        LARK,
        LEAPSOME,
        MOONCAMP,
        OKR_TRACKER,
        OPEN_PROJECT,
        OPERATELY,
        PERDOO,
        PLANVIEW,
        PUZZLE,
        QUANTIVE,
        SERVICENOW,
        SYNERGITA,
        UPRAISE,
        VIVA_GOALS,
    )
}
