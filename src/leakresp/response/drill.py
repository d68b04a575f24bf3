"""An exercise: a made-up incident told hour by hour, what could be known when, and what a team decided.

What the law makes of it stands nowhere here: it is taken from the rules, for the facts that could be known so far.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.vocabulary import JAPAN, read_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.held import Answers
    from leakresp.law.vocabulary import Fact, Text

#: What opens every line of an exercise, so that none can be taken for the real thing.
MARKS: Final = {"ja": "【訓練】", "en": "[EXERCISE]"}
#: How what arrives reaches the team.
WAYS: Final = ("alert", "call", "mail", "visit", "finding", "news")

_SPAN: Final = re.compile(r"(?:(?P<days>\d{1,3})d)? ?(?:(?P<hours>\d{1,3})h)? ?(?:(?P<minutes>\d{1,3})m)?", re.ASCII)


def read_span(text: str) -> dt.timedelta | None:
    """Return the time since the beginning written as ``2h``, ``1d 9h`` or ``30m``; ``None`` for anything else."""
    match = _SPAN.fullmatch(text.strip())
    if match is None or not match.group(0):
        return None
    parts = {name: int(number) for name, number in match.groupdict(default="0").items()}
    return dt.timedelta(**parts)


def written_span(span: dt.timedelta) -> str:
    """Return a time since the beginning as ``read_span`` reads it."""
    hours, minutes = divmod(span.seconds // 60, 60)
    parts = ((span.days, "d"), (hours, "h"), (minutes, "m"))
    return " ".join(f"{number}{unit}" for number, unit in parts if number) or "0h"


@dataclass(frozen=True, slots=True)
class Lure:
    """A tempting statement that is wrong, or that nobody can know yet; ``tempts`` is what it would have one state."""

    text: Text
    tempts: Answers


@dataclass(frozen=True, slots=True)
class Arrival:
    """What reaches the team at one moment, and the facts that can be known from then on."""

    at: dt.timedelta
    way: str
    text: Text
    reveals: Answers
    lure: Lure | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a team should have done ``by`` a moment, with what is to be learned where it did not."""

    id: str
    by: dt.timedelta
    lesson: Text
    do: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    leave_open: tuple[str, ...] = ()
    decide: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Trap:
    """A move that does harm unless ``unless_done`` was done before it.

    ``do`` is the move: an action of the library, or the trap's own id, which ``text`` then describes. ``caution`` is
    the action whose warning in the rules speaks against it.
    """

    id: str
    do: str
    text: Text | None
    unless_done: tuple[str, ...]
    caution: str | None
    lesson: Text


@dataclass(frozen=True, slots=True)
class Scenario:
    """One exercise. Times run from ``start``, in Japan; ``plain`` is the file it was read from."""

    id: str
    title: Text
    story: Text
    start: dt.datetime
    ends: dt.timedelta
    organisation: Answers
    arrivals: tuple[Arrival, ...]
    expects: tuple[Expectation, ...]
    traps: tuple[Trap, ...]
    #: Facts that the team itself makes true, each with the recipient it has to tell.
    conduct: Mapping[str, str]
    #: Actions that are word to recipients by themselves, whichever of the two a team says it did.
    tells: Mapping[str, tuple[str, ...]]
    plain: Mapping[str, Any]

    @classmethod
    def of(cls, plain: Mapping[str, Any], facts: Mapping[str, Fact]) -> Scenario:
        """Return the scenario of a file that was checked."""
        start = read_day(plain["start"])
        hour, minute = map(int, (start.time or "00:00").split(":"))
        return cls(
            plain["id"],
            plain["title"],
            plain["story"],
            dt.datetime.combine(start.date, dt.time(hour, minute), JAPAN),
            _span(plain["ends"]),
            _answers(plain["organisation"], facts),
            tuple(_arrival(each, facts) for each in plain["events"]),
            tuple(_expectation(each) for each in plain["expects"]),
            tuple(_trap(each) for each in plain["traps"]),
            plain["conduct"],
            {action: tuple(recipients) for action, recipients in plain["tells"].items()},
            plain,
        )

    def moment(self, at: dt.timedelta) -> dt.datetime:
        """Return a time since the beginning as a moment of the simulated calendar."""
        return self.start + at

    def day(self, at: dt.timedelta) -> dt.date:
        """Return the simulated day of a time since the beginning."""
        return self.moment(at).date()

    def truth(self, at: dt.timedelta) -> Answers:
        """Return what could be known at a moment: of the organisation, and of the incident so far."""
        known = dict(self.organisation)
        for arrival in self.arrivals:
            if arrival.at <= at:
                known |= arrival.reveals
        return known

    def next_arrival(self, after: dt.timedelta | None) -> Arrival | None:
        """Return what arrives next after a moment; the very first thing for ``None``."""
        return next((each for each in self.arrivals if after is None or each.at > after), None)

    def lures(self, fact: str, at: dt.timedelta) -> tuple[Lure, ...]:
        """Return the tempting statements about ``fact`` that had arrived by a moment."""
        arrived = (each.lure for each in self.arrivals if each.at <= at)
        return tuple(lure for lure in arrived if lure is not None and fact in lure.tempts)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a team did at one moment: actions, statements, drafts, reports filed, recipients told."""

    at: dt.timedelta
    do: tuple[str, ...] = ()
    state: Answers = field(default_factory=dict)
    withdraw: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()
    report: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()
    note: str | None = None


class Team:
    """What a team had stated and done, at any moment; decisions at the same moment count in their order."""

    def __init__(self, scenario: Scenario, decisions: Iterable[Decision]) -> None:
        self.scenario: Final = scenario
        self.decisions: Final = tuple(sorted(decisions, key=lambda each: each.at))
        #: Every move in the order it was made, each with its moment.
        self.moves: Final = tuple((action, each.at) for each in self.decisions for action in each.do)
        self.drafted: Final = self._first("draft")
        self.reported: Final = self._first("report")
        done, told = self._first("do"), self._first("tell")
        self.told: Final = _earliest(told, self._told_by(done))
        self.done: Final = _earliest(done, self._done_by(told))

    def conduct(self, at: dt.timedelta) -> Answers:
        """Return the facts that depend on the team alone: whom it had told by a moment."""
        conduct = self.scenario.conduct.items()
        return {fact: "yes" if self.told.get(to, dt.timedelta.max) <= at else "no" for fact, to in conduct}

    def answers(self, at: dt.timedelta) -> Answers:
        """Return what the team states at a moment; it knows its own organisation and what it did itself."""
        stated = self.scenario.organisation | self.conduct(at)
        for each in self.decisions:
            if each.at <= at:
                stated = {fact: value for fact, value in stated.items() if fact not in each.withdraw}
                stated |= each.state
        return stated

    def _told_by(self, done: Mapping[str, dt.timedelta]) -> Iterator[tuple[str, dt.timedelta]]:
        for action, recipients in self.scenario.tells.items():
            if action in done:
                yield from ((recipient, done[action]) for recipient in recipients)

    def _done_by(self, told: Mapping[str, dt.timedelta]) -> Iterator[tuple[str, dt.timedelta]]:
        for action, recipients in self.scenario.tells.items():
            if told.keys() >= set(recipients):
                yield action, max(told[recipient] for recipient in recipients)

    def _first(self, kind: str) -> dict[str, dt.timedelta]:
        found: dict[str, dt.timedelta] = {}
        for each in self.decisions:
            for name in getattr(each, kind):
                found.setdefault(name, each.at)
        return found


def _earliest(first: Mapping[str, dt.timedelta], more: Iterable[tuple[str, dt.timedelta]]) -> dict[str, dt.timedelta]:
    found = dict(first)
    for name, at in more:
        found[name] = min(at, found.get(name, at))
    return found


def _span(text: str) -> dt.timedelta:
    span = read_span(text)
    if span is None:
        message = f"no span of time: {text}"
        raise ValueError(message)
    return span


def _answers(plain: Mapping[str, Any], facts: Mapping[str, Fact]) -> Answers:
    return {fact: facts[fact].read(raw) for fact, raw in plain.items()}


def _arrival(plain: Mapping[str, Any], facts: Mapping[str, Fact]) -> Arrival:
    lure = plain.get("inject")
    return Arrival(
        _span(plain["at"]),
        plain["way"],
        plain["text"],
        _answers(plain["reveals"], facts),
        Lure(lure["text"], _answers(lure["tempts"], facts)) if lure else None,
    )


def _expectation(plain: Mapping[str, Any]) -> Expectation:
    kinds = ("do", "state", "leave_open", "decide", "draft", "tell")
    return Expectation(plain["id"], _span(plain["by"]), plain["lesson"], *(tuple(plain[kind]) for kind in kinds))


def _trap(plain: Mapping[str, Any]) -> Trap:
    return Trap(
        plain["id"],
        plain.get("do") or plain["id"],
        plain.get("text"),
        tuple(plain["unless_done"]),
        plain.get("caution"),
        plain["lesson"],
    )
