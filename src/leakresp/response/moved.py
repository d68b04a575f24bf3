"""What moved between two assessments: verdict, duties, situations, deadlines, actions and papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from leakresp.law.deadlines import Clock
    from leakresp.response.assessment import Assessment, PaperNeed
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


def moved(before: Assessment, after: Assessment) -> Moved:
    """Return what two assessments of one incident say, side by side."""
    return Moved(
        (before.verdict, after.verdict),
        _beside(_duties(before), _duties(after)),
        _beside(_criteria(before), _criteria(after)),
        _beside(_clocks(before), _clocks(after)),
        tuple(action for action in after.actions if action not in before.actions),
        tuple(action for action in before.actions if action not in after.actions),
        _more(after, before),
        _more(before, after),
    )


def _beside(before: Mapping[str, T], after: Mapping[str, T]) -> dict[str, tuple[T | None, T | None]]:
    return {name: (before.get(name), after.get(name)) for name in dict.fromkeys((*before, *after))}


def _duties(assessment: Assessment) -> dict[str, str]:
    duties = {}
    for result in assessment.regimes:
        duties[f"{result.regime.id}.{result.regime.report}"] = result.report.duty
        if result.notify is not None:
            duties[f"{result.regime.id}.{result.regime.notify}"] = result.notify.duty
    return duties


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
