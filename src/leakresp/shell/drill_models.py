"""The forms of a drill's files, as pydantic models: the scenario, and the decisions of a team written down."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from leakresp.shell.rule_models import Id, TextModel, Words


def _listed(written: object) -> object:
    """Return one name as a list of it."""
    return [written] if isinstance(written, str) else written


Names = Annotated[list[Id], BeforeValidator(_listed)]
#: A name with the body of law before it: ``appi.ppc``.
FullNames = Annotated[list[Words], BeforeValidator(_listed)]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LureModel(_Model):
    """A tempting statement, and what it would have the team state."""

    text: TextModel
    tempts: dict[Id, Any] = Field(min_length=1)


class EventModel(_Model):
    """What arrives, and the facts that can be known from then on."""

    at: Words
    way: Literal["alert", "call", "mail", "visit", "finding", "news"]
    text: TextModel
    reveals: dict[Id, Any] = {}
    inject: LureModel | None = None


class ExpectationModel(_Model):
    """What should be done by a moment."""

    id: Id
    by: Words
    do: Names = []
    state: Names = []
    leave_open: Names = []
    decide: Names = []
    draft: Names = []
    tell: FullNames = []
    lesson: TextModel


class TrapModel(_Model):
    """A move that does harm unless other actions were done before."""

    id: Id
    do: Id | None = None
    text: TextModel | None = None
    unless_done: Names = []
    caution: Id | None = None
    lesson: TextModel


class ScenarioModel(_Model):
    """``drills/*.yaml``: one exercise."""

    id: Id
    title: TextModel
    story: TextModel
    start: Words
    ends: Words
    organisation: dict[Id, Any] = {}
    conduct: dict[Id, Words] = {}
    tells: dict[Id, FullNames] = {}
    events: list[EventModel] = Field(min_length=1)
    expects: list[ExpectationModel] = Field(min_length=1)
    traps: list[TrapModel] = []


class DecisionModel(_Model):
    """One entry of a decisions file."""

    at: Words | None = None
    wait: Words | None = None
    do: Names = []
    state: dict[Id, Any] = {}
    withdraw: Names = []
    draft: Names = []
    report: FullNames = []
    tell: FullNames = []
    note: Words | None = None


class DecisionsFile(_Model):
    """The decisions of a team, in their order."""

    decisions: list[DecisionModel] = Field(min_length=1)
