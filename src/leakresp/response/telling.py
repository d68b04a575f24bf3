"""Whom to tell, in the order of the clock: by when, with which papers, on what ground, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from leakresp.law.duties import REQUIRED
from leakresp.law.truth import UNKNOWN, YES
from leakresp.response.assessment import counting

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from leakresp.law.deadlines import Clock
    from leakresp.law.rulebook import Overlap, Recipient
    from leakresp.response.assessment import Assessment, RegimeResult

#: How well a source is known, the weakest first.
CONFIDENCE: Final = ("memory", "reported", "practice", "derived", "parallel", "quoted", "verbatim")
#: Why somebody is told: a report to an authority, a notice to the persons, or word to somebody else.
PURPOSES: Final = ("report", "notify", "tell")
_DAY: Final = 24
#: Hours from the first day at which those are placed who are told without a number of days.
_URGENCY: Final = {"now": 0, "today": _DAY, "days": 5 * _DAY, "later": 60 * _DAY}
#: Where nothing else places them: persons are told promptly, others while the first report is written.
_PURPOSE: Final = {"report": 3 * _DAY, "notify": 5 * _DAY, "tell": 3 * _DAY}
#: A prompt deadline comes before any that has a number.
_PROMPT: Final = 1


@dataclass(frozen=True, slots=True)
class Telling:
    """One recipient of one body of law. ``duty`` is the state of what is owed to it; empty where nothing is owed.

    ``because`` names the criteria that hold, or still may; ``overlaps`` only the relations to others on the list;
    ``replaced_by`` those on the list whose report takes the place of the one to this recipient.
    """

    result: RegimeResult
    recipient: Recipient
    duty: str
    clocks: tuple[Clock, ...]
    papers: tuple[str, ...]
    because: tuple[str, ...]
    overlaps: tuple[Overlap, ...]
    replaced_by: tuple[Telling, ...] = ()

    @property
    def name(self) -> str:
        """The recipient's name across bodies of law."""
        return f"{self.result.regime.id}.{self.recipient.id}"

    @property
    def may_not_apply(self) -> bool:
        """True where nobody can tell whether the law beside the Act that asks for it applies."""
        return self.result.regime.beside and self.result.applies.truth is UNKNOWN

    @property
    def read(self) -> str:
        """How well the least known of its sources is known."""
        return min((source.read for source in self.recipient.sources), key=CONFIDENCE.index)

    @property
    def last(self) -> dt.date | None:
        """The last day of its soonest clock, as far as there is one that can be told."""
        return min((clock.last for clock in self.clocks if clock.last is not None), default=None)

    @property
    def hours(self) -> int:
        """The hours after which it is its turn, counted from the first day whatever that day is."""
        if self.recipient.urgency is not None:
            return _URGENCY[self.recipient.urgency]
        return min(map(_hours, self.clocks), default=_PURPOSE[self.recipient.purpose])


def tellings(assessment: Assessment) -> tuple[Telling, ...]:
    """Return everybody to be told for this incident, the soonest first; whom another may replace, after the others."""
    listed = list(_listed(assessment))
    names = {f"{result.regime.id}.{each.id}" for result, each in listed}
    found = [_telling(result, each, assessment, names) for result, each in listed]
    return tuple(sorted((replace(each, replaced_by=_replacing(each, found)) for each in found), key=_place))


def _listed(assessment: Assessment) -> Iterator[tuple[RegimeResult, Recipient]]:
    """Yield the recipients of the bodies of law that count, and those told whichever of them applies."""
    counted = {result.regime.id for result in counting(assessment.regimes)}
    for result in assessment.regimes:
        for recipient in result.recipients:
            if result.regime.id in counted or recipient.any_law:
                yield result, recipient


def _replacing(telling: Telling, found: Iterable[Telling]) -> tuple[Telling, ...]:
    return tuple(
        each
        for each in found
        if any(overlap.how == "instead" and overlap.other == telling.name for overlap in each.overlaps)
    )


def _telling(result: RegimeResult, recipient: Recipient, assessment: Assessment, listed: set[str]) -> Telling:
    return Telling(
        result,
        recipient,
        _duty(result, recipient),
        tuple(_clocks(result, recipient)),
        tuple(_papers(result, recipient, assessment)),
        _because(result, recipient),
        tuple(overlap for overlap in recipient.overlaps if overlap.other in listed),
    )


def _clocks(result: RegimeResult, recipient: Recipient) -> Iterator[Clock]:
    """Yield the clocks of what is owed to a recipient; for whom a closed last day does not move, that day stays."""
    for clock in result.clocks:
        term = clock.term
        if clock.purpose != recipient.purpose:
            continue
        if term is None or term.moved_from is None or recipient.rolls:
            yield clock
        else:
            yield replace(clock, term=replace(term, due=term.moved_from, moved_from=None))


def _duty(result: RegimeResult, recipient: Recipient) -> str:
    if recipient.purpose == "tell":
        return result.owed if result.regime.beside else ""
    return result.duty(recipient.purpose)


def _papers(result: RegimeResult, recipient: Recipient, assessment: Assessment) -> Iterator[str]:
    """Yield the papers for a recipient: those it names that fit this incident, else those that serve the duty."""
    if recipient.papers:
        yield from (paper for paper in recipient.papers if paper in assessment.papers_fitting)
        return
    regime = result.regime
    rule = {"report": regime.report, "notify": regime.notify}.get(recipient.purpose)
    for need in (*assessment.papers, *assessment.papers_open):
        if rule is not None and f"{regime.id}.{rule}" in need.paper.duties:
            yield need.paper.id


def _because(result: RegimeResult, recipient: Recipient) -> tuple[str, ...]:
    wanted = YES if (_duty(result, recipient) or result.report.duty) == REQUIRED else UNKNOWN
    return tuple(name for name, proof in result.criteria.items() if proof.truth is wanted)


def _hours(clock: Clock) -> int:
    if clock.hours is not None:
        return clock.hours
    if clock.guide_days is not None:
        return clock.guide_days[0] * _DAY
    return clock.term.days * _DAY if clock.term is not None else _PROMPT


def _place(telling: Telling) -> tuple[int, int, int, int]:
    purpose = PURPOSES.index(telling.recipient.purpose)
    return (telling.hours, purpose, bool(telling.replaced_by), telling.result.regime.order)
