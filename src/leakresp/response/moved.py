"""What moved between two assessments of one incident, and which of its papers no longer say what is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from leakresp.law.duties import NOT_REQUIRED, REQUIRED, UNDETERMINED
from leakresp.law.truth import YES
from leakresp.response.assessment import duties_by_name
from leakresp.response.basis import values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from leakresp.law.deadlines import Clock
    from leakresp.response.assessment import Assessment, Assessor, RegimeResult
    from leakresp.response.case import Case, Drafted, Entry, Sent
    from leakresp.response.paperwork import PaperNeed
    from leakresp.response.playbook import Action

T = TypeVar("T")

#: The word of a duty or truth before and after; ``None`` where the body of law was not in force.
Words = tuple[str | None, str | None]


@dataclass(frozen=True, slots=True)
class Moved:
    """Everything that can be compared, before and after, by its full name (``appi.report``), changed or not."""

    verdict: tuple[str, str]
    duties: Mapping[str, Words]
    criteria: Mapping[str, Words]
    deadlines: Mapping[str, tuple[Clock | None, Clock | None]]
    actions_added: tuple[Action, ...]
    actions_removed: tuple[Action, ...]
    papers_added: tuple[PaperNeed, ...]
    papers_removed: tuple[PaperNeed, ...]
    open_added: tuple[str, ...]
    open_removed: tuple[str, ...]


def moved(before: Assessment, after: Assessment) -> Moved:
    """Return what two assessments of one incident say, side by side."""
    return Moved(
        (before.verdict, after.verdict),
        _beside(duties_by_name(before.regimes), duties_by_name(after.regimes)),
        _beside(_criteria(before), _criteria(after)),
        _beside(_clocks(before), _clocks(after)),
        tuple(action for action in after.actions if action not in before.actions),
        tuple(action for action in before.actions if action not in after.actions),
        _more(after, before),
        _more(before, after),
        tuple(fact for fact in after.open_facts if fact not in before.open_facts),
        tuple(fact for fact in before.open_facts if fact not in after.open_facts),
    )


def _beside(before: Mapping[str, T], after: Mapping[str, T]) -> dict[str, tuple[T | None, T | None]]:
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))}


def _criteria(assessment: Assessment) -> dict[str, str]:
    return {
        f"{result.regime.id}.{name}": proof.truth.word
        for result in assessment.regimes
        for name, proof in result.criteria.items()
    }


def _clocks(assessment: Assessment) -> dict[str, Clock]:
    return {f"{result.regime.id}.{clock.id}": clock for result in assessment.regimes for clock in result.clocks}


def _more(one: Assessment, other: Assessment) -> tuple[PaperNeed, ...]:
    held = {need.paper.id for need in other.papers}
    return tuple(need for need in one.papers if need.paper.id not in held)


# a duty that arises ---------------------------------------------------------------------------------------------------

#: The duty was not known to exist.
_NOT_YET: Final = frozenset((UNDETERMINED, NOT_REQUIRED))


@dataclass(frozen=True, slots=True)
class Arisen:
    """A situation that came to hold. ``learned`` is the fact that says since when it was known to.

    ``learned`` is ``None`` where no source lets the days count from later than the day of discovery. ``duty`` tells
    whether the duty to report arose with it, or stood already.
    """

    regime: str
    criterion: str
    learned: str | None
    duty: bool

    @property
    def name(self) -> str:
        """The full name of the situation."""
        return f"{self.regime}.{self.criterion}"


def arisen(before: Assessment, after: Assessment, assessor: Assessor) -> tuple[Arisen, ...]:
    """Return the situations that hold now and did not, wherever a report is required."""
    return tuple(
        each for result in after.regimes for each in _arisen(result, before.regime(result.regime.id), after, assessor)
    )


def _arisen(
    result: RegimeResult, earlier: RegimeResult | None, after: Assessment, assessor: Assessor
) -> Iterator[Arisen]:
    if earlier is None or result.report.duty != REQUIRED:
        return
    name = result.regime.id
    regime = next(each for each in assessor.rulebook.in_force(after.on).regimes if each.regime.id == name)
    later = {word.rule: fact for deadline in regime.deadlines for word, fact in deadline.start.later}
    for criterion, proof in result.criteria.items():
        if proof.truth is YES and earlier.criteria[criterion].truth is not YES:
            rule = regime.criteria[criterion].rule
            yield Arisen(name, criterion, later.get(rule), earlier.report.duty in _NOT_YET)


# papers ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stale:
    """A paper made earlier, and what its text rests on that is otherwise now: name to what was then and what is now."""

    made: Entry[Drafted] | Entry[Sent]
    changed: Mapping[str, tuple[str, str]]

    @property
    def paper(self) -> str:
        """The id of the paper."""
        return self.made.event.paper

    @property
    def sent(self) -> bool:
        """True where the paper has left the house: then it is for the next one to say what changed."""
        return self.made.event.kind == "sent"


def stale_papers(case: Case, assessment: Assessment) -> tuple[Stale, ...]:
    """Return the newest draft and the newest sent copy of each paper that no longer say what is known."""
    return tuple(stale for made in newest_papers(case) if (stale := _stale(made, assessment)).changed)


def newest_papers(case: Case) -> Iterator[Entry[Drafted] | Entry[Sent]]:
    """Yield the newest copy sent of each paper, and the newest draft where none was sent since, by language.

    The notices to single clients rest on what is known of each alone, and are none of these.
    """
    whole = [entry for entry in case.sent if entry.event.client is None]
    sent = {(entry.event.paper, entry.event.lang): entry for entry in whole}
    drafts = {(entry.event.paper, entry.event.lang): entry for entry in case.drafts if entry.event.client is None}
    gone: dict[str, int] = {}
    for entry in whole:
        gone[entry.event.paper] = entry.n
    yield from (entry for entry in drafts.values() if entry.n > gone.get(entry.event.paper, 0))
    yield from sent.values()


def _stale(made: Entry[Drafted] | Entry[Sent], assessment: Assessment) -> Stale:
    then = made.event.rests_on
    now = values(then, assessment)
    return Stale(made, {name: (then[name], now[name]) for name in then if then[name] != now[name]})


def newly_stale(before: Iterable[Stale], after: Iterable[Stale]) -> tuple[Stale, ...]:
    """Return the papers of ``after`` that were not stale before, or not for the same reasons."""
    known = {(each.made.n, *each.changed) for each in before}
    return tuple(each for each in after if (each.made.n, *each.changed) not in known)
