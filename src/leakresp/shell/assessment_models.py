"""The form of ``leakresp/assessment/1``: only ``schema assessment`` and the tests load this.

Keys may be added to an assessment; none is renamed or changes its meaning. So a reader must not refuse keys it does
not know, and the schema lets them pass.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field, StringConstraints, TypeAdapter
from typing_extensions import TypedDict  # pydantic reads its own before Python 3.12

Truth = Literal["yes", "no", "unknown"]
Duty = Literal["required", "undetermined", "not_required", "released", "other_regime"]
Verdict = Literal["required", "undetermined", "not_required", "released"]
Phase = Literal["detection", "first_response", "investigation", "report", "police", "recovery", "prevention"]
Read = Literal["verbatim", "quoted", "parallel", "derived", "practice", "reported", "memory"]
Urgency = Literal["now", "today", "days", "later"]
Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Moment = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}\+09:00$")]
Words = Annotated[str, StringConstraints(min_length=1)]
RuleName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+\.[a-z0-9_]+$")]


class RulesUsed(TypedDict):
    """Which rules were applied."""

    fingerprint: str
    on: Day


class Criterion(TypedDict):
    """One situation that makes a report mandatory."""

    holds: Truth
    because: list[Words]
    sources: list[Words]


class Ruling(TypedDict):
    """What a duty comes to."""

    duty: Duty
    because: list[Words]
    exception: NotRequired[str]
    see: NotRequired[str]
    sources: NotRequired[list[Words]]


class Report(Ruling):
    """The duty to report."""

    to: list[str]
    unless: list[str]
    presumed: list[str]


class Longer(TypedDict):
    """The period that would apply if what is still unknown were proven."""

    days: int
    due: Day | None
    if_: Annotated[list[str], Field(alias="if")]


class Before(TypedDict):
    """The shorter period that had begun to run."""

    days: int
    due: Day | None


class Deadline(TypedDict):
    """One deadline."""

    id: str
    for_: Annotated[Literal["report", "notify"], Field(alias="for")]
    counts_from: Day | None
    guide_from: NotRequired[Day | None]
    guide_to: NotRequired[Day | None]
    days: NotRequired[int]
    due: NotRequired[Day | None]
    moved_from: NotRequired[Day | None]
    hours: NotRequired[int]
    due_at: NotRequired[Moment | None]
    prompt: NotRequired[bool]
    or_: NotRequired[Annotated[Longer, Field(alias="or")]]
    before: NotRequired[Before]
    firm: bool
    provisional: NotRequired[bool]


class Regime(TypedDict):
    """What one body of law says."""

    id: str
    applies: Truth
    event: Truth
    criteria: dict[str, Criterion]
    report: Report
    notify: NotRequired[Ruling]
    deadlines: list[Deadline]


class Overlap(TypedDict):
    """How telling one recipient stands to telling another."""

    with_: Annotated[RuleName, Field(alias="with")]
    how: Literal["instead", "besides", "together"]
    says: Words
    sources: list[Words]


class Recipient(TypedDict):
    """Somebody to be told, in the order of the clock."""

    id: RuleName
    title: Words
    for_: Annotated[Literal["report", "notify", "tell"], Field(alias="for")]
    duty: Duty | None
    deadlines: list[RuleName]
    last_day: Day | None
    way: Words
    address: Words | None
    papers: list[str]
    because: list[RuleName]
    sources: list[Words]
    read: Read
    overlaps: list[Overlap]
    replaced_by: list[RuleName]


class Unlooked(TypedDict):
    """A body of law that may ask for a report; nobody was asked whether it applies."""

    regime: str
    facts: list[str]


class Action(TypedDict):
    """One thing to do."""

    id: str
    phase: Phase
    urgency: Urgency
    who: list[str]
    title: Words
    why: Words
    caution: NotRequired[Words]
    look_for: NotRequired[list[Words]]


class Paper(TypedDict):
    """One paper this incident needs."""

    id: str
    title: Words
    basis: Literal["law", "scheme", "contract", "record"]
    why: Words
    holes: list[str]


class OpenFact(TypedDict):
    """A fact whose answer could still change something."""

    fact: str
    could_change: list[RuleName]
    asked: bool


class Assessment(TypedDict):
    """The whole assessment."""

    schema: Literal["leakresp/assessment/1"]
    rules: RulesUsed
    incident: dict[str, str]
    verdict: Verdict
    regimes: list[Regime]
    recipients: list[Recipient]
    unlooked: list[Unlooked]
    actions: list[Action]
    papers: list[Paper]
    open_facts: list[OpenFact]
    warnings: list[Words]
    facts: dict[str, str | list[str]]


def raw_schema() -> dict[str, Any]:
    """Return the schema as pydantic writes it, with titles of its own making."""
    return TypeAdapter(Assessment).json_schema(by_alias=True)
