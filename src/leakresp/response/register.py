"""The register of incidents: one line for each case, what was reported and when, and why nothing was.

A day is counted as the law counts it: the day of knowing is day one. The verdict is that of the rules in force when the
incident became known, applied to what is on record now; where the ruling on record said otherwise, that is shown too.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from leakresp.law.duties import NOT_REQUIRED, OWING, RELEASED
from leakresp.law.held import Day, Interval, Open
from leakresp.law.truth import YES
from leakresp.law.vocabulary import JAPAN, WrongAnswer, read_day, written
from leakresp.response.assessment import counting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from leakresp.law.held import Answers, Value
    from leakresp.law.vocabulary import Fact
    from leakresp.response.assessment import Assessment
    from leakresp.response.case import Case, Written

#: Verdicts under which nothing has to be reported.
NOTHING_DUE: Final = (NOT_REQUIRED, RELEASED)
#: The facts in which people say why nothing was reported.
PEOPLE_SAY: Final = ("not_reported_because", "decided_by", "decided_on")
#: The stages of a report, and the names by which records call them.
STAGES: Final[Mapping[str, frozenset[str]]] = {
    "preliminary": frozenset(("preliminary", "preliminary_report")),
    "final": frozenset(("final", "final_report")),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the register takes from one case's record. It can be kept as plain values and read again."""

    name: str
    title: str
    opened: dt.datetime | None
    facts: Mapping[str, Written]
    #: Law, stage and day of each report that was filed.
    filed: tuple[tuple[str, str, str], ...]
    closed: dt.datetime | None
    closed_because: str | None
    left_open: tuple[str, ...]
    ruled: str | None

    @classmethod
    def of(cls, name: str, case: Case) -> Recorded:
        """Return what the register takes from ``case``."""
        ruling = case.ruling
        return cls(
            name,
            " ".join(case.incident.get("title", "").split()),
            case.opened.at if case.opened else None,
            {fact: written(value) for fact, value in case.answers.items()},
            tuple((entry.event.regime, entry.event.stage, entry.event.day) for entry in case.reports),
            case.closed.at if case.closed else None,
            case.closed.event.why if case.closed else None,
            tuple(case.closed.event.left_open) if case.closed else (),
            ruling.event.verdict if ruling else None,
        )

    def plain(self) -> dict[str, Any]:
        """Return the same as JSON writes it."""
        return {
            "title": self.title,
            "opened": self.opened.isoformat() if self.opened else None,
            "facts": dict(self.facts),
            "filed": [list(each) for each in self.filed],
            "closed": self.closed.isoformat() if self.closed else None,
            "closed_because": self.closed_because,
            "left_open": list(self.left_open),
            "ruled": self.ruled,
        }

    @classmethod
    def read(cls, name: str, plain: Mapping[str, Any]) -> Recorded:
        """Return what ``plain`` wrote. Raises ``KeyError``, ``TypeError`` or ``ValueError`` for anything else."""
        return cls(
            name,
            plain["title"],
            _moment(plain["opened"]),
            plain["facts"],
            tuple((regime, stage, day) for regime, stage, day in plain["filed"]),
            _moment(plain["closed"]),
            plain["closed_because"],
            tuple(plain["left_open"]),
            plain["ruled"],
        )

    def answers(self, facts: Mapping[str, Fact]) -> Answers:
        """Return the answers as the vocabulary reads them. Raises ``WrongAnswer`` or ``KeyError``."""
        return {fact: facts[fact].read(raw) for fact, raw in self.facts.items()}


def _moment(plain: str | None) -> dt.datetime | None:
    return None if plain is None else dt.datetime.fromisoformat(plain)


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was filed: its day, and which day that was, the day of knowing being day one."""

    on: dt.date
    day: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One case in the register."""

    recorded: Recorded
    assessment: Assessment

    @property
    def discovered(self) -> dt.date | None:
        """The day on which the incident became known."""
        held = self.stated("discovered_on")
        return held.date if isinstance(held, Day) else None

    @property
    def year(self) -> int | None:
        """The year the case belongs to: that of the day of knowing, else that of its opening, in Japan."""
        day = self.discovered or self.opened
        return day.year if day else None

    @property
    def opened(self) -> dt.date | None:
        """The day on which the case was opened, in Japan."""
        return _in_japan(self.recorded.opened)

    @property
    def closed(self) -> dt.date | None:
        """The day on which the case was closed, in Japan."""
        return _in_japan(self.recorded.closed)

    @property
    def people(self) -> Interval | None:
        """How many persons are affected."""
        held = self.stated("affected_people")
        return held if isinstance(held, Interval) else None

    @property
    def cause(self) -> str | None:
        """The id of the cause."""
        held = self.stated("cause")
        return held if isinstance(held, str) else None

    @property
    def verdict(self) -> str:
        """What the rules say of what is on record now."""
        return self.assessment.verdict

    @property
    def ruled_otherwise(self) -> str | None:
        """The verdict of the last ruling on record, where it was another one."""
        ruled = self.recorded.ruled
        return None if ruled == self.verdict else ruled

    @property
    def criteria(self) -> tuple[str, ...]:
        """The situations that hold under the laws that apply, by their full names."""
        return tuple(
            f"{result.regime.id}.{name}"
            for result in counting(self.assessment.regimes)
            for name, proof in result.criteria.items()
            if proof.truth is YES
        )

    @property
    def reported(self) -> bool:
        """True where a report is on record: one under the Act or its kin, while these ask for one."""
        kin = self._kin
        owed = any(result.owed in OWING for result in counting(self.assessment.regimes) if result.regime.id in kin)
        return any(regime in kin or not owed for regime, _, _ in self.recorded.filed)

    @property
    def elsewhere(self) -> Mapping[str, dt.date]:
        """The first day of each filing under the laws and schemes beside the Act, by the name of its deadline."""
        found: dict[str, dt.date] = {}
        for regime, stage, written_day in self.recorded.filed:
            day = _day(written_day)
            if regime not in self._kin and day is not None:
                name = f"{regime}.{stage}"
                found[name] = min(day, found.get(name, day))
        return found

    @property
    def _kin(self) -> frozenset[str]:
        """The Act and its kin, which are always judged."""
        return frozenset(result.regime.id for result in self.assessment.regimes if not result.regime.beside)

    @property
    def not_reported(self) -> bool:
        """True where nothing was filed and nothing need be, or the case was closed all the same."""
        return not self.reported and (self.verdict in NOTHING_DUE or self.recorded.closed is not None)

    @property
    def closed_owing(self) -> bool:
        """True where a case was closed though a report is owed, or may be, and none is on record."""
        return self.not_reported and self.verdict in OWING

    def stated(self, fact: str) -> Value | None:
        """Return what is stated of a fact."""
        held = self.assessment.answers.get(fact)
        return None if isinstance(held, Open) else held

    def filed(self, stage: str) -> Filed | None:
        """Return the first filing of a stage (``preliminary``, ``final``)."""
        days = [
            day
            for regime, name, written_day in self.recorded.filed
            if regime in self._kin and name in STAGES[stage] and (day := _day(written_day))
        ]
        if not days:
            return None
        on = min(days)
        return Filed(on, (on - self.discovered).days + 1 if self.discovered else None)


def _in_japan(moment: dt.datetime | None) -> dt.date | None:
    return moment.astimezone(JAPAN).date() if moment else None


def _day(written_day: str) -> dt.date | None:
    try:
        return read_day(written_day).date
    except WrongAnswer:
        return None


@dataclass(frozen=True, slots=True)
class Days:
    """On which days reports of one stage were filed, the day of knowing being day one."""

    count: int
    shortest: int | None
    median: float | None
    longest: int | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The cases of one year counted."""

    year: int
    cases: int
    verdicts: Mapping[str, int]
    causes: Mapping[str, int]
    criteria: Mapping[str, int]
    days: Mapping[str, Days] = field(default_factory=dict)


def figures(lines: Iterable[Line], year: int) -> Figures:
    """Return the figures of ``year``. A cause nobody stated counts as ``unknown``; a case may hold several criteria."""
    chosen = [line for line in lines if line.year == year]
    return Figures(
        year,
        len(chosen),
        _counted(line.verdict for line in chosen),
        _counted(line.cause or "unknown" for line in chosen),
        _counted(name for line in chosen for name in line.criteria),
        {stage: _days([line.filed(stage) for line in chosen]) for stage in STAGES},
    )


def _counted(words: Iterable[str]) -> dict[str, int]:
    """Return how often each word comes, the most frequent first."""
    return dict(sorted(Counter(words).items(), key=lambda each: (-each[1], each[0])))


def _days(filed: Sequence[Filed | None]) -> Days:
    days = sorted(each.day for each in filed if each is not None and each.day is not None)
    if not days:
        return Days(0, None, None, None)
    middle = (days[(len(days) - 1) // 2] + days[len(days) // 2]) / 2
    return Days(len(days), days[0], middle, days[-1])
