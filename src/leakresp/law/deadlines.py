"""Deadlines: from which day, how many days, and on which day they end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from leakresp.law.days import last_day
from leakresp.law.held import Day
from leakresp.law.truth import NO, UNKNOWN, YES
from leakresp.law.vocabulary import JAPAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leakresp.law.conditions import Condition, RuleWord
    from leakresp.law.days import Calendar
    from leakresp.law.held import Held, Known
    from leakresp.law.proof import Proof
    from leakresp.law.rules import Rule, Version


@dataclass(frozen=True, slots=True)
class Term:
    """A period of ``days`` that ends on ``due``; ``moved_from`` is the closed day it was moved from."""

    days: int
    due: dt.date | None
    moved_from: dt.date | None = None
    known_calendar: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline of one incident.

    ``term`` is what binds now, ``hours`` a period that ends at ``moment``, ``guide`` a rough number of days; with none
    of the three the deadline is a prompt one, without a number. ``longer`` is the period that would apply if
    ``longer_if`` were proven while that is unknown. ``before`` is the shorter period that had already begun to run when
    the reason for the longer one became known: no source says what then happens to it.
    """

    id: str
    rule: Rule
    version: Version
    firm: bool
    counts_from: dt.date | None
    guide: tuple[dt.date, dt.date] | None = None
    guide_days: tuple[int, int] | None = None
    term: Term | None = None
    longer: Term | None = None
    longer_if: Proof | None = None
    before: Term | None = None
    hours: int | None = None
    moment: dt.datetime | None = None
    #: A prompt one of which the law says at once, which is stricter than promptly.
    at_once: bool = False
    #: ``report`` to an authority, or ``notify`` the persons concerned.
    purpose: str = "report"

    @property
    def kind(self) -> Literal["term", "hours", "guide", "prompt"]:
        """``term``, ``hours``, ``guide``, or ``prompt`` where the law gives no number."""
        if self.term is not None:
            return "term"
        if self.hours is not None:
            return "hours"
        return "prompt" if self.guide_days is None else "guide"

    @property
    def last(self) -> dt.date | None:
        """The last day in Japan on which it is kept, as far as that can be told."""
        if self.term is not None:
            return self.term.due
        if self.moment is not None:
            # A period that ends at midnight is over before that day begins.
            return (self.moment - dt.timedelta.resolution).date()
        return self.guide[1] if self.guide else None


@dataclass(frozen=True, slots=True)
class Start:
    """Which day a period counts from: ``fact``, or a later day for a criterion that became known later."""

    fact: str
    later: tuple[tuple[RuleWord, str], ...]

    def facts(self) -> tuple[str, ...]:
        """Return the facts that give a first day."""
        return (self.fact, *(fact for _, fact in self.later))

    def first_moment(self, known: Known, possible: Iterable[RuleWord]) -> dt.datetime | None:
        """Return the earliest moment (Japan's) at which a criterion that holds, or still may hold, was known.

        A day without a time of day counts from its beginning. ``None`` while one of these days is unknown: it may be
        the earliest.
        """
        base = _moment(known[self.fact])
        later = {word.rule: _moment(known[fact]) for word, fact in self.later}
        moments = [later.get(word.rule) or base for word in possible] or [base]
        stated = [moment for moment in moments if moment is not None]
        return min(stated) if len(stated) == len(moments) else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline's version in force."""

    rule: Rule
    version: Version
    firm: bool
    when: Condition | None
    start: Start
    guide_days: tuple[int, int] | None
    days: int | None
    hours: int | None
    longer: tuple[tuple[int, Condition], ...]
    rolls: bool
    at_once: bool = False
    purpose: str = "report"
    #: What must be known to hold before it begins: a period that follows on an inquiry.
    once: Condition | None = None

    def runs(self, known: Known) -> bool:
        """Tell whether it runs while the duty stands: unless known not to, or not before what must be known first."""
        if self.once is not None and self.once.prove(known).truth is not YES:
            return False
        return self.when is None or self.when.prove(known).truth is not NO

    def clock(
        self, known: Known, holding: Sequence[RuleWord], possible: Sequence[RuleWord], calendar: Calendar
    ) -> Clock:
        """Return the clock for the criteria that hold, and those that still may (all days are Japan's)."""
        began = self.start.first_moment(known, possible)
        first = began.date() if began else None
        guide = None
        if self.guide_days and first:
            guide = (last_day(first, self.guide_days[0]), last_day(first, self.guide_days[1]))
        term = longer = longer_if = before = None
        if self.days is not None:
            term = self._term(first, self.days, calendar)
            for days, condition in self.longer:
                proof = condition.prove(known)
                if proof.truth is YES:
                    if self._began_before(known, tuple(holding), condition, first):
                        before = term
                    term = self._term(first, days, calendar)
                elif proof.truth is UNKNOWN:
                    longer, longer_if = self._term(first, days, calendar), proof
        return Clock(
            self.rule.id,
            self.rule,
            self.version,
            self.firm,
            first,
            guide,
            self.guide_days,
            term,
            longer,
            longer_if,
            before,
            self.hours,
            began + dt.timedelta(hours=self.hours) if began and self.hours is not None else None,
            self.at_once,
            self.purpose,
        )

    def _term(self, first: dt.date | None, days: int, calendar: Calendar) -> Term:
        if first is None:
            return Term(days, None)
        last = last_day(first, days)
        due = calendar.roll(last) if self.rolls else last
        return Term(days, due, last if due != last else None, not self.rolls or calendar.knows(due))

    def _began_before(
        self, known: Known, holding: tuple[RuleWord, ...], condition: Condition, first: dt.date | None
    ) -> bool:
        """Tell whether another criterion started the clock before the reason for the longer period was known."""
        for word, fact in self.start.later:
            day = _date(known[fact])
            if day is not None and first is not None and day > first and word is condition:
                return any(other is not word for other in holding)
        return False


def _date(held: Held) -> dt.date | None:
    return held.date if isinstance(held, Day) else None


def _moment(held: Held) -> dt.datetime | None:
    if not isinstance(held, Day):
        return None
    time = dt.time.fromisoformat(held.time) if held.time else dt.time()
    return dt.datetime.combine(held.date, time, JAPAN)
