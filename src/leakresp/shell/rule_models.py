"""The forms of the rule files, as pydantic models: what each file may say, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Id = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
#: Checked word by word where the vocabulary and the other rules are known.
Written = dict[str, Any]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class TextModel(_Model):
    """Words in both languages."""

    ja: Words
    en: Words


class LinesModel(_Model):
    """Lists of words in both languages."""

    ja: list[Words] = Field(min_length=1)
    en: list[Words] = Field(min_length=1)


class SourceModel(_Model):
    """A source of a statement."""

    law: Id
    article: Words | None = None
    article_en: Words | None = None
    read: Literal["verbatim", "quoted", "parallel", "reported", "derived", "practice", "memory"]
    checked: dt.date
    quote: Words | None = None
    note: TextModel | None = None


class LawModel(_Model):
    """The name of a law, guideline or page."""

    title: TextModel
    short: TextModel | None = None
    number: Words | None = None
    address: Words | None = None
    note: TextModel | None = None


class SourcesFile(_Model):
    """``rules/sources.yaml``."""

    laws: dict[Id, LawModel]


class ValueModel(_Model):
    """One value of a choice."""

    id: Id
    title: TextModel
    help: TextModel | None = None
    groups: list[Id] = []


class FactModel(_Model):
    """One fact of the vocabulary."""

    id: Id
    kind: Literal["finding", "yes_no", "choice", "choices", "count", "day", "words"]
    title: TextModel
    help: TextModel
    sources: list[SourceModel] = []
    values: list[ValueModel] = []
    values_of: Id | None = None
    completed_by: Id | None = None
    suspected_in: Id | None = None


class FactsFile(_Model):
    """``rules/facts/*.yaml``."""

    facts: list[FactModel]


class PresumptionModel(_Model):
    """What is presumed while nothing is stated."""

    id: Id
    fact: Id
    value: Words | Annotated[list[Words], Field(min_length=1)]
    when: Written | None = None
    exemption: bool
    ask: bool
    only_unasked: bool = False
    says: TextModel
    sources: list[SourceModel] = Field(min_length=1)


class PresumptionsFile(_Model):
    """``rules/presumptions.yaml``."""

    presumptions: list[PresumptionModel]


class ContradictionModel(_Model):
    """Answers that cannot well be true together."""

    id: Id
    when: Written
    says: TextModel


class ContradictionsFile(_Model):
    """``rules/contradictions.yaml``."""

    contradictions: list[ContradictionModel]


class ExampleModel(_Model):
    """Worked facts and what they must give."""

    name: Words
    given: dict[str, Any]
    expect: Words


class _Version(_Model):
    from_: dt.date | Literal["not_yet"] = Field(alias="from")
    sources: list[SourceModel] = Field(min_length=1)
    says: TextModel | None = None


class TruthVersion(_Version):
    """A version of a term or criterion."""

    when: Written | None = None
    examples: list[ExampleModel] = []


class ExceptionModel(_Model):
    """An exception of a duty."""

    id: Id
    duty: Literal["other_regime", "not_required", "released"]
    title: TextModel
    when: Written
    see: Id | None = None
    sources: list[SourceModel] = Field(min_length=1)


class DutyVersion(_Version):
    """A version of a duty."""

    when: Written | None = None
    exceptions: list[ExceptionModel] = []
    examples: list[ExampleModel] = []


class LaterModel(_Model):
    """The fact that tells when a criterion became known, if later."""

    rule: Id
    fact: Id


class StartModel(_Model):
    """Where a period starts."""

    fact: Id
    later: list[LaterModel] = []


class GuideModel(_Model):
    """A guide in days, the first day being day one."""

    from_day: int = Field(ge=1)
    to_day: int = Field(ge=1)


class LongerModel(_Model):
    """A longer period and its condition."""

    days: int = Field(ge=1)
    when: Written


class DeadlineVersion(_Version):
    """A version of a deadline."""

    firm: bool
    #: Without it the deadline runs whenever the duty stands; it does not where this is known not to hold.
    when: Written | None = None
    #: It runs only once this is known to hold.
    once: Written | None = None
    #: Whom it is for: the authority, or the persons concerned.
    for_: Literal["report", "notify"] = Field(default="report", alias="for")
    starts: StartModel
    guide: GuideModel | None = None
    #: With neither guide, days nor hours the deadline is a prompt one: at once, without a number.
    days: int | None = Field(default=None, ge=1)
    hours: int | None = Field(default=None, ge=1)
    #: A prompt deadline whose source says at once (直ちに), which is stricter than promptly (速やかに).
    at_once: bool = False
    unless: list[LongerModel] = []
    rolls: bool


class _Rule(_Model):
    id: Id
    title: TextModel
    says: TextModel


class TruthRule(_Rule):
    """``terms/*.yaml`` and ``criteria/*.yaml``."""

    versions: list[TruthVersion] = Field(min_length=1)


class DutyRule(_Rule):
    """``duties/*.yaml``."""

    versions: list[DutyVersion] = Field(min_length=1)


class DeadlineRule(_Rule):
    """``deadlines/*.yaml``."""

    versions: list[DeadlineVersion] = Field(min_length=1)


class OverlapModel(_Model):
    """How telling one recipient stands to telling another, ``regime.recipient``."""

    other: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
    how: Literal["instead", "besides", "together"]
    says: TextModel
    sources: list[SourceModel] = Field(min_length=1)


class RecipientModel(_Model):
    """``recipients/*.yaml``: somebody who must be told."""

    id: Id
    title: TextModel
    for_: Literal["report", "notify", "tell"] = Field(alias="for")
    way: TextModel
    when: Written | None = None
    #: ``show``: listed as well while somebody who was asked cannot tell whether ``when`` holds.
    unsure: Literal["show", "hide"] = "hide"
    #: Listed for as long as this is not known to hold: a branch that nobody can tell yet hides nobody.
    unless: Written | None = None
    #: A last day on which offices are closed does not move for this addressee, whatever the deadline says.
    rolls: bool = True
    #: Told whichever body of law applies: the police, say.
    any_law: bool = False
    address: Words | None = None
    papers: list[Id] = []
    urgency: Literal["now", "today", "days", "later"] | None = None
    overlaps: list[OverlapModel] = []
    sources: list[SourceModel] = Field(min_length=1)


class RegimeModel(_Model):
    """``regime.yaml``: a body of law, or a scheme, with its own duty to report."""

    id: Id
    order: int
    #: It stands beside the Act and is looked at once something says that it applies.
    beside: bool = False
    title: TextModel
    says: TextModel
    applies: Written
    event: Id
    criteria: list[Id] = Field(min_length=1)
    report: Id
    notify: Id | None = None
    deadlines: list[Id] = []


class MeasureModel(_Model):
    """A measure against recurrence as item 8 of the report tells it: once it is done, and while it is planned."""

    done: TextModel
    planned: TextModel


class ActionModel(_Model):
    """One action."""

    id: Id
    phase: Literal["detection", "first_response", "investigation", "report", "police", "recovery", "prevention"]
    urgency: Literal["now", "today", "days", "later"]
    order: int
    who: list[Literal["it", "security", "legal", "pr", "hr", "executive", "desk", "business"]] = Field(min_length=1)
    title: TextModel
    why: TextModel
    caution: TextModel | None = None
    look_for: LinesModel | None = None
    when: Written | None = None
    unsure: Literal["show", "asked", "hide"] = "hide"
    #: The law itself demands this while the duty to report, or to notify, stands.
    statutory: Literal["report", "notify"] | None = None
    #: It comes before all others while this holds or may hold.
    first_while: Written | None = None
    measure: MeasureModel | None = None
    sources: list[SourceModel] = Field(min_length=1)


class ActionsFile(_Model):
    """``rules/actions/*.yaml``."""

    actions: list[ActionModel]


class OptionModel(_Model):
    """One choice of a question and the facts that choosing it states."""

    id: Id
    text: TextModel
    help: TextModel | None = None
    facts: dict[Id, Any] = Field(min_length=1)


class QuestionModel(_Model):
    """One question of the interview."""

    id: Id
    stage: Literal["stop", "duty", "clock", "papers"]
    settles: list[Id] = Field(min_length=1)
    text: TextModel | None = None
    help: TextModel | None = None
    options: list[OptionModel] = []
    unsure: TextModel | None = None
    #: The facts it asks for in one go; it is passed over once no more than one of them is left.
    gathers: list[Id] = []


class InterviewFile(_Model):
    """``rules/interview.yaml``."""

    questions: list[QuestionModel] = Field(min_length=1)


class ClosedModel(_Model):
    """Weekly and yearly closed days."""

    weekdays: list[Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]]
    days: list[Annotated[str, StringConstraints(pattern=r"^\d\d-\d\d$")]]


class HolidayModel(_Model):
    """One public holiday."""

    day: dt.date
    name: TextModel


class CalendarFile(_Model):
    """``rules/calendar/japan.yaml``."""

    closed: ClosedModel
    known_from: dt.date
    known_until: dt.date
    holidays: list[HolidayModel]
    sources: list[SourceModel] = Field(min_length=1)
